//! The parser behind the cleaner, and the reader of dates that it is given.

use std::cell::RefCell;
use std::rc::Rc;

use chrono_tz::Tz;
use feed_rs::model::{Entry, Feed, FeedType};
use feed_rs::parser;

use super::super::listing::Context;
use super::entry::Stamps;
use crate::date;
use crate::model::{DateRules, PageUrl, Stamp};
use chrono::{DateTime, Utc};

const MONTHS: [(&str, &str); 12] = [
    ("一", "Jan"),
    ("二", "Feb"),
    ("三", "Mar"),
    ("四", "Apr"),
    ("五", "May"),
    ("六", "Jun"),
    ("七", "Jul"),
    ("八", "Aug"),
    ("九", "Sep"),
    ("十", "Oct"),
    ("十一", "Nov"),
    ("十二", "Dec"),
];

/// Parses documents of one feed.
pub(super) struct Parser {
    inner: parser::Parser,
    stamps: Rc<RefCell<Stamps>>,
    dates: Dates,
}

/// What its dates are read with.
#[derive(Clone)]
struct Dates {
    now: DateTime<Utc>,
    zone: Tz,
    lang: Option<String>,
    rules: Rc<DateRules>,
}

impl Dates {
    fn read(&self, text: &str) -> Option<Stamp> {
        let context =
            date::Context { now: self.now, zone: self.zone, lang: self.lang.as_deref(), rules: &self.rules };
        date::read(text.trim(), &context).or_else(|| date::read(&with_months(text.trim())?, &context))
    }
}

impl Parser {
    pub(super) fn new(url: &PageUrl, context: &Context<'_>, zone: Tz, lang: Option<String>) -> Self {
        let dates = Dates { now: context.now, zone, lang, rules: Rc::new(context.recipe.dates.clone()) };
        let stamps = Rc::new(RefCell::new(Stamps::new()));
        let (kept, reads) = (Rc::clone(&stamps), dates.clone());
        let read = move |text: &str| {
            let stamp = reads.read(text)?;
            kept.borrow_mut().insert(stamp.utc(), stamp);
            Some(stamp.utc())
        };
        // a name that it would make up is worse than none
        let inner = parser::Builder::new()
            .base_uri(Some(url.as_str()))
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(read)
            .build();
        Self { inner, stamps, dates }
    }

    pub(super) fn feed(&self, document: &str) -> Option<Feed> {
        self.inner.parse(document.as_bytes()).ok()
    }

    /// The first entry of a document, with its times as they were written.
    pub(super) fn entry(&self, document: &str) -> Option<(Entry, Stamps)> {
        self.stamps.borrow_mut().clear();
        let feed = self.feed(document)?;
        Some((feed.entries.into_iter().next()?, self.stamps.take()))
    }

    pub(super) fn stamp(&self, text: &str) -> Option<Stamp> {
        self.dates.read(text)
    }
}

/// A time as Java writes it in Chinese, `星期五, 20 十一月 2026 09:00:00 +0800`, with its month in English; None for
/// another form.
fn with_months(text: &str) -> Option<String> {
    let text = text.split_once([',', '，']).map_or(text, |(_, rest)| rest).trim();
    let (day, rest) = text.split_once(' ')?;
    let (month, rest) = rest.trim_start().split_once(' ')?;
    let number = month.strip_suffix('月')?;
    let place = MONTHS.iter().position(|(name, _)| *name == number);
    let place = place.or_else(|| number.parse::<usize>().ok()?.checked_sub(1))?;
    Some(format!("{day} {} {rest}", MONTHS.get(place)?.1))
}

/// A feed that says nothing.
pub(super) fn empty() -> Feed {
    Feed {
        feed_type: FeedType::RSS2,
        id: String::new(),
        title: None,
        updated: None,
        authors: Vec::new(),
        description: None,
        links: Vec::new(),
        categories: Vec::new(),
        contributors: Vec::new(),
        generator: None,
        icon: None,
        language: None,
        logo: None,
        published: None,
        rating: None,
        rights: None,
        ttl: None,
        entries: Vec::new(),
    }
}
