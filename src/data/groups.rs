//! The lists of objects in a document, in whatever place, and whether they stand beside what the document is about.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::called;

/// Lists and objects looked at.
const MOST_LOOKS: usize = 50_000;
/// Records of one list.
const MOST_RECORDS: usize = 1000;
/// Objects whose keys say what they are (`Article:12`) are groups by that.
const KIND_MARK: char = ':';

/// Objects in one place of a document.
pub(super) struct Group<'a> {
    pub(super) maps: Vec<&'a Map<String, Value>>,
    pub(super) members: usize,
    pub(super) is_aside: bool,
}

/// A value, where it stands, and whether that is beside the list.
type Place<'a> = (u64, bool, &'a Value);

/// All lists of objects, breadth first: a list near the root is meant, one deep inside belongs to something else.
pub(super) fn groups(document: &Value) -> Vec<Group<'_>> {
    let mut all: Vec<Group<'_>> = Vec::new();
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut looks = 0;
    let mut waiting: Vec<Place<'_>> = vec![(ROOT, false, document)];
    let mut next = Vec::new();
    while !waiting.is_empty() && looks < MOST_LOOKS {
        for (place, is_aside, value) in waiting.drain(..) {
            looks += 1;
            for (group, inner, is_beside, member) in members(place, value) {
                let is_beside = is_aside || is_beside;
                if member.is_object() || member.is_array() {
                    next.push((inner, is_beside, member));
                }
                let at = *places.entry(group).or_insert_with(|| {
                    all.push(Group { maps: Vec::new(), members: 0, is_aside });
                    all.len() - 1
                });
                let Some(group) = all.get_mut(at) else { continue };
                group.members += 1;
                group.maps.extend(member.as_object().filter(|_| group.maps.len() < MOST_RECORDS));
            }
        }
        std::mem::swap(&mut waiting, &mut next);
    }
    all.retain(|group| !group.maps.is_empty());
    all
}

/// What stands in a value: the group it belongs to, its own place, whether that is beside the list.
fn members(place: u64, value: &Value) -> Vec<(u64, u64, bool, &Value)> {
    match value {
        Value::Array(list) => {
            let inner = below(place, "*");
            list.iter().take(MOST_RECORDS).map(|member| (place, inner, false, member)).collect()
        }
        Value::Object(map) => {
            let member = |(name, value)| {
                let name: &String = name;
                let kind = name.split_once(KIND_MARK).map_or("", |(kind, _)| kind);
                (below(place, kind), below(place, name), is_beside(name), value)
            };
            map.iter().take(MOST_RECORDS).map(member).collect()
        }
        _ => Vec::new(),
    }
}

/// The place of the document itself.
const ROOT: u64 = 0xcbf2_9ce4_8422_2325;

/// A place within another.
fn below(place: u64, name: &str) -> u64 {
    name.bytes().chain([0]).fold(place, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What is called so stands beside the list; so long that a part of a name says it, else its beginning.
const BESIDE: [&str; 20] = [
    "recommend",
    "related",
    "ranking",
    "banner",
    "carousel",
    "sidebar",
    "footer",
    "breadcrumb",
    "channels",
    "columns",
    "categories",
    "comments",
    "friend",
    "advert",
    "swiper",
    "hot",
    "rank",
    "menu",
    "nav",
    "tags",
];
const LONG_NAME: usize = 6;

fn is_beside(name: &str) -> bool {
    let name = called::plain(name);
    BESIDE.iter().any(|word| {
        name.starts_with(word) || word.len() >= LONG_NAME && name.contains(word) || name.ends_with("hot")
    })
}
