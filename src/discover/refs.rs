//! References of a text (`&amp;`, `&nbsp;`, `&#8217;`) to characters, and characters to what XML may hold.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Longest name of a reference, with its semicolon (HTML Standard section 13.5).
const MOST_NAME: usize = 33;
/// How the names of letters with marks end, which are resolved without their semicolon within a word, too.
const MARKS: [&str; 9] = ["uml", "acute", "grave", "circ", "tilde", "cedil", "ring", "slash", "lig"];
/// The longest of them: `Oslash`, `Ccedil`, `Aacute` and so on.
const MOST_MARKED: usize = 6;
/// Names that are resolved without it where a word ends.
const PLAIN: [&str; 6] = ["nbsp", "amp", "quot", "laquo", "raquo", "copy"];

/// Resolves one level of references: by HTML's own table, numbers 128 to 159 as windows-1252, halves of a pair of
/// UTF-16 joined. A bare `&`, and a name that nobody knows, stay as they are.
pub(super) fn resolve(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut high = None;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if !before.is_empty() {
            high = None;
        }
        let body = from.get(1..).unwrap_or_default();
        let window = body.get(..body.floor_char_boundary(MOST_NAME)).unwrap_or_default();
        let whole = window.split_once(';').map(|(name, _)| name);
        let taken = match whole.map(|name| (name, number(name))) {
            Some((name, Some(code))) => {
                push_code(&mut out, code, &mut high);
                name.len() + 1
            }
            Some((name, None)) if push_named(&mut out, name) => name.len() + 1,
            _ => push_unended(&mut out, window, &mut high),
        };
        out.push_str(if taken == 0 { "&" } else { "" });
        rest = body.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Adds a text to a document: what XML's grammar means otherwise as a reference, what XML forbids left out.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if is_allowed(c) => out.push(c),
            _ => {}
        }
    }
}

/// Whether XML 1.0 may hold a character (section 2.2).
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    code.ok()
}

/// A character by its number; one that none has is left out.
fn push_code(out: &mut String, code: u32, high: &mut Option<u32>) {
    let code = match (high.take(), code) {
        (Some(lead), 0xdc00..=0xdfff) => 0x1_0000 + ((lead - 0xd800) << 10) + (code - 0xdc00),
        (_, 0xd800..=0xdbff) => {
            *high = Some(code);
            return;
        }
        (_, 0x80..=0x9f) => {
            let meant = usize::try_from(code - 0x80).ok().and_then(|at| C1_REPLACEMENTS.get(at).copied());
            meant.flatten().map_or(code, u32::from)
        }
        (_, code) => code,
    };
    out.extend(char::from_u32(code).filter(|c| is_allowed(*c)));
}

/// A reference whose semicolon was forgotten (`F&aumlhre`, `a&nbsp b`, `&#8217s`), which HTML takes, too; how long it is,
/// 0 for none. What begins a word of its own or the next field of an address is none.
fn push_unended(out: &mut String, body: &str, high: &mut Option<u32>) -> usize {
    if let Some(digits) = body.strip_prefix('#') {
        let is_hex = digits.starts_with(['x', 'X']);
        let is_digit = |c: char| if is_hex { c.is_ascii_hexdigit() } else { c.is_ascii_digit() };
        let digits = digits.get(usize::from(is_hex)..).unwrap_or_default();
        let length = 1 + usize::from(is_hex) + digits.find(|c| !is_digit(c)).unwrap_or(digits.len());
        let code = body.get(..length).and_then(number);
        return code.map_or(0, |code| {
            push_code(out, code, high);
            length
        });
    }
    let letters = body.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(body.len());
    let word = body.get(..letters).unwrap_or_default();
    let is_field = body.get(letters..).is_some_and(|rest| rest.starts_with('='));
    let marked = MARKS.iter().filter_map(|mark| Some(word.get(1..)?.find(mark)? + 1 + mark.len())).min();
    // a letter with a mark on it stands within its word
    let marked = marked.and_then(|end| word.get(..end)).filter(|name| name.len() <= MOST_MARKED);
    let known = marked.or(Some(word).filter(|word| PLAIN.contains(word)));
    match known.filter(|_| !is_field) {
        Some(name) if push_named(out, name) => name.len(),
        _ => 0,
    }
}

fn push_named(out: &mut String, name: &str) -> bool {
    let mut whole = String::with_capacity(name.len() + 1);
    whole.push_str(name);
    whole.push(';');
    let found =
        NAMED_ENTITIES.get(whole.as_str()).or_else(|| NAMED_ENTITIES.get(&*whole.to_ascii_lowercase()));
    let Some((first, second)) = found.copied().filter(|(first, _)| *first != 0) else { return false };
    out.extend([first, second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_what_they_mean_once() {
        for (written, meant) in [
            ("a&nbsp;b &theta;&phi;&Pi;&scaron;", "a\u{a0}b θφΠš"),
            ("R&D, AT&T; ?a=1&copy=2 & ende", "R&D, AT&T; ?a=1&copy=2 & ende"),
            ("&amp;amp; &lt;b&gt; &AMP; &unknown;", "&amp; <b> & &unknown;"),
            ("&#8;&#x1f;&#146;&#x80;&#0;&#1114112;", "’€"),
            ("&#55357;&#56832; &#xD83D; &#20013;", "😀  中"),
            ("&", "&"),
            ("&;&#;&#x;", "&;&#;&#x;"),
            ("Gr&ouml&szligere F&aumlhre &Uuml", "Größere Fähre Ü"),
            ("a&nbsp b &amp c&#8217s &#xDE00", "a\u{a0} b & c’s "),
            ("?a&copy=1&amp=2&amplitude &Consuml", "?a&copy=1&amp=2&amplitude &Consuml"),
        ] {
            assert_eq!(resolve(written), meant, "{written}");
        }
        let mut out = String::new();
        escape(&mut out, "a\u{8}<b>&\"\u{ffff}\n");
        assert_eq!(out, "a&lt;b&gt;&amp;&quot;\n");
    }
}
