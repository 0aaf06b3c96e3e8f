//! What systemd is told: ready, reloading, stopping, and that the work goes on.

use std::time::Duration;

use chrono::TimeDelta;
use sd_notify::NotifyState;

use crate::runtime::{Clock, Stop};
use crate::schedule::Beat;
use crate::store::Store;

/// A planner that did not look for so long is stuck; it looks every second.
const STUCK: TimeDelta = TimeDelta::seconds(15);
/// How long the store may take to answer the watchdog's question.
const STORE_PATIENCE: Duration = Duration::from_secs(5);

/// Everything that must move for the watchdog to be fed.
#[derive(Debug, Clone)]
pub(super) struct Vitals {
    pub(super) store: Store,
    /// None where this process makes no visits.
    pub(super) planner: Option<Beat>,
    pub(super) clock: Clock,
}

/// Says a state; outside systemd nobody listens, and that is no fault.
fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(error = %error, "the service manager was not told");
    }
}

/// The listener is bound, the store answers, the first documents are there.
pub(super) fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// A reload begins; [`ready`] ends it.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(_) => tell(&[NotifyState::Reloading]),
    }
}

/// Stopping began.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Feeds the watchdog at half its period, each time only if the store answers and the planner looked.
pub(super) async fn watchdog(vitals: Vitals, stop: Stop) {
    let Some(period) = sd_notify::watchdog_enabled() else { return };
    let mut ticks = tokio::time::interval(period / 2);
    loop {
        tokio::select! {
            () = stop.requested() => return,
            _ = ticks.tick() => {}
        }
        if let Err(why) = moves(&vitals).await {
            tracing::error!("the watchdog is not fed: {why}");
        } else {
            tell(&[NotifyState::Watchdog]);
        }
    }
}

async fn moves(vitals: &Vitals) -> Result<(), String> {
    vitals.store.ping(STORE_PATIENCE).await.map_err(|error| error.to_string())?;
    let Some(beat) = &vitals.planner else { return Ok(()) };
    let silent = vitals.clock.now() - beat.last();
    // a wall clock set back gives a negative time: no sign of being stuck
    if silent > STUCK {
        Err(format!("the planner last looked {} s ago", silent.num_seconds()))
    } else {
        Ok(())
    }
}
