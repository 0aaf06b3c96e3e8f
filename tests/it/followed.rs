//! One tidings reads the feed of another and is told of its news by that one's hub (W3C WebSub, both sides).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::daemon::{Daemon, Home};
use crate::portal::{self, Page, Portal, town_paper};

const TOKEN: &str = "a-token-for-tests";

/// Sends a request and gives the status and the body of its answer.
fn send(daemon: &Daemon, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(daemon.address).unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        daemon.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // a body that nobody reads may end the connection
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// When the feed is visited next.
fn next(daemon: &Daemon) -> String {
    daemon.portal("there").unwrap()["next_visit"].to_string()
}

#[test]
fn news_come_at_once_by_the_hub_of_a_feed() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let top = "[server]\nadmin_token_file = \"token\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n";
    let start = |rest: String| {
        let home = Home::new(&format!("{top}{rest}"));
        home.write("token", TOKEN);
        (home.start(), home)
    };
    let paper = portal.url("/news/");
    let (first, _home) = start(format!(
        "[[portal]]\nname = \"paper\"\nurl = \"{paper}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n"
    ));
    first.wait_portal("paper", |paper| paper["articles"] == 5);
    first.wait("/feeds/paper.atom", |answer| answer.text().contains(&portal::title(5)));
    let feed = format!("http://{}/feeds/paper.atom", first.address);
    let (second, home) = start(format!("[[portal]]\nname = \"there\"\nurl = \"{feed}\"\nevery = \"1h\"\n"));
    second.wait_portal("there", |there| there["articles"] == 5);
    let active = "tidings_subscriptions{state=\"active\"} 1";
    first.wait("/metrics", |answer| answer.text().contains(active));
    assert!(second.log().contains("tells of its news from now on"), "{}", second.log());

    let rows: String = (1..=6).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    portal.put(&portal::path(6), Page::html(portal::article(6, &portal::title(6), "")));
    portal.put("/news/", Page::html(portal::list(&rows)));
    // the second visit that a hub causes comes ten seconds after the first one at the earliest
    assert_eq!(first.visit("paper", TOKEN)["articles"], 6);
    let began = Instant::now();
    second.wait_portal("there", |there| there["articles"] == 6);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(!home.log_holds_a_token(&second), "{}", second.log());

    // what nobody signed, or nobody waits for, moves nothing
    let token = home.token();
    let path = format!("/hub/callback/{token}");
    let before = next(&second);
    for headers in
        ["", "X-Hub-Signature: sha256=00\r\n", "X-Hub-Signature: sha256=\r\nX-Hub-Signature: x\r\n"]
    {
        assert_eq!(send(&second, "POST", &path, headers, b"<feed/>").0, 202, "{headers}");
    }
    let other = format!("/hub/callback/{}", "0".repeat(32));
    assert_eq!(send(&second, "POST", &other, "", &vec![b'x'; 1 << 20]).0, 410);
    assert_eq!(send(&second, "POST", "/hub/callback/x", "", b"").0, 410);
    assert_eq!(send(&second, "POST", &path, "", &vec![b'x'; 5 << 20]).0, 413);
    let query = |path: &str, topic: &str, mode: &str| {
        send(&second, "GET", &format!("{path}?hub.mode={mode}&hub.topic={topic}&hub.challenge=c1"), "", b"")
    };
    assert_eq!(query(&path, "http://other.example/", "subscribe").0, 404);
    assert_eq!(query(&path, &feed, "unsubscribe").0, 404);
    assert_eq!(query(&other, &feed, "subscribe").0, 404);
    let (status, echoed) = query(&path, &feed, "subscribe");
    assert_eq!((status, echoed.contains("c1")), (200, true), "{echoed}");
    // a forgery that was believed would have made the portal due within seconds
    assert_eq!(next(&second), before);
}

impl Home {
    /// The token of the only feed that is followed.
    fn token(&self) -> String {
        let store = rusqlite::Connection::open(self.path().join("data/tidings.db")).unwrap();
        store.query_row("SELECT token FROM followed", [], |row| row.get(0)).unwrap()
    }

    fn log_holds_a_token(&self, daemon: &Daemon) -> bool {
        daemon.log().contains(&self.token())
    }
}

#[test]
fn a_hub_that_only_the_headers_name_is_known() {
    let stand = crate::stand::Stand::new("2026-11-23T08:00:00Z");
    town_paper(&stand.site, 3);
    let link = "<https://hub.example/>; rel=hub, </feed>; rel=self".to_owned();
    let list = Page { headers: vec![("Link".to_owned(), link)], ..stand.site.get("/news/") };
    stand.site.put("/news/", list);
    assert_eq!(stand.visit().counts.new, 3);
    let topic = stand.site.url("/feed");
    let known =
        format!("SELECT count(*) FROM followed WHERE hub = 'https://hub.example/' AND topic = '{topic}'");
    assert_eq!(stand.sql(&known), 1);
}
