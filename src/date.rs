//! A written date to a [`Stamp`], or why not. Pure: the time now is an argument.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::model::{DateRules, PageUrl, Stamp};

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

/// One date found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The instant.
    pub stamp: Stamp,
    /// Byte range in the text given.
    pub span: std::ops::Range<usize>,
    /// Whether the text itself named its zone or offset.
    pub zoned: bool,
}

/// Every date in a text, in order.
#[must_use]
pub fn find(_text: &str, _context: &Context<'_>) -> Vec<Found> {
    todo!()
}

/// The first date of a text that is a machine's (ISO 8601, RFC 2822, epoch) or a person's.
#[must_use]
pub fn read(text: &str, context: &Context<'_>) -> Option<Stamp> {
    find(text, context).first().map(|found| found.stamp)
}

/// The day an address names: `/202103/t20210311_123.html`, `/2021/03/11/`.
#[must_use]
pub fn in_url(_url: &PageUrl) -> Option<chrono::NaiveDate> {
    todo!()
}

/// The zone of a page that names none: by language, charset and country of the host. UTC at last.
///
/// The second value says which of them decided: `lang=zh-CN`, `charset=Big5`, `host=.de`, `default`.
#[must_use]
pub fn zone_of(_lang: Option<&str>, _charset: Option<&str>, _host: &str) -> (Tz, String) {
    todo!()
}

/// Why a time on this line is no date of an article: a generation time, a copyright year, a counter …
#[must_use]
pub fn trap(_line: &str, _rules: &DateRules) -> Option<&'static str> {
    todo!()
}
