//! One step of a walk over a list's older pages: one page read, or one article of it.
//!
//! A step asks for one thing and is stored before the next, so that whatever ends the walk, no answer is lost. The list
//! is read by what is known of the first page; nothing of an older one is remembered as the portal's list.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::time::Instant;

use crate::discover::{Learnt, Listing};
use crate::fetch::FetchError;
use crate::model::{Class, PageUrl, Traits, Walk};
use crate::store::{Known, Store};

use super::article;
use super::guard::{self, Seen};
use super::lists::Lists;
use super::reading;
use super::report::{Job, Report, Step};
use super::round::Round;
use super::sort::is_transport;
use super::visit::{self, Collector};
use super::whole::Wanted;
use super::work::Work;

/// A page whose host fails is asked for so often; then it is left out, should it be the page.
const PATIENCE: u32 = 3;
/// Documents that one leads to, at most.
const MOST_MORE: usize = 500;
/// Documents without articles that a walk passes through, at most.
const MOST_IDLE: usize = 200;
const NO_MORE: &str = "there is no further page";

impl Collector {
    /// Makes one step of a walk. It never fails: what went wrong is in the report, and how far the walk came.
    pub async fn step(&self, store: &Store, job: Job, mut walk: Walk) -> Report {
        let began = Instant::now();
        let Job { portal, claim, stop, watch, .. } = job;
        let lease = claim.lease.clone();
        let mut round = self.claimed(store, &portal, claim, stop);
        let mut lists = Lists::default();
        let mut work = Work::default();
        let done = async {
            let first = round.list_copy(&walk.list).await?;
            let (traits, items) = first.map(|copy| (copy.traits, copy.items)).unwrap_or_default();
            // who stands on the first page is asked for by that address
            lists.standing = items.iter().map(|item| round.key(&item.url)).collect();
            round.learnt = Arc::new(traits);
            if walk.waiting.is_empty() {
                page(&mut round, &mut walk).await?;
                watch.tell(Step::Page(walk.done));
                watch.tell(Step::Listed(walk.waiting.len()));
                return Ok(());
            }
            articles(&mut round, store, &mut walk, &mut work, || watch.tell(Step::Article)).await
        };
        if let Err(error) = done.await {
            work.error = Some(error);
        }
        walk.at = round.now();
        let mut report = Self::report(round, lists, work, lease, began.elapsed());
        report.outcome.walk = Some(walk);
        report
    }
}

/// Reads the walk's next page. Where one is not there, shows nothing or what the page before showed, that row of pages
/// ends.
async fn page(round: &mut Round<'_>, walk: &mut Walk) -> Result<(), FetchError> {
    let idle = walk.pages.len().saturating_sub(usize::try_from(walk.done).unwrap_or(usize::MAX));
    let Some(url) = walk.next.clone().filter(|_| idle < MOST_IDLE) else {
        walk.end = Some(NO_MORE.to_owned());
        return Ok(());
    };
    let number = walk.done + 2;
    let read = match round.get_list(&url, None).await {
        Ok(reply) => read(round, (&url, &walk.list), reply).await,
        Err(error) => Err(error),
    };
    let listing = match read {
        Ok(listing) => listing,
        Err(error) => {
            let why = says_end(&error, number).ok_or(error)?;
            ends(round, walk, &url, why);
            return Ok(());
        }
    };
    let (items, next) = (listing.items, listing.next);
    if items.is_empty() && !listing.parts.is_empty() {
        // a frame, or an index of older files: what it leads to is the page
        walk.pages.push(round.key(&url).as_str().to_owned());
        walk.more.splice(0..0, listing.parts.into_iter().chain(listing.traits.older).take(MOST_MORE));
        walk.more.truncate(MOST_MORE);
        walk.goes_on(next);
        walk.end = walk.next.is_none().then(|| NO_MORE.to_owned());
        return Ok(());
    }
    let keys: Vec<String> = items.iter().map(|item| round.key(&item.url).as_str().to_owned()).collect();
    let is_repeated = keys.iter().all(|key| walk.last.contains(key));
    if is_repeated && walk.slack > 0 && next.is_some() {
        walk.slack -= 1;
        walk.pages.push(round.key(&url).as_str().to_owned());
        walk.goes_on(next);
        walk.end = walk.next.is_none().then(|| NO_MORE.to_owned());
        return Ok(());
    }
    if is_repeated {
        ends(round, walk, &url, format!("page {number} shows what the page before it shows"));
        return Ok(());
    }
    // undated articles of this page are older than all that stood before it
    let above = TimeDelta::seconds(i64::try_from(walk.last.len()).unwrap_or(0));
    walk.base -= above;
    walk.base = items
        .iter()
        .filter_map(|item| Some(item.published?.utc()))
        .chain([walk.base])
        .min()
        .unwrap_or(walk.base);
    (walk.done, walk.slack) = (walk.done + 1, 0);
    walk.pages.push(round.key(&url).as_str().to_owned());
    walk.goes_on(next);
    if walk.next.is_none() {
        walk.end = Some(listing.traits.barred.unwrap_or_else(|| NO_MORE.to_owned()));
    }
    (walk.waiting, walk.last) = (items, keys);
    Ok(())
}

/// Why a page that could not be read is the end of its row.
fn says_end(error: &FetchError, number: u32) -> Option<String> {
    match error.fault.class {
        _ if matches!(error.status, Some(404 | 410)) => Some(format!("page {number} is not there")),
        Class::EmptyList | Class::Selector => Some(format!("page {number} lists nothing")),
        _ => None,
    }
}

/// Ends a row of pages: the walk goes on with the next one, should there be one.
fn ends(round: &Round<'_>, walk: &mut Walk, at: &PageUrl, why: String) {
    walk.pages.push(round.key(at).as_str().to_owned());
    walk.goes_on(None);
    walk.end = walk.next.is_none().then_some(why);
}

/// Bytes to what the page lists, and where it goes on.
async fn read(
    round: &mut Round<'_>,
    (url, list): (&PageUrl, &PageUrl),
    reply: crate::fetch::Reply,
) -> Result<Listing, FetchError> {
    let (portal, now, answered) = (Arc::clone(&round.portal), round.now(), reply.url.clone());
    let traits: Arc<Traits> = Arc::clone(&round.learnt);
    // pages of an API belong to the page that asks it
    let from = Some(list.clone()).filter(|_| !traits.parts.is_empty());
    let size = reply.body.len();
    let (mut listing, for_parse) = round
        .parse(url, size, move || {
            let learnt = Some(Learnt { traits: &traits, items: &[], is_older: true });
            let read =
                reading::parse(&portal, &reply, (now, portal.kind), (&traits.ways, from.as_ref()), learnt);
            (read.0, portal)
        })
        .await?;
    if let Some(why) = listing.fault {
        return Err(FetchError::new(Class::FeedParse, url, why));
    }
    let left_out = &round.learnt.left_out;
    listing.items.retain(|item| !left_out.contains(&guard::kind(&item.url, &answered)));
    let rules = &for_parse.recipe.list;
    let seen = Seen { url, answered: &answered, moved: None, rules, last: None, now };
    guard::believe(&seen, listing).map_err(|refused| refused.error)
}

/// Looks at what waits, the lowest on the list first, until one page was asked for.
async fn articles(
    round: &mut Round<'_>,
    store: &Store,
    walk: &mut Walk,
    work: &mut Work,
    mut done: impl FnMut(),
) -> Result<(), FetchError> {
    let (portal, now) = (Arc::clone(&round.portal), round.now());
    let keys: Vec<_> = walk.waiting.iter().map(|item| round.key(&item.url)).collect();
    let known = store.known(&portal.id, keys).await;
    let mut known = known.map_err(|error| visit::store_error(&portal, &error))?;
    while let Some(candidate) = walk.waiting.pop() {
        if work.is_full() {
            walk.waiting.push(candidate);
            return Ok(());
        }
        let key = round.key(&candidate.url);
        let known = known.remove(&key);
        let is_settled = |known: &Known| {
            known.article.is_some() || known.next_visit.is_some_and(|at| at > now) && known.visits >= PATIENCE
        };
        if known.as_ref().is_some_and(is_settled) {
            done();
            continue;
        }
        let wanted = Wanted { url: candidate.url.clone(), key, candidate: Some(candidate.clone()), known };
        if !portal.recipe.article.read || candidate.is_whole() {
            match article::of_list(round, &wanted, &candidate).await {
                Ok(page) => work.add(page),
                Err(error) => work.add_failed(&wanted, error, now),
            }
            done();
            continue;
        }
        let asked = article::visit(round, &wanted).await;
        match asked {
            Ok(page) => {
                work.good += 1;
                work.add(page);
            }
            Err(error) if is_transport(error.fault.class) || error.fault.class == Class::RateLimited => {
                // the host failed, not the page: it comes again, and last should it be the page after all
                work.add_failed(&wanted, error.clone(), now);
                walk.waiting.insert(0, candidate);
                return Err(error);
            }
            Err(error) => {
                round.notes.push(error.fault.clone());
                work.add_failed(&wanted, error, now);
            }
        }
        done();
        return Ok(());
    }
    Ok(())
}
