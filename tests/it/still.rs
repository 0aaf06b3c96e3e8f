//! A portal whose list stands as it was: its visits ask for the list and for nothing else, tell nobody, and miss nothing.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tidings::collect::{self, Collector};
use tidings::fetch::{self, Fetcher};

use crate::portal::{self, Page, Portal};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

/// The list with articles `1..=count`, and the articles.
fn put(site: &Portal, count: u32) {
    portal::town_paper(site, count);
    let list = Page { etag: Some(format!("\"{count}\"")), ..site.get("/news/") };
    site.put("/news/", list);
}

/// What was asked since `before` requests: path, validator, status of the answer.
fn asked(site: &Portal, before: usize) -> Vec<(String, String, u16)> {
    let one = |seen: portal::Seen| {
        let validator = seen.headers.into_iter().find(|(name, _)| name == "if-none-match");
        (seen.path, validator.map(|(_, value)| value).unwrap_or_default(), seen.status)
    };
    site.seen().into_iter().skip(before).map(one).filter(|(path, ..)| path != "/robots.txt").collect()
}

fn list(validator: &str, status: u16) -> (String, String, u16) {
    ("/news/".to_owned(), validator.to_owned(), status)
}

/// A visit so many hours later.
fn visit_after(stand: &Stand, hours: i64) -> tidings::schedule::Visited {
    stand.visits.clock.advance(TimeDelta::hours(hours));
    stand.visit_due()
}

/// A portal visited until it stood still, and how many requests that took.
fn quiet() -> (Stand, usize) {
    let stand = Stand::new(NOW);
    put(&stand.site, 4);
    assert_eq!(stand.visit().counts.new, 4);
    for _ in 0..3 {
        visit_after(&stand, 24 * 40);
    }
    let before = stand.site.seen().len();
    (stand, before)
}

/// Another process takes the visits over: it knows what is in the store, and nothing else.
fn forget(stand: &Stand) {
    let settings = fetch::Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        min_gap: Duration::ZERO,
        ..fetch::Settings::default()
    };
    let (clock, meter) = (stand.visits.clock.clone(), stand.visits.meter.clone());
    let fetcher = Fetcher::new(settings, clock.clone(), meter.clone()).unwrap();
    let collector = Collector::new(fetcher, clock, meter, collect::Settings::default(), Duration::ZERO);
    stand.visits.collector.store(Arc::new(collector));
}

#[test]
fn it_is_asked_for_its_list_alone_and_nobody_is_told() {
    let (stand, before) = quiet();
    let revision = stand.sql("SELECT revision FROM portal");
    let visited = visit_after(&stand, 1);
    assert_eq!((visited.error, visited.counts.not_modified, visited.left), (None, 1, 0));
    assert_eq!(asked(&stand.site, before), [list("\"4\"", 304)]);
    assert_eq!(stand.sql("SELECT revision FROM portal"), revision);
    assert_eq!(stand.status().last_visit, Some(stand.visits.clock.now()));
}

#[test]
fn a_changed_list_is_asked_for_once_and_read() {
    let (stand, before) = quiet();
    put(&stand.site, 5);
    assert_eq!(visit_after(&stand, 1).counts.new, 1);
    let article = (portal::path(5), String::new(), 200);
    assert_eq!(asked(&stand.site, before), [list("\"4\"", 200), article]);
    assert_eq!(stand.stored().len(), 5);
}

#[test]
fn a_list_that_fails_is_told_as_ever() {
    let (stand, before) = quiet();
    stand.site.put("/news/", Page::status(500));
    let visited = visit_after(&stand, 1);
    assert_eq!(visited.error.map(|fault| fault.class), Some(tidings::model::Class::Http));
    assert_eq!(asked(&stand.site, before), [list("\"4\"", 500)]);
    assert_eq!(stand.status().failures, 1);
}

#[test]
fn what_another_process_stored_is_seen() {
    let (stand, before) = quiet();
    let first = stand.visits.collector.load_full();
    forget(&stand);
    put(&stand.site, 5);
    assert_eq!(visit_after(&stand, 1).counts.new, 1);
    // the first one comes back: what it remembers of the portal is of before
    stand.visits.collector.store(first);
    visit_after(&stand, 1);
    let asked = asked(&stand.site, before).into_iter().filter(|(path, ..)| path == "/news/");
    assert_eq!(asked.collect::<Vec<_>>(), [list("\"4\"", 200), list("\"5\"", 304)]);
}

#[test]
fn whether_it_is_remembered_or_not_the_same_is_asked() {
    let stands = [Stand::new(NOW), Stand::new(NOW)];
    for (number, stand) in stands.iter().enumerate() {
        put(&stand.site, 4);
        stand.visit();
        for hour in 1..42_i64 {
            if hour == 12 {
                put(&stand.site, 6);
            }
            if number == 1 {
                forget(stand);
            }
            visit_after(stand, 1);
        }
    }
    // when in its hour an article is looked at again differs with its address, and so with the port
    let [remembers, forgets] = stands.map(|stand| {
        let mut asked = asked(&stand.site, 0);
        asked.sort();
        asked
    });
    assert!(forgets.iter().filter(|(path, ..)| path != "/news/").count() > 6, "nothing was read again");
    assert_eq!(remembers, forgets);
}
