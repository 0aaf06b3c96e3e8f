//! The wall: an allow list of elements and attributes, whatever the rooms before it let through.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

/// Elements that carry text and pictures; nothing that runs, frames, styles or asks.
const ELEMENTS: [&str; 51] = [
    "a",
    "abbr",
    "audio",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
];

const ATTRIBUTES: [(&str, &[&str]); 8] = [
    ("a", &["href"]),
    ("abbr", &["title"]),
    ("audio", &["src", "controls"]),
    ("img", &["src", "alt"]),
    ("ol", &["start"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan"]),
    ("time", &["datetime"]),
];

/// Where links may lead.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

static WALL: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect();
    let mut wall = Builder::empty();
    wall.tags(HashSet::from(ELEMENTS))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(ammonia::UrlRelative::Deny)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(Some("noopener noreferrer"))
        .strip_comments(true);
    wall
});

/// Markup that no feed reader can be harmed by. Clean markup comes out as it went in.
pub(super) fn clean(html: &str) -> String {
    WALL.clean(html).to_string()
}

/// Text as markup.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

/// Appends text as markup; good inside double-quoted attribute values too.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\0' => {}
            c => out.push(c),
        }
    }
}
