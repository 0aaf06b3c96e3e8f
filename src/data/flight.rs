//! What the app router of Next.js sends in pieces (`self.__next_f.push`): rows of a number and a value each, texts by their
//! length in bytes, and names of other rows within values.

use std::collections::HashMap;

use serde_json::Value;

use super::literal;

/// Rows of one page.
const MOST_ROWS: usize = 4000;
/// Values in all: rows may name one row many times.
const MOST_VALUES: usize = 200_000;
/// Rows that name rows.
const MOST_DEPTH: usize = 48;

/// One row.
enum Row<'a> {
    Text(&'a str),
    Value(Value),
}

/// The values of a stream, rows of at least `short` bytes, with what they name.
pub(super) fn values(stream: &str, short: usize) -> Vec<Value> {
    let mut rows: HashMap<&str, Row<'_>> = HashMap::new();
    let mut long = Vec::new();
    let mut rest = stream;
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
            && let Some((value, _)) = literal::value(line)
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
    let mut left = MOST_VALUES;
    long.into_iter().filter_map(|id| Some(named(id, &rows, 0, &mut left)?).filter(|_| left > 0)).collect()
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

fn named(id: &str, rows: &HashMap<&str, Row<'_>>, depth: usize, left: &mut usize) -> Option<Value> {
    match rows.get(id)? {
        Row::Text(text) => Some(Value::String((*text).to_owned())),
        Row::Value(value) => Some(resolved(value, rows, depth, left)),
    }
}

/// A value with what it names in place of the names.
fn resolved(value: &Value, rows: &HashMap<&str, Row<'_>>, depth: usize, left: &mut usize) -> Value {
    if depth > MOST_DEPTH || *left == 0 {
        return Value::Null;
    }
    *left -= 1;
    match value {
        Value::String(text) if text.starts_with('$') => reference(text, rows, depth, left),
        Value::Array(list) => {
            Value::Array(list.iter().map(|value| resolved(value, rows, depth + 1, left)).collect())
        }
        Value::Object(map) => {
            let one =
                |(name, value): (&String, &Value)| (name.clone(), resolved(value, rows, depth + 1, left));
            Value::Object(map.iter().map(one).collect())
        }
        plain => plain.clone(),
    }
}

/// What a text that begins with `$` stands for.
fn reference(text: &str, rows: &HashMap<&str, Row<'_>>, depth: usize, left: &mut usize) -> Value {
    let rest = text.get(1..).unwrap_or_default();
    if let Some(date) = rest.strip_prefix('D') {
        return Value::String(date.to_owned());
    }
    if rest.starts_with('$') {
        return Value::String(rest.to_owned());
    }
    let id = rest.strip_prefix(['L', '@', 'Q', 'W']).unwrap_or(rest);
    if is_id(id) && !id.is_empty() {
        // parts of the page that come later are no part of this one
        let is_later = rest.starts_with(['L', '@']);
        return named(id, rows, depth + 1, left).filter(|_| !is_later).unwrap_or(Value::Null);
    }
    // an amount of money, or a word of React's own
    let is_money = rest.starts_with(|c: char| c.is_ascii_digit());
    if is_money { Value::String(text.to_owned()) } else { Value::Null }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        ] {
            let _ = values(&stream, 2);
        }
    }
}
