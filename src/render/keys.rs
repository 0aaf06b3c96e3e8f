//! A portal's own keys as feeds.toml writes them: each value one line of TOML.

use std::time::Duration;

use crate::model::{
    ArticleRules, CharsetRule, DateRules, JsonRules, Kind, ListRules, Pace, PageUrl, Portal, Recipe,
};

/// A key and its value as TOML.
pub type TomlKey = (&'static str, String);

/// The keys that make a portal again. Request headers may hold what is nobody's business: they come only for the
/// administrator's own file.
#[must_use]
pub fn portal_keys(portal: &Portal, with_headers: bool) -> Vec<(String, String)> {
    let url = match portal.lists.as_slice() {
        _ if portal.sample => toml_text("sample:"),
        [one] => toml_text(one.as_str()),
        several => toml_texts(&several.iter().map(PageUrl::to_string).collect::<Vec<_>>()),
    };
    let mut keys: Vec<TomlKey> = vec![("name", toml_text(portal.id.as_str()))];
    keys.extend(portal.title.as_deref().map(|title| ("title", toml_text(title))));
    keys.push(("url", url));
    if portal.kind != Kind::Auto {
        keys.push(("kind", toml_text(portal.kind.as_str())));
    }
    match &portal.pace {
        Pace::Every(every) => keys.push(("every", span(*every))),
        Pace::Cron { expression, .. } => keys.push(("cron", toml_text(expression))),
    }
    keys.extend(portal.zone.map(|zone| ("timezone", toml_text(zone.name()))));
    if !portal.tags.is_empty() {
        keys.push(("tags", toml_texts(&portal.tags)));
    }
    keys.extend(recipe_keys(&portal.recipe));
    keys.extend(fetch(portal, with_headers).map(|fetch| ("fetch", fetch)));
    if !portal.enabled {
        keys.push(("enabled", "false".to_owned()));
    }
    keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn span(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("\"{}s\"", time.as_secs())
    } else {
        format!("\"{}ms\"", time.as_millis())
    }
}

fn fetch(portal: &Portal, with_headers: bool) -> Option<String> {
    let pairs: Vec<String> = portal
        .headers
        .iter()
        .filter(|_| with_headers)
        .map(|(name, value)| format!("{} = {}", toml_key(name), toml_text(value)))
        .collect();
    let headers = (!pairs.is_empty()).then(|| format!("{{ {} }}", pairs.join(", ")));
    inline([("min_gap", portal.min_gap.map(span)), ("headers", headers)])
}

/// The keys of a recipe, in the order they are written.
pub const RECIPE_KEYS: [&str; 5] = ["charset", "list", "json", "article", "dates"];

/// What a recipe says beyond the defaults.
#[must_use]
pub fn recipe_keys(recipe: &Recipe) -> Vec<TomlKey> {
    let charset = match &recipe.charset {
        CharsetRule::Auto => None,
        CharsetRule::Fixed(label) => Some(toml_text(label)),
    };
    let of =
        [charset, list(&recipe.list), json(&recipe.json), article(&recipe.article), dates(&recipe.dates)];
    RECIPE_KEYS.into_iter().zip(of).filter_map(|(key, value)| Some((key, value?))).collect()
}

fn list(rules: &ListRules) -> Option<String> {
    let pages = (rules.max_pages > 1).then(|| rules.max_pages.to_string());
    inline([
        ("item", selector(&rules.item)),
        ("link", selector(&rules.link)),
        ("title", selector(&rules.title)),
        ("date", selector(&rules.date)),
        ("next", selector(&rules.next)),
        ("max_pages", pages),
    ])
}

fn json(rules: &JsonRules) -> Option<String> {
    inline([
        ("items", selector(&rules.items)),
        ("title", selector(&rules.title)),
        ("link", selector(&rules.link)),
        ("date", selector(&rules.date)),
        ("body", selector(&rules.body)),
        ("summary", selector(&rules.summary)),
        ("author", selector(&rules.author)),
        ("source", selector(&rules.source)),
        ("page_param", selector(&rules.page_param)),
    ])
}

fn article(rules: &ArticleRules) -> Option<String> {
    inline([
        ("title", selector(&rules.title)),
        ("body", selector(&rules.body)),
        ("date", selector(&rules.date)),
        ("author", selector(&rules.author)),
        ("source", selector(&rules.source)),
        ("category", selector(&rules.category)),
        ("next", selector(&rules.next)),
        ("remove", array(&rules.remove)),
        ("read", (!rules.read).then(|| "false".to_owned())),
    ])
}

fn dates(rules: &DateRules) -> Option<String> {
    inline([("formats", array(&rules.formats)), ("ignore", array(&rules.ignore))])
}

fn selector(given: &Option<String>) -> Option<String> {
    given.as_deref().map(toml_text)
}

fn array(given: &[String]) -> Option<String> {
    (!given.is_empty()).then(|| toml_texts(given))
}

fn inline<const N: usize>(keys: [(&str, Option<String>); N]) -> Option<String> {
    let written: Vec<String> =
        keys.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?))).collect();
    (!written.is_empty()).then(|| format!("{{ {} }}", written.join(", ")))
}

/// A string as TOML; control characters, which could move a terminal, are escaped.
#[must_use]
pub fn toml_text(value: &str) -> String {
    if !value.chars().any(char::is_control) {
        return toml::Value::from(value).to_string();
    }
    let mut basic = String::from('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => basic.extend(['\\', c]),
            c if c.is_control() => basic.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => basic.push(c),
        }
    }
    basic.push('"');
    basic
}

/// Strings as a TOML array.
#[must_use]
pub fn toml_texts(values: &[String]) -> String {
    let written: Vec<String> = values.iter().map(|value| toml_text(value)).collect();
    format!("[{}]", written.join(", "))
}

/// What cannot begin a text that stands without quotes.
const QUOTES: [char; 4] = ['"', '\'', '[', '{'];

/// The keys whose values are texts: they may stand without quotes.
const TEXTS: [&str; 8] = ["name", "title", "url", "kind", "charset", "every", "cron", "timezone"];

/// The other keys that a portal can be made of again.
const OTHERS: [&str; 7] = ["tags", "list", "json", "article", "dates", "fetch", "enabled"];

/// A value where quotes are in the way: a text without them, when it can be told from other values.
#[must_use]
pub(super) fn toml_bare(value: &str) -> String {
    match read(value) {
        Some(toml::Value::String(text))
            if !text.chars().any(char::is_control) && !text.starts_with(QUOTES) =>
        {
            text
        }
        _ => value.to_owned(),
    }
}

/// Reads what `toml_bare` wrote, or what somebody wrote by hand, as one line of TOML.
///
/// # Errors
/// Says why not, when the key is none of a portal or the value is no TOML.
pub fn toml_of_bare(key: &str, bare: &str) -> Result<String, String> {
    let is_text = TEXTS.contains(&key);
    if !is_text && !OTHERS.contains(&key) {
        return Err(format!("`{key}` is no key of a portal"));
    }
    match read(bare) {
        Some(value) if !is_text || bare.starts_with(QUOTES) => Ok(one_line(&value)),
        _ if is_text => Ok(toml_text(bare)),
        _ => Err(format!("the value of `{key}` is no TOML")),
    }
}

fn read(value: &str) -> Option<toml::Value> {
    if value.contains(['\n', '\r']) {
        return None;
    }
    let mut table: toml::Table = format!("value = {value}").parse().ok()?;
    table.remove("value")
}

/// A value on one line, without anything that could move a terminal.
fn one_line(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => toml_text(text),
        toml::Value::Array(values) => {
            let each: Vec<String> = values.iter().map(one_line).collect();
            format!("[{}]", each.join(", "))
        }
        toml::Value::Table(table) => {
            let each: Vec<String> =
                table.iter().map(|(key, value)| format!("{} = {}", toml_key(key), one_line(value))).collect();
            format!("{{ {} }}", each.join(", "))
        }
        other => other.to_string(),
    }
}

fn toml_key(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if bare { key.to_owned() } else { toml_text(key) }
}
