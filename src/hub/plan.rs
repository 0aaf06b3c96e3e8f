//! When to try again: soon, then less and less, for a day. Pure.

use chrono::{DateTime, TimeDelta, Utc};

/// Pauses after the first failures of a delivery; the last one holds for all further.
const PAUSES_SECS: [i64; 7] = [5, 30, 120, 600, 1800, 3600, 7200];
/// A delivery that fails for so long is given up, and the subscriber rests until it renews.
const GIVE_UP: TimeDelta = TimeDelta::hours(24);
/// And so many failures at least, a few less than fit into that time: a clock that leapt ahead makes no day.
const GIVE_UP_AFTER: u32 = 12;
/// A wish is verified so often at most.
const MOST_TRIES: u32 = 5;

/// When to deliver again after a failure; None when it failed for too long.
pub(super) fn again(failures: u32, since: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if now - since >= GIVE_UP && failures >= GIVE_UP_AFTER {
        return None;
    }
    let last = PAUSES_SECS.len() - 1;
    let place = usize::try_from(failures).unwrap_or(last).min(last);
    let pause = PAUSES_SECS.get(place).copied().unwrap_or(7200);
    now.checked_add_signed(TimeDelta::seconds(pause))
}

/// When to verify again after a failure; None when it failed too often.
pub(super) fn verify_again(tries: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if tries + 1 >= MOST_TRIES {
        return None;
    }
    let pause = PAUSES_SECS.get(usize::try_from(tries).ok()?).copied()?;
    now.checked_add_signed(TimeDelta::seconds(pause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_tried_for_a_day_and_less_and_less() {
        let began = DateTime::from_timestamp(1_772_323_200, 0).unwrap();
        let (mut now, mut tries) = (began, 0);
        while let Some(next) = again(tries, began, now) {
            assert!(next > now);
            (now, tries) = (next, tries + 1);
        }
        assert!(now - began >= GIVE_UP && now - began < TimeDelta::hours(27), "{}", now - began);
        assert!((10..40).contains(&tries), "{tries}");
        let year = TimeDelta::days(365);
        assert_eq!(again(3, began, began + year), Some(began + year + TimeDelta::minutes(10)));
        assert_eq!(again(u32::MAX, began, began), Some(began + TimeDelta::hours(2)));
        assert!(verify_again(0, now).is_some() && verify_again(4, now).is_none());
    }
}
