//! What a visit found out of where articles stand that their pages do not show.

use std::collections::HashMap;

use crate::model::PageUrl;

/// After so many articles that nothing answered nothing is asked any more in a visit.
const PATIENCE: u32 = 2;

/// Where articles stand that their pages do not show, as far as a visit found out.
#[derive(Debug, Default)]
pub(super) struct Behind {
    /// The way that answered: tried first.
    pub(super) way: Option<String>,
    /// What programs name, by their addresses.
    pub(super) programs: HashMap<PageUrl, Vec<String>>,
    /// Articles that nothing answered.
    missed: u32,
}

impl Behind {
    /// Remembers whether a way answered.
    pub(super) fn learn(&mut self, way: Option<&str>) {
        match way {
            Some(way) => self.way = Some(way.to_owned()),
            None => self.missed += 1,
        }
    }

    /// Whether nothing is asked any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.way.is_none() && self.missed >= PATIENCE
    }

    /// Whether a way has answered in this visit.
    pub(super) fn is_proven(&self, way: &str) -> bool {
        self.way.as_deref() == Some(way)
    }
}
