//! The text of an element of a feed, whatever markup stands in it unescaped.

use super::super::refs;
use super::super::scan::find;

/// Elements that an item has: where one begins, a text before it that was not closed ends.
const SIBLINGS: [&str; 12] = [
    "title",
    "link",
    "description",
    "pubDate",
    "guid",
    "author",
    "category",
    "content:encoded",
    "summary",
    "updated",
    "published",
    "dc:",
];
/// How a section of plain text begins.
const SECTION: &str = "<![CDATA[";
/// Elements of one name in each other; nobody nests so many.
const MOST_ENDS: usize = 100;
/// How far the end of a text is looked for when it is not closed.
const UNCLOSED: usize = 64 << 10;

/// End tags that are looked at for one that is written oddly.
const MOST_ODD: usize = 200;

/// What an element holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inner<'a> {
    pub(super) raw: &'a str,
    /// Bytes up to behind its end tag.
    pub(super) length: usize,
    pub(super) is_closed: bool,
    /// Whether such an element ends anywhere behind this place, written as it was opened.
    pub(super) has_end: bool,
}

/// The inside of an element that begins here; `name` as it was written.
pub(super) fn inner<'a>(rest: &'a str, name: &str) -> Inner<'a> {
    let (open, close) = (format!("<{name}"), format!("</{name}"));
    let (mut at, mut depth, mut ends) = (0, 0_usize, 0);
    // whether sections end behind this place: looked for in vain once, not a hundred thousand times
    let mut has_ends = true;
    // where the next end tag stands: looked for once, however many sections stand before it
    let mut known = None;
    loop {
        let found = known.filter(|end| *end >= at).or_else(|| find(rest, &close, at));
        let Some(end) = found else { return Inner { has_end: at > 0, ..unclosed(rest, name) } };
        known = Some(end);
        let before = rest.get(..end).unwrap_or_default();
        if let Some(section) = find(before, SECTION, at).filter(|_| has_ends) {
            let next = find(rest, SECTION, section + SECTION.len());
            // a section that another opens in was not closed itself
            let within = next.filter(|next| *next >= end).unwrap_or(rest.len());
            if let Some(closed) = find(rest.get(..within).unwrap_or_default(), "]]>", section) {
                at = closed + 3;
                continue;
            }
            has_ends = within < rest.len();
        }
        let from = at;
        at = end + close.len();
        if !is_name_end(rest, at) {
            continue;
        }
        let mut inside = from;
        while let Some(nested) = find(before, &open, inside) {
            inside = nested + open.len();
            depth += usize::from(is_name_end(rest, inside));
        }
        ends += 1;
        if depth == 0 || ends > MOST_ENDS {
            let length = find(rest, ">", at).map_or(rest.len(), |at| at + 1);
            return Inner {
                raw: rest.get(..end).unwrap_or_default(),
                length,
                is_closed: true,
                has_end: true,
            };
        }
        depth -= 1;
    }
}

fn is_name_end(rest: &str, at: usize) -> bool {
    rest.as_bytes().get(at).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
}

/// The inside of an element without its end tag: up to one that is written oddly, else to the next element of an item.
pub(super) fn unclosed<'a>(rest: &'a str, name: &str) -> Inner<'a> {
    let near = rest.get(..rest.floor_char_boundary(UNCLOSED)).unwrap_or(rest);
    // each is looked for before the nearest so far: a thousand elements in a row cost no more than their text
    let end = SIBLINGS.iter().fold(None, |nearest: Option<usize>, name| {
        let before = nearest.and_then(|end| near.get(..end)).unwrap_or(near);
        let at = find(before, &format!("<{name}"), 0);
        at.filter(|at| name.ends_with(':') || is_name_end(near, at + 1 + name.len())).or(nearest)
    });
    let raw = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    odd(raw, name).unwrap_or(Inner { raw, length: raw.len(), is_closed: false, has_end: false })
}

/// The inside of an element whose end tag is written in another case or with blanks: `</TITLE>`, `</ title >`.
fn odd<'a>(rest: &'a str, name: &str) -> Option<Inner<'a>> {
    let near = rest.get(..rest.floor_char_boundary(UNCLOSED)).unwrap_or(rest);
    near.match_indices("</").take(MOST_ODD).find_map(|(at, _)| {
        let after = near.get(at + 2..)?.trim_start();
        let behind = after.get(..name.len()).filter(|own| own.eq_ignore_ascii_case(name)).map(str::len)?;
        let close = after.get(behind..)?.trim_start();
        let length = near.len() - close.len() + 1;
        close.starts_with('>').then_some(Inner {
            raw: rest.get(..at)?,
            length,
            is_closed: true,
            has_end: false,
        })
    })
}

/// The text that such an inside means, one level of references resolved; and whether it is markup for sure.
pub(super) fn text(raw: &str) -> (String, bool) {
    let (mut sections, mut outside) = (Vec::new(), String::new());
    let mut rest = raw;
    // whether comments end behind this place: looked for in vain once
    let mut has_ends = true;
    while let Some(at) = rest.find("<!") {
        let (before, from) = rest.split_at(at);
        outside.push_str(before);
        if let Some(section) = from.strip_prefix("<![CDATA[") {
            let (inside, after) = section.split_once("]]>").unwrap_or((without_end(section), ""));
            sections.push((outside.len(), inside));
            rest = after;
        } else if let Some(inside) = from.strip_prefix("<!--").filter(|_| has_ends) {
            let after = inside.split_once("-->").map(|(_, after)| after);
            has_ends = after.is_some();
            outside.push_str(if has_ends { "" } else { "<!--" });
            rest = after.unwrap_or(inside);
        } else {
            outside.push_str("<!");
            rest = from.get(2..).unwrap_or_default();
        }
    }
    outside.push_str(rest);
    // the end of a section that never began
    if sections.is_empty() && outside.contains("]]>") {
        outside = outside.replace("]]>", "");
    }
    let is_markup = has_tags(&outside, "<");
    // unclosed tags in markup that is escaped: all of it is taken for escaped
    let resolves = !is_markup || has_tags(&outside, "&lt;");
    let mut out = String::with_capacity(raw.len());
    let mut from = 0;
    let last = (outside.len(), "");
    for (at, section) in sections.iter().copied().chain([last]) {
        let plain = outside.get(from..at).unwrap_or_default();
        // blanks around a section are the document's own layout
        if !plain.trim().is_empty() {
            if resolves { out.push_str(&refs::resolve(plain)) } else { out.push_str(plain) }
        }
        out.push_str(section);
        from = at;
    }
    (out, is_markup)
}

/// A section that was closed with a blank in its mark, `]] >`.
fn without_end(section: &str) -> &str {
    let bare = section.trim_end().strip_suffix('>').map(str::trim_end);
    bare.and_then(|bare| bare.strip_suffix("]]")).unwrap_or(section)
}

/// Whether tags stand in a text, which open with a mark.
fn has_tags(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        rest.strip_prefix('/').unwrap_or(rest).starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_text_is_found() {
        for (rest, raw) in [
            ("a<br>b</t>c", "a<br>b"),
            ("a<t>b</t>c</t>d", "a<t>b</t>c"),
            ("<![CDATA[a</t>b]]></t>c", "<![CDATA[a</t>b]]>"),
            ("<![CDATA[a</t><p><![CDATA[b]]></p>", "<![CDATA[a"),
            ("a</tx></t >b", "a</tx>"),
            ("a</T>c</x>", "a"),
            ("a</ t >c", "a"),
            ("a<link>b</link>", "a"),
            ("a", "a"),
        ] {
            assert_eq!(inner(rest, "t").raw, raw, "{rest}");
        }
    }

    #[test]
    fn markup_in_a_text_is_kept_as_it_was_meant() {
        for (raw, meant) in [
            ("a &amp; b &lt;p&gt;", "a & b <p>"),
            ("R&D &nbsp;<br>b &amp; c", "R&D &nbsp;<br>b &amp; c"),
            ("&lt;p&gt;a<br>b&lt;/p&gt;", "<p>a<br>b</p>"),
            ("\n <![CDATA[<p>a &amp; b</p>]]>\n", "<p>a &amp; b</p>"),
            ("a<![CDATA[ & ]]>b", "a & b"),
            ("1 < 2<!-- x -->", "1 < 2"),
            ("<p>a</p>]]>", "<p>a</p>"),
            ("<![CDATA[a]] >", "a"),
        ] {
            assert_eq!(text(raw).0, meant, "{raw}");
        }
    }
}
