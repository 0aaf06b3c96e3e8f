//! The portals by name, and how often all of them are visited: reckoned once, and again after a reload.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::model::{Pace, Portal, PortalId};

use super::starts;

/// Up to so many portals.
const FEW: usize = 100;
pub(super) const LEAST_PAUSE: Duration = Duration::from_millis(200);
const MOST_PAUSE: Duration = Duration::from_secs(1);

/// The portals of one reading of the file.
#[derive(Debug, Default)]
pub(super) struct Roll {
    portals: Arc<Vec<Portal>>,
    by_name: HashMap<PortalId, Arc<Portal>>,
    /// Visits that may start in a second.
    pub(super) rate: f64,
    /// Between two looks lies this much at least: what is due by then starts together.
    pub(super) pause: Duration,
}

impl Roll {
    /// Takes over these portals, unless it has them.
    pub(super) fn follow(&mut self, portals: &Arc<Vec<Portal>>) {
        if self.rate > 0.0 && Arc::ptr_eq(&self.portals, portals) {
            return;
        }
        let to_visit = portals.iter().filter(|portal| portal.enabled && !portal.lists.is_empty());
        let by_name = to_visit.map(|portal| (portal.id.clone(), Arc::new(portal.clone()))).collect();
        *self = Self {
            portals: Arc::clone(portals),
            by_name,
            rate: starts::rate(portals),
            pause: pause(portals.iter().map(|portal| &portal.pace)),
        };
    }

    /// The portal of a name, if it is to be visited.
    pub(super) fn visited(&self, id: &PortalId) -> Option<&Arc<Portal>> {
        self.by_name.get(id)
    }
}

/// Few portals are visited when they are due; many in groups, later by no more than the dice make them.
fn pause<'a>(paces: impl ExactSizeIterator<Item = &'a Pace>) -> Duration {
    if paces.len() <= FEW {
        return LEAST_PAUSE;
    }
    let pauses = paces.filter_map(|pace| match pace {
        Pace::Every(every) => Some(*every / 20),
        Pace::Cron { .. } => None,
    });
    pauses.min().map_or(MOST_PAUSE, |pause| pause.clamp(LEAST_PAUSE, MOST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_many_portals_wait_for_each_other() {
        let many = |seconds| vec![Pace::Every(Duration::from_secs(seconds)); FEW + 1];
        let pause = |paces: &[Pace]| super::pause(paces.iter());
        assert_eq!(pause(&many(3600)), MOST_PAUSE);
        assert_eq!(pause(&many(10)), Duration::from_millis(500));
        assert_eq!(pause(&many(1)), LEAST_PAUSE);
        assert_eq!(pause(&many(3600)[1..]), LEAST_PAUSE);
        assert_eq!(pause(&[many(3600), many(10)].concat()), Duration::from_millis(500));
    }
}
