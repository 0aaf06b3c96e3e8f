//! Records of a program, an API's or a page's state, as candidates.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::listing::{Context, MAX_ITEMS};
use super::markup;
use super::turn;
use super::whole::{self, Said};
use crate::data::{self, Path, Pattern, Record, Signs};
use crate::date;
use crate::model::{Candidate, Given, Image, JsonRules, PageUrl, Stamp};
use crate::page::{Page, text};
use serde_json::Value;

/// A longer body is none.
const MOST_BODY: usize = 2 << 20;

/// Reads records of one document.
pub(super) struct Reader<'a> {
    /// What links are resolved against.
    pub(super) base: &'a PageUrl,
    context: &'a Context<'a>,
    zone: Tz,
    lang: Option<&'a str>,
    /// How the page makes addresses of the names of its articles.
    made: Vec<Pattern>,
    /// The links that the page shows, by what they say.
    shown: HashMap<String, String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(base: &'a PageUrl, context: &'a Context<'a>, lang: Option<&'a str>) -> Self {
        let zone = context.zone.unwrap_or_else(|| date::zone_of(lang, context.charset, base.host()).0);
        Self { base, context, zone, lang, made: Vec::new(), shown: HashMap::new() }
    }

    /// The same for records of a page, or of an API that it names: what the page shows of their addresses is heeded.
    pub(super) fn made(mut self, made: Vec<Pattern>, shown: HashMap<String, String>) -> Self {
        (self.made, self.shown) = (made, shown);
        self
    }

    fn stamp(&self, told: &str) -> Option<Stamp> {
        let rules = &self.context.recipe.dates;
        let dates = date::Context { now: self.context.now, zone: self.zone, lang: self.lang, rules };
        date::read(told, &dates)
    }

    fn link(&self, told: &str) -> Option<PageUrl> {
        let host = self.base.host();
        let is_host =
            told.starts_with("www.") || told.strip_prefix(host).is_some_and(|rest| rest.starts_with('/'));
        if is_host && host.contains('.') {
            return self.base.join(&format!("//{told}")).ok();
        }
        let is_bare = told.starts_with(|c: char| c.is_alphanumeric()) && !told.contains(':');
        // in an API's own folders there are no pages
        if is_bare && is_service(self.base) {
            return self.base.join("/").ok()?.join(told).ok();
        }
        self.base.join(told).ok()
    }

    fn signs<T>(&self, read: impl FnOnce(&Signs<'_>) -> T) -> T {
        let is_link = |told: &str| self.link(told).is_some_and(|url| !url.is_front());
        let is_date = |told: &str| self.stamp(told).is_some();
        read(&Signs { is_link: &is_link, is_date: &is_date, made: &self.made, shown: &self.shown })
    }

    /// The articles of a document that no rule describes.
    pub(super) fn found(&self, document: &Value) -> Vec<Candidate> {
        self.candidates(self.signs(|signs| data::records(document, signs)))
    }

    /// The articles that the rules lead to; where no rule says how a field is read it is found by its name. The second
    /// value names rules that found nothing.
    pub(super) fn by_rules(
        &self,
        document: &Value,
        rules: &JsonRules,
    ) -> (Vec<Candidate>, Vec<&'static str>) {
        let path = |rule: &Option<String>| rule.as_deref().and_then(|rule| Path::parse(rule).ok());
        let Some(items) = path(&rules.items) else { return (Vec::new(), Vec::new()) };
        let items = items.all(document);
        // `$.list` and `$.list[*]` mean the same list
        let items: Vec<&Value> = match items.as_slice() {
            [Value::Array(list)] => list.iter().collect(),
            _ => items,
        };
        let mut missed = Vec::new();
        let mut field = |rule: &Option<String>, name: &'static str| {
            let path = path(rule)?;
            let has_it = items.iter().any(|item| path.first(item).is_some());
            if !has_it && !items.is_empty() {
                missed.push(name);
            }
            Some(path)
        };
        let paths = [
            field(&rules.title, "title"),
            field(&rules.link, "link"),
            field(&rules.date, "date"),
            field(&rules.body, "body"),
            field(&rules.summary, "summary"),
            field(&rules.author, "author"),
            field(&rules.source, "source"),
        ];
        let records = items.iter().take(MAX_ITEMS + 1).map(|item| {
            let mut record = self.signs(|signs| data::record(item, signs)).unwrap_or_default();
            let told =
                |path: &Option<Path>| path.as_ref().and_then(|path| path.first(item)).and_then(data::told);
            let [title, link, date, body, summary, author, source] = paths.each_ref().map(told);
            record.title = title.unwrap_or(record.title);
            record.link = link.or(record.link);
            record.date = date.or(record.date);
            record.body = body.or(record.body);
            record.summary = summary.or(record.summary);
            record.author = author.or(record.author);
            record.source = source.or(record.source);
            record
        });
        let records = records.filter(|record| !record.title.is_empty()).collect();
        (self.candidates(records), missed)
    }

    fn candidates(&self, records: Vec<Record>) -> Vec<Candidate> {
        let mut seen = std::collections::HashSet::new();
        let (mut saids, mut out) = (Vec::new(), Vec::new());
        for record in records.into_iter().take(MAX_ITEMS + 1) {
            let said = self.said(&record);
            let own = record.link.as_deref().and_then(|link| self.link(link));
            let Some(url) = own.or_else(|| self.alone(&record, &said)) else { continue };
            if seen.insert(url.key()) {
                out.push(self.candidate(record, url));
                saids.push(said);
            }
        }
        for (item, is_whole) in out.iter_mut().zip(whole::judge(&saids)) {
            if let Some(given) = &mut item.given {
                given.set_whole(is_whole);
            }
        }
        out
    }

    /// The address of a record without a link, which can stand by itself: the document's with a mark of its name.
    fn alone(&self, record: &Record, said: &Said) -> Option<PageUrl> {
        said.body.as_ref().filter(|body| text::width(body) >= 80)?;
        let name = record.id.as_deref().unwrap_or(&record.title);
        Some(turn::whole(self.base).with_mark(name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })))
    }

    fn said(&self, record: &Record) -> Said {
        let lines = |told: &str| {
            Page::parse(&unescaped(told, self.base), self.base.clone()).body().lines().join("\n")
        };
        let body = record.body.as_deref().filter(|body| body.len() <= MOST_BODY);
        Said {
            has_pictures: body.is_some_and(|body| body.contains("<img") || body.contains("<video")),
            body: body.map(lines).filter(|lines| !lines.is_empty()),
            teaser: record.summary.as_deref().map(lines),
            is_cut: false,
        }
    }

    fn candidate(&self, record: Record, url: PageUrl) -> Candidate {
        let line = |told: String| self.line(&told);
        let body = record.body.filter(|body| body.len() <= MOST_BODY).map(|body| unescaped(&body, self.base));
        let image = record.image.as_deref().and_then(|image| self.link(image));
        let published = record.date.as_deref().and_then(|told| self.stamp(told));
        let modified = record.modified.as_deref().and_then(|told| self.stamp(told));
        let given = Given {
            touched: None,
            id: None,
            html: body.unwrap_or_default(),
            is_whole: false,
            was_whole: false,
            author: record.author.map(line).filter(|name| !name.is_empty()),
            source: record.source.map(line).filter(|name| !name.is_empty()),
            categories: record.categories.into_iter().map(line).filter(|name| !name.is_empty()).collect(),
            modified: modified.filter(|at| published.is_some_and(|first| first.utc() < at.utc())),
            lang: self.lang.map(str::to_owned),
            base: None,
            images: image.map(|url| Image { url, alt: String::new() }).into_iter().collect(),
            attachments: Vec::new(),
        };
        Candidate {
            title: line(record.title),
            summary: record.summary.map(line).filter(|told| !told.is_empty()),
            url,
            published,
            given: Some(Box::new(given)),
        }
    }

    /// A line of text, whatever markup and references stand in it.
    fn line(&self, told: &str) -> String {
        if told.contains(['<', '&']) {
            let plain = Page::parse(&unescaped(told, self.base), self.base.clone());
            return text::fold(&plain.body().text());
        }
        text::fold(told)
    }
}

/// A text as markup; one that was escaped as a whole is what it means.
fn unescaped(told: &str, base: &PageUrl) -> String {
    let is_escaped = !told.contains('<') && told.contains("&lt;") && told.contains("&gt;");
    if is_escaped {
        return Page::parse(told, base.clone()).body().text();
    }
    markup::of_text(told)
}

/// Folders that programs answer from.
const SERVICES: [&str; 10] =
    ["api", "apis", "rest", "openapi", "interface", "gateway", "service", "services", "ajax", "prod-api"];

fn is_service(url: &PageUrl) -> bool {
    let mut folders = url.as_url().path_segments().into_iter().flatten();
    folders.any(|folder| SERVICES.iter().any(|known| folder.eq_ignore_ascii_case(known)))
}
