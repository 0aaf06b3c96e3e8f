//! Values that a page carries in its scripts and attributes: the state that a program in the browser begins with.

use serde_json::Value;

use super::budget::Budget;
use super::flat;
use super::flight::Rows;
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
/// Bytes in which a function has its parameters and begins to return: a large page of Nuxt 2 has two thousand names.
const MOST_HEAD: usize = 20_000;
/// Bytes from its parameters to what it returns, and from the end of that to its arguments.
const MOST_BODY: usize = 4000;
const MOST_BEHIND: usize = 200;
const RETURN: &str = "return";
/// Bytes are searched so many times quicker than read.
const SEARCHED: usize = 16;
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
    let mut found = Islands { all: Vec::new(), pushed: String::new(), budget: Budget::page() };
    for node in page.root().descendants() {
        if found.is_full() {
            break;
        }
        if node.name() == "script" && node.attr("src").is_none() {
            found.script(node, with_linked);
        } else {
            found.attributes(node);
        }
    }
    found.pieces();
    found.all
}

/// What was found so far.
struct Islands {
    all: Vec<Island>,
    /// What Next.js sends in pieces.
    pushed: String,
    /// For all of them together, as all are held.
    budget: Budget,
}

impl Islands {
    fn is_full(&self) -> bool {
        self.all.len() >= MOST || self.budget.is_spent()
    }

    /// Keeps what `read` makes, if that is a value with parts; what is not kept costs nothing.
    fn add(&mut self, place: String, read: impl FnOnce(&mut Budget) -> Option<Value>) {
        let has_parts = |value: &Value| value.is_object() || value.is_array();
        let is_value =
            |value: &Value| has_parts(value) || value.as_str().is_some_and(within::looks_like_json);
        let mut budget = self.budget;
        if !self.is_full()
            && let Some(value) = read(&mut budget).filter(is_value)
            && let Some(value) = Some(within::unfolded(value, &mut budget)).filter(has_parts)
        {
            self.budget = budget;
            self.all.push(Island { place, value });
        }
    }

    fn script(&mut self, node: Node<'_>, with_linked: bool) {
        let text = node.raw_text();
        let kind = node.attr("type").unwrap_or_default().to_ascii_lowercase();
        let is_linked = kind.contains("ld+json");
        if is_linked && !with_linked || text.len() < SHORT {
            return;
        }
        let name = node.id().map_or_else(|| format!("script {kind}"), |id| format!("script #{id}"));
        let is_program = kind.is_empty() || kind.contains("script") || kind == "module";
        if kind.contains("json") || node.id() == Some("__NEXT_DATA__") || !is_program && begins(&text) {
            return self.add(name, |budget| plain(&text, budget));
        }
        if !is_program {
            return;
        }
        if text.contains(PUSH) {
            return self.push(&text);
        }
        self.places(&text);
    }

    /// Values that a script assigns or hands to a function: `window.NAME = {…}`, `start(app, {…})`, `JSON.parse("…")`,
    /// `(function(a,b){return …})(1,2)`.
    fn places(&mut self, text: &str) {
        let mut at = 0;
        let (mut left, mut bytes) = (MOST_PLACES, text.len().saturating_mul(MOST_TIMES));
        while left > 0 && bytes > 0 && !self.is_full() {
            let rest = text.get(at..).unwrap_or_default();
            let Some(found) = memchr::memchr3(b'=', b'(', b',', rest.as_bytes()).map(|found| at + found)
            else {
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
            let mut budget = self.budget;
            let (read, length) = if is_called {
                called(value, &mut budget)
            } else {
                let read = literal::read(value, &Names::default(), &mut budget);
                read.map_or((None, 1), |(read, length)| (Some(read), length))
            };
            bytes = bytes.saturating_sub(length);
            let Some(read) = read else { continue };
            let inner = value.get(..length).unwrap_or_default();
            // what is a program itself may assign and call within
            let is_program = !is_called && PROGRAMS.iter().any(|word| inner.contains(word));
            if !is_program {
                at += rest.len() - value.len() + length;
            }
            if length >= SHORT {
                self.add(name(before), |left| {
                    *left = budget;
                    Some(read)
                });
            }
        }
    }

    fn attributes(&mut self, node: Node<'_>) {
        if node.name() == "textarea" {
            let text = node.raw_text();
            if text.len() >= SHORT && begins(&text) {
                let place = node.id().map_or_else(|| "textarea".to_owned(), |id| format!("textarea #{id}"));
                self.add(place, |budget| plain(&text, budget));
            }
        }
        for (name, value) in node.attrs().filter(|(_, value)| value.len() >= SHORT && begins(value)) {
            if OTHERS.iter().any(|other| name.eq_ignore_ascii_case(other)) || name.starts_with("on") {
                continue;
            }
            self.add(format!("{}[{name}]", node.name()), |budget| {
                let read = plain(value, budget)?;
                Some(flat::unpair(&read, budget).unwrap_or(read))
            });
        }
    }

    /// The pieces of what Next.js sends, one behind the other.
    fn push(&mut self, text: &str) {
        let mut rest = text;
        for _ in 0..MOST_PLACES {
            let Some((_, inner)) = rest.split_once(PUSH) else { return };
            let (values, length) = literal::arguments_within(inner, &mut { self.budget });
            let piece = values.first().and_then(|value| value.get(1)).and_then(Value::as_str);
            self.pushed.push_str(piece.unwrap_or_default());
            rest = inner.get(length..).unwrap_or_default();
        }
    }

    fn pieces(&mut self) {
        let pushed = std::mem::take(&mut self.pushed);
        let (rows, long) = Rows::of(&pushed, SHORT);
        for id in long {
            self.add("self.__next_f".to_owned(), |budget| rows.value(id, budget));
        }
    }
}

/// Whether a text is a value, in whatever way it was made safe to stand in a page.
fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let marks = ["{", "[", "%7B", "%5B", "%7b", "%5b", "&quot;", "{&quot;", "[{&quot;"];
    marks.iter().any(|mark| text.starts_with(mark))
}

/// The value that a text is, its signs as they are, as bytes (`%7B`), or as references (`&quot;`).
fn plain(text: &str, budget: &mut Budget) -> Option<Value> {
    let text = text.trim_start();
    let decoded = text.starts_with('%').then(|| literal::decoded(text));
    let is_escaped = text.contains("&quot;") && !text.contains('"');
    let resolved = is_escaped.then(|| resolved(text));
    let text = decoded.or(resolved).unwrap_or_else(|| text.to_owned());
    literal::read(&text, &Names::default(), budget).map(|(value, _)| value)
}

/// A text with the references that a template writes for the signs of markup.
fn resolved(text: &str) -> String {
    let marks =
        [("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
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

/// A function that is called where it stands, returning a literal of its parameters (Nuxt 2); and the bytes that were
/// read for it, which cost as much where it is none.
fn called(text: &str, budget: &mut Budget) -> (Option<Value>, usize) {
    let Some((names, at)) = head(text) else { return (None, text.len().min(MOST_HEAD) / SEARCHED + 1) };
    let body = text.get(at..).unwrap_or_default();
    let end = at + literal::passed(body);
    let behind = text.get(end..).unwrap_or_default();
    let near = behind.get(..behind.floor_char_boundary(MOST_BEHIND)).unwrap_or_default();
    let Some(open) = near.find('(') else { return (None, end) };
    let begin = end + open + 1;
    let (values, length) = literal::arguments_within(text.get(begin..).unwrap_or_default(), budget);
    let read = literal::read(body, &Names::of(names, values), budget);
    (read.map(|(value, _)| value), begin + length)
}

/// The parameters of a function, and where the value begins that it returns.
fn head(text: &str) -> Option<(Vec<&str>, usize)> {
    let head = text.get(..text.floor_char_boundary(MOST_HEAD))?;
    let inner = head.strip_prefix('(').unwrap_or(head).strip_prefix("function(")?;
    let (names, body) = inner.split_once(')')?;
    // a body that does more than to return is a program
    let near = body.get(..body.floor_char_boundary(MOST_BODY))?;
    let at = near.find(RETURN)? + RETURN.len();
    Some((names.split(',').map(str::trim).collect(), head.len() - body.len() + at))
}
