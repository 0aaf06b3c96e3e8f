//! The built-in sample portal's pages: a small town site in the founding portal's manner.

use chrono::{DateTime, Utc};

/// An answer of the sample site.
#[derive(Debug, Clone)]
pub struct Answer {
    /// 200 or 404.
    pub status: u16,
    /// Without charset, as the founding portal's.
    pub content_type: &'static str,
    /// GBK bytes.
    pub body: Vec<u8>,
}

/// The site at work: which articles there are follows from the time since it started.
#[derive(Debug)]
pub struct Site;

impl Site {
    /// The path of the list page.
    pub const LIST: &'static str = "/news/list.asp?classid=3";

    /// A site that opened at `started`.
    #[must_use]
    pub fn new(_started: DateTime<Utc>) -> Self {
        todo!()
    }

    /// Answers a GET. Counters and the generation time move at each.
    #[must_use]
    pub fn answer(&self, _path_and_query: &str, _now: DateTime<Utc>) -> Answer {
        todo!()
    }
}
