//! Values written flat, each place of a list naming others by their numbers (devalue, as Nuxt 3 writes its payload).

use serde_json::{Map, Value};

/// Places followed within each other.
const MOST_DEPTH: usize = 32;
/// Values of the whole: a flat list can name one place a thousand times.
const MOST_VALUES: usize = 200_000;
/// Wrappers that stand for what they hold.
const WRAPPERS: [&str; 6] = ["Reactive", "ShallowReactive", "Ref", "ShallowRef", "Date", "Island"];

/// The value that a flat list means; None when it is none.
pub(super) fn unfold(flat: &Value) -> Option<Value> {
    let places = flat.as_array().filter(|places| places.len() > 2)?;
    let is_root = |value: &Value| match value {
        Value::Object(map) => !map.is_empty() && map.values().all(Value::is_number),
        Value::Array(list) => {
            list.first().is_some_and(|tag| tag.as_str().is_some_and(|tag| WRAPPERS.contains(&tag)))
        }
        _ => false,
    };
    places.first().filter(|root| is_root(root))?;
    let mut left = MOST_VALUES;
    place(places, 0, 0, &mut left)
}

fn place(places: &[Value], at: i64, depth: usize, left: &mut usize) -> Option<Value> {
    // numbers below zero stand for undefined, NaN and their like
    let value = places.get(usize::try_from(at).ok()?)?;
    if depth > MOST_DEPTH || *left == 0 {
        return None;
    }
    *left -= 1;
    let mut inner = |value: &Value| place(places, value.as_i64()?, depth + 1, left);
    Some(match value {
        Value::Object(map) => {
            let mut out = Map::new();
            for (key, value) in map {
                out.insert(key.clone(), inner(value).unwrap_or(Value::Null));
            }
            Value::Object(out)
        }
        Value::Array(list) => match list.first().and_then(Value::as_str) {
            Some("Date") => list.get(1).cloned().unwrap_or(Value::Null),
            Some("Set") => Value::Array(list.iter().skip(1).filter_map(inner).collect()),
            Some(tag) if WRAPPERS.contains(&tag) => inner(list.get(1)?)?,
            Some(_) => Value::Null,
            None => Value::Array(list.iter().map(|value| inner(value).unwrap_or(Value::Null)).collect()),
        },
        plain => plain.clone(),
    })
}

/// Fields of entities that take the place of their names, in all.
const MOST_NAMED: usize = 50_000;

/// Puts entities of a store (Apollo: `{"__ref": "Author:7"}`) in the place of their names, one level deep.
pub(super) fn named(store: &mut Value) {
    let Some(map) = store.as_object_mut() else { return };
    let is_entity = |value: &&Value| value.get("__typename").is_some();
    let known: Map<String, Value> = map
        .iter()
        .filter(|(name, value)| name.contains(':') && is_entity(value))
        .take(MOST_NAMED / 50)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if known.is_empty() {
        return;
    }
    let mut left = MOST_NAMED;
    for value in map.values_mut().filter(|value| is_entity(&&**value)) {
        for field in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let name = field.get("__ref").and_then(Value::as_str);
            let Some(entity) = name.and_then(|name| known.get(name)).filter(|_| left > 0) else { continue };
            left = left.saturating_sub(entity.as_object().map_or(1, Map::len));
            *field = entity.clone();
        }
    }
}

/// Astro's props: each value with a number for what it is, `[0, "x"]`, a list `[1, [[0, "x"]]]`. None when they are none.
pub(super) fn unpair(props: &Value) -> Option<Value> {
    let is_pair = |value: &Value| {
        value.as_array().is_some_and(|pair| pair.len() == 2 && pair.first().is_some_and(Value::is_u64))
    };
    let map = props.as_object().filter(|map| !map.is_empty() && map.values().all(is_pair))?;
    let mut left = MOST_VALUES;
    Some(pairs(map, 0, &mut left))
}

fn pairs(map: &Map<String, Value>, depth: usize, left: &mut usize) -> Value {
    let one = |(name, value): (&String, &Value)| (name.clone(), pair(value, depth + 1, left));
    Value::Object(map.iter().map(one).collect())
}

fn pair(value: &Value, depth: usize, left: &mut usize) -> Value {
    let Some([_, inner]) = value.as_array().map(Vec::as_slice) else { return Value::Null };
    if depth > MOST_DEPTH || *left == 0 {
        return Value::Null;
    }
    *left -= 1;
    match inner {
        Value::Object(map) => pairs(map, depth, left),
        Value::Array(list) => Value::Array(list.iter().map(|value| pair(value, depth + 1, left)).collect()),
        plain => plain.clone(),
    }
}
