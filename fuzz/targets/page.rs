//! Markup to a tree: bounded in nodes and depth, and every question about it has an answer.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::model::PageUrl;
use tidings::page::Page;

fuzz_target!(|data: &str| {
    let url = PageUrl::parse("http://city.example/a/b.html").expect("a fixed address");
    let page = Page::parse(data, url);
    let mut order = None;
    for node in page.root().descendants() {
        assert!(node.depth() <= 512 && Some(node.order()) > order);
        // what a template holds is a document of its own
        assert!(node.parent().is_none_or(|parent| parent.holds(node)));
        let (measure, parent) = (node.measure(), node.parent().map(|parent| parent.measure()));
        assert!(measure.linked <= measure.text && parent.is_none_or(|parent| measure.text <= parent.text));
        order = Some(node.order());
    }
    assert!(!page.body().lines().iter().any(|line| line.trim().is_empty() || line.contains('\n')));
    let _ = (page.title(), page.lang(), page.language(), page.canonical(), page.json_ld(), page.metas().count());
    // what it writes is read as the same text
    if page.notes().is_empty() {
        let _ = page.root().outer_html();
    }
});
