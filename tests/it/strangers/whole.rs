//! The whole street at once: a hundred sites that mean no good beside one that is well, visited by the daemon. The good one
//! is on time, the daemon stays small, and all of the others are told apart.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::site::{Play, Site};
use super::{bombs, paper, shapes, transport};
use crate::daemon::{Daemon, Home};
use crate::portal;

/// How long the street is watched.
const WATCHED: Duration = Duration::from_secs(if cfg!(debug_assertions) { 8 } else { 12 });
/// The good one is asked for each second: its next visit is due a half to one and a half times as long after the last.
pub(crate) const PACE: Duration = Duration::from_millis(1550);
/// And it is at most so late, with room for a slow build.
pub(crate) const LATE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 8 } else { 2 });
/// What the daemon may have in memory at its worst, in KiB; what is not optimised takes more.
const MOST_MEMORY: u64 = (if cfg!(debug_assertions) { 192 } else { 128 }) << 10;

/// Every bad site, each with a list that is played.
fn street() -> Vec<Site> {
    let lists = transport::cases().into_iter().map(|(_, play, _)| play);
    let bombs = bombs::cases().into_iter().filter(|(_, _, class)| class.is_some()).map(|(_, play, _)| play);
    let shapes = shapes::shapes().into_iter().map(|(_, shape, _)| Play::page(&shape));
    let start = |play| {
        let site = Site::start();
        site.put("/news/", play);
        site
    };
    lists.chain(bombs).chain(shapes).map(start).collect()
}

/// The most memory that a process ever had, in KiB.
fn most_memory(daemon: &Daemon) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", daemon.pid())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The street, the good site in it, and what feeds.toml says of them.
pub(crate) struct Street {
    bad: Vec<Site>,
    good: Site,
    pub(crate) config: String,
}

impl Street {
    pub(crate) fn new() -> Self {
        let bad = street();
        assert!(bad.len() > 100, "{}", bad.len());
        let good = paper(&[1, 2, 3, 4]);
        let mut config =
            "[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\ntimeout = \"5s\"\n".to_owned();
        let mut portal = |name: &str, site: &Site| {
            write!(
                config,
                "[[portal]]\nname = \"{name}\"\nurl = \"{}\"\nevery = \"1s\"\n",
                site.url("/news/")
            )
            .unwrap();
        };
        portal("good", &good);
        bad.iter().enumerate().for_each(|(number, site)| portal(&format!("bad-{number}"), site));
        Self { bad, good, config }
    }

    /// How many bad sites there are.
    pub(crate) fn len(&self) -> usize {
        self.bad.len()
    }

    /// Watches for a while: the longest time between two visits of the good site.
    pub(crate) fn watch(&self, daemon: &Daemon, watched: Duration) -> Duration {
        daemon.wait_portal("good", |portal| portal["articles"] == 4);
        let began = Instant::now();
        std::thread::sleep(watched);
        let mut times = self.good.when("/news/");
        times.retain(|at| *at >= began);
        let ends = std::iter::once(began)
            .chain(times.iter().copied())
            .zip(times.iter().copied().chain([began + watched]));
        ends.map(|(from, to)| to - from).max().unwrap()
    }
}

#[test]
fn a_good_site_is_on_time_beside_a_hundred_bad_ones() {
    let street = Street::new();
    let home = Home::new(&street.config);
    let daemon = home.start();
    let longest = street.watch(&daemon, WATCHED);
    let memory = most_memory(&daemon);
    eprintln!("street of {}: longest wait {longest:?}, memory {memory:?} KiB", street.bad.len());
    assert!(longest <= PACE + LATE, "{longest:?} between two visits of the good one");
    assert!(memory.is_none_or(|most| most < MOST_MEMORY), "{memory:?} KiB");
    // a busy machine gets round to the last of them later
    let failing = |status: &serde_json::Value| {
        status["portals"].as_array().unwrap().iter().filter(|one| one["state"] == "failing").count()
    };
    let status = daemon.wait("/status.json", |answer| failing(&answer.json()) * 10 >= street.bad.len() * 9);
    assert!(status.body.len() < 400_000, "a status of {} bytes", status.body.len());
    for one in status.json()["portals"].as_array().unwrap() {
        // a list that serves none of its articles is told too; who waits for a large one's turn is visited later
        let is_well = one["state"] == "ok" && one["articles"] == 0;
        assert!(!is_well, "{one}");
    }
    for format in ["rss", "atom", "json"] {
        assert_eq!(daemon.get(&format!("/feeds/good.{format}")).status, 200);
    }
    assert!(daemon.get("/feeds/good.rss").text().contains(&portal::title(4)));
    assert!(!daemon.log().contains("panicked"), "{}", daemon.log());
}
