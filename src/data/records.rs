//! Records of articles among the values of a document: the list of objects that have titles, links and dates.

use serde_json::{Map, Value};

use super::fields::{self, Fields, Role};
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

/// The records of a document: of all its lists the one that looks most like news. `is_link` says whether a text leads
/// to a page of the site, `is_date` whether it is a time.
#[must_use]
pub fn all(document: &Value, is_link: &dyn Fn(&str) -> bool, is_date: &dyn Fn(&str) -> bool) -> Vec<Record> {
    let reader = Reader { is_link, is_date };
    let mut best: (usize, Vec<Record>) = (0, Vec::new());
    let mut looks = 0;
    let mut waiting = vec![document];
    // breadth first: a list near the root is meant, one deep inside belongs to something else
    let mut next = Vec::new();
    while !waiting.is_empty() && looks < MOST_LOOKS {
        for value in waiting.drain(..) {
            looks += 1;
            let members: Vec<&Value> = match value {
                Value::Array(list) => list.iter().take(MOST_RECORDS).collect(),
                Value::Object(map) => map.values().take(MOST_RECORDS).collect(),
                _ => continue,
            };
            let records: Vec<Record> = members
                .iter()
                .filter_map(|member| member.as_object())
                .filter_map(|map| reader.record(map))
                .collect();
            let worth = worth(&records, members.len());
            if worth > best.0 {
                best = (worth, records);
            }
            next.extend(members.into_iter().filter(|member| member.is_object() || member.is_array()));
        }
        std::mem::swap(&mut waiting, &mut next);
    }
    best.1
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
    records.len() * 4 + dated * 8 + told * 2 + records.len() * width.min(40) / 10
}

/// The article that a document is about: the record with the longest body.
#[must_use]
pub fn body(document: &Value, is_date: &dyn Fn(&str) -> bool) -> Option<Record> {
    let reader = Reader { is_link: &|_| false, is_date };
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
                let found = reader.record(map).filter(|record| record.body.as_deref().is_some_and(is_long));
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
pub fn one(value: &Value, is_link: &dyn Fn(&str) -> bool, is_date: &dyn Fn(&str) -> bool) -> Option<Record> {
    Reader { is_link, is_date }.record(value.as_object()?)
}

fn is_long(body: &str) -> bool {
    text::width(body) >= BODY
}

struct Reader<'a> {
    is_link: &'a dyn Fn(&str) -> bool,
    is_date: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn record(&self, map: &Map<String, Value>) -> Option<Record> {
        let fields = Fields::of(map);
        let is_title = |told: &String| {
            text::width(told) >= 4
                && text::width(told) < 600
                && !told.starts_with("http")
                && told.parse::<f64>().is_err()
        };
        let title = fields.texts(Role::Title).find(is_title)?;
        let link = fields.texts(Role::Link).find(|told| looks_like_link(told) && (self.is_link)(told));
        let summary = fields.texts(Role::Summary).find(|told| *told != title);
        let body = fields.texts(Role::Body).filter(|told| is_text(told)).max_by_key(String::len);
        let date = fields.texts(Role::Date).find(|told| (self.is_date)(told));
        let modified = fields.texts(Role::Modified).find(|told| (self.is_date)(told));
        Some(Record {
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
        })
    }
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
