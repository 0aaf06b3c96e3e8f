//! An instant as a page told it: when, how exactly, and in which zone it was written.

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// How exactly a page told a time. Coarser comes later, so that the smaller of two is the finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute; the seconds are 0.
    Minute,
    /// To the hour; minutes and seconds are 0.
    Hour,
    /// The day only; the time is midnight in the page's zone.
    Day,
}

impl Precision {
    /// The spelling used in JSON and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Reads the spelling of [`Precision::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Second, Self::Minute, Self::Hour, Self::Day].into_iter().find(|p| p.as_str() == text)
    }
}

/// An instant read from a page, in the offset that held there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// The instant, in the page's own offset.
    pub at: DateTime<FixedOffset>,
    /// How exactly the page told it.
    pub precision: Precision,
}

impl Stamp {
    /// The instant without its offset, for comparing and ordering.
    #[must_use]
    pub fn utc(&self) -> DateTime<Utc> {
        self.at.to_utc()
    }

    /// RFC 3339 with whole seconds and the page's offset: `2021-03-11T09:11:43+08:00`.
    #[must_use]
    pub fn to_rfc3339(&self) -> String {
        self.at.to_rfc3339_opts(SecondsFormat::Secs, false)
    }
}
