//! How many visits at once, and how often the planner looks.

use std::time::Duration;

/// How many visits at once, and how often the planner looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Visits in flight; each is one connection to one host and mostly waits.
    pub visits: usize,
    /// A claim that was not given back may be taken over after this: longer than a visit's budget and
    /// its last request together. What a request may take by configuration comes on top.
    pub lease: Duration,
    /// The planner looks at least this often, whatever it was told: other processes write due times too.
    pub heartbeat: Duration,
    /// Between two rounds of retention.
    pub retention_every: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            visits: 256,
            lease: Duration::from_secs(180),
            heartbeat: Duration::from_secs(1),
            retention_every: Duration::from_secs(60 * 60),
        }
    }
}
