//! Where a portal stands in the file, and beside it.

use std::ops::Range;

use super::env::Environment;

/// Where a portal stands and what its keys are called there.
pub(super) struct Place<'a> {
    /// `portal` or `defaults`.
    pub(super) table: &'a str,
    /// From its heading to the next.
    pub(super) part: Range<usize>,
    /// Its heading.
    pub(super) heading: Range<usize>,
    /// Where files of secrets lie.
    pub(super) environment: &'a Environment,
}

impl Place<'_> {
    pub(super) fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.table)
    }
}
