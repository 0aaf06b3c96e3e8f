//! JSON and what JavaScript makes of it: keys without quotes, single quotes, comments, commas at the end, names.
//! What is no literal is null, and so is what lies too deep; what breaks off, or costs too much, ends there.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::budget::{self, Budget};

/// Values nest no deeper in anything that is meant: Next.js writes an element within another as four values, and a page
/// has thirty around its list.
const MOST_DEPTH: usize = 128;
/// A longer value that a name stands for is written once, at its place.
const MOST_NAMED: usize = 1000;

/// Names that stand for values.
#[derive(Debug, Default)]
pub(super) struct Names<'a>(HashMap<&'a str, Named>);

#[derive(Debug)]
struct Named {
    value: Value,
    /// What each use of it takes.
    cost: (usize, usize),
}

impl<'a> Names<'a> {
    /// Names in the order of their values.
    pub(super) fn of(names: Vec<&'a str>, values: Vec<Value>) -> Self {
        let named = names.into_iter().zip(values).map(|(name, value)| {
            let cost = budget::cost(&value);
            (name, Named { value, cost })
        });
        Self(named.filter(|(_, named)| named.cost.0 <= MOST_NAMED).collect())
    }
}

/// The value at the beginning of a text, and the bytes it takes. None when none begins there.
#[must_use]
pub fn value(text: &str) -> Option<(Value, usize)> {
    read(text, &Names::default(), &mut Budget::document())
}

/// The same where some names have values, and others are held beside it.
pub(super) fn read(text: &str, names: &Names<'_>, budget: &mut Budget) -> Option<(Value, usize)> {
    read_at(0, text, names, budget)
}

fn read_at(depth: usize, text: &str, names: &Names<'_>, budget: &mut Budget) -> Option<(Value, usize)> {
    let mut reader = Reader { text, at: 0, names, budget };
    reader.blanks();
    let value = reader.value(depth)?;
    Some((value, reader.at))
}

/// The bytes up to where an expression ends, whatever it is.
pub(super) fn passed(text: &str) -> usize {
    let mut reader = Reader { text, at: 0, names: &Names::default(), budget: &mut Budget::document() };
    reader.skip();
    reader.at
}

/// The values of a call's arguments, whose first begins here; and the bytes up to behind the closing bracket.
#[must_use]
pub fn arguments(text: &str) -> (Vec<Value>, usize) {
    arguments_within(text, &mut Budget::document())
}

/// The same where others are held beside them.
pub(super) fn arguments_within(text: &str, budget: &mut Budget) -> (Vec<Value>, usize) {
    let mut reader = Reader { text, at: 0, names: &Names::default(), budget };
    let values = reader.list(b')', 0);
    (values, reader.at)
}

struct Reader<'a, 'b> {
    text: &'a str,
    at: usize,
    names: &'b Names<'b>,
    budget: &'b mut Budget,
}

impl<'a> Reader<'a, '_> {
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
        let first = self.peek()?;
        let room = match first {
            b'}' | b']' | b')' | b',' | b';' | b':' => return None,
            b'{' => budget::OBJECT,
            b'[' => budget::LIST,
            _ => 1,
        };
        self.take(room, 0)?;
        if depth > MOST_DEPTH {
            // passed over without going deeper, whatever it is
            self.skip();
            return Some(Value::Null);
        }
        match first {
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
                let text = self.string(quote);
                self.take(0, text.len())?;
                Some(Value::String(text))
            }
            b'0'..=b'9' | b'-' | b'+' | b'.' => Some(self.number()),
            _ => Some(self.word(depth)),
        }
    }

    /// Takes of the budget; what is too much ends the document.
    fn take(&mut self, values: usize, bytes: usize) -> Option<()> {
        let taken = self.budget.take(values, bytes);
        if taken.is_none() {
            self.at = self.text.len();
        }
        taken
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
            if self.take(0, key.len()).is_none() {
                return map;
            }
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
        if let Some(Named { value, cost }) = self.names.0.get(name) {
            let taken = self.budget.take(cost.0, cost.1);
            return taken.map_or(Value::Null, |()| value.clone());
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
                self.value_of(text, depth).unwrap_or(Value::Null)
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

    /// A document within a string.
    fn value_of(&mut self, text: &str, depth: usize) -> Option<Value> {
        // a string in a string in a string is nobody's data
        if depth > 8 {
            return None;
        }
        read_at(depth + 1, text, &Names::default(), self.budget).map(|(value, _)| value)
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
                // a sign has six digits at most
                let end = self.rest().bytes().take(7).position(|byte| byte == b'}');
                out.extend(end.and_then(|end| self.digits(end)).and_then(char::from_u32));
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
