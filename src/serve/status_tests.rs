//! The feed of sick portals, as readers meet it.

use crate::model::{Class, Fault};

use super::fixture::{Running, later, url};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_sick_is_a_feed_of_its_own() {
    let server = Running::start().await;
    let paths = [
        ("/status.rss", "application/rss+xml; charset=utf-8"),
        ("/status.atom", "application/atom+xml; charset=utf-8"),
        ("/status.feed.json", "application/feed+json"),
    ];
    let index = server.get("/", &[]).await;
    let articles = server.get("/feeds/town.atom", &[]).await;
    let empty = server.get("/status.atom", &[]).await;
    for (path, kind) in paths {
        let answer = server.get(path, &[]).await;
        assert_eq!((answer.status(), answer.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=60, stale-if-error=86400"));
        assert!(answer.body().contains(&format!("https://feeds.example{path}")), "{}", answer.body());
        assert!(index.body().contains(&format!("href=\"{path}\" title=\"Sick portals")), "{path}");
    }
    later(&server.clock, 600);
    let detail = "no answer within 30 s & <less>".to_owned();
    let fault = Fault { class: Class::Timeout, detail, url: Some(url("http://town.example/?a=1&b=2")) };
    server.visited("town", Vec::new(), Some(fault)).await;
    let broke = server.get("/status.atom", &[]).await;
    let held = [("If-None-Match", empty.header("etag").unwrap())];
    assert_eq!(server.get("/status.atom", &held).await.status(), 200);
    for told in [
        "<id>tag:feeds.example,2026:status/1/broke</id>",
        "小城 town is broken: timeout",
        "<published>2026-11-23T05:50:00+00:00</published>",
        "last good visit was on 2026-11-23 at 05:40 UTC",
        "raise `fetch.timeout`",
        "href=\"https://feeds.example/portals/town\"",
    ] {
        assert!(broke.body().contains(told), "{told} is not in {}", broke.body());
    }
    assert_eq!(server.get("/feeds/town.atom", &[]).await.body(), articles.body());
    later(&server.clock, 7200);
    server.publish("town", Vec::new()).await;
    let json: serde_json::Value =
        serde_json::from_str(server.get("/status.feed.json", &[]).await.body()).unwrap();
    assert_eq!(json["items"][0]["id"], "tag:feeds.example,2026:status/1/recovered");
    assert_eq!(json["items"][0]["title"], "小城 town has recovered");
    assert_eq!(json["items"][1]["id"], "tag:feeds.example,2026:status/1/broke");
    let one = server.get("/status.rss?limit=1&tag=broke", &[]).await;
    assert_eq!(one.body().matches("<item>").count(), 1);
    for (path, status) in [
        ("/feeds/status.rss", 404),
        ("/status.rss?limit=0", 400),
        ("/feeds/status/archive/1.rss", 404),
        ("/status.xml", 404),
    ] {
        assert_eq!(server.get(path, &[]).await.status(), status, "{path}");
    }
    let last = server.get("/status.atom", &[]).await;
    let again = Running::start_in(server.end().await).await;
    assert_eq!(again.get("/status.atom", &[]).await.body(), last.body());
    let held = [("If-None-Match", last.header("etag").unwrap())];
    assert_eq!(again.get("/status.atom", &held).await.status(), 304);
    again.end().await;
}
