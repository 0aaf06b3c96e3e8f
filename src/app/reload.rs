//! feeds.toml read again while everything runs. A faulty file changes nothing and says why.

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Notify;

use crate::config::{self, Config, Environment};
use crate::fetch::Fetcher;
use crate::hub;
use crate::model::Portal;
use crate::runtime::Stop;
use crate::schedule::{self, CronClock};
use crate::serve::State;

use super::build::{self, Options, Rooms, Sample};
use super::error::Error;
use super::once::place;

/// What runs, as far as a reload may change it.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) path: PathBuf,
    pub(super) environment: Environment,
    pub(super) options: Options,
    pub(super) config: Config,
    pub(super) rooms: Rooms,
    pub(super) portals: Arc<ArcSwap<Vec<Portal>>>,
    pub(super) wake: Arc<Notify>,
    pub(super) state: State,
    pub(super) hub: hub::Parts,
    pub(super) sample: Option<Sample>,
    pub(super) cron: Option<CronClock>,
    pub(super) stop: Stop,
}

impl Running {
    /// One line on what this process does.
    pub(super) fn status(&self) -> String {
        let count = self.portals.load().len();
        let portals = if count == 1 { "1 portal".to_owned() } else { format!("{count} portals") };
        let base = self.config.server.public_base();
        match self.options {
            Options { no_listen: true, .. } => format!("{portals}, visited; another process serves them"),
            Options { no_visits: true, .. } => {
                format!("{portals}, served on {base}; another process visits them")
            }
            Options { .. } => format!("{portals}, served on {base}"),
        }
    }

    /// Reads the file again and takes over what it says; on any fault all stays as it is.
    pub(super) async fn reload(&mut self) {
        match self.try_reload().await {
            Ok(()) => tracing::info!("feeds.toml was read again: {}", self.status()),
            Err(error) => {
                tracing::error!(
                    "feeds.toml was read again and not taken over, all stays as it was:\n{error}"
                );
            }
        }
    }

    async fn try_reload(&mut self) -> Result<(), Error> {
        let mut new = config::load(&self.path, &self.environment)?;
        build::warn(&new);
        self.keep_what_needs_a_restart(&mut new);
        let fetcher = self.fetcher(&new)?;
        let collector = build::collector(&new, fetcher.clone(), &self.rooms.clock, &self.rooms.meter);
        let (store, clock) = (&self.rooms.store, &self.rooms.clock);
        if self.sample.is_none() {
            self.sample = self.options.sample(&new.portals, &self.rooms, &self.stop).await?;
        }
        let portals = build::with_sample(new.portals.clone(), self.sample.as_ref());
        let now = clock.now();
        store.sync_portals(schedule::seeds(&portals, now), now).await?;
        self.rooms.visits.collector.store(Arc::new(collector));
        self.portals.store(Arc::new(portals));
        self.hub.place.store(Arc::new(place(&new)));
        self.rooms.fetcher.store(Arc::new(fetcher));
        self.state.reload(new.server.clone(), place(&new)).await;
        if let Some(old) = self.cron.take() {
            old.stop().await;
            self.cron = build::cron(&self.portals, &self.wake).await;
        }
        self.config = new;
        self.wake.notify_one();
        Ok(())
    }

    /// The door out: the one in use, with its open connections, unless what is said of it changed.
    fn fetcher(&self, new: &Config) -> Result<Fetcher, Error> {
        if new.fetch == self.config.fetch {
            return Ok(Fetcher::clone(&self.rooms.fetcher.load()));
        }
        build::fetcher(new, &self.rooms.clock, &self.rooms.meter)
    }

    /// The listening address and the store stay until a restart, and that is said.
    fn keep_what_needs_a_restart(&self, new: &mut Config) {
        let old = &self.config;
        if new.store.url != old.store.url || new.store.retain != old.store.retain {
            tracing::warn!("[store] changed: it is taken over at the next restart");
        }
        new.store = old.store.clone();
        // the listening address in use may be one that systemd handed over or port 0 became; only compare what is written
        if new.server.listen != old.server.listen {
            tracing::debug!(listen = %new.server.listen, "server.listen is taken over at the next restart");
        }
        new.server.listen = old.server.listen.clone();
    }
}
