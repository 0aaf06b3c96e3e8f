//! Feeds and lists of subscriptions as weapons: document types, entities, depth and size resolve to nothing and end soon.

use std::time::{Duration, Instant};

use chrono::DateTime;
use tidings::discover::{Context, Document, Listing, read};
use tidings::model::{Kind, PageUrl, Recipe};
use tidings::render::read_opml;

/// Nothing here needs more, not optimised and beside other tests.
const PATIENCE: Duration = Duration::from_secs(10);

fn feed(text: &str) -> Listing {
    let (url, recipe) = (PageUrl::parse("http://town.example/feed").unwrap(), Recipe::default());
    let now = DateTime::from_timestamp(1_615_430_000, 0).unwrap();
    let context = Context { recipe: &recipe, now, zone: None, charset: None, learnt: None };
    let began = Instant::now();
    let listing = read(
        &Document { text, url: &url, content_type: None, kind: Kind::Feed, ways: &[], from: None },
        &context,
    );
    assert!(began.elapsed() < PATIENCE, "{:?} for {}", began.elapsed(), &text[..60.min(text.len())]);
    listing
}

fn rss(head: &str, title: &str) -> String {
    let item = format!("<item><title>{title}</title><link>http://town.example/1</link></item>");
    format!(
        "<?xml version=\"1.0\"?>{head}<rss version=\"2.0\"><channel><title>t</title>{item}</channel></rss>"
    )
}

/// Entities that each stand for ten of the one before.
fn laughs() -> String {
    let mut types = "<!DOCTYPE rss [<!ENTITY l0 \"laugh\">".to_owned();
    for n in 1..=9 {
        let ten = format!("&l{};", n - 1).repeat(10);
        types += &format!("<!ENTITY l{n} \"{ten}\">");
    }
    types + "]>"
}

#[test]
fn no_entity_of_a_document_type_is_resolved() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "the words of a file").unwrap();
    let path = secret.path().display();
    let outside = format!("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file://{path}\">]>");
    let by_parameter = format!("<!DOCTYPE rss [<!ENTITY % p SYSTEM \"file://{path}\"> %p;]>");
    for (head, title, never) in [
        (laughs(), "a &l9; b", "laugh"),
        (outside, "a &x; b", "the words of a file"),
        (by_parameter, "a &x; b", "the words of a file"),
        (format!("<!DOCTYPE rss SYSTEM \"file://{path}\">"), "a &x; b", "the words of a file"),
    ] {
        let listing = feed(&rss(&head, title));
        let told = format!("{listing:?}");
        assert!(!told.contains(never), "{told}");
        assert!(listing.items.len() <= 1 && told.len() < 100_000);
        // OPML is read by another reader
        let opml = format!(
            "<?xml version='1.0'?>{head}<opml version='2.0'><body><outline text='{title}' xmlUrl='http://a.example/'/></body></opml>"
        );
        let told = format!("{:?}", read_opml(&opml));
        assert!(!told.contains(never) && told.len() < 100_000, "{told}");
    }
    // HTML's own names are what they are
    let listing = feed(&rss("", "Caf&#233; &amp; Bar"));
    assert_eq!(listing.items[0].title, "Café & Bar");
}

#[test]
fn depth_and_size_end_soon() {
    let deep = "<a>".repeat(200_000);
    feed(&rss("", &deep));
    feed(&format!("<rss version=\"2.0\"><channel>{deep}"));
    let _ = read_opml(&format!("<opml version='2.0'><body>{}", "<outline text='a'>".repeat(200_000)));
    let items: String = (0..20_000)
        .map(|n| format!("<item><title>t{n}</title><link>http://town.example/{n}</link></item>"))
        .collect();
    let listing = feed(&format!("<rss version=\"2.0\"><channel>{items}</channel></rss>"));
    assert!((1..=500).contains(&listing.items.len()) && !listing.notes.is_empty());
    feed(&format!("{{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": {}", "[".repeat(200_000)));
    feed(&rss("", &"&amp;".repeat(500_000)));
}
