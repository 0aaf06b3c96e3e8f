//! rsspls: `[[feed]]` tables in TOML.

use toml::{Table, Value};

use super::found::{Found, Imported, name_of};
use super::times;

/// Keys of rsspls itself, which say nothing of a portal.
const COMMON: &str = "rsspls";

/// Reads the tables. `text` is TOML, or the fault is told with its line.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let lines = lines(text);
    let mut found = Found::default();
    for (key, value) in table.iter().filter(|(key, _)| !matches!(key.as_str(), "feed")) {
        let line = line_of(text, key);
        if key != COMMON {
            found.tell(line, format!("`{key}` is no key of rsspls"));
        }
        for own in value.as_table().filter(|_| key == COMMON).into_iter().flat_map(Table::keys) {
            let what = match own.as_str() {
                "output" => "feeds are served, not written; see [server]",
                "proxy" => "name the proxy in `fetch.proxy` of [defaults]",
                _ => "it has no counterpart",
            };
            found.tell(key_line(text, line, own), format!("[rsspls] {own}: {what}"));
        }
    }
    let feeds = table.get("feed").and_then(Value::as_array).cloned().unwrap_or_default();
    for (at, feed) in feeds.iter().filter_map(Value::as_table).enumerate() {
        let line = lines.get(at).copied().unwrap_or(1);
        self::feed(&mut found, text, line, feed);
    }
    Ok(found)
}

/// The lines at which `[[feed]]` stands.
fn lines(text: &str) -> Vec<usize> {
    let is_feed =
        |line: &str| line.split('#').next().unwrap_or_default().replace(' ', "").starts_with("[[feed]]");
    (1..).zip(text.lines()).filter(|(_, line)| is_feed(line)).map(|(number, _)| number).collect()
}

/// The line of a key behind the line of its table; the table's own when it is not found.
fn key_line(text: &str, after: usize, key: &str) -> usize {
    let is_key = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
            || line.trim_start_matches('[').trim_end().trim_end_matches(']').ends_with(key)
                && line.starts_with('[')
    };
    (1..).zip(text.lines()).skip(after).find(|(_, line)| is_key(line)).map_or(after, |(number, _)| number)
}

fn line_of(text: &str, key: &str) -> usize {
    let is_key = |line: &str| line.trim_start().trim_start_matches('[').starts_with(key);
    (1..).zip(text.lines()).find(|(_, line)| is_key(line)).map_or(1, |(number, _)| number)
}

fn feed(found: &mut Found, text: &str, line: usize, feed: &Table) {
    let config = feed.get("config").and_then(Value::as_table).cloned().unwrap_or_default();
    let at = |key: &str| key_line(text, line, key);
    let said = |key: &str| config.get(key).and_then(Value::as_str);
    let mut portal = Imported {
        line,
        name: feed.get("filename").and_then(Value::as_str).and_then(name_of),
        title: feed.get("title").and_then(Value::as_str).map(str::to_owned),
        url: said("url").unwrap_or_default().to_owned(),
        ..Imported::default()
    };
    let list = &mut portal.recipe.list;
    list.item = found.css(at("item"), "item", said("item"));
    list.title = found.css(at("heading"), "heading", said("heading"));
    // a heading is a link where no other is named
    list.link = found.css(at("link"), "link", said("link"));
    match config.get("date") {
        Some(Value::String(selector)) => list.date = found.css(at("date"), "date", Some(selector)),
        Some(Value::Table(date)) => {
            list.date = found.css(at("date"), "date.selector", date.get("selector").and_then(Value::as_str));
            if let Some(format) = date.get("format").and_then(Value::as_str) {
                match times::of_rust_time(format) {
                    Ok(format) => portal.recipe.dates.formats.push(format),
                    Err(what) => found.tell(
                        at("date"),
                        format!("date.format: `{what}` has no counterpart; most dates are read without one, else write `dates.formats`"),
                    ),
                }
            }
        }
        _ => {}
    }
    for key in config.keys() {
        match key.as_str() {
            "url" | "item" | "heading" | "link" | "date" => {}
            "summary" => found.tell(at("summary"), "summary: the article itself is read; nothing to do"),
            "media" => found.tell(at("media"), "media: pictures are read from the article; nothing to do"),
            other => found.tell(at(other), format!("`{other}` has no counterpart")),
        }
    }
    for key in feed.keys() {
        match key.as_str() {
            "config" | "title" | "filename" => {}
            "user_agent" => found
                .tell(at(key), "user_agent: tidings has one name for all portals; see `fetch.user_agent`"),
            other => found.tell(at(other), format!("`{other}` has no counterpart")),
        }
    }
    found.within_items(&mut portal, said("item").is_some());
    if portal.url.is_empty() {
        found.tell(line, "the feed has no `config.url` and is left out");
        return;
    }
    found.portals.push(portal);
}
