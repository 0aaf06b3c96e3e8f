//! Paths that climb, methods nobody offers, and what every answer carries.

use super::raw::{Reply, home, plain, send, send_head, started};

/// Ways out of a folder, for the place of a name in an address.
const CLIMBS: [&str; 26] = [
    "../feeds.toml",
    "..%2ffeeds.toml",
    "%2e%2e/feeds.toml",
    "%2e%2e%2ffeeds.toml",
    "..\\feeds.toml",
    "..%5cfeeds.toml",
    "..%255cfeeds.toml",
    "%252e%252e%252ffeeds.toml",
    "....//feeds.toml",
    "..;/feeds.toml",
    "%c0%ae%c0%ae/feeds.toml",
    "%c0%ae%c0%ae%c0%affeeds.toml",
    "%e0%80%ae%e0%80%ae/feeds.toml",
    "..%00/feeds.toml",
    "feeds.toml%00.rss",
    "feeds.toml%00",
    "%00",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "file:%2f%2f%2fetc%2fpasswd",
    "C:%5cWindows%5cwin.ini",
    "../../../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "sample.rss/../../token",
    "%ff%fe",
    "~root/.ssh/id_rsa",
];

/// Where a name may stand.
const BEFORE: [&str; 13] = [
    "/",
    "/feeds/",
    "/feeds/sample/archive/",
    "/portals/",
    "/articles/",
    "/api/portals/",
    "/hub/",
    "/search/",
    "/style.css/",
    "/status.json/",
    "/opml.xml/",
    "/static/",
    "/feeds/tag-",
];

/// An answer tells nothing of the machine and carries what keeps browsers from guessing.
pub(super) fn decent(about: &str, reply: &Reply) {
    let whole = reply.whole();
    for secret in [
        "root:x:",
        "admin_token_file",
        "s3cret",
        ".db",
        "SELECT number",
        "sqlite",
        "/tmp/",
        "src/",
        "panicked",
    ] {
        assert!(!whole.contains(secret), "{about}: {secret:?} in {whole}");
    }
    assert!(reply.header("content-encoding").is_some() || !whole.contains('\u{1b}'), "{about}: {whole}");
    if reply.status >= 400 && !reply.body.is_empty() {
        let kind = reply.header("content-type").unwrap_or_default();
        assert!(kind == "application/problem+json" || kind.starts_with("text/html"), "{about}: {kind}");
    }
    if reply.header("content-type").is_none() && reply.body.is_empty() {
        return;
    }
    for (name, wanted) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("content-security-policy", "default-src 'none'"),
    ] {
        let value = reply.header(name).unwrap_or_default();
        assert!(value.contains(wanted), "{about}: {name} is {value:?}");
    }
    assert!(!reply.header("content-security-policy").unwrap_or_default().contains("unsafe"), "{about}");
    assert!(reply.header("server").is_none() && reply.header("x-powered-by").is_none(), "{about}");
}

#[test]
fn no_path_leads_to_a_file() {
    let home = home("");
    let daemon = started(&home);
    let targets: Vec<String> =
        BEFORE.iter().flat_map(|before| CLIMBS.map(|climb| format!("{before}{climb}"))).collect();
    std::thread::scope(|scope| {
        for share in targets.chunks(targets.len().div_ceil(8)) {
            let address = daemon.address;
            scope.spawn(move || {
                for target in share {
                    let lines = "Accept: text/html\r\n";
                    let heard = send(address, &plain("GET", target, lines));
                    let reply = heard.only();
                    assert!(
                        matches!(reply.status, 400 | 401 | 404 | 405 | 406),
                        "{target}: {}",
                        reply.status
                    );
                    decent(target, reply);
                }
            });
        }
    });
    for climb in CLIMBS {
        let target = format!("/feeds/sample.rss?tag={climb}&q={climb}");
        let heard = send(daemon.address, &plain("GET", &target, ""));
        assert!(matches!(heard.only().status, 200 | 400), "{target}: {}", heard.only().status);
        decent(&target, heard.only());
    }
}

/// What can be read, by its address.
const READABLE: [&str; 17] = [
    "/feeds/sample.rss",
    "/feeds/sample",
    "/feeds/all.json",
    "/feeds/sample/archive/1.rss",
    "/search.rss?q=a",
    "/search?q=a",
    "/status.json",
    "/status.rss",
    "/status.feed.json",
    "/opml.xml",
    "/healthz",
    "/readyz",
    "/metrics",
    "/",
    "/portals/sample",
    "/articles/1",
    "/style.css",
];

#[test]
fn methods_that_are_not_offered_are_refused_with_those_that_are() {
    let home = home("");
    let daemon = started(&home);
    let long = "M".repeat(10_000);
    let methods = [
        "TRACE", "PUT", "DELETE", "PATCH", "POST", "PROPFIND", "MKCOL", "get", "Get", "SEARCH", "PURGE", "X",
        &long,
    ];
    for target in READABLE {
        for method in methods {
            let lines = "Max-Forwards: 0\r\nCookie: secret=7\r\nX-HTTP-Method-Override: GET\r\n";
            let heard = send(daemon.address, &plain(method, target, lines));
            let about = format!("{method:.20} {target}");
            let reply = heard.only();
            assert!(matches!(reply.status, 405 | 501 | 400 | 431), "{about}: {}", reply.status);
            if reply.status == 405 {
                let allowed = reply.header("allow").unwrap_or_default();
                assert!(allowed.contains("GET") && allowed.contains("HEAD"), "{about}: Allow is {allowed:?}");
            }
            assert!(!reply.whole().contains("secret=7"), "{about}");
            decent(&about, reply);
        }
        let heard = send(daemon.address, &plain("OPTIONS", target, ""));
        let reply = heard.only();
        assert!(matches!(reply.status, 200 | 204), "OPTIONS {target}: {}", reply.status);
        assert_eq!(reply.header("allow"), Some("GET, HEAD, OPTIONS"), "{target}");
        let whole = send(daemon.address, &plain("GET", target, ""));
        let head = send_head(daemon.address, &plain("HEAD", target, ""));
        assert_eq!(head.only().status, whole.only().status, "HEAD {target}");
        decent(target, whole.only());
    }
    for (method, target) in [("GET", "/hub"), ("PUT", "/hub"), ("DELETE", "/hub"), ("OPTIONS", "/hub")] {
        let heard = send(daemon.address, &plain(method, target, ""));
        assert!(matches!(heard.only().status, 204 | 405), "{method} {target}: {}", heard.only().status);
        assert!(heard.only().header("allow").unwrap_or_default().contains("POST"), "{method} {target}");
    }
    for (method, target) in [
        ("OPTIONS", "*"),
        ("CONNECT", "a.example:443"),
        ("CONNECT", "/"),
        ("TRACE", "/nothing"),
        ("GET", "*"),
    ] {
        let heard = send(daemon.address, &plain(method, target, ""));
        let reply = heard.only();
        assert!(
            matches!(reply.status, 200 | 204 | 400 | 404 | 405 | 501),
            "{method} {target}: {}",
            reply.status
        );
        decent(method, reply);
    }
    assert_eq!(daemon.get("/healthz").status, 200);
}
