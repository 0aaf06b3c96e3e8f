//! How a portal fares: what the last visit did, and the state people see.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fault::{Fault, Note};
use super::portal::Kind;

/// What one visit saw and did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitCounts {
    /// Items on the list pages read.
    pub items: u64,
    /// Articles stored for the first time.
    pub new: u64,
    /// Articles whose content changed.
    pub changed: u64,
    /// Articles that are no more.
    pub withdrawn: u64,
    /// Requests sent, robots.txt and redirects included.
    pub requests: u64,
    /// Requests answered 304.
    pub not_modified: u64,
    /// Body bytes received, as on the wire.
    pub bytes: u64,
    /// How long the visit took, in milliseconds.
    pub ms: u64,
}

/// The state people see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PortalState {
    /// The last visit served.
    Ok,
    /// Served, but by fallback or with items held back.
    Degraded,
    /// The last visit gave an error.
    Failing,
    /// Never visited.
    Pending,
    /// `enabled = false`.
    Paused,
}

impl PortalState {
    /// The spelling used in status, logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
            Self::Pending => "pending",
            Self::Paused => "paused",
        }
    }
}

/// What the store knows of a portal's visits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortalStatus {
    /// The title its pages showed last.
    pub title: Option<String>,
    /// The language most of its articles have.
    pub lang: Option<String>,
    /// What its list was recognised as.
    pub kind: Option<Kind>,
    /// Articles kept.
    pub articles: u64,
    /// End of the last visit, good or not.
    pub last_visit: Option<DateTime<Utc>>,
    /// End of the last visit that served.
    pub last_ok: Option<DateTime<Utc>>,
    /// When the next one is due.
    pub next_visit: Option<DateTime<Utc>>,
    /// Failed visits since the last good one.
    pub failures: u32,
    /// Why the last visit failed.
    pub error: Option<Fault>,
    /// When the row of failures began.
    pub since: Option<DateTime<Utc>>,
    /// Whether the last good visit needed a fallback.
    pub degraded: bool,
    /// What the last visit did.
    pub last: VisitCounts,
    /// What the last visit cut or repaired.
    pub notes: Vec<Note>,
    /// Whether a visit is in flight now.
    pub visiting: bool,
}

impl PortalStatus {
    /// The state people see.
    #[must_use]
    pub fn state(&self, enabled: bool) -> PortalState {
        match (enabled, self.last_visit, &self.error) {
            (false, ..) => PortalState::Paused,
            (true, None, _) => PortalState::Pending,
            (true, Some(_), Some(_)) => PortalState::Failing,
            (true, Some(_), None) if self.degraded => PortalState::Degraded,
            (true, Some(_), None) => PortalState::Ok,
        }
    }
}
