//! Feeds written out and kept: each made again when the articles it depends on have moved.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, SubsecRound, Utc};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::compose::{Archived, Desk, Place, Writing};
use crate::model::{Feed, FeedSpec, Portal, STATUS};
use crate::runtime::{Clock, Meter, Stop};
use crate::store::{Store, StoreError};

use super::cache::{Cache, Cached};
use super::delta::{self, Version};
use super::documents::Documents;
use super::feed_key::FeedKey;
use super::makers::Makers;
use super::stamp::{Revisions, hash, kept_for_secs, stamp};

/// A store that does not answer in this time is taken as broken, and what is kept is served.
const STORE_PATIENCE: Duration = Duration::from_secs(4);

/// A reader waits so long for a feed to be made anew when one is kept.
const KEPT_PATIENCE: Duration = Duration::from_millis(500);

/// After the store failed, what is kept is served for so long without asking it again.
const STORE_REST: Duration = Duration::from_secs(2);

/// Noting when a feed was last modified may take so long.
const NOTE_PATIENCE: Duration = Duration::from_secs(1);

/// Other processes write to the store too (`tidings fetch`): it is looked at this often without news.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Searches that are made or wait for it at once: more are told to come again. A search takes a few hundredths of a
/// second, so the last of them waits about as long as a reader does.
const MOST_SEARCHES: usize = 64;

/// Feeds written out, and all that is needed to make them.
#[derive(Debug)]
pub(super) struct Shelf {
    store: Store,
    portals: Arc<ArcSwap<Vec<Portal>>>,
    place: ArcSwap<Place>,
    clock: Clock,
    cache: Cache,
    /// Moves with every committed visit of this process.
    news: watch::Receiver<u64>,
    /// Moves when the store was seen to have moved without news.
    polled: AtomicU64,
    /// Moves at a reload.
    generation: AtomicU64,
    /// The portals' revisions as of some news.
    revisions: Mutex<Option<(u64, Arc<Revisions>)>>,
    /// Until when the store is left alone after it failed.
    resting: Mutex<Option<Instant>>,
    /// Who makes whole feeds and archive pages, and who makes searches and other parts of feeds: those have no end.
    makers: Makers<4>,
    searchers: Makers<2>,
    meter: Meter,
    /// `Last-Modified` by feed: the digest it belongs to, and the time. Never goes back.
    modified: Mutex<HashMap<String, (String, DateTime<Utc>)>>,
}

/// Why there is no feed to send.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoFeed {
    #[error("no such feed")]
    Unknown,
    #[error("all articles on this page are gone")]
    Gone,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the store did not answer in time")]
    Slow,
    #[error("the feed could not be written out")]
    Broken,
}

impl Shelf {
    pub(super) fn new(
        store: Store,
        portals: Arc<ArcSwap<Vec<Portal>>>,
        place: Place,
        clock: Clock,
        meter: Meter,
    ) -> Self {
        let news = store.news();
        Self {
            store,
            portals,
            place: ArcSwap::from_pointee(place),
            clock,
            cache: Cache::default(),
            news,
            polled: AtomicU64::new(0),
            generation: AtomicU64::new(0),
            revisions: Mutex::default(),
            resting: Mutex::default(),
            makers: Makers::new(usize::MAX),
            searchers: Makers::new(MOST_SEARCHES),
            meter,
            modified: Mutex::default(),
        }
    }

    /// Takes over a place; every feed is made anew.
    pub(super) fn relocate(&self, place: Place) {
        self.place.store(Arc::new(place));
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether half of what may be kept is used.
    pub(super) fn is_nearly_full(&self) -> bool {
        self.cache.is_nearly_full()
    }

    /// A feed written out, as of the news so far. When the store fails, or takes longer than a reader should wait, what
    /// is kept is good enough: it is made anew meanwhile.
    pub(super) async fn documents(&self, key: &FeedKey) -> Result<Arc<Documents>, NoFeed> {
        let text = key.text();
        if let Some(documents) = self.cache.fresh(&text, self.seen_now()) {
            return Ok(documents);
        }
        let Some(kept) = self.cache.get(&text) else { return self.made(key, &text).await };
        if self.is_resting() {
            return Ok(kept.documents);
        }
        timeout(KEPT_PATIENCE, self.made(key, &text)).await.unwrap_or(Ok(kept.documents))
    }

    /// A page of an archive, made after the feed itself: that is what fills its archive.
    pub(super) async fn archive(&self, key: &FeedKey) -> Result<Arc<Documents>, NoFeed> {
        match self.documents(&FeedKey::whole(&key.name)).await {
            Err(NoFeed::Unknown) => Err(NoFeed::Unknown),
            // what the store says of the page counts
            _ => self.documents(key).await,
        }
    }

    /// The same, however long it takes.
    async fn made(&self, key: &FeedKey, text: &str) -> Result<Arc<Documents>, NoFeed> {
        let turn = match key.is_search() {
            true => self.searchers.turn(text).await,
            false => self.makers.turn(text).await,
        };
        let _turn = turn.ok_or(NoFeed::Slow)?;
        let kept = self.cache.get(text);
        let seen = self.seen_now();
        if let Some(cached) = &kept
            && (cached.seen == seen || self.is_resting())
        {
            return Ok(Arc::clone(&cached.documents));
        }
        match self.make(key, text, kept.as_ref(), seen).await {
            Ok(documents) => Ok(documents),
            Err(error @ (NoFeed::Unknown | NoFeed::Gone)) => {
                self.cache.remove(text);
                Err(error)
            }
            Err(error) => {
                let until = Instant::now() + STORE_REST;
                *self.resting.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
                let cached = kept.ok_or(error)?;
                tracing::debug!(feed.name = key.name, "the store fails: the last good feed is served");
                Ok(cached.documents)
            }
        }
    }

    /// A whole feed that is kept and holds as of the news so far. Its key is its name.
    pub(super) fn fresh(&self, name: &str) -> Option<Arc<Documents>> {
        self.cache.fresh(name, self.seen_now())
    }

    fn is_resting(&self) -> bool {
        let resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.is_some_and(|until| Instant::now() < until)
    }

    /// The portals' revisions as of these news, read once.
    async fn revisions(&self, seen: u64) -> Result<Arc<Revisions>, NoFeed> {
        let known = self.revisions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, revisions)) = known.filter(|(at, _)| *at == seen) {
            return Ok(revisions);
        }
        let read = timeout(STORE_PATIENCE, self.store.revisions()).await.map_err(|_| NoFeed::Slow)??;
        let revisions = Arc::new(read);
        let fresh = Some((seen, Arc::clone(&revisions)));
        *self.revisions.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(revisions)
    }

    /// Makes a feed anew unless its stamp shows that nothing moved.
    async fn make(
        &self,
        key: &FeedKey,
        text: &str,
        kept: Option<&Cached>,
        seen: u64,
    ) -> Result<Arc<Documents>, NoFeed> {
        let portals = self.portals.load_full();
        let place = self.place.load_full();
        let whole = key.spec(&portals, &place.mixes).ok_or(NoFeed::Unknown)?;
        let revisions = self.revisions(seen).await?;
        let of = whole.portals.clone();
        let mut stamp = stamp(of.as_deref(), &revisions, self.generation.load(Ordering::Acquire));
        if key.page.is_some() {
            // its archive may have grown without news
            let archived = timeout(STORE_PATIENCE, self.store.history(&key.name)).await;
            stamp = hash(&(stamp, archived.map_err(|_| NoFeed::Slow)??.count));
        }
        if let Some(cached) = kept.filter(|cached| cached.stamp == stamp) {
            self.cache.confirm(text, seen);
            return Ok(Arc::clone(&cached.documents));
        }
        let spec = whole.clone();
        let desk = Desk { portals: &portals, place: &place, store: &self.store };
        let mut feed =
            timeout(STORE_PATIENCE, compose(key, whole, desk)).await.map_err(|_| NoFeed::Slow)??;
        if let Some(since) = &key.since {
            let version = self.version(&key.name, since).ok_or(NoFeed::Unknown)?;
            feed.entries.retain(|entry| !version.holds(entry));
        }
        if let Some(query) = key.query() {
            feed.address = key.address(&feed.address);
            // a part of a feed is a feed of its own
            feed.id = format!("{}?{query}", feed.id);
        }
        // a page is fixed as far as a document linked to it, and once there is one behind it
        let is_fixed = key.page.is_some() && (key.upto.is_some() || feed.pages.next.is_some());
        let max_age = kept_for_secs(is_fixed, &spec, &portals);
        let old = kept.map(|cached| Arc::clone(&cached.documents));
        let made = tokio::task::spawn_blocking(move || Documents::new(&feed, max_age, old.as_deref()));
        let documents = made.await.map_err(|_| {
            self.meter.panicked();
            NoFeed::Broken
        })?;
        let mut documents = match self.modified(key, &documents).await {
            Some(at) => documents.modified(at),
            None => documents,
        };
        if let Some(kept) = kept.map(|cached| &cached.documents) {
            documents.before = delta::remembered(&kept.version, &kept.before, &documents.version);
        }
        let documents = Arc::new(documents);
        self.cache.put(text, Cached { documents: Arc::clone(&documents), of, stamp, seen });
        Ok(documents)
    }

    /// A version of a feed that is remembered.
    fn version(&self, name: &str, version: &str) -> Option<Arc<Version>> {
        let whole = self.cache.get(&FeedKey::whole(name).text())?;
        whole.documents.before.iter().find(|one| one.name() == version).cloned()
    }

    /// When these documents were last modified: the newest change of an article, later when they differ
    /// without one (an article withdrawn, a title configured). It is stored, so that it survives a restart. A part of a
    /// feed has none: its newest change can go back, and a client that asks by time alone would miss what came.
    async fn modified(&self, key: &FeedKey, documents: &Documents) -> Option<DateTime<Utc>> {
        if key.is_narrowed() {
            return None;
        }
        let now = self.clock.now().trunc_subsecs(0);
        let newest = documents.updated.map(|at| at.trunc_subsecs(0).min(now));
        let name = format!("serve.modified.{}", key.name);
        let known = match self.known_modified(&key.name) {
            Some(known) => Some(known),
            None => match timeout(STORE_PATIENCE, self.store.value(&name)).await {
                Ok(Ok(stored)) => stored.as_deref().and_then(read_modified),
                Ok(Err(_)) | Err(_) => None,
            },
        };
        let at = match &known {
            Some((digest, at)) if *digest == documents.digest => *at,
            Some((_, before)) => newest.filter(|at| at > before).unwrap_or_else(|| now.max(*before)),
            None => newest.unwrap_or(now),
        };
        let fresh = (documents.digest.clone(), at);
        if known.as_ref() != Some(&fresh) {
            let text = format!("{} {}", fresh.0, at.timestamp());
            // a store that takes no writes keeps nobody waiting for a feed
            if !matches!(timeout(NOTE_PATIENCE, self.store.set_value(&name, &text)).await, Ok(Ok(()))) {
                tracing::debug!(feed.name = key.name, "the feed's time is kept in memory only");
            }
        }
        self.modified.lock().unwrap_or_else(PoisonError::into_inner).insert(key.name.clone(), fresh);
        Some(at)
    }

    fn known_modified(&self, name: &str) -> Option<(String, DateTime<Utc>)> {
        self.modified.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// A number that moves with everything that could change a feed.
    fn seen_now(&self) -> u64 {
        let moved = [&self.polled, &self.generation].map(|number| number.load(Ordering::Acquire));
        hash(&(*self.news.borrow(), moved))
    }

    /// Keeps the feeds that are asked for fresh until `stop`, so that nobody waits for one to be made.
    pub(super) async fn keep_fresh(&self, stop: &Stop) {
        let mut news = self.news.clone();
        loop {
            tokio::select! {
                () = stop.requested() => return,
                moved = news.changed() => if moved.is_err() {
                    // the store is closed: nothing will move any more
                    return;
                },
                () = tokio::time::sleep(LOOK_AGAIN) => self.look_for_others().await,
            }
            tokio::select! {
                () = stop.requested() => return,
                () = self.refresh() => {}
            }
        }
    }

    /// Looks whether another process wrote to the store.
    async fn look_for_others(&self) {
        let Ok(Ok(read)) = timeout(STORE_PATIENCE, self.store.revisions()).await else { return };
        let known = self.revisions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_some_and(|(_, known)| *known != read) {
            self.polled.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Confirms the feeds that did not move, and makes those anew that did and that somebody asks for. The
    /// others stay as they are: good enough when the store fails, else made when they are asked for.
    async fn refresh(&self) {
        let seen = self.seen_now();
        let Ok(revisions) = self.revisions(seen).await else { return };
        let generation = self.generation.load(Ordering::Acquire);
        for (text, cached, asked) in self.cache.kept() {
            if cached.seen == seen {
                continue;
            }
            if stamp(cached.of.as_deref(), &revisions, generation) == cached.stamp {
                self.cache.confirm(&text, seen);
            } else if let Some(key) = FeedKey::from_text(&text).filter(|key| asked && !key.is_narrowed())
                && let Err(error) = self.made(&key, &text).await
            {
                tracing::debug!(feed.name = key.name, error = %error, "a feed could not be made");
            }
        }
    }
}

/// The feed that a key asks for.
async fn compose(key: &FeedKey, whole: FeedSpec, desk: Desk<'_>) -> Result<Feed, NoFeed> {
    match key.page {
        None if key.name == STATUS => Ok(desk.status(&key.narrow(whole)).await?),
        Some(page) => match desk.archive(&whole, page, key.upto).await? {
            Archived::Page(feed) => Ok(*feed),
            Archived::Gone => Err(NoFeed::Gone),
            Archived::Unknown => Err(NoFeed::Unknown),
        },
        // a delta is taken from the whole
        None if key.since.is_some() => Ok(desk.whole(&whole, Writing::No).await?),
        None if key.is_narrowed() => Ok(desk.narrowed(&key.narrow(whole)).await?),
        None => Ok(desk.whole(&whole, Writing::Yes).await?),
    }
}

fn read_modified(text: &str) -> Option<(String, DateTime<Utc>)> {
    let (digest, seconds) = text.split_once(' ')?;
    Some((digest.to_owned(), DateTime::from_timestamp(seconds.parse().ok()?, 0)?))
}
