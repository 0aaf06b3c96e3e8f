//! How much one visit may take.

use std::time::Duration;

/// How much one visit may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// After this no further page is asked for; what was read is stored, the rest comes next time.
    pub budget: Duration,
    /// Article pages asked for in one visit. A first visit to a busy portal is spread over several.
    pub max_articles: usize,
    /// Articles off the list that are asked again in one visit.
    pub max_revisits: usize,
    /// Pages parsed at once, over all visits: parsing is what is scarce.
    pub parsers: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            budget: Duration::from_secs(120),
            max_articles: 200,
            max_revisits: 20,
            parsers: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}
