//! Manners: who asks for rest gets it, a day at most; who is away for a week is there again with its first good answer.

use chrono::{DateTime, TimeDelta, Utc};
use tidings::model::Class;

use super::site::Play;
use super::{NOW, each, paper, stand};
use crate::portal;

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// Status, `Retry-After`, class, and the least and the most hours of rest (the pace is an hour).
const RESTS: [(&str, &str, Class, f64, f64); 24] = [
    ("429 Slow Down", "", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "7200", Class::RateLimited, 2.0, 2.1),
    ("429 Slow Down", " 7200 ", Class::RateLimited, 2.0, 2.1),
    ("429 Slow Down", "0", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "-7200", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "99999999", Class::RateLimited, 23.9, 24.1),
    ("429 Slow Down", "99999999999999999999999999", Class::RateLimited, 23.9, 24.1),
    ("429 Slow Down", "1e9", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "7200.5", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "NaN", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "later", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "Mon, 23 Nov 2026 11:00:00 GMT", Class::RateLimited, 3.0, 3.1),
    ("429 Slow Down", "Monday, 23-Nov-26 11:00:00 GMT", Class::RateLimited, 3.0, 3.1),
    ("429 Slow Down", "Mon Nov 23 11:00:00 2026", Class::RateLimited, 3.0, 3.1),
    ("429 Slow Down", "Mon, 23 Nov 2020 11:00:00 GMT", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "Fri, 31 Dec 9999 23:59:59 GMT", Class::RateLimited, 23.9, 24.1),
    ("429 Slow Down", "Sun, 31 Feb 2027 11:00:00 GMT", Class::RateLimited, 0.7, 1.1),
    ("429 Slow Down", "Mon, 23 Nov 99999 11:00:00 GMT", Class::RateLimited, 0.7, 1.1),
    ("503 Resting", "", Class::Http, 0.7, 1.1),
    ("503 Resting", "7200", Class::RateLimited, 2.0, 2.1),
    ("503 Resting", "-1", Class::Http, 0.7, 1.1),
    ("410 Gone", "", Class::Gone, 0.7, 1.1),
    ("403 Forbidden", "7200", Class::Http, 0.7, 1.1),
    ("500 Oh No", "99999999", Class::Http, 0.7, 1.1),
];

fn retry_after(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("Retry-After: {value}\r\n") }
}

#[test]
fn who_asks_for_rest_gets_it_and_a_day_at_most() {
    each(&RESTS, |(status, value, class, least, most)| {
        let site = paper(&[1, 2, 3, 4]);
        let good = portal::list(&portal::row(1, &portal::title(1)));
        site.put("/news/", Play::answer(status, &retry_after(value), "<p>not now"));
        let stand = stand(&site.url("/news/"));
        let error = stand.visit_due().error;
        if error.as_ref().map(|fault| fault.class) != Some(*class) {
            return Err(format!("{status} {value:?}: {error:?}"));
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hours")]
        let hours = (stand.status().next_visit.unwrap() - now()).num_seconds() as f64 / 3600.0;
        if !(*least..=*most).contains(&hours) {
            return Err(format!("{status} {value:?}: rests {hours} h"));
        }
        // nobody asks before that, and all is well after it
        let before = site.seen().len();
        if *least > 1.5 {
            stand.visits.clock.advance(TimeDelta::minutes(30));
            stand.visit_due();
            if site.seen().len() != before {
                return Err(format!("{status} {value:?}: asked while it rests"));
            }
        }
        site.put("/news/", Play::page(&good));
        stand.visits.clock.advance(TimeDelta::hours(25));
        let visited = stand.visit_due();
        if visited.error.is_some() || stand.status().failures != 0 {
            return Err(format!("{status} {value:?}: {visited:?}"));
        }
        Ok(())
    });
}

#[test]
fn a_host_that_asks_for_rest_in_the_middle_of_a_visit_is_left_alone() {
    let site = paper(&[4]);
    site.put(&portal::path(3), Play::answer("429 Slow Down", "Retry-After: 3600\r\n", ""));
    let stand = stand(&site.url("/news/"));
    let visited = stand.visit_due();
    assert_eq!(visited.error.map(|fault| fault.class), Some(Class::RateLimited));
    assert_eq!(visited.counts.new, 1, "what was read before is kept");
    assert_eq!((site.asked(&portal::path(2)), site.asked(&portal::path(1))), (0, 0));
}

#[test]
fn the_rest_is_the_hosts_that_asked_for_it() {
    let (here, there) = (paper(&[1, 2, 3, 4]), super::Site::at("127.0.0.2:0"));
    here.put("/news/", Play::redirect(&there.url("/busy")));
    there.put("/busy", Play::answer("429 Slow Down", "Retry-After: 7200\r\n", ""));
    let stand = stand(&here.url("/news/"));
    assert_eq!(stand.visit_due().error.map(|fault| fault.class), Some(Class::RateLimited));
    // by the way that does not lead to the busy host
    let rows: String = (1..=4).map(|n| portal::row(n, &portal::title(n))).collect();
    here.put("/news/", Play::page(&portal::list(&rows)));
    stand.visits.clock.advance(TimeDelta::minutes(61));
    let visited = stand.visit_due();
    assert_eq!((visited.error, visited.counts.new), (None, 4));
    assert_eq!(there.asked("/busy"), 1);
}

#[test]
fn a_week_away_costs_little_and_ends_with_the_first_good_answer() {
    let site = paper(&[1, 2, 3, 4]);
    let stand = stand(&site.url("/news/"));
    assert_eq!(stand.visit_due().counts.new, 4);
    let kept = stand.atom("paper");
    let list = portal::list(&(1..=4).rev().map(|n| portal::row(n, &portal::title(n))).collect::<String>());
    site.put("/news/", Play::answer("502 Bad Gateway", "", "<h1>502</h1>"));
    let end = now() + TimeDelta::days(7);
    let (mut tries, mut longest) = (0, TimeDelta::zero());
    loop {
        let due = stand.status().next_visit.unwrap();
        longest = longest.max(due - stand.visits.clock.now());
        if due > end {
            break;
        }
        stand.visits.clock.advance(due - stand.visits.clock.now());
        tries += 1;
        assert!(stand.visit_due().error.is_some());
        assert!(stand.atom("paper") == kept, "the feed changed while the portal was away");
    }
    assert!((8..=16).contains(&tries), "{tries} tries in a week");
    assert!(longest <= TimeDelta::hours(24), "{longest}");
    site.put("/news/", Play::page(&list));
    let due = stand.status().next_visit.unwrap();
    stand.visits.clock.advance(due - stand.visits.clock.now());
    assert_eq!(stand.visit_due().error, None);
    let next = stand.status().next_visit.unwrap() - stand.visits.clock.now();
    assert!(next <= TimeDelta::minutes(95), "the pace is back at once: {next}");
}

#[test]
fn walls_of_cookies_and_logins_are_no_articles() {
    let cookies = "<title>Zustimmung</title><h1>Wir schätzen Ihre Privatsphäre</h1><p>Diese Seite verwendet Cookies.</p>\
        <form><button>Alle akzeptieren</button></form>";
    let login = "<title>登录</title><form><input name=user><input type=password name=pass><button>登录</button></form>";
    let walls = [("a consent page", "/consent", cookies), ("a login page", "/login", login)];
    each(&walls, |(name, path, html)| {
        let site = paper(&[1, 2, 3, 4]);
        let stand = stand(&site.url("/news/"));
        if stand.visit_due().counts.new != 4 {
            return Err(format!("{name}: no good start"));
        }
        let kept = stand.atom("paper");
        site.put(path, Play::page(html));
        for n in 1..=4 {
            site.put(&portal::path(n), Play::redirect(&format!("{path}?next={n}")));
            site.put(&format!("{path}?next={n}"), Play::page(html));
        }
        site.put("/news/", Play::redirect(path));
        stand.visits.clock.advance(TimeDelta::hours(4));
        let visited = stand.visit_due();
        if visited.error.is_none() || visited.counts.new > 0 {
            return Err(format!("{name}, as the list: {visited:?}"));
        }
        let rows: String = (1..=5).map(|n| portal::row(n, &portal::title(n))).collect();
        site.put("/news/", Play::page(&portal::list(&rows)));
        site.put(&portal::path(5), Play::redirect(&format!("{path}?next=1")));
        stand.visits.clock.advance(TimeDelta::hours(25));
        let visited = stand.visit_due();
        let feed = stand.atom("paper");
        if visited.counts.new > 0 || feed.contains("Privatsph") || feed != kept {
            return Err(format!("{name}, as articles: {visited:?}"));
        }
        Ok(())
    });
}
