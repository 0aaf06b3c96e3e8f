//! The hub at work: looks what changed, and calls subscribers, a bounded number at once.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use futures_util::future::FutureExt;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::compose::{Desk, Place, Writing};
use crate::fetch::Fetcher;
use crate::model::{PageUrl, Portal, PortalId};
use crate::render;
use crate::runtime::{Clock, Meter, Stop};
use crate::store::{Mode, Push, PushEnd, Store, StoreError, WishEnd, Wished};

use super::calls::{self, Document};
use super::flights::{End, Flights, Landed};
use super::ration::{Asking, Verdict};
use super::signature;
use super::topic::{self, Topic};

/// Deliveries taken from the store at once.
const TAKEN: usize = 1000;
/// Wishes looked at in one round: enough to see past those that must wait.
const WISHES: usize = 256;
/// The store is looked at so often at least: another process may write to it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// After the store failed it is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// What the hub is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Subscriptions and articles.
    pub store: Store,
    /// The one door out; replaced at a reload.
    pub fetcher: Arc<ArcSwap<Fetcher>>,
    /// The portals as configured.
    pub portals: Arc<ArcSwap<Vec<Portal>>>,
    /// What feeds say of where they are served.
    pub place: Arc<ArcSwap<Place>>,
    /// Wall time.
    pub clock: Clock,
    /// Told when a wish was kept.
    pub wake: Arc<Notify>,
    /// Counts deliveries.
    pub meter: Meter,
}

/// The hub.
#[derive(Debug)]
pub struct Hub {
    parts: Parts,
    /// The settings as of the last look: others change every document.
    settings: (Arc<Place>, Arc<Vec<Portal>>),
    /// How the portals stood when a topic was looked at last.
    stamps: HashMap<String, u64>,
    documents: HashMap<String, Arc<Document>>,
    waiting: VecDeque<Push>,
    asking: Asking,
    flights: Flights,
}

impl Hub {
    /// A hub that has not begun.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let settings = (parts.place.load_full(), parts.portals.load_full());
        Self {
            parts,
            settings,
            stamps: HashMap::new(),
            documents: HashMap::new(),
            waiting: VecDeque::new(),
            asking: Asking::new(Instant::now()),
            flights: Flights::default(),
        }
    }

    /// Works until `stop`; calls in flight are broken off then, and made again after the next start.
    pub async fn run(mut self, stop: Stop) {
        let mut news = self.parts.store.news();
        let wake = Arc::clone(&self.parts.wake);
        let mut is_news = true;
        loop {
            let worked = self.work(is_news).await;
            is_news = false;
            if let Err(error) = &worked {
                tracing::debug!(error = %error, "the hub waits for the store");
            }
            let pause = if worked.is_ok() { self.pause().await } else { REST };
            tokio::select! {
                () = stop.requested() => break,
                moved = news.changed() => match moved {
                    Ok(()) => is_news = true,
                    Err(_) => break,
                },
                () = wake.notified() => {}
                Some(landed) = self.flights.next(), if !self.flights.is_empty() => {
                    for landed in self.flights.landed(landed) {
                        self.ended(landed);
                    }
                }
                () = tokio::time::sleep(pause) => is_news = true,
            }
        }
    }

    async fn work(&mut self, is_news: bool) -> Result<(), StoreError> {
        // first of all: as long as this fails, nobody else is called
        self.flights.write_down(&self.parts.store).await?;
        if is_news {
            self.publish().await?;
            self.waiting.clear();
        }
        self.verify().await?;
        if self.waiting.is_empty() {
            let now = self.parts.clock.now();
            let due = self.parts.store.pushes(now, TAKEN).await?;
            self.waiting.extend(due.into_iter().filter(|push| !self.flights.is_busy(push.number)));
            if self.waiting.is_empty() && self.flights.is_empty() {
                self.documents.clear();
            }
        }
        self.deliver().await
    }

    /// How long nothing is due.
    async fn pause(&mut self) -> Duration {
        let now = self.parts.clock.now();
        let next = self.parts.store.next_push().await.ok().flatten();
        let due = next.map_or(LOOK_AGAIN, |at| (at - now).to_std().unwrap_or_default());
        // what is due and not taken off waits for a landing
        let least =
            if self.flights.is_empty() { Duration::from_millis(50) } else { Duration::from_millis(500) };
        due.clamp(least, LOOK_AGAIN)
    }

    /// Looks which documents changed, and writes down to whom they are owed.
    async fn publish(&mut self) -> Result<(), StoreError> {
        self.heed_settings();
        let now = self.parts.clock.now();
        let topics = self.parts.store.topics(now).await?;
        if topics.is_empty() {
            return Ok(());
        }
        let revisions = self.parts.store.revisions().await?;
        for address in topics {
            let Some(topic) = self.topic(&address) else {
                let told = self.parts.store.deny(&address, now).await?;
                tracing::info!(topic = %address, subscribers = told, "a feed is gone: its subscribers are told");
                continue;
            };
            let stamp = stamp(topic.spec.portals.as_deref(), &revisions);
            if self.stamps.get(&address) == Some(&stamp) {
                continue;
            }
            let document = document(&self.parts, &address, &topic).await?;
            let owed = self.parts.store.publish(&address, &document.digest, now).await?;
            self.stamps.insert(address.clone(), stamp);
            if owed > 0 || self.documents.contains_key(&address) {
                self.documents.insert(address, Arc::new(document));
            }
        }
        Ok(())
    }

    /// After a reload every document is looked at anew.
    fn heed_settings(&mut self) {
        let (place, portals) = (self.parts.place.load_full(), self.parts.portals.load_full());
        if !(Arc::ptr_eq(&place, &self.settings.0) && Arc::ptr_eq(&portals, &self.settings.1)) {
            self.settings = (place, portals);
            self.stamps.clear();
            self.documents.clear();
        }
    }

    fn topic(&self, address: &str) -> Option<Topic> {
        topic::of(address, &self.parts.place.load(), &self.parts.portals.load())
    }

    /// Asks those whose wish is new whether they mean it.
    async fn verify(&mut self) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        for wished in self.parts.store.wishes(now, WISHES).await? {
            let host = host(&wished.wish.callback);
            if self.flights.is_busy(wished.number) || !self.flights.has_room(&host, false) {
                continue;
            }
            let topic = self.topic(&wished.wish.topic).filter(|_| wished.wish.mode == Mode::Subscribe);
            if topic.is_none() && wished.wish.mode == Mode::Subscribe {
                // the feed went between the wish and now: the row is written anew, and met in the next round
                self.parts.store.deny(&wished.wish.topic, now).await?;
                continue;
            }
            // what is denied was confirmed once
            if wished.wish.mode != Mode::Denied {
                match self.asking.may_ask(&host, Instant::now()) {
                    Verdict::Ask => {}
                    Verdict::Later => continue,
                    Verdict::Never => {
                        self.parts.store.end_wish(wished, WishEnd::Refused).await?;
                        continue;
                    }
                }
            }
            let sent = match topic {
                Some(topic) => match self.current(&wished.wish.topic, &topic).await {
                    Ok(document) => Some(document.digest.clone()),
                    Err(error) => {
                        self.asking.answered(&host, false);
                        return Err(error);
                    }
                },
                None => None,
            };
            let number = wished.number;
            let flight = ask(self.parts.clone(), wished, host.clone(), sent).boxed();
            self.flights.takes_off(number, &host, false, flight);
        }
        Ok(())
    }

    /// The document of a topic, made once as long as anybody waits for one.
    async fn current(&mut self, address: &str, topic: &Topic) -> Result<Arc<Document>, StoreError> {
        if let Some(document) = self.documents.get(address) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(document(&self.parts, address, topic).await?);
        self.documents.insert(address.to_owned(), Arc::clone(&document));
        Ok(document)
    }

    /// Takes off as many deliveries as there is room for.
    async fn deliver(&mut self) -> Result<(), StoreError> {
        let mut kept = VecDeque::new();
        while !self.flights.is_full() {
            let Some(push) = self.waiting.pop_front() else { break };
            let (host, is_failing) = (host(&push.callback), push.failures > 0);
            if self.flights.is_busy(push.number) {
                continue;
            }
            if !self.flights.has_room(&host, is_failing) {
                kept.push_back(push);
                continue;
            }
            let Some(topic) = self.topic(&push.topic) else { continue };
            let document = self.current(&push.topic, &topic).await?;
            let (number, at) = (push.number, host.clone());
            let (fetcher, now) = (self.parts.fetcher.load_full(), self.parts.clock.now());
            let flight = async move {
                let end = End::Push(calls::deliver(&fetcher, &push, &document, now).await);
                Landed { number, host, was_failing: is_failing, end }
            };
            self.flights.takes_off(number, &at, is_failing, flight.boxed());
        }
        kept.append(&mut self.waiting);
        self.waiting = kept;
        Ok(())
    }

    fn ended(&mut self, landed: Landed) {
        match &landed.end {
            End::Push(end) => self.parts.meter.delivery(told(end)),
            // what is denied was not asked
            End::Wish(wished, _) if wished.wish.mode == Mode::Denied => {}
            End::Wish(_, end) => {
                let confirmed = matches!(end, WishEnd::Granted { .. } | WishEnd::Ended);
                self.asking.answered(&landed.host, confirmed);
            }
        }
        self.flights.ended(landed);
    }
}

/// The document of a topic as it is now.
async fn document(parts: &Parts, address: &str, topic: &Topic) -> Result<Document, StoreError> {
    let (place, portals) = (parts.place.load_full(), parts.portals.load_full());
    let desk = Desk { portals: &portals, place: &place, store: &parts.store };
    let feed = desk.whole(&topic.spec, Writing::Yes).await?;
    let format = topic.format;
    let hub = feed.hub.as_ref().map(PageUrl::to_string).unwrap_or_default();
    let written = tokio::task::spawn_blocking(move || render::feed(&feed, format)).await;
    let body = Bytes::from(written.map_err(|_| StoreError::Backend("a feed cannot be written".to_owned()))?);
    Ok(Document {
        digest: signature::digest(&body),
        body,
        content_type: format.content_type(),
        link: format!("<{hub}>; rel=\"hub\", <{address}>; rel=\"self\""),
    })
}

async fn ask(parts: Parts, wished: Wished, host: String, sent: Option<String>) -> Landed {
    let number = wished.number;
    let end = calls::verify(&parts.fetcher.load_full(), &wished, sent, parts.clock.now()).await;
    tracing::debug!(callback.host = wished.wish.callback.host(), end = ?end, "a subscriber was asked");
    Landed { number, host, was_failing: false, end: End::Wish(wished, end) }
}

/// What became of a delivery, for the meters.
fn told(end: &PushEnd) -> &'static str {
    match end {
        PushEnd::Delivered { .. } => "ok",
        PushEnd::Later { .. } => "failed",
        PushEnd::Rests => "given_up",
        PushEnd::Ended => "gone",
    }
}

/// Host and port: who answers badly there is one machine.
fn host(url: &PageUrl) -> String {
    format!("{}:{}", url.host(), url.as_url().port_or_known_default().unwrap_or(0))
}

/// How the portals of a feed stand, in one number.
fn stamp(of: Option<&[PortalId]>, revisions: &HashMap<PortalId, i64>) -> u64 {
    let mut all: Vec<(&PortalId, i64)> = revisions
        .iter()
        .filter(|(id, _)| of.is_none_or(|of| of.contains(id)))
        .map(|(id, n)| (id, *n))
        .collect();
    all.sort_unstable();
    let mut hasher = DefaultHasher::new();
    all.hash(&mut hasher);
    hasher.finish()
}
