//! What is known beside a text, and what was found in it.

use std::ops::Range;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::model::{DateRules, Stamp};

/// What is known beside the text.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When the page was fetched.
    pub now: DateTime<Utc>,
    /// The zone for times that name none.
    pub zone: Tz,
    /// The language of the page (BCP 47), for the order of day and month.
    pub lang: Option<&'a str>,
    /// The portal's own forms and words to ignore.
    pub rules: &'a DateRules,
}

impl Context<'_> {
    /// The primary language subtag in lower case; empty when unknown.
    pub(super) fn language(&self) -> String {
        let lang = self.lang.unwrap_or_default();
        lang.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The day it is now in the context's zone.
    pub(super) fn today(&self) -> chrono::NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }
}

/// How a date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It names the day in full.
    Full,
    /// It names no year: the latest such day that is not after the fetch.
    Yearless,
    /// It hangs on the fetch, as `5分钟前` or `yesterday`.
    Relative,
}

/// One date found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The instant.
    pub stamp: Stamp,
    /// Byte range in the text given.
    pub span: Range<usize>,
    /// Whether the text itself named its zone or offset.
    pub zoned: bool,
    /// How it was written.
    pub kind: Kind,
}
