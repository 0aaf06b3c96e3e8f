//! What a page declares of its charset (HTML Standard section 13.2.3.2, prescan of a byte stream).

use std::borrow::Cow;

/// How far the declaration is looked for. The standard says 1,024 bytes; portals put style sheets and
/// verification tags before it.
const WINDOW_BYTES: usize = 32 * 1024;

/// The label a page's XML declaration or first telling `meta` gives.
pub(super) fn declared(bytes: &[u8]) -> Option<String> {
    let window = bytes.get(..WINDOW_BYTES).unwrap_or(bytes);
    xml_declaration(window).or_else(|| meta(window))
}

/// The charset of a `Content-Type` value (HTML Standard section 2.5.5, extracting from a `meta`).
pub(super) fn charset_of(value: &str) -> Option<&str> {
    let lower = value.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find("charset")? + "charset".len();
        let rest = value.get(at..)?.trim_start();
        let Some(rest) = rest.strip_prefix('=') else {
            from = at;
            continue;
        };
        let rest = rest.trim_start();
        let label = match rest.chars().next()? {
            quote @ ('"' | '\'') => rest.get(1..)?.split(quote).next()?,
            _ => rest.split(|c: char| c == ';' || c.is_ascii_whitespace()).next()?,
        };
        return Some(label.trim()).filter(|label| !label.is_empty());
    }
}

fn xml_declaration(window: &[u8]) -> Option<String> {
    let start = window.iter().position(|b| !b.is_ascii_whitespace())?;
    let rest = window.get(start..)?.strip_prefix(b"<?xml")?;
    let end = rest.iter().position(|b| *b == b'>')?;
    let text = String::from_utf8_lossy(rest.get(..end)?).into_owned();
    let value = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split_once(quote).map(|(label, _)| label.trim().to_owned())
}

fn meta(window: &[u8]) -> Option<String> {
    let mut rest = window;
    loop {
        let at = rest.iter().position(|b| *b == b'<')?;
        rest = rest.get(at + 1..)?;
        if let Some(comment) = rest.strip_prefix(b"!--") {
            // `<!-->` is a whole comment.
            let end = if comment.starts_with(b">") { 0 } else { find(comment, b"-->")? };
            rest = comment.get(end..)?;
        } else if starts_with(rest, b"script") || starts_with(rest, b"style") {
            let name: &[u8] = if starts_with(rest, b"script") { b"</script" } else { b"</style" };
            rest = Tag::read(rest).1;
            rest = rest.get(find(rest, name).unwrap_or(rest.len())..)?;
        } else if rest.first().is_some_and(u8::is_ascii_alphabetic) {
            let (tag, after) = Tag::read(rest);
            if let Some(label) = tag.charset() {
                return Some(label);
            }
            rest = after;
        } else if matches!(rest.first(), Some(b'!' | b'/' | b'?')) {
            rest = rest.get(rest.iter().position(|b| *b == b'>')?..)?;
        }
    }
}

fn starts_with(bytes: &[u8], name: &[u8]) -> bool {
    bytes.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && bytes.get(name.len()).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

/// A start tag, as far as a prescan needs it.
struct Tag<'a> {
    name: &'a [u8],
    attributes: Vec<(String, Cow<'a, str>)>,
}

impl<'a> Tag<'a> {
    /// Reads the tag whose name begins at `bytes`; the second value begins behind it.
    fn read(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let end = bytes
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
            .unwrap_or(bytes.len());
        let (name, mut rest) = bytes.split_at(end);
        let mut attributes = Vec::new();
        while let Some((name, value, after)) = attribute(rest) {
            attributes.push((name, value));
            rest = after;
        }
        let close = rest.iter().position(|b| *b == b'>').map_or(rest.len(), |at| at + 1);
        (Self { name, attributes }, rest.get(close..).unwrap_or_default())
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
    }

    fn charset(&self) -> Option<String> {
        if !self.name.eq_ignore_ascii_case(b"meta") {
            return None;
        }
        if let Some(label) = self.attribute("charset") {
            return Some(label.trim().to_owned()).filter(|label| !label.is_empty());
        }
        let pragma = self.attribute("http-equiv")?.trim().eq_ignore_ascii_case("content-type");
        if pragma { charset_of(self.attribute("content")?).map(str::to_owned) } else { None }
    }
}

/// The next attribute of a tag: name in lower case, value, what follows. None at the tag's end.
fn attribute(bytes: &[u8]) -> Option<(String, Cow<'_, str>, &[u8])> {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace() && *b != b'/')?;
    let rest = bytes.get(start..)?;
    if rest.first() == Some(&b'>') {
        return None;
    }
    let is_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'/' | b'>');
    // A tag that starts with `=` has an attribute of that name (prescan, step 3).
    let end = rest.iter().skip(1).position(is_end).map_or(rest.len(), |at| at + 1);
    let (name, rest) = rest.split_at(end);
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else {
        return Some((name, Cow::Borrowed(""), rest));
    };
    let value = value.trim_ascii_start();
    let (value, rest) = match value.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let value = value.get(1..)?;
            let end = value.iter().position(|b| b == quote)?;
            (value.get(..end)?, value.get(end + 1..)?)
        }
        _ => {
            let end = value.iter().position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(value.len());
            value.split_at(end)
        }
    };
    Some((name, String::from_utf8_lossy(value), rest))
}
