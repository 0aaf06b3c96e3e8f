//! When an article is asked again: often while it is young, then hardly, then never. Pure.

use chrono::{DateTime, Duration, Utc};

/// Corrections come within hours, a day or a week, or not at all.
const STEPS_HOURS: [i64; 3] = [3, 24, 7 * 24];

/// An article that was old when it was first seen is not asked again.
const OLD_DAYS: i64 = 30;

/// A page that failed is asked again after an hour, then two, up to a week.
const FAILED_FIRST_HOURS: i64 = 1;
const FAILED_CAP_HOURS: i64 = 7 * 24;

/// When to ask again for an article that was asked again `visits` times without a change.
///
/// `dated` is when it was published; `dice` is any number that differs between articles: it moves the
/// answer by up to a tenth, so that the articles of one day do not come back together.
#[must_use]
pub(super) fn next_visit(
    visits: u32,
    dated: DateTime<Utc>,
    now: DateTime<Utc>,
    dice: u64,
) -> Option<DateTime<Utc>> {
    if now - dated > Duration::days(OLD_DAYS) {
        return None;
    }
    let hours = *STEPS_HOURS.get(usize::try_from(visits).ok()?)?;
    let minutes = hours * 60;
    let jitter = minutes / 1000 * i64::try_from(dice % 100).unwrap_or(0);
    Some(now + Duration::minutes(minutes + jitter))
}

/// A withdrawn article may come back: a look after a week and one after a month. One that still stands on the
/// list, or stands there again, is looked at once a day.
const BACK_DAYS: [i64; 2] = [7, 30];
const BACK_LISTED: Duration = Duration::days(1);

/// When to look whether a withdrawn article is back, after `looks` looks that it was not.
#[must_use]
pub(super) fn look_again(looks: u32, is_listed: bool, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if is_listed {
        return Some(now + BACK_LISTED);
    }
    BACK_DAYS.get(usize::try_from(looks).ok()?).map(|days| now + Duration::days(*days))
}

/// Whether a withdrawn article that stands on the list was planned as one that does not: it is there again.
#[must_use]
pub(super) fn is_listed_again(planned: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    planned.is_none_or(|at| at > now + BACK_LISTED)
}

/// When to ask again for the page of a known article that failed: once a day while the article is young, then never.
#[must_use]
pub(super) fn retry_known(first_seen: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (now - first_seen <= Duration::days(OLD_DAYS)).then(|| now + Duration::days(1))
}

/// When to ask again for a page that failed `failures` times in a row, this one included.
#[must_use]
pub(super) fn retry_at(failures: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    let hours =
        FAILED_FIRST_HOURS.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(FAILED_CAP_HOURS);
    now + Duration::hours(hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_page_of_a_known_article_is_not_tried_for_ever() {
        let (seen, day) = (DateTime::from_timestamp(1_600_000_000, 0).unwrap(), Duration::days(1));
        assert_eq!(retry_known(seen, seen + day * 30), Some(seen + day * 31));
        assert_eq!(retry_known(seen, seen + day * 31), None);
    }

    #[test]
    fn a_young_article_is_asked_again_less_and_less() {
        let now = at("2026-11-23T08:00:00Z");
        assert_eq!(next_visit(0, now, now, 0), Some(at("2026-11-23T11:00:00Z")));
        assert_eq!(next_visit(1, now, now, 0), Some(at("2026-11-24T08:00:00Z")));
        assert_eq!(next_visit(2, now, now, 0), Some(at("2026-11-30T08:00:00Z")));
        assert_eq!(next_visit(3, now, now, 0), None);
    }

    #[test]
    fn an_old_article_is_left_alone() {
        let now = at("2026-11-23T08:00:00Z");
        assert_eq!(next_visit(0, at("2026-10-01T08:00:00Z"), now, 0), None);
    }

    #[test]
    fn a_withdrawn_article_is_looked_at_rarely_and_when_it_is_listed_again() {
        let now = at("2026-11-23T08:00:00Z");
        assert_eq!(look_again(0, false, now), Some(at("2026-11-30T08:00:00Z")));
        assert_eq!(look_again(1, false, now), Some(at("2026-12-23T08:00:00Z")));
        assert_eq!(look_again(2, false, now), None);
        let listed = look_again(9, true, now);
        assert_eq!(listed, Some(at("2026-11-24T08:00:00Z")));
        assert!(!is_listed_again(listed, now));
        assert!(is_listed_again(None, now) && is_listed_again(look_again(0, false, now), now));
    }

    #[test]
    fn a_failing_page_rests_longer_each_time_up_to_a_week() {
        let now = at("2026-11-23T08:00:00Z");
        assert_eq!(retry_at(1, now), at("2026-11-23T09:00:00Z"));
        assert_eq!(retry_at(3, now), at("2026-11-23T12:00:00Z"));
        assert_eq!(retry_at(u32::MAX, now), at("2026-11-30T08:00:00Z"));
    }
}
