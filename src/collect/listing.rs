//! The list pages of a portal: fetched, decoded, read.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::decode::{self, Hints};
use crate::discover::{self, Learnt, Listing};
use crate::drift;
use crate::fetch::{FetchError, Reply};
use crate::model::{Candidate, CharsetRule, Class, Fault, Kind, Note, PageUrl, Portal, Traits, UrlKey};
use crate::store::ListCopy;

use super::guard::{self, Seen};
use super::merged::Merged;
use super::round::Round;

/// Documents that belong to one list, and how far one may name others.
const MOST_PARTS: usize = 8;
const PARTS_DEEP: u32 = 2;
/// Bytes of a document that came as a packed file (a sitemap).
const MOST_UNPACKED: usize = 16 << 20;
/// Selectors of a list that found nothing, remembered at most.
const MISSED: usize = 5;

/// What the lists of a portal hold together.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// In list order, each address once.
    pub(super) items: Vec<Candidate>,
    /// How many of them stand on first pages.
    pub(super) on_first: usize,
    /// Keys of what stands on lists that did not change, or that could not be read.
    pub(super) standing: Vec<UrlKey>,
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

/// Reads every list of the portal: first pages with what belongs to them, then further ones.
pub(super) async fn read(round: &mut Round<'_>) -> Lists {
    let portal = Arc::clone(&round.portal);
    let mut lists = Lists::default();
    let mut seen = Merged::default();
    let (mut further, mut failed) = (Vec::new(), Vec::new());
    for url in &portal.lists {
        if round.is_over() {
            break;
        }
        match first(round, &mut lists, &mut seen, url).await {
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
                Ok(after) => next = after.next,
                Err(error) => round.notes.push(error.fault),
            }
        }
    }
    lists
}

/// Reads one list with the documents that belong to it; says where its next page is.
async fn first(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
) -> Result<Option<PageUrl>, FetchError> {
    let before = lists.items.len();
    let mut fault = None;
    let After { next, parts, beside, shell } = match page(round, lists, seen, url).await {
        Err(error) if lists_nothing(round, url, &error).await? => {
            fault = Some(error);
            After { next: None, parts: round.turns.sitemaps(url), beside: None, shell: Some(None) }
        }
        read => read?,
    };
    let mut asked = HashSet::from([url.key()]);
    let mut waiting: VecDeque<(PageUrl, u32)> = parts.into_iter().map(|part| (part, 1)).collect();
    while let (Some((part, depth)), false) = (waiting.pop_front(), round.is_over()) {
        if asked.len() > MOST_PARTS || !asked.insert(part.key()) {
            continue;
        }
        match page(round, lists, seen, &part).await {
            Ok(after) if depth < PARTS_DEEP => {
                waiting.extend(after.parts.into_iter().map(|part| (part, depth + 1)));
            }
            Ok(_) => {}
            Err(error) if shell.is_some() => fault = fault.or(Some(error)),
            Err(error) => round.notes.push(error.fault),
        }
    }
    if let (Some(other), false) = (beside.filter(|other| asked.insert(other.key())), round.is_over()) {
        let is_alone = lists.items.len() == before;
        // who lists well without it misses nothing
        if let Err(error) = self::beside(round, lists, seen, &other, is_alone).await {
            tracing::debug!(portal.name = %round.portal.id, error = %error.fault, "nothing is read beside the list");
            fault = fault.or(Some(error));
        }
    }
    match shell {
        Some(_) if lists.items.len() == before => Err(fault.unwrap_or_else(|| {
            let detail = "no list of articles was found on the page, nor behind it";
            FetchError::new(Class::EmptyList, url, detail)
        })),
        Some(copy) => {
            lists.copies.extend(copy);
            Ok(next)
        }
        None => Ok(next),
    }
}

/// Whether a page never listed anything: then what its site tells machines is asked for.
async fn lists_nothing(round: &Round<'_>, url: &PageUrl, error: &FetchError) -> Result<bool, FetchError> {
    if error.fault.class != Class::EmptyList || round.portal.kind != Kind::Auto {
        return Ok(false);
    }
    let last = round.list_copy(url).await?;
    Ok(last.is_none_or(|last| last.items.is_empty()))
}

/// Reads the document beside a list: what it says better of its items is taken, and when nothing else lists any, its own.
async fn beside(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
    is_alone: bool,
) -> Result<(), FetchError> {
    if is_alone {
        return page(round, lists, seen, url).await.map(drop);
    }
    // read into lists of its own: it has no say in what the portal is called, nor in how well it is
    let mut its = Lists::default();
    let notes = round.notes.len();
    let read = page(round, &mut its, &mut Merged::default(), url).await;
    round.notes.truncate(notes);
    read?;
    lists.copies.append(&mut its.copies);
    for item in its.items {
        let key = round.key(&item.url);
        seen.enrich(&mut lists.items, &key, item);
    }
    Ok(())
}

/// What a list page leads to.
struct After {
    /// The next page of the list.
    next: Option<PageUrl>,
    /// Documents that belong to it.
    parts: Vec<PageUrl>,
    /// One that says the same in other words.
    beside: Option<PageUrl>,
    /// For a page that lists nothing itself: what is remembered of it when its parts do, if it was read anew.
    shell: Option<Option<ListCopy>>,
}

/// Reads one list page, adds its items, and says what it leads to.
async fn page(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
) -> Result<After, FetchError> {
    let last = round.list_copy(url).await?;
    let reply = match round.get_list(url, last.as_ref()).await {
        Ok(reply) => reply,
        Err(error) => {
            let items = last.iter().flat_map(|last| &last.items);
            lists.standing.extend(items.map(|item| round.key(&item.url)));
            return Err(error);
        }
    };
    let took = u32::try_from(reply.took.as_millis()).unwrap_or(u32::MAX);
    let (pace, slow) = drift::pace(last.as_ref().map_or(&[], |last| &last.traits.pace), took);
    if let Some(median) = slow {
        let detail = format!("the list took {took} ms, {median} ms are usual");
        round.notes.push(Note { class: Class::Slow, detail, url: Some(url.clone()) });
    }
    let (copy, is_new) = match last {
        Some(last) if reply.not_modified => {
            // what was amiss when it was read still is
            lists.standing.extend(last.items.iter().map(|item| round.key(&item.url)));
            lists.degraded |= !last.traits.missed.is_empty();
            round.notes.extend(last.traits.missed.iter().cloned());
            if round.portal.probe.is_some() {
                lists.copies.push(last.clone());
            }
            (last, false)
        }
        last => (anew(round, lists, url, reply, last, pace).await?, true),
    };
    let ListCopy { next, traits, .. } = &copy;
    let (next, parts, beside) = (next.clone(), traits.parts.clone(), traits.beside.clone());
    if copy.items.is_empty() && (!parts.is_empty() || beside.is_some()) {
        return Ok(After { next, parts, beside, shell: Some(is_new.then_some(copy)) });
    }
    lists.learnt.get_or_insert_with(|| copy.traits.clone());
    if is_new {
        lists.copies.push(copy.clone());
    }
    for item in copy.items {
        let key = round.key(&item.url);
        seen.add(&mut lists.items, key, item);
    }
    Ok(After { next, parts, beside, shell: None })
}

/// Reads a list page that changed, and has it judged by what it was.
async fn anew(
    round: &mut Round<'_>,
    lists: &mut Lists,
    url: &PageUrl,
    reply: Reply,
    last: Option<ListCopy>,
    pace: Vec<u32>,
) -> Result<ListCopy, FetchError> {
    let portal = Arc::clone(&round.portal);
    let now = round.now();
    let (validators, moved, answered) = (reply.validators.clone(), reply.moved.clone(), reply.url.clone());
    let (listing, charset, last) = round
        .parse(url, reply.body.len(), move || {
            let learnt = last.as_ref().map(|last| Learnt { traits: &last.traits, items: &last.items });
            let (listing, charset) = parse(&portal, &reply, now, learnt);
            (listing, charset, last)
        })
        .await?;
    if let Some(why) = listing.fault {
        return Err(FetchError::new(Class::FeedParse, url, why));
    }
    let rules = &round.portal.recipe.list;
    let seen = Seen { url, answered: &answered, moved: moved.as_ref(), rules, last: last.as_ref(), now };
    let cuts: Vec<Note> = listing.notes.iter().filter(|note| is_bound(note.class)).cloned().collect();
    let listing = match guard::believe(&seen, listing) {
        Ok(listing) => listing,
        Err(refused) => {
            // what was cut away may be why
            round.notes.extend(cuts);
            let items = last.iter().flat_map(|last| &last.items);
            lists.standing.extend(items.map(|item| round.key(&item.url)));
            // the list stays as it was, with the doubt; no validator of the page that was refused is kept
            lists.copies.extend(last.map(|last| ListCopy {
                traits: Traits { doubt: refused.doubt, pace, ..last.traits },
                ..last
            }));
            return Err(refused.error);
        }
    };
    lists.title = lists.title.take().or(listing.title);
    lists.lang = lists.lang.take().or(listing.lang);
    lists.degraded |= listing.fallback;
    let missed = listing.notes.iter().filter(|note| note.class == Class::Selector).take(MISSED).cloned();
    let before = last.map(|last| last.traits).unwrap_or_default();
    let traits = Traits {
        body: before.body,
        date: before.date,
        probed: before.probed,
        missed: missed.collect(),
        pace,
        parts: listing.parts,
        beside: listing.beside,
        ..listing.traits
    };
    round.notes.extend(listing.notes);
    round.notes.extend(decode_note(url, &charset));
    Ok(ListCopy {
        url: url.clone(),
        etag: validators.etag,
        last_modified: validators.last_modified,
        items: listing.items,
        next: listing.next,
        traits,
    })
}

/// Whether a note tells that a page was beyond a bound.
fn is_bound(class: Class) -> bool {
    matches!(class, Class::Truncated | Class::TooLarge | Class::TooDeep | Class::TooMany)
}

/// Bytes to a listing; the second value is the text's charset and how well it fitted.
pub(super) fn parse(
    portal: &Portal,
    reply: &Reply,
    now: DateTime<Utc>,
    learnt: Option<Learnt<'_>>,
) -> (Listing, decode::Text) {
    let mut text = decode_reply(portal, reply);
    let context = discover::Context {
        recipe: &portal.recipe,
        now,
        zone: portal.zone,
        charset: Some(text.charset),
        learnt,
    };
    let document = discover::Document {
        text: &text.text,
        url: &reply.url,
        content_type: reply.content_type.as_deref(),
        kind: portal.kind,
    };
    let listing = discover::read(&document, &context);
    text.text = String::new();
    (listing, text)
}

/// Decodes an answer by the portal's rule and the page's own signs.
pub(super) fn decode_reply(portal: &Portal, reply: &Reply) -> decode::Text {
    let fixed = match &portal.recipe.charset {
        CharsetRule::Auto => None,
        CharsetRule::Fixed(label) => Some(label.as_str()),
    };
    let body = decode::unpacked(&reply.body, MOST_UNPACKED);
    decode::decode(&body, Hints { fixed, content_type: reply.content_type.as_deref() })
}

/// Told when characters were lost.
pub(super) fn decode_note(url: &PageUrl, text: &decode::Text) -> Option<Note> {
    (text.errors > 0).then(|| Fault {
        class: Class::Decode,
        detail: format!("{} characters do not decode as {}", text.errors, text.charset),
        url: Some(url.clone()),
    })
}
