//! A page in any state to what its scripts hold and name: no panic, so much at most, the same each time.

#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use tidings::discover::{Context, Document, read};
use tidings::model::{Kind, PageUrl, Recipe};
use tidings::page::Page;
use tidings::{data, extract};

fuzz_target!(|data: &str| {
    let url = PageUrl::parse("http://city.example/news/").expect("a fixed address");
    let (recipe, now) = (Recipe::default(), DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time"));
    let context = Context { recipe: &recipe, now, zone: None, charset: None, learnt: None };
    for document in [data.to_owned(), format!("<html><body><div id=app></div><script>{data}</script>")] {
        let document = Document { text: &document, url: &url, content_type: None, kind: Kind::Auto, ways: &[], from: None };
        let found = read(&document, &context);
        assert!(found.items.len() <= 500 && found.parts.len() <= 8);
        assert!(found.parts.iter().all(|part| part != &url));
        assert_eq!(found, read(&document, &context));
        let page = Page::parse(document.text, url.clone());
        assert!(data::islands(&page, true).len() <= 40 && data::patterns(&page).len() <= 16);
        let _ = extract::article(&page, &extract::Context::new(&recipe, now));
    }
    for pattern in data::patterns_of(data) {
        let written = pattern.written();
        assert_eq!(data::Pattern::parse(&written).map(|again| again.written()), Some(written));
    }
});
