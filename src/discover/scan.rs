//! Markup in whatever state to its tags and texts: what a strict reader refuses is text here.

use memchr::memmem;

/// Attributes of one tag; feeds write a handful.
const MOST_ATTRIBUTES: usize = 200;

/// What a document is made of; comments, instructions and document types are nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'a> {
    Text(&'a str),
    CData(&'a str),
    Open(Tag<'a>),
    /// The name of an element that ends.
    Close(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Its attributes as written.
    pub(super) attrs: &'a str,
    pub(super) is_empty: bool,
}

impl<'a> Tag<'a> {
    /// Its attributes: name, and value as written.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.attrs;
        let mut left = MOST_ATTRIBUTES;
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() && after.is_empty() {
                return None;
            }
            let Some(value) = after.trim_start().strip_prefix('=') else {
                rest = after;
                return Some((name, ""));
            };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => {
                    let value = value.get(1..).unwrap_or_default();
                    value.split_once(quote).unwrap_or((value, ""))
                }
                None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            rest = after;
            Some((name, value))
        })
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Walks over a text once, each byte a few times at most.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    /// What comes next begins here.
    pub(super) at: usize,
    /// Where the next `]]>`, the next `-->` and the next `>` stand, as far as was looked.
    ends: [Option<usize>; 3],
    /// Whether a document type was seen: there is one at most.
    has_type: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, ends: [None; 3], has_type: false }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The place of an end mark at or behind the present one; the text's length when there is none.
    fn end(&mut self, which: usize, mark: &str) -> usize {
        let known = self.ends.get(which).copied().flatten().filter(|at| *at >= self.at);
        let at = known.unwrap_or_else(|| find(self.text, mark, self.at).unwrap_or(self.text.len()));
        if let Some(place) = self.ends.get_mut(which) {
            *place = Some(at);
        }
        at
    }

    fn text_to(&mut self, end: usize) -> Token<'a> {
        let text = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        Token::Text(text)
    }

    /// The end of what `<!` or `<?` opens here, for what says nothing.
    fn skipped(&mut self) -> Option<usize> {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            let end = self.end(1, "-->");
            // one that never ends hides nothing
            return Some(if end < self.text.len() { end + 3 } else { self.at + 4 });
        }
        if !rest.starts_with("<?") && !rest.starts_with("<!") {
            return None;
        }
        let close = self.end(2, ">");
        if close == self.text.len() {
            return Some(self.at + 2);
        }
        let open = slice(self.text, self.at, close).find('[').filter(|_| !self.has_type);
        let is_type = rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        let Some(open) = open.filter(|_| is_type) else { return Some(close + 1) };
        // the document type's own declarations
        self.has_type = true;
        let end = find(self.text, "]", self.at + open).and_then(|end| find(self.text, ">", end));
        Some(end.unwrap_or(close) + 1)
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let is_close = rest.starts_with("</");
        let body = rest.get(1 + usize::from(is_close)..)?;
        // `</ item >`
        let blanks = if is_close { body.len() - body.trim_start().len() } else { 0 };
        let body = body.get(blanks..)?;
        if !body.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let end = close_of_tag(body)?;
        let inside = body.get(..end)?;
        let name_end = inside.find(|c: char| c.is_whitespace() || c == '/' || c == '=').unwrap_or(end);
        let (name, attrs) = inside.split_at(name_end);
        self.at += 1 + usize::from(is_close) + blanks + end + 1;
        if is_close {
            return Some(Token::Close(name));
        }
        let is_empty = attrs.ends_with('/');
        Some(Token::Open(Tag { name, attrs: attrs.strip_suffix('/').unwrap_or(attrs), is_empty }))
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.text.len() {
            let rest = self.rest();
            let open = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            if open > 0 {
                return Some(self.text_to(self.at + open));
            }
            if let Some(inside) = rest.strip_prefix("<![CDATA[") {
                let (from, end) = (self.at + 9, self.end(0, "]]>"));
                let next = memmem::find(inside.as_bytes(), b"<![CDATA[").map(|at| from + at);
                // one that another opens in, or that never ends, was not closed
                if end == self.text.len()
                    || next.is_some_and(|next| next < end && leaves(self.text, from, next))
                {
                    self.at = from;
                    continue;
                }
                self.at = end + 3;
                return Some(Token::CData(self.text.get(from..end).unwrap_or_default()));
            }
            if let Some(end) = self.skipped() {
                self.at = end.min(self.text.len());
                continue;
            }
            if let Some(token) = self.tag() {
                return Some(token);
            }
            let end = self.at + 1 + memchr::memchr(b'<', rest.get(1..)?.as_bytes()).unwrap_or(rest.len() - 1);
            return Some(self.text_to(end));
        }
        None
    }
}

/// Whether a stretch that should be one section leaves the item that it stands in.
fn leaves(text: &str, from: usize, to: usize) -> bool {
    let inside = text.get(from..to).unwrap_or_default();
    ["</item>", "</entry>", "</title>"].iter().any(|end| inside.contains(end))
}

fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

pub(super) fn find(text: &str, mark: &str, from: usize) -> Option<usize> {
    text.get(from..).and_then(|rest| memmem::find(rest.as_bytes(), mark.as_bytes())).map(|at| from + at)
}

/// The `>` that ends a tag; None where another begins before it.
fn close_of_tag(body: &str) -> Option<usize> {
    let (mut quote, mut first) = (None, None);
    for (at, byte) in body.bytes().enumerate() {
        match (byte, quote) {
            (b'>', None) => return Some(at),
            // in case the quote is never closed
            (b'>', Some(_)) => first = first.or(Some(at)),
            (b'<', _) => return first,
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let one = |token| match token {
            Token::Text(text) => format!("'{text}'"),
            Token::CData(text) => format!("[{text}]"),
            Token::Open(tag) => {
                let attrs: Vec<_> =
                    tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("<{}{}{}>", tag.name, attrs.concat(), if tag.is_empty { "/" } else { "" })
            }
            Token::Close(name) => format!("</{name}>"),
        };
        Scan::new(text).map(one).collect()
    }

    #[test]
    fn markup_is_read_in_any_state() {
        for (text, tokens) in [
            (
                "<?xml version='1.0'?><!-- <a> --><a b=\"c>d\" e = 'f' g=h i/>x</a >",
                "<a b=c>d e=f g=h i=/>'x'</a>",
            ),
            ("<!DOCTYPE rss [<!ENTITY a \"b\">]><rss>", "<rss>"),
            ("<![CDATA[a<b>]]>c<![CDATA[d", "[a<b>]'c''d'"),
            ("1 < 2 <3 <a b=\"c><d>", "'1 ''< 2 ''<3 '<a b=c><d>"),
            ("<title><![CDATA[x</title><p><![CDATA[y]]></p>", "<title>'x'</title><p>[y]</p>"),
            ("<", "'<'"),
            ("<a", "'<a'"),
            ("<!-- x", "' x'"),
        ] {
            assert_eq!(told(text), tokens, "{text}");
        }
    }
}
