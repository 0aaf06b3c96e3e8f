//! The guard every string passes before a writer sees it: characters XML may not hold, length, addresses.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::PageUrl;

/// No single string of a feed is longer, in bytes: a feed is read whole by programs on small machines.
pub(super) const MAX_TEXT: usize = 1024 * 1024;

/// A text that any XML 1.0 document may hold (section 2.2), at most `MAX_TEXT` bytes.
///
/// What XML forbids is dropped; so are U+007F to U+009F, which it allows but readers choke on, but for
/// U+0085, a line end of old mainframes, which becomes a space. CR LF and CR become LF, as every XML
/// reader would make them: so a text is the same before and after the trip.
#[must_use]
pub fn xml_text(text: &str) -> Cow<'_, str> {
    let text = cut(text, MAX_TEXT);
    if text.chars().all(|c| c != '\r' && clean(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            _ => out.extend(clean(c)),
        }
    }
    Cow::Owned(out)
}

/// The character as it may be written; None to drop it.
fn clean(c: char) -> Option<char> {
    match c {
        '\u{85}' => Some(' '),
        '\t' | '\n' | '\r' | '\u{20}'..='\u{7e}' => Some(c),
        '\0'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => None,
        // the last two of every plane are noncharacters; XML itself forbids those of the first
        _ if u32::from(c) & 0xfffe == 0xfffe => None,
        _ => Some(c),
    }
}

/// The beginning of a text, at most `limit` bytes, cut between two characters.
fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// A text of one line: guarded, trimmed, runs of blanks and line ends made one space.
#[must_use]
pub(super) fn line(text: &str) -> String {
    let text = xml_text(text);
    let mut out = String::with_capacity(text.len());
    for word in text.split(['\t', '\n', ' ', '\u{2028}', '\u{2029}']).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.trim().to_owned()
}

/// A text of one line as in [`line()`]; None when nothing is left of it.
#[must_use]
pub(super) fn some_line(text: Option<&str>) -> Option<String> {
    text.map(line).filter(|t| !t.is_empty())
}

/// An address as RFC 3986 writes it: the URL standard leaves some characters bare that it does not allow.
#[must_use]
pub(super) fn address(url: &PageUrl) -> String {
    let mut out = String::with_capacity(url.as_str().len());
    for c in url.as_str().chars() {
        if matches!(c, '|' | '\\' | '^' | '`' | '{' | '}' | '"' | '<' | '>') || !c.is_ascii_graphic() {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                // writing to a String cannot fail
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Plain text as HTML text, for elements that readers take as HTML.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_xml_forbids_is_dropped_and_line_ends_are_one() {
        assert_eq!(xml_text("a\0\u{8}\u{b}b\u{1f}\u{fffe}\u{ffff}\u{1fffe}c"), "abc");
        assert_eq!(xml_text("a\r\nb\rc\r\r\n"), "a\nb\nc\n\n");
        assert_eq!(xml_text("a\u{7f}\u{85}\u{9f}b"), "a b");
        assert_eq!(xml_text("唐山\u{feff}🎉\u{202e} ]]>"), "唐山\u{feff}🎉\u{202e} ]]>");
    }

    #[test]
    fn a_text_is_cut_between_two_characters() {
        let long = "山".repeat(MAX_TEXT);
        let kept = xml_text(&long);
        assert_eq!(kept.len(), MAX_TEXT - MAX_TEXT % 3);
        assert!(kept.chars().all(|c| c == '山'));
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line("  a \t\r\n b　c\u{2028}d "), "a b　c d");
        assert_eq!(some_line(Some(" \u{8}　")), None);
    }

    #[test]
    fn addresses_hold_only_what_rfc_3986_allows() {
        let url = PageUrl::parse("http://a.example/b?x={1|2}&y=`^\\\"<>").unwrap();
        assert_eq!(address(&url), "http://a.example/b?x=%7B1%7C2%7D&y=%60%5E%5C%22%3C%3E");
    }

    proptest! {
        #[test]
        fn guarded_twice_is_guarded_once(text in any::<String>()) {
            let once = xml_text(&text).into_owned();
            prop_assert_eq!(xml_text(&once).into_owned(), once.as_str());
            let one = line(&once);
            prop_assert_eq!(line(&one), one);
        }
    }
}
