//! Transport: whatever comes over the wire, a visit ends in time, says which kind of fault it met, and one bad page costs
//! no other.

use std::time::Instant;

use tidings::model::Class;
use tidings::render::Format;

use super::site::{After, Play};
use super::{LIMIT, SLACK, class_of_list, each, paper, stand};
use crate::portal;

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What is played, and how its failure may be called.
pub(super) type Case = (&'static str, Play, &'static [Class]);

fn raw(text: &str) -> Play {
    Play::raw(text)
}

/// An answer whose head has more lines.
fn with(head: &str, body: &str) -> Play {
    Play::raw(format!("{OK}{head}\r\n{body}"))
}

fn chunk(text: &str) -> Play {
    Play::raw(format!("{CHUNKED}{text}"))
}

pub(super) fn cases() -> Vec<Case> {
    [slow(), wrong(), led_away()].concat()
}

/// What does not end, or not soon.
fn slow() -> Vec<Case> {
    use Class::{Network, Protocol, Timeout, TooLarge, Truncated};
    let headers = |count: usize| (0..count).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    vec![
        ("silence", raw("").then(After::Hang), &[Timeout]),
        ("a drip of status line", raw("HTTP/1.1 ").drip("2"), &[Timeout, Protocol]),
        ("a drip of head", raw(OK).drip("X"), &[Timeout]),
        ("a drip of head lines", raw(OK).drip("X-A: b\r\n"), &[Timeout]),
        ("a drip of body", with("Content-Length: 100000\r\n", "<p>").drip("x"), &[Timeout]),
        ("a drip of body without length", with("", "<p>").drip("x"), &[Timeout]),
        ("a drip of chunks", chunk("").drip("1\r\nx\r\n"), &[Timeout]),
        ("a drip of chunk extension", chunk("1;").drip("x"), &[Timeout]),
        (
            "a drip of trailers",
            chunk("1\r\nx\r\n0\r\n").drip("X-A: b\r\n"),
            &[Timeout, Protocol, TooLarge, Network],
        ),
        ("a head and silence", with("Content-Length: 9\r\n", "").then(After::Hang), &[Timeout]),
        ("endless body", with("", "<p>").endless("x"), &[TooLarge, Timeout]),
        ("endless chunks", chunk("").endless("1\r\nx\r\n"), &[TooLarge, Timeout]),
        ("endless head line", raw(OK).endless("x"), &[TooLarge]),
        ("endless head lines", raw(OK).endless("X-A: b\r\n"), &[TooLarge]),
        ("endless white lines", raw("").endless("\r\n"), &[Protocol, TooLarge, Timeout]),
        ("endless chunk size", chunk("").endless("0"), &[Protocol, TooLarge, Timeout, Truncated, Network]),
        (
            "endless chunk extension",
            chunk("1;").endless("x"),
            &[Protocol, TooLarge, Timeout, Truncated, Network],
        ),
        (
            "endless trailers",
            chunk("0\r\n").endless("X-A: b\r\n"),
            &[Protocol, TooLarge, Timeout, Truncated, Network],
        ),
        ("ten thousand head lines", with(&headers(10_000), "<p>"), &[TooLarge]),
        ("a head line of 1 MiB", with(&format!("X-A: {}\r\n", "x".repeat(1 << 20)), "<p>"), &[TooLarge]),
        ("a thousand cookies", with(&"Set-Cookie: a=b\r\n".repeat(1000), "<p>"), &[TooLarge]),
        ("1xx without end", raw("").endless("HTTP/1.1 100 Continue\r\n\r\n"), &[TooLarge, Timeout, Protocol]),
        (
            "103 without end",
            raw("").endless("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
            &[TooLarge, Timeout, Protocol],
        ),
        ("1xx by drips", raw("").drip("HTTP/1.1 102 Processing\r\n\r\n"), &[Timeout]),
    ]
}

/// What is no HTTP, or breaks off.
fn wrong() -> Vec<Case> {
    use Class::{Network, Protocol, TooLarge, Truncated};
    vec![
        (
            "another protocol asked for",
            raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            &[Protocol],
        ),
        ("too long", with("Content-Length: 999999999999\r\n", "<p>").then(After::Hang), &[TooLarge]),
        ("longer than 64 bits", with("Content-Length: 99999999999999999999999\r\n", "<p>"), &[Protocol]),
        ("a length with a sign", with("Content-Length: -1\r\n", "<p>"), &[Protocol]),
        ("a length in letters", with("Content-Length: many\r\n", "<p>"), &[Protocol]),
        ("two lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n", "<p>x"), &[Protocol]),
        ("cut short", with("Content-Length: 1000\r\n", "<p>"), &[Truncated]),
        ("a cut chunk", chunk("ff\r\n<p>"), &[Truncated]),
        ("no last chunk", chunk("3\r\n<p>\r\n"), &[Truncated]),
        ("a chunk of letters", chunk("xyz\r\n<p>\r\n0\r\n\r\n"), &[Protocol]),
        ("a chunk below nothing", chunk("-3\r\n<p>\r\n0\r\n\r\n"), &[Protocol]),
        ("a chunk over 64 bits", chunk("fffffffffffffffff1\r\n<p>"), &[Protocol]),
        ("a chunk larger than all", chunk("7fffffffffffffff\r\n<p>"), &[Truncated, TooLarge]),
        ("a chunk without its end", chunk("3\r\n<p>xx0\r\n\r\n"), &[Protocol]),
        ("reset at once", raw("").then(After::Reset), &[Network]),
        ("reset in the head", raw("HTTP/1.1 200 OK\r\nContent-").then(After::Reset), &[Network]),
        ("reset in the body", with("Content-Length: 1000\r\n", "<p>").then(After::Reset), &[Network]),
        ("closed at once", raw(""), &[Network]),
        ("closed in the head", raw("HTTP/1.1 200 OK\r\nContent-"), &[Network]),
        ("noise", raw("\u{1}\u{2}\u{fffd}noise\0\0noise\r\n\r\n"), &[Protocol]),
        ("endless noise", raw("").endless("\u{7f}noise"), &[Protocol, TooLarge]),
        ("HTTP/0.9", raw("<html><body><p>an old page</p></body></html>"), &[Protocol]),
        ("HTTP/3.0 in words", raw("HTTP/3.0 200 OK\r\n\r\n<p>"), &[Protocol]),
        ("another protocol", raw("220 mail.example ESMTP\r\n"), &[Protocol]),
        ("a TLS alert", Play::raw([0x15, 3, 1, 0, 2, 2, 70]), &[Protocol]),
        ("HTTP/2 unasked", Play::raw(b"\0\0\0\x04\0\0\0\0\0"), &[Protocol]),
    ]
}

/// Other answers than a page.
fn led_away() -> Vec<Case> {
    use Class::{Protocol, TooLarge};
    vec![
        ("a status of four digits", raw("HTTP/1.1 2000 OK\r\n\r\n<p>"), &[Protocol]),
        ("a status of letters", raw("HTTP/1.1 abc OK\r\n\r\n<p>"), &[Protocol]),
        ("status 999", Play::answer("999 Request denied", "", "<p>"), &[Protocol, Class::Http]),
        ("status 000", Play::answer("000 Nothing", "", "<p>"), &[Protocol]),
        ("204", raw("HTTP/1.1 204 No Content\r\n\r\n"), &[Protocol]),
        ("206", Play::answer("206 Partial Content", "Content-Range: bytes 0-2/99\r\n", "<p>"), &[Protocol]),
        ("304 unasked", raw("HTTP/1.1 304 Not Modified\r\n\r\n"), &[Protocol]),
        ("a head line without a colon", with("no colon here\r\n", "<p>"), &[Protocol]),
        ("a head line with a NUL", with("X-A: a\0b\r\n", "<p>"), &[Protocol]),
        (
            "a transfer coding of no name",
            with("Transfer-Encoding: x\r\n", "<p>"),
            &[Protocol, Class::EmptyList, Class::Challenge],
        ),
        ("to itself", Play::redirect("/news/"), &[Class::Redirect]),
        ("to a file", Play::redirect("file:///etc/passwd"), &[Class::Redirect]),
        ("to data", Play::redirect("data:text/html,<p>x"), &[Class::Redirect]),
        ("to gopher", Play::redirect("gopher://127.0.0.1:70/1"), &[Class::Redirect]),
        ("to a script", Play::redirect("javascript:alert(1)"), &[Class::Redirect]),
        ("to ftp", Play::redirect("ftp://127.0.0.1/"), &[Class::Redirect]),
        ("to no address", Play::redirect("http://"), &[Class::Redirect]),
        ("to nothing", Play::answer("302 Found", "", ""), &[Class::Redirect]),
        ("to a port of mail", Play::redirect("http://127.0.0.1:25/"), &[Class::BlockedAddress]),
        ("to an endless address", Play::redirect(&format!("/{}", "x".repeat(20_000))), &[TooLarge]),
        (
            "to one of several",
            Play::answer("300 Multiple Choices", "Location: /other\r\n", "<p>"),
            &[Protocol],
        ),
    ]
}

#[test]
fn whatever_comes_for_a_list_ends_in_time_with_its_class() {
    each(&cases(), |(name, play, classes)| {
        let (class, told, took, stand) = class_of_list(play.clone());
        if !class.is_some_and(|class| classes.contains(&class)) {
            return Err(format!("{name}: {class:?} ({told}), expected {classes:?}"));
        }
        if took > LIMIT + SLACK {
            return Err(format!("{name}: took {took:?}"));
        }
        let status = stand.status();
        if status.failures != 1 || status.next_visit.is_none() || told.chars().any(char::is_control) {
            return Err(format!("{name}: {told} {status:?}"));
        }
        Ok(())
    });
}

#[test]
fn a_bad_article_page_costs_no_other_and_is_told() {
    each(&cases(), |(name, play, _)| {
        let site = paper(&[1, 2, 4]);
        site.put(&portal::path(3), play.clone());
        let stand = stand(&site.url("/news/"));
        let began = Instant::now();
        let visited = stand.visit();
        if visited.error.is_some() || visited.counts.new != 3 {
            return Err(format!("{name}: {visited:?}"));
        }
        if began.elapsed() > LIMIT + SLACK {
            return Err(format!("{name}: took {:?}", began.elapsed()));
        }
        let status = stand.status();
        if !status.notes.iter().any(|note| note.url.is_some()) {
            return Err(format!("{name}: nothing is told of it: {:?}", status.notes));
        }
        // a well-formed feed of the other three
        let feed: serde_json::Value = serde_json::from_slice(&stand.feed("paper", Format::Json)).unwrap();
        if feed["items"].as_array().map(Vec::len) != Some(3) {
            return Err(format!("{name}: {feed}"));
        }
        Ok(())
    });
}
