//! Feeds as lists: RSS, RDF, Atom and JSON Feed, whatever state they are in.
//!
//! A document is cut into its head and its items, each is cleaned and parsed alone: one that is broken costs itself.

mod base64;
mod clean;
mod cut;
mod entry;
mod hub;
mod json;
mod media;
mod names;
mod parse;
mod raw;
mod tail;
mod title;

mod together;

use chrono_tz::Tz;
use feed_rs::model::Feed;

use self::clean::Beside;
use self::entry::{Item, Reader};
use self::parse::Parser;
use super::listing::{Context, Listing, MAX_ITEMS};
use super::{refs, script};
use crate::date;
use crate::model::{Class, Note, PageUrl, Traits};
use crate::page::text;

/// A feed as read.
struct Read {
    head: Feed,
    /// A hub that it names in a field of its own.
    hub: Option<String>,
    /// Its next page, named so (`next_url` of JSON Feed).
    next: Option<String>,
    items: Vec<Item>,
    /// Items that could not be read.
    broken: usize,
    is_cut: bool,
    has_more: bool,
}

/// Reads a feed; the second value is the page that it stands for. `url` is the address that answered.
pub(super) fn read(text: &str, url: &PageUrl, context: &Context<'_>) -> (Listing, Option<PageUrl>) {
    let is_json = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').starts_with('{');
    let (json, xml) = (|| of_json(text, url, context), || of_xml(text, url, context));
    let read = if is_json { json().or_else(xml) } else { xml().or_else(json) };
    let Some(read) = read else {
        let why = "the document is no feed: it has neither a feed's first element nor an item".to_owned();
        return (Listing { fault: Some(why), ..Listing::empty() }, None);
    };
    let home = home(&read.head, url);
    (listing(read, url, home.as_ref()), home)
}

fn of_xml(text: &str, url: &PageUrl, context: &Context<'_>) -> Option<Read> {
    let text = cut::with_sections(text);
    let mut pieces = cut::cut(&text, MAX_ITEMS + 1)?;
    let has_more = pieces.items.len() > MAX_ITEMS;
    pieces.items.truncate(MAX_ITEMS);
    let names = &pieces.names;
    let base = pieces.base.and_then(|base| url.join(&refs::resolve(base)).ok());
    let document = |inner: &str| names.document(base.as_ref().map(PageUrl::as_str), pieces.lang, inner);
    let parser = Parser::new(url, context, zone(url, context, None), None);
    let clean::Clean { xml, beside: head_beside } = clean::clean(&pieces.head, names, url, false);
    let mut head = parser.feed(&document(&xml)).unwrap_or_else(parse::empty);
    let told = head.language.take().or_else(|| pieces.lang.map(refs::resolve)).or(head_beside.lang);
    let lang = script::language(told, pieces.items.iter().map(|piece| piece.inner));
    head.language.clone_from(&lang);
    let parser = Parser::new(url, context, zone(url, context, lang.as_deref()), lang);
    let reader = Reader { url, head: &head, is_typed: names.dialect == names::Dialect::Atom };
    let (mut items, mut broken) = (Vec::new(), 0);
    for piece in &pieces.items {
        let cleaned = clean::clean(piece.inner, names, base.as_ref().unwrap_or(url), piece.is_cut);
        let mut beside = cleaned.beside;
        let inner = clean::item(piece.attrs, names, &cleaned.xml, url, &mut beside);
        beside.base = beside.base.or_else(|| base.clone());
        match parser.entry(&document(&inner)) {
            Some((entry, stamps)) => {
                let updated = beside.updated.as_deref().and_then(|text| parser.stamp(text));
                items.extend(reader.item(&entry, &beside, &stamps, updated));
            }
            None => broken += 1,
        }
    }
    Some(Read { is_cut: pieces.is_cut, head, hub: None, next: None, items, broken, has_more })
}

fn of_json(text: &str, url: &PageUrl, context: &Context<'_>) -> Option<Read> {
    let mut pieces = json::cut(text, MAX_ITEMS + 1)?;
    let has_more = pieces.items.len() > MAX_ITEMS;
    pieces.items.truncate(MAX_ITEMS);
    let parser = Parser::new(url, context, zone(url, context, None), None);
    let mut head = parser.feed(&pieces.head).unwrap_or_else(parse::empty);
    let texts = pieces.items.iter().flatten().map(|piece| piece.text.as_str());
    let lang = script::language(head.language.take(), texts);
    head.language.clone_from(&lang);
    let parser = Parser::new(url, context, zone(url, context, lang.as_deref()), lang);
    let reader = Reader { url, head: &head, is_typed: true };
    let (mut items, mut broken) = (Vec::new(), 0);
    for piece in pieces.items {
        let read = piece.and_then(|piece| Some((parser.entry(&piece.text)?, piece)));
        let Some(((entry, stamps), piece)) = read else {
            broken += 1;
            continue;
        };
        let beside = Beside { lang: piece.lang, is_cut: piece.is_cut, ..Beside::default() };
        items.extend(reader.item(&entry, &beside, &stamps, None));
    }
    Some(Read { is_cut: pieces.is_cut, head, hub: pieces.hub, next: pieces.next, items, broken, has_more })
}

/// The zone that a time without one is meant in: the language stands inside, and says it.
fn zone(url: &PageUrl, context: &Context<'_>, lang: Option<&str>) -> Tz {
    context.zone.unwrap_or_else(|| date::zone_of(lang, context.charset, url.host()).0)
}

/// The page that a feed stands for.
fn home(feed: &Feed, url: &PageUrl) -> Option<PageUrl> {
    let link = feed.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    link.and_then(|link| url.join(&link.href).ok())
}

fn listing(read: Read, url: &PageUrl, home: Option<&PageUrl>) -> Listing {
    let note = |class, detail: String| Note { class, detail, url: Some(url.clone()) };
    let mut notes = Vec::new();
    if read.is_cut {
        notes.push(note(Class::Truncated, "the feed breaks off before its end".to_owned()));
    }
    if read.broken > 0 {
        let detail = format!("{} entries of the feed could not be read and were left out", read.broken);
        notes.push(note(Class::FeedParse, detail));
    }
    if read.has_more {
        notes.push(note(Class::TooMany, format!("entries beyond the first {MAX_ITEMS} were not taken")));
    }
    let mut explanation = vec![format!("read {} entries of a feed", read.items.len())];
    let hub = hub::of(&read.head, read.hub.as_deref(), url);
    explanation.extend(hub.as_ref().map(|link| format!("its hub {} tells of news", link.hub)));
    let title = read.head.title.as_ref().map(|told| title::plain(&told.content, None));
    let next = older(&read, url);
    explanation.extend(next.as_ref().map(|next| format!("older entries stand in {next}")));
    Listing {
        next,
        items: together::candidates(read.items, url, home),
        title: title.map(|title| text::fold(&title)).filter(|line| !line.is_empty()),
        lang: read.head.language,
        explanation,
        notes,
        traits: Traits { hub, ..Traits::default() },
        ..Listing::empty()
    }
}

/// The document with the entries before these: the next page of a paged feed, or the archive before this document
/// (RFC 5005 sections 3 and 4). On another site there is none of ours.
fn older(read: &Read, url: &PageUrl) -> Option<PageUrl> {
    let named = |rel: &str| {
        let is = |link: &&feed_rs::model::Link| {
            link.rel
                .as_deref()
                .is_some_and(|own| own.split_whitespace().any(|own| own.eq_ignore_ascii_case(rel)))
        };
        read.head.links.iter().find(is).map(|link| link.href.as_str())
    };
    let all = [named("next"), read.next.as_deref(), named("prev-archive")];
    let mut all = all.into_iter().flatten().filter_map(|href| url.join(href.trim()).ok());
    let told = all.find(|next| next.same_site(url) && next.key() != url.key());
    told.or_else(|| paged(read, url))
}

/// The next page of a WordPress feed: it has some, and names none.
fn paged(read: &Read, url: &PageUrl) -> Option<PageUrl> {
    let made_by = read.head.generator.as_ref()?;
    let said = [Some(made_by.content.as_str()), made_by.uri.as_deref()];
    let is_wordpress = |said: &str| said.to_ascii_lowercase().contains("wordpress");
    if read.items.is_empty() || !said.into_iter().flatten().any(is_wordpress) {
        return None;
    }
    let mut next = url.as_url().clone();
    let is_count = |name: &str| name == "paged";
    let shown = url.as_url().query_pairs().find(|(name, _)| is_count(name));
    let shown = shown.map_or(Some(1), |(_, value)| value.parse::<u32>().ok())?;
    let rest = url.as_url().query_pairs().filter(|(name, _)| !is_count(name));
    let rest: Vec<(String, String)> =
        rest.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    next.query_pairs_mut()
        .clear()
        .extend_pairs(rest)
        .append_pair("paged", &shown.checked_add(1)?.to_string());
    PageUrl::parse(next.as_str()).ok()
}

#[cfg(test)]
mod tests;
