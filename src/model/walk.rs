//! How far a walk back over a list's older pages came.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::draft::Candidate;
use super::url::PageUrl;

/// How far a walk back over a list's older pages came. It is stored with each answer it led to, so that one that was
/// broken off goes on where it was and asks for nothing again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Walk {
    /// The list page it began at.
    pub list: PageUrl,
    /// The page to be read next.
    pub next: Option<PageUrl>,
    /// Pages behind the first that were read.
    pub done: u32,
    /// What the page read last lists and was not looked at yet, in list order.
    pub waiting: Vec<Candidate>,
    /// Keys of the pages read.
    pub pages: Vec<String>,
    /// Keys of what the page read last lists.
    pub last: Vec<String>,
    /// Articles without a date of their own are placed one second after the other before this.
    pub base: DateTime<Utc>,
    /// When it moved last.
    pub at: DateTime<Utc>,
    /// Why there is nothing further back, once that is known.
    pub end: Option<String>,
}

impl Walk {
    /// Whether nothing is left to do on the way to so many pages.
    #[must_use]
    pub fn is_done(&self, pages: u32) -> bool {
        self.waiting.is_empty() && (self.end.is_some() || self.done >= pages)
    }

    /// What an article is dated by that has no date and is the last that waits: before all of the pages before, and
    /// behind those above it. None for the first page, whose articles may be news.
    #[must_use]
    pub fn undated(&self) -> Option<DateTime<Utc>> {
        let place = i64::try_from(self.waiting.len()).unwrap_or(i64::MAX);
        (self.done > 0).then(|| self.base - TimeDelta::seconds(place.min(1_000_000)))
    }
}
