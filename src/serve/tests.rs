//! The server as clients meet it: bytes in, bytes out.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::fixture::{Running, TOKEN, article, later};

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_served_in_every_format_with_all_that_caches_need() {
    let server = Running::start().await;
    for (path, kind) in [
        ("/feeds/town.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/town.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/all.json", "application/feed+json"),
        ("/feeds/empty.rss", "application/rss+xml; charset=utf-8"),
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(kind));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=600, stale-if-error=86400"));
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert!(answer.header("last-modified").is_some() && answer.header("date").is_some());
        assert_eq!(answer.header("content-length"), Some(answer.body().len().to_string().as_str()));
        let etag = answer.header("etag").unwrap();
        assert_eq!(server.get(path, &[("If-None-Match", etag)]).await.status(), 304, "{path}");
        let head = server.request("HEAD", path, &[]).await;
        assert_eq!((head.status(), head.body(), head.header("etag")), (200, "", Some(etag)));
        assert_eq!(head.header("content-length"), answer.header("content-length"));
    }
    let rss = server.get("/feeds/town.rss", &[]).await;
    assert_eq!(rss.header("last-modified"), Some("Mon, 23 Nov 2026 05:40:00 GMT"));
    assert_eq!(rss.body().matches("<item>").count(), 5);
    assert!(rss.body().contains("href=\"https://feeds.example/feeds/town.rss\""));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_coding_has_its_own_tag_and_length() {
    let server = Running::start().await;
    let mut tags = vec![server.get("/feeds/town.rss", &[]).await.header("etag").unwrap().to_owned()];
    for coding in ["gzip", "br", "zstd"] {
        let answer = server.get("/feeds/town.rss", &[("Accept-Encoding", coding)]).await;
        assert_eq!(answer.header("content-encoding"), Some(coding));
        let etag = answer.header("etag").unwrap().to_owned();
        let again = [("Accept-Encoding", coding), ("If-None-Match", etag.as_str())];
        assert_eq!(server.get("/feeds/town.rss", &again).await.status(), 304);
        assert!(!tags.contains(&etag));
        tags.push(etag);
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_is_served_at_once_and_no_news_changes_no_byte() {
    let server = Running::start().await;
    let before = server.get("/feeds/town.atom", &[]).await;
    later(&server.clock, 600);
    server.publish("town", vec![article("town", 1)]).await;
    let same = server.get("/feeds/town.atom", &[]).await;
    assert_eq!((same.body(), same.header("last-modified")), (before.body(), before.header("last-modified")));
    server.publish("town", vec![article("town", -1)]).await;
    let after = server.get("/feeds/town.atom", &[]).await;
    assert!(after.body().contains("第-1篇") && after.header("etag") != before.header("etag"));
    assert!(server.get("/feeds/all.rss", &[]).await.body().contains("第-1篇"));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_changes_no_byte_and_no_date() {
    let server = Running::start().await;
    let paths = ["/feeds/town.rss", "/feeds/empty.atom", "/feeds/all.json"];
    let mut before = Vec::new();
    for path in paths {
        before.push(server.get(path, &[]).await);
    }
    later(&server.clock, 7200);
    let again = Running::start_in(server.end().await).await;
    for (path, before) in paths.iter().zip(before) {
        let after = again.get(path, &[]).await;
        for header in ["etag", "last-modified"] {
            assert_eq!(after.header(header), before.header(header), "{path} {header}");
        }
        assert_eq!(after.body(), before.body());
    }
    again.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_narrowed_negotiated_and_refused() {
    let server = Running::start().await;
    let two = server.get("/feeds/town.rss?limit=2", &[]).await;
    assert_eq!(two.body().matches("<item>").count(), 2);
    assert!(two.body().contains("href=\"https://feeds.example/feeds/town.rss?limit=2\""), "{}", two.body());
    let tagged = server.get("/feeds/all.rss?tag=%E6%95%99%E8%82%B2&utm_source=x", &[]).await;
    assert_eq!(tagged.body().matches("<item>").count(), 2);
    for (path, accept, status, kind) in [
        ("/feeds/town", "*/*", 200, "application/rss+xml; charset=utf-8"),
        ("/feeds/town", "application/atom+xml", 200, "application/atom+xml; charset=utf-8"),
        ("/feeds/town", "application/feed+json", 200, "application/feed+json"),
        ("/feeds/town", "image/png", 406, "application/problem+json"),
        ("/feeds/town.rss", "image/png", 200, "application/rss+xml; charset=utf-8"),
        ("/feeds/town.rss?limit=0", "*/*", 400, "application/problem+json"),
        ("/feeds/town.rss?limit=201", "*/*", 400, "application/problem+json"),
        ("/feeds/town.rss?q=", "*/*", 400, "application/problem+json"),
        ("/feeds/town.rss?q=x", "*/*", 200, "application/rss+xml; charset=utf-8"),
        ("/search.rss?q=x", "*/*", 200, "application/rss+xml; charset=utf-8"),
        ("/search?q=x", "application/atom+xml", 200, "application/atom+xml; charset=utf-8"),
        ("/search.rss", "*/*", 400, "application/problem+json"),
        ("/feeds/search.rss?q=x", "*/*", 404, "application/problem+json"),
        ("/feeds/town/archive/1.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/town/archive/x.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/town/archive/0.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/nobody/archive/1.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/tag-nowhere.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/%ff.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/nobody.rss", "*/*", 404, "application/problem+json"),
        ("/feeds/town.xml", "*/*", 404, "application/problem+json"),
        ("/feeds/nobody.rss", "text/html,*/*;q=0.8", 404, "text/html; charset=utf-8"),
        ("/feeds/..%2ftown.rss", "*/*", 404, "application/problem+json"),
        ("/nothing", "*/*", 404, "application/problem+json"),
    ] {
        let answer = server.get(path, &[("Accept", accept)]).await;
        assert_eq!((answer.status(), answer.header("content-type")), (status, Some(kind)), "{path} {accept}");
    }
    let negotiated = server.get("/feeds/town", &[]).await;
    assert_eq!(negotiated.header("vary"), Some("Accept, Accept-Encoding"));
    assert_eq!(negotiated.header("content-location"), Some("/feeds/town.rss"));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_told_what_is_allowed() {
    let server = Running::start().await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "BREW"] {
        let answer = server.request(method, "/feeds/town.rss", &[]).await;
        assert_eq!(answer.status(), 405, "{method}");
        assert!(answer.header("allow").unwrap().contains("GET"), "{}", answer.0);
    }
    let preflight = [("Origin", "https://reader.example"), ("Access-Control-Request-Method", "GET")];
    let answer = server.request("OPTIONS", "/feeds/town.rss", &preflight).await;
    assert_eq!(answer.status(), 204);
    assert!(answer.header("access-control-allow-headers").unwrap().contains("If-None-Match"));
    assert_eq!(server.request("OPTIONS", "/", &[]).await.header("allow"), Some("GET, HEAD, OPTIONS"));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_asked_for_with_the_token_only() {
    let server = Running::start().await;
    let path = "/api/portals/town/visit";
    let bearer = format!("Bearer {TOKEN}");
    let right = ("Authorization", bearer.as_str());
    for (method, path, headers, status) in [
        ("POST", path, vec![], 401),
        ("POST", path, vec![("Authorization", "Bearer wrong")], 401),
        ("POST", path, vec![("Authorization", TOKEN)], 401),
        ("POST", path, vec![right, ("Authorization", "Bearer wrong")], 401),
        ("POST", path, vec![right, ("Sec-Fetch-Site", "cross-site")], 403),
        ("POST", path, vec![right, ("Origin", "https://evil.example")], 403),
        ("POST", path, vec![right, ("Origin", "null")], 403),
        ("GET", path, vec![right], 405),
        ("POST", "/api/portals/nobody/visit", vec![right], 404),
        ("POST", "/api/other", vec![right], 404),
        ("GET", "/api", vec![], 401),
        (
            "POST",
            path,
            vec![right, ("Origin", "https://feeds.example"), ("Sec-Fetch-Site", "same-origin")],
            202,
        ),
    ] {
        let answer = server.request(method, path, &headers).await;
        assert_eq!(answer.status(), status, "{method} {path} {headers:?}");
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    }
    // the planner was told: the permit is there
    tokio::time::timeout(Duration::from_secs(5), server.wake.notified()).await.unwrap();
    let public = server.state.public();
    let settings = super::Settings { admin_token: None, ..public.settings.clone() };
    server.state.reload(settings, public.place.clone()).await;
    for path in ["/api", path, "/api/x"] {
        assert_eq!(server.request("POST", path, &[right]).await.status(), 404);
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ambiguous_requests_get_one_refusal_and_the_connection_ends() {
    let server = Running::start().await;
    let path = "GET /feeds/town.rss HTTP/1.1\r\n";
    let hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    for (head, status) in [
        (format!("{path}\r\n{hidden}"), 400),
        (format!("{path}Host: a\r\nHost: b\r\n\r\n{hidden}"), 400),
        (format!("{path}Host: a b\r\n\r\n{hidden}"), 400),
        (
            format!(
                "{path}Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}"
            ),
            411,
        ),
        (
            format!(
                "{path}Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n{hidden}"
            ),
            411,
        ),
        (format!("{path}Host: a\r\nTransfer-Encoding: gzip\r\n\r\n{hidden}"), 400),
        (format!("{path}Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n{hidden}"), 400),
        (format!("{path}Host: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd{hidden}"), 400),
        (format!("{path}Host: a\r\nContent-Length: -1\r\n\r\n{hidden}"), 400),
        (format!("{path}Host: a\r\nContent-Length: 99999999\r\n\r\n"), 413),
        (format!("{path}Host : a\r\n\r\n{hidden}"), 400),
        (format!("{path}Host: a\r\nX: a\u{0}b\r\n\r\n{hidden}"), 400),
        ("\u{16}\u{3}\u{1}\u{2}\r\n\r\n".to_owned(), 400),
        (format!("{path}Host: a\r\nX-Big: {}\r\n\r\n", "a".repeat(300_000)), 431),
        (format!("{path}Host: a\r\n{}\r\n", "X: y\r\n".repeat(100)), 431),
    ] {
        let answer = server.exchange(head.as_bytes()).await;
        let shown: String = head.chars().take(90).collect();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")) || answer.is_empty() && status == 431,
            "{shown:?}: {answer}"
        );
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{shown:?}: {answer}");
    }
    for (head, status) in [
        ("GET /feeds/town.rss HTTP/1.0\r\n\r\n".to_owned(), 200),
        ("GET http://feeds.example/feeds/town.rss HTTP/1.1\r\nHost: feeds.example\r\nConnection: close\r\n\r\n".to_owned(), 200),
        (format!("GET /{} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "a".repeat(20_000)), 404),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(), 404),
    ] {
        let answer = server.exchange(head.as_bytes()).await;
        assert_eq!(answer.get(9..12), Some(status.to_string().as_str()), "{answer:.300}");
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_come_from_the_configuration_and_never_from_the_request() {
    let server = Running::start().await;
    let poison = [
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "gopher"),
        ("Forwarded", "host=evil.example"),
    ];
    for path in ["/", "/feeds/town.rss", "/opml.xml", "/portals/town", "/status.json"] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n");
        let lines: String = poison.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let answer = server.exchange(format!("{head}{lines}\r\n").as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("evil.example"), "{answer}");
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_feeds_portals_and_articles() {
    let server = Running::start().await;
    let index = server.get("/", &[("Accept", "text/html")]).await;
    assert_eq!(index.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(index.header("content-security-policy").unwrap().contains("default-src 'none'"));
    for part in [
        "<html lang=\"en\">",
        "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/feeds/town.atom\" title=\"小城 town (Atom)\">",
        "<link rel=\"outline\" type=\"text/x-opml\" href=\"/opml.xml\"",
        "A &#38; B &#60;一期&#62;",
    ] {
        assert!(index.body().contains(part), "{part} is not in {}", index.body());
    }
    let portal = server.get("/portals/town", &[]).await;
    assert!(portal.body().contains("http://town.example/news/") && portal.body().contains("第4篇"));
    let number = index.body().split("/articles/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let article = server.get(&format!("/articles/{number}"), &[]).await;
    assert!(
        article.body().contains("<p>第0篇：公园占地 12 公顷") && article.body().contains("How it was read")
    );
    // the newest of them is withdrawn
    server.withdraw("town", &super::fixture::article("town", 0)).await;
    let atom = server.get("/feeds/town.atom", &[]).await;
    assert!(atom.body().contains("<at:deleted-entry ref=\"tag:localhost,"), "{}", atom.body());
    let gone = server.get(&format!("/articles/{number}"), &[]).await;
    assert_eq!(gone.status(), 410, "{}", gone.body());
    for path in ["/portals/nobody", "/articles/0", "/articles/999999", "/articles/x", "/articles/-1"] {
        assert_eq!(server.get(path, &[]).await.status(), 404, "{path}");
    }
    assert_eq!(server.get("/style.css", &[]).await.header("content-type"), Some("text/css; charset=utf-8"));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_is_told_to_people_and_machines() {
    let server = Running::start().await;
    let status = server.get("/status.json", &[]).await;
    let whole: serde_json::Value = serde_json::from_str(status.body()).unwrap();
    assert_eq!(whole["now"], "2026-11-23T05:40:00Z");
    let town = &whole["portals"][0];
    assert_eq!((&town["name"], &town["state"], &town["articles"]), (&"town".into(), &"ok".into(), &5.into()));
    assert_eq!((&town["error"], &town["last"]["new"]), (&serde_json::Value::Null, &5.into()));
    assert_eq!(whole["portals"][1]["state"], "pending");
    assert_eq!(server.get("/healthz", &[]).await.status(), 200);
    assert_eq!(server.get("/readyz", &[]).await.status(), 200);
    let metrics = server.get("/metrics", &[]).await;
    assert!(metrics.body().contains("tidings_portals{state=\"ok\"} 1"), "{}", metrics.body());
    assert!(metrics.body().contains("tidings_http_requests_total{route=\"/healthz\",status=\"200\"} 1"));
    let opml = server.get("/opml.xml", &[]).await;
    assert!(opml.body().contains("xmlUrl=\"https://feeds.example/feeds/town.rss\""));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_answers_who_waits_and_ends() {
    let server = Running::start().await;
    let mut kept = TcpStream::connect(server.address).await.unwrap();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut buffer = [0; 1024];
    assert!(kept.read(&mut buffer).await.unwrap() > 0);
    let mut waiting = Vec::new();
    for _ in 0..20 {
        waiting.push(TcpStream::connect(server.address).await.unwrap());
    }
    server.stop.request();
    for stream in &mut waiting {
        stream.write_all(b"GET /feeds/town.rss HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer:.200}");
    }
    assert_eq!(kept.read(&mut buffer).await.unwrap(), 0, "an idle connection is closed");
    let address = server.address;
    server.end().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_asks_so_gets_only_what_it_lacks() {
    let server = Running::start().await;
    let mut number = -10;
    for (path, item) in
        [("/feeds/town.rss", "<item>"), ("/feeds/town.atom", "<entry>"), ("/feeds/town.json", "\"id\":")]
    {
        let before = server.get(path, &[]).await;
        let etag = before.header("etag").unwrap().to_owned();
        let asks = [("A-IM", "feed"), ("If-None-Match", etag.as_str())];
        assert_eq!(server.get(path, &asks).await.status(), 304, "{path}");
        later(&server.clock, 600);
        number -= 1;
        server.publish("town", vec![article("town", number)]).await;
        let part = server.get(path, &asks).await;
        assert_eq!((part.status(), part.header("im")), (226, Some("feed")), "{path}");
        assert_eq!(part.header("cache-control"), Some("no-store"));
        assert!(part.header("vary").unwrap().contains("A-IM"));
        assert_eq!(part.body().matches(item).count(), 1, "{}", part.body());
        let whole = server.get(path, &[("If-None-Match", etag.as_str())]).await;
        assert_eq!((whole.status(), whole.header("etag")), (200, part.header("etag")));
        assert!(whole.body().matches(item).count() > 1);
        let unknown = [("A-IM", "feed"), ("If-None-Match", "\"no-such\"")];
        assert_eq!(server.get(path, &unknown).await.status(), 200);
    }
    server.end().await;
}
