//! How many visits may start: after a pause, a restart or a jump of the clock all portals are due at once.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::{Pace, Portal};

/// Visits start at most so many times as often as the portals' paces ask for.
const HEADROOM: f64 = 2.0;
/// With few portals nobody is hurt by so many starts a second.
const LEAST_A_SECOND: f64 = 5.0;
/// What was not started in so many seconds may be made up for at once.
const SAVED_SECONDS: f64 = 2.0;
/// A portal with cron times counts as one that is visited so often.
const CRON_COUNTS_AS: Duration = Duration::from_secs(10 * 60);

/// A bucket of starts, filled by time.
#[derive(Debug)]
pub(super) struct Starts {
    saved: f64,
    at: Instant,
}

impl Starts {
    /// A full bucket.
    pub(super) fn new(at: Instant) -> Self {
        Self { saved: f64::INFINITY, at }
    }

    /// How many visits may start now, at so many a second.
    pub(super) fn left(&mut self, rate: f64, now: Instant) -> usize {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.saved = (self.saved + passed * rate).min(rate * SAVED_SECONDS);
        self.at = now;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, small, not negative"
        )]
        let left = self.saved.floor().max(0.0) as usize;
        left
    }

    /// One started.
    pub(super) fn take(&mut self) {
        self.saved -= 1.0;
    }
}

/// Starts a second.
pub(super) fn rate(portals: &[Portal]) -> f64 {
    let every = |portal: &Portal| match portal.pace {
        Pace::Every(every) => every,
        Pace::Cron { .. } => CRON_COUNTS_AS,
    };
    let asked: f64 = portals.iter().map(|portal| 1.0 / every(portal).as_secs_f64().max(0.1)).sum();
    (asked * HEADROOM).max(LEAST_A_SECOND)
}
