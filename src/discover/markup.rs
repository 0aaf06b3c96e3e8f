//! Texts of programs, which may be markup or plain, as markup.

/// A text that may be markup or plain.
pub(super) fn of_text(written: &str) -> String {
    let is_markup = written.match_indices('<').any(|(at, _)| {
        let rest = written.get(at + 1..).unwrap_or_default();
        rest.strip_prefix(['/', '!'])
            .unwrap_or(rest)
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
    });
    if is_markup { written.to_owned() } else { paragraphs(written) }
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
