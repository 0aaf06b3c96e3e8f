//! The articles that the list had at the last visit: they find it again when the page has changed.

use std::collections::HashSet;

use crate::model::{Candidate, UrlKey, title_key};

/// Addresses and titles of the articles that were listed last.
#[derive(Debug, Default)]
pub(super) struct Known {
    addresses: HashSet<UrlKey>,
    titles: HashSet<String>,
}

impl Known {
    pub(super) fn of(items: &[Candidate]) -> Self {
        Self {
            addresses: items.iter().map(|item| item.url.key()).collect(),
            titles: items.iter().filter_map(|item| title_key(&item.title)).collect(),
        }
    }

    /// The share of them that stands in rows with these addresses and titles, known by either.
    pub(super) fn share<'a>(&self, rows: impl Iterator<Item = (&'a UrlKey, &'a str)>) -> f64 {
        if self.addresses.is_empty() {
            return 0.0;
        }
        let is_known = |(address, title): &(&UrlKey, &str)| {
            self.addresses.contains(*address)
                || title_key(title).is_some_and(|title| self.titles.contains(&title))
        };
        let met = u32::try_from(rows.filter(is_known).count()).unwrap_or(u32::MAX);
        let all = u32::try_from(self.addresses.len()).unwrap_or(u32::MAX);
        (f64::from(met) / f64::from(all)).min(1.0)
    }
}
