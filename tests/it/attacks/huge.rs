//! Everything too much of everything: lines, headers, queries, bodies, members of lists.

use super::paths::decent;
use super::raw::{home, plain, reads, send, started};

#[test]
fn what_is_too_much_is_refused() {
    let home = home("");
    let daemon = started(&home);
    let big = |bytes: usize| "a".repeat(bytes);
    let cases = [
        ("a path of 1 MB", plain("GET", &format!("/{}", big(1_000_000)), ""), vec![414, 431, 400]),
        (
            "a query of 100 KB",
            plain("GET", &format!("/feeds/sample.rss?x={}", big(100_000)), ""),
            vec![414, 431, 400],
        ),
        ("a header of 1 MB", plain("GET", "/", &format!("X-A: {}\r\n", big(1_000_000))), vec![431]),
        ("a name of 1 MB", plain("GET", "/", &format!("{}: b\r\n", big(1_000_000))), vec![431, 400]),
        ("ten thousand headers", plain("GET", "/", &"X-A: b\r\n".repeat(10_000)), vec![431]),
        ("a hundred headers", plain("GET", "/", &"X-A: b\r\n".repeat(100)), vec![431]),
        ("a cookie of 200 KB", plain("GET", "/", &format!("Cookie: {}\r\n", big(200_000))), vec![431]),
        (
            "a host of 20 KB",
            format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", big(20_000)).into_bytes(),
            vec![400],
        ),
        ("a method of 1 MB", plain(&big(1_000_000), "/", ""), vec![400, 414, 431, 405, 501]),
        ("megabytes of empty lines", "\r\n".repeat(1_000_000).into_bytes(), vec![400, 431]),
    ];
    for (about, bytes, statuses) in cases {
        let heard = send(daemon.address, &bytes);
        assert!(statuses.contains(&heard.only().status), "{about}: {:?}", heard.statuses());
        assert!(heard.closed, "{about}");
    }
    for target in ["/hub", "/api/portals/sample/visit", "/feeds/sample.rss", "/nothing", "/"] {
        for method in ["POST", "PUT", "GET"] {
            let body = "a".repeat(10 * 1024 * 1024);
            let lines = format!("Content-Length: {}\r\n", body.len());
            let heard = send(daemon.address, &[plain(method, target, &lines), body.into_bytes()].concat());
            assert_eq!(heard.only().status, 413, "{method} {target}");
            decent(target, heard.only());
        }
    }
    assert!(reads(daemon.address).as_millis() < 1500);
}

#[test]
fn lists_of_thousands_and_floods_of_ranges_cost_nothing() {
    let home = home("");
    let daemon = started(&home);
    let many = |one: &str, count: usize| vec![one; count].join(",");
    let lines = [
        format!("Range: bytes={}\r\n", many("0-", 1000)),
        format!("Range: bytes={}\r\n", many("0-0,5-", 800)),
        "Range: bytes=9223372036854775807-18446744073709551615\r\n".to_owned(),
        "Range: bytes=-18446744073709551616\r\nIf-Range: \"x\"\r\n".to_owned(),
        format!("Accept-Encoding: {}\r\n", many("gzip;q=0.5", 2500)),
        format!("Accept-Encoding: {}\r\n", ";q=0.001".repeat(3000)),
        format!("If-None-Match: {}\r\n", many("W/\"a\"", 4000)),
        format!("If-None-Match: {}\r\n", "\"".repeat(28_000)),
        format!("If-None-Match: {}\r\n", "W/".repeat(14_000)),
        format!("If-Match: {}, *\r\n", many("\"x\"", 4000)),
        format!("Accept: {}\r\n", many("a/b;q=0.9", 2500)),
        format!("Accept: {}\r\n", ",".repeat(28_000)),
        format!("If-Modified-Since: {}\r\n", "9".repeat(28_000)),
        "If-Modified-Since: Sat, 31 Dec 9999999 99:99:99 GMT\r\n".to_owned(),
        format!("A-IM: {}\r\n", many("feed", 5000)),
        format!("Authorization: Bearer {}\r\n", "a".repeat(28_000)),
        format!("Accept-Language: {}\r\n", many("en;q=0.1", 3000)),
        format!("X-Forwarded-For: {}\r\n", many("1.2.3.4", 3500)),
        format!("Connection: {}\r\n", many("host", 5000)),
        "Content-Length: 0\r\nX-A: \u{fc}\u{fd}\r\n".to_owned(),
    ];
    for line in &lines {
        for target in ["/feeds/sample.rss", "/feeds/sample", "/", "/status.json", "/opml.xml"] {
            let began = std::time::Instant::now();
            let heard = send(daemon.address, &plain("GET", target, line));
            let status = heard.only().status;
            assert!(matches!(status, 200 | 304 | 400 | 406 | 412), "{line:.60} {target}: {status}");
            assert!(began.elapsed().as_millis() < 1500, "{line:.60} {target}: {:?}", began.elapsed());
            decent(target, heard.only());
        }
    }
}

/// Words that mean something to a full-text index, to a database or to a shell.
const WORDS: [&str; 37] = [
    "%22",
    "%22%22",
    "%22%22%22",
    "*",
    "a*",
    "NEAR(",
    "NEAR(a+b,+5)",
    "a+OR",
    "OR",
    "AND",
    "NOT",
    "a+NOT+b",
    "words:a",
    "%7Bwords%7D:a",
    "-a",
    "%5Ea",
    "a%2Bb",
    "(a",
    "a)",
    "(((((",
    "%27",
    "%27;DROP+TABLE+article;--",
    "a%00b",
    "%FF%FE",
    "%F0%9F%98%80",
    "%ED%A0%80",
    "1;SELECT+1",
    "%25%25",
    "_",
    "a%0Ab",
    "%E2%80%8B",
    "a+a+a+a+a+a+a+a+a+a",
    "%28%28a%7Ca%29*%29*b",
    "rank",
    "search+MATCH+a",
    "%5C",
    "%2F(a%2B)%2B%24%2F",
];

#[test]
fn no_query_finds_the_language_behind_the_search() {
    let home = home("");
    let daemon = started(&home);
    let long = "%E5%94%90".repeat(3000);
    for word in WORDS.iter().copied().chain([long.as_str()]) {
        for address in
            ["/search.rss?q=", "/feeds/sample.atom?q=", "/feeds/all.json?q=", "/feeds/sample.rss?tag="]
        {
            let target = format!("{address}{word}");
            let heard = send(daemon.address, &plain("GET", &target, ""));
            let status = heard.only().status;
            assert!(matches!(status, 200 | 400), "{target:.80}: {status} {}", heard.only().text());
            assert!(!heard.only().text().contains("fts5"), "{target:.80}");
            decent("a search", heard.only());
        }
    }
}

#[test]
fn numbers_out_of_all_bounds_name_nothing() {
    let home = home("");
    let daemon = started(&home);
    for limit in [
        "0",
        "-1",
        "201",
        "1e3",
        "0x10",
        "%20",
        "",
        "1,2",
        "NaN",
        "99999999999999999999",
        "+5",
        "5%00",
        "%EF%BC%95",
        "1.0",
    ] {
        let heard = send(daemon.address, &plain("GET", &format!("/feeds/sample.rss?limit={limit}"), ""));
        assert_eq!(heard.only().status, 400, "limit={limit}");
    }
    for page in ["0", "-1", "1e9", "99999999999999999999", "4294967295", "01", "1.rss.rss", "%31"] {
        let heard = send(daemon.address, &plain("GET", &format!("/feeds/sample/archive/{page}.rss"), ""));
        assert!(matches!(heard.only().status, 404 | 410), "archive {page}: {:?}", heard.statuses());
    }
    for number in ["0", "-1", "9223372036854775808", "1e1", "%31%00", "99999999", "NULL"] {
        let heard = send(daemon.address, &plain("GET", &format!("/articles/{number}"), ""));
        assert_eq!(heard.only().status, 404, "article {number}");
    }
}
