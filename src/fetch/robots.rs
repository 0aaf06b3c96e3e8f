//! robots.txt read by RFC 9309.

use std::time::Duration;

/// The rules of one robots.txt that concern us.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots;

impl Robots {
    /// Reads the group for `product` (our product token, case ignored), else the group `*`. Never fails:
    /// lines that cannot be read are passed over (section 2.2).
    #[must_use]
    pub fn parse(_text: &str, _product: &str) -> Self {
        todo!()
    }

    /// Whether a path with query may be fetched: the longest match decides, allow wins ties (section 2.2.2).
    #[must_use]
    pub fn allows(&self, _path_and_query: &str) -> bool {
        todo!()
    }

    /// `Crawl-delay`, as written (not in the RFC, but asked for by many).
    #[must_use]
    pub fn crawl_delay(&self) -> Option<Duration> {
        todo!()
    }

    /// `Sitemap` lines (section 2.2.4), in order.
    #[must_use]
    pub fn sitemaps(&self) -> &[String] {
        todo!()
    }
}
