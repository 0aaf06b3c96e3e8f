//! The portals by name, and how often all of them are visited: reckoned once, and again after a reload.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Portal, PortalId};

use super::starts;

/// The portals of one reading of the file.
#[derive(Debug, Default)]
pub(super) struct Roll {
    portals: Arc<Vec<Portal>>,
    places: HashMap<PortalId, usize>,
    /// Visits that may start in a second.
    pub(super) rate: f64,
}

impl Roll {
    /// Takes over these portals, unless it has them.
    pub(super) fn follow(&mut self, portals: &Arc<Vec<Portal>>) {
        if self.rate > 0.0 && Arc::ptr_eq(&self.portals, portals) {
            return;
        }
        let places = portals.iter().enumerate().map(|(place, portal)| (portal.id.clone(), place)).collect();
        *self = Self { portals: Arc::clone(portals), places, rate: starts::rate(portals) };
    }

    /// The portal of a name, if it is to be visited.
    pub(super) fn visited(&self, id: &PortalId) -> Option<&Portal> {
        let portal = self.places.get(id).and_then(|place| self.portals.get(*place));
        portal.filter(|portal| portal.enabled && !portal.lists.is_empty())
    }
}
