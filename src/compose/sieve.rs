//! Which articles a feed lets through.

use crate::filter::Compiled;
use crate::model::{Article, FeedSpec};

/// What a feed includes and excludes, ready to be asked.
#[derive(Debug)]
pub(super) struct Sieve {
    include: Option<Compiled>,
    exclude: Option<Compiled>,
}

impl Sieve {
    pub(super) fn of(spec: &FeedSpec) -> Self {
        Self {
            include: spec.include.as_ref().map(Compiled::of),
            exclude: spec.exclude.as_ref().map(Compiled::of),
        }
    }

    /// Whether it lets everything through.
    pub(super) fn is_open(&self) -> bool {
        self.include.is_none() && self.exclude.is_none()
    }

    pub(super) fn lets(&self, article: &Article) -> bool {
        self.include.as_ref().is_none_or(|filter| filter.finds(article))
            && !self.exclude.as_ref().is_some_and(|filter| filter.finds(article))
    }
}
