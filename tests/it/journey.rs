//! One address becomes a feed: the whole chain, from a portal on loopback to a reader's bytes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::daemon::{Daemon, Home, get, wait_for};
use crate::portal::{self, Page, Portal, town_paper};

const TOKEN: &str = "a-token-for-tests";

fn home(portal: &Portal, more: &str) -> Home {
    let home = Home::new(&format!(
        "[server]\nadmin_token_file = \"token\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n{more}",
        portal.url("/news/")
    ));
    home.write("token", TOKEN);
    home
}

/// Title to id, as the JSON feed tells them.
fn ids(daemon: &Daemon, feed: &str) -> BTreeMap<String, String> {
    let answer = daemon.get(&format!("/feeds/{feed}.json?limit=200"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let feed = answer.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    feed["items"].as_array().unwrap().iter().map(|item| (text(&item["title"]), text(&item["id"]))).collect()
}

fn served(daemon: &Daemon, articles: u64) {
    daemon.wait_portal("paper", |portal| portal["articles"] == articles && portal["state"] == "ok");
    daemon.wait("/feeds/paper.json", |answer| {
        answer.json()["items"].as_array().is_some_and(|items| items.len() as u64 == articles.min(50))
    });
}

#[test]
fn one_address_becomes_three_feeds_with_right_dates() {
    let portal = Portal::start();
    town_paper(&portal, 12);
    let home = home(&portal, "");
    let daemon = home.start();
    served(&daemon, 12);
    let feed = daemon.get("/feeds/paper.json").json();
    let first = &feed["items"][0];
    assert_eq!(first["title"], portal::title(12));
    assert_eq!(first["date_published"], "2026-11-20T08:12:00+08:00");
    assert_eq!(first["url"], portal.url(&portal::path(12)));
    let html = first["content_html"].as_str().unwrap();
    assert!(html.contains("验收") && html.contains("路灯") && !html.contains("浏览次数"), "{html}");
    for format in ["rss", "atom"] {
        let text = daemon.get(&format!("/feeds/paper.{format}")).text();
        for n in 1..=12 {
            assert!(text.contains(&portal::title(n)), "{format} lacks article {n}");
        }
    }
}

#[test]
fn a_visit_without_news_a_restart_and_another_order_of_portals_change_no_byte() {
    let portal = Portal::start();
    town_paper(&portal, 8);
    let home = home(&portal, "");
    let first = std::fs::read_to_string(home.path().join("feeds.toml")).unwrap();
    let (top, paper) = first.split_once("[[portal]]").unwrap();
    let village = format!("\nname = \"village\"\nurl = \"{}\"\nevery = \"1h\"\n", portal.url("/village/"));
    let config = |portals: [&str; 2]| format!("{top}[[portal]]{}[[portal]]{}", portals[0], portals[1]);
    home.write("feeds.toml", &config([paper, &village]));
    portal.put("/village/", portal.get("/news/"));
    for n in 1..=8 {
        portal.put(&portal::path(n).replace("news", "village"), portal.get(&portal::path(n)));
    }
    let all = |daemon: &Daemon| {
        ["paper.rss", "paper.atom", "paper.json", "all.rss", "all.atom", "all.json"].map(|file| {
            let answer = daemon.get(&format!("/feeds/{file}"));
            let etag = answer.header("etag").unwrap().to_owned();
            let again = get(daemon.address, &format!("/feeds/{file}"), &[("If-None-Match", &etag)]);
            assert_eq!(again.status, 304);
            (etag, answer.header("last-modified").map(str::to_owned), answer.body)
        })
    };
    let mut daemon = home.start();
    served(&daemon, 8);
    daemon.wait_portal("village", |portal| portal["articles"] == 8 && portal["state"] == "ok");
    daemon.wait("/feeds/all.json", |answer| {
        answer.json()["items"].as_array().is_some_and(|all| all.len() == 16)
    });
    let (address, before) = (daemon.address, all(&daemon));
    let visited = daemon.visit("paper", TOKEN);
    assert_eq!((&visited["last"]["new"], &visited["last"]["changed"]), (&0.into(), &0.into()));
    assert!(
        visited["last"]["requests"].as_u64() >= Some(9),
        "a person's visit asks for every article: {visited}"
    );
    assert_eq!(all(&daemon), before);
    daemon.signal("TERM");
    assert_eq!(daemon.ended(), Some(0));
    home.write("feeds.toml", &config([&village, &format!("{paper}\n")]));
    let again = home.start_on(&address.to_string());
    assert_eq!(all(&again), before);
}

#[test]
fn an_edited_title_and_a_tracking_parameter_make_no_second_article() {
    let portal = Portal::start();
    town_paper(&portal, 6);
    let home = home(&portal, "");
    let daemon = home.start();
    served(&daemon, 6);
    let before = ids(&daemon, "paper");
    let changed = "河堤步道推迟开放（更正）";
    let rows: String = (1..=6)
        .rev()
        .map(|n| {
            portal::row(n, if n == 3 { changed } else { "" })
                .replace("></a>", &format!(">{}</a>", portal::title(n)))
        })
        .map(|row| row.replace(".html", ".html?utm_source=list"))
        .collect();
    portal.put("/news/", Page::html(portal::list(&rows)));
    for n in 1..=6 {
        let title = if n == 3 { changed.to_owned() } else { portal::title(n) };
        portal.put(&portal::path(n), Page::html(portal::article(n, &title, "")));
    }
    let visited = daemon.visit("paper", TOKEN);
    assert_eq!((&visited["last"]["new"], &visited["last"]["changed"]), (&0.into(), &1.into()), "{visited}");
    daemon.wait("/feeds/paper.json", |answer| answer.text().contains(changed));
    let after = ids(&daemon, "paper");
    assert_eq!(after[changed], before[&portal::title(3)]);
    assert_eq!(after.len(), 6);
}

#[test]
fn unchanged_articles_are_asked_for_conditionally() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    for n in 1..=5 {
        let mut page = Page::html(portal::article(n, &portal::title(n), ""));
        page.etag = Some(format!("\"v{n}\""));
        portal.put(&portal::path(n), page);
    }
    let home = home(&portal, "");
    let daemon = home.start();
    served(&daemon, 5);
    let visited = daemon.visit("paper", TOKEN);
    assert_eq!(visited["last"]["not_modified"], 5, "{visited}");
    assert_eq!(portal.seen().iter().filter(|seen| seen.status == 304).count(), 5);
}

#[test]
fn robots_txt_is_asked_first_and_obeyed() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let mut robots = Page::html("User-agent: *\nDisallow: /news/show-2\n");
    robots.content_type = "text/plain".to_owned();
    portal.put("/robots.txt", robots);
    let home = home(&portal, "");
    let daemon = home.start();
    let state = daemon.wait_portal("paper", |portal| portal["articles"] == 4);
    let notes = state["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["class"] == "robots"), "{state}");
    let seen = portal.seen();
    assert_eq!(seen[0].path, "/robots.txt");
    assert!(seen.iter().all(|seen| seen.path != portal::path(2)));
    assert!(seen.iter().all(|seen| {
        seen.headers.iter().any(|(name, value)| name == "user-agent" && value.starts_with("tidings/"))
    }));
}

#[test]
fn a_broken_portal_keeps_its_feed_and_says_why() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let home = home(&portal, "");
    let daemon = home.start();
    served(&daemon, 5);
    let before = daemon.get("/feeds/paper.rss").body;
    portal.put("/news/", Page::status(500));
    let state = daemon.visit("paper", TOKEN);
    assert_eq!((&state["state"], &state["error"]["class"]), (&"failing".into(), &"http".into()), "{state}");
    assert_eq!(state["failures"], 1);
    assert_eq!(daemon.get("/feeds/paper.rss").body, before);
    portal.put("/news/", Page::html("<html><body><p>维护中</p></body></html>"));
    let state = daemon.visit("paper", TOKEN);
    assert_eq!(state["error"]["class"], "challenge", "{state}");
    town_paper(&portal, 6);
    let state = daemon.visit("paper", TOKEN);
    assert_eq!(
        (&state["state"], &state["error"], &state["last"]["new"]),
        (&"ok".into(), &serde_json::Value::Null, &1.into())
    );
}

#[test]
fn nothing_announced_is_lost_or_doubled_by_kill_9() {
    let portal = Portal::start();
    town_paper(&portal, 3);
    let home = home(&portal, "");
    let config = std::fs::read_to_string(home.path().join("feeds.toml")).unwrap();
    home.write("feeds.toml", &config.replace("every = \"1h\"", "every = \"1s\""));
    let mut announced: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..20_u32 {
        town_paper(&portal, 3 + round);
        let daemon = home.start();
        // some rounds end before the visit, some in the midst of it, some after
        std::thread::sleep(Duration::from_millis(u64::from(round * 37 % 400)));
        let now = ids(&daemon, "paper");
        daemon.kill();
        for (title, id) in &announced {
            assert_eq!(now.get(title), Some(id), "round {round}: {title}");
        }
        let distinct: std::collections::BTreeSet<_> = now.values().collect();
        assert_eq!(distinct.len(), now.len(), "round {round}: an id twice");
        announced = now;
    }
    let daemon = home.start();
    served(&daemon, 22);
    for (title, id) in &announced {
        assert_eq!(ids(&daemon, "paper").get(title), Some(id));
    }
}

#[test]
fn a_faulty_file_changes_nothing_at_a_reload_and_a_good_one_does() {
    let portal = Portal::start();
    town_paper(&portal, 4);
    let home = home(&portal, "");
    let daemon = home.start();
    served(&daemon, 4);
    let good = std::fs::read_to_string(home.path().join("feeds.toml")).unwrap();
    home.write("feeds.toml", &good.replace("timezone = \"Asia/Shanghai\"", "timezone = \"Asia/Shanghia\""));
    daemon.signal("HUP");
    wait_for(|| daemon.log().contains("Asia/Shanghia").then_some(()), || daemon.log());
    assert_eq!(daemon.get("/feeds/paper.rss").status, 200);
    let second = format!("{good}[[portal]]\nname = \"second\"\nurl = \"{}\"\n", portal.url("/other/"));
    home.write("feeds.toml", &second);
    daemon.signal("HUP");
    daemon.wait("/feeds/second.rss", |answer| answer.status == 200);
    assert_eq!(daemon.get("/feeds/paper.rss").status, 200);
}

#[test]
fn sigterm_ends_a_daemon_in_the_midst_of_a_visit_within_ten_seconds() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let mut slow = Page::html(portal::article(4, &portal::title(4), ""));
    slow.delay = Duration::from_secs(20);
    portal.put(&portal::path(4), slow);
    let home = home(&portal, "");
    let mut daemon = home.start();
    wait_for(|| portal.seen().iter().any(|seen| seen.path == portal::path(4)).then_some(()), || daemon.log());
    let began = Instant::now();
    daemon.signal("TERM");
    assert_eq!(daemon.ended(), Some(0), "{}", daemon.log());
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn the_sample_portal_shows_ten_articles_within_ten_seconds() {
    let home = Home::new(
        "[[portal]]\nname = \"sample\"\nurl = \"sample:\"\nevery = \"1m\"\nfetch = { min_gap = \"0s\" }\n",
    );
    let began = Instant::now();
    let daemon = home.start();
    daemon.wait("/feeds/sample.rss", |answer| answer.text().matches("<item>").count() >= 10);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let status = daemon.portal("sample").unwrap();
    assert_eq!(status["state"], "ok", "{status}");
}
