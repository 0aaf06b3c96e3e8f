//! One step of a walk over a list's older pages: one page read, or one article of it.
//!
//! A step asks for one thing and is stored before the next, so that whatever ends the walk, no answer is lost. The list
//! is read by what is known of the first page; nothing of an older one is remembered as the portal's list.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::time::Instant;

use crate::discover::Learnt;
use crate::fetch::FetchError;
use crate::model::{Candidate, Class, PageUrl, Traits, Walk};
use crate::store::{Known, Store};

use super::article;
use super::guard::{self, Seen};
use super::listing::Lists;
use super::reading;
use super::report::{Job, Report, Step};
use super::round::Round;
use super::visit::{self, Collector};
use super::whole::Wanted;
use super::work::Work;

/// A page whose host fails is asked for so often; then it is left out, should it be the page.
const PATIENCE: u32 = 3;

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

/// Reads the walk's next page. One that is not there, shows nothing or what the page before showed, is the end.
async fn page(round: &mut Round<'_>, walk: &mut Walk) -> Result<(), FetchError> {
    let Some(url) = walk.next.clone() else {
        walk.end = Some("there is no further page".to_owned());
        return Ok(());
    };
    let number = walk.done + 2;
    let mut ends = |why: String| {
        (walk.next, walk.end) = (None, Some(why));
        Ok(())
    };
    let read = match round.get_list(&url, None).await {
        Ok(reply) => read(round, &url, reply).await,
        Err(error) => Err(error),
    };
    let (items, next) = match read {
        Ok(read) => read,
        Err(error) if matches!(error.status, Some(404 | 410)) => {
            return ends(format!("page {number} is not there"));
        }
        Err(error) if matches!(error.fault.class, Class::EmptyList | Class::Selector) => {
            return ends(format!("page {number} lists nothing"));
        }
        Err(error) => return Err(error),
    };
    let keys: Vec<String> = items.iter().map(|item| round.key(&item.url).as_str().to_owned()).collect();
    if keys.iter().all(|key| walk.last.contains(key)) {
        return ends(format!("page {number} shows what the page before it shows"));
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
    walk.done += 1;
    walk.pages.push(round.key(&url).as_str().to_owned());
    let pages: HashSet<&str> = walk.pages.iter().map(String::as_str).collect();
    walk.next = next.filter(|next| !pages.contains(round.key(next).as_str()));
    if walk.next.is_none() {
        walk.end = Some("there is no further page".to_owned());
    }
    (walk.waiting, walk.last) = (items, keys);
    Ok(())
}

/// Bytes to what the page lists and where it goes on.
async fn read(
    round: &mut Round<'_>,
    url: &PageUrl,
    reply: crate::fetch::Reply,
) -> Result<(Vec<Candidate>, Option<PageUrl>), FetchError> {
    let (portal, now, answered) = (Arc::clone(&round.portal), round.now(), reply.url.clone());
    let traits: Arc<Traits> = Arc::clone(&round.learnt);
    let size = reply.body.len();
    let (mut listing, for_parse) = round
        .parse(url, size, move || {
            let learnt = Some(Learnt { traits: &traits, items: &[], is_older: true });
            (reading::parse(&portal, &reply, (now, portal.kind), &[], learnt).0, portal)
        })
        .await?;
    if let Some(why) = listing.fault {
        return Err(FetchError::new(Class::FeedParse, url, why));
    }
    let left_out = &round.learnt.left_out;
    listing.items.retain(|item| !left_out.contains(&guard::kind(&item.url, &answered)));
    let rules = &for_parse.recipe.list;
    let seen = Seen { url, answered: &answered, moved: None, rules, last: None, now };
    let listing = guard::believe(&seen, listing).map_err(|refused| refused.error)?;
    Ok((listing.items, listing.next))
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
            Err(error)
                if visit::is_transport(error.fault.class) || error.fault.class == Class::RateLimited =>
            {
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
