//! The wall: an allow list of elements and attributes, whatever the rooms before it let through.

use std::borrow::Cow;
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
    WALL.clean(&parted(html)).to_string()
}

/// A longer run of text is parted before the wall: writing it out again takes its length times its marks.
const MOST_RUN: usize = 8 << 10;
/// The longest name of a character, `&` and `;` included, that escaped text holds.
const LONGEST_NAME: usize = 8;

/// Markup whose long runs of text are parted by comments, which the wall takes away.
fn parted(html: &str) -> Cow<'_, str> {
    let is_long = |run: &str| run.len() > MOST_RUN;
    if !html.split(['<', '>']).any(is_long) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + html.len() / 512);
    for piece in html.split_inclusive('<') {
        let (tag, mut text) = piece.split_at(piece.find('>').map_or(0, |at| at + 1));
        out.push_str(tag);
        while is_long(text) {
            let mut end = text.floor_char_boundary(MOST_RUN);
            let tail = text.get(..end).and_then(|head| head.rfind('&')).filter(|at| at + LONGEST_NAME > end);
            end = tail.filter(|at| *at > 0).unwrap_or(end);
            let (head, rest) = text.split_at(end);
            out.push_str(head);
            out.push_str("<!---->");
            text = rest;
        }
        out.push_str(text);
    }
    Cow::Owned(out)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_marks_come_out_as_they_went_in_and_soon() {
        let text = escape(&"文 & <b> \"x\" ".repeat(60_000));
        let html = format!("<p>{text}</p><p>short</p>");
        let before = std::time::Instant::now();
        let expected = html.replace("&quot;", "\"");
        assert!(clean(&html) == expected, "the text changed");
        assert!(before.elapsed().as_secs() < 10, "{:?}", before.elapsed());
    }
}
