//! The history of a feed: its current document holds what its archive does not, and both together hold all.
//!
//! When more articles are open than the feed shows, the oldest go to the archive, one behind the other. Its pages
//! are stretches of that row, each fixed once it is full; a document links to the page before it as far as that
//! was filled then. So a client that walks back meets each article once, whatever arrives meanwhile.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::{FeedSpec, PortalId, StoredArticle};
use crate::render;
use crate::store::{History, Store, StoreError};

use super::sieve::Sieve;
use super::spec::MOST;

/// Articles looked at in one call of the store.
const BATCH: usize = 200;
/// So many of them, then what was found is written down: who asks may give up, and the next goes on from there.
const A_ROUND: usize = 5;
/// Another process may write the same history at the same time; then it is read again, so often.
const TRIES: usize = 3;
/// What a document may hold, in bytes of its articles: as much as a feed is written out with.
const MOST_BYTES: usize = render::FEED_BYTES - render::FRAME_BYTES;

/// Whether a history is written on or only looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// As the server does.
    Yes,
    /// As a preview does: what would be written.
    No,
}

/// What the current document of a feed shows.
#[derive(Debug)]
pub(super) struct Walked {
    /// Newest first.
    pub(super) articles: Vec<StoredArticle>,
    /// Articles in the archive.
    pub(super) archived: u32,
    /// The newest change that the feed ever told: it does not go back when an article leaves.
    pub(super) updated: Option<DateTime<Utc>>,
}

/// An open article as far as the plan needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Light {
    number: i64,
    dated: DateTime<Utc>,
    updated: DateTime<Utc>,
    bytes: usize,
}

impl Light {
    fn of(stored: &StoredArticle) -> Self {
        Self {
            number: stored.number,
            dated: stored.dated(),
            updated: stored.updated,
            bytes: render::weight(&stored.article),
        }
    }
}

/// What one look came to.
enum Round {
    /// All was looked at.
    Done(Walked),
    /// There is more to look at; what was found is written down.
    More,
    /// Another process wrote meanwhile.
    Refused,
    /// There is more to look at, and the store takes no writes.
    Unwritten,
}

/// Looks at what happened since the history was written last, and writes it on.
pub(super) async fn walk(
    spec: &FeedSpec,
    among: &[PortalId],
    store: &Store,
    writing: Writing,
) -> Result<Walked, StoreError> {
    let mut writing = writing;
    let mut refused = 0;
    while refused < TRIES {
        match round(spec, among, store, writing).await? {
            Round::Done(walked) => return Ok(walked),
            Round::More => {}
            Round::Refused => refused += 1,
            Round::Unwritten => writing = Writing::No,
        }
    }
    // others write it all the time: what they write is as good
    let history = store.history(&spec.name).await?;
    shown(store, history.open, history.count, history.updated).await
}

async fn round(
    spec: &FeedSpec,
    among: &[PortalId],
    store: &Store,
    writing: Writing,
) -> Result<Round, StoreError> {
    let (asked, sieve) = (asked(spec, among), Sieve::of(spec));
    let from = store.history(&spec.name).await?;
    let most = if writing == Writing::Yes { A_ROUND } else { usize::MAX };
    let Found { open, seen, is_all } = open(spec, among, store, &sieve, &from, &asked, most).await?;
    let updated = open.iter().map(|light| light.updated).max().max(from.updated);
    let (kept, leaving) = plan(open, spec.limit.clamp(1, MOST));
    let more = u32::try_from(leaving.len()).unwrap_or(u32::MAX);
    let to = History {
        asked,
        seen,
        open: kept.iter().map(|light| light.number).collect(),
        count: from.count.saturating_add(more),
        updated,
    };
    let numbers = to.open.clone();
    let mut count = to.count;
    if to != from && writing == Writing::Yes {
        match store.write_history(&spec.name, from.clone(), to, leaving).await {
            Ok(true) => {}
            Ok(false) => return Ok(Round::Refused),
            // a store that takes no writes still gives what is new; the archive follows later
            Err(error) => {
                tracing::debug!(feed.name = spec.name, error = %error, "a history is not written on");
                if !is_all {
                    return Ok(Round::Unwritten);
                }
                count = from.count;
            }
        }
    }
    if !is_all {
        return Ok(Round::More);
    }
    shown(store, numbers, count, updated).await.map(Round::Done)
}

async fn shown(
    store: &Store,
    numbers: Vec<i64>,
    archived: u32,
    updated: Option<DateTime<Utc>>,
) -> Result<Walked, StoreError> {
    let mut articles = store.numbered(numbers).await?;
    newest_first(&mut articles);
    Ok(Walked { articles, archived, updated })
}

/// In the order of feeds.
pub(super) fn newest_first(articles: &mut [StoredArticle]) {
    articles.sort_by_key(|stored| std::cmp::Reverse((stored.dated(), stored.number)));
}

/// The articles that the archive does not hold.
struct Found {
    open: Vec<Light>,
    /// The turn up to which they were looked at.
    seen: i64,
    /// Nothing is left to look at.
    is_all: bool,
}

/// Looks at so many batches at most.
async fn open(
    spec: &FeedSpec,
    among: &[PortalId],
    store: &Store,
    sieve: &Sieve,
    from: &History,
    asked: &str,
    most: usize,
) -> Result<Found, StoreError> {
    let mut open: BTreeMap<i64, Light> = BTreeMap::new();
    let lets = |stored: &StoredArticle| among.contains(&stored.portal) && sieve.lets(&stored.article);
    for stored in store.numbered(from.open.clone()).await?.iter().filter(|stored| lets(stored)) {
        open.insert(stored.number, Light::of(stored));
    }
    let mut seen = if from.asked == asked { from.seen } else { 0 };
    let mut is_all = false;
    for _ in 0..most {
        let arrivals = store.arrivals(Some(among.to_vec()), seen, BATCH).await?;
        let Some(last) = arrivals.last() else {
            is_all = true;
            break;
        };
        seen = last.turn;
        let is_last = arrivals.len() < BATCH;
        let numbers = arrivals.iter().map(|arrival| arrival.stored.number).collect();
        let archived =
            if from.count > 0 { store.archived(&spec.name, numbers).await? } else { Default::default() };
        for stored in arrivals.iter().map(|arrival| &arrival.stored) {
            if archived.contains(&stored.number) {
                continue;
            }
            if lets(stored) {
                open.insert(stored.number, Light::of(stored));
            } else {
                open.remove(&stored.number);
            }
        }
        if is_last {
            is_all = true;
            break;
        }
    }
    let seen = if is_all { seen.max(from.seen) } else { seen };
    Ok(Found { open: open.into_values().collect(), seen, is_all })
}

/// What stays open, and the numbers of those that leave, the oldest first.
fn plan(mut open: Vec<Light>, limit: usize) -> (Vec<Light>, Vec<i64>) {
    open.sort_by_key(|light| (light.dated, light.number));
    let mut bytes: usize = open.iter().map(|light| light.bytes).sum();
    let (mut left, mut leaving) = (open.len(), Vec::new());
    for light in &open {
        // the newest always stays
        if left <= limit && (bytes <= MOST_BYTES || left == 1) {
            break;
        }
        leaving.push(light.number);
        bytes -= light.bytes;
        left -= 1;
    }
    open.drain(..leaving.len());
    (open, leaving)
}

/// What a feed asks for, in one line that changes with it. The order of the portals does not count.
fn asked(spec: &FeedSpec, among: &[PortalId]) -> String {
    let mut names: Vec<&str> = among.iter().map(PortalId::as_str).collect();
    names.sort_unstable();
    format!("{}|{:?}|{:?}", names.join(","), spec.include, spec.exclude)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_leave_and_nothing_is_lost() {
        let at = |n: i64| DateTime::from_timestamp(n * 1000, 0).unwrap();
        for (count, limit, gone) in [(50, 50, 0), (51, 50, 1), (61, 50, 11), (3, 1, 2), (250, 200, 50)] {
            // arrived in another order than they are dated
            let open: Vec<Light> = (0..count)
                .map(|n| Light { number: n, dated: at((n * 7) % count), updated: at(0), bytes: 10 })
                .collect();
            let (left, mut all) = plan(open, limit);
            assert_eq!(
                (all.len(), left.len()),
                (gone, usize::try_from(count).unwrap() - gone),
                "{count} {limit}"
            );
            all.extend(left.iter().map(|light| light.number));
            assert!(all.iter().map(|n| (n * 7) % count).is_sorted());
        }
    }

    #[test]
    fn large_articles_are_fewer_in_one_document() {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let open =
            (0..50).map(|number| Light { number, dated: at, updated: at, bytes: 100 * 1024 }).collect();
        let (left, gone) = plan(open, 50);
        assert_eq!((left.len(), gone.len()), (10, 40));
        let (left, _) = plan(vec![Light { number: 1, dated: at, updated: at, bytes: 9 << 20 }], 50);
        assert_eq!(left.len(), 1);
    }
}
