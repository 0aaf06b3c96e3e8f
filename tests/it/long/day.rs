//! A day in minutes: 200 portals visited each second, readers, reloads, kills; memory and descriptors stay flat.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{figure, memory, size};
use crate::daemon::{Daemon, Home, get};
use crate::portal::{Portal, town_paper};

/// Portals, each on a host of its own.
const PORTALS: u8 = 200;
/// What a life of the daemon begins with: caches fill, the first feeds are made.
const WARM_UP: Duration = Duration::from_secs(20);

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

#[test]
#[ignore = "long: tests/long.sh day"]
fn a_day_in_minutes_takes_no_more_memory_at_its_end() {
    let (seconds, life) = (size("LONG_SECONDS", 1200), size("LONG_LIFE", 120));
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
    let home = Home::new(&config);
    let (done, answers, refused) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let began = Instant::now();
    let (mut lives, mut visits): (Vec<Vec<Look>>, f64) = (Vec::new(), 0.0);
    let mut daemon = home.start();
    let address = daemon.address;
    std::thread::scope(|scope| {
        for reader in 0..3_usize {
            let (done, answers, refused) = (&done, &answers, &refused);
            scope.spawn(move || {
                let mut n = reader;
                while !done.load(Ordering::Relaxed) {
                    n = (n + 7) % usize::from(PORTALS);
                    let path =
                        ["/feeds/all.rss".to_owned(), format!("/feeds/p{n}.atom"), "/status.json".to_owned()];
                    // a killed daemon answers nobody
                    let asked = std::panic::catch_unwind(|| get(address, &path[n % 3], &[]));
                    let is_well = asked.is_ok_and(|answer| answer.status == 200);
                    (if is_well { answers } else { refused }).fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(100));
                }
            });
        }
        while began.elapsed().as_secs() < seconds {
            let (born, mut reloads, mut looks) = (Instant::now(), 0, Vec::new());
            while born.elapsed().as_secs() < life && began.elapsed().as_secs() < seconds {
                std::thread::sleep(Duration::from_secs(1));
                if born.elapsed().as_secs() / 60 > reloads {
                    reloads += 1;
                    daemon.signal("HUP");
                }
                looks.extend(look(&daemon).filter(|_| born.elapsed() > WARM_UP));
            }
            visits += looks.last().map_or(0.0, |look| look.0);
            lives.push(looks);
            daemon.signal("KILL");
            daemon.ended();
            daemon = home.start_on(&address.to_string());
        }
        done.store(true, Ordering::Relaxed);
    });
    lives.retain(|looks| looks.len() > 20);
    // KiB a visit to MiB for ten thousand; what little a life says counts little
    let weight: f64 = lives.iter().map(|looks| looks[looks.len() - 1].0 - looks[0].0).sum();
    let steep = lives.iter().map(|looks| slope(looks) * (looks[looks.len() - 1].0 - looks[0].0)).sum::<f64>();
    let steep = steep / weight * 10_000.0 / 1024.0;
    let most = lives.iter().flatten().map(|look| look.1).fold(0.0, f64::max) / 1024.0;
    let told = format!("{steep:.2} MiB, {visits:.0} visits in {} lives, at most {most:.0} MiB", lives.len());
    figure("memory for 10,000 visits", &told, "under 0.50 MiB", steep < 0.5 && !lives.is_empty());
    let drift = lives.iter().map(|looks| looks[looks.len() - 1].2.abs_diff(looks[0].2)).max().unwrap_or(0);
    let told = format!("{drift} more or less at the end of a life");
    figure("descriptors", &told, "as many as portals at most", drift <= usize::from(PORTALS));
    let told = format!(
        "{} answers, {} not, most of these while it was killed",
        answers.load(Ordering::Relaxed),
        refused.load(Ordering::Relaxed)
    );
    figure(
        "readers",
        &told,
        "95 % answered",
        refused.load(Ordering::Relaxed) * 20 < answers.load(Ordering::Relaxed),
    );
}
