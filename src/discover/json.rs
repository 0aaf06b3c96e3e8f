//! Lists in JSON: an API by the paths of the configuration, or by what its fields are called.

use std::collections::HashMap;

use serde_json::Value;

use super::document::Document;
use super::listing::{Context, Listing, MAX_ITEMS};
use super::records::Reader;
use super::{html, turn};
use crate::data;
use crate::model::{Class, Note, PageUrl};
use crate::page::Page;

/// Reads an API's answer.
pub(super) fn read(answer: &Document<'_>, context: &Context<'_>) -> Listing {
    let Document { text, url, ways, from, .. } = *answer;
    // a program puts it into its page, and what is relative leads on from there
    let base = from.unwrap_or(url);
    let Some(document) = parse(text) else {
        let fault = Some("the document is no JSON".to_owned());
        return Listing { fault, ..Listing::empty() };
    };
    let rules = &context.recipe.json;
    let lang = language(&document);
    let reader = Reader::new(base, context, lang.as_deref());
    let made = ways.iter().filter_map(|way| data::Pattern::parse(way)).collect();
    let reader = reader.made(made, HashMap::new());
    let note = |class, detail: String| Note { class, detail, url: Some(url.clone()) };
    let mut notes = Vec::new();
    let (mut items, missed) = reader.by_rules(&document, rules);
    for name in missed {
        notes.push(note(Class::Selector, format!("json.{name} finds nothing in the items")));
    }
    let mut explanation = Vec::new();
    let mut fallback = false;
    if let (Some(path), false) = (&rules.items, items.is_empty()) {
        explanation.push(format!("took {} items by `{path}`", items.len()));
    } else {
        if let Some(path) = &rules.items {
            notes.push(note(Class::Selector, format!("json.items `{path}` finds nothing")));
            fallback = true;
        }
        items = reader.found(&document);
        explanation.push(format!("took {} records of an API by the names of their fields", items.len()));
        if let Some(listing) = rows(&document, (url, base), context).filter(|_| items.is_empty()) {
            return listing;
        }
    }
    if let Some(fault) = complaint(&document).filter(|_| items.is_empty()) {
        return Listing { fault: Some(fault), lang, ..Listing::empty() };
    }
    let next = turn::next(url, &document, rules.page_param.as_deref(), items.len());
    explanation.extend(next.as_ref().map(|url| format!("next page {url}")));
    if items.len() > MAX_ITEMS {
        items.truncate(MAX_ITEMS);
        notes.push(note(Class::TooMany, format!("items beyond the first {MAX_ITEMS} were not taken")));
    }
    Listing { items, next, lang, fallback, explanation, notes, ..Listing::empty() }
}

/// Where an answer says how it went, and what it says then that it went well.
const CODES: [&str; 10] = [
    "code",
    "status",
    "errcode",
    "errno",
    "error_code",
    "resultCode",
    "ret",
    "state",
    "statusCode",
    "success",
];
const GOOD: [&str; 10] = ["0", "200", "00000", "0000", "1", "true", "ok", "success", "successful", "succeed"];
/// Where it says why it did not.
const WORDS: [&str; 10] = [
    "msg",
    "message",
    "errmsg",
    "error",
    "detail",
    "info",
    "error_description",
    "resultMsg",
    "title",
    "reason",
];
/// Characters of such words that are told.
const MOST_WORDS: usize = 200;

/// What an answer without a list says went wrong: `{"code": 500, "msg": "…"}`, `{"errors": [{"message": "…"}]}`.
fn complaint(document: &Value) -> Option<String> {
    let first = document.get("errors").or_else(|| document.get("error")).filter(|error| !error.is_string());
    let first = first.map(|error| error.get(0).unwrap_or(error)).filter(|error| error.is_object());
    let map = first.unwrap_or(document).as_object()?;
    let named = |names: &[&str]| {
        let own =
            |name: &&str| map.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        names
            .iter()
            .filter_map(own)
            .find(|value| value.is_string() || value.is_number() || value.is_boolean())
    };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let code = named(&CODES).map(plain);
    let is_bad = first.is_some()
        || map.contains_key("error") && code.is_none()
        || code.as_ref().is_some_and(|code| !GOOD.contains(&code.to_lowercase().as_str()));
    let words = named(&WORDS).filter(|value| value.is_string()).map(plain).unwrap_or_default();
    let is_bad = is_bad && !["成功", "success"].iter().any(|word| words.to_lowercase().contains(word));
    let words: String = words.chars().take(MOST_WORDS).collect();
    let code = code.map(|code| format!(" {}", code.chars().take(40).collect::<String>())).unwrap_or_default();
    is_bad.then(|| format!("the API answers that it failed:{code} {words}").trim_end().to_owned())
}

/// What an API gives as markup in a field: the rows that a script puts into a page.
fn rows(document: &Value, (url, base): (&PageUrl, &PageUrl), context: &Context<'_>) -> Option<Listing> {
    let rows = data::markup(document)?;
    let page = Page::parse(rows, base.clone());
    let mut listing = html::list(&page, context);
    listing.next = turn::next(url, document, context.recipe.json.page_param.as_deref(), listing.items.len());
    listing.explanation.insert(0, "the rows stand as markup in a field of an API".to_owned());
    (!listing.items.is_empty()).then_some(Listing { title: None, wall: None, ..listing })
}

/// The value of a document: JSON, or JSON in a call (`callback({…})`) or an assignment.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let has_parts = |value: &Value| value.is_object() || value.is_array();
    if text.starts_with(['{', '[']) {
        return data::document(text).filter(has_parts);
    }
    // what stands before is short: a comment, a guard, the name of a function
    let head = text.get(..text.floor_char_boundary(400)).unwrap_or(text);
    let at = head.find(['{', '['])?;
    data::document(text.get(at..)?).filter(has_parts)
}

/// Chinese where its texts are.
fn language(document: &Value) -> Option<String> {
    let mut waiting = vec![document];
    let (mut han, mut looks) = (0_usize, 0);
    while let Some(value) = waiting.pop() {
        looks += 1;
        match value {
            Value::String(text) => {
                han += text.chars().take(200).filter(|c| ('一'..='鿿').contains(c)).count();
            }
            Value::Array(list) => waiting.extend(list),
            Value::Object(map) => waiting.extend(map.values()),
            _ => {}
        }
        if looks > 2000 || han > 20 {
            break;
        }
    }
    (han > 20).then(|| "zh".to_owned())
}
