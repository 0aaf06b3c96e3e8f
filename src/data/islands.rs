//! Values that a page carries in its scripts and attributes: the state that a program in the browser begins with.

use serde_json::Value;

use super::flat;
use super::flight;
use super::literal::{self, Names};
use super::within;
use crate::page::{Node, Page};

/// Values of one page.
const MOST: usize = 40;
/// Shorter literals hold no list of articles.
const SHORT: usize = 120;
/// Places in one script where a value may begin.
const MOST_PLACES: usize = 4000;
/// A script is read so many times at most, where values stand in values that are programs.
const MOST_TIMES: usize = 4;
/// Attributes that hold no values.
const OTHERS: [&str; 8] = ["style", "class", "href", "src", "srcset", "content", "alt", "title"];
/// What the app router of Next.js sends its pieces by.
const PUSH: &str = "self.__next_f.push(";
/// What makes a value of a text.
const MAKERS: [&str; 3] = ["JSON.parse(", "decodeURIComponent(", "unescape("];

/// What programs have in them and values have not.
const PROGRAMS: [&str; 4] = ["function(", "function (", "=>{", "=> {"];

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
    for value in flight::values(&pushed, SHORT) {
        add(&mut all, "self.__next_f".to_owned(), Some(value));
    }
    all
}

fn add(all: &mut Vec<Island>, place: String, value: Option<Value>) {
    let has_parts = |value: &Value| value.is_object() || value.is_array();
    let is_value = |value: &Value| has_parts(value) || value.as_str().is_some_and(within::looks_like_json);
    if all.len() < MOST
        && let Some(value) = value.filter(is_value).map(within::unfolded).filter(has_parts)
    {
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
    let is_program = kind.is_empty() || kind.contains("script") || kind == "module";
    if kind.contains("json") || node.id() == Some("__NEXT_DATA__") || !is_program && begins(&text) {
        return add(all, name, plain(&text));
    }
    if !is_program {
        return;
    }
    if text.contains(PUSH) {
        for (at, _) in text.match_indices(PUSH).take(MOST_PLACES) {
            let (values, _) = literal::arguments(text.get(at + PUSH.len()..).unwrap_or_default());
            let piece = values.first().and_then(|value| value.get(1)).and_then(Value::as_str);
            pushed.push_str(piece.unwrap_or_default());
        }
        return;
    }
    places(&text, all);
}

/// Whether a text is a value, in whatever way it was made safe to stand in a page.
fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let marks = ["{", "[", "%7B", "%5B", "%7b", "%5b", "&quot;", "{&quot;", "[{&quot;"];
    marks.iter().any(|mark| text.starts_with(mark))
}

/// The value that a text is, its signs as they are, as bytes (`%7B`), or as references (`&quot;`).
fn plain(text: &str) -> Option<Value> {
    let text = text.trim_start();
    let decoded = text.starts_with('%').then(|| literal::decoded(text));
    let is_escaped = text.contains("&quot;") && !text.contains('"');
    let resolved = is_escaped.then(|| resolved(text));
    let text = decoded.or(resolved).unwrap_or_else(|| text.to_owned());
    literal::value(&text).map(|(value, _)| value)
}

/// A text with the references that a template writes for the signs of markup.
fn resolved(text: &str) -> String {
    let marks =
        [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
}

/// Values that a script assigns or hands to a function: `window.NAME = {…}`, `start(app, {…})`, `JSON.parse("…")`,
/// `(function(a,b){return …})(1,2)`.
fn places(text: &str, all: &mut Vec<Island>) {
    let mut at = 0;
    let (mut left, mut bytes) = (MOST_PLACES, text.len().saturating_mul(MOST_TIMES));
    while left > 0 && bytes > 0 {
        let rest = text.get(at..).unwrap_or_default();
        let Some(found) = memchr::memchr3(b'=', b'(', b',', rest.as_bytes()).map(|found| at + found) else {
            return;
        };
        at = found + 1;
        let rest = text.get(at..).unwrap_or_default();
        let value = rest.trim_start();
        let is_assigned = text.get(found..at) == Some("=");
        let before = text.get(..found).unwrap_or_default();
        if !may_begin(value, is_assigned) || before.ends_with(['!', '<', '>', '=']) {
            continue;
        }
        left -= 1;
        let is_called = value.starts_with("(function(") || value.starts_with("function(");
        let read = if is_called { called(value) } else { literal::value(value) };
        let Some((read, length)) = read else { continue };
        bytes = bytes.saturating_sub(length);
        let inner = value.get(..length).unwrap_or_default();
        // what is a program itself may assign and call within
        let is_program = !is_called && PROGRAMS.iter().any(|word| inner.contains(word));
        if !is_program {
            at += rest.len() - value.len() + length;
        }
        if length >= SHORT {
            add(all, name(before), Some(read));
        }
    }
}

/// Whether a value that may be long begins here.
fn may_begin(value: &str, is_assigned: bool) -> bool {
    let first = value.bytes().next();
    let inner = || value.get(1..).is_some_and(|rest| rest.trim_start_matches('\\').starts_with(['{', '[']));
    match first {
        Some(b'{' | b'[') => true,
        Some(b'"' | b'\'' | b'`') => inner(),
        Some(b'(' | b'f') if is_assigned => value.starts_with("(function(") || value.starts_with("function("),
        _ => MAKERS.iter().any(|maker| value.starts_with(maker)),
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
    if node.name() == "textarea" {
        let text = node.raw_text();
        if text.len() >= SHORT && begins(&text) {
            add(
                all,
                node.id().map_or_else(|| "textarea".to_owned(), |id| format!("textarea #{id}")),
                plain(&text),
            );
        }
    }
    for (name, value) in node.attrs().filter(|(_, value)| value.len() >= SHORT && begins(value)) {
        if OTHERS.iter().any(|other| name.eq_ignore_ascii_case(other)) || name.starts_with("on") {
            continue;
        }
        let read = plain(value);
        let props = read.as_ref().and_then(flat::unpair);
        add(all, format!("{}[{name}]", node.name()), props.or(read));
    }
}
