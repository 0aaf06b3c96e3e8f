//! The parsed document held against the schema: unknown keys, wrong types, numbers out of bounds.
//!
//! Every fault is found, and what is faulty is taken out, so that the rest can be read on. A misspelt key
//! is read as the one that was meant.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::fault::Fault;
use super::findings::Findings;
use super::nearest::nearest;

/// Checks a table against the schema of an object. `path` is its key with dots, empty for the file.
pub(super) fn check(table: &mut DeTable<'_>, schema: &Json, path: &str, findings: &mut Findings) {
    let known = schema.get("properties");
    if known.is_some() {
        correct(table, schema, path, findings);
    }
    for (key, mut value) in std::mem::take(table) {
        let schema = match known {
            Some(known) => known.get(key.get_ref().as_ref()),
            None => schema.get("additionalProperties"),
        };
        let whole = join(path, key.get_ref());
        if schema.is_some_and(|schema| check_value(&mut value, schema, &whole, findings)) {
            table.insert(key, value);
        }
    }
}

/// Tells of unknown keys, and gives those their right name whose meaning is plain.
fn correct(table: &mut DeTable<'_>, schema: &Json, path: &str, findings: &mut Findings) {
    let known = names(schema);
    let unknown: Vec<(String, Range<usize>)> = table
        .keys()
        .filter(|key| !known.contains(&key.get_ref().as_ref()))
        .map(|key| (key.get_ref().to_string(), key.span()))
        .collect();
    for (key, span) in unknown {
        let value = table.remove(key.as_str());
        let whole = join(path, &key);
        if path.ends_with("login") && is_secret(&key) {
            findings.hide(value.map_or(0..0, |value| value.span()));
            let what = format!("`{key}`: a password stands in the file");
            let cure = "write it into a file of its own that only tidings reads, and name that: password_file = \"…\"";
            findings.add(Fault::at(span, whole, what, cure));
            continue;
        }
        let meant = nearest(&key, known.iter().copied());
        let cure = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                place_of(&key, schema, path).unwrap_or_else(|| format!("known here: {}", known.join(", ")))
            }
        };
        let about = meant.map_or_else(|| whole.clone(), |meant| join(path, meant));
        findings.add(Fault::at(span.clone(), about, format!("unknown key `{key}`"), cure));
        if let (Some(meant), Some(value)) = (meant, value)
            && !table.contains_key(meant)
        {
            table.insert(Spanned::new(span, Cow::Owned(meant.to_owned())), value);
        }
    }
}

/// Whether a key that is unknown asks for what never stands in the file.
fn is_secret(key: &str) -> bool {
    matches!(key.to_ascii_lowercase().as_str(), "password" | "pass" | "passwd" | "pwd" | "secret" | "token")
}

/// Where a key that is unknown in one table stands in one below it.
fn place_of(key: &str, schema: &Json, path: &str) -> Option<String> {
    let tables = schema.get("properties").and_then(Json::as_object)?;
    let (table, _) = tables.iter().find(|(_, below)| names(below).contains(&key))?;
    Some(if path.is_empty() {
        format!("it belongs under `[{table}]`")
    } else {
        format!("it belongs in `{table}`: {table} = {{ {key} = … }}")
    })
}

fn names(schema: &Json) -> Vec<&str> {
    let known = schema.get("properties").and_then(Json::as_object);
    known.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// Checks one value; false when it cannot be read on.
fn check_value(value: &mut Spanned<DeValue<'_>>, schema: &Json, path: &str, findings: &mut Findings) -> bool {
    let span = value.span();
    let Some(schema) = fitting(value.get_ref(), schema) else {
        findings.add(wrong_type(value.get_ref(), span, schema, path));
        return false;
    };
    match value.get_mut() {
        DeValue::Table(table) => check(table, schema, path, findings),
        DeValue::Array(list) => {
            if let Some(of_each) = schema.get("items") {
                let mut kept = DeArray::default();
                for item in list.iter_mut() {
                    if check_value(item, of_each, path, findings) {
                        kept.push(item.clone());
                    }
                }
                *list = kept;
            }
        }
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
            let least = schema.get("minimum").and_then(Json::as_i64).unwrap_or(i64::MIN);
            let most = schema.get("maximum").and_then(Json::as_i64).unwrap_or(i64::MAX);
            if number.is_none_or(|number| number < least || number > most) {
                let what = format!("`{}` is out of bounds", last(path));
                findings.add(Fault::at(span, path, what, format!("write a number from {least} to {most}")));
                return false;
            }
        }
        DeValue::String(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
    choice(value, schema, path, findings)
}

/// Checks a value that has only a few spellings.
fn choice(value: &Spanned<DeValue<'_>>, schema: &Json, path: &str, findings: &mut Findings) -> bool {
    let text = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => return true,
    };
    let Some(choices) = schema.get("enum").and_then(Json::as_array) else { return true };
    let choices: Vec<&str> = choices.iter().filter_map(Json::as_str).collect();
    if choices.contains(&text.as_str()) {
        return true;
    }
    let cure = nearest(&text, choices.iter().copied())
        .map_or_else(|| format!("write one of: {}", choices.join(", ")), |c| format!("did you mean `{c}`?"));
    findings.add(Fault::at(value.span(), path, format!("`{text}` is no `{}`", last(path)), cure));
    false
}

/// The schema itself, or that of its alternatives, whose type the value has.
fn fitting<'a>(value: &DeValue<'_>, schema: &'a Json) -> Option<&'a Json> {
    if let Some(either) = schema.get("anyOf").and_then(Json::as_array) {
        return either.iter().find_map(|one| fitting(value, one));
    }
    (schema.get("type").and_then(Json::as_str) == Some(kind(value))).then_some(schema)
}

/// The type of a value as JSON Schema calls it.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

/// The types in words.
fn worded(kind: &str) -> &'static str {
    match kind {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a broken number",
        "boolean" => "true or false",
        "date" => "a date",
        "array" => "a list",
        "object" => "a table",
        _ => "something else",
    }
}

fn wrong_type(value: &DeValue<'_>, span: Range<usize>, schema: &Json, path: &str) -> Fault {
    let either = schema.get("anyOf").and_then(Json::as_array);
    let kinds = either.map_or_else(|| vec![schema], |list| list.iter().collect());
    let kinds: Vec<&str> = kinds.iter().filter_map(|s| s.get("type").and_then(Json::as_str)).collect();
    let wanted: Vec<&str> = kinds.iter().copied().map(worded).collect();
    let key = last(path);
    let what = format!("`{key}` is {} but must be {}", worded(kind(value)), wanted.join(" or "));
    let empty = |default: &&Json| default.as_array().is_some_and(Vec::is_empty);
    let default = schema.get("default").filter(|default| !empty(default));
    let example = default.or_else(|| schema.get("examples").and_then(|list| list.get(0)));
    let items = schema.get("items").and_then(|items| items.get("type")).and_then(Json::as_str);
    let cure = match (value, kinds.first().copied(), example) {
        (DeValue::Table(_), Some("array"), _) if items == Some("object") => {
            format!("write `[[{key}]]`, with two brackets: there may be several")
        }
        (DeValue::Array(_), Some("object"), _) => {
            format!("write `[{key}]`, with one bracket: there is only one")
        }
        (_, Some("object"), _) => format!("write its keys under `[{path}]`"),
        (DeValue::String(text), Some("integer" | "boolean"), _)
            if text.parse::<u64>().is_ok() || is_flag(text) =>
        {
            format!("write it without quotes: {key} = {text}")
        }
        (DeValue::String(text), Some("array"), _) => format!("write it in brackets: {key} = [{text:?}]"),
        (_, _, Some(example)) => format!("write it as {key} = {example}"),
        (_, _, None) => format!("write {}", wanted.join(" or ")),
    };
    Fault::at(span, path, what, cure)
}

fn is_flag(text: &str) -> bool {
    matches!(text, "true" | "false")
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
