//! Documents within documents: JSON that stands in JSON as a text, rows that stand in it as markup.

use serde_json::Value;

use super::budget::Budget;
use super::flat;
use super::literal::{self, Names};

/// Shorter texts hold no list of articles.
const SHORT: usize = 120;
/// Bytes of texts read as documents, of one document: an answer has one such text, not many large ones.
const MOST_BYTES: usize = 4 << 20;
/// Values looked at, and how deep.
const MOST_LOOKS: usize = 50_000;
const MOST_DEPTH: usize = 16;
/// Links that rows have together.
const FEW_LINKS: usize = 3;

/// The value at the beginning of a document, with what is folded in it unfolded: texts that are JSON, payloads written
/// flat.
#[must_use]
pub fn document(text: &str) -> Option<Value> {
    let mut budget = Budget::document();
    let (value, _) = literal::read(text, &Names::default(), &mut budget)?;
    Some(unfolded(value, &mut budget))
}

/// The same of a value that was read, within what is left of its budget.
pub(super) fn unfolded(document: Value, budget: &mut Budget) -> Value {
    let mut document = flat::unfold(&document, budget).unwrap_or(document);
    flat::named(&mut document, budget);
    unfold(&mut document, 0, &mut Rest { looks: MOST_LOOKS, bytes: MOST_BYTES, budget });
    document
}

/// What may still be looked at, read and held.
struct Rest<'a> {
    looks: usize,
    bytes: usize,
    budget: &'a mut Budget,
}

fn unfold(value: &mut Value, depth: usize, rest: &mut Rest<'_>) {
    if rest.looks == 0 || depth > MOST_DEPTH {
        return;
    }
    rest.looks -= 1;
    match value {
        Value::String(text) => {
            let is_json = text.len() >= SHORT && text.len() <= rest.bytes && looks_like_json(text);
            if !is_json || rest.budget.is_spent() {
                return;
            }
            rest.bytes -= text.len();
            if let Some((inner, _)) = literal::read(text, &Names::default(), rest.budget) {
                *value = inner;
                unfold(value, depth + 1, rest);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| unfold(value, depth + 1, rest)),
        Value::Object(map) => {
            // what SvelteKit sends of one part of a page
            let is_part = map.get("type").and_then(Value::as_str) == Some("data");
            if let Some(flat) = map.get_mut("data").filter(|_| is_part)
                && let Some(whole) = flat::unfold(flat, rest.budget)
            {
                *flat = whole;
            }
            map.values_mut().for_each(|value| unfold(value, depth + 1, rest));
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

/// What an API answers of one article as a page that holds it, with what it says when it has none.
#[must_use]
pub fn answer(text: &str) -> Option<String> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is_call = || {
        text.split_once('(').is_some_and(|(name, rest)| is_name(name) && rest.trim_start().starts_with('{'))
    };
    let begin =
        if text.starts_with(['{', '[']) { 0 } else { is_call().then(|| text.find('(')).flatten()? + 1 };
    let (value, _) = literal::value(text.get(begin..)?)?;
    // a text may begin with a bracket, too
    let is_data = |value: &Value| value.as_object().is_some_and(|map| !map.is_empty());
    if !is_data(&value) && !value.as_array().is_some_and(|list| list.iter().any(is_data)) {
        return None;
    }
    let said =
        ["msg", "message", "error", "errmsg", "resultMsg"].iter().find_map(|name| value.get(*name)?.as_str());
    let said = said.map(|said| format!("<p>{}</p>", said.replace('&', "&amp;").replace('<', "&lt;")));
    // the sign of markup is written so that it ends no script
    let value = value.to_string().replace('<', "\\u003c");
    Some(format!(
        "<script type=\"application/json\" id=\"answer\">{value}</script>{}",
        said.unwrap_or_default()
    ))
}

/// Whether a text may be the name of a function that an answer calls: `/**/callback`.
fn is_name(text: &str) -> bool {
    let text = text.trim_start_matches("/**/").trim();
    text.len() < 80 && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'))
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
