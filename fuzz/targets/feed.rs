//! A feed in any state to its items: each address once, titles of one line, the same each time.

#![no_main]

use std::collections::HashSet;

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use tidings::decode::{Hints, decode};
use tidings::discover::{Context, Document, read};
use tidings::model::{Kind, PageUrl, Recipe};

fuzz_target!(|data: &[u8]| {
    let text = decode(data, Hints::default());
    let url = PageUrl::parse("http://city.example/feed.xml").expect("a fixed address");
    let (recipe, now) = (Recipe::default(), DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time"));
    let context = Context { recipe: &recipe, now, zone: None, charset: Some(text.charset), learnt: None };
    let document = Document { text: &text.text, url: &url, content_type: None, kind: Kind::Feed, ways: &[], from: None };
    let found = read(&document, &context);
    let mut seen = HashSet::new();
    for item in &found.items {
        assert!(seen.insert(item.url.key()), "{} stands twice", item.url);
        assert!(!item.title.contains('\n'));
    }
    assert_eq!(found, read(&document, &context));
});
