//! Topics: the addresses of our documents.

use percent_encoding::percent_decode_str;

use crate::compose::{Place, spec_for};
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
    let name = percent_decode_str(name).decode_utf8().ok()?;
    let spec = spec_for(&name, portals, &place.mixes)?;
    Some(Topic { spec, format: Format::parse(extension)? })
}
