//! A title in whatever state to the line that it means.

use super::super::refs;
use crate::page::text;

/// Elements that stand in titles. What else looks like a tag is a word: `Vec<T>`, `<script>` in a text about it.
const INLINE: [&str; 34] = [
    "a", "abbr", "acronym", "b", "bdi", "big", "br", "center", "cite", "code", "del", "div", "em", "font",
    "h1", "h2", "h3", "i", "img", "ins", "mark", "nobr", "p", "q", "rp", "rt", "ruby", "s", "small", "span",
    "strike", "strong", "sub", "sup",
];
const MORE: [&str; 4] = ["tt", "u", "wbr", "li"];
/// Those that part words.
const BREAKS: [&str; 7] = ["br", "div", "p", "h1", "h2", "h3", "li"];
/// A title made of a text is not longer, in half widths.
const MOST_WIDTH: usize = 80;

/// The line that a title means; `is_markup` as its type says, None where the format has no types.
pub(super) fn plain(written: &str, is_markup: Option<bool>) -> String {
    if is_markup == Some(false) {
        // tags are words there; references are escaped once too often
        return text::fold(&refs::resolve(written));
    }
    let stripped = strip(written);
    let resolved = refs::resolve(&stripped);
    // escaped once more than the format asks for
    let resolved = if resolved.contains("&lt;") || resolved.contains("&amp;") && is_markup.is_none() {
        refs::resolve(&resolved)
    } else {
        resolved
    };
    let line = if resolved == stripped { resolved } else { strip(&resolved) };
    text::fold(&line)
}

/// A title for what has none: the beginning of its text.
pub(super) fn of_text(text: &str) -> String {
    let ends = |c: char| matches!(c, '。' | '！' | '？' | '!' | '?' | '…');
    let mut width = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let is_end = ends(c) || c == '.' && text.get(end..).is_some_and(|rest| rest.starts_with(' '));
        if is_end || end == text.len() {
            return text.get(..end).unwrap_or_default().trim_end_matches(['。', '.', ' ']).to_owned();
        }
        if c == ' ' || text::is_cjk(c) {
            last = Some(end);
        }
        width += 1 + usize::from(text::is_cjk(c));
        if width >= MOST_WIDTH {
            let end = last.unwrap_or(end);
            return format!("{}…", text.get(..end).unwrap_or_default().trim_end());
        }
    }
    text.to_owned()
}

/// A text without the tags that stand in titles.
fn strip(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    // whether tags end behind this place: looked for in vain once
    let mut has_ends = true;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let body = from.get(1..).unwrap_or_default();
        let body = body.strip_prefix('/').map_or(body, str::trim_start);
        let end = body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len());
        let name = body.get(..end).unwrap_or_default().to_ascii_lowercase();
        let is_tag = INLINE.contains(&name.as_str()) || MORE.contains(&name.as_str());
        let close = if is_tag && has_ends { from.find('>') } else { None };
        has_ends &= !is_tag || close.is_some();
        match close {
            Some(close) => {
                if BREAKS.contains(&name.as_str()) {
                    out.push(' ');
                }
                rest = from.get(close + 1..).unwrap_or_default();
            }
            None => {
                out.push('<');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_line_that_it_means() {
        for (written, is_markup, line) in [
            ("AT&T <b>hires</b> &amp; fires", None, "AT&T hires & fires"),
            ("a&nbsp;b&lt;i&gt;c&lt;/i&gt;", None, "a bc"),
            ("Tom &amp;amp; Jerry", None, "Tom & Jerry"),
            ("1 < 2 and Vec<T>", None, "1 < 2 and Vec<T>"),
            ("<p>一<br>二</p>", Some(true), "一 二"),
            ("<b> &amp; &lt;i&gt;", Some(false), "<b> & <i>"),
            ("  two\n lines ", None, "two lines"),
            ("<b>a</ b >c", None, "ac"),
        ] {
            assert_eq!(plain(written, is_markup), line, "{written}");
        }
        assert_eq!(of_text("河堤步道开放。市民可以入内。"), "河堤步道开放");
        assert_eq!(of_text("One. Two."), "One");
        assert!(of_text(&"word ".repeat(50)).ends_with("word…"));
    }
}
