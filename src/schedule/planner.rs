//! The planner: looks which portals are due and has them visited, many at once, until told to stop.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::collect::Watch;
use crate::model::{Pace, Portal};
use crate::runtime::{Leap, Pulse, Stop};
use crate::store::{Claim, Due, Seed, StoreError};

use super::plan;
use super::roll::{self, Roll};
use super::settings::Settings;
use super::starts::Starts;
use super::visits::Visits;

/// Due portals looked at in one round; the others are seen in the next.
const ROUND: usize = 512;
/// So many of them are claimed at once.
const BATCH: usize = 64;

/// Looks which portals are due and has them visited.
#[derive(Debug)]
pub struct Planner {
    visits: Visits,
    settings: Settings,
    portals: Arc<ArcSwap<Vec<Portal>>>,
    wake: Arc<Notify>,
    pulse: Pulse,
    retain: Option<Duration>,
    slots: Arc<Semaphore>,
    /// A visit after which its portal is due before this, in milliseconds since 1970, wakes who sleeps until then.
    wake_before: Arc<AtomicI64>,
}

impl Planner {
    /// A planner for the portals that stand in `portals` at each look. A notice on `wake` makes it look at once.
    #[must_use]
    pub fn new(
        visits: Visits,
        settings: Settings,
        portals: Arc<ArcSwap<Vec<Portal>>>,
        wake: Arc<Notify>,
        retain: Option<Duration>,
    ) -> Self {
        let slots = Arc::new(Semaphore::new(settings.visits.max(1)));
        let (pulse, wake_before) = (Pulse::new(), Arc::new(AtomicI64::new(i64::MAX)));
        Self { visits, settings, portals, wake, pulse, retain, slots, wake_before }
    }

    /// Beats at each look, and while a look waits for the store: whether that moves is watched where it works.
    #[must_use]
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Runs until `stop` is requested and every visit in flight has ended.
    ///
    /// A store that fails is told in the log and asked again at the next look; planning never ends by itself.
    pub async fn run(self, stop: Stop) {
        let mut failing = false;
        let mut retained = None;
        let mut starts = Starts::new(Instant::now());
        let mut roll = Roll::default();
        let mut leap = Leap::new(self.visits.clock.now(), Instant::now());
        // the clock may have been put back while nothing ran
        let mut is_back = true;
        while !stop.is_requested() {
            is_back |= self.leapt(&mut leap);
            roll.follow(&self.portals.load_full());
            self.wake_before.store(i64::MAX, Ordering::Release);
            let look = async {
                if is_back {
                    self.come_near().await?;
                    is_back = false;
                }
                self.look(&stop, &roll, &mut starts).await
            };
            let looked = self.beating(look).await;
            let is_busy = *looked.as_ref().unwrap_or(&true);
            match looked {
                Ok(_) if failing => {
                    failing = false;
                    tracing::info!("the store answers again");
                }
                Err(error) if !failing => {
                    failing = true;
                    tracing::error!(error = %error, "planning waits for the store: {error}");
                }
                Ok(_) | Err(_) => {}
            }
            self.pulse.beat();
            self.beating(self.retain_when_due(&mut retained, &leap, &stop)).await;
            // who may not start yet starts soon
            let is_held = starts.left(roll.rate, Instant::now()) == 0;
            let pause = if is_held { roll::LEAST_PAUSE } else { roll.pause };
            tokio::select! {
                () = stop.requested() => {}
                () = self.wake.notified() => {}
                () = self.beating(self.pause(pause, is_busy)) => {}
            }
        }
        // every visit holds a slot: all of them back means that all visits have ended
        let all = u32::try_from(self.settings.visits.max(1)).unwrap_or(u32::MAX);
        let _all = self.slots.acquire_many(all).await;
    }

    async fn beating<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = work.as_mut() => return done,
                () = tokio::time::sleep(self.settings.heartbeat) => self.pulse.beat(),
            }
        }
    }

    /// Whether the clock was put back; a leap is told.
    fn leapt(&self, leap: &mut Leap) -> bool {
        let Some(by) = leap.look(self.visits.clock.now(), Instant::now()) else { return false };
        let (seconds, back) = (by.num_seconds().unsigned_abs(), by < TimeDelta::zero());
        let way = if back { "back" } else { "forward" };
        tracing::warn!(seconds, "the wall clock leapt {seconds} s {way}, or the machine slept: visits go on");
        back
    }

    /// What lies too far ahead, after the clock was put back, comes near.
    async fn come_near(&self) -> Result<(), StoreError> {
        let now = self.visits.clock.now();
        let moved = self.visits.store.heed_clock(now, self.visits.lease, plan::LONGEST_REST).await?;
        if moved > 0 {
            tracing::info!(portals = moved, "the clock was put back: {moved} portals are planned anew");
        }
        Ok(())
    }

    /// Sleeps until the next portal is due, the heartbeat at most.
    async fn pause(&self, least: Duration, is_busy: bool) {
        let now = self.visits.clock.now();
        let next = self.visits.store.next_due().await.ok().flatten();
        let wait = next.map_or(self.settings.heartbeat, |at| (at - now).to_std().unwrap_or_default());
        // nor does a due portal whose host is busy, or that may not start yet, make a hot loop
        let wait = wait.clamp(least, self.settings.heartbeat.max(least));
        if let (Ok(wait), false) = (TimeDelta::from_std(wait), is_busy) {
            self.wake_before.store((now + wait).timestamp_millis(), Ordering::Release);
        }
        tokio::time::sleep(wait).await;
    }

    /// Starts the visits that are due. Whether one of them waits for the end of another.
    async fn look(&self, stop: &Stop, roll: &Roll, starts: &mut Starts) -> Result<bool, StoreError> {
        if self.slots.available_permits() == 0 {
            return Ok(true);
        }
        let due = self.visits.store.due(self.visits.clock.now(), ROUND).await?;
        let mut is_busy = due.len() == ROUND;
        // who was never visited has all of its pages to be read, and nobody who misses them yet
        let mut room = self.visits.collector.load().room();
        let may_come = move |due: &&Due| {
            let waits = due.is_first && !due.asked;
            let may = !waits || room > 0;
            room = room.saturating_sub(usize::from(waits));
            may
        };
        let mut due = due.iter().filter(may_come).filter_map(|due| Some((roll.visited(&due.id)?, due.asked)));
        loop {
            let free = self.slots.available_permits().min(BATCH);
            let mut left = starts.left(roll.rate, Instant::now());
            // who asks for a visit does not wait for the others
            let mut may_start = |&(_, asked): &(&Arc<Portal>, bool)| {
                let may = asked || left > 0;
                left = left.saturating_sub(usize::from(!asked));
                may
            };
            let batch: Vec<_> = due.by_ref().filter(&mut may_start).take(free).collect();
            if batch.is_empty() {
                return Ok(is_busy || free == 0);
            }
            let claims = self.visits.claims(batch.iter().map(|(portal, _)| portal.as_ref())).await?;
            for ((portal, asked), claim) in batch.into_iter().zip(claims) {
                let Some(claim) = claim else {
                    is_busy = true;
                    continue;
                };
                let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else { return Ok(true) };
                if !asked {
                    starts.take();
                }
                self.start(portal, claim, slot, stop);
            }
        }
    }

    /// Starts a claimed visit, which ends by itself.
    fn start(&self, portal: &Arc<Portal>, claim: Claim, slot: OwnedSemaphorePermit, stop: &Stop) {
        let (visits, portal, order) = (self.visits.clone(), Arc::clone(portal), stop.clone());
        let (wake, wake_before) = (Arc::clone(&self.wake), Arc::clone(&self.wake_before));
        stop.spawn(async move {
            let id = portal.id.clone();
            let made = visits.make(portal, claim, order, Watch::default()).await;
            if let Err(error) = &made {
                tracing::error!(portal.name = %id, error = %error, "the visit to {id} was not stored: {error}");
            }
            drop(slot);
            let due = made.map_or(i64::MIN, |visited| visited.next_due.timestamp_millis());
            // a portal on the same host may be waiting, or this one be due again before all others
            if due < wake_before.load(Ordering::Acquire) {
                wake.notify_one();
            }
        });
    }

    /// Drops what is past retention, by a clock that goes steadily for so long: one that is years ahead by mistake,
    /// as after a start without a network, must not cost any article.
    async fn retain_when_due(&self, last: &mut Option<Instant>, leap: &Leap, stop: &Stop) {
        let every = self.settings.retention_every;
        let is_due = leap.steady() >= every && last.is_none_or(|at| at.elapsed() >= every);
        let (Some(keep), true) = (self.retain, is_due) else { return };
        let now = self.visits.clock.now();
        *last = Some(Instant::now());
        let Some(before) = TimeDelta::from_std(keep).ok().and_then(|keep| now.checked_sub_signed(keep))
        else {
            return;
        };
        let mut count = 0;
        // visits and readers have their turns between the parts
        while !stop.is_requested() {
            match self.visits.store.retain(before).await {
                Ok(0) => break,
                Ok(dropped) => count += dropped,
                Err(error) => {
                    tracing::warn!(error = %error, "retention waits for the store: {error}");
                    break;
                }
            }
        }
        if count > 0 {
            tracing::info!(articles = count, "{count} articles are past retention and were dropped");
        }
    }
}

/// What the store must know of the configured portals.
#[must_use]
pub fn seeds(portals: &[Portal], now: DateTime<Utc>) -> Vec<Seed> {
    let count = portals.len();
    portals
        .iter()
        .map(|portal| Seed {
            id: portal.id.clone(),
            first_due: plan::first_due(&portal.id, &portal.pace, count, now),
            pace: pace_text(&portal.pace),
            enabled: portal.enabled,
        })
        .collect()
}

fn pace_text(pace: &Pace) -> String {
    match pace {
        Pace::Every(every) => format!("every {} ms", every.as_millis()),
        Pace::Cron { expression, zone } => format!("cron {expression} {zone}"),
    }
}
