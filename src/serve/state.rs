//! What every handler may hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::compose::{self, Place, spec_for};
use crate::model::Portal;
use crate::runtime::{Clock, Meter};
use crate::store::{Store, StoreError};

use super::deliveries::Callbacks;
use super::feed_key::FeedKey;
use super::journal::Journal;
use super::settings::Settings;
use super::shelf::Shelf;
use super::wishes::Wishes;

/// Making the first feeds may hold the start up so long; the others are made when they are asked for.
const PREPARE_LIMIT: Duration = Duration::from_secs(2);

/// How long the verdict of a look at the store is believed.
const HEALTH_LIFE: Duration = Duration::from_secs(3);

/// How long the store may take to show that it takes writes.
const PING_LIMIT: Duration = Duration::from_secs(2);

/// What the server is built from.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Where and how to serve.
    pub settings: Settings,
    /// What feeds say of where they are served.
    pub place: Place,
    /// Where the articles are.
    pub store: Store,
    /// The portals as configured; replaced at a reload, before [`State::reload`] is called.
    pub portals: Arc<ArcSwap<Vec<Portal>>>,
    /// Counts requests, connections, panics.
    pub meter: Meter,
    /// Wall time.
    pub clock: Clock,
    /// This process's name among those on the same store.
    pub node: String,
    /// Told when a person's wish for a visit was accepted.
    pub wake: Arc<Notify>,
    /// Told when a subscriber's wish was kept.
    pub hub: Arc<Notify>,
}

/// What every handler may hold. Clones share everything.
#[derive(Debug, Clone)]
pub struct State(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    public: ArcSwap<Public>,
    store: Store,
    shelf: Shelf,
    portals: Arc<ArcSwap<Vec<Portal>>>,
    meter: Meter,
    clock: Clock,
    node: String,
    wake: Arc<Notify>,
    hub: Arc<Notify>,
    wishes: Wishes,
    callbacks: Callbacks,
    journal: Journal,
    ready: AtomicBool,
    health: tokio::sync::Mutex<Option<(Instant, Result<(), String>)>>,
}

/// What a reload replaces.
#[derive(Debug)]
pub(super) struct Public {
    pub(super) settings: Settings,
    pub(super) place: Place,
}

impl State {
    /// Joins the parts. Nothing is read yet: see [`State::prepare`].
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { settings, place, store, portals, meter, clock, node, wake, hub } = parts;
        let shelf =
            Shelf::new(store.clone(), Arc::clone(&portals), place.clone(), clock.clone(), meter.clone());
        Self(Arc::new(Inner {
            public: ArcSwap::from_pointee(Public { settings, place }),
            store,
            shelf,
            portals,
            meter,
            clock,
            node,
            wake,
            hub,
            wishes: Wishes::new(),
            callbacks: Callbacks::new(),
            journal: Journal::new(),
            ready: AtomicBool::new(false),
            health: tokio::sync::Mutex::default(),
        }))
    }

    /// The first load: makes the feeds, as many as two seconds and an eighth of the cache hold. Ready after it.
    ///
    /// # Errors
    /// When the store cannot be read at all; a feed that cannot be made is only told.
    pub async fn prepare(&self) -> Result<(), StoreError> {
        self.0.store.revisions().await?;
        self.0.callbacks.know(self.0.store.follow_tokens().await?);
        let until = Instant::now() + PREPARE_LIMIT;
        for name in self.names() {
            if Instant::now() >= until || self.0.shelf.is_nearly_full() {
                break;
            }
            if let Err(error) = self.0.shelf.documents(&FeedKey::whole(&name)).await {
                tracing::warn!(feed.name = name, error = %error, "a feed could not be made");
            }
        }
        self.0.ready.store(true, Ordering::Release);
        Ok(())
    }

    /// Takes over settings and place after a reload; the listening address stays. Feeds are made anew.
    ///
    /// A store that fails meanwhile is told, and feeds are made when they are asked for.
    pub async fn reload(&self, settings: Settings, place: Place) {
        self.0.shelf.relocate(place.clone());
        self.0.public.store(Arc::new(Public { settings, place }));
        if let Err(error) = self.prepare().await {
            tracing::warn!(error = %error, "feeds wait for the store: {error}");
        }
    }

    pub(super) fn public(&self) -> Arc<Public> {
        self.0.public.load_full()
    }

    pub(super) fn callbacks(&self) -> &Callbacks {
        &self.0.callbacks
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }

    pub(super) fn portals(&self) -> Arc<Vec<Portal>> {
        self.0.portals.load_full()
    }

    pub(super) fn portal(&self, name: &str) -> Option<Portal> {
        self.portals().iter().find(|portal| portal.id.as_str() == name).cloned()
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.0.meter
    }

    pub(super) fn node(&self) -> &str {
        &self.0.node
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Tells the planner that somebody wants a visit now.
    pub(super) fn wake_planner(&self) {
        self.0.wake.notify_one();
    }

    /// Tells the hub that somebody wants to subscribe.
    pub(super) fn wake_hub(&self) {
        self.0.hub.notify_one();
    }

    /// The access log.
    pub(super) fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// How often the hub may be asked.
    pub(super) fn wishes(&self) -> &Wishes {
        &self.0.wishes
    }

    /// Whether the first load is done.
    pub(super) fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Acquire)
    }

    /// Whether a feed has this name.
    pub(super) fn has_feed(&self, name: &str) -> bool {
        spec_for(name, &self.portals(), &self.public().place.mixes).is_some()
    }

    /// Every feed of this server, `all` first.
    pub(super) fn names(&self) -> Vec<String> {
        compose::names(&self.portals(), &self.public().place.mixes)
    }

    /// Whether the store takes writes, by a look that is at most three seconds old.
    pub(super) async fn store_health(&self) -> Result<(), String> {
        let mut health = self.0.health.lock().await;
        if let Some((at, verdict)) = health.as_ref()
            && at.elapsed() < HEALTH_LIFE
        {
            return verdict.clone();
        }
        let verdict = match timeout(PING_LIMIT * 2, self.0.store.ping(PING_LIMIT)).await {
            Ok(pinged) => pinged.map_err(|error| error.to_string()),
            Err(_) => Err("the store does not answer".to_owned()),
        };
        *health = Some((Instant::now(), verdict.clone()));
        verdict
    }
}
