//! Neither answers nor the log hold a secret, a path, the store's language or a character that moves a terminal.

use std::time::Duration;

use crate::daemon::Daemon;

use super::paths::decent;
use super::raw::{TOKEN, home, plain, send, started};

/// Line breaks, an escape and other controls, as an address can hold them.
const CONTROLS: &str = "%0d%0a%1b[31mforged%00%7f%c2%9b31m%e2%80%ae";

/// The same as bytes; addresses and headers take the upper half of them.
const RAW: [&[u8]; 5] = [b"\x9b31m", b"\xc2\x9b31m", b"\x7f", b"\xe2\x80\xae", b"\xff\xfe"];

/// The log is one line an event, of characters that a terminal shows.
fn quiet(daemon: &Daemon, home: &std::path::Path) {
    std::thread::sleep(Duration::from_millis(300));
    let log = daemon.log();
    for line in log.lines() {
        // colour is off: standard error is no terminal here
        let bad = line
            .chars()
            .find(|c| c.is_control() || matches!(*c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        assert!(bad.is_none(), "{bad:?} in {line:?}");
        let begins = line.split_whitespace().next().unwrap_or_default();
        assert!(begins.starts_with("20") || begins.is_empty(), "a line that is no event: {line:?}");
        assert!(line.chars().count() < 2500, "a line of {} characters", line.chars().count());
    }
    assert!(!log.contains(TOKEN) && !log.contains("password-of-a-subscriber"), "{log}");
    assert!(!log.contains(&home.join("token").display().to_string()), "{log}");
}

#[test]
fn the_log_shows_what_it_was_told_and_obeys_none_of_it() {
    let home = home("");
    let mut command = home.command();
    command.env("TIDINGS_LOG", "tidings=trace,info");
    let daemon = home.start_by(command, "127.0.0.1:0");
    daemon.wait("/feeds/sample.rss", |answer| answer.status == 200);
    let bearer = format!("Authorization: Bearer {TOKEN}{CONTROLS}\r\n");
    for before in
        ["/", "/feeds/", "/api/", "/api/portals/", "/portals/", "/articles/", "/feeds/tag-", "/search.rss?q="]
    {
        for lines in ["", bearer.as_str(), "Accept: text/html\r\n"] {
            let heard = send(daemon.address, &plain("POST", &format!("{before}{CONTROLS}"), lines));
            decent(before, heard.only());
            let heard = send(daemon.address, &plain("GET", &format!("{before}{CONTROLS}"), lines));
            decent(before, heard.only());
        }
        for raw in RAW {
            let target = [
                b"GET ",
                before.as_bytes(),
                raw,
                b"?",
                raw,
                b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n",
            ]
            .concat();
            let headers =
                [b"User-Agent: ", raw, b"\r\nReferer: ", raw, b"\r\nX-Forwarded-For: ", raw, b"\r\n\r\n"]
                    .concat();
            let heard = send(daemon.address, &[target, headers].concat());
            decent(before, heard.only());
        }
    }
    let long = "a".repeat(20_000);
    send(daemon.address, &plain("POST", &format!("/api/{long}"), ""));
    send(daemon.address, &plain(&long, "/api/x", ""));
    for field in ["hub.mode", "hub.topic", "hub.callback", "hub.secret", "hub.lease_seconds", CONTROLS] {
        for value in [
            CONTROLS,
            &long,
            "http%3A%2F%2Fb.example%2F%0d%0a%1b[31m",
            "http%3A%2F%2Fuser%3Apassword-of-a-subscriber%40b.example%2F",
        ] {
            let topic = format!("http%3A%2F%2F{}%2Ffeeds%2Fsample.rss", daemon.address);
            let mut form = format!("{field}={value}&hub.mode=subscribe&hub.topic={topic}");
            form += "&hub.callback=http%3A%2F%2F127.0.0.1%3A9%2F%2500%1b&hub.secret=password-of-a-subscriber";
            let lines = format!(
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                form.len()
            );
            let heard = send(daemon.address, &[plain("POST", "/hub", &lines), form.into_bytes()].concat());
            decent(field, heard.only());
            assert!(!heard.only().text().contains("forged"), "{}", heard.only().text());
        }
    }
    quiet(&daemon, home.path());
}

#[test]
fn what_breaks_inside_is_not_told_outside() {
    let home = home("");
    let daemon = started(&home);
    for target in [
        "/feeds/none.rss",
        "/feeds/sample.xml",
        "/articles/99999",
        "/portals/none",
        "/feeds/sample/archive/7.rss",
        "/search.rss",
    ] {
        for accept in ["text/html", "*/*", "application/json"] {
            let heard = send(daemon.address, &plain("GET", target, &format!("Accept: {accept}\r\n")));
            let reply = heard.only();
            assert!((400..500).contains(&reply.status), "{target}: {}", reply.status);
            decent(target, reply);
            assert_eq!(reply.header("cache-control"), Some("no-store"), "{target}");
        }
    }
    // markup in an address is no markup of the error page
    let heard = send(
        daemon.address,
        &plain("GET", "/feeds/%3Cscript%3Ealert(1)%3C/script%3E.rss", "Accept: text/html\r\n"),
    );
    assert!(!heard.only().text().contains("<script"), "{}", heard.only().text());
    let heard = send(daemon.address, &plain("GET", "/search.rss?q=%3C/title%3E%3Cscript%3Ealert(1)", ""));
    assert!(!heard.only().text().contains("<script"), "{}", heard.only().text());
    quiet(&daemon, home.path());
}
