//! Documents within documents: JSON that stands in JSON as a text, rows that stand in it as markup.

use serde_json::Value;

use super::flat;
use super::literal;

/// Shorter texts hold no list of articles.
const SHORT: usize = 120;
/// Bytes of texts read as documents, of one document: an answer has one such text, not many large ones.
const MOST_BYTES: usize = 4 << 20;
/// Values looked at, and how deep.
const MOST_LOOKS: usize = 50_000;
const MOST_DEPTH: usize = 16;
/// Links that rows have together.
const FEW_LINKS: usize = 3;

/// A document with what is folded in it unfolded: texts that are JSON, payloads written flat.
#[must_use]
pub fn unfolded(document: Value) -> Value {
    let mut document = flat::unfold(&document).unwrap_or(document);
    let (mut looks, mut bytes) = (MOST_LOOKS, MOST_BYTES);
    unfold(&mut document, 0, &mut looks, &mut bytes);
    document
}

fn unfold(value: &mut Value, depth: usize, looks: &mut usize, bytes: &mut usize) {
    if *looks == 0 || depth > MOST_DEPTH {
        return;
    }
    *looks -= 1;
    match value {
        Value::String(text) => {
            let is_json = text.len() >= SHORT && text.len() <= *bytes && looks_like_json(text);
            let read = || literal::value(text).map(|(value, _)| value);
            if let Some(inner) = is_json.then(read).flatten() {
                *bytes -= text.len();
                *value = inner;
                unfold(value, depth + 1, looks, bytes);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| unfold(value, depth + 1, looks, bytes)),
        Value::Object(map) => {
            // what SvelteKit sends of one part of a page
            let is_part = map.get("type").and_then(Value::as_str) == Some("data");
            if let Some(flat) = map.get_mut("data").filter(|_| is_part)
                && let Some(whole) = flat::unfold(flat)
            {
                *flat = whole;
            }
            map.values_mut().for_each(|value| unfold(value, depth + 1, looks, bytes));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a text is JSON as a whole, by its ends.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    let is_object = text.starts_with('{') && text.ends_with('}');
    let is_list = text.starts_with('[') && text.ends_with(']');
    (is_object || is_list) && text.contains(['"', '\''])
}

/// The text of a document that holds rows as markup: the one with the most links.
#[must_use]
pub fn markup(document: &Value) -> Option<&str> {
    let mut best: (usize, Option<&str>) = (FEW_LINKS - 1, None);
    let mut waiting = vec![document];
    let (mut looks, mut bytes) = (0, 0);
    while let Some(value) = waiting.pop().filter(|_| looks < MOST_LOOKS && bytes < MOST_BYTES) {
        looks += 1;
        match value {
            Value::String(text) if text.contains('<') => {
                bytes += text.len();
                let links = text.matches("<a ").count() + text.matches("<A ").count();
                if links > best.0 {
                    best = (links, Some(text));
                }
            }
            Value::Array(list) => waiting.extend(list),
            Value::Object(map) => waiting.extend(map.values()),
            _ => {}
        }
    }
    best.1
}
