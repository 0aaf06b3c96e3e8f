//! Sitemaps (sitemaps.org) with the fields of news sitemaps, indexes of them, and plain lists of addresses.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::listing::{Context, Listing};
use super::refs;
use super::scan::{Scan, Token};
use crate::date;
use crate::model::{Candidate, Class, Given, Note, PageUrl, Stamp};
use crate::page::text;

/// A file names fifty thousand addresses at most (sitemaps.org, limits).
const MOST_ENTRIES: usize = 50_000;
/// The newest are taken: what is older was news before anybody asked.
const MOST_ITEMS: usize = 100;
/// Files of an index that are read, the newest first.
const MOST_FILES: usize = 3;
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
    is_index: bool,
    entries: Vec<Entry>,
    has_more: bool,
}

/// Reads a sitemap. `url` is the address that answered.
pub(super) fn read(text: &str, url: &PageUrl, context: &Context<'_>) -> Listing {
    let Read { is_index, entries, has_more } = if text.trim_start().starts_with('<') || text.contains("<loc")
    {
        of_xml(text)
    } else {
        of_lines(text)
    };
    if entries.is_empty() {
        let fault = Some("the document is no sitemap: it names no address".to_owned());
        return Listing { fault, ..Listing::empty() };
    }
    let zone = context.zone.unwrap_or_else(|| date::zone_of(None, None, url.host()).0);
    let mut listing =
        if is_index { index(&entries, url, context, zone) } else { items(entries, url, context, zone) };
    if has_more {
        let detail = format!("addresses beyond the first {MOST_ENTRIES} were not looked at");
        listing.notes.push(Note { class: Class::TooMany, detail, url: Some(url.clone()) });
    }
    listing
}

fn of_xml(text: &str) -> Read {
    let mut read = Read { is_index: false, entries: Vec::new(), has_more: false };
    let mut entry: Option<Entry> = None;
    let mut field = String::new();
    for token in Scan::new(text) {
        match token {
            Token::Open(tag) => match tag.name {
                "sitemapindex" => read.is_index = true,
                "url" | "sitemap" => {
                    // one that was not closed ends where the next begins
                    read.entries.extend(entry.take().filter(|entry| !entry.loc.is_empty()));
                    entry = Some(Entry::default());
                    field.clear();
                }
                name if !tag.is_empty => name.clone_into(&mut field),
                _ => {}
            },
            Token::Close(name) => {
                if matches!(name, "url" | "sitemap") {
                    read.entries.extend(entry.take().filter(|entry| !entry.loc.is_empty()));
                }
                field.clear();
            }
            Token::Text(told) => keep(&mut entry, &field, &refs::resolve(told)),
            Token::CData(told) => keep(&mut entry, &field, told),
        }
        if read.entries.len() >= MOST_ENTRIES {
            read.has_more = true;
            break;
        }
    }
    read.entries.extend(entry.filter(|entry| !entry.loc.is_empty()));
    read
}

fn keep(entry: &mut Option<Entry>, field: &str, told: &str) {
    let Some(entry) = entry.as_mut().filter(|_| !told.trim().is_empty()) else { return };
    let place = match field {
        "loc" => &mut entry.loc,
        "lastmod" => &mut entry.lastmod,
        "news:title" => &mut entry.title,
        "news:publication_date" => &mut entry.published,
        "news:language" => &mut entry.lang,
        "news:keywords" => &mut entry.keywords,
        _ => return,
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
    Read { is_index: false, has_more: entries.len() > MOST_ENTRIES, entries }
}

/// The files of an index that may hold news, the newest first.
fn index(entries: &[Entry], url: &PageUrl, context: &Context<'_>, zone: Tz) -> Listing {
    let mut files: Vec<(i32, Option<DateTime<Utc>>, usize, PageUrl)> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let Some(file) = url.join(&entry.loc).ok().filter(|file| file.same_site(url)) else { continue };
        let name = file.path_and_query().to_ascii_lowercase();
        let kind = i32::from(NEWS.iter().any(|word| name.contains(word)))
            - 2 * i32::from(OTHERS.iter().any(|word| name.contains(word)));
        files.push((kind, stamp(&entry.lastmod, context, zone).map(|stamp| stamp.utc()), place, file));
    }
    // of two with equal words and times the later one: files are written one behind the other
    files.sort_by_key(|file| std::cmp::Reverse((file.0, file.1, file.2)));
    let best = files.first().map_or(0, |file| file.0);
    files.retain(|file| file.0 >= 0 || best < 0);
    let parts: Vec<PageUrl> = files.into_iter().take(MOST_FILES).map(|(.., file)| file).collect();
    let explanation = vec![format!("an index of {} sitemaps: {} are read", entries.len(), parts.len())];
    Listing { parts, explanation, ..Listing::empty() }
}

fn items(entries: Vec<Entry>, url: &PageUrl, context: &Context<'_>, zone: Tz) -> Listing {
    let count = entries.len();
    let mut seen = HashSet::new();
    let mut all: Vec<(Option<DateTime<Utc>>, usize, Candidate)> = Vec::new();
    let has_news = entries.iter().any(|entry| !entry.title.is_empty());
    let lang = entries.iter().map(|entry| entry.lang.trim()).find(|lang| !lang.is_empty()).map(str::to_owned);
    for (place, entry) in entries.into_iter().enumerate() {
        let Some(page) = url.join(&entry.loc).ok().filter(|page| page.same_site(url)) else { continue };
        if has_news && entry.title.is_empty() || !has_news && !is_article(&page) || !seen.insert(page.key()) {
            continue;
        }
        let published = stamp(&entry.published, context, zone);
        let moved = published.or_else(|| stamp(&entry.lastmod, context, zone)).map(|stamp| stamp.utc());
        let given = Given { lang: Some(entry.lang).filter(|lang| !lang.is_empty()), ..Given::default() };
        let title = text::fold(&entry.title);
        let given = Some(Box::new(given)).filter(|given| given.lang.is_some());
        all.push((moved, place, Candidate { url: page, title, published, summary: None, given }));
    }
    // files without times are written at their end
    let has_times = all.iter().any(|(moved, ..)| moved.is_some());
    let grows = !has_times && all.len() > MOST_ITEMS;
    all.sort_by(|a, b| b.0.cmp(&a.0).then(if grows { b.1.cmp(&a.1) } else { a.1.cmp(&b.1) }));
    let items: Vec<Candidate> = all.into_iter().take(MOST_ITEMS).map(|(.., item)| item).collect();
    let explanation =
        vec![format!("a sitemap of {count} addresses: the newest {} articles are taken", items.len())];
    Listing { items, lang, explanation, ..Listing::empty() }
}

fn stamp(told: &str, context: &Context<'_>, zone: Tz) -> Option<Stamp> {
    let dates = date::Context { now: context.now, zone, lang: None, rules: &context.recipe.dates };
    date::read(told.trim(), &dates)
}

/// Whether an address may be an article's: a number, a date or words in its last part, not a section alone.
fn is_article(url: &PageUrl) -> bool {
    let path = url.as_url().path();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let digits = path.bytes().filter(u8::is_ascii_digit).count();
    let words = last.split(['-', '_']).filter(|word| word.len() > 1).count();
    let has_id = url.as_url().query_pairs().any(|(name, value)| name.ends_with("id") && !value.is_empty());
    let is_listing =
        ["/tag/", "/tags/", "/category/", "/author/", "/page/"].iter().any(|part| path.contains(part));
    !is_listing
        && (has_id || digits >= 3 || words >= 3 || last.contains('.') && digits > 0 || !last.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Recipe;

    fn listing(text: &str) -> Listing {
        let recipe = Recipe::default();
        let now = "2026-11-25T08:00:00Z".parse().unwrap();
        let context = Context { recipe: &recipe, now, zone: None, charset: None, learnt: None };
        read(text, &PageUrl::parse("http://quay.example/sitemap.xml").unwrap(), &context)
    }

    #[test]
    fn a_news_sitemap_says_titles_and_times() {
        let found = listing(
            "\n<?xml version='1.0'?><urlset xmlns='s' xmlns:news='n'>
            <url><loc>http://quay.example/n/1</loc><news:news><news:publication><news:name>Q</news:name><news:language>de</news:language></news:publication><news:publication_date>2026-11-24T09:11:43+01:00</news:publication_date><news:title>R&amp;D am Kai & mehr</news:title></news:news><image:image><image:loc>http://quay.example/i.jpg</image:loc></image:image></url>
            <url><loc> /n/2 </loc><lastmod>2026-11-25</lastmod><news:news><news:title><![CDATA[Zwei]]></news:title><news:publication_date>2026-11-25T06:00:00+01:00</news:publication_date></news:news></url>
            <url><loc>http://quay.example/impressum</loc></url><url><loc>http://other.example/n/9</loc><news:title>x</news:title></url>",
        );
        let told: Vec<_> = found.items.iter().map(|item| (item.url.as_str(), item.title.as_str())).collect();
        assert_eq!(
            told,
            [("http://quay.example/n/2", "Zwei"), ("http://quay.example/n/1", "R&D am Kai & mehr")]
        );
        assert_eq!(found.items[1].published.unwrap().to_rfc3339(), "2026-11-24T09:11:43+01:00");
        assert_eq!(found.lang.as_deref(), Some("de"));
    }

    #[test]
    fn of_an_index_the_newest_files_of_news_are_read() {
        let file = |name: &str, day: u32| {
            format!(
                "<sitemap><loc>http://quay.example/{name}</loc><lastmod>2026-11-{day:02}</lastmod></sitemap>"
            )
        };
        let text = format!(
            "<sitemapindex>{}{}{}{}{}</sitemapindex>",
            file("post-sitemap1.xml", 1),
            file("image-sitemap.xml", 25),
            file("post-sitemap3.xml.gz", 24),
            file("post-sitemap2.xml", 2),
            file("page-sitemap.xml", 20),
        );
        let parts: Vec<String> =
            listing(&text).parts.iter().map(|url| url.path_and_query().to_owned()).collect();
        assert_eq!(parts, ["/post-sitemap3.xml.gz", "/post-sitemap2.xml", "/post-sitemap1.xml"]);
    }

    #[test]
    fn of_a_long_file_the_newest_articles_are_taken() {
        let entry = |n: usize| {
            format!(
                "<url><loc>http://quay.example/2026/{n}.html</loc><lastmod>2026-{:02}-{:02}T00:00:00Z</lastmod></url>",
                n / 28 % 11 + 1,
                n % 28 + 1
            )
        };
        let long: String = (0..60_000).map(entry).collect();
        let found =
            listing(&format!("<urlset><url><loc>http://quay.example/about</loc></url>{long}</urlset>"));
        assert_eq!((found.items.len(), found.notes.len()), (MOST_ITEMS, 1));
        let lines: String = (0..300).map(|n| format!("http://quay.example/a/{n:04}.html\n")).collect();
        let found = listing(&lines);
        assert!(found.items[0].url.as_str().ends_with("/a/0299.html"));
        assert!(listing("<urlset></urlset>").fault.is_some() && listing("nothing").fault.is_some());
    }
}
