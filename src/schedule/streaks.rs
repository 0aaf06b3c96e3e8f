//! Portals that have more than one visit takes, and how often in a row they had.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::PortalId;

/// How often in a row portals left pages to the next visit. Clones share it; a restart forgets it.
#[derive(Debug, Clone, Default)]
pub struct Streaks(Arc<Mutex<HashMap<PortalId, u32>>>);

impl Streaks {
    /// Counts a visit that left so many pages; says how many in a row did.
    pub(super) fn after(&self, portal: &PortalId, left: usize) -> u32 {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if left == 0 {
            all.remove(portal);
            return 0;
        }
        let streak = all.entry(portal.clone()).or_default();
        *streak = streak.saturating_add(1);
        *streak
    }
}
