//! An API's answer in any state to its items: each address once, each with a title, so many at most, the same each time;
//! and what is said of the next page leads elsewhere.

#![no_main]

use std::collections::HashSet;

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use tidings::data;
use tidings::decode::{Hints, decode};
use tidings::discover::{Context, Document, read};
use tidings::model::{Kind, PageUrl, Recipe};

fuzz_target!(|data: &[u8]| {
    let text = decode(data, Hints::default());
    if let Some((_, length)) = data::value(&text.text) {
        assert!(length <= text.text.len());
    }
    let url = PageUrl::parse("http://city.example/api/list?pageNo=1").expect("a fixed address");
    let (recipe, now) = (Recipe::default(), DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time"));
    let context = Context { recipe: &recipe, now, zone: None, charset: Some(text.charset), learnt: None };
    let document = Document { text: &text.text, url: &url, content_type: None, kind: Kind::Json, ways: &[], from: None };
    let found = read(&document, &context);
    assert!(found.items.len() <= 500);
    assert!(found.next.as_ref() != Some(&url));
    let mut seen = HashSet::new();
    for item in &found.items {
        assert!(seen.insert(item.url.key()), "{} stands twice", item.url);
        assert!(!item.title.trim().is_empty() && !item.title.contains('\n'));
    }
    assert_eq!(found, read(&document, &context));
});
