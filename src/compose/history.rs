//! The history of a feed: its current document holds what no archive page holds, and both together hold all.
//!
//! An archive page is written once, when more articles are open than the feed shows: the oldest of them go. So a
//! client that walks back from the current document meets each article once, whatever arrives meanwhile.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::{FeedSpec, PortalId, StoredArticle};
use crate::store::{History, Store, StoreError};

use super::sieve::Sieve;
use super::spec::MOST;

/// Articles looked at in one call of the store.
const BATCH: usize = 200;
/// Another process may write the same history at the same time; then it is read again, so often.
const TRIES: usize = 3;
/// What a document may hold, in bytes of its articles' HTML: as much as a feed is written out with.
const MOST_BYTES: usize = 900 * 1024;
/// What an article takes beside its HTML.
const ENTRY_BYTES: usize = 2000;

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
    /// Archive pages that are written.
    pub(super) pages: u32,
}

/// An open article as far as the plan needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Light {
    number: i64,
    dated: DateTime<Utc>,
    bytes: usize,
}

impl Light {
    fn of(stored: &StoredArticle) -> Self {
        let bytes = stored.article.html.len() + stored.article.html.len() / 4 + ENTRY_BYTES;
        Self { number: stored.number, dated: stored.dated(), bytes }
    }
}

/// Looks at what happened since the history was written last, and writes it on.
pub(super) async fn walk(
    spec: &FeedSpec,
    among: &[PortalId],
    store: &Store,
    writing: Writing,
) -> Result<Walked, StoreError> {
    let asked = asked(spec, among);
    let sieve = Sieve::of(spec);
    for _ in 0..TRIES {
        let from = store.history(&spec.name).await?;
        let (open, seen) = open(spec, among, store, &sieve, &from, &asked).await?;
        let (kept, pages) = plan(open, spec.limit.clamp(1, MOST));
        let written = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let to = History {
            asked: asked.clone(),
            seen,
            open: kept.iter().map(|light| light.number).collect(),
            pages: from.pages.saturating_add(written),
        };
        let numbers = to.open.clone();
        let mut count = to.pages;
        if to != from && writing == Writing::Yes {
            match store.write_history(&spec.name, from.clone(), to, pages).await {
                Ok(true) => {}
                Ok(false) => continue,
                // a store that takes no writes still gives what is new; the pages come later
                Err(error) => {
                    tracing::debug!(feed.name = spec.name, error = %error, "a history is not written on");
                    count = from.pages;
                }
            }
        }
        return shown(store, numbers, count).await;
    }
    // others write it all the time: what they write is as good
    let history = store.history(&spec.name).await?;
    shown(store, history.open, history.pages).await
}

async fn shown(store: &Store, numbers: Vec<i64>, pages: u32) -> Result<Walked, StoreError> {
    let mut articles = store.numbered(numbers).await?;
    newest_first(&mut articles);
    Ok(Walked { articles, pages })
}

/// In the order of feeds.
pub(super) fn newest_first(articles: &mut [StoredArticle]) {
    articles.sort_by_key(|stored| std::cmp::Reverse((stored.dated(), stored.number)));
}

/// The articles that no archive page holds, and the turn up to which they were looked at.
async fn open(
    spec: &FeedSpec,
    among: &[PortalId],
    store: &Store,
    sieve: &Sieve,
    from: &History,
    asked: &str,
) -> Result<(Vec<Light>, i64), StoreError> {
    let mut open: BTreeMap<i64, Light> = BTreeMap::new();
    let lets = |stored: &StoredArticle| among.contains(&stored.portal) && sieve.lets(&stored.article);
    for stored in store.numbered(from.open.clone()).await?.iter().filter(|stored| lets(stored)) {
        open.insert(stored.number, Light::of(stored));
    }
    let mut seen = if from.asked == asked { from.seen } else { 0 };
    loop {
        let arrivals = store.arrivals(Some(among.to_vec()), seen, BATCH).await?;
        let Some(last) = arrivals.last() else { break };
        seen = last.turn;
        let is_last = arrivals.len() < BATCH;
        let numbers = arrivals.iter().map(|arrival| arrival.stored.number).collect();
        let archived =
            if from.pages > 0 { store.archived(&spec.name, numbers).await? } else { Default::default() };
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
            break;
        }
    }
    Ok((open.into_values().collect(), seen.max(from.seen)))
}

/// What stays open, and the pages that are written, the oldest first.
fn plan(mut open: Vec<Light>, limit: usize) -> (Vec<Light>, Vec<Vec<i64>>) {
    open.sort_by_key(|light| (light.dated, light.number));
    let size = (limit / 5).clamp(1, 50);
    let mut bytes: usize = open.iter().map(|light| light.bytes).sum();
    let mut pages = Vec::new();
    let mut done = 0;
    while open.len() - done > limit || bytes > MOST_BYTES && open.len() - done > size {
        let page = open.get(done..done + size).unwrap_or_default();
        bytes -= page.iter().map(|light| light.bytes).sum::<usize>();
        pages.push(page.iter().map(|light| light.number).collect());
        done += size;
    }
    open.drain(..done);
    (open, pages)
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
    fn the_oldest_go_in_whole_pages_and_nothing_is_lost() {
        let at = |n: i64| DateTime::from_timestamp(n * 1000, 0).unwrap();
        for (count, limit, pages, kept) in [
            (50, 50, 0, 50),
            (51, 50, 1, 41),
            (60, 50, 1, 50),
            (61, 50, 2, 41),
            (3, 1, 2, 1),
            (250, 200, 2, 170),
        ] {
            // arrived in another order than they are dated
            let open: Vec<Light> =
                (0..count).map(|n| Light { number: n, dated: at((n * 7) % count), bytes: 10 }).collect();
            let (left, written) = plan(open, limit);
            assert_eq!((written.len(), left.len()), (pages, kept), "{count} {limit}");
            let mut all: Vec<i64> = written.concat();
            all.extend(left.iter().map(|light| light.number));
            let ordered: Vec<i64> = all.iter().map(|n| (n * 7) % count).collect();
            assert!(ordered.is_sorted() && all.len() == usize::try_from(count).unwrap());
        }
    }

    #[test]
    fn large_articles_are_fewer_in_one_document() {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        let open = (0..50).map(|number| Light { number, dated: at, bytes: 100 * 1024 }).collect();
        let (left, pages) = plan(open, 50);
        assert!(left.len() <= 10 && left.len() + pages.concat().len() == 50, "{}", left.len());
    }
}
