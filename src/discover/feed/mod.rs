//! Feeds as lists: RSS, RDF, Atom and JSON Feed, whatever state they are in.

mod depth;
mod entry;

use std::cell::RefCell;
use std::rc::Rc;

use chrono_tz::Tz;
use feed_rs::model::Feed;
use feed_rs::parser;

use self::entry::{Reader, Said};
use super::listing::{Context, Listing, MAX_ITEMS};
use crate::date;
use crate::model::{Class, Note, PageUrl};
use crate::page::text;

/// Reads a feed; the second value is the page that it stands for. `url` is the address that answered.
pub(super) fn read(text: &str, url: &PageUrl, context: &Context<'_>) -> (Listing, Option<PageUrl>) {
    let zone = |lang: Option<&str>| {
        context.zone.unwrap_or_else(|| date::zone_of(lang, context.charset, url.host()).0)
    };
    // the language stands inside, and says in which zone a time without one is meant
    let (feed, said) = match parse(text, url, context, zone(None), None) {
        Ok((feed, said)) => match feed.language.clone() {
            Some(lang) if context.zone.is_none() => {
                parse(text, url, context, zone(Some(&lang)), Some(lang)).unwrap_or((feed, said))
            }
            _ => (feed, said),
        },
        Err(why) => return (Listing { fault: Some(why), ..Listing::empty() }, None),
    };
    (listing(&feed, url, &said), home(&feed, url))
}

/// The page that a feed stands for.
fn home(feed: &Feed, url: &PageUrl) -> Option<PageUrl> {
    let link = feed.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    link.and_then(|link| url.join(&link.href).ok())
}

fn parse(
    text: &str,
    url: &PageUrl,
    context: &Context<'_>,
    zone: Tz,
    lang: Option<String>,
) -> Result<(Feed, Said), String> {
    if let Some(why) = depth::too_deep(text) {
        return Err(why);
    }
    let said = Rc::new(RefCell::new(Said::new()));
    let (kept, now, rules) = (Rc::clone(&said), context.now, context.recipe.dates.clone());
    let read = move |text: &str| {
        let dates = date::Context { now, zone, lang: lang.as_deref(), rules: &rules };
        let stamp = date::read(text, &dates)?;
        kept.borrow_mut().insert(stamp.utc(), stamp);
        Some(stamp.utc())
    };
    let parser = parser::Builder::new().base_uri(Some(url.as_str())).timestamp_parser(read).build();
    let feed = parser.parse(text.as_bytes()).map_err(|error| error.to_string())?;
    Ok((feed, said.take()))
}

fn listing(feed: &Feed, url: &PageUrl, said: &Said) -> Listing {
    let reader = Reader { url, said };
    let mut items: Vec<_> = feed.entries.iter().filter_map(|entry| reader.candidate(entry)).collect();
    let mut notes = Vec::new();
    if items.len() > MAX_ITEMS {
        items.truncate(MAX_ITEMS);
        let detail = format!("entries beyond the first {MAX_ITEMS} were not taken");
        notes.push(Note { class: Class::TooMany, detail, url: Some(url.clone()) });
    }
    let title = feed.title.as_ref().map(|told| text::fold(&told.content)).filter(|line| !line.is_empty());
    Listing {
        items,
        title,
        lang: feed.language.clone(),
        explanation: vec![format!("read {} entries of a feed", feed.entries.len())],
        notes,
        ..Listing::empty()
    }
}
