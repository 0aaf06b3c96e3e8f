//! The list pages of a portal: fetched, decoded, read.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::decode::{self, Hints};
use crate::discover::{self, Listing};
use crate::fetch::{FetchError, Reply};
use crate::model::{Candidate, CharsetRule, Class, Fault, Note, PageUrl, Portal, Traits};
use crate::page::Page;
use crate::store::ListCopy;

use super::round::Round;

/// What the lists of a portal hold together.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// In list order, each address once.
    pub(super) items: Vec<Candidate>,
    /// How many of them stand on first pages.
    pub(super) on_first: usize,
    /// Pages read anew.
    pub(super) copies: Vec<ListCopy>,
    pub(super) title: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) degraded: bool,
    /// What was learnt of the first list and of the articles behind it.
    pub(super) learnt: Option<Traits>,
    /// The first list that failed.
    pub(super) error: Option<FetchError>,
    /// Lists that were read.
    pub(super) good: usize,
}

/// Reads every list of the portal, first pages before further ones.
pub(super) async fn read(round: &mut Round<'_>) -> Lists {
    let portal = Arc::clone(&round.portal);
    let mut lists = Lists::default();
    let mut seen = HashSet::new();
    let (mut further, mut failed) = (Vec::new(), Vec::new());
    for url in &portal.lists {
        if round.is_over() {
            break;
        }
        match page(round, &mut lists, &mut seen, url).await {
            Ok(next) => {
                lists.good += 1;
                further.extend(next);
            }
            Err(error) => failed.push(error),
        }
    }
    if lists.good > 0 {
        // the others serve; when none does, the first fault is the visit's own and needs no note
        round.notes.extend(failed.iter().map(|error| error.fault.clone()));
    }
    lists.error = failed.into_iter().next();
    lists.on_first = lists.items.len();
    for first in further {
        let mut next = Some(first);
        let mut left = portal.recipe.list.max_pages.saturating_sub(1);
        while let (Some(url), 1.., false) = (next.take(), left, round.is_over()) {
            left -= 1;
            // a further page that fails costs its own items only
            match page(round, &mut lists, &mut seen, &url).await {
                Ok(after) => next = after,
                Err(error) => round.notes.push(error.fault),
            }
        }
    }
    lists
}

/// Reads one list page, adds its items, and says where the next one is.
async fn page(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut HashSet<String>,
    url: &PageUrl,
) -> Result<Option<PageUrl>, FetchError> {
    let old = round.list_copy(url).await?;
    let reply = round.get_list(url, old.as_ref()).await?;
    let copy = match old {
        Some(old) if reply.not_modified => old,
        _ => {
            let (copy, listing, charset_note) =
                read_anew(round, url, reply, old.map(|old| old.traits)).await?;
            lists.title = lists.title.take().or(listing.title);
            lists.lang = lists.lang.take().or(listing.lang);
            lists.degraded |= listing.fallback;
            round.notes.extend(listing.notes);
            round.notes.extend(charset_note);
            lists.copies.push(copy.clone());
            copy
        }
    };
    lists.learnt.get_or_insert_with(|| copy.traits.clone());
    let fresh = copy.items.into_iter().filter(|item| seen.insert(round.key(&item.url).as_str().to_owned()));
    lists.items.extend(fresh);
    Ok(copy.next)
}

async fn read_anew(
    round: &Round<'_>,
    url: &PageUrl,
    reply: Reply,
    learnt: Option<Traits>,
) -> Result<(ListCopy, Listing, Option<Note>), FetchError> {
    let portal = Arc::clone(&round.portal);
    let now = round.now();
    let validators = reply.validators.clone();
    let (body, date) =
        learnt.as_ref().map(|known| (known.body.clone(), known.date.clone())).unwrap_or_default();
    let (listing, charset) = round.parse(url, move || parse(&portal, &reply, now, learnt.as_ref())).await?;
    if listing.items.is_empty() {
        let rules = &round.portal.recipe.list;
        let (class, detail) = if rules.item.is_some() || rules.link.is_some() {
            (Class::Selector, "the list's selectors find nothing any more, and detection finds no list")
        } else {
            (Class::EmptyList, "no list of articles was found on the page")
        };
        return Err(FetchError::new(class, url, detail));
    }
    let copy = ListCopy {
        url: url.clone(),
        etag: validators.etag,
        last_modified: validators.last_modified,
        items: listing.items.clone(),
        next: listing.next.clone(),
        traits: Traits { body, date, ..listing.traits.clone() },
    };
    Ok((copy, listing, decode_note(url, &charset)))
}

/// Bytes to a listing; the second value is the text's charset and how well it fitted.
pub(super) fn parse(
    portal: &Portal,
    reply: &Reply,
    now: DateTime<Utc>,
    learnt: Option<&Traits>,
) -> (Listing, decode::Text) {
    let mut text = decode_reply(portal, reply);
    let page = Page::parse(&text.text, reply.url.clone());
    let context = discover::Context {
        recipe: &portal.recipe,
        now,
        zone: portal.zone,
        charset: Some(text.charset),
        learnt,
    };
    let mut listing = discover::list(&page, &context);
    listing.notes.extend(page.notes().iter().cloned());
    text.text = String::new();
    (listing, text)
}

/// Decodes an answer by the portal's rule and the page's own signs.
pub(super) fn decode_reply(portal: &Portal, reply: &Reply) -> decode::Text {
    let fixed = match &portal.recipe.charset {
        CharsetRule::Auto => None,
        CharsetRule::Fixed(label) => Some(label.as_str()),
    };
    decode::decode(&reply.body, Hints { fixed, content_type: reply.content_type.as_deref() })
}

/// Told when characters were lost.
pub(super) fn decode_note(url: &PageUrl, text: &decode::Text) -> Option<Note> {
    (text.errors > 0).then(|| Fault {
        class: Class::Decode,
        detail: format!("{} characters do not decode as {}", text.errors, text.charset),
        url: Some(url.clone()),
    })
}
