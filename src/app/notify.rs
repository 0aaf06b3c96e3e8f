//! What systemd is told: ready, reloading, stopping, and that the work goes on.

use std::time::Duration;

use sd_notify::NotifyState;

use crate::runtime::{Pulse, Stop};
use crate::store::Store;

/// A loop that did not go round for so long is stuck: each does so every second.
const STUCK: Duration = Duration::from_secs(15);
/// The store gives up by itself, after five seconds where another program holds the file; work that lasts so
/// long will not end any more.
const STORE_STUCK: Duration = Duration::from_secs(20);
/// After a look that found something stuck the next one comes soon: what moves again is fed in time.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Everything that must move for the watchdog to be fed. What fails and says so moves: a store that is locked, full or
/// broken is told by the status, and a restart would only end the serving of what is there.
#[derive(Debug, Clone)]
pub(super) struct Vitals {
    pub(super) store: Store,
    /// What it is, and its pulse.
    pub(super) loops: Vec<(&'static str, Pulse)>,
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

/// Feeds the watchdog three times in its period, each time only if everything moves.
pub(super) async fn watchdog(vitals: Vitals, stop: Stop) {
    let Some(period) = sd_notify::watchdog_enabled() else { return };
    let mut was_stuck = false;
    loop {
        let why = stuck(vitals.store.at_work(), &vitals.loops);
        if let Some(why) = &why {
            if !was_stuck {
                tracing::error!("the watchdog is not fed: {why}");
            }
        } else {
            // a service manager that does not read must not hold a thread that serves
            let told = tokio::task::spawn_blocking(|| tell(&[NotifyState::Watchdog])).await;
            if told.is_err() {
                tracing::debug!("the watchdog was not fed: telling so failed");
            }
        }
        was_stuck = why.is_some();
        let pause = if was_stuck { LOOK_AGAIN.min(period / 3) } else { period / 3 };
        tokio::select! {
            () = stop.requested() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// What does not move.
fn stuck(at_work: Duration, loops: &[(&'static str, Pulse)]) -> Option<String> {
    if at_work > STORE_STUCK {
        return Some(format!("the store has worked on one thing for {} s", at_work.as_secs()));
    }
    let (name, pulse) = loops.iter().find(|(_, pulse)| pulse.silent() > STUCK)?;
    Some(format!("the {name} has not moved for {} s", pulse.silent().as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_part_that_stalls_is_found() {
        let loops = [("planner", Pulse::new()), ("accept loop", Pulse::new())];
        assert_eq!(stuck(Duration::from_secs(6), &loops), None, "a locked store gives up by itself");
        assert!(stuck(Duration::from_secs(21), &loops).unwrap().contains("store"));
        for (stalled, beats) in [(0, 1), (1, 0)] {
            loops.iter().for_each(|(_, pulse)| pulse.beat());
            tokio::time::advance(Duration::from_secs(16)).await;
            loops[beats].1.beat();
            let why = stuck(Duration::ZERO, &loops).unwrap();
            assert!(why.contains(loops[stalled].0) && why.contains("16 s"), "{why}");
            loops[stalled].1.beat();
            assert_eq!(stuck(Duration::ZERO, &loops), None, "what moves again is well");
        }
    }
}
