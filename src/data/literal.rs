//! JSON and what JavaScript makes of it: keys without quotes, single quotes, comments, commas at the end, names.
//! What is no literal is null; what breaks off ends there.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

/// Values nest no deeper in anything that is meant.
const MOST_DEPTH: usize = 64;
/// Values of one document: a list of five hundred articles with forty fields each has a tenth of it.
const MOST_VALUES: usize = 200_000;

/// Names that stand for values.
pub(super) type Names<'a> = HashMap<&'a str, Value>;

/// The value at the beginning of a text, and the bytes it takes. None when none begins there.
#[must_use]
pub fn value(text: &str) -> Option<(Value, usize)> {
    with_names(text, &Names::new())
}

/// The same where some names have values.
pub(super) fn with_names(text: &str, names: &Names<'_>) -> Option<(Value, usize)> {
    let mut reader = Reader { text, at: 0, left: MOST_VALUES, names };
    reader.blanks();
    let value = reader.value(0)?;
    Some((value, reader.at))
}

/// The values of a call's arguments, whose first begins here; and the bytes up to behind the closing bracket.
#[must_use]
pub fn arguments(text: &str) -> (Vec<Value>, usize) {
    let mut reader = Reader { text, at: 0, left: MOST_VALUES, names: &Names::new() };
    let values = reader.list(b')', 0);
    (values, reader.at)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    left: usize,
    names: &'a Names<'a>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Blanks and comments.
    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blank =
                rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
            self.at += blank;
            let rest = self.rest();
            let comment = if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else {
                return;
            };
            self.at += comment;
        }
    }

    /// The value that begins here. None at an end.
    fn value(&mut self, depth: usize) -> Option<Value> {
        if self.left == 0 || depth > MOST_DEPTH {
            // what is too much ends the document
            self.at = self.text.len();
            return None;
        }
        self.left -= 1;
        match self.peek()? {
            b'{' => {
                self.at += 1;
                Some(Value::Object(self.object(depth)))
            }
            b'[' => {
                self.at += 1;
                Some(Value::Array(self.list(b']', depth)))
            }
            quote @ (b'"' | b'\'' | b'`') => {
                self.at += 1;
                Some(Value::String(self.string(quote)))
            }
            b'0'..=b'9' | b'-' | b'+' | b'.' => Some(self.number()),
            b'}' | b']' | b')' | b',' | b';' | b':' => None,
            _ => Some(self.word(depth)),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let mut map = Map::new();
        loop {
            self.blanks();
            let key = match self.peek() {
                None => return map,
                Some(b'}') => {
                    self.at += 1;
                    return map;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(quote @ (b'"' | b'\'')) => {
                    self.at += 1;
                    self.string(quote)
                }
                Some(_) => self.name().to_owned(),
            };
            self.blanks();
            if !self.takes(b':') {
                // a method, a spread, or something that is none of ours
                self.skip();
                if key.is_empty() && !matches!(self.peek(), Some(b',' | b'}')) {
                    return map;
                }
                continue;
            }
            self.blanks();
            let value = self.value(depth + 1).unwrap_or(Value::Null);
            self.skip();
            map.insert(key, value);
        }
    }

    fn list(&mut self, end: u8, depth: usize) -> Vec<Value> {
        let mut values = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == end => {
                    self.at += 1;
                    return values;
                }
                // an end of something else: the list is broken
                None | Some(b'}' | b']' | b')' | b';') => return values,
                Some(_) => {
                    let Some(value) = self.value(depth + 1) else { return values };
                    self.skip();
                    values.push(value);
                }
            }
        }
    }

    /// Past what stands behind a value and is none: `+ x`, `.trim()`, `|| {}`.
    fn skip(&mut self) {
        let mut open = 0_usize;
        loop {
            self.blanks();
            match self.peek() {
                None => return,
                Some(b',' | b';') if open == 0 => return,
                Some(b'}' | b']' | b')') => {
                    if open == 0 {
                        return;
                    }
                    open -= 1;
                    self.at += 1;
                }
                Some(b'{' | b'[' | b'(') => {
                    open += 1;
                    self.at += 1;
                }
                Some(quote @ (b'"' | b'\'' | b'`')) => {
                    self.at += 1;
                    self.string(quote);
                }
                Some(_) => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
            }
        }
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn number(&mut self) -> Value {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')))
            .unwrap_or(rest.len());
        self.at += end;
        let text = rest.get(..end).unwrap_or_default();
        let whole = text.parse::<i64>().ok().map(Number::from);
        whole
            .or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
            .map_or_else(|| Value::String(text.to_owned()), Value::Number)
    }

    /// A word: one that JavaScript knows, one that has a value, a call that holds one.
    fn word(&mut self, depth: usize) -> Value {
        let start = self.at;
        if self.takes(b'!') {
            return Value::Bool(self.takes(b'0'));
        }
        let name = self.name();
        if name.is_empty() {
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            return Value::Null;
        }
        if let Some(value) = self.names.get(name) {
            return value.clone();
        }
        match name {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "new" => {
                self.blanks();
                let _class = self.name();
                self.blanks();
                if self.takes(b'(') { self.first(depth) } else { Value::Null }
            }
            "JSON" if self.rest().starts_with(".parse(") => {
                self.at += ".parse(".len();
                let inner = self.first(depth);
                let text = inner.as_str().unwrap_or_default();
                value_of(text, depth).unwrap_or(Value::Null)
            }
            "decodeURIComponent" | "decodeURI" | "unescape" if self.takes(b'(') => {
                let inner = self.first(depth);
                Value::String(decoded(inner.as_str().unwrap_or_default()))
            }
            _ => {
                // another expression: it is passed over with all that belongs to it
                self.at = start + name.len();
                Value::Null
            }
        }
    }

    /// The first argument of a call.
    fn first(&mut self, depth: usize) -> Value {
        self.list(b')', depth + 1).into_iter().next().unwrap_or(Value::Null)
    }

    fn string(&mut self, quote: u8) -> String {
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let end = rest.find(|c: char| c == char::from(quote) || c == '\\').unwrap_or(rest.len());
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end;
            match self.peek() {
                None => return out,
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out);
                }
                Some(_) => {
                    self.at += 1;
                    return out;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let Some(c) = self.rest().chars().next() else { return };
        self.at += c.len_utf8();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' | 'b' | 'f' | 'v' | '0' => out.push(' '),
            'x' => out.extend(self.digits(2).and_then(char::from_u32)),
            'u' if self.takes(b'{') => {
                let end = self.rest().find('}').unwrap_or(0).min(6);
                out.extend(self.digits(end).and_then(char::from_u32));
                self.takes(b'}');
            }
            'u' => {
                let first = self.digits(4).unwrap_or(0xfffd);
                let is_half = (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u");
                let whole = if is_half {
                    self.at += 2;
                    self.digits(4)
                        .filter(|second| (0xdc00..0xe000).contains(second))
                        .map(|second| 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
                } else {
                    Some(first)
                };
                out.push(whole.and_then(char::from_u32).unwrap_or('\u{fffd}'));
            }
            '\n' => {}
            other => out.push(other),
        }
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let text = self.rest().get(..count)?;
        let number = u32::from_str_radix(text, 16).ok()?;
        self.at += count;
        Some(number)
    }
}

/// A text in which signs stand as their bytes: `%7B%22`.
pub(super) fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A document within a string.
fn value_of(text: &str, depth: usize) -> Option<Value> {
    // a string in a string in a string is nobody's data
    if depth > 8 {
        return None;
    }
    value(text).map(|(value, _)| value)
}
