//! The turn of a host, as pure state: now in, a wait out. The store keeps it between visits.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// Crawl-delay is heeded up to here (DoS by robots.txt otherwise).
pub const MAX_CRAWL_DELAY: Duration = Duration::from_secs(30);

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

/// RFC 9309 section 2.3.1: how the fetch of robots.txt went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RobotsAnswer {
    /// 200: these rules (at most 500 KiB kept).
    Rules(String),
    /// 4xx: everything is allowed.
    Unavailable,
    /// 5xx or no answer: everything is forbidden (section 2.3.1.4).
    Unreachable,
}
