//! The list pages of a portal: fetched, decoded, read, with what they lead to.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::fetch::{FetchError, Reply};
use crate::model::{Class, Kind, Note, PageUrl, Traits};
use crate::store::ListCopy;

use super::after::{After, Shell};
use super::elsewhere;
use super::framed;
use super::guard::{self, Seen};
use super::lists::Lists;
use super::merged::{Merged, touched};
use super::reading::{Reading, decode_note, parse};
use super::round::Round;
use super::sort::{is_blank, is_bound, is_program, is_quiet, learnt, nothing, unreadable};
use super::trace::paced;

/// Documents that belong to one list, and how far one may name others.
const MOST_PARTS: usize = 8;
const PARTS_DEEP: u32 = 3;
/// Files of a sitemap that nobody named, at most.
const MOST_FILES: u32 = 5;

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
        match Box::pin(first(round, &mut lists, &mut seen, url)).await {
            Ok(next) => {
                lists.good += 1;
                further.extend(next.map(|next| (next, round.ways.clone())));
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
    for ((first, from_oldest), ways) in further {
        let mut next = Some(first);
        (round.from_oldest, round.ways) = (from_oldest, ways);
        let mut left = portal.recipe.list.max_pages.saturating_sub(1);
        while let (Some(url), 1.., false) = (next.take(), left, round.is_over()) {
            left -= 1;
            // a further page that fails costs its own items only
            match page(round, &mut lists, &mut seen, &url).await {
                Ok(After { next: after, shell, .. }) => {
                    next = after;
                    round.notes.extend(shell.and_then(|shell| shell.error).map(|error| error.fault));
                }
                Err(error) => round.notes.push(error.fault),
            }
        }
    }
    lists
}

/// Reads one list with the documents that belong to it; says where its next page is, and whether its pages are counted
/// from the oldest.
async fn first(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
) -> Result<Option<(PageUrl, bool)>, FetchError> {
    let before = lists.items.len();
    round.ways.clear();
    (round.from_oldest, round.from) = (false, None);
    let After { next, parts, beside, shell } = page(round, lists, seen, url).await?;
    let next = next.map(|next| (next, round.from_oldest));
    // by the whole address: `http://town.cn/` may send on to `https://www.town.cn/`
    let mut asked = HashSet::from([url.clone()]);
    round.from = Some(url.clone());
    let Led { mut shells, next: of_parts, mut fault, may_come } =
        led(round, lists, seen, (parts, shell.is_some()), &mut asked).await;
    let mut by_beside = false;
    if let (Some(other), false) = (beside.filter(|other| asked.insert(other.clone())), round.is_over()) {
        let is_alone = lists.items.len() == before;
        by_beside = is_alone;
        // who lists well without it misses nothing
        if let Err(error) = self::beside(round, lists, seen, &other, is_alone).await {
            tracing::debug!(portal.name = %round.portal.id, error = %error.fault, "nothing is read beside the list");
            fault = fault.or(Some(error));
        }
        by_beside &= lists.items.len() > before;
    }
    let Some(mut shell) = shell else { return Ok(next) };
    if by_beside && !may_come {
        // what else it may lead to listed nothing: it is not asked at each visit
        shell.copy.traits.parts.clear();
    }
    let is_framed = !shell.copy.items.is_empty();
    if is_framed {
        // a ranking is not the list today because what was it fails
        let is_aside = shell.is_proven && shell.copy.traits.is_aside;
        if !is_aside && !framed::lists_more(lists.items.len() - before, &shell.copy) {
            return framed::own(round, lists, seen, (shell.copy, shell.is_new), (before, fault));
        }
        shell.copy.items.clear();
    }
    if lists.items.len() == before && shell.may_be_elsewhere {
        // who shows nothing at all may keep us out: what robots.txt invites to is read, nothing is guessed
        let is_shut = shell.error.as_ref().is_some_and(|error| error.fault.class == Class::Challenge);
        shell.copy.traits.elsewhere = sitemap(round, lists, seen, url, is_shut).await;
    }
    if lists.items.len() > before || lists.is_quiet {
        lists.copies.extend(Some(shell.copy).filter(|_| shell.is_new));
        // a frame within a frame: who walks back from the first page finds the list through them
        lists.copies.append(&mut shells);
        return Ok(next.filter(|_| !is_framed).or(of_parts));
    }
    // what its scripts name was asked for by the browser that ran them
    let fault = fault.filter(|fault| !(round.is_rendered() && fault.fault.class == Class::Robots));
    Err(fault.or(shell.error).unwrap_or_else(|| nothing(url)))
}

/// What the documents that belong to a list bring beside their items.
#[derive(Debug, Default)]
struct Led {
    /// Those that list nothing themselves and lead on.
    shells: Vec<ListCopy>,
    /// The next page of the first that has one, and whether its pages are counted from the oldest.
    next: Option<(PageUrl, bool)>,
    /// The first that failed where the list itself shows nothing, and whether one of them may list something yet.
    fault: Option<FetchError>,
    may_come: bool,
}

/// Reads the documents that belong to a list, and those that they lead to.
async fn led(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    (parts, is_shell): (Vec<PageUrl>, bool),
    asked: &mut HashSet<PageUrl>,
) -> Led {
    let mut led = Led::default();
    let mut waiting: VecDeque<(PageUrl, u32)> = parts.into_iter().map(|part| (part, 1)).collect();
    while let (Some((part, depth)), false) = (waiting.pop_front(), round.is_over()) {
        if asked.len() > MOST_PARTS || !asked.insert(part.clone()) {
            continue;
        }
        match page(round, lists, seen, &part).await {
            Ok(After { next, parts, shell, .. }) => {
                // a file that is cut is its own next page: a walk reads it whole
                let next = next.filter(|next| *next != part).map(|next| (next, round.from_oldest));
                led.next = led.next.take().or(next);
                led.shells.extend(shell.filter(|shell| shell.is_new).map(|shell| shell.copy));
                let deeper = parts.into_iter().filter(|_| depth < PARTS_DEEP);
                waiting.extend(deeper.map(|part| (part, depth + 1)));
            }
            Err(error) if is_shell => {
                led.may_come |= !matches!(error.status, Some(404 | 410));
                // a program that is not there or names nothing was a guess
                led.fault = led.fault.take().or(Some(error).filter(|_| !is_program(&part)));
            }
            Err(error) => round.notes.push(error.fault),
        }
    }
    led
}

/// Looks for a sitemap of the site and reads it; which one it was.
async fn sitemap(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
    is_named: bool,
) -> Option<PageUrl> {
    let (kind, before) = (round.kind, lists.items.len());
    let (mut found, mut indexes) = (None, Vec::new());
    for address in elsewhere::sitemaps(round, url, is_named) {
        if round.is_over() || found.is_some() {
            break;
        }
        // nothing but a sitemap is welcome: many sites answer every address with a page
        round.kind = Kind::Sitemap;
        let mut files = VecDeque::from([address.clone()]);
        let mut left = MOST_FILES;
        while let (Some(file), 1.., false) = (files.pop_front(), left, round.is_over()) {
            left -= 1;
            match page(round, lists, seen, &file).await {
                Ok(after) => {
                    files.extend(after.parts);
                    indexes.extend(after.shell.filter(|shell| shell.is_new).map(|shell| shell.copy));
                }
                Err(error) => {
                    tracing::debug!(portal.name = %round.portal.id, error = %error.fault, "no sitemap");
                }
            }
        }
        round.kind = kind;
        found = (lists.items.len() > before).then_some(address);
    }
    // who walks back finds the older files through them
    lists.copies.extend(indexes.into_iter().filter(|_| found.is_some()));
    found
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
    // the list itself says what kind the portal is of
    its.copies.iter_mut().for_each(|copy| copy.traits.kind = None);
    lists.copies.append(&mut its.copies);
    lists.readings.append(&mut its.readings);
    for item in its.items {
        let key = round.key(&item.url);
        seen.enrich(&mut lists.items, &key, item);
    }
    Ok(())
}

/// Reads one list page, adds its items, and says what it leads to. One that is not what it was may be for members who
/// have to log in anew.
pub(super) async fn page(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
) -> Result<After, FetchError> {
    match Box::pin(once(round, lists, seen, url)).await {
        Err(error) if Box::pin(round.logs_in_anew(&error, url)).await => {
            Box::pin(once(round, lists, seen, url)).await
        }
        read => read,
    }
}

async fn once(
    round: &mut Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    url: &PageUrl,
) -> Result<After, FetchError> {
    let last = round.list_copy(url).await?;
    let reply = match round.get_list(url, last.as_ref()).await {
        Ok(reply) => reply,
        Err(error) => {
            round.trace.has_moved = true;
            let items = last.iter().flat_map(|last| &last.items);
            lists.standing.extend(items.map(|item| round.key(&item.url)));
            return Err(error);
        }
    };
    let (pace, slow) = paced(last.as_ref().map_or(&[], |last| &last.traits.pace), url, &reply);
    round.notes.extend(slow);
    let may_be_elsewhere = last.is_none() && round.kind == Kind::Auto;
    let is_proven = last.as_ref().is_some_and(|last| last.items.is_empty());
    let (copy, is_new, error) = match last {
        Some(last) if reply.not_modified => {
            round.trace.stands(&last);
            // what was amiss when it was read still is
            lists.standing.extend(last.items.iter().map(|item| round.key(&item.url)));
            lists.degraded |= !last.traits.missed.is_empty();
            round.notes.extend(last.traits.missed.iter().cloned());
            if round.portal.probe.is_some() {
                lists.copies.push(last.clone());
            }
            (last, false, None)
        }
        last => {
            round.trace.has_moved = true;
            let (copy, error) = anew(round, lists, url, reply, last, pace).await?;
            (copy, true, error)
        }
    };
    let ListCopy { next, traits, .. } = &copy;
    let (next, beside) = (next.clone(), traits.beside.clone());
    round.from_oldest = traits.from_oldest;
    // who asks for one page misses nothing
    let barred = traits.barred.clone().filter(|_| round.portal.recipe.list.max_pages > 1);
    round.notes.extend(barred.map(|detail| Note { class: Class::Truncated, detail, url: Some(url.clone()) }));
    // what the page names listed nothing when its articles were found elsewhere
    let elsewhere = traits.elsewhere.as_ref().map(|elsewhere| vec![elsewhere.clone()]);
    let parts = elsewhere.unwrap_or_else(|| traits.parts.clone());
    if framed::is_framed(&copy)
        || copy.items.is_empty() && (!parts.is_empty() || beside.is_some() || error.is_some())
    {
        round.ways.extend(traits.ways.iter().cloned());
        let shell = Shell { copy, is_new, may_be_elsewhere, is_proven, error };
        return Ok(After { next, parts, beside, shell: Some(shell) });
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

/// Reads a list page that changed, and has it judged by what it was. The second value is what is amiss with one that
/// lists nothing and leads nowhere, though its articles may be listed elsewhere.
async fn anew(
    round: &mut Round<'_>,
    lists: &mut Lists,
    url: &PageUrl,
    reply: Reply,
    last: Option<ListCopy>,
    pace: Vec<u32>,
) -> Result<(ListCopy, Option<FetchError>), FetchError> {
    let portal = Arc::clone(&round.portal);
    let (now, kind, ways, from) = (round.now(), round.kind, round.ways.clone(), round.from.clone());
    // what the page before this one told, for one that was never read
    let ahead = round.from_oldest.then(|| Traits { from_oldest: true, ..Traits::default() });
    let (validators, moved, answered) = (reply.validators.clone(), reply.moved.clone(), reply.url.clone());
    let (listing, charset, last) = round
        .parse(url, reply.body.len(), move || {
            let learnt = framed::hints(last.as_ref(), ahead.as_ref());
            let (listing, charset) = parse(&portal, &reply, (now, kind), (&ways, from.as_ref()), learnt);
            (listing, charset, last)
        })
        .await?;
    if round.store.is_none() {
        lists.readings.push(Reading::of(&answered, &listing, &charset));
    }
    if let Some(fault) = unreadable(url, &listing) {
        return Err(fault);
    }
    let rules = &round.portal.recipe.list;
    let seen = Seen { url, answered: &answered, moved: moved.as_ref(), rules, last: last.as_ref(), now };
    let cuts: Vec<Note> = listing.notes.iter().filter(|note| is_bound(note.class)).cloned().collect();
    let is_blank = kind == Kind::Auto && rules.is_detected() && is_blank(&listing, last.as_ref());
    let is_quiet = is_quiet(&listing, last.as_ref());
    lists.is_quiet |= is_quiet;
    let empty = is_blank.then(|| listing.clone());
    let error = empty.and_then(|empty| guard::believe(&seen, empty).err()).map(|refused| refused.error);
    let mut listing = match if is_blank || is_quiet { Ok(listing) } else { guard::believe(&seen, listing) } {
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
    lists.title = lists.title.take().or(listing.title.take());
    lists.lang = lists.lang.take().or(listing.lang.take());
    lists.degraded |= listing.fallback;
    let (before, items) = last.map(|last| (last.traits, last.items)).unwrap_or_default();
    lists.touched.extend(touched(&items, &listing.items).into_iter().map(|url| round.key(url)));
    let traits = learnt(&mut listing, before, pace);
    round.notes.extend(listing.notes);
    round.notes.extend(decode_note(url, &charset));
    let copy = ListCopy {
        url: url.clone(),
        etag: validators.etag,
        last_modified: validators.last_modified,
        items: listing.items,
        next: listing.next,
        traits,
    };
    Ok((copy, error))
}
