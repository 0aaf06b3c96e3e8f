//! Pages as readers ask them.

use super::{Child, Page, Picker};
use crate::model::{Class, PageUrl};

fn page(html: &str) -> Page {
    Page::parse(html, PageUrl::parse("http://city.example/news/list.html").unwrap())
}

fn pick(css: &str) -> Picker {
    Picker::parse(css).unwrap()
}

#[test]
fn references_are_resolved_against_the_base() {
    let page = page("<base href='/portal/'><a href='a.html'>x</a>");
    assert_eq!(page.join("a.html").unwrap().as_str(), "http://city.example/portal/a.html");
    assert_eq!(page.join("#top"), None);
    assert_eq!(page.join("javascript:void(0)"), None);
}

#[test]
fn a_head_tells_title_language_and_metas_in_any_case() {
    let page = page(
        "<html lang=zh-CN><head><title> 市政 \n 新闻 </title><META NAME=PubDate content='2021-03-11'>\
         <link rel='Canonical' href='/x'><script type='application/ld+json'>{\"a\":1}</script></head><p>y",
    );
    assert_eq!(page.title().as_deref(), Some("市政 新闻"));
    assert_eq!(page.lang(), Some("zh-CN"));
    assert_eq!(page.meta("pubdate"), Some("2021-03-11"));
    assert_eq!(page.canonical().unwrap().as_str(), "http://city.example/x");
    assert_eq!(page.json_ld(), ["{\"a\":1}"]);
}

#[test]
fn text_is_folded_and_parted_at_blocks() {
    let page = page("<div>甲<b>乙</b><br>丙<p>丁</p><script>x</script><!-- c -->戊</div>");
    let div = page.body().children().next().unwrap();
    assert_eq!(div.text(), "甲乙 丙 丁 戊");
    assert_eq!(div.lines(), ["甲乙", "丙", "丁", "戊"]);
    assert_eq!(div.own_text(), "甲 丙 戊");
    assert_eq!(div.contents().filter(|c| matches!(c, Child::Text(_))).count(), 3);
}

#[test]
fn a_node_knows_where_it_stands_and_what_it_holds() {
    let page = page("<ul><li><a href=x>链接</a> 12</li><li>b，c</li></ul><p>after</p>");
    let list = page.select(&pick("ul"))[0];
    let items = page.select(&pick("li"));
    assert!(list.holds(items[1]) && !items[0].holds(items[1]));
    assert!(items[0].order() < items[1].order());
    let measure = list.measure();
    assert_eq!((measure.text, measure.linked, measure.links, measure.punctuation), (10, 4, 1, 1));
    assert_eq!(items[1].previous(), Some(items[0]));
    assert_eq!(items[1].depth(), list.depth() + 1);
}

#[test]
fn a_picker_takes_text_or_an_attribute() {
    let page = page("<a class=t title=' whole title '>whole…</a>");
    let node = page.select(&pick("a.t"))[0];
    assert_eq!(pick("a.t").take(node).as_deref(), Some("whole…"));
    assert_eq!(pick("a.t@title").take(node).as_deref(), Some("whole title"));
    assert_eq!(pick("a.t@href").take(node), None);
}

#[test]
fn deep_markup_is_flattened_and_its_text_kept() {
    let deep = format!("{}<p>below</p>{}<p>after", "<div>".repeat(700), "</div>".repeat(700));
    let page = page(&deep);
    assert_eq!(page.notes()[0].class, Class::TooDeep);
    assert!(page.root().descendants().all(|n| n.depth() <= 512));
    assert_eq!(page.body().text(), "below after");
}

#[test]
fn markup_without_an_end_is_cut_not_endured() {
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=1")).collect();
    let hostile = [
        ("<div>".repeat(64_000), Class::TooDeep),
        ("<b>".repeat(150_000), Class::TooDeep),
        ("<i></i>".repeat(150_000), Class::TooMany),
        (format!("<p{attributes}>x"), Class::TooMany),
        (
            (0..3000).map(|n| format!("<font color={n}>")).collect::<String>() + &"<p>x".repeat(9000),
            Class::TooDeep,
        ),
        ("<a><div>".repeat(20_000), Class::TooDeep),
        ("<table><tr><td>".repeat(20_000), Class::TooDeep),
        ("字".repeat(2 << 20), Class::Truncated),
    ];
    for (markup, class) in hostile {
        let page = page(&markup);
        let notes: Vec<Class> = page.notes().iter().map(|n| n.class).collect();
        assert!(notes.contains(&class), "{:?} of {}", notes, &markup[..30]);
        assert!(page.root().descendants().count() <= 50_000);
        drop(page);
    }
}

#[test]
fn attributes_of_one_element_are_capped() {
    let attributes: String = (0..1500).map(|n| format!(" a{n}")).collect();
    let page = page(&format!("<p{attributes}>x</p>"));
    assert_eq!(page.select(&pick("p"))[0].attrs().count(), 1000);
    assert_eq!(page.notes()[0].class, Class::TooMany);
}

#[test]
fn anything_has_a_body() {
    for markup in ["", "\0", "<", "<frameset><frame>", "<!doctype", "<svg><title>x", "<template><a>", "</p>"]
    {
        let page = page(markup);
        assert!(page.title().is_none(), "{markup}");
        let _ = (page.body().text(), page.body().measure(), page.body().outer_html());
    }
}
