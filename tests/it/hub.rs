//! The hub of the real program (W3C WebSub): a subscriber asks over HTTP, is asked back, and is told of what is new.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::daemon::{Daemon, Home, PATIENCE, wait_for};
use crate::portal::{self, Page, Portal, town_paper};

const TOKEN: &str = "a-token-for-tests";

/// A request as the subscriber got it.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) line: String,
    signature: Option<String>,
    body: Vec<u8>,
    at: Instant,
}

/// A subscriber that means what it asked for.
pub(crate) fn subscriber() -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/told?by=hub", listener.local_addr().unwrap());
    let (tell, told) = sync_channel(16);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut reader = BufReader::new(stream);
            let (mut line, mut length, mut signature) = (String::new(), 0, None);
            reader.read_line(&mut line).unwrap();
            loop {
                let mut header = String::new();
                reader.read_line(&mut header).unwrap();
                let Some((name, value)) = header.trim_end().split_once(": ") else { break };
                match name.to_ascii_lowercase().as_str() {
                    "content-length" => length = value.parse().unwrap(),
                    "x-hub-signature" => signature = Some(value.to_owned()),
                    _ => {}
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let echo = line.split("hub.challenge=").nth(1).and_then(|rest| rest.split(['&', ' ']).next());
            let echo = echo.unwrap_or_default().to_owned();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{echo}",
                echo.len()
            );
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
            if tell.send(Got { line, signature, body, at: Instant::now() }).is_err() {
                return;
            }
        }
    });
    (address, told)
}

/// HMAC (RFC 2104), written down once more: the check must not lean on what it checks.
fn hmac(key: &str, body: &[u8]) -> String {
    let mut pad = [0_u8; 64];
    pad[..key.len()].copy_from_slice(key.as_bytes());
    let inner = Sha256::digest([&pad.map(|b| b ^ 0x36)[..], body].concat());
    let outer = Sha256::digest([&pad.map(|b| b ^ 0x5c)[..], &inner[..]].concat());
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn post(daemon: &Daemon, form: &str) -> u16 {
    let mut stream = std::net::TcpStream::connect(daemon.address).unwrap();
    let head = format!(
        "POST /hub HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        daemon.address,
        form.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_subscriber_is_told_within_two_seconds_and_denied_when_the_feed_goes() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let other = format!("[[portal]]\nname = \"other\"\nurl = \"{}\"\n", portal.url("/other/"));
    let paper = format!(
        "[[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n",
        portal.url("/news/")
    );
    let top = "[server]\nadmin_token_file = \"token\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n";
    let home = Home::new(&format!("{top}{paper}{other}"));
    home.write("token", TOKEN);
    let daemon = home.start();
    daemon.wait_portal("paper", |portal| portal["articles"] == 5);
    let feed = daemon.wait("/feeds/paper.json", |answer| answer.text().contains(&portal::title(5)));
    let topic = feed.json()["feed_url"].as_str().unwrap().to_owned();
    let hub = feed.json()["hubs"][0]["url"].as_str().unwrap().to_owned();
    assert!(hub.ends_with("/hub"), "{hub}");

    let (callback, told) = subscriber();
    assert_eq!(post(&daemon, &format!("hub.mode=subscribe&hub.topic={topic}")), 400, "no callback");
    let form = format!("hub.mode=subscribe&hub.topic={topic}&hub.callback={callback}&hub.secret=quiet");
    assert_eq!(post(&daemon, &form), 202);
    let asked = told.recv_timeout(PATIENCE).unwrap();
    assert!(asked.line.contains("/told?by=hub&hub.mode=subscribe"), "{}", asked.line);
    let active = "tidings_subscriptions{state=\"active\"} 1";
    daemon.wait("/metrics", |answer| answer.text().contains(active));

    let rows: String = (1..=6).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    portal.put(&portal::path(6), Page::html(portal::article(6, &portal::title(6), "")));
    portal.put("/news/", Page::html(portal::list(&rows)));
    assert_eq!(daemon.visit("paper", TOKEN)["articles"], 6);
    let stored = Instant::now();
    let push = told.recv_timeout(PATIENCE).unwrap();
    assert!(push.at.saturating_duration_since(stored) < Duration::from_secs(2), "{:?}", push.at - stored);
    assert!(push.line.starts_with("POST /told?by=hub "), "{}", push.line);
    assert!(String::from_utf8_lossy(&push.body).contains(&portal::title(6)));
    assert_eq!(push.signature.unwrap(), format!("sha256={}", hmac("quiet", &push.body)));
    assert_eq!(push.body, daemon.get("/feeds/paper.json").body, "what is pushed is what is served");
    daemon.wait("/metrics", |answer| answer.text().contains("tidings_deliveries_total{outcome=\"ok\"} 1"));

    home.write("feeds.toml", &format!("{top}{other}"));
    daemon.signal("HUP");
    let denied = told.recv_timeout(PATIENCE).unwrap();
    assert!(denied.line.contains("hub.mode=denied&hub.topic="), "{}", denied.line);
    wait_for(
        || daemon.get("/metrics").text().contains(&active.replace(" 1", " 0")).then_some(()),
        || daemon.log(),
    );
}
