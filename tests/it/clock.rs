//! Pauses and clocks that leap: visits go on, and never all at once.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tidings::model::{Pace, PageUrl, Portal as Configured, PortalId};

use crate::daemon::wait_for;
use crate::stand::Stand;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Portals on hosts of their own that nobody may dial: a visit ends at once.
fn portals(stand: &Stand, count: u8) -> Vec<Configured> {
    let one = |n: u8| Configured {
        id: PortalId::parse(&format!("p{n}")).unwrap(),
        lists: vec![PageUrl::parse(&format!("http://10.9.8.{n}/")).unwrap()],
        pace: Pace::Every(HOUR),
        ..Configured::clone(&stand.configured)
    };
    (1..=count).map(one).collect()
}

fn visits(stand: &Stand) -> usize {
    let metrics = stand.visits.meter.to_text();
    let counts = metrics.lines().filter(|line| line.starts_with("tidings_visits_total{"));
    counts.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
}

#[test]
fn after_a_pause_visits_do_not_start_all_at_once() {
    let stand = Stand::new("2026-11-23T08:00:00Z");
    let stop = stand.planned(portals(&stand, 120));
    stand.ended(&stop);
    // the machine slept for ten hours: all are due
    stand.visits.clock.advance(TimeDelta::hours(10));
    let began = Instant::now();
    let before = visits(&stand);
    let stop = stand.planned(portals(&stand, 120));
    std::thread::sleep(Duration::from_millis(1500));
    let asked = visits(&stand) - before;
    // ten at once, then five a second
    let most = 10 + 5 * usize::try_from(began.elapsed().as_secs() + 2).unwrap();
    assert!((8..=most).contains(&asked), "{asked} visits in {:?}", began.elapsed());
    // who asks does not wait for the others
    let last = PortalId::parse("p120").unwrap();
    stand.ask(&last);
    wait_for(|| stand.status_of(&last).last_visit.map(drop), || "p120 was not visited".to_owned());
    stop.request();
}

#[test]
fn a_clock_that_is_put_back_by_a_year_stops_nobody() {
    let stand = Stand::new("2027-11-23T08:00:00Z");
    let stop = stand.planned(portals(&stand, 6));
    wait_for(|| (visits(&stand) == 0).then_some(()), || "visited before it was due".to_owned());
    stand.visits.clock.advance(TimeDelta::seconds(3));
    wait_for(|| (visits(&stand) == 6).then_some(()), || format!("{} visits", visits(&stand)));
    stand.visits.clock.advance(TimeDelta::days(-365));
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(visits(&stand), 6, "no visit for the leap alone");
    stand.visits.clock.advance(TimeDelta::hours(2));
    wait_for(|| (visits(&stand) == 12).then_some(()), || format!("{} visits", visits(&stand)));
    // and forward by years: once more, no more
    stand.visits.clock.advance(TimeDelta::days(4000));
    wait_for(|| (visits(&stand) == 18).then_some(()), || format!("{} visits", visits(&stand)));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(visits(&stand), 18);
    stop.request();
}
