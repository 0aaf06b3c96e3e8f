//! Printing: whole or not at all, quiet when nobody reads, and harmless to a terminal.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

/// Writes text to standard output and flushes it.
///
/// # Errors
/// As the writing gives; `exit` takes a broken pipe for a good end.
pub(super) fn print(text: &str) -> io::Result<()> {
    bytes(text.as_bytes())
}

/// Writes bytes to standard output and flushes them.
///
/// # Errors
/// As [`print()`].
pub(super) fn bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes a line to standard error; nobody is left to be told when that fails.
pub(super) fn tell(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Whether standard error is a terminal that wants colours (<https://no-color.org>).
pub(super) fn colour_on_stderr() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A stranger's text on one line without what moves a terminal: control characters become blanks,
/// marks that turn the direction of writing are dropped.
pub(super) fn line(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let quiet = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().filter(|c| !turns(c)).map(quiet).collect()
}

/// A stranger's text of several lines, each made harmless as by [`line()`].
pub(super) fn lines(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    for part in text.lines() {
        told.push_str(&line(part));
        told.push('\n');
    }
    told
}

/// Adds `name` and value on a line of its own, the values below each other; nothing for an empty value.
pub(super) fn field(text: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        // writing to a String cannot fail
        let _always = writeln!(text, "{name:<12}{}", line(value));
    }
}

/// `1 portal`, `2 portals`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_move_the_terminal() {
        assert_eq!(line("a\u{1b}[2Jb\r\nc\u{202e}d"), "a [2Jb  cd");
        assert_eq!(lines("唐山\n\u{7}新闻"), "唐山\n 新闻\n");
    }

    #[test]
    fn an_empty_value_has_no_line() {
        let mut text = String::new();
        field(&mut text, "author", "");
        field(&mut text, "title", "x");
        assert_eq!(text, "title       x\n");
        assert_eq!((count(1, "item"), count(0, "item")), ("1 item".to_owned(), "0 items".to_owned()));
    }
}
