//! Lists that lead to ever new hosts, articles without end, a robots.txt that never comes: none takes more than its share.

use chrono::TimeDelta;
use tidings::model::Class;

use crate::portal::{self, Page, Portal};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

#[test]
fn a_list_of_ever_new_hosts_goes_to_a_few_of_them_and_gives_them_back() {
    let stand = Stand::new(NOW);
    let hosts: Vec<Portal> = (1..=30).map(|n| Portal::start_at([127, 0, 3, n])).collect();
    let mut rows = String::new();
    for (n, host) in (1..=30).zip(&hosts) {
        host.put(&portal::path(n), Page::html(portal::article(n, &portal::title(n), "")));
        let rules = "User-agent: *\nDisallow: /x\n# a line that concerns nobody\n".repeat(4000);
        host.put("/robots.txt", Page { content_type: "text/plain".to_owned(), ..Page::html(rules) });
        rows += &portal::row(n, &portal::title(n)).replace("show-", &host.url("/news/show-"));
    }
    stand.site.put("/news/", Page::html(portal::list(&rows)));
    let visited = stand.visit();
    let asked = hosts.iter().filter(|host| host.seen().iter().any(|seen| seen.path != "/robots.txt")).count();
    // the portal's own host is none of them
    assert_eq!((asked, visited.counts.new), (20, 20), "{visited:?}");
    let notes = stand.status().notes;
    assert!(notes.iter().any(|note| note.class == Class::TooMany), "{notes:?}");
    let kept: i64 = stand.sql("SELECT max(length(robots_body)) FROM host");
    assert!(kept < 100_000, "{kept} bytes of one robots.txt are kept");
    let held: i64 = stand.sql("SELECT count(*) FROM host WHERE lease_until IS NOT NULL");
    assert_eq!(held, 0);
}

#[test]
fn a_robots_txt_that_fails_for_a_week_while_its_host_answers_gives_no_rules() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 3);
    stand.site.put("/robots.txt", Page::status(500));
    for day in 0..8 {
        let visited = stand.visit();
        assert_eq!(visited.error.is_some(), day < 7, "day {day}: {visited:?}");
        stand.visits.clock.advance(TimeDelta::days(1));
    }
    assert_eq!(stand.stored().len(), 3);
    // nothing at all in it is no rule either
    let other = Stand::new(NOW);
    portal::town_paper(&other.site, 3);
    other.site.put("/robots.txt", Page { body: Vec::new(), ..Page::status(204) });
    assert_eq!(other.visit().error, None);
}
