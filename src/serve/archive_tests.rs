//! Parts of feeds as clients and caches meet them: archive pages, searches, the newest few.

use super::fixture::{Running, article, later};

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_page_is_kept_for_long_only_when_it_is_fixed() {
    let server = Running::start().await;
    server.publish("town", (10..80).map(|n| article("town", n)).collect()).await;
    let cached = async |path: &str| {
        let answer = server.get(path, &[]).await;
        let count = answer.body().matches("<item>").count();
        (answer.status(), answer.header("cache-control").unwrap_or_default().to_owned(), count)
    };
    let long = "public, max-age=86400, stale-if-error=86400";
    let short = "public, max-age=600, stale-if-error=86400";
    let is = |status, cache: &str, count| (status, cache.to_owned(), count);
    // asked for before its feed: that is made first, and fills it
    assert_eq!(cached("/feeds/town/archive/1.rss").await, is(200, short, 25));
    assert_eq!(cached("/feeds/town/archive/1.rss?upto=25").await, is(200, long, 25));
    for none in ["26", "50", "51", "0"] {
        let path = format!("/feeds/town/archive/1.rss?upto={none}");
        assert_eq!(cached(&path).await, is(404, "no-store", 0), "{none}");
    }
    later(&server.clock, 600);
    server.publish("town", (100..140).map(|n| article("town", n)).collect()).await;
    assert_eq!(cached("/feeds/town/archive/1.rss").await, is(200, long, 50));
    assert_eq!(cached("/feeds/town/archive/1.rss?upto=26").await, is(200, long, 26));
    assert_eq!(cached("/feeds/town/archive/2.rss").await, is(200, short, 15));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_feed_has_a_tag_and_no_time() {
    let server = Running::start().await;
    server.publish("town", (10..80).map(|n| article("town", n)).collect()).await;
    let new = "Sun, 01 Jan 2040 00:00:00 GMT";
    for path in ["/feeds/town.rss?limit=2", "/search.rss?q=x", "/feeds/town/archive/1.rss"] {
        let answer = server.get(path, &[("If-Modified-Since", new)]).await;
        assert_eq!((answer.status(), answer.header("last-modified")), (200, None), "{path}");
        let etag = answer.header("etag").unwrap();
        assert_eq!(server.get(path, &[("If-None-Match", etag)]).await.status(), 304, "{path}");
    }
    assert_eq!(server.get("/feeds/town.rss", &[("If-Modified-Since", new)]).await.status(), 304);
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_negotiated_names_itself() {
    let server = Running::start().await;
    server.publish("town", (10..80).map(|n| article("town", n)).collect()).await;
    for (path, place) in [
        ("/feeds/town", "/feeds/town.rss"),
        ("/feeds/town?utm=x&limit=5", "/feeds/town.rss?limit=5"),
        ("/search?q=a+b", "/search.rss?q=a%20b"),
        ("/feeds/town/archive/1", "/feeds/town/archive/1.rss"),
        ("/feeds/town/archive/1?upto=7", "/feeds/town/archive/1.rss?upto=7"),
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!((answer.status(), answer.header("content-location")), (200, Some(place)), "{path}");
    }
    server.end().await;
}
