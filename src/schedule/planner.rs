//! The planner: looks which portals are due and has them visited, many at once, until told to stop.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, Semaphore};

use crate::collect::Watch;
use crate::model::{Pace, Portal, PortalId};
use crate::runtime::{Pulse, Stop};
use crate::store::{Due, Seed, StoreError};

use super::plan;
use super::settings::Settings;
use super::visits::Visits;

/// Due portals looked at in one round; the others are seen in the next.
const ROUND: usize = 512;

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
        Self { visits, settings, portals, wake, pulse: Pulse::new(), retain, slots }
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
        while !stop.is_requested() {
            match self.beating(self.look(&stop)).await {
                Ok(()) if failing => {
                    failing = false;
                    tracing::info!("the store answers again");
                }
                Err(error) if !failing => {
                    failing = true;
                    tracing::error!(error = %error, "planning waits for the store: {error}");
                }
                Ok(()) | Err(_) => {}
            }
            self.pulse.beat();
            self.beating(self.retain_when_due(&mut retained)).await;
            tokio::select! {
                () = stop.requested() => {}
                () = self.wake.notified() => {}
                () = self.beating(self.pause()) => {}
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

    /// Sleeps until the next portal is due, the heartbeat at most.
    async fn pause(&self) {
        let now = self.visits.clock.now();
        let next = self.visits.store.next_due().await.ok().flatten();
        let wait = next.map_or(self.settings.heartbeat, |at| (at - now).to_std().unwrap_or_default());
        // a due portal whose host is busy must not make a hot loop
        let wait = wait.clamp(Duration::from_millis(20), self.settings.heartbeat);
        tokio::time::sleep(wait).await;
    }

    async fn look(&self, stop: &Stop) -> Result<(), StoreError> {
        let free = self.slots.available_permits();
        if free == 0 {
            return Ok(());
        }
        let due = self.visits.store.due(self.visits.clock.now(), ROUND).await?;
        if due.is_empty() {
            return Ok(());
        }
        let portals = self.portals.load_full();
        let by_name: HashMap<&PortalId, &Portal> =
            portals.iter().map(|portal| (&portal.id, portal)).collect();
        for Due { id, .. } in due {
            let Some(portal) = by_name.get(&id).filter(|portal| portal.enabled && !portal.lists.is_empty())
            else {
                continue;
            };
            let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() else { return Ok(()) };
            let Some(claim) = self.visits.claim(portal).await? else { continue };
            let (visits, portal, order, wake) =
                (self.visits.clone(), Arc::new((*portal).clone()), stop.clone(), Arc::clone(&self.wake));
            stop.spawn(async move {
                let id = portal.id.clone();
                if let Err(error) = visits.make(portal, claim, order, Watch::default()).await {
                    tracing::error!(portal.name = %id, error = %error, "the visit to {id} was not stored: {error}");
                }
                drop(slot);
                // a portal on the same host may be waiting
                wake.notify_one();
            });
        }
        Ok(())
    }

    async fn retain_when_due(&self, last: &mut Option<DateTime<Utc>>) {
        let now = self.visits.clock.now();
        let every = TimeDelta::from_std(self.settings.retention_every).unwrap_or(TimeDelta::MAX);
        let (Some(keep), false) = (self.retain, last.is_some_and(|at| now - at < every)) else { return };
        *last = Some(now);
        let Some(before) = TimeDelta::from_std(keep).ok().and_then(|keep| now.checked_sub_signed(keep))
        else {
            return;
        };
        match self.visits.store.retain(before).await {
            Ok(0) => {}
            Ok(count) => {
                tracing::info!(articles = count, "{count} articles are past retention and were dropped");
            }
            Err(error) => tracing::warn!(error = %error, "retention waits for the store: {error}"),
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
