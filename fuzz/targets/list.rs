//! A list page to its items: each address once, each with a title, the same each time.

#![no_main]

use std::collections::HashSet;

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use tidings::discover::{Context, list};
use tidings::model::{PageUrl, Recipe};
use tidings::page::Page;

fuzz_target!(|data: &str| {
    let url = PageUrl::parse("http://city.example/news/").expect("a fixed address");
    let page = Page::parse(data, url);
    let (recipe, now) = (Recipe::default(), DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time"));
    let context = Context { recipe: &recipe, now, zone: None, charset: None, learnt: None };
    let found = list(&page, &context);
    let mut seen = HashSet::new();
    for item in &found.items {
        assert!(seen.insert(item.url.as_str()), "{} stands twice", item.url);
        assert!(!item.title.trim().is_empty() && !item.title.contains('\n'));
    }
    assert_eq!(found, list(&page, &context));
});
