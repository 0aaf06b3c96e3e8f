//! References of a text (`&amp;`, `&nbsp;`, `&#8217;`) to characters, and characters to what XML may hold.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Longest name of a reference, with its semicolon (HTML Standard section 13.5).
const MOST_NAME: usize = 33;

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
        let Some((name, _)) = window.split_once(';') else {
            out.push('&');
            rest = body;
            continue;
        };
        let taken = match number(name) {
            Some(code) => {
                push_code(&mut out, code, &mut high);
                true
            }
            None => push_named(&mut out, name),
        };
        if taken {
            rest = body.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = body;
        }
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
        ] {
            assert_eq!(resolve(written), meant, "{written}");
        }
        let mut out = String::new();
        escape(&mut out, "a\u{8}<b>&\"\u{ffff}\n");
        assert_eq!(out, "a&lt;b&gt;&amp;&quot;\n");
    }
}
