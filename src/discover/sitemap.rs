//! Sitemaps (sitemaps.org) with the fields of news sitemaps, indexes of them, and plain lists of addresses.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::listing::{Context, Listing};
use super::scan::{Scan, Tag, Token};
use super::{links, refs, script};
use crate::data;
use crate::date;
use crate::model::{Candidate, Class, Given, Note, PageUrl, Stamp, Traits};
use crate::page::text;

/// A file names fifty thousand addresses at most (sitemaps.org, limits).
const MOST_ENTRIES: usize = 50_000;
/// The newest are taken: what is older was news before anybody asked.
const MOST_ITEMS: usize = 100;
/// So many are taken on a walk back: it keeps what waits with each step.
const MOST_WALKED: usize = 1000;
/// Files of an index that are read, the newest first.
const MOST_FILES: usize = 3;
/// Further files that are remembered for a walk back: forty years of months.
const MOST_OLDER: usize = 500;
/// So many addresses that are surely articles' tell what the others are.
const SURE: usize = 3;
/// Key words of an article.
const MOST_WORDS: usize = 10;
/// Bytes of one field.
const MOST_FIELD: usize = 4096;
/// Names of files that hold no articles, and of those that do.
const OTHERS: [&str; 12] = [
    "image",
    "video",
    "tag",
    "categor",
    "author",
    "page-sitemap",
    "static",
    "product",
    "user",
    "taxonom",
    "archive",
    "topic",
];
const NEWS: [&str; 6] = ["news", "article", "post", "story", "artikel", "meldung"];

/// One address of a sitemap.
#[derive(Debug, Default)]
struct Entry {
    loc: String,
    lastmod: String,
    title: String,
    published: String,
    lang: String,
    keywords: String,
}

/// What a file holds.
struct Read {
    /// Whether it has the first element of one.
    is_sitemap: bool,
    is_index: bool,
    entries: Vec<Entry>,
    has_more: bool,
}

/// Reads a sitemap. `url` is the address that answered.
pub(super) fn read(text: &str, url: &PageUrl, context: &Context<'_>) -> Listing {
    let Read { is_sitemap, is_index, entries, has_more } =
        if text.trim_start().starts_with('<') || text.contains("<loc") {
            of_xml(text)
        } else {
            of_lines(text)
        };
    if entries.is_empty() && !is_sitemap {
        let fault = Some("the document is no sitemap: it names no address".to_owned());
        return Listing { fault, ..Listing::empty() };
    }
    let lang = entries.iter().map(|entry| entry.lang.trim()).find(|lang| !lang.is_empty()).map(str::to_owned);
    let lang = script::language(lang, entries.iter().map(|entry| entry.title.as_str()));
    let zone = context.zone.unwrap_or_else(|| date::zone_of(lang.as_deref(), None, url.host()).0);
    let mut listing = if is_index {
        index(&entries, url, context, zone)
    } else {
        items(entries, url, context, (zone, lang))
    };
    if has_more {
        let detail = format!("addresses beyond the first {MOST_ENTRIES} were not looked at");
        listing.notes.push(Note { class: Class::TooMany, detail, url: Some(url.clone()) });
    }
    listing
}

fn of_xml(text: &str) -> Read {
    let mut read = Read { is_sitemap: false, is_index: false, entries: Vec::new(), has_more: false };
    let mut entry: Option<Entry> = None;
    let mut field = Field::Other;
    let mut names = Names::default();
    for token in Scan::new(text) {
        match token {
            Token::Open(tag) => {
                names.declare(&tag);
                match local(tag.name) {
                    "urlset" => read.is_sitemap = true,
                    "sitemapindex" => (read.is_sitemap, read.is_index) = (true, true),
                    "url" | "sitemap" if names.is_own(tag.name) => {
                        // one that was not closed ends where the next begins
                        read.entries.extend(entry.replace(Entry::default()).filter(Entry::is_one));
                        field = Field::Other;
                    }
                    _ if tag.is_empty => {}
                    _ => field = names.field(tag.name),
                }
            }
            Token::Close(name) => {
                if matches!(local(name), "url" | "sitemap") && names.is_own(name) {
                    read.entries.extend(entry.take().filter(Entry::is_one));
                }
                field = Field::Other;
            }
            Token::Text(told) if field != Field::Other => keep(&mut entry, field, &refs::resolve(told)),
            Token::CData(told) => keep(&mut entry, field, told),
            Token::Text(_) => {}
        }
        if read.entries.len() >= MOST_ENTRIES {
            read.has_more = true;
            break;
        }
    }
    read.entries.extend(entry.filter(Entry::is_one));
    read
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// A field of an entry that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Loc,
    Lastmod,
    Title,
    Published,
    Lang,
    Keywords,
    Other,
}

/// The prefixes of a file: those of pictures and films have a `loc` and a `title`, too.
#[derive(Debug)]
struct Names<'a> {
    own: &'a str,
    news: &'a str,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Self { own: "", news: "news" }
    }
}

impl<'a> Names<'a> {
    fn declare(&mut self, tag: &Tag<'a>) {
        if matches!(local(tag.name), "urlset" | "sitemapindex") {
            self.own = prefix(tag.name);
        }
        if tag.attrs.contains("sitemap-news") {
            let of_news = |(name, value): (&'a str, &'a str)| {
                name.strip_prefix("xmlns:").filter(|_| value.contains("sitemap-news"))
            };
            self.news = tag.attributes().find_map(of_news).unwrap_or(self.news);
        }
    }

    fn is_own(&self, name: &str) -> bool {
        prefix(name) == self.own
    }

    fn field(&self, name: &str) -> Field {
        let (is_own, is_news) = (self.is_own(name), prefix(name) == self.news);
        match local(name) {
            "loc" if is_own => Field::Loc,
            "lastmod" if is_own => Field::Lastmod,
            "title" if is_own || is_news => Field::Title,
            "publication_date" if is_own || is_news => Field::Published,
            "language" if is_news => Field::Lang,
            "keywords" if is_news => Field::Keywords,
            _ => Field::Other,
        }
    }
}

impl Entry {
    fn is_one(&self) -> bool {
        !self.loc.is_empty()
    }
}

fn keep(entry: &mut Option<Entry>, field: Field, told: &str) {
    let Some(entry) = entry.as_mut().filter(|_| !told.trim().is_empty()) else { return };
    let place = match field {
        Field::Loc => &mut entry.loc,
        Field::Lastmod => &mut entry.lastmod,
        Field::Title => &mut entry.title,
        Field::Published => &mut entry.published,
        Field::Lang => &mut entry.lang,
        Field::Keywords => &mut entry.keywords,
        Field::Other => return,
    };
    if place.len() + told.len() <= MOST_FIELD {
        place.push_str(told.trim());
    }
}

/// A plain list: an address on each line.
fn of_lines(text: &str) -> Read {
    let lines =
        text.lines().map(str::trim).filter(|line| line.starts_with("http") && line.len() <= MOST_FIELD);
    let entries: Vec<Entry> =
        lines.take(MOST_ENTRIES + 1).map(|line| Entry { loc: line.to_owned(), ..Entry::default() }).collect();
    Read { is_sitemap: false, is_index: false, has_more: entries.len() > MOST_ENTRIES, entries }
}

/// By what the files of an index are ordered: what they hold by their names, when they were touched, their numbers.
type Newness = (i32, Option<DateTime<Utc>>, Vec<u64>);

/// The files of an index that may hold news, the newest first.
fn index(entries: &[Entry], url: &PageUrl, context: &Context<'_>, zone: Tz) -> Listing {
    let mut files: Vec<(Newness, PageUrl)> = Vec::new();
    for entry in entries {
        let Some(file) = url.join(&entry.loc).ok().filter(|file| data::is_own(file, url)) else { continue };
        let name = file.path_and_query().to_ascii_lowercase();
        let kind = i32::from(NEWS.iter().any(|word| name.contains(word)))
            - 2 * i32::from(OTHERS.iter().any(|word| name.contains(word)));
        let moved = stamp(&entry.lastmod, context, zone).map(|stamp| stamp.utc());
        files.push(((kind, moved, numbers(&file)), file));
    }
    // of two with equal words and times the one of the later month, or the one that was begun last
    files.sort_by(|(a, _), (b, _)| b.cmp(a));
    let best = files.first().map_or(0, |((kind, ..), _)| *kind);
    files.retain(|((kind, ..), _)| *kind >= 0 || best < 0);
    let mut files = files.into_iter().map(|(_, file)| file);
    let parts: Vec<PageUrl> = files.by_ref().take(MOST_FILES).collect();
    let explanation = vec![format!("an index of {} sitemaps: {} are read", entries.len(), parts.len())];
    let traits = Traits { older: files.take(MOST_OLDER).collect(), ..Traits::default() };
    Listing { parts, explanation, traits, ..Listing::empty() }
}

/// The numbers of an address: of two that differ in them alone the higher one is newer.
fn numbers(url: &PageUrl) -> Vec<u64> {
    let digits = url.path_and_query().split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|run| run.parse().ok()).collect()
}

/// An address that may be taken: when it was touched, whether it is surely an article's, and what is said of it.
struct Row {
    touched: Option<DateTime<Utc>>,
    is_sure: bool,
    item: Candidate,
}

fn items(
    entries: Vec<Entry>,
    url: &PageUrl,
    context: &Context<'_>,
    (zone, lang): (Tz, Option<String>),
) -> Listing {
    let count = entries.len();
    let mut seen = HashSet::new();
    let mut rows: Vec<Row> = Vec::new();
    let has_news = entries.iter().any(|entry| !entry.title.is_empty());
    for entry in entries {
        let Some(page) = url.join(&entry.loc).ok().filter(|page| data::is_own(page, url)) else { continue };
        let is_sure = has_news && !entry.title.is_empty() || is_article(&page);
        if has_news && entry.title.is_empty()
            || !(is_sure || links::is_article(&page) && !links::is_page_of_list(&page))
            || !seen.insert(page.key())
        {
            continue;
        }
        let touched = stamp(&entry.lastmod, context, zone).map(|stamp| stamp.utc());
        rows.push(Row { touched, is_sure, item: candidate(&entry, page, context, zone) });
    }
    // a site whose articles are known by their addresses has pages with long names beside
    if rows.iter().filter(|row| row.is_sure).count() >= SURE {
        rows.retain(|row| row.is_sure);
    }
    newest_first(&mut rows);
    let is_walk = context.learnt.is_some_and(|learnt| learnt.is_older);
    // what is left over is read by a walk back, from the same file
    let next = (rows.len() > MOST_ITEMS && !is_walk).then(|| url.clone());
    rows.truncate(if is_walk { MOST_WALKED } else { MOST_ITEMS });
    let items: Vec<Candidate> = rows.into_iter().map(|row| row.item).collect();
    let explanation =
        vec![format!("a sitemap of {count} addresses: the newest {} articles are taken", items.len())];
    Listing { items, lang, explanation, next, ..Listing::empty() }
}

fn candidate(entry: &Entry, url: PageUrl, context: &Context<'_>, zone: Tz) -> Candidate {
    let published = stamp(&entry.published, context, zone);
    let words = entry.keywords.split([',', '，', ';']).map(text::fold).filter(|word| !word.is_empty());
    let given = Given {
        touched: stamp(&entry.lastmod, context, zone).map(|stamp| stamp.utc()),
        lang: Some(entry.lang.clone()).filter(|lang| !lang.is_empty()),
        categories: words.take(MOST_WORDS).collect(),
        ..Given::default()
    };
    let given = Some(Box::new(given)).filter(|given| **given != Given::default());
    Candidate { url, title: text::fold(&entry.title), published, summary: None, given }
}

/// Puts the newest first: by the times told, else by the numbers of the addresses.
fn newest_first(rows: &mut [Row]) {
    let time = |row: &Row| row.item.published.map(|stamp| stamp.utc()).or(row.touched);
    let first = rows.first().and_then(time);
    // one time for all is the file's own
    if first.is_some() && rows.iter().any(|row| time(row) != first)
        || rows.iter().any(|row| time(row) > first)
    {
        rows.sort_by_key(|row| std::cmp::Reverse(time(row)));
        return;
    }
    let ends = rows.first().zip(rows.last());
    if ends.is_some_and(|(first, last)| numbers(&first.item.url) < numbers(&last.item.url)) {
        rows.reverse();
    }
}

fn stamp(told: &str, context: &Context<'_>, zone: Tz) -> Option<Stamp> {
    let dates = date::Context { now: context.now, zone, lang: None, rules: &context.recipe.dates };
    date::read(told.trim(), &dates)
}

/// Whether an address is surely an article's: a number, a day or a name of three words in its last part, and neither a
/// section nor a page of one.
fn is_article(url: &PageUrl) -> bool {
    let path = url.as_url().path();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let words = last.split(['-', '_']).filter(|word| word.len() > 1).count();
    if is_calendar(path) {
        return false;
    }
    let has_number = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let has_id = || url.as_url().query_pairs().any(|(_, value)| has_number(&value));
    let is_named = links::is_article(url) && (words >= 3 || has_number(last) || has_id());
    (is_named || !last.is_empty() && date::in_url(url).is_some()) && !links::is_page_of_list(url)
}

/// Whether a path is the folder of a year, a month or a day, which holds articles and is none: `/2026/`, `/2026/11/`.
fn is_calendar(path: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_year =
        |part: &str| part.len() == 4 && is_number(part) && (part.starts_with("19") || part.starts_with("20"));
    let parts: Vec<&str> = path.trim_end_matches('/').rsplit('/').take(3).collect();
    let year = parts.iter().position(|part| is_year(part));
    let within = year.and_then(|year| parts.get(..year));
    path.ends_with('/')
        && within.is_some_and(|parts| parts.iter().all(|part| part.len() <= 2 && is_number(part)))
}

#[cfg(test)]
#[path = "sitemap_tests.rs"]
mod tests;
