//! Bytes to an article: nothing that runs gets through, and cleaning twice is cleaning once.

#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use tidings::decode::{Hints, decode};
use tidings::model::{PageUrl, Recipe};
use tidings::page::Page;
use tidings::{extract, normalise};

fuzz_target!(|data: &[u8]| {
    let text = decode(data, Hints::default());
    let url = PageUrl::parse("http://city.example/news/20210311/7.html").expect("a fixed address");
    let page = Page::parse(&text.text, url);
    let (recipe, now) = (Recipe::default(), DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time"));
    let context = extract::Context { charset: Some(text.charset), ..extract::Context::new(&recipe, now) };
    let (draft, _) = extract::article(&page, &context);
    assert_eq!(draft, extract::article(&page, &context).0);
    let Ok((article, _)) = normalise::article(draft) else { return };
    assert!(!article.title.trim().is_empty());
    assert!(article.text.lines().all(|line| !line.trim().is_empty()));
    let page = Page::parse(&article.html, article.url.clone());
    for node in page.body().descendants() {
        assert!(!matches!(node.name(), "script" | "style" | "iframe" | "object" | "form" | "svg"), "{}", node.name());
        for (name, value) in node.attrs() {
            assert!(!name.starts_with("on") && !value.trim_start().starts_with("javascript:"), "{name}={value}");
        }
    }
});
