//! What reading the lists of a portal brings.

use std::collections::HashSet;

use crate::fetch::FetchError;
use crate::model::{Candidate, Traits, UrlKey};
use crate::store::ListCopy;

use super::reading::Reading;

/// What the lists of a portal hold together.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// In list order, each address once.
    pub(super) items: Vec<Candidate>,
    /// How many items lists have that were not read, because they stand still.
    pub(super) standing_items: usize,
    /// How many of them stand on first pages.
    pub(super) on_first: usize,
    /// Keys of what stands on lists that did not change, or that could not be read.
    pub(super) standing: Vec<UrlKey>,
    /// Pages read anew.
    pub(super) copies: Vec<ListCopy>,
    pub(super) title: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) degraded: bool,
    /// What was learnt of the first list and of the articles behind it.
    pub(super) learnt: Option<Traits>,
    /// The first list that failed.
    pub(super) error: Option<FetchError>,
    /// Lists that were read.
    pub(super) good: usize,
    /// Articles that a sitemap says were changed since it was read last.
    pub(super) touched: HashSet<UrlKey>,
    /// Whether a sitemap that has listed articles lists none today, which is no fault.
    pub(super) is_quiet: bool,
    /// For a trial: the documents, as they were read.
    pub(super) readings: Vec<Reading>,
}
