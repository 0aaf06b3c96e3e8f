//! Topics: the addresses of our documents.

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::compose::{Place, UNRESERVED, spec_for};
use crate::model::{FeedSpec, Portal};
use crate::render::Format;

/// A document of ours that can be subscribed to.
#[derive(Debug, Clone)]
pub struct Topic {
    /// The feed.
    pub spec: FeedSpec,
    /// Its format.
    pub format: Format,
}

/// The document of an address: a whole feed in one of its formats, as `rel=self` writes it.
#[must_use]
pub fn of(address: &str, place: &Place, portals: &[Portal]) -> Option<Topic> {
    let file = address.strip_prefix(place.base.as_str())?.strip_prefix("feeds/")?;
    let (name, extension) = file.rsplit_once('.')?;
    if name.contains(['/', '?', '#']) {
        return None;
    }
    let spelt = name;
    let name = percent_decode_str(spelt).decode_utf8().ok()?;
    // one document, one topic: other spellings would be documents of their own
    if utf8_percent_encode(&name, UNRESERVED).to_string() != spelt {
        return None;
    }
    let spec = spec_for(&name, portals, &place.mixes)?;
    Some(Topic { spec, format: Format::parse(extension)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    #[test]
    fn a_document_is_a_topic_in_one_spelling_only() {
        let place = Place {
            base: PageUrl::parse("http://a.example/sub/").unwrap(),
            authority: String::new(),
            mixes: Vec::new(),
        };
        let is_topic = |file: &str| of(&format!("http://a.example/sub/feeds/{file}"), &place, &[]).is_some();
        assert!(is_topic("all.rss") && is_topic("all.json"));
        for other in
            ["%61ll.rss", "all.RSS", "all.xml", "all", "all.rss?x", "./all.rss", "a%6Cl.atom", "nowhere.rss"]
        {
            assert!(!is_topic(other), "{other}");
        }
    }
}
