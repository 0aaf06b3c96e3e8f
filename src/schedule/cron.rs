//! Cron expressions with seconds: checked, and their next time in a true zone.

use chrono::{DateTime, DurationRound, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// The six fields, in their order.
const FIELDS: [&str; 6] = ["seconds", "minutes", "hours", "days of the month", "months", "days of the week"];

/// No sensible expression is longer; the reader is not asked to try.
const LONGEST: usize = 256;

/// How far ahead a change of the clocks is looked for at once. Between two looks the zone may change
/// and change back, which moves no occurrence that lies further away than this.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(2);

/// Whether an expression has six fields (seconds first) that are understood and name a time that comes.
///
/// # Errors
/// What is wrong with it, as half a sentence that names the field.
pub fn check_cron(expression: &str) -> Result<(), String> {
    if expression.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} characters"));
    }
    let fields: Vec<&str> = expression.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!("it has {} fields instead of six ({})", fields.len(), FIELDS.join(", ")));
    }
    for (i, (field, name)) in fields.iter().zip(FIELDS).enumerate() {
        let mut alone = ["*"; 6];
        if let Some(place) = alone.get_mut(i) {
            *place = field;
        }
        if !field.bytes().any(|b| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'?')) {
            return Err(format!("`{field}` names no {name}"));
        }
        if read(&alone.join(" ")).is_none() {
            return Err(format!("`{field}` cannot be read as {name}"));
        }
    }
    let cron = read(expression).ok_or("it cannot be read")?;
    let start = DateTime::UNIX_EPOCH;
    cron.find_next_occurrence(&start, true)
        .map(|_| ())
        .map_err(|_| "it names a time that never comes".to_owned())
}

/// The first time after `after` at which the wall clock of `zone` shows what the expression says.
///
/// When the clocks are set forward, a time that is left out is made up at the moment of the change; when
/// they are set back, a time that comes twice counts once. An expression for all hours (`*` or `*/n`)
/// speaks of stretches of time instead: nothing is made up, and both hours count.
///
/// None for an expression that [`check_cron`] refuses.
#[must_use]
pub fn next_cron(expression: &str, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let cron = read(expression)?;
    let every_hour = expression.split_whitespace().nth(2).is_some_and(|hours| hours.starts_with('*'));
    // Wall clock times before this one have been had: the clocks were set back over them.
    let mut had = None;
    let mut from = after.duration_trunc(TimeDelta::seconds(1)).ok()? + TimeDelta::seconds(1);
    if !every_hour {
        had = repeated_until(zone, from);
    }
    loop {
        let offset = offset_at(zone, from);
        let start = (from + offset).max(had.unwrap_or(DateTime::<Utc>::MIN_UTC));
        // The zone is taken out of croner's hands: between two changes of the clocks, wall time is
        // UTC and a fixed offset.
        let wall = cron.find_next_occurrence(&start, true).ok()?;
        let found = wall - offset;
        let horizon = found.min(from + LOOK_AHEAD);
        let Some(change) = first_change(zone, from, horizon) else {
            if found <= horizon {
                return Some(found);
            }
            from = found - LOOK_AHEAD;
            continue;
        };
        let (before, behind) = (change + offset, change + offset_at(zone, change));
        if !every_hour {
            if wall >= before && wall < behind {
                return Some(change);
            }
            had = (behind < before).then_some(before);
        }
        from = change;
    }
}

fn read(expression: &str) -> Option<Cron> {
    if expression.contains('@') {
        return None;
    }
    CronParser::builder().seconds(Seconds::Required).year(Year::Disallowed).build().parse(expression).ok()
}

/// What the zone adds to UTC at an instant.
fn offset_at(zone: Tz, at: DateTime<Utc>) -> TimeDelta {
    let fixed = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    TimeDelta::seconds(i64::from(fixed.local_minus_utc()))
}

/// The first instant in `(from, until]` at which the zone has another offset than at `from`.
fn first_change(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let offset = offset_at(zone, from);
    let mut same = from;
    while same < until {
        let next = (same + TimeDelta::hours(1)).min(until);
        if offset_at(zone, next) != offset {
            let mut other = next;
            while other - same > TimeDelta::seconds(1) {
                let middle = same + TimeDelta::seconds((other - same).num_seconds() / 2);
                if offset_at(zone, middle) == offset { same = middle } else { other = middle }
            }
            return Some(other);
        }
        same = next;
    }
    None
}

/// When `at` lies in an hour that comes a second time: the wall time at which the repetition ends.
fn repeated_until(zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day = at - TimeDelta::days(1);
    let change = first_change(zone, day, at)?;
    let before = change + offset_at(zone, day);
    (at + offset_at(zone, at) < before).then_some(before)
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe};
    use proptest::prelude::*;

    use super::*;

    fn times(expression: &str, zone: Tz, from: &str, count: usize) -> Vec<String> {
        let mut at: DateTime<Utc> = from.parse().unwrap();
        (0..count)
            .map(|_| {
                at = next_cron(expression, zone, at).unwrap();
                at.with_timezone(&zone).format("%m-%dT%H:%M:%S%:z").to_string()
            })
            .collect()
    }

    #[test]
    fn an_expression_speaks_of_the_zones_wall_clock() {
        assert_eq!(
            times("0 30 7 * * *", Asia::Shanghai, "2026-11-23T05:40:00Z", 2),
            ["11-24T07:30:00+08:00", "11-25T07:30:00+08:00"]
        );
        assert_eq!(
            times("0 */15 * * * MON-FRI", Europe::Berlin, "2026-11-20T22:40:00.5Z", 2),
            ["11-20T23:45:00+01:00", "11-23T00:00:00+01:00"]
        );
    }

    #[test]
    fn the_time_itself_is_not_its_own_next() {
        assert_eq!(
            times("0 30 7 * * *", Asia::Shanghai, "2026-11-22T23:30:00Z", 1),
            ["11-24T07:30:00+08:00"]
        );
        assert_eq!(
            times("* * * * * *", Asia::Shanghai, "2026-11-22T23:30:00.9Z", 1),
            ["11-23T07:30:01+08:00"]
        );
    }

    #[test]
    fn a_daily_time_keeps_its_hour_when_the_clocks_change() {
        assert_eq!(
            times("0 30 7 * * *", Europe::Paris, "2026-03-28T00:00:00Z", 3),
            ["03-28T07:30:00+01:00", "03-29T07:30:00+02:00", "03-30T07:30:00+02:00"]
        );
        assert_eq!(
            times("0 30 7 * * *", Europe::Paris, "2026-10-24T00:00:00Z", 3),
            ["10-24T07:30:00+02:00", "10-25T07:30:00+01:00", "10-26T07:30:00+01:00"]
        );
    }

    #[test]
    fn a_time_that_is_left_out_is_made_up_at_the_change() {
        assert_eq!(
            times("0 30 2 * * *", Europe::Paris, "2026-03-28T12:00:00Z", 2),
            ["03-29T03:00:00+02:00", "03-30T02:30:00+02:00"]
        );
    }

    #[test]
    fn a_time_that_comes_twice_counts_once() {
        assert_eq!(
            times("0 30 1 * * *", America::New_York, "2026-10-31T12:00:00Z", 2),
            ["11-01T01:30:00-04:00", "11-02T01:30:00-05:00"]
        );
        // Asked between the two.
        assert_eq!(
            times("0 30 1 * * *", America::New_York, "2026-11-01T06:10:00Z", 1),
            ["11-02T01:30:00-05:00"]
        );
    }

    #[test]
    fn an_expression_for_all_hours_runs_through_both_of_the_doubled_ones() {
        assert_eq!(
            times("0 */30 * * * *", Europe::Paris, "2026-10-25T00:10:00Z", 6),
            [
                "10-25T02:30:00+02:00",
                "10-25T02:00:00+01:00",
                "10-25T02:30:00+01:00",
                "10-25T03:00:00+01:00",
                "10-25T03:30:00+01:00",
                "10-25T04:00:00+01:00",
            ]
        );
        assert_eq!(
            times("0 30 * * * *", Europe::Paris, "2026-03-29T00:00:00Z", 2),
            ["03-29T01:30:00+01:00", "03-29T03:30:00+02:00"]
        );
    }

    #[test]
    fn rare_times_are_found_years_ahead() {
        let next = next_cron("0 0 0 29 2 *", Asia::Shanghai, "2026-11-23T00:00:00Z".parse().unwrap());
        assert_eq!(next.unwrap().to_rfc3339(), "2028-02-28T16:00:00+00:00");
    }

    #[test]
    fn a_faulty_field_is_named() {
        for (bad, why) in [
            ("*/15 * * * *", "it has 5 fields instead of six"),
            ("", "it has 0 fields"),
            ("@hourly", "it has 1 fields"),
            ("0 0 25 * * *", "`25` cannot be read as hours"),
            ("0 61 * * * *", "`61` cannot be read as minutes"),
            ("0 0 7 * * MON-FRY", "`MON-FRY` cannot be read as days of the week"),
            ("0 0 7 , * *", "`,` names no days of the month"),
            ("0 0 7 30 2 *", "it names a time that never comes"),
        ] {
            let told = check_cron(bad).unwrap_err();
            assert!(told.contains(why), "{bad}: {told}");
            assert!(!bad.contains("25") || next_cron(bad, Tz::UTC, DateTime::UNIX_EPOCH).is_none());
        }
        for good in ["0 */15 * * * *", "30 0 6,18 * * *", "0 0 7 L * ?", "0 0 9 * jan-mar mon#1"] {
            assert_eq!(check_cron(good), Ok(()), "{good}");
        }
    }

    proptest! {
        #[test]
        fn no_expression_panics(text in "[-0-9*/,?#LWA-Z@+ ]{0,24}", free in ".{0,40}") {
            let _ = (check_cron(&text), check_cron(&free));
        }

        #[test]
        fn the_next_time_is_later_and_shows_on_the_wall(
            seconds in 0i64..4_000_000_000,
            minute in 0u32..60,
            zone in prop::sample::select(vec![Asia::Shanghai, Europe::Paris, America::St_Johns, Tz::Australia__Lord_Howe]),
        ) {
            let after = DateTime::from_timestamp(seconds, 0).unwrap();
            let next = next_cron(&format!("0 {minute} * * * *"), zone, after).unwrap();
            prop_assert!(next > after && next - after <= TimeDelta::hours(2));
            prop_assert_eq!(next.with_timezone(&zone).format("%M:%S").to_string(), format!("{minute:02}:00"));
        }
    }
}
