//! What a client wants to read: `Accept` (RFC 9110 section 12.5.1).

use http::HeaderMap;
use http::header::ACCEPT;

use crate::render::Format;

use super::coding::weight;
use super::conditional::joined;

/// The feed format wanted most, of equals the first of [`Format::ALL`]; None when none is acceptable.
/// Without the header, or with one that names no media range at all, every format is welcome.
pub(super) fn format(headers: &HeaderMap) -> Option<Format> {
    let Some(ranges) = ranges(headers) else { return Some(Format::Rss) };
    let mut best = None;
    for format in Format::ALL {
        let weight = names(format).iter().filter_map(|name| weight_of(&ranges, name)).max().unwrap_or(0);
        if weight > best.map_or(0, |(_, w)| w) {
            best = Some((format, weight));
        }
    }
    best.map(|(format, _)| format)
}

/// Whether a page is wanted before data: browsers name `text/html`, programs do not.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    ranges(headers).is_some_and(|ranges| {
        ranges.iter().any(|range| range.kind == "text" && range.sub == "html" && range.weight > 0)
    })
}

/// The media types a format answers to; the plain ones are what older readers send.
fn names(format: Format) -> &'static [(&'static str, &'static str)] {
    match format {
        Format::Rss => &[("application", "rss+xml"), ("application", "xml"), ("text", "xml")],
        Format::Atom => &[("application", "atom+xml")],
        Format::Json => &[("application", "feed+json"), ("application", "json")],
    }
}

struct Range {
    kind: String,
    sub: String,
    weight: u16,
}

fn ranges(headers: &HeaderMap) -> Option<Vec<Range>> {
    let accept = joined(headers, &ACCEPT)?;
    let ranges: Vec<Range> = accept
        .split(',')
        .filter_map(|element| {
            let mut parts = element.split(';');
            let (kind, sub) = parts.next()?.trim().split_once('/')?;
            Some(Range {
                kind: kind.to_ascii_lowercase(),
                sub: sub.to_ascii_lowercase(),
                weight: weight(parts)?,
            })
        })
        .collect();
    (!ranges.is_empty()).then_some(ranges)
}

/// The weight of a media type by the most exact range that covers it.
fn weight_of(ranges: &[Range], (kind, sub): &(&str, &str)) -> Option<u16> {
    let exactness = |range: &Range| match (range.kind.as_str(), range.sub.as_str()) {
        ("*", "*") => Some(0),
        (k, "*") if k == *kind => Some(1),
        (k, s) if k == *kind && s == *sub => Some(2),
        _ => None,
    };
    let covering = ranges.iter().filter_map(|range| Some((exactness(range)?, range.weight)));
    covering.max_by_key(|(exact, _)| *exact).map(|(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(accept: &str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())])
    }

    #[test]
    fn readers_get_the_format_they_ask_for() {
        for (accept, expected) in [
            ("*/*", Some(Format::Rss)),
            ("application/rss+xml", Some(Format::Rss)),
            ("application/atom+xml, application/rss+xml;q=0.5", Some(Format::Atom)),
            ("application/feed+json", Some(Format::Json)),
            ("application/json, */*;q=0.1", Some(Format::Json)),
            ("application/*", Some(Format::Rss)),
            ("text/xml", Some(Format::Rss)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Format::Rss)),
            ("application/rss+xml;q=0, application/xml;q=0, text/xml;q=0, */*;q=0.5", Some(Format::Atom)),
            (
                "application/rss+xml, application/atom+xml, application/feed+json, text/xml;q=0.9, */*;q=0.1",
                Some(Format::Rss),
            ),
            ("text/html;q=0.1, image/png", None),
            ("garbage", Some(Format::Rss)),
        ] {
            assert_eq!(format(&headers(accept)), expected, "{accept}");
        }
        assert_eq!(format(&HeaderMap::new()), Some(Format::Rss));
    }

    #[test]
    fn browsers_want_pages_and_programs_do_not() {
        assert!(wants_page(&headers("text/html,application/xml;q=0.9,*/*;q=0.8")));
        assert!(!wants_page(&headers("*/*")) && !wants_page(&HeaderMap::new()));
    }
}
