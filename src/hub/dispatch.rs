//! The hub at work: looks what changed, and calls subscribers, a bounded number at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use futures_util::future::FutureExt;
use tokio::time::Instant;

use crate::model::PageUrl;
use crate::runtime::{Leap, Stop};
use crate::store::{Mode, Push, PushEnd, StoreError, WishEnd, Wished};

use super::calls;
use super::flights::{End, Flights, Landed};
use super::papers::{self, Papers};
use super::parts::Parts;
use super::ration::{Asking, Verdict};

/// Deliveries taken from the store at once.
const TAKEN: usize = 1000;
/// Wishes looked at in one round: enough to see past those that must wait.
const WISHES: usize = 500;
/// The store is looked at so often at least: another process may write to it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Leases that ran out are dropped by a clock that goes steadily for so long: one that stands years ahead for a moment must
/// not cost any.
const STEADY: Duration = Duration::from_secs(60 * 60);
/// After the store failed it is left alone for so long.
const REST: Duration = Duration::from_secs(5);

/// The hub.
#[derive(Debug)]
pub struct Hub {
    parts: Parts,
    papers: Papers,
    /// Documents may have changed since they were looked at; stays until that was done.
    is_news: bool,
    waiting: VecDeque<Push>,
    asking: Asking,
    flights: Flights,
    leap: Leap,
}

impl Hub {
    /// A hub that has not begun.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            papers: Papers::new(&parts),
            is_news: true,
            leap: Leap::new(parts.clock.now(), Instant::now()),
            parts,
            waiting: VecDeque::new(),
            asking: Asking::new(Instant::now()),
            flights: Flights::default(),
        }
    }

    /// Works until `stop`; calls in flight are broken off then, and made again after the next start.
    pub async fn run(mut self, stop: Stop) {
        let mut news = self.parts.store.news();
        let wake = Arc::clone(&self.parts.wake);
        let mut look_at = Instant::now() + LOOK_AGAIN;
        loop {
            if Instant::now() >= look_at {
                look_at = Instant::now() + LOOK_AGAIN;
                self.is_news = true;
            }
            let worked = self.work().await;
            if let Err(error) = &worked {
                tracing::debug!(error = %error, "the hub waits for the store");
            }
            let pause = if worked.is_ok() { self.pause().await } else { REST };
            tokio::select! {
                () = stop.requested() => break,
                moved = news.changed() => match moved {
                    Ok(()) => self.is_news = true,
                    Err(_) => break,
                },
                () = wake.notified() => {}
                Some(landed) = self.flights.next(), if !self.flights.is_empty() => {
                    for landed in self.flights.landed(landed) {
                        self.ended(landed);
                    }
                }
                () = tokio::time::sleep(pause.min(look_at.saturating_duration_since(Instant::now()))) => {}
            }
        }
    }

    async fn work(&mut self) -> Result<(), StoreError> {
        // first of all: as long as this fails, nobody else is called
        self.flights.write_pushes(&self.parts.store).await?;
        while let Some((wished, end)) = self.flights.write_wish(&self.parts.store).await? {
            if let WishEnd::Granted { sent, .. } = end {
                self.is_news |= self.papers.was_taken_to_have(&wished.wish.topic, sent.as_ref());
            }
        }
        if self.is_news {
            self.publish().await?;
            self.is_news = false;
            self.waiting.clear();
        }
        self.verify().await?;
        if self.waiting.is_empty() {
            let now = self.parts.clock.now();
            let due = self.parts.store.pushes(now, TAKEN).await?;
            self.waiting.extend(due.into_iter().filter(|push| !self.flights.is_busy(push.number)));
            if self.waiting.is_empty() && self.flights.is_empty() {
                self.papers.clear();
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
        let now = self.parts.clock.now();
        self.leap.look(now, Instant::now());
        let ended = if self.leap.steady() >= STEADY { now } else { DateTime::UNIX_EPOCH };
        let topics = self.parts.store.topics(now, ended).await?;
        self.papers.begin(&self.parts, &topics);
        if topics.is_empty() {
            return Ok(());
        }
        let revisions = self.parts.store.revisions().await?;
        for address in topics {
            let Some(topic) = self.parts.topic(&address) else {
                let told = self.parts.store.deny(&address, now).await?;
                tracing::info!(topic = %address, subscribers = told, "a feed is gone: its subscribers are told");
                continue;
            };
            let stamp = papers::stamp(topic.spec.portals.as_deref(), &revisions);
            if self.papers.is_known(&address, stamp) {
                continue;
            }
            let Some(document) = self.papers.make(&self.parts, &address, &topic).await else { continue };
            let owed = self.parts.store.publish(&address, &document.digest, now).await?;
            self.papers.looked_at(&address, stamp, document, owed > 0);
        }
        Ok(())
    }

    /// Asks those whose wish is new whether they mean it.
    async fn verify(&mut self) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        for wished in self.parts.store.wishes(now, WISHES).await? {
            let host = host(&wished.wish.callback);
            if self.flights.is_busy(wished.number) || !self.flights.has_room(&host, false) {
                continue;
            }
            let topic = self.parts.topic(&wished.wish.topic).filter(|_| wished.wish.mode == Mode::Subscribe);
            if topic.is_none() && wished.wish.mode == Mode::Subscribe {
                // the feed went between the wish and now: the row is written anew, and met in the next round
                self.parts.store.deny(&wished.wish.topic, now).await?;
                continue;
            }
            if self.papers.is_sick(&wished.wish.topic) {
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
                Some(topic) => match self.papers.digest(&self.parts, &wished.wish.topic, &topic).await {
                    Some(digest) => Some(digest),
                    None => {
                        self.asking.spared(&host);
                        continue;
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
            let Some(topic) = self.parts.topic(&push.topic) else { continue };
            let document = self.papers.document(&self.parts, &push.topic, &topic).await;
            let Some(document) = document else { continue };
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
        // what is left waits for its host: others may have come meanwhile
        if !self.flights.is_full() {
            self.waiting.clear();
        }
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
