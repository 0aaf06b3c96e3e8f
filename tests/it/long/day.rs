//! A day in minutes: 200 portals visited each second, readers, reloads, kills; memory and descriptors stay flat.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{figure, memory, size};
use crate::daemon::{Daemon, Home, get};
use crate::portal::{Portal, town_paper};

/// Portals, each on a host of its own.
const PORTALS: u8 = 200;
/// What a life of the daemon begins with: caches fill up to their bounds, three reloads find their room.
const WARM_UP: Duration = Duration::from_secs(200);
/// What a short life begins with: the first feeds are made.
const START: Duration = Duration::from_secs(20);

/// One look at the daemon: visits so far, memory in KiB, descriptors.
type Look = (f64, f64, usize);

fn look(daemon: &Daemon) -> Option<Look> {
    let descriptors = std::fs::read_dir(format!("/proc/{}/fd", daemon.pid())).ok()?.count();
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let (visits, memory) = (daemon.visits() as f64, memory(daemon.pid(), "VmRSS:")? as f64);
    Some((visits, memory, descriptors))
}

/// The slope of a line through points, by least squares.
fn slope(points: &[Look]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let count = points.len() as f64;
    let mean = |of: fn(&Look) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|look| look.0), mean(|look| look.1));
    let over: f64 = points.iter().map(|look| (look.0 - x) * (look.1 - y)).sum();
    let under: f64 = points.iter().map(|look| (look.0 - x).powi(2)).sum();
    if under == 0.0 { 0.0 } else { over / under }
}

/// Portals on addresses of their own, and what feeds.toml says of them.
fn portals() -> (Vec<Portal>, String) {
    let portals: Vec<Portal> = (1..=PORTALS).map(|n| Portal::start_at([127, 0, 1, n])).collect();
    let mut config = "[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n".to_owned();
    for (n, portal) in portals.iter().enumerate() {
        town_paper(portal, 5);
        let url = portal.url("/news/");
        write!(
            config,
            "[[portal]]\nname = \"p{n}\"\nurl = \"{url}\"\nevery = \"1s\"\ntimezone = \"Asia/Shanghai\"\n"
        )
        .unwrap();
    }
    (portals, config)
}

/// Who reads feeds, and how that goes.
#[derive(Default)]
struct Readers {
    done: AtomicBool,
    answers: AtomicU64,
    refused: AtomicU64,
}

impl Readers {
    fn read(&self, address: SocketAddr, first: usize) {
        let mut n = first;
        while !self.done.load(Ordering::Relaxed) {
            n = (n + 7) % usize::from(PORTALS);
            let paths = ["/feeds/all.rss".to_owned(), format!("/feeds/p{n}.atom"), "/status.json".to_owned()];
            // a killed daemon answers nobody
            let asked = std::panic::catch_unwind(|| get(address, &paths[n % 3], &[]));
            let is_well = asked.is_ok_and(|answer| answer.status == 200);
            (if is_well { &self.answers } else { &self.refused }).fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// One life of the daemon, with a reload each minute: what was seen of it after it had begun.
fn life(daemon: &Daemon, seconds: u64, begun: Duration, ends: Instant) -> Vec<Look> {
    let (born, mut reloads, mut looks) = (Instant::now(), 0, Vec::new());
    while born.elapsed().as_secs() < seconds && Instant::now() < ends {
        std::thread::sleep(Duration::from_secs(1));
        if born.elapsed().as_secs() / 60 > reloads {
            reloads += 1;
            daemon.signal("HUP");
        }
        looks.extend(look(daemon).filter(|_| born.elapsed() > begun));
    }
    looks
}

#[test]
#[ignore = "long: tests/long.sh day"]
fn a_day_in_minutes_takes_no_more_memory_at_its_end() {
    // one long life, in which memory would be seen to grow; then short ones, each killed
    let (seconds, short) = (size("LONG_SECONDS", 1200), size("LONG_LIFE", 90));
    let long = seconds * 7 / 10;
    let begun = WARM_UP.min(Duration::from_secs(long / 3));
    let (_portals, config) = portals();
    let home = Home::new(&config);
    let readers = Readers::default();
    let ends = Instant::now() + Duration::from_secs(seconds);
    let mut lives = Vec::new();
    let mut daemon = home.start();
    let address = daemon.address;
    std::thread::scope(|scope| {
        for reader in 0..3 {
            let readers = &readers;
            scope.spawn(move || readers.read(address, reader));
        }
        while Instant::now() < ends {
            let (seconds, begun) = if lives.is_empty() { (long, begun) } else { (short, START) };
            lives.push(life(&daemon, seconds, begun, ends));
            daemon.signal("KILL");
            daemon.ended();
            daemon = home.start_on(&address.to_string());
        }
        readers.done.store(true, Ordering::Relaxed);
    });
    told(&lives);
    let (answers, refused) = (readers.answers.into_inner(), readers.refused.into_inner());
    let what = format!("{answers} answers, {refused} not: a killed daemon answers nobody");
    figure("readers", &what, "95 % answered", refused * 20 < answers);
}

/// Prints what the looks at all lives say: the first one is the long one.
fn told(lives: &[Vec<Look>]) {
    let lives: Vec<&Vec<Look>> = lives.iter().filter(|looks| looks.len() > 20).collect();
    let long = lives[0];
    let visits = long[long.len() - 1].0 - long[0].0;
    // KiB a visit to MiB for ten thousand
    let steep = slope(long) * 10_000.0 / 1024.0;
    let most = |looks: &[Look]| looks.iter().map(|look| look.1).fold(0.0, f64::max) / 1024.0;
    let what = format!("{steep:.2} MiB, {visits:.0} visits in one life, at most {:.0} MiB", most(long));
    figure("memory for 10,000 visits", &what, "under 0.50 MiB", steep < 0.5);
    let short = lives[1..].iter().map(|looks| most(looks)).fold(0.0, f64::max);
    let what = format!("{short:.0} MiB in {} lives that were killed", lives.len() - 1);
    figure("memory after a kill", &what, "as much as in the long one", short <= most(long) * 1.1);
    let mean = |looks: &[Look]| looks.iter().map(|look| look.2).sum::<usize>() / looks.len();
    let drift = |looks: &&Vec<Look>| mean(&looks[..10]).abs_diff(mean(&looks[looks.len() - 10..]));
    let drift = lives.iter().map(drift).max().unwrap_or(0);
    figure("descriptors, first to last", &format!("{drift} more or less"), "20", drift <= 20);
}
