//! Texts of programs, which may be markup or plain, as markup.

use super::refs;

/// A text that may be markup or plain.
pub(super) fn of_text(written: &str) -> String {
    let is_markup = written.match_indices('<').any(|(at, _)| {
        let rest = written.get(at + 1..).unwrap_or_default();
        rest.strip_prefix(['/', '!'])
            .unwrap_or(rest)
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
    });
    match (is_markup, is_escaped(written)) {
        (true, _) => written.to_owned(),
        (false, true) => refs::resolve(written),
        (false, false) => paragraphs(written),
    }
}

/// Whether a text is markup that was escaped once more than its format asks for.
fn is_escaped(written: &str) -> bool {
    ["&lt;p&gt;", "&lt;p ", "&lt;/p&gt;", "&lt;br", "&lt;div"].iter().any(|tag| written.contains(tag))
}

/// A plain text with its lines as paragraphs.
pub(super) fn paragraphs(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len() + 16);
    for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str("<p>");
        // a plain text may still have references of HTML
        out.push_str(&line.replace('<', "&lt;"));
        out.push_str("</p>\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_markup_in_whatever_state() {
        for (written, html) in [
            ("<p>a &amp; b</p>", "<p>a &amp; b</p>"),
            ("one\n\n two", "<p>one</p>\n<p>two</p>\n"),
            ("&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "<p>a &amp; b</p>"),
            ("1 &lt; 2", "<p>1 &lt; 2</p>\n"),
        ] {
            assert_eq!(of_text(written), html, "{written}");
        }
    }
}
