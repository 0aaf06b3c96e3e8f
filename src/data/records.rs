//! Records of articles among the values of a document: the list of objects that have titles, links and dates.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::called::Role;
use super::fields::{self, Fields};
use super::groups::{Group, groups};
use super::guess;
use super::pattern::Pattern;
use super::record::{Record, Signs, is_file, looks_like_link};
use super::rich;
use super::routes::is_alike;
use crate::page::text;

/// Objects looked at for a body.
const MOST_LOOKS: usize = 50_000;
/// A list of fewer is none, unless its records say more than titles.
const FEW: usize = 3;
/// Half widths of a headline, on average, where no date says that they are news.
const TITLE: usize = 12;
/// Half widths of a text that is an article's.
const BODY: usize = 160;

/// The records of a document: of all its lists the one that looks most like news. Lists in the same place of several
/// groups (days, sections) are one.
#[must_use]
pub fn all(document: &Value, signs: &Signs<'_>) -> Vec<Record> {
    let reader = Reader(signs);
    let groups = groups(document);
    let mut lists: Vec<(Vec<Record>, &Group<'_>)> =
        groups.iter().map(|group| (reader.list(&group.maps), group)).collect();
    // what one list shows of its addresses holds for the others
    let likewise = reader.likewise(lists.iter().flat_map(|(records, _)| records));
    let mut best: (usize, Vec<Record>) = (0, Vec::new());
    for (records, group) in &mut lists {
        reader.show(records, &likewise);
        let worth = worth(records, group.members) / if group.is_aside { ASIDE } else { 1 };
        if worth > best.0 {
            best = (worth, std::mem::take(records));
        }
    }
    best.1
}

/// What stands beside the list is worth so many times less: it is taken where nothing else is a list.
const ASIDE: usize = 8;

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
                    .record(map, &[], &[])
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
    Reader(signs).record(value.as_object()?, &[], &[]).map(|(record, _)| record)
}

fn is_long(body: &str) -> bool {
    text::width(body) >= BODY
}

struct Reader<'a>(&'a Signs<'a>);

/// Fields that are no links of a list's own, at most.
const MOST_SHARED: usize = 4;

impl Reader<'_> {
    /// A list of objects as records. A field that leads to the same place in most of them (a column, a picture) is not
    /// their link; what no name says, values may.
    fn list(&self, maps: &[&Map<String, Value>]) -> Vec<Record> {
        let records = self.named(maps, &[]);
        let guessed = guess::roles(maps, &records, self.0);
        if guessed.is_empty() { records } else { self.named(maps, &guessed) }
    }

    fn named(&self, maps: &[&Map<String, Value>], guessed: &[(String, Role)]) -> Vec<Record> {
        let mut shared: Vec<String> = Vec::new();
        loop {
            let read = maps.iter().filter_map(|map| self.record(map, &shared, guessed));
            let (records, names): (Vec<Record>, Vec<_>) = read.unzip();
            let links: HashSet<&String> = records.iter().filter_map(|record| record.link.as_ref()).collect();
            let linked = records.iter().filter(|record| record.link.is_some()).count();
            let name = names.into_iter().flatten().next().filter(|name| !shared.contains(name));
            match name {
                Some(name) if linked > 1 && links.len() * 2 <= linked && shared.len() < MOST_SHARED => {
                    shared.push(name);
                }
                _ => return records,
            }
        }
    }

    /// How the page makes addresses of the names of records, as far as it shows some of them under their titles.
    fn likewise<'r>(&self, records: impl Iterator<Item = &'r Record>) -> Vec<Pattern> {
        let mut found: Vec<Pattern> = Vec::new();
        if self.0.shown.is_empty() {
            return found;
        }
        for record in records {
            let Some(link) = self.0.shown.get(record.title.trim()) else { continue };
            let mut all = record.ids.iter().filter_map(|(name, id)| Pattern::of_link(link, id, name));
            found.extend(all.find(|pattern| !found.contains(pattern)));
        }
        found
    }

    /// Gives records without a link the one that the page shows under their titles, and the others one made likewise.
    fn show(&self, records: &mut [Record], likewise: &[Pattern]) {
        for record in records.iter_mut().filter(|record| record.link.is_none()) {
            let shown = self.0.shown.get(record.title.trim()).cloned();
            let id = |name: &str| record.ids.iter().find(|(one, _)| one == name).map(|(_, id)| id.clone());
            // links of two makes show nothing
            let made = || likewise.first().filter(|_| likewise.len() == 1)?.link(&id);
            record.link = shown.or_else(made).or_else(|| self.like(record));
        }
    }

    /// The address of a record whose name looks like those in the addresses that the page shows.
    fn like(&self, record: &Record) -> Option<String> {
        self.0.made.iter().find_map(|pattern| {
            let sample = pattern.sample()?;
            let id = record.ids.iter().map(|(_, id)| id).find(|id| is_alike(id, sample))?;
            pattern.link(&|_| Some(id.clone()))
        })
    }

    /// One record, and the name of the field that is its link.
    fn record(
        &self,
        map: &Map<String, Value>,
        shared: &[String],
        guessed: &[(String, Role)],
    ) -> Option<(Record, Option<String>)> {
        let fields = Fields::of(map, guessed);
        let title = fields.texts(Role::Title).find(|told| is_title(told))?;
        let is_own = |name: &str, told: &str| {
            !shared.iter().any(|one| one == name)
                && looks_like_link(told)
                // words of an address are none, a path is one
                && (name != "slug" || told.starts_with('/'))
                && !is_file(told)
                && (self.0.is_link)(told)
        };
        let found = fields.named(Role::Link).find(|(name, told)| is_own(name, told));
        let name = found.as_ref().map(|(name, _)| (*name).to_owned());
        let made = || {
            let exact = self.0.made.iter().filter(|pattern| pattern.sample().is_none());
            exact.filter_map(|pattern| pattern.link(&|name| fields.by_name(name))).next()
        };
        let link = found.map(|(_, link)| link).or_else(made);
        let summary = fields.texts(Role::Summary).find(|told| *told != title);
        let date = fields.times(Role::Date).find(|told| (self.0.is_date)(told));
        let modified = fields.times(Role::Modified).find(|told| (self.0.is_date)(told));
        let ids = fields.named(Role::Id).filter(|(_, id)| id.len() < MOST_ID);
        let ids: Vec<(String, String)> = ids.map(|(name, id)| (name.to_owned(), id)).collect();
        let record = Record {
            title,
            link,
            id: ids.first().map(|(_, id)| id.clone()),
            ids,
            date: date.or_else(|| modified.clone()),
            modified,
            summary,
            body: body_of(&fields),
            author: fields.texts(Role::Author).find(|told| is_name(told)),
            source: fields.texts(Role::Source).find(|told| is_name(told)),
            categories: fields.names(Role::Category, |told| is_name(told)),
            image: fields.texts(Role::Image).find(|told| looks_like_link(told)),
        };
        Some((record, name))
    }
}

/// A name or number of a record is shorter.
const MOST_ID: usize = 200;

/// Whether a text may be a headline.
pub(super) fn is_title(told: &str) -> bool {
    text::width(told) >= 4
        && text::width(told) < 600
        && !told.starts_with("http")
        && told.parse::<f64>().is_err()
}

/// The longest text that may be a body: a text, or a tree of nodes.
fn body_of(fields: &Fields<'_>) -> Option<String> {
    let one = |value: &Value| match value {
        Value::Array(_) => rich::markup(value),
        Value::Object(_) => fields::text(value).filter(|told| is_text(told)).or_else(|| rich::markup(value)),
        plain => fields::text(plain),
    };
    let all = fields.values(Role::Body).filter_map(one).filter(|told| is_text(told));
    all.max_by_key(String::len)
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
