//! Requests whose end or addressee is in doubt: one answer at most, and never what was hidden behind them.

use std::net::SocketAddr;

use super::raw::{Heard, home, send, started};

/// What an attacker would like to see answered: another request, told by its own status.
const HIDDEN: &str = "DELETE /hidden HTTP/1.1\r\nHost: a.example\r\n\r\n";

/// Head lines after a good request line and Host; the body that follows; whether a 2xx may be the one answer.
const SHAPES: [(&str, &str, &str); 42] = [
    ("both lengths", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    ("both lengths, turned", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
    ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
    ("two equal lengths", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
    ("a list of lengths", "Content-Length: 5, 5\r\n", "hello"),
    ("a list of other lengths", "Content-Length: 5, 0\r\n", "hello"),
    ("a length with a sign", "Content-Length: +5\r\n", "hello"),
    ("a length below nothing", "Content-Length: -5\r\n", "hello"),
    ("a length in hexadecimal", "Content-Length: 0x5\r\n", "hello"),
    ("a length with a space in it", "Content-Length: 0 5\r\n", "hello"),
    ("a length with a dot", "Content-Length: 5.0\r\n", "hello"),
    ("a length with letters", "Content-Length: 5a\r\n", "hello"),
    ("a length of nothing written", "Content-Length:\r\n", "hello"),
    ("a length over 64 bits", "Content-Length: 18446744073709551621\r\n", "hello"),
    ("a length of other digits", "Content-Length: \u{ff15}\r\n", "hello"),
    ("a space before the colon", "Content-Length : 5\r\n", "hello"),
    ("a tab before the colon", "Content-Length\t: 5\r\n", "hello"),
    ("chunked", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    ("chunked and identity", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
    ("identity", "Transfer-Encoding: identity\r\n", ""),
    ("a coding of no name", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
    ("a coding in quotes", "Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"),
    ("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    ("chunked, then another", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n"),
    ("a space before the colon of chunked", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
    ("a folded line", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
    ("a fold of any header", "X-A: b\r\n c: d\r\n", ""),
    ("a vertical tab", "Transfer-Encoding:\u{b}chunked\r\n", "0\r\n\r\n"),
    ("a form feed", "Transfer-Encoding: \u{c}chunked\r\n", "0\r\n\r\n"),
    ("a bare CR in a value", "X-A: b\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    ("a bare CR ends a line", "X-A: b\rHost: c\r\r\n", ""),
    ("a NUL in a value", "X-A: b\u{0}c\r\n", ""),
    ("a NUL in a name", "X\u{0}A: b\r\n", ""),
    ("a line without a colon", "X-A\r\n", ""),
    ("a line of a colon", ": b\r\n", ""),
    ("a name with a space", "X A: b\r\n", ""),
    ("a name in brackets", "X(A): b\r\n", ""),
    ("two hosts", "Host: b.example\r\n", ""),
    ("two hosts in other case", "HOST: a.example\r\n", ""),
    ("an escape in a value", "X-A: \u{1b}[31m\r\n", ""),
    ("underscore for a hyphen", "Content_Length: 5\r\n", ""),
    ("chunks with megabytes of extension", "Transfer-Encoding: chunked\r\n", "EXTENSION"),
];

/// A whole first line and head.
const HEADS: [(&str, &str); 27] = [
    ("no host", "GET /healthz HTTP/1.1\r\n\r\n"),
    ("a host with a space", "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n"),
    ("a host with a path", "GET /healthz HTTP/1.1\r\nHost: a.example/x\r\n\r\n"),
    ("a host with a user", "GET /healthz HTTP/1.1\r\nHost: b@a.example\r\n\r\n"),
    ("a folded host", "GET /healthz HTTP/1.1\r\nHost:\r\n a.example\r\n\r\n"),
    (
        "a head that begins with a fold",
        "GET /healthz HTTP/1.1\r\n Host: a.example\r\nHost: b.example\r\n\r\n",
    ),
    ("a space in the target", "GET /healthz /x HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("a tab in the first line", "GET\t/healthz\tHTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("no target", "GET HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("an empty target", "GET  HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("no version", "GET /healthz\r\nHost: a.example\r\n\r\n"),
    ("version 0.9", "GET /healthz HTTP/0.9\r\nHost: a.example\r\n\r\n"),
    ("version 1.2", "GET /healthz HTTP/1.2\r\nHost: a.example\r\n\r\n"),
    ("version 2", "GET /healthz HTTP/2.0\r\nHost: a.example\r\n\r\n"),
    ("version 1.10", "GET /healthz HTTP/1.10\r\nHost: a.example\r\n\r\n"),
    ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("a space before the method", " GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("a space in the method", "G ET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("a NUL in the target", "GET /health\0z HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("a colon in the method", "GET: /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("chunked in HTTP/1.0", "POST /hub HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("a hello of TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}\r\n\r\n"),
    ("a target that is no path", "GET healthz HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("a target of another scheme", "GET file:///etc/passwd HTTP/1.1\r\nHost: a.example\r\n\r\n"),
    ("a first line of bare CR", "GET /healthz HTTP/1.1\rHost: a.example\r\n\r\n"),
    ("a bare CR at the end", "GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\r\n\r\n"),
    ("a proxy's greeting", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"),
];

/// Refused with the connection, or one good answer; what stood behind is never answered as a request of its own.
fn one_at_most(about: &str, heard: &Heard) {
    let statuses = heard.statuses();
    assert!(statuses.len() <= 1, "{about}: {statuses:?}");
    assert!(heard.closed, "{about}: the connection stays open after {statuses:?}");
}

fn refused(about: &str, heard: &Heard) {
    one_at_most(about, heard);
    let statuses = heard.statuses();
    assert!(
        statuses.iter().all(|status| (400..=505).contains(status) && *status != 500),
        "{about}: {statuses:?}"
    );
}

fn each<T: Sync>(cases: &[T], try_one: impl Fn(&T) + Sync) {
    std::thread::scope(|scope| {
        for share in cases.chunks(cases.len().div_ceil(8)) {
            let try_one = &try_one;
            scope.spawn(move || share.iter().for_each(try_one));
        }
    });
}

fn shapes_in(address: SocketAddr, first: &str) {
    each(&SHAPES, |(about, lines, body)| {
        let body = body.replace("EXTENSION", &format!("5;{}\r\nhello\r\n0\r\n\r\n", "x".repeat(3_000_000)));
        let bytes = format!("{first} HTTP/1.1\r\nHost: a.example\r\n{lines}\r\n{body}{HIDDEN}");
        let about = format!("{first}, {about}");
        let heard = send(address, bytes.as_bytes());
        if lines.starts_with("Content_Length") {
            // another header altogether: the request has no body, and what stands behind is a request
            assert_eq!(heard.statuses().len(), 2, "{about}");
        } else if matches!(*lines, "Content-Length: 5\r\nContent-Length: 5\r\n" | "Content-Length: 5, 5\r\n")
        {
            // the same length said twice may be taken for one (RFC 9110 section 8.6)
            one_at_most(&about, &heard);
        } else {
            refused(&about, &heard);
        }
    });
}

#[test]
fn what_is_in_doubt_is_refused_and_the_connection_with_it() {
    let home = home("");
    let daemon = started(&home);
    for first in
        ["GET /feeds/sample.rss", "GET /", "POST /hub", "POST /api/portals/sample/visit", "GET /nothing"]
    {
        shapes_in(daemon.address, first);
    }
    each(&HEADS, |(about, head)| {
        refused(about, &send(daemon.address, format!("{head}{HIDDEN}").as_bytes()));
    });
}

#[test]
fn one_request_has_one_answer() {
    let home = home("");
    let daemon = started(&home);
    let with = |first: &str, lines: &str, rest: &str| {
        send(daemon.address, format!("{first}\r\nHost: a.example\r\n{lines}\r\n{rest}").as_bytes())
    };
    // a body that nobody reads: one answer, and no more on this connection
    let heard = with("GET /healthz HTTP/1.1", "Content-Length: 5\r\n", &format!("hello{HIDDEN}"));
    one_at_most("a GET with a body", &heard);
    let heard = with("GET /healthz HTTP/1.1", &format!("Content-Length: {}\r\n", HIDDEN.len()), HIDDEN);
    one_at_most("a GET whose body is a request", &heard);
    // a length and less than that: nothing is answered twice
    let heard = with("POST /hub HTTP/1.1", "Content-Length: 5\r\n", "hello and more");
    one_at_most("more than the length", &heard);
    // requests one behind the other are answered one behind the other, up to the first that is wrong
    let good = "GET /healthz HTTP/1.1\r\nHost: a.example\r\n\r\n";
    let heard = send(daemon.address, format!("{good}{good}BAD\r\n\r\n{good}").as_bytes());
    assert_eq!(heard.statuses(), [200, 200, 400]);
    assert!(heard.closed);
    // expectations and upgrades change nothing
    let heard = with("GET /healthz HTTP/1.1", "Connection: close\r\nExpect: 100-continue\r\n", "");
    assert_eq!(heard.statuses(), [200]);
    let upgrade =
        "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    assert_eq!(with("GET /healthz HTTP/1.1", upgrade, "").statuses(), [200]);
    // the whole form of a target: its own host counts, and is repeated nowhere
    let heard = with("GET http://evil.example/feeds/sample HTTP/1.1", "Connection: close\r\n", "");
    assert!(!heard.only().whole().contains("evil.example"));
}
