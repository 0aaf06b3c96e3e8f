//! When a portal is visited next. Pure: the time now and the dice are arguments.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::model::{Pace, PortalId};
use crate::runtime::Backoff;

use super::cron::next_cron;

/// However long a portal fails, it is asked once a day.
pub(super) const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);
/// A portal with cron times that fails is asked again after this, then twice this, and so on.
const CRON_FIRST_REST: Duration = Duration::from_secs(5 * 60);
/// A visit that could not take all it found is followed up after this, then after twice this, and so on up to the
/// portal's own pace: one that never comes to its end must not be visited without pause.
const LEFTOVER_PAUSE: Duration = Duration::from_secs(5);
/// Portals that were never visited start this far apart on average, so that a long list makes no herd.
const FIRST_SPACING: Duration = Duration::from_millis(200);

/// How a visit ended, as far as the next one depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended {
    /// When.
    pub(super) at: DateTime<Utc>,
    /// Failed visits in a row, this one included; 0 after a good one.
    pub(super) failures: u32,
    /// How often in a row article pages were left for the next visit; 0 when none were.
    pub(super) left: u32,
    /// The portal asked to be left alone for so long.
    pub(super) retry_after: Option<Duration>,
}

/// When a portal that was never visited is due: soon, spread over a window that grows with their number.
#[must_use]
pub(super) fn first_due(portal: &PortalId, pace: &Pace, portals: usize, now: DateTime<Utc>) -> DateTime<Utc> {
    let window = FIRST_SPACING.saturating_mul(u32::try_from(portals).unwrap_or(u32::MAX));
    let window = match pace {
        Pace::Every(every) => window.min(*every),
        Pace::Cron { .. } => window,
    };
    now + delta(share(portal, window))
}

/// When a portal is due again.
#[must_use]
pub(super) fn next_due(portal: &PortalId, pace: &Pace, ended: &Ended, dice: u64) -> DateTime<Utc> {
    let asked_rest = ended.retry_after.unwrap_or_default().min(LONGEST_REST);
    let not_before = ended.at + delta(asked_rest);
    if ended.failures > 0 {
        let first = match pace {
            Pace::Every(every) => *every,
            Pace::Cron { .. } => CRON_FIRST_REST,
        };
        let rest =
            Backoff::new(first, LONGEST_REST.max(first)).map_or(first, |b| b.rest(ended.failures, dice));
        return not_before.max(ended.at + delta(rest));
    }
    if ended.left > 0 {
        let most = match pace {
            Pace::Every(every) => (*every).max(LEFTOVER_PAUSE),
            Pace::Cron { .. } => CRON_FIRST_REST,
        };
        let pause = LEFTOVER_PAUSE.saturating_mul(1 << (ended.left - 1).min(16)).min(most);
        return not_before.max(ended.at + delta(pause));
    }
    let next = match pace {
        Pace::Every(every) => paced(portal, *every, ended.at, dice),
        // an expression that never comes again (30 February) was refused when it was read
        Pace::Cron { expression, zone } => {
            next_cron(expression, *zone, ended.at).unwrap_or(ended.at + delta(LONGEST_REST))
        }
    };
    next.max(not_before)
}

/// The portal's own points on the time line, `every` apart and shifted by its name, so that portals stay
/// spread however they were started; up to a twentieth late by the dice. At least half the pace ahead.
fn paced(portal: &PortalId, every: Duration, after: DateTime<Utc>, dice: u64) -> DateTime<Utc> {
    let step = i64::try_from(every.as_millis()).unwrap_or(i64::MAX).max(1);
    let shift = i64::try_from(share(portal, every).as_millis()).unwrap_or(0);
    let earliest = after.timestamp_millis().saturating_add(step / 2);
    let behind = (earliest - shift).rem_euclid(step);
    let point = earliest.saturating_add(if behind == 0 { 0 } else { step - behind });
    let jitter = step / 20 * i64::try_from(dice % 1000).unwrap_or(0) / 1000;
    DateTime::from_timestamp_millis(point.saturating_add(jitter)).unwrap_or(after + delta(every))
}

/// A part of `whole` that follows from the name alone, evenly spread over names.
fn share(portal: &PortalId, whole: Duration) -> Duration {
    let hash = Sha256::digest(portal.as_str().as_bytes());
    let number = hash.iter().take(4).fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    let millis = whole.as_millis() * u128::from(number) / (u128::from(u32::MAX) + 1);
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn id(name: &str) -> PortalId {
        PortalId::parse(name).unwrap()
    }

    fn good(at: DateTime<Utc>) -> Ended {
        Ended { at, failures: 0, left: 0, retry_after: None }
    }

    const EVERY: Pace = Pace::Every(Duration::from_secs(1200));

    #[test]
    fn paced_portals_keep_their_own_points_after_a_pause() {
        let now = at("2026-11-23T08:00:00Z");
        let next = next_due(&id("a"), &EVERY, &good(now), 0);
        let later = next_due(&id("a"), &EVERY, &good(now + TimeDelta::hours(5)), 0);
        assert_eq!((later - next).num_seconds() % 1200, 0);
        assert!(next - now >= TimeDelta::minutes(10) && next - now <= TimeDelta::minutes(30), "{next}");
    }

    #[test]
    fn a_thousand_portals_are_spread_over_the_pace() {
        let now = at("2026-11-23T08:00:00Z");
        let mut minutes = [0_u32; 40];
        for number in 0..1000 {
            let next = next_due(&id(&format!("portal-{number}")), &EVERY, &good(now), number * 7919);
            minutes[usize::try_from((next - now).num_minutes()).unwrap()] += 1;
        }
        assert!(minutes.iter().all(|count| *count < 150), "{minutes:?}");
    }

    #[test]
    fn failures_rest_longer_and_longer_up_to_a_day_and_retry_after_is_obeyed() {
        let now = at("2026-11-23T08:00:00Z");
        let failed = |failures, retry_after| Ended { at: now, failures, left: 0, retry_after };
        assert_eq!(next_due(&id("a"), &EVERY, &failed(1, None), 0), now + TimeDelta::minutes(20));
        assert_eq!(next_due(&id("a"), &EVERY, &failed(3, None), 0), now + TimeDelta::minutes(80));
        assert_eq!(next_due(&id("a"), &EVERY, &failed(99, None), 0), now + TimeDelta::hours(24));
        let asked = Some(Duration::from_secs(7200));
        assert_eq!(next_due(&id("a"), &EVERY, &failed(1, asked), 0), now + TimeDelta::hours(2));
        let absurd = Some(Duration::from_secs(u64::MAX));
        assert_eq!(next_due(&id("a"), &EVERY, &failed(1, absurd), 0), now + TimeDelta::hours(24));
    }

    #[test]
    fn what_was_left_is_fetched_soon() {
        let now = at("2026-11-23T08:00:00Z");
        let after = |left| next_due(&id("a"), &EVERY, &Ended { left, ..good(now) }, 0) - now;
        let pauses: Vec<i64> = (1..5).map(|left| after(left).num_seconds()).collect();
        assert_eq!(pauses, [5, 10, 20, 40]);
        // who always has more is visited at its pace
        let Pace::Every(every) = EVERY else { panic!() };
        assert_eq!(after(u32::MAX).to_std().unwrap(), every);
    }

    #[test]
    fn new_portals_start_soon_and_apart() {
        let now = at("2026-11-23T08:00:00Z");
        for name in ["a", "b", "sample"] {
            assert!(first_due(&id(name), &EVERY, 2, now) - now < TimeDelta::milliseconds(400));
        }
        let spread: std::collections::BTreeSet<_> =
            (0..1000).map(|n| first_due(&id(&format!("p{n}")), &EVERY, 1000, now)).collect();
        assert!(spread.len() > 900);
    }
}
