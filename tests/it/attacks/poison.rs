//! Links come from the configuration: nothing a request says of hosts and schemes comes back in any answer.

use super::raw::{home, plain, send, started};

const POISON: &str = "evil-poison.example";

fn targets(article: &str) -> Vec<String> {
    let feeds = ["sample", "all", "tag-town", "status"];
    let mut targets: Vec<String> = feeds
        .iter()
        .filter(|name| **name != "status")
        .flat_map(|name| ["", ".rss", ".atom", ".json"].map(|end| format!("/feeds/{name}{end}")))
        .collect();
    targets.extend(
        [
            "/",
            "/portals/sample",
            "/portals/none",
            "/opml.xml",
            "/status.json",
            "/status.rss",
            "/status.atom",
            "/status.feed.json",
            "/search.rss?q=town",
            "/search?q=town",
            "/feeds/sample/archive/1.rss",
            "/feeds/sample.rss?limit=3",
            "/healthz",
            "/readyz",
            "/metrics",
            "/style.css",
            "/hub",
            "/api",
            "/none",
            "/feeds/sample/",
            "//feeds/sample",
            "/portals",
            "/feeds",
            "/portals/",
            "/index.html",
        ]
        .map(str::to_owned),
    );
    targets.push(article.to_owned());
    targets
}

#[test]
fn no_answer_repeats_a_host_or_scheme_of_the_request() {
    let home = home("");
    let daemon = started(&home);
    let page = daemon.get("/").text();
    let at = page.find("/articles/").expect("a link to an article");
    let article: String = page[at..].chars().take_while(|c| *c != '"').collect();
    let port = daemon.address.port();
    let headers = format!(
        "X-Forwarded-Host: {POISON}\r\nX-Forwarded-Proto: gopher-poison\r\nX-Forwarded-Port: 6\r\n\
         X-Forwarded-Prefix: /{POISON}\r\nX-Forwarded-For: {POISON}\r\nX-Real-IP: {POISON}\r\nX-Host: {POISON}\r\n\
         X-Original-URL: /{POISON}\r\nX-Rewrite-URL: /{POISON}\r\nX-HTTP-Host-Override: {POISON}\r\n\
         X-Original-Host: {POISON}\r\nForwarded: for={POISON};host={POISON};proto=gopher-poison\r\n\
         Origin: http://{POISON}\r\nReferer: http://{POISON}/\r\nFrom: a@{POISON}\r\nCookie: a={POISON}\r\n\
         X-Forwarded-Scheme: gopher-poison\r\nFront-End-Https: on\r\nX-HTTP-Method-Override: DELETE\r\n"
    );
    for target in targets(&article) {
        for accept in ["*/*", "text/html", "application/atom+xml"] {
            let hosts = [
                format!("GET {target} HTTP/1.1\r\nHost: {POISON}\r\n"),
                format!("GET {target} HTTP/1.1\r\nHost: {POISON}:{port}\r\n"),
                format!("GET http://{POISON}{target} HTTP/1.1\r\nHost: {POISON}\r\n"),
            ];
            for head in hosts {
                let bytes = format!("{head}Connection: close\r\nAccept: {accept}\r\n{headers}\r\n");
                let heard = send(daemon.address, bytes.as_bytes());
                let reply = heard.only();
                let whole = reply.whole();
                assert!(
                    !whole.contains("evil-poison") && !whole.contains("gopher-poison"),
                    "{target}: {whole}"
                );
                assert!(!(300..304).contains(&reply.status), "{target}: {:?}", reply.headers);
            }
        }
    }
    // and nothing of it is kept for the next reader
    for target in targets(&article) {
        let heard = send(daemon.address, &plain("GET", &target, ""));
        assert!(!heard.only().whole().contains("poison"), "{target}");
    }
    assert!(!daemon.log().contains("poison"), "{}", daemon.log());
}
