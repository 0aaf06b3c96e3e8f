//! Values written flat, each place of a list naming others by their numbers (devalue, as Nuxt 3 writes its payload).

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::budget::{self, Budget};

/// Places followed within each other.
const MOST_DEPTH: usize = 32;
/// Bytes of texts: a flat list can name one place a thousand times.
const MOST_BYTES: usize = 4 << 20;
/// Wrappers that stand for what they hold.
const WRAPPERS: [&str; 6] = ["Reactive", "ShallowReactive", "Ref", "ShallowRef", "Date", "Island"];
/// Numbers below zero that stand for undefined, NaN and their like.
const SIGNS: std::ops::Range<i64> = -8..0;

/// The value that a flat list means, to stand in its place; None when it is none.
pub(super) fn unfold(flat: &Value, budget: &mut Budget) -> Option<Value> {
    let places = flat.as_array().filter(|places| places.len() > 2)?;
    if !is_root(places) || !places.iter().all(is_place) {
        return None;
    }
    // the flat one is held no longer than that
    let mut all = *budget;
    all.give_back(flat);
    let part = all.at_most(MOST_BYTES);
    let mut purse = part;
    let whole = place(places, 0, 0, &mut purse).filter(says_something)?;
    all.less(part, purse);
    *budget = all;
    Some(whole)
}

/// Whether the first place names others, and nothing else.
fn is_root(places: &[Value]) -> bool {
    let is_named = |value: &Value| value.as_u64().is_some_and(|at| at > 0 && at < places.len() as u64);
    match places.first() {
        Some(Value::Object(map)) => {
            map.values().any(is_named)
                && map
                    .values()
                    .all(|value| is_named(value) || value.as_i64().is_some_and(|sign| SIGNS.contains(&sign)))
        }
        Some(Value::Array(list)) => {
            list.first().is_some_and(|tag| tag.as_str().is_some_and(|tag| WRAPPERS.contains(&tag)))
        }
        _ => false,
    }
}

/// Whether nothing in a place stands for itself: a list that begins with a count is none of these. One that broke off
/// may end with nothing.
fn is_place(place: &Value) -> bool {
    let is_number = |value: &Value| value.is_i64() || value.is_null();
    match place {
        Value::Object(map) => map.values().all(is_number),
        Value::Array(list) => list.first().is_some_and(Value::is_string) || list.iter().all(is_number),
        _ => true,
    }
}

/// Whether what was unfolded holds more than numbers.
fn says_something(whole: &Value) -> bool {
    let says = |value: &Value| value.is_object() || value.is_array() || value.is_string();
    match whole {
        Value::Object(map) => map.values().any(says),
        Value::Array(list) => list.iter().any(says),
        _ => false,
    }
}

fn place(places: &[Value], at: i64, depth: usize, budget: &mut Budget) -> Option<Value> {
    // what leads nowhere costs as much as what leads somewhere
    budget.take(1, 0)?;
    let value = places.get(usize::try_from(at).ok()?).filter(|_| depth <= MOST_DEPTH)?;
    let inner = |value: &Value, budget: &mut Budget| place(places, value.as_i64()?, depth + 1, budget);
    Some(match value {
        Value::Object(map) => {
            budget.take(budget::OBJECT - 1, 0)?;
            let mut out = Map::new();
            for (key, value) in map {
                if budget.take(0, key.len()).is_none() {
                    break;
                }
                out.insert(key.clone(), inner(value, budget).unwrap_or(Value::Null));
            }
            Value::Object(out)
        }
        Value::Array(list) => match list.first().and_then(Value::as_str) {
            Some("Date") => list.get(1).and_then(|date| plain(date, budget)).unwrap_or(Value::Null),
            Some(tag) if WRAPPERS.contains(&tag) => inner(list.get(1)?, budget)?,
            Some("Set") => Value::Array(members(list.get(1..)?, &inner, budget)),
            Some(_) => Value::Null,
            None => Value::Array(members(list, &inner, budget)),
        },
        value => plain(value, budget)?,
    })
}

/// The members of a list, as far as there is room for them.
fn members(
    list: &[Value],
    inner: &dyn Fn(&Value, &mut Budget) -> Option<Value>,
    budget: &mut Budget,
) -> Vec<Value> {
    let mut out = Vec::new();
    if budget.take(budget::LIST - 1, 0).is_none() {
        return out;
    }
    for value in list {
        let value = inner(value, budget);
        if budget.is_spent() {
            break;
        }
        out.push(value.unwrap_or(Value::Null));
    }
    out
}

/// A value without parts.
fn plain(value: &Value, budget: &mut Budget) -> Option<Value> {
    match value {
        Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => budget.take(0, text.len()).map(|()| value.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.clone()),
    }
}

/// Entities that may take the place of their names.
const MOST_NAMED: usize = 1000;

/// Puts entities of a store (Apollo: `{"__ref": "Author:7"}`) in the place of their names, one level deep.
pub(super) fn named(store: &mut Value, budget: &mut Budget) {
    let Some(map) = store.as_object_mut() else { return };
    let is_entity = |value: &&Value| value.get("__typename").is_some();
    let known: HashMap<String, (Value, (usize, usize))> = map
        .iter()
        .filter(|(name, value)| name.contains(':') && is_entity(value))
        .take(MOST_NAMED)
        .map(|(name, value)| (name.clone(), (value.clone(), budget::cost(value))))
        .collect();
    if known.is_empty() {
        return;
    }
    for value in map.values_mut().filter(|value| is_entity(&&**value)) {
        for field in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let name = field.get("__ref").and_then(Value::as_str);
            let Some((entity, cost)) = name.and_then(|name| known.get(name)) else { continue };
            if budget.take(cost.0, cost.1).is_none() {
                return;
            }
            *field = entity.clone();
        }
    }
}

/// Astro's props: each value with a number for what it is, `[0, "x"]`, a list `[1, [[0, "x"]]]`. None when they are none.
pub(super) fn unpair(props: &Value, budget: &mut Budget) -> Option<Value> {
    let is_pair = |value: &Value| {
        value.as_array().is_some_and(|pair| pair.len() == 2 && pair.first().is_some_and(Value::is_u64))
    };
    let map = props.as_object().filter(|map| !map.is_empty() && map.values().all(is_pair))?;
    Some(pairs(map, 0, budget))
}

fn pairs(map: &Map<String, Value>, depth: usize, budget: &mut Budget) -> Value {
    let mut out = Map::new();
    for (name, value) in map {
        if budget.take(0, name.len()).is_none() {
            break;
        }
        out.insert(name.clone(), pair(value, depth + 1, budget));
    }
    Value::Object(out)
}

fn pair(value: &Value, depth: usize, budget: &mut Budget) -> Value {
    let Some([_, inner]) = value.as_array().map(Vec::as_slice) else { return Value::Null };
    let room = if inner.is_object() { budget::OBJECT } else { 1 };
    if depth > MOST_DEPTH || budget.take(room, 0).is_none() {
        return Value::Null;
    }
    match inner {
        Value::Object(map) => pairs(map, depth, budget),
        Value::Array(list) => {
            let one = |value: &Value, budget: &mut Budget| Some(pair(value, depth + 1, budget));
            Value::Array(members(list, &one, budget))
        }
        inner => plain(inner, budget).unwrap_or(Value::Null),
    }
}
