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
    /// Documents with older articles that come after that: files of a sitemap, further pages of other parts of the list.
    #[serde(default)]
    pub more: Vec<PageUrl>,
    /// Pages behind the first that were read.
    pub done: u32,
    /// What the page read last lists and was not looked at yet, in list order.
    pub waiting: Vec<Candidate>,
    /// Keys of the pages read.
    pub pages: Vec<String>,
    /// Keys of what the page read last lists.
    pub last: Vec<String>,
    /// How many pages may still show what the page before them showed: a list that grew while the walk was broken off
    /// shows on its next page what was read.
    #[serde(default)]
    pub slack: u32,
    /// Articles without a date of their own are placed one second after the other before this.
    pub base: DateTime<Utc>,
    /// When it moved last.
    pub at: DateTime<Utc>,
    /// Why there is nothing further back, once that is known.
    pub end: Option<String>,
}

impl Walk {
    /// Where the walk goes on: `next`, unless it is none or was read, else what comes after it.
    pub fn goes_on(&mut self, next: Option<PageUrl>) {
        let mut all = next.into_iter().chain(std::mem::take(&mut self.more));
        self.next = all.find(|next| !self.pages.iter().any(|page| page == next.key().as_str()));
        self.more = all.collect();
    }

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
