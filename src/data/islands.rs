//! Values that a page carries in its scripts and attributes: the state that a program in the browser begins with.

use serde_json::Value;

use super::flat;
use super::literal::{self, Names};
use crate::page::{Node, Page};

/// Values of one page.
const MOST: usize = 40;
/// Shorter literals hold no list of articles.
const SHORT: usize = 120;
/// Places in one script where a value may begin.
const MOST_PLACES: usize = 400;
/// Attributes that hold values.
const ATTRIBUTES: [&str; 12] = [
    "data-page",
    "data-props",
    "data-state",
    "data-react-props",
    "data-initial",
    "data-json",
    "data-list",
    "data-items",
    ":items",
    ":list",
    ":data",
    "props",
];

/// A value of a page.
#[derive(Debug, Clone)]
pub struct Island {
    /// Where it stands, for a person: `script #__NEXT_DATA__`, `window.__INITIAL_STATE__`.
    pub place: String,
    /// What it holds.
    pub value: Value,
}

/// All values of a page, in its order. Those of JSON-LD are left to their own reader unless `with_linked`.
#[must_use]
pub fn of_page(page: &Page, with_linked: bool) -> Vec<Island> {
    let mut all = Vec::new();
    let mut pushed = String::new();
    for node in page.root().descendants() {
        if all.len() >= MOST {
            break;
        }
        if node.name() == "script" && node.attr("src").is_none() {
            script(node, with_linked, &mut all, &mut pushed);
        } else {
            attributes(node, &mut all);
        }
    }
    // what Next.js sends in pieces: lines of a number and a value each
    for line in pushed.lines().take(MOST_PLACES) {
        let Some((_, rest)) = line.split_once(':').filter(|(number, _)| number.len() < 8) else { continue };
        if rest.len() >= SHORT && rest.starts_with(['[', '{']) {
            add(&mut all, "self.__next_f".to_owned(), literal::value(rest).map(|(value, _)| value));
        }
    }
    all
}

fn add(all: &mut Vec<Island>, place: String, value: Option<Value>) {
    let has_parts = |value: &Value| value.is_object() || value.is_array();
    if let Some(value) = value.filter(has_parts)
        && all.len() < MOST
    {
        let value = flat::unfold(&value).unwrap_or(value);
        all.push(Island { place, value });
    }
}

fn script(node: Node<'_>, with_linked: bool, all: &mut Vec<Island>, pushed: &mut String) {
    let text = node.raw_text();
    let kind = node.attr("type").unwrap_or_default().to_ascii_lowercase();
    let is_linked = kind.contains("ld+json");
    if is_linked && !with_linked || text.len() < SHORT {
        return;
    }
    let name = node.id().map_or_else(|| format!("script {kind}"), |id| format!("script #{id}"));
    if kind.contains("json") || node.id() == Some("__NEXT_DATA__") {
        return add(all, name, literal::value(&text).map(|(value, _)| value));
    }
    if kind.contains("xml") || kind.contains("template") || kind.contains("html") {
        return;
    }
    if let Some(rest) = text.split_once("self.__next_f.push(").map(|(_, rest)| rest) {
        let (values, _) = literal::arguments(rest);
        let piece = values.first().and_then(|value| value.get(1)).and_then(Value::as_str);
        pushed.push_str(piece.unwrap_or_default());
        return;
    }
    assignments(&text, all);
}

/// Values that a script assigns: `window.NAME = {…}`, `var NAME = […]`, `JSON.parse("…")`, `(function(a,b){return …})(1,2)`.
fn assignments(text: &str, all: &mut Vec<Island>) {
    let mut at = 0;
    for _ in 0..MOST_PLACES {
        let Some(found) = text.get(at..).and_then(|rest| rest.find('=')).map(|found| at + found) else {
            return;
        };
        at = found + 1;
        let rest = text.get(at..).unwrap_or_default();
        let value = rest.trim_start();
        let skipped = rest.len() - value.len();
        if value.starts_with(['=', '>'])
            || text.get(..found).is_some_and(|before| before.ends_with(['!', '<', '>', '=']))
        {
            continue;
        }
        let read = if value.starts_with("(function(") || value.starts_with("function(") {
            called(value)
        } else if value.starts_with(['{', '[']) || value.starts_with("JSON.parse(") {
            literal::value(value)
        } else {
            None
        };
        if let Some((value, length)) = read {
            let is_long = length >= SHORT;
            at += skipped + length;
            if is_long {
                add(all, name(text.get(..found).unwrap_or_default()), Some(value));
            }
        }
    }
}

/// What stands before a sign of assignment.
fn name(before: &str) -> String {
    let before = before.trim_end();
    let begin = before
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']' | '"' | '\'')));
    let name = begin.map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let name = if name.is_empty() { "a script" } else { name };
    name.chars().take(60).collect()
}

/// A function that is called where it stands, returning a literal of its parameters (Nuxt 2).
fn called(text: &str) -> Option<(Value, usize)> {
    let open = text
        .find('(')
        .filter(|_| text.starts_with("function"))
        .or_else(|| text.get(1..)?.find('(').map(|at| at + 1))?;
    let close = open + text.get(open..)?.find(')')?;
    let names: Vec<&str> = text.get(open + 1..close)?.split(',').map(str::trim).collect();
    let at = close + text.get(close..)?.find("return")? + "return".len();
    // a body that does more than to return is a program
    if at - close > 4000 {
        return None;
    }
    // once without the names to learn where the arguments begin, once with them
    let (_, length) = literal::value(text.get(at..)?)?;
    let end = at + length;
    let begin = end + text.get(end..)?.find('(')? + 1;
    let (values, length) = literal::arguments(text.get(begin..)?);
    let values: Names<'_> = names.into_iter().zip(values).collect();
    let (value, _) = literal::with_names(text.get(at..)?, &values)?;
    Some((value, begin + length))
}

fn attributes(node: Node<'_>, all: &mut Vec<Island>) {
    for (name, value) in node.attrs() {
        let is_value = value.len() >= SHORT && value.trim_start().starts_with(['{', '[']);
        if is_value && ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            add(all, format!("{}[{name}]", node.name()), literal::value(value).map(|(value, _)| value));
        }
    }
}
