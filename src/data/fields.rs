//! What a record says in each role: title, link, date and the others, whatever its values are wrapped in.

use serde_json::{Map, Value};

use super::called::{self, Role};

/// Objects within a record that stand for it.
const INNER: [&str; 14] = [
    "frontmatter",
    "node",
    "attributes",
    "fields",
    "article",
    "news",
    "post",
    "item",
    "data",
    "source",
    "content",
    "info",
    "doc",
    // what WordPress adds of authors and categories when asked
    "embedded",
];
/// Wrappers of a text: WordPress, GraphQL, Java's dates, Mongo's, JSON-LD's, Drupal's, Sanity's.
const TEXTS: [&str; 21] = [
    "basic",
    "rendered",
    "text",
    "html",
    "processed",
    "value",
    "plaintext",
    "time",
    "date",
    "name",
    "displayName",
    "@value",
    "@id",
    "url",
    "src",
    "href",
    "alias",
    "current",
    "$date",
    "$oid",
    "title",
];
/// Wrappers of an object or of several.
const OBJECTS: [&str; 7] = ["by", "node", "nodes", "edges", "data", "attributes", "fields"];
/// Wrappers within each other.
const MOST_DEPTH: usize = 6;
/// Names of one field that are taken: authors, categories.
const MOST_NAMES: usize = 8;

/// A field of a record.
#[derive(Debug)]
struct Field<'a> {
    /// As [`called::plain`] writes it.
    name: String,
    value: &'a Value,
    roles: Vec<(Role, usize)>,
}

/// A record: an object with what stands in it under other names.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// The fields of an object, and of those within it that stand for it. `guessed` is what names do not say and values
    /// do.
    pub(super) fn of(map: &'a Map<String, Value>, guessed: &[(String, Role)]) -> Self {
        let mut all = Vec::new();
        let mut add = |name: &str, value: &'a Value| {
            let name = called::plain(name);
            let mut roles = called::roles(&name);
            roles.extend(guessed.iter().filter(|(one, _)| *one == name).map(|(_, role)| (*role, usize::MAX)));
            all.push(Field { name, value, roles });
        };
        map.iter().for_each(|(name, value)| add(name, value));
        for (name, value) in map {
            if INNER.contains(&called::plain(name).as_str()) {
                value.as_object().into_iter().flatten().for_each(|(name, value)| add(name, value));
            }
        }
        Self(all)
    }

    /// All fields of a role, the surer first.
    fn all(&self, role: Role) -> impl Iterator<Item = &Field<'a>> {
        let rank =
            |field: &Field<'a>| field.roles.iter().find(|(one, _)| *one == role).map(|(_, rank)| *rank);
        let mut found: Vec<(usize, &Field<'a>)> =
            self.0.iter().filter_map(|field| Some((rank(field)?, field))).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, field)| field)
    }

    /// All values of a role, the surer first.
    pub(super) fn values(&self, role: Role) -> impl Iterator<Item = &'a Value> {
        self.all(role).map(|field| field.value)
    }

    /// All texts of a role, the surer first.
    pub(super) fn texts(&self, role: Role) -> impl Iterator<Item = String> {
        self.values(role).filter_map(text)
    }

    /// The same with the name of each.
    pub(super) fn named(&self, role: Role) -> impl Iterator<Item = (&str, String)> {
        self.all(role).filter_map(|field| Some((field.name.as_str(), text(field.value)?)))
    }

    /// All texts of a role that are times, the surer first.
    pub(super) fn times(&self, role: Role) -> impl Iterator<Item = String> {
        let clock = self.0.iter().find(|field| CLOCKS.contains(&field.name.as_str()));
        let clock = clock.and_then(|field| field.value.as_str()).filter(|told| is_clock(told));
        self.all(role).filter_map(move |field| {
            let told = parted(field.value).or_else(|| text(field.value))?;
            let told =
                clock.filter(|_| is_day(&told)).map_or_else(|| told.clone(), |at| format!("{told} {at}"));
            Some(if field.name.ends_with("gmt") { in_utc(told) } else { told })
        })
    }

    /// What the names in a role are, each by itself.
    pub(super) fn names(&self, role: Role, is: impl Fn(&String) -> bool) -> Vec<String> {
        let mut all = Vec::new();
        for value in self.values(role) {
            names_in(value, &mut all, 0);
            all.retain(&is);
            if !all.is_empty() {
                break;
            }
        }
        all
    }

    /// What a field of any name says.
    pub(super) fn by_name(&self, name: &str) -> Option<String> {
        let wanted = called::plain(name);
        let told = self.0.iter().find(|field| field.name == wanted).and_then(|field| text(field.value))?;
        Some(told).filter(|told| told.len() < MOST_NAME)
    }
}

/// A name that stands in an address is shorter.
const MOST_NAME: usize = 200;
/// Fields that hold the hour of a day that stands beside.
const CLOCKS: [&str; 4] = ["time", "clock", "hour", "uhrzeit"];

/// Whether a text is an hour and nothing else: `09:11`, `9:11:43`.
fn is_clock(told: &str) -> bool {
    let is_part = |part: &str| matches!(part.len(), 1 | 2) && part.chars().all(|c| c.is_ascii_digit());
    let parts: Vec<&str> = told.trim().split(':').collect();
    matches!(parts.len(), 2 | 3) && parts.into_iter().all(is_part)
}

/// Whether a text may be a day without an hour.
fn is_day(told: &str) -> bool {
    told.len() < "Mittwoch, 11. September 2021".len() + 4
        && !told.contains(':')
        && told.contains(|c: char| c.is_ascii_digit())
        && !told.chars().all(|c| c.is_ascii_digit())
}

/// A time in parts, as Java's `LocalDateTime` is written: `[2021,3,11,9,11,43]`; or a day and its hour.
fn parted(value: &Value) -> Option<String> {
    if let Value::Object(map) = value {
        let part = |name: &str| map.get(name).and_then(Value::as_str).map(str::trim);
        let (day, clock) = (part("date")?, part("time")?);
        return (is_day(day) && is_clock(clock)).then(|| format!("{day} {clock}"));
    }
    let parts: Option<Vec<u64>> = value.as_array()?.iter().take(6).map(Value::as_u64).collect();
    match *parts?.as_slice() {
        [year, month, day] => Some(format!("{year:04}-{month:02}-{day:02}")),
        [year, month, day, hour, minute] => {
            Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"))
        }
        [year, month, day, hour, minute, second] => {
            Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
        }
        _ => None,
    }
}

/// A time that is UTC by its field's name (`date_gmt` of WordPress) and does not say so.
fn in_utc(told: String) -> String {
    let is_bare = told.len() == "2021-03-11T01:11:43".len() && told.ends_with(|c: char| c.is_ascii_digit());
    if is_bare { format!("{}Z", told.replacen(' ', "T", 1)) } else { told }
}

/// What a value says as text: itself, or what a wrapper of texts holds; of several authors all.
pub(super) fn text(value: &Value) -> Option<String> {
    within(value, 0)
}

fn within(value: &Value, depth: usize) -> Option<String> {
    let told = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(_) if depth >= MOST_DEPTH => return None,
        Value::Object(map) => {
            let wrapped = |wanted: &&str| {
                map.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
            };
            let inner = TEXTS.iter().filter_map(wrapped).find(|value| value.is_string() || value.is_number());
            let object =
                || OBJECTS.iter().filter_map(wrapped).find(|value| value.is_object() || value.is_array());
            return within(inner.or_else(object)?, depth + 1);
        }
        Value::Array(list) => {
            let all: Vec<String> = list
                .iter()
                .take(MOST_NAMES)
                .filter(|value| !value.is_array())
                .filter_map(|value| within(value, depth + 1))
                .collect();
            all.join(", ")
        }
        Value::Null | Value::Bool(_) => return None,
    };
    Some(told).filter(|told| !told.is_empty())
}

/// The names in a value: of one thing, of several, of lists of those. Tags of WordPress are no categories.
fn names_in(value: &Value, all: &mut Vec<String>, depth: usize) {
    if depth > MOST_DEPTH || all.len() >= MOST_NAMES {
        return;
    }
    match value {
        Value::Array(list) => list.iter().take(MOST_NAMES).for_each(|value| names_in(value, all, depth + 1)),
        Value::Object(map) => {
            if map.get("taxonomy").is_some_and(|taxonomy| taxonomy != "category") {
                return;
            }
            let inner = OBJECTS
                .iter()
                .filter_map(|name| map.get(*name))
                .find(|value| value.is_object() || value.is_array());
            match (map.get("name"), inner) {
                (None, Some(inner)) => names_in(inner, all, depth + 1),
                _ => all.extend(text(value)),
            }
        }
        plain => all.extend(text(plain)),
    }
}
