//! `Link` headers (RFC 8288 section 3): the hub that tells of a document's news.

use crate::model::{HubLink, PageUrl};

/// Links of one answer that are looked at.
const MOST_LINKS: usize = 50;

/// The hub that an answer names and its own address there (W3C WebSub section 4), read from its `Link` headers, joined by
/// commas. Without `rel=self` it is the address that answered.
pub(super) fn hub(value: &str, answered: &PageUrl) -> Option<HubLink> {
    let (mut hub, mut own) = (None, None);
    let mut rest = value;
    for _ in 0..MOST_LINKS {
        let Some((_, after)) = rest.split_once('<') else { break };
        let Some((target, after)) = after.split_once('>') else { break };
        let (link, after) = parameters(after);
        rest = after;
        if link.is_elsewhere {
            continue;
        }
        let names =
            |name: &str| link.relations.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case(name));
        let found = || answered.join(target.trim()).ok();
        if names("hub") && hub.is_none() {
            hub = found();
        }
        if names("self") && own.is_none() {
            own = found();
        }
    }
    Some(HubLink { hub: hub?, topic: own.unwrap_or_else(|| answered.clone()) })
}

/// What stands after the address of a link.
#[derive(Debug, Default)]
struct Link {
    /// The first `rel`; further ones are to be ignored (section 3.3).
    relations: String,
    /// It has an `anchor`: it is not of this document (section 3.2).
    is_elsewhere: bool,
}

/// Reads parameters up to the comma that ends them, and gives what comes after.
fn parameters(text: &str) -> (Link, &str) {
    let (mut link, mut rest) = (Link::default(), text);
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let Some(after) = rest.strip_prefix(';') else { break };
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => word(after.trim_start_matches([' ', '\t'])),
            None => (String::new(), after),
        };
        match name.trim().to_ascii_lowercase().as_str() {
            "rel" if link.relations.is_empty() => link.relations = value,
            "anchor" => link.is_elsewhere = true,
            _ => {}
        }
        rest = after;
    }
    (link, rest)
}

/// A token or a quoted string (RFC 9110 section 5.6), and what comes after it.
fn word(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, rest) = text.split_at(text.find([';', ',']).unwrap_or(text.len()));
        return (word.trim().to_owned(), rest);
    };
    let (mut word, mut is_escaped) = (String::new(), false);
    for (at, letter) in quoted.char_indices() {
        match letter {
            _ if is_escaped => {
                word.push(letter);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '"' => return (word, &quoted[at + 1..]),
            _ => word.push(letter),
        }
    }
    (word, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_is_found_in_every_form_of_the_header() {
        let page = PageUrl::parse("http://town.example/news/feed?x=1").unwrap();
        let own = page.as_str();
        let hub_at = "https://hub.example/a,b";
        for (value, expected) in [
            ("<https://hub.example/a,b>; rel=\"hub\"", Some((hub_at, own))),
            (
                "<https://hub.example/a,b>;rel=hub,</feed>;rel=self",
                Some((hub_at, "http://town.example/feed")),
            ),
            (
                "<../feed> ; REL = \"self hub\"",
                Some(("http://town.example/feed", "http://town.example/feed")),
            ),
            (
                "</n>; title=\"a \\\", <b>\"; rel=next, <https://hub.example/a,b>; rel=\"Hub\"",
                Some((hub_at, own)),
            ),
            ("<https://hub.example/a,b>; rel=\"alternate\"; rel=\"hub\"", None),
            ("<https://hub.example/a,b>; rel=hub; anchor=\"/other\"", None),
            ("<https://hub.example/a,b>; rel=hubs", None),
            ("<ftp://hub.example/>; rel=hub", None),
            ("<https://hub.example/a,b>", None),
            ("<https://hub.example/; rel=hub", None),
            ("; rel=hub, <", None),
            ("", None),
        ] {
            let found = hub(value, &page);
            let found = found.as_ref().map(|link| (link.hub.as_str(), link.topic.as_str()));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn no_header_is_too_strange() {
        let page = PageUrl::parse("http://town.example/").unwrap();
        for value in ["<é>; rel=\"é", "<;>;;;==,,\"\\", "<a>;rel=\"hub\\", "<<<>>>;rel=hub,<"] {
            hub(value, &page);
        }
        assert_eq!(hub(&"<a>;rel=next,".repeat(10_000), &page), None);
    }
}
