//! What the three formats have in common: one reading of a [`Feed`], so that they cannot differ.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, SubsecRound, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::model::{Article, Entry, Feed, PageUrl, Pages, STATUS};

use super::format::Format;
use super::xml::{address, escape_html, line, some_line, xml_text};

/// Who wrote the document.
pub(super) const GENERATOR: &str = "tidings";

/// The bytes a feed may have: readers fetch it again and again. The oldest entries stay away first.
pub const FEED_BYTES: usize = 1024 * 1024;

/// What a document takes beside its entries, in bytes.
pub const FRAME_BYTES: usize = 4096;

/// The bytes one article's HTML may take of that, as written in XML: one huge page may not push the
/// others out. A longer one is served by its summary and a link.
const ENTRY_BYTES: usize = 256 * 1024;

/// When a feed without articles changed: never. A fixed day keeps its bytes the same.
const NEVER: DateTime<Utc> = DateTime::from_timestamp_nanos(946_684_800_000_000_000);

/// A feed with every string guarded.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) id: String,
    pub(super) home: String,
    /// Of this format's own document.
    pub(super) address: String,
    pub(super) icon: Option<String>,
    pub(super) hub: Option<String>,
    /// Its neighbours in the feed's history, of the same format.
    pub(super) pages: Neighbours,
    pub(super) lang: String,
    pub(super) updated: DateTime<Utc>,
    pub(super) entries: Vec<Item>,
    /// Id of an article that is gone, and since when.
    pub(super) tombstones: Vec<(String, DateTime<Utc>)>,
}

/// The documents around one in a feed's history (RFC 5005 section 4).
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    /// Set on archive pages alone.
    pub(super) current: Option<String>,
}

impl Neighbours {
    fn of(pages: &Pages, extension: &str) -> Self {
        let named =
            |page: &Option<PageUrl>| page.as_ref().map(|url| with_extension(&address(url), extension));
        Self { previous: named(&pages.previous), next: named(&pages.next), current: named(&pages.current) }
    }

    /// Their relations and addresses, as links are written.
    pub(super) fn links(&self) -> impl Iterator<Item = (&'static str, &String)> {
        [("prev-archive", &self.previous), ("next-archive", &self.next), ("current", &self.current)]
            .into_iter()
            .filter_map(|(rel, page)| Some((rel, page.as_ref()?)))
    }
}

/// An entry with every string guarded.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) title: String,
    pub(super) published: DateTime<FixedOffset>,
    pub(super) updated: DateTime<Utc>,
    pub(super) author: Option<String>,
    pub(super) source: Option<String>,
    pub(super) precision: &'static str,
    /// Name and title, of the portal's own feed.
    pub(super) portal: (String, String),
    /// Set where the feed mixes portals.
    pub(super) origin: Option<Origin>,
    pub(super) categories: Vec<String>,
    /// Plain text; may be empty.
    pub(super) summary: String,
    /// Never empty.
    pub(super) html: String,
    /// Where it differs from the feed's.
    pub(super) lang: Option<String>,
    pub(super) images: Vec<String>,
    pub(super) attachments: Vec<Document>,
}

/// The feed of the portal an entry comes from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) id: String,
    /// Of the same format.
    pub(super) address: String,
    /// The newest change among its entries here.
    pub(super) updated: DateTime<Utc>,
}

/// A document attached to an entry.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) url: String,
    pub(super) media_type: String,
    /// Bytes.
    pub(super) length: Option<u64>,
    pub(super) title: Option<String>,
}

impl Parts {
    /// Reads a feed for the document with this extension.
    pub(super) fn of(feed: &Feed, extension: &str) -> Self {
        let lang = language(feed);
        let mut entries: Vec<Item> = feed.entries.iter().map(|e| Item::of(e, &lang)).collect();
        // what an archive page leaves out stands nowhere else
        if feed.pages.current.is_none() {
            keep_within(&mut entries, FEED_BYTES);
        }
        if feed.mixed {
            name_origins(feed, extension, &mut entries);
        }
        let home = address(&feed.home);
        let title = or(line(&feed.title), &feed.name);
        let newest = entries.iter().map(|e| e.updated).max();
        Self {
            description: or(line(&feed.description), &title),
            title,
            id: line(&feed.id),
            home,
            address: with_extension(&address(&feed.address), own_extension(feed, extension)),
            icon: feed.icon.as_ref().map(address),
            hub: feed.hub.as_ref().map(address),
            pages: Neighbours::of(&feed.pages, extension),
            lang,
            updated: newest.max(feed.updated.map(|at| at.trunc_subsecs(0))).unwrap_or(NEVER),
            entries,
            tombstones: feed
                .tombstones
                .iter()
                .map(|t| (line(t.id.as_str()), t.at.trunc_subsecs(0)))
                .collect(),
        }
    }
}

impl Item {
    fn of(entry: &Entry, feed_lang: &str) -> Self {
        let url = address(&entry.url);
        let title = or(line(&entry.title), &url);
        let summary = line(&entry.summary);
        let published = entry.published.at.trunc_subsecs(0);
        let updated = entry.updated.trunc_subsecs(0).max(published.to_utc());
        let mut categories: Vec<String> = Vec::with_capacity(entry.categories.len());
        for category in entry.categories.iter().filter_map(|c| some_line(Some(c))) {
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
        Self {
            html: body(&entry.html, if summary.is_empty() { &title } else { &summary }, &url),
            id: line(entry.id.as_str()),
            url,
            title,
            published,
            updated: updated + of_its_own(entry.id.as_str()),
            author: entry.author.as_ref().and_then(|a| some_line(Some(&a.name))),
            source: some_line(entry.source.as_deref()),
            precision: entry.published.precision.as_str(),
            portal: (entry.portal.0.to_string(), or(line(&entry.portal.1), entry.portal.0.as_str())),
            origin: None,
            categories,
            summary,
            lang: some_line(entry.lang.as_deref()).filter(|l| is_tag(l) && l != feed_lang),
            images: entry.images.iter().map(|i| address(&i.url)).collect(),
            attachments: entry.attachments.iter().map(Document::of).collect(),
        }
    }

    /// The bytes it takes in the most wordy of the formats, about.
    fn cost(&self) -> usize {
        let short = self.title.len() + self.url.len() * 2 + self.id.len() + self.summary.len() * 2;
        let lists: usize = self.images.iter().map(|url| url.len() + 100).sum::<usize>()
            + self.attachments.iter().map(|d| d.url.len() * 2 + 150).sum::<usize>()
            + self.categories.iter().map(|c| c.len() + 30).sum::<usize>();
        written(&self.html) + short + lists + 1000
    }
}

/// The bytes an article takes in a document, at the most: a plan by this loses nothing to the document's bound.
#[must_use]
pub fn weight(article: &Article) -> usize {
    let short = article.title.len() + article.url.as_str().len() * 2 + article.summary.len() * 2 + MOST_ID;
    let lists: usize = article.images.iter().map(|image| image.url.as_str().len() + 100).sum::<usize>()
        + article.attachments.iter().map(|d| d.url.as_str().len() * 2 + 150).sum::<usize>()
        + article.categories.iter().map(|c| c.len() + 30).sum::<usize>();
    // a summary and a link stand in for what is missing or over the bound
    let body = written(&article.html)
        .min(ENTRY_BYTES)
        .max(5 * (article.summary.len() + article.title.len() + 2 * article.url.as_str().len()));
    body + short + lists + 1000
}

/// An article's id is no longer: an authority's name and a hash.
const MOST_ID: usize = 512;

impl Document {
    fn of(attachment: &crate::model::Attachment) -> Self {
        let name = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        let media_type = line(&attachment.media_type).to_ascii_lowercase();
        let ok = media_type.split_once('/').is_some_and(|(kind, sub)| name(kind) && name(sub));
        Self {
            url: address(&attachment.url),
            media_type: if ok { media_type } else { "application/octet-stream".to_owned() },
            title: some_line(Some(&attachment.title)),
            length: attachment.length,
        }
    }
}

/// `/status.json` is the state of the portals, for programs: their feed has another name in JSON.
fn own_extension<'a>(feed: &Feed, extension: &'a str) -> &'a str {
    if feed.name == STATUS && extension == Format::Json.extension() { "feed.json" } else { extension }
}

/// An address with an extension at the end of its path: a narrowed feed has a query behind that.
fn with_extension(address: &str, extension: &str) -> String {
    match address.split_once('?') {
        Some((path, query)) => format!("{path}.{extension}?{query}"),
        None => format!("{address}.{extension}"),
    }
}

fn or(text: String, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text }
}

/// An article's HTML; where there is none, or far too much, its summary and a link.
fn body(html: &str, summary: &str, url: &str) -> String {
    let guarded = xml_text(html);
    if written(html) > ENTRY_BYTES {
        let (text, href) = (escape_html(summary), escape_html(url));
        return format!("<p>{text}</p><p><a href=\"{href}\">{href}</a></p>");
    }
    if guarded.trim().is_empty() { format!("<p>{}</p>", escape_html(summary)) } else { guarded.into_owned() }
}

/// The bytes of a text once its markup is escaped for XML.
fn written(text: &str) -> usize {
    text.bytes().map(|b| if matches!(b, b'<' | b'>' | b'&' | b'"' | b'\'') { 5 } else { 1 }).sum()
}

/// Drops the oldest entries until the rest fits; the newest always stays.
fn keep_within(entries: &mut Vec<Item>, limit: usize) {
    let mut used = FRAME_BYTES;
    let fits = entries.iter().take_while(|entry| {
        used += entry.cost();
        used <= limit
    });
    let kept = fits.count().max(1);
    entries.truncate(kept);
}

/// A part of a second that is an article's own: no two entries of a feed then change at one instant, which
/// is what Atom readers sort by, and what portals that tell only the day would give them.
fn of_its_own(id: &str) -> TimeDelta {
    let digest = Sha256::digest(id.as_bytes());
    let number = digest.iter().take(4).fold(0_i64, |n, byte| n << 8 | i64::from(*byte));
    TimeDelta::microseconds(number % 1_000_000)
}

/// A language tag in the shape of BCP 47.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let primary = |p: &str| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic());
    let sub = |p: &str| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    parts.next().is_some_and(primary) && parts.all(sub)
}

/// Our own words, the only ones in a feed without articles.
const OWN_LANGUAGE: &str = "en";
/// ISO 639-2, for what nobody could tell.
const UNKNOWN_LANGUAGE: &str = "und";

/// The feed's language; where it names none, the one most of its entries have. Readers choose fonts and
/// voices by it, so it is always said.
fn language(feed: &Feed) -> String {
    if let Some(lang) = some_line(feed.lang.as_deref()).filter(|l| is_tag(l)) {
        return lang;
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for lang in feed.entries.iter().filter_map(|e| e.lang.as_deref()).filter(|l| is_tag(l)) {
        *counts.entry(lang).or_default() += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(lang, _)| lang);
    most.unwrap_or(if feed.entries.is_empty() { OWN_LANGUAGE } else { UNKNOWN_LANGUAGE }).to_owned()
}

/// Names the portal's own feed on each entry of a mixed one.
fn name_origins(feed: &Feed, extension: &str, entries: &mut [Item]) {
    let mut newest: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
    for entry in entries.iter() {
        let at = newest.entry(entry.portal.0.clone()).or_insert(entry.updated);
        *at = (*at).max(entry.updated);
    }
    for entry in entries {
        let name = &entry.portal.0;
        let Ok(beside) = feed.folder.join(&format!("{name}.{extension}")) else { continue };
        let id = format!("{}{name}", line(&feed.stem));
        let updated = newest.get(name).copied().unwrap_or(entry.updated);
        entry.origin = Some(Origin { id, address: address(&beside), updated });
    }
}
