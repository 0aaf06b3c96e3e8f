//! The hub as a weapon: pointed at private addresses, at others' doors, at its own store.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::daemon::{Daemon, wait_for};

use super::paths::decent;
use super::raw::{Reply, home, plain, reads, send, started};

/// A door that counts who knocks, and answers every challenge when it is `willing`.
fn door(willing: bool) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let address = listener.local_addr().unwrap();
    let knocks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&knocks);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            counted.fetch_add(1, Ordering::Relaxed);
            let mut head = [0; 8192];
            let count = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..count]).into_owned();
            let echo = head.split("hub.challenge=").nth(1).and_then(|rest| rest.split(['&', ' ']).next());
            let (status, echo) = if willing { (200, echo.unwrap_or_default()) } else { (404, "") };
            let length = echo.len();
            let _sent = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{echo}"
            );
        }
    });
    (address, knocks)
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn subscribe(daemon: &Daemon, callback: &str, more: &str) -> Reply {
    let topic = encoded(&format!("http://{}/feeds/sample.rss", daemon.address));
    let form = format!("hub.mode=subscribe&hub.topic={topic}&hub.callback={}{more}", encoded(callback));
    let lines =
        format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.len());
    send(daemon.address, &[plain("POST", "/hub", &lines), form.into_bytes()].concat()).only().clone()
}

/// This machine and its neighbours, in every spelling an address parser takes.
const PRIVATE: [&str; 38] = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.255.255.254",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "%31%32%37.0.0.1",
    "ip6-localhost",
    "user@127.0.0.1",
    "user:pass@localhost",
    "evil.example@127.0.0.1",
    "127.0.0.1\\@evil.example",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.0.1",
    "[fe80::1]",
    "[fd00::1]",
    "100.64.0.1",
];

#[test]
fn no_spelling_of_a_private_address_is_called() {
    let home = home("");
    let daemon = started(&home);
    let (address, knocks) = door(true);
    let port = address.port();
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    for host in PRIVATE.iter().copied().chain([machine.trim()]) {
        for callback in [format!("http://{host}:{port}/told"), format!("https://{host}:{port}/")] {
            let reply = subscribe(&daemon, &callback, "&hub.lease_seconds=864000");
            assert!(matches!(reply.status, 202 | 400 | 403 | 422 | 429), "{callback}: {}", reply.status);
            decent(&callback, &reply);
        }
    }
    for scheme in [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "//127.0.0.1/",
        "http://",
        "",
    ] {
        assert_eq!(subscribe(&daemon, scheme, "").status, 400, "{scheme}");
    }
    // all are settled, and nobody was called
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(knocks.load(Ordering::Relaxed), 0);
    assert!(!daemon.log().contains("pass@"), "{}", daemon.log());
}

#[test]
fn forms_out_of_all_bounds_are_refused() {
    let home = home("");
    let daemon = started(&home);
    let long = "a".repeat(60_000);
    let good = "http://b.example/told";
    for (callback, more) in [
        (format!("http://b.example/{}", &long[..3000]), String::new()),
        (good.to_owned(), format!("&hub.secret={long}")),
        (good.to_owned(), "&hub.lease_seconds=-1".to_owned()),
        (good.to_owned(), "&hub.lease_seconds=1e9".to_owned()),
        (good.to_owned(), format!("&hub.lease_seconds={}", &long[..1000])),
        ("http://b.example/\r\nX-A: b#x".to_owned(), String::new()),
        ("http://user:pass@b.example/".to_owned(), String::new()),
    ] {
        let reply = subscribe(&daemon, &callback, &more);
        assert_eq!(reply.status, 400, "{callback:.80} {more:.80}: {}", reply.text());
        decent("a form", &reply);
    }
    let address = daemon.address;
    for topic in [
        format!("http://{address}/feeds/none.rss"),
        format!("http://{address}/feeds/../status.json"),
        format!("http://{address}/"),
        format!("http://{address}/feeds/sample.rss?limit=1"),
        "http://evil.example/feeds/sample.rss".to_owned(),
        format!("http://{address}@evil.example/feeds/sample.rss"),
        long,
        "file:///etc/passwd".to_owned(),
        String::new(),
    ] {
        let form = format!("hub.mode=subscribe&hub.callback={}&hub.topic={}", encoded(good), encoded(&topic));
        let lines =
            format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.len());
        let heard = send(address, &[plain("POST", "/hub", &lines), form.into_bytes()].concat());
        assert!(matches!(heard.only().status, 400 | 413), "{topic:.80}: {:?}", heard.statuses());
    }
    let many = "a=b&".repeat(15_000);
    let lines =
        format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", many.len());
    assert_eq!(
        send(address, &[plain("POST", "/hub", &lines), many.into_bytes()].concat()).only().status,
        400
    );
}

#[test]
fn a_flood_of_wishes_knocks_at_a_door_a_few_times_and_the_willing_are_served() {
    let home = home("[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n");
    let daemon = started(&home);
    let (victim, knocks) = door(false);
    let (friend, calls) = door(true);
    let flood = |from: usize| {
        for number in from..from + 60 {
            let callback = format!("http://127.0.0.1:{}/door?n={number}", victim.port());
            let reply = subscribe(&daemon, &callback, "");
            assert!(matches!(reply.status, 202 | 429), "{}", reply.status);
        }
    };
    std::thread::scope(|scope| {
        (0..5).for_each(|part| drop(scope.spawn(move || flood(part * 60))));
        // the same wish again and again is no way around
        for _ in 0..60 {
            subscribe(&daemon, &format!("http://127.0.0.1:{}/same", victim.port()), "");
        }
    });
    assert!(reads(daemon.address) < Duration::from_millis(1500));
    assert_eq!(subscribe(&daemon, &format!("http://127.0.0.1:{}/told", friend.port()), "").status, 202);
    wait_for(|| (calls.load(Ordering::Relaxed) > 0).then_some(()), || daemon.log());
    std::thread::sleep(Duration::from_millis(500));
    let knocks = knocks.load(Ordering::Relaxed);
    assert!((1..=10).contains(&knocks), "{knocks} knocks");
}

#[test]
fn one_client_may_wish_so_often_and_no_more() {
    let home = home("");
    let daemon = started(&home);
    let mut statuses = std::collections::BTreeMap::new();
    std::thread::scope(|scope| {
        let (daemon, gates) = (&daemon, 8);
        let threads: Vec<_> = (0..gates)
            .map(|gate| {
                scope.spawn(move || {
                    let one = |n: usize| {
                        subscribe(daemon, &format!("http://10.{gate}.0.{}/told?{n}", n % 250), "").status
                    };
                    (0..200).map(one).collect::<Vec<u16>>()
                })
            })
            .collect();
        for status in threads.into_iter().flat_map(|thread| thread.join().unwrap()) {
            *statuses.entry(status).or_insert(0) += 1;
        }
    });
    eprintln!("a flood of wishes: {statuses:?}");
    assert!(statuses.keys().all(|status| matches!(status, 202 | 429)), "{statuses:?}");
    assert!(statuses.get(&429).is_some_and(|refused| *refused > 100), "{statuses:?}");
    assert!(daemon.log().lines().count() < 300, "{} lines of log", daemon.log().lines().count());
    assert!(reads(daemon.address) < Duration::from_millis(1500));
}
