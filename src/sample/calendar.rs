//! When the sample town's articles appear: two fixed schedules, the same in every run.

use chrono::{DateTime, Duration, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use chrono_tz::Tz;

/// 2020-01-01 00:00 in Shanghai: both schedules count from here.
const EPOCH: i64 = 1_577_808_000;

/// A notice appears in every slot of two minutes.
const SLOT_SECONDS: i64 = 120;

/// The written articles come again, as new ones, in every era of two weeks: a later run has fresh ones,
/// a restart seldom meets another era.
const ERA_SECONDS: i64 = 14 * 24 * 3600;

/// The slot of the notice that appeared last at `now`; none before the schedule's beginning.
pub(super) fn last_slot(now: DateTime<Utc>) -> Option<u64> {
    let slot = u64::try_from((now.timestamp() - EPOCH).div_euclid(SLOT_SECONDS)).ok()?;
    if slot_time(slot)? <= now { Some(slot) } else { slot.checked_sub(1) }
}

/// When the notice of a slot appears: not all on the full minute.
pub(super) fn slot_time(slot: u64) -> Option<DateTime<Tz>> {
    let start = i64::try_from(slot).ok()?.checked_mul(SLOT_SECONDS)?;
    let seconds = i64::try_from(slot % 7).ok()? * 8 + 1;
    instant(EPOCH.checked_add(start)?.checked_add(seconds)?)
}

/// The era that `now` is in, the first one for any earlier time.
pub(super) fn era(now: DateTime<Utc>) -> u64 {
    u64::try_from((now.timestamp() - EPOCH).div_euclid(ERA_SECONDS)).unwrap_or(0)
}

/// When a written article of an era appeared: `before` its beginning.
pub(super) fn era_time(era: u64, before: Duration) -> Option<DateTime<Tz>> {
    let start = i64::try_from(era).ok()?.checked_mul(ERA_SECONDS)?.checked_add(EPOCH)?;
    instant(start.checked_sub(before.num_seconds())?)
}

fn instant(seconds: i64) -> Option<DateTime<Tz>> {
    Shanghai.timestamp_opt(seconds, 0).single()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_slot_appears_once_its_own_time_has_come() {
        let mut now = at("2026-11-23T08:00:00Z");
        let mut last = last_slot(now).unwrap();
        for _ in 0..600 {
            now += Duration::seconds(1);
            let slot = last_slot(now).unwrap();
            assert!(slot == last || slot == last + 1);
            assert!(slot_time(slot).unwrap() <= now);
            assert!(slot_time(slot + 1).unwrap() > now);
            last = slot;
        }
        assert_eq!(last - last_slot(at("2026-11-23T08:00:00Z")).unwrap(), 5);
    }

    #[test]
    fn a_machine_whose_clock_is_wrong_gets_no_slots_and_the_first_era() {
        assert_eq!(last_slot(at("1970-01-01T00:00:10Z")), None);
        assert_eq!(era(at("1970-01-01T00:00:10Z")), 0);
        assert_eq!(slot_time(u64::MAX), None);
        assert_eq!(era_time(u64::MAX, Duration::zero()), None);
    }
}
