//! Every room built once, from the configuration, and joined.

use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::collect::{self, Collector};
use crate::compose::Place;
use crate::config::Config;
use crate::fetch::Fetcher;
use crate::hub;
use crate::model::{PageUrl, Portal};
use crate::runtime::{Clock, Meter, Stop};
use crate::sample::Site;
use crate::schedule::{self, CronClock, Visits};
use crate::serve;
use crate::store::Store;

use super::error::Error;

/// Where the port of the sample portal is remembered, so that its links stay true over a restart.
const SAMPLE_PORT: &str = "sample.port";

/// The rooms that do the work, joined.
#[derive(Debug, Clone)]
pub(super) struct Rooms {
    pub(super) store: Store,
    pub(super) visits: Visits,
    /// The one door out, of visits and hub alike; replaced at a reload.
    pub(super) fetcher: Arc<ArcSwap<Fetcher>>,
    pub(super) clock: Clock,
    pub(super) meter: Meter,
    pub(super) node: String,
}

/// Which halves of the daemon run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Serve only: nothing is fetched by this process.
    pub no_visits: bool,
    /// Visit only: nothing listens in this process.
    pub no_listen: bool,
}

impl Options {
    /// The sample portal, served by the process that visits.
    pub(super) async fn sample(
        self,
        portals: &[Portal],
        rooms: &Rooms,
        stop: &Stop,
    ) -> Result<Option<Sample>, Error> {
        if self.no_visits {
            return Ok(None);
        }
        sample(portals, Some(&rooms.store), &rooms.clock, stop).await
    }
}

/// Opens the store and joins the rooms. `role` tells this process from others on the same store.
pub(super) async fn rooms(config: &Config, role: Role) -> Result<Rooms, Error> {
    let store = match role {
        Role::Daemon => Store::open(&config.store).await?,
        Role::Command => Store::open_beside(&config.store).await?,
    };
    let (clock, meter) = (Clock::system(), Meter::new());
    let node = node(role);
    if role == Role::Command {
        release_the_dead(&store, &node).await?;
    }
    let fetcher = fetcher(config, &clock, &meter)?;
    let collector = Arc::new(ArcSwap::from_pointee(collector(config, fetcher.clone(), &clock, &meter)));
    let fetcher = Arc::new(ArcSwap::from_pointee(fetcher));
    let visits = Visits {
        store: store.clone(),
        collector,
        clock: clock.clone(),
        meter: meter.clone(),
        node: node.clone(),
        streaks: schedule::Streaks::default(),
        lease: schedule::Settings::default().lease + config.fetch.timeout,
    };
    Ok(Rooms { store, visits, fetcher, clock, meter, node })
}

/// Says what is no fault of the configuration and yet better known.
pub(super) fn warn(config: &Config) {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
}

/// The one door out.
pub(super) fn fetcher(config: &Config, clock: &Clock, meter: &Meter) -> Result<Fetcher, Error> {
    Fetcher::new(config.fetch.clone(), clock.clone(), meter.clone()).map_err(Error::Client)
}

/// What the hub is built from.
pub(super) fn hub(rooms: &Rooms, portals: &Arc<ArcSwap<Vec<Portal>>>, place: Place) -> hub::Parts {
    hub::Parts {
        store: rooms.store.clone(),
        fetcher: Arc::clone(&rooms.fetcher),
        portals: Arc::clone(portals),
        place: Arc::new(ArcSwap::from_pointee(place)),
        clock: rooms.clock.clone(),
        wake: Arc::default(),
        meter: rooms.meter.clone(),
    }
}

/// The collector alone, for trials that keep nothing.
pub(super) fn collector(config: &Config, fetcher: Fetcher, clock: &Clock, meter: &Meter) -> Collector {
    let settings = collect::Settings::default();
    Collector::new(fetcher, clock.clone(), meter.clone(), settings, config.fetch.min_gap)
}

/// Which part a process plays on a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The daemon: one a machine and store; what it held before an unclean end is its own again.
    Daemon,
    /// A command beside it.
    Command,
}

/// Gives back what commands on this machine held that were killed.
async fn release_the_dead(store: &Store, own: &str) -> Result<(), Error> {
    let here = own.trim_end_matches(|c: char| c.is_ascii_digit());
    for node in store.nodes().await? {
        let Some(pid) = node.strip_prefix(here) else { continue };
        if node == own || !Path::new("/proc").join(pid).exists() {
            store.release_node(&node).await?;
        }
    }
    Ok(())
}

fn node(role: Role) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = match host.trim() {
        "" => "localhost",
        host => host,
    };
    match role {
        Role::Daemon => host.to_owned(),
        Role::Command => format!("{host}/command-{}", std::process::id()),
    }
}

/// The sample portal being served.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    list: PageUrl,
    address: std::net::SocketAddr,
}

/// Serves the sample portal on loopback if one of the portals is it.
pub(super) async fn sample(
    portals: &[Portal],
    store: Option<&Store>,
    clock: &Clock,
    stop: &Stop,
) -> Result<Option<Sample>, Error> {
    if !portals.iter().any(|portal| portal.sample) {
        return Ok(None);
    }
    let last = match store {
        Some(store) => store.value(SAMPLE_PORT).await?.and_then(|port| port.parse::<u16>().ok()),
        None => None,
    };
    let started: DateTime<Utc> = clock.now();
    let site = Arc::new(Site::new(started));
    let address = serve::sample_site(last, site, clock.clone(), stop).await.map_err(Error::Sample)?;
    if let Some(store) = store
        && let Err(error) = store.set_value(SAMPLE_PORT, &address.port().to_string()).await
    {
        tracing::warn!(error = %error, "the sample portal's port is not remembered: {error}");
    }
    let list = PageUrl::parse(&format!("http://{address}{}", Site::LIST))
        .map_err(|error| Error::System(error.to_string()))?;
    Ok(Some(Sample { list, address }))
}

/// Gives the sample portal its address.
pub(super) fn with_sample(mut portals: Vec<Portal>, sample: Option<&Sample>) -> Vec<Portal> {
    let Some(sample) = sample else { return portals };
    for portal in portals.iter_mut().filter(|portal| portal.sample) {
        portal.lists = vec![sample.list.clone()];
        portal.admitted = Some(sample.address);
    }
    portals
}

/// Starts the cron clock. Without it cron portals are still visited: their due times are in the store.
pub(super) async fn cron(portals: &ArcSwap<Vec<Portal>>, wake: &Arc<Notify>) -> Option<CronClock> {
    match CronClock::start(&portals.load(), wake).await {
        Ok(clock) => Some(clock),
        Err(error) => {
            tracing::warn!(error = %error, "the cron clock did not start; due times are looked at each second instead");
            None
        }
    }
}
