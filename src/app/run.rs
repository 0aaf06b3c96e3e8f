//! The daemon: start order, running, stop order, one deadline.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::config::{self, Config, Environment};
use crate::hub::{self, Hub};
use crate::model::Portal;
use crate::runtime::{Crew, Meter, Pulse, Stop};
use crate::schedule::{self, Planner};
use crate::serve::{self, Listen, Listener, State};
use crate::store::{Store, StoreError};

use super::build::{self, Options, Role, Rooms};
use super::error::Error;
use super::notify::{self, Vitals};
use super::once::place;
use super::reload::Running;

/// After the order to stop, everything has ended by then or is left behind.
const STOP_LIMIT: Duration = Duration::from_secs(9);
/// By then the store is closed too, or left as it is: what was committed is there after an unclean end too.
const CLOSE_LIMIT: Duration = Duration::from_secs(10);
/// Closing has so long at least, however late it begins.
const LEAST_CLOSE: Duration = Duration::from_secs(1);

/// A store that took no writes at the start is asked again so often.
const SETTLE_AGAIN: Duration = Duration::from_secs(5);

/// After a panic the hub begins anew this much later: what caused it may be there still.
const HUB_REST: Duration = Duration::from_secs(60);

/// Runs the daemon until SIGTERM or SIGINT. SIGHUP reads the configuration again.
///
/// # Errors
/// When the configuration is faulty, the store cannot be opened or the address not be had. A running
/// daemon does not end by an error.
pub async fn run(path: PathBuf, environment: Environment, options: Options) -> Result<(), Error> {
    let mut config = config::load(&path, &environment)?;
    build::warn(&config);
    let mut signals = Signals::new()?;
    let rooms = build::rooms(&config, Role::Daemon).await?;
    let listeners = if options.no_listen { Vec::new() } else { listeners(&mut config).await? };
    let stop = Stop::new();
    let sample = options.sample(&config.portals, &rooms, &stop).await?;
    let first = build::with_sample(config.portals.clone(), sample.as_ref());
    let portals = Arc::new(ArcSwap::from_pointee(first));
    let wake = Arc::new(Notify::new());
    if let Err(error) = settle(&rooms, &portals, options).await {
        tracing::error!(error = %error, "the store takes no writes, what it holds is served: {error}");
        stop.spawn(settle_later(rooms.clone(), Arc::clone(&portals), Arc::clone(&wake), stop.clone()));
    }

    let hub = build::hub(&rooms, &portals, place(&config));
    let state = serve_state(&config, &rooms, &portals, &wake, &hub.wake);
    state.prepare().await?;
    let serving = stop.child();
    let mut loops: Vec<_> = listeners.iter().map(|listener| ("accept loop", listener.pulse())).collect();
    if !options.no_listen {
        stop.spawn(serve::run(listeners, state.clone(), serving.clone()));
    }
    let crew =
        Crew::start().map_err(|error| Error::System(format!("the threads cannot be started: {error}")))?;
    if !options.no_visits {
        crew.spawn(&stop, keep_hub(hub.clone(), stop.clone()));
        crew.spawn(&stop, keep_followed(hub.clone(), stop.clone()));
        loops.push(("planner", start_planner(&config, &rooms, &portals, &wake, (&stop, &crew))));
    }
    let cron = if options.no_visits { None } else { build::cron(&portals, &wake).await };
    stop.spawn(notify::watchdog(Vitals { store: rooms.store.clone(), loops }, stop.clone()));
    let mut running = Running {
        path,
        environment,
        options,
        config,
        rooms: rooms.clone(),
        portals,
        wake,
        state,
        hub,
        sample,
        cron,
        stop: stop.clone(),
    };
    notify::ready(&running.status());
    tracing::info!(portals = running.portals.load().len(), "{}", running.status());

    running.until_stopped(&mut signals).await;
    let began = Instant::now();
    if !stop.finished(STOP_LIMIT).await {
        tracing::warn!("some work had not ended after {} s and is left behind", STOP_LIMIT.as_secs());
    }
    close(&rooms.store, CLOSE_LIMIT.saturating_sub(began.elapsed()).max(LEAST_CLOSE)).await
}

/// Closes the store; one that another process holds is left.
async fn close(store: &Store, limit: Duration) -> Result<(), Error> {
    let Ok(closed) = tokio::time::timeout(limit, store.clone().close()).await else {
        tracing::warn!("the store did not close in time: it is looked at for damage at the next start");
        return Ok(());
    };
    Ok(closed?)
}

impl Running {
    /// Heeds signals; once one says so, orders all to stop.
    async fn until_stopped(&mut self, signals: &mut Signals) {
        while let Order::Reload = signals.next().await {
            notify::reloading();
            // a reload may wait for the store; the order to stop does not
            tokio::select! {
                () = self.reload() => {}
                () = signals.stop() => break,
            }
            notify::ready(&self.status());
        }
        notify::stopping();
        tracing::info!("stopping: requests and visits in flight are ended first");
        if let Some(cron) = self.cron.take() {
            cron.stop().await;
        }
        self.stop.request();
    }
}

/// What a start writes: what this process held before an unclean end is free again, and the portals are known.
async fn settle(rooms: &Rooms, portals: &ArcSwap<Vec<Portal>>, options: Options) -> Result<(), StoreError> {
    if !options.no_visits {
        rooms.store.release_node(&rooms.node).await?;
    }
    introduce(rooms, portals).await
}

async fn introduce(rooms: &Rooms, portals: &ArcSwap<Vec<Portal>>) -> Result<(), StoreError> {
    let now = rooms.clock.now();
    rooms.store.sync_portals(schedule::seeds(&portals.load(), now), now).await
}

/// The portals are known as soon as the store takes writes again. What was held is free after its time: by then it may be
/// held anew.
async fn settle_later(rooms: Rooms, portals: Arc<ArcSwap<Vec<Portal>>>, wake: Arc<Notify>, stop: Stop) {
    loop {
        tokio::select! {
            () = stop.requested() => return,
            () = tokio::time::sleep(SETTLE_AGAIN) => {}
        }
        if introduce(&rooms, &portals).await.is_ok() {
            tracing::info!("the store takes writes again");
            wake.notify_one();
            return;
        }
    }
}

fn serve_state(
    config: &Config,
    rooms: &Rooms,
    portals: &Arc<ArcSwap<Vec<Portal>>>,
    wake: &Arc<Notify>,
    hub: &Arc<Notify>,
) -> State {
    State::new(serve::Parts {
        settings: config.server.clone(),
        place: place(config),
        store: rooms.store.clone(),
        portals: Arc::clone(portals),
        meter: rooms.meter.clone(),
        clock: rooms.clock.clone(),
        node: rooms.node.clone(),
        wake: Arc::clone(wake),
        hub: Arc::clone(hub),
    })
}

fn start_planner(
    config: &Config,
    rooms: &Rooms,
    portals: &Arc<ArcSwap<Vec<Portal>>>,
    wake: &Arc<Notify>,
    (stop, crew): (&Stop, &Crew),
) -> Pulse {
    let settings = schedule::Settings::default();
    let planner = Planner::new(
        rooms.visits.clone(),
        settings,
        Arc::clone(portals),
        Arc::clone(wake),
        config.store.retain,
    );
    let pulse = planner.pulse();
    crew.spawn(stop, planner.run(stop.clone()));
    pulse
}

/// The hub; after a panic in it, which is counted, another goes on: all that is owed are rows of the store.
async fn keep_hub(parts: hub::Parts, stop: Stop) {
    kept(&parts.meter, &stop, || Hub::new(parts.clone()).run(stop.clone())).await;
}

/// The other side of hubs elsewhere; kept as the hub is.
async fn keep_followed(parts: hub::Parts, stop: Stop) {
    kept(&parts.meter, &stop, || hub::follow(parts.clone(), stop.clone())).await;
}

/// Work that begins anew after a panic, until it ends by itself.
async fn kept<W: Future<Output = ()>>(meter: &Meter, stop: &Stop, work: impl Fn() -> W) {
    while !stop.is_requested() {
        if AssertUnwindSafe(work()).catch_unwind().await.is_ok() {
            return;
        }
        meter.panicked();
        tokio::select! {
            () = stop.requested() => {}
            () = tokio::time::sleep(HUB_REST) => {}
        }
    }
}

/// The sockets handed over by the service manager, else the configured address.
async fn listeners(config: &mut Config) -> Result<Vec<Listener>, Error> {
    let handed = serve::handed_over().map_err(|source| Error::Listen {
        listen: config.server.listen.clone(),
        source,
        cure: "the sockets handed over by the service manager must be stream sockets",
    })?;
    let listeners = if handed.is_empty() {
        let listen = config.server.listen.clone();
        let bound = serve::bind(&listen).await;
        vec![bound.map_err(|source| Error::Listen { cure: cure(&source), listen, source })?]
    } else {
        handed
    };
    if let Some(address) = listeners.iter().find_map(Listener::tcp_address) {
        config.server.listen = Listen::Tcp(address);
    }
    Ok(listeners)
}

fn cure(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "another program (perhaps another tidings) has it: end that, or set server.listen or --listen to a free one"
        }
        std::io::ErrorKind::PermissionDenied => {
            "it needs rights that this user has not: take a port above 1023"
        }
        std::io::ErrorKind::AddrNotAvailable => "this machine has no such address: see `ip address`",
        _ => "check server.listen or --listen",
    }
}

/// What a person asks a running daemon by signals.
enum Order {
    Stop,
    Reload,
}

struct Signals {
    term: Signal,
    int: Signal,
    hup: Signal,
}

impl Signals {
    fn new() -> Result<Self, Error> {
        let open =
            |kind| signal(kind).map_err(|error| Error::System(format!("signals cannot be caught: {error}")));
        Ok(Self {
            term: open(SignalKind::terminate())?,
            int: open(SignalKind::interrupt())?,
            hup: open(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Order {
        tokio::select! {
            _ = self.term.recv() => Order::Stop,
            _ = self.int.recv() => Order::Stop,
            _ = self.hup.recv() => Order::Reload,
        }
    }

    async fn stop(&mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}
