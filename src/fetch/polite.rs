//! The turn of a host, as pure state: now in, a wait out. The store keeps it between visits.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Crawl-delay is heeded up to here: a larger one would let a robots.txt stop a portal for good.
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);
/// How long a robots.txt is trusted (RFC 9309 section 2.4).
const ROBOTS_FRESH: TimeDelta = TimeDelta::hours(24);
/// A host that answered too late to keep its gap is not waited for longer than this, whatever the clock did.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The longest rest that a host may ask for; it is asked again after it.
pub const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);

/// What is remembered of a host between requests; a row in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostTurn {
    /// No request before this.
    pub next_at: Option<DateTime<Utc>>,
    /// Set by 429 and 503: no visit before this.
    pub rest_until: Option<DateTime<Utc>>,
    /// The robots.txt seen last.
    pub robots: Option<RobotsCopy>,
}

/// A robots.txt as fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsCopy {
    /// When.
    pub fetched_at: DateTime<Utc>,
    /// What it said; see [`super::robots`].
    pub answer: RobotsAnswer,
}

/// How the fetch of robots.txt went (RFC 9309 section 2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsAnswer {
    /// 200: these rules.
    Rules(String),
    /// 4xx: everything is allowed.
    Unavailable,
    /// It could not be had since then, while the host answers: nothing is asked for.
    Failing,
}

/// How long to wait before the next request to the host.
#[must_use]
pub fn wait(turn: &HostTurn, now: DateTime<Utc>) -> Duration {
    let until = turn.next_at.map_or(TimeDelta::zero(), |at| at - now);
    // a wall clock that was set back must not stop the portal
    until.to_std().unwrap_or_default().min(LONGEST_WAIT)
}

/// A request ended: from now the gap counts.
pub fn after_request(turn: &mut HostTurn, now: DateTime<Utc>, gap: Duration) {
    turn.next_at = now.checked_add_signed(TimeDelta::from_std(gap).unwrap_or(TimeDelta::zero()));
}

/// The host asked to be left alone (429, or 503 with `Retry-After`). A rest that lasts longer is not cut short.
pub fn rest(turn: &mut HostTurn, now: DateTime<Utc>, retry_after: Duration) {
    let until =
        now.checked_add_signed(TimeDelta::from_std(retry_after.min(LONGEST_REST)).unwrap_or_default());
    turn.rest_until = turn.rest_until.filter(|_| rest_left(turn, now).is_some()).max(until);
}

/// How much is left of the rest that the host asked for. One that lies further ahead than a host may ask for
/// was written before the clock was set back, and is over.
#[must_use]
pub fn rest_left(turn: &HostTurn, now: DateTime<Utc>) -> Option<Duration> {
    let left = (turn.rest_until? - now).to_std().ok()?;
    (!left.is_zero() && left <= LONGEST_REST).then_some(left)
}

/// The gap that holds: the larger of the setting and `Crawl-delay`, the latter heeded up to [`MAX_CRAWL_DELAY`].
#[must_use]
pub fn gap(min_gap: Duration, crawl_delay: Option<Duration>) -> Duration {
    crawl_delay.map_or(min_gap, |delay| delay.min(MAX_CRAWL_DELAY).max(min_gap))
}

/// Whether a robots.txt need not be asked for again.
#[must_use]
pub fn is_fresh(copy: &RobotsCopy, now: DateTime<Utc>) -> bool {
    let age = now - copy.fetched_at;
    age < ROBOTS_FRESH && age > -ROBOTS_FRESH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_gap_counts_from_the_end_of_a_request() {
        let now = at("2026-11-23T08:00:00Z");
        let mut turn = HostTurn::default();
        assert_eq!(wait(&turn, now), Duration::ZERO);
        after_request(&mut turn, now, Duration::from_secs(2));
        assert_eq!(wait(&turn, now), Duration::from_secs(2));
        assert_eq!(wait(&turn, now + TimeDelta::seconds(3)), Duration::ZERO);
        assert!(
            wait(&turn, now - TimeDelta::days(400)) <= Duration::from_secs(60),
            "a clock set back stops nobody"
        );
    }

    #[test]
    fn a_host_that_asks_for_rest_gets_it_for_a_day_at_most() {
        let now = at("2026-11-23T08:00:00Z");
        let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
        let mut turn = HostTurn::default();
        assert_eq!(rest_left(&turn, now), None);
        rest(&mut turn, now, hour);
        rest(&mut turn, now, minute);
        assert_eq!(rest_left(&turn, now), Some(hour), "the longer rest holds");
        assert_eq!(rest_left(&turn, now + TimeDelta::hours(1)), None);
        rest(&mut turn, now, hour * 24 * 365);
        assert_eq!(rest_left(&turn, now), Some(LONGEST_REST));
        let years_ago = now - TimeDelta::days(400);
        assert_eq!(rest_left(&turn, years_ago), None, "a clock set back stops nobody");
        rest(&mut turn, years_ago, minute);
        assert_eq!(rest_left(&turn, years_ago), Some(minute));
    }

    #[test]
    fn crawl_delay_is_heeded_up_to_thirty_seconds() {
        let second = Duration::from_secs(1);
        assert_eq!(gap(second, None), second);
        assert_eq!(gap(second, Some(Duration::from_millis(1))), second);
        assert_eq!(gap(second, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(gap(second, Some(Duration::from_secs(86_400))), Duration::from_secs(30));
    }

    #[test]
    fn robots_txt_is_trusted_for_a_day() {
        let fetched_at = at("2026-11-23T08:00:00Z");
        let copy = RobotsCopy { fetched_at, answer: RobotsAnswer::Unavailable };
        assert!(is_fresh(&copy, fetched_at + TimeDelta::hours(23)));
        assert!(!is_fresh(&copy, fetched_at + TimeDelta::hours(25)));
    }
}
