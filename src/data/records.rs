//! Records of articles among the values of a document: the list of objects that have titles, links and dates.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::fields::{self, Fields, Role};
use super::pattern::Pattern;
use crate::page::text;

/// Lists and objects looked at.
const MOST_LOOKS: usize = 50_000;
/// Records of one list.
const MOST_RECORDS: usize = 1000;
/// A list of fewer is none, unless its records say more than titles.
const FEW: usize = 3;
/// Half widths of a headline, on average, where no date says that they are news.
const TITLE: usize = 12;
/// Half widths of a text that is an article's.
const BODY: usize = 160;

/// An article as a program writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its headline; may hold markup and references.
    pub title: String,
    /// Where it leads, as written.
    pub link: Option<String>,
    /// The system's own name for it.
    pub id: Option<String>,
    /// When it was published, as written.
    pub date: Option<String>,
    /// When it was changed, as written.
    pub modified: Option<String>,
    /// Its teaser.
    pub summary: Option<String>,
    /// Its body: markup, or lines.
    pub body: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
    /// Where it stands.
    pub category: Option<String>,
    /// Its picture, as written.
    pub image: Option<String>,
}

/// How what stands in a record is told from other things.
pub struct Signs<'a> {
    /// Whether a text leads to a page.
    pub is_link: &'a dyn Fn(&str) -> bool,
    /// Whether a text is a time.
    pub is_date: &'a dyn Fn(&str) -> bool,
    /// How the page makes addresses of the names of its articles, where it shows that.
    pub made: &'a [Pattern],
    /// The links that the page shows, by what they say.
    pub shown: &'a HashMap<String, String>,
}

impl std::fmt::Debug for Signs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signs").field("made", &self.made).finish_non_exhaustive()
    }
}

/// The records of a document: of all its lists the one that looks most like news. Lists in the same place of several
/// groups (days, sections) are one.
#[must_use]
pub fn all(document: &Value, signs: &Signs<'_>) -> Vec<Record> {
    let reader = Reader(signs);
    let mut best: (usize, Vec<Record>) = (0, Vec::new());
    for group in groups(document) {
        let records = reader.list(&group.maps);
        let worth = worth(&records, group.members) / if group.is_aside { ASIDE } else { 1 };
        if worth > best.0 {
            best = (worth, records);
        }
    }
    best.1
}

/// What stands beside the list is worth so many times less: it is taken where nothing else is a list.
const ASIDE: usize = 8;
/// Objects whose keys say what they are (`Article:12`) are groups by that.
const KIND_MARK: char = ':';

/// Objects in one place of a document.
struct Group<'a> {
    maps: Vec<&'a Map<String, Value>>,
    members: usize,
    is_aside: bool,
}

/// A value, where it stands, and whether that is beside the list.
type Place<'a> = (u64, bool, &'a Value);

/// All lists of objects, breadth first: a list near the root is meant, one deep inside belongs to something else.
fn groups(document: &Value) -> Vec<Group<'_>> {
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
    let name = fields::plain(name);
    BESIDE.iter().any(|word| {
        name.starts_with(word) || word.len() >= LONG_NAME && name.contains(word) || name.ends_with("hot")
    })
}

/// How much a list looks like news; zero for one that does not.
fn worth(records: &[Record], members: usize) -> usize {
    let dated = records.iter().filter(|record| record.date.is_some()).count();
    let told = records.iter().filter(|record| record.body.is_some() || record.summary.is_some()).count();
    let linked = records.iter().filter(|record| record.link.is_some() || record.body.is_some()).count();
    let width = records.iter().map(|record| text::width(&record.title)).sum::<usize>() / records.len().max(1);
    let is_news = dated * 2 >= records.len() || width >= TITLE;
    let is_few = records.len() < FEW && dated == 0 && told == 0;
    // an object with a few records among many other things is no list of them
    if records.is_empty() || is_few || !is_news || linked * 2 < records.len() || records.len() * 3 < members {
        return 0;
    }
    let all = records.len() * 4 + dated * 8 + told * 2 + records.len() * width.min(40) / 10;
    // columns have dates, too: those of the day when they were made
    if width < TITLE && told == 0 { (all / ASIDE).max(1) } else { all }
}

/// The article that a document is about: the record with the longest body.
#[must_use]
pub fn body(document: &Value, is_date: &dyn Fn(&str) -> bool) -> Option<Record> {
    let shown = HashMap::new();
    let signs = Signs { is_link: &|_| false, is_date, made: &[], shown: &shown };
    let reader = Reader(&signs);
    let mut best: Option<Record> = None;
    let length = |record: &Option<Record>| {
        record.as_ref().and_then(|record| record.body.as_ref()).map_or(0, String::len)
    };
    let mut waiting = vec![document];
    let mut looks = 0;
    while let Some(value) = waiting.pop() {
        looks += 1;
        if looks > MOST_LOOKS {
            break;
        }
        match value {
            Value::Object(map) => {
                let found = reader
                    .record(map, &[])
                    .map(|(record, _)| record)
                    .filter(|record| record.body.as_deref().is_some_and(is_long));
                if length(&found) > length(&best) {
                    best = found;
                }
                waiting.extend(map.values());
            }
            Value::Array(list) => waiting.extend(list.iter()),
            _ => {}
        }
    }
    best
}

/// One object as a record, by rules of the caller for what no rule of his names.
#[must_use]
pub fn one(value: &Value, signs: &Signs<'_>) -> Option<Record> {
    Reader(signs).record(value.as_object()?, &[]).map(|(record, _)| record)
}

fn is_long(body: &str) -> bool {
    text::width(body) >= BODY
}

struct Reader<'a>(&'a Signs<'a>);

/// Fields that are no links of a list's own, at most.
const MOST_SHARED: usize = 4;

impl Reader<'_> {
    /// A list of objects as records. A field that leads to the same place in most of them (a column, a picture) is not
    /// their link.
    fn list(&self, maps: &[&Map<String, Value>]) -> Vec<Record> {
        let mut shared: Vec<&'static str> = Vec::new();
        loop {
            let read = maps.iter().filter_map(|map| self.record(map, &shared));
            let (mut records, names): (Vec<Record>, Vec<_>) = read.unzip();
            let links: HashSet<&String> = records.iter().filter_map(|record| record.link.as_ref()).collect();
            let linked = records.iter().filter(|record| record.link.is_some()).count();
            let name = names.iter().flatten().next().copied().filter(|name| !shared.contains(name));
            match name {
                Some(name) if linked > 1 && links.len() * 2 <= linked && shared.len() < MOST_SHARED => {
                    shared.push(name);
                }
                _ => {
                    self.show(&mut records);
                    return records;
                }
            }
        }
    }

    /// Gives records without a link the one that the page shows under their titles, and the others one made likewise.
    fn show(&self, records: &mut [Record]) {
        if self.0.shown.is_empty() {
            return;
        }
        let mut likewise: Vec<Pattern> = Vec::new();
        for record in records.iter_mut().filter(|record| record.link.is_none()) {
            let Some(link) = self.0.shown.get(record.title.trim()) else { continue };
            let pattern = record.id.as_deref().and_then(|id| Pattern::of_link(link, id, "id"));
            likewise.extend(pattern.filter(|pattern| !likewise.contains(pattern)));
            record.link = Some(link.clone());
        }
        // links of two makes show nothing
        let [pattern] = likewise.as_slice() else { return };
        for record in records.iter_mut().filter(|record| record.link.is_none()) {
            record.link = pattern.link(&|_| record.id.clone());
        }
    }

    /// One record, and the name of the field that is its link.
    fn record(
        &self,
        map: &Map<String, Value>,
        shared: &[&'static str],
    ) -> Option<(Record, Option<&'static str>)> {
        let fields = Fields::of(map);
        let is_title = |told: &String| {
            text::width(told) >= 4
                && text::width(told) < 600
                && !told.starts_with("http")
                && told.parse::<f64>().is_err()
        };
        let title = fields.texts(Role::Title).find(is_title)?;
        let is_own = |name: &&str, told: &str| {
            !shared.contains(name) && looks_like_link(told) && !is_file(told) && (self.0.is_link)(told)
        };
        let found = fields.named(Role::Link).find(|(name, told)| is_own(name, told));
        let name = found.as_ref().map(|(name, _)| *name);
        let made = || self.0.made.iter().find_map(|pattern| pattern.link(&|name| fields.by_name(name)));
        let link = found.map(|(_, link)| link).or_else(made);
        let summary = fields.texts(Role::Summary).find(|told| *told != title);
        let body = fields.texts(Role::Body).filter(|told| is_text(told)).max_by_key(String::len);
        let date = fields.times(Role::Date).find(|told| (self.0.is_date)(told));
        let modified = fields.times(Role::Modified).find(|told| (self.0.is_date)(told));
        let record = Record {
            title,
            link,
            id: fields.texts(Role::Id).next().filter(|id| id.len() < 200),
            date: date.or_else(|| modified.clone()),
            modified,
            summary,
            body,
            author: fields.texts(Role::Author).find(|told| is_name(told)),
            source: fields.texts(Role::Source).find(|told| is_name(told)),
            category: fields.texts(Role::Category).find(|told| is_name(told)),
            image: fields.texts(Role::Image).find(|told| looks_like_link(told)),
        };
        Some((record, name))
    }
}

/// Ends of addresses that are no pages.
const FILES: [&str; 12] =
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg", ".mp4", ".m3u8", ".mp3", ".json", ".js"];

fn is_file(told: &str) -> bool {
    let path = told.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    FILES.iter().any(|end| path.ends_with(end))
}

/// Whether a text may be a reference: it has the marks of one and no blanks.
fn looks_like_link(told: &str) -> bool {
    let has_mark = told.contains('/')
        || told.starts_with('?')
        || [".htm", ".shtml", ".asp", ".php", ".jsp"].iter().any(|end| told.contains(end));
    has_mark && told.len() < 2000 && !told.contains(char::is_whitespace) && !told.contains('<')
}

fn is_text(told: &str) -> bool {
    (told.contains('<')
        || told.contains("&lt;")
        || told.contains(char::is_whitespace)
        || text::width(told) > 60)
        && !looks_like_link(told)
}

fn is_name(told: &str) -> bool {
    text::width(told) < 80 && !told.contains("://") && told.parse::<f64>().is_err() && !told.starts_with('/')
}

/// What a value says as text: itself, or what a wrapper of texts holds.
#[must_use]
pub fn told(value: &Value) -> Option<String> {
    fields::text(value)
}
