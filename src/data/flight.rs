//! What the app router of Next.js sends in pieces (`self.__next_f.push`): rows of a number and a value each, texts by their
//! length in bytes, and names of other rows within values.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::budget::{self, Budget};
use super::literal::{self, Names};

/// Rows of one page.
const MOST_ROWS: usize = 4000;
/// Values within values, and rows that name rows: an element within another is four values deeper.
const MOST_DEPTH: usize = 128;

/// One row.
enum Row<'a> {
    Text(&'a str),
    Value(Value),
}

/// The rows of a stream by their numbers.
pub(super) struct Rows<'a>(HashMap<&'a str, Row<'a>>);

impl<'a> Rows<'a> {
    /// The rows of a stream, and the numbers of those whose values are at least `short` bytes long.
    pub(super) fn of(stream: &'a str, short: usize) -> (Self, Vec<&'a str>) {
        let (rows, long) = rows(stream, short);
        (Self(rows), long)
    }

    /// The value of a row with what it names.
    pub(super) fn value(&self, id: &str, budget: &mut Budget) -> Option<Value> {
        named(id, &self.0, 0, budget)
    }
}

fn rows(stream: &str, short: usize) -> (HashMap<&str, Row<'_>>, Vec<&str>) {
    let mut rows: HashMap<&str, Row<'_>> = HashMap::new();
    let mut long = Vec::new();
    let mut rest = stream;
    // all rows are held until their values are
    let mut budget = Budget::page();
    for _ in 0..MOST_ROWS {
        let Some((id, after)) = rest.split_once(':').filter(|(id, _)| is_id(id)) else {
            // what is no row ends with its line
            let Some((_, next)) = rest.split_once('\n') else { break };
            rest = next;
            continue;
        };
        if let Some((text, next)) = after.strip_prefix('T').and_then(counted) {
            rows.insert(id, Row::Text(text));
            rest = next;
            continue;
        }
        let (line, next) = after.split_once('\n').unwrap_or((after, ""));
        if line.starts_with(['[', '{', '"'])
            && let Some((value, _)) = literal::read(line, &Names::default(), &mut budget)
        {
            if line.len() >= short && !line.starts_with('"') {
                long.push(id);
            }
            rows.insert(id, Row::Value(value));
        }
        rest = next;
        if rest.is_empty() {
            break;
        }
    }
    (rows, long)
}

fn is_id(id: &str) -> bool {
    id.len() <= 8 && id.chars().all(|c| c.is_ascii_hexdigit())
}

/// A text behind its length in hexadecimal bytes, and what follows.
fn counted(after: &str) -> Option<(&str, &str)> {
    let (length, text) = after.split_once(',').filter(|(length, _)| is_id(length) && !length.is_empty())?;
    let length = usize::from_str_radix(length, 16).ok()?;
    // a stream that was cut ends within its text
    let end = text.floor_char_boundary(length);
    Some((text.get(..end)?, text.get(end..)?))
}

fn named(id: &str, rows: &HashMap<&str, Row<'_>>, depth: usize, budget: &mut Budget) -> Option<Value> {
    match rows.get(id)? {
        Row::Text(text) => Some(copied(text, budget)),
        Row::Value(value) => Some(resolved(value, rows, depth, budget)),
    }
}

/// A value with what it names in place of the names.
fn resolved(value: &Value, rows: &HashMap<&str, Row<'_>>, depth: usize, budget: &mut Budget) -> Value {
    if depth > MOST_DEPTH || budget.take(room(value), 0).is_none() {
        return Value::Null;
    }
    match value {
        Value::String(text) if text.starts_with('$') => reference(text, rows, depth, budget),
        Value::String(text) => copied(text, budget),
        Value::Array(list) => {
            let mut out = Vec::new();
            for value in list {
                if budget.is_spent() {
                    break;
                }
                out.push(resolved(value, rows, depth + 1, budget));
            }
            Value::Array(out)
        }
        Value::Object(map) => {
            let mut out = Map::new();
            for (name, value) in map {
                if budget.take(0, name.len()).is_none() {
                    break;
                }
                out.insert(name.clone(), resolved(value, rows, depth + 1, budget));
            }
            Value::Object(out)
        }
        plain => plain.clone(),
    }
}

fn room(value: &Value) -> usize {
    match value {
        Value::Object(_) => budget::OBJECT,
        Value::Array(_) => budget::LIST,
        _ => 1,
    }
}

fn copied(text: &str, budget: &mut Budget) -> Value {
    budget.take(0, text.len()).map_or(Value::Null, |()| Value::String(text.to_owned()))
}

/// What a text that begins with `$` stands for.
fn reference(text: &str, rows: &HashMap<&str, Row<'_>>, depth: usize, budget: &mut Budget) -> Value {
    let rest = text.get(1..).unwrap_or_default();
    if let Some(date) = rest.strip_prefix('D') {
        return copied(date, budget);
    }
    if rest.starts_with('$') {
        return copied(rest, budget);
    }
    let id = rest.strip_prefix(['L', '@', 'Q', 'W']).unwrap_or(rest);
    if is_id(id) && !id.is_empty() {
        // parts of the page that come later are no part of this one
        let is_later = rest.starts_with(['L', '@']);
        let told = if is_later { None } else { named(id, rows, depth + 1, budget) };
        return told.unwrap_or(Value::Null);
    }
    // an amount of money, or a word of React's own
    let is_money = rest.starts_with(|c: char| c.is_ascii_digit());
    if is_money { copied(text, budget) } else { Value::Null }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::budget::{MOST_VALUES, cost};
    use crate::data::tests::quick;

    fn values(stream: &str, short: usize) -> Vec<Value> {
        let (rows, long) = Rows::of(stream, short);
        let mut budget = Budget::page();
        let all: Vec<Value> = long.into_iter().filter_map(|id| rows.value(id, &mut budget)).collect();
        let (values, bytes) = all.iter().map(cost).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        assert!(values <= MOST_VALUES + all.len() && bytes <= 8 << 20, "{values} {bytes}");
        all
    }

    #[test]
    fn rows_are_read_with_what_they_name() {
        let stream = "1:HL[\"/x.css\",\"style\"]\n2:I[47,[],\"Main\"]\n1a:T19,<p>Straße & Brücke</p>\n5:[\"$\",\"$L2\",null,{\"a\":{\"text\":\"$1a\",\"at\":\"$D2021-03-11T01:11:43.000Z\",\"u\":\"$undefined\",\"m\":\"$$5\",\"list\":\"$6\"}}]\n6:[{\"t\":1}]\nbroken\n7:{\"x\":\"$7\"}\n";
        let found = values(stream, 2);
        assert_eq!(
            found[0][3]["a"],
            json!({"text": "<p>Straße & Brücke</p>\n", "at": "2021-03-11T01:11:43.000Z", "u": null, "m": "$5", "list": [{"t": 1}]})
        );
        assert_eq!(found.len(), 2 + 1, "{found:?}");
    }

    #[test]
    fn bounds_hold() {
        for stream in [
            "1:".to_owned() + &"[".repeat(100_000),
            "1:T9,ä".repeat(10_000),
            "1:Tffffffff,x".to_owned(),
            (0..4000).map(|n| format!("{n:x}:[\"${:x}\",\"${:x}\"]\n", n + 1, n + 1)).collect(),
            ":\n:\n".repeat(10_000),
            format!("1:T186a0,{}2:[{}0]\n", "x".repeat(100_000), "\"$1\",".repeat(100_000)),
            format!("1:[{}0]\n2:[{}0]\n", "0,".repeat(100_000), "\"$1\",".repeat(100_000)),
        ] {
            quick("rows", || drop(values(&stream, 2)));
        }
    }
}
