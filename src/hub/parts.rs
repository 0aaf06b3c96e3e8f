//! What the hub is built from.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Notify;

use crate::compose::Place;
use crate::fetch::Fetcher;
use crate::model::Portal;
use crate::runtime::{Clock, Meter};
use crate::store::Store;

use super::topic::{self, Topic};

/// What the hub is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Subscriptions and articles.
    pub store: Store,
    /// The one door out; replaced at a reload.
    pub fetcher: Arc<ArcSwap<Fetcher>>,
    /// The portals as configured.
    pub portals: Arc<ArcSwap<Vec<Portal>>>,
    /// What feeds say of where they are served.
    pub place: Arc<ArcSwap<Place>>,
    /// Wall time.
    pub clock: Clock,
    /// Told when a wish was kept.
    pub wake: Arc<Notify>,
    /// Counts deliveries.
    pub meter: Meter,
}

impl Parts {
    /// The document of an address, as configured now.
    pub(super) fn topic(&self, address: &str) -> Option<Topic> {
        topic::of(address, &self.place.load(), &self.portals.load())
    }
}
