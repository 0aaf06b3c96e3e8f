//! Whether the wall clock leapt: it and the monotonic one tell different times to have passed.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// Less than this is drift, or a clock that is put right.
const LEAST: TimeDelta = TimeDelta::seconds(5);

/// Both clocks as they were at the last look.
#[derive(Debug)]
pub struct Leap {
    wall: DateTime<Utc>,
    at: Instant,
    /// Since when the wall clock goes steadily.
    steady: Instant,
}

impl Leap {
    /// Both clocks as they are now.
    #[must_use]
    pub fn new(wall: DateTime<Utc>, at: Instant) -> Self {
        Self { wall, at, steady: at }
    }

    /// Looks at both; Some with how far the wall clock leapt, backwards below zero. A suspended machine leaps forward.
    pub fn look(&mut self, wall: DateTime<Utc>, at: Instant) -> Option<TimeDelta> {
        let passed = TimeDelta::from_std(at.saturating_duration_since(self.at)).unwrap_or_default();
        let leapt = (wall - self.wall) - passed;
        (self.wall, self.at) = (wall, at);
        if leapt.abs() < LEAST {
            return None;
        }
        self.steady = at;
        Some(leapt)
    }

    /// For how long the wall clock went steadily.
    #[must_use]
    pub fn steady(&self) -> Duration {
        self.at.saturating_duration_since(self.steady)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaps_are_seen_both_ways_and_drift_is_none() {
        let (wall, at) = (DateTime::from_timestamp(1_600_000_000, 0).unwrap(), Instant::now());
        let mut leap = Leap::new(wall, at);
        let second = |n: i64| (wall + TimeDelta::seconds(n), at + Duration::from_secs(n.unsigned_abs()));
        assert_eq!(leap.look(second(10).0, second(10).1), None);
        assert_eq!(leap.look(second(13).0, second(11).1), None, "two seconds are drift");
        assert_eq!(leap.look(second(86_413).0, second(12).1), Some(TimeDelta::seconds(86_399)));
        assert_eq!(leap.steady(), Duration::ZERO);
        assert_eq!(leap.look(second(3).0, second(15).1), Some(TimeDelta::seconds(-86_413)));
        assert_eq!(leap.look(second(63).0, second(75).1), None);
        assert_eq!(leap.steady(), Duration::from_secs(60));
    }
}
