//! Literals in the shapes that pages write them in, and the records in them.

use serde_json::json;

use super::budget::{Budget, MOST_VALUES, cost};
use super::*;
use crate::model::PageUrl;
use crate::page::Page;

/// Asserts that something that could take the square of its input does not: in a build without optimisation, on a
/// machine that has other things to do.
pub(super) fn quick(what: &str, does: impl FnOnce()) {
    let began = std::time::Instant::now();
    does();
    let took = began.elapsed();
    eprintln!("{what}: {took:?}");
    assert!(took.as_secs() < 2, "{what}: {took:?}");
}

fn read(text: &str) -> serde_json::Value {
    value(text).map(|(value, _)| value).unwrap_or_default()
}

#[test]
fn literals_of_javascript_are_values() {
    for (text, meant) in [
        ("{a: 1, 'b': [1, 2,], \"c\": undefined,}", json!({"a": 1, "b": [1, 2], "c": null})),
        ("{\"t\": \"\\u65b0\\x41\\n\\u{1F600}\\ud83d\\ude00\"}", json!({"t": "新A\n😀😀"})),
        (
            "{a: !0, b: !1, c: -1.5e3, d: new Date(1615425103000)}",
            json!({"a": true, "b": false, "c": -1500.0, "d": 1_615_425_103_000_i64}),
        ),
        (
            "{a: JSON.parse('{\"x\":[1]}'), b: f(x, {y: ')'}), c: 'z' + q}",
            json!({"a": {"x": [1]}, "b": null, "c": "z"}),
        ),
        ("/* list */ [ // one\n {a: `x\ny`} ]", json!([{"a": "x\ny"}])),
        ("{a: function(x){return {b: 1}}, c: 2}", json!({"a": null, "c": 2})),
        // what breaks off ends there
        ("{\"a\": [{\"b\": \"c", json!({"a": [{"b": "c"}]})),
        ("\u{feff} {\"a\": 1}", json!({"a": 1})),
    ] {
        assert_eq!(read(text), meant, "{text}");
    }
    for text in ["", "]", "}", ",", ";"] {
        assert_eq!(value(text), None, "{text}");
    }
}

#[test]
fn bounds_hold() {
    for text in [
        "[".repeat(100_000),
        "{a:".repeat(100_000),
        "[0,".repeat(10),
        "[1,".repeat(1_000_000),
        "\"\\u".repeat(10_000),
        "{\"a\":[1,2".to_owned() + &",3".repeat(300_000),
    ] {
        let _ = value(&text);
    }
}

#[test]
fn what_is_written_flat_is_unfolded() {
    let unfold = |flat: &serde_json::Value| flat::unfold(flat, &mut Budget::document());
    let flat = json!([["Reactive", 1], {"data": 2, "once": 6}, {"list": 3}, [4, 4], {"title": 5}, "一则新闻", ["Set"]]);
    assert_eq!(
        unfold(&flat),
        Some(json!({"data": {"list": [{"title": "一则新闻"}, {"title": "一则新闻"}]}, "once": []}))
    );
    // one that names itself ends
    assert!(unfold(&json!([{"a": 1}, {"a": 1}, 2])).is_some());
    // an answer that begins with counts is not written so
    for plain in [
        json!([1, 2, 3]),
        json!([{"total": 120}, {"title": "a"}, {"title": "b"}]),
        json!([{"total": 2}, {"title": "a"}, {"title": "b"}]),
        json!([{"total": 120}, 7, "a"]),
        json!([{"a": 0}, {"a": 0}, {"a": 0}]),
        json!([{"page": 1, "of": 2}, 7, 8]),
    ] {
        assert_eq!(unfold(&plain), None, "{plain}");
    }
}

#[test]
fn what_names_itself_a_thousand_times_stays_small() {
    let mut list = vec![json!({"a": 1, "b": 2}), json!(vec![1; 100_000]), json!("text".repeat(1000))];
    for inner in [json!(vec![1; 100_000]), json!(vec![2; 100_000]), json!(vec![70; 100_000])] {
        list[1] = inner;
        let flat = serde_json::Value::Array(list.clone());
        quick("flat", || {
            let mut budget = Budget::document();
            let (values, bytes) = cost(&flat::unfold(&flat, &mut budget).unwrap());
            assert!(values <= MOST_VALUES && bytes <= 4 << 20, "{values} {bytes}");
        });
    }
    // names of a function's parameters
    let zeros = "0,".repeat(100_000);
    let names = "a,".repeat(100_000);
    let long = "text".repeat(20_000);
    for script in [
        format!("x=(function(a){{return [{names}a]}})([{zeros}0])"),
        format!("x=(function(a){{return [{names}a]}})([0,0,0,0,0,0,0,0,0,0,0,0,0,0])"),
        format!("x=(function(a){{return [{names}a]}})(\"{long}\")"),
    ] {
        quick("names", || {
            let found = islands_of(&format!("<script>{script}</script>"));
            let (values, bytes) = cost(&found[0].value);
            assert!(values <= MOST_VALUES && bytes <= 8 << 20, "{values} {bytes}");
        });
    }
}

#[test]
fn the_values_of_a_page_have_one_budget() {
    let objects = "{a:0},".repeat(100_000);
    let text = format!("[{objects}0]").replace('a', "\"a\"");
    let folded = serde_json::json!({"inner": text, "other": text}).to_string();
    let page = format!(
        "<script>x=[{objects}0];y=[{objects}0]</script><script type=json>{text}</script><div data-x='{text}'></div>\
         <script type=json>{folded}</script>"
    );
    quick("objects", || {
        let all = islands_of(&page);
        let sum: usize = all.iter().map(|island| cost(&island.value).0).sum();
        assert!(!all.is_empty() && sum <= MOST_VALUES, "{} {sum}", all.len());
        for text in [&text, &folded] {
            let found = cost(&document(text).unwrap()).0;
            assert!((MOST_VALUES / 2..=MOST_VALUES).contains(&found), "{found}");
        }
    });
    // what is not kept takes nothing from what is
    let page =
        format!("<script>{}list=[{}]</script>", "a=[1,2,3];".repeat(3000), "{t:'abcdef'},".repeat(100));
    assert_eq!(cost(&islands_of(&page)[0].value).0, 902);
}

#[test]
fn what_lies_too_deep_is_null_and_the_rest_is_read() {
    for depth in [10, 100, 1000, 100_000] {
        let deep = format!("{}\"]}}[\",1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth));
        let text = format!("{{\"deep\": {deep}, \"title\": \"x\"}}");
        assert_eq!(read(&text)["title"], json!("x"), "{depth}");
    }
    // an element within an element, as Next.js writes them
    let (open, close) = ("[\"$\",\"div\",null,{\"children\":".repeat(40), "}]".repeat(40));
    let row = format!("{open}[{{\"title\":\"河堤步道本周末开放\"}}]{close}");
    assert!(read(&row).to_string().contains("河堤步道"));
}

#[test]
fn what_never_ends_is_read_once() {
    let many = |text: &str| text.repeat((1 << 20) / text.len());
    quick("signs", || drop(value(&format!("\"{}", many("\\u{")))));
    quick("strings", || drop(value(&format!("[{}", many("JSON.parse(\"")))));
    for script in [
        "=(function(){return [",
        "=(function(",
        "=function(a,b){",
        "=(function(a){return {a:1",
        "=(function(a){return {}}",
        "={a:function(){",
        "=[\"",
    ] {
        quick(script, || drop(islands_of(&format!("<script>{}</script>", many(script)))));
        let script = format!("<script>{}</script>", script.repeat(4000));
        quick("many", || drop(islands_of(&script.repeat((1 << 20) / script.len() + 1))));
    }
}

#[test]
fn entities_stand_in_the_place_of_their_names() {
    let store = json!({"ROOT_QUERY": {"__typename": "Query"}, "Author:7": {"__typename": "Author", "name": "June"}, "Article:1": {"__typename": "Article", "title": "x", "author": {"__ref": "Author:7"}, "self": {"__ref": "Article:1"}}});
    let read = within::unfolded(store, &mut Budget::document());
    assert_eq!(read["Article:1"]["author"]["name"], json!("June"));
    assert_eq!(read["Article:1"]["self"]["self"], json!({"__ref": "Article:1"}));
}

fn islands_of(script: &str) -> Vec<Island> {
    let page = Page::parse(
        &format!("<html><body>{script}</body></html>"),
        PageUrl::parse("http://quay.example/").unwrap(),
    );
    islands(&page, false)
}

#[test]
fn the_state_of_a_page_is_found_where_frameworks_put_it() {
    let long = "河堤步道本周末开放".repeat(10);
    let plain = format!("{{\"list\":[{{\"title\":\"{long}\"}}]}}");
    let escaped = plain.replace('"', "\\\"");
    for (script, place) in [
        (
            format!("<script id=\"__NEXT_DATA__\" type=\"application/json\">{plain}</script>"),
            "script #__NEXT_DATA__",
        ),
        (
            format!("<script>window.__INITIAL_STATE__={plain};(function(){{var s;}}());</script>"),
            "window.__INITIAL_STATE__",
        ),
        (
            format!("<script>var a = 1; if (a == 2) {{}} var pageData = JSON.parse(\"{escaped}\");</script>"),
            "pageData",
        ),
        (
            format!(
                "<script>window.__NUXT__=(function(a,b){{return {{list:[{{title:a,n:b}}]}}}}(\"{long}\",2));</script>"
            ),
            "window.__NUXT__",
        ),
        (format!("<script>self.__next_f.push([1,\"5:{escaped}\\n\"])</script>"), "self.__next_f"),
        (format!("<div id=app data-page='{plain}'></div>"), "div[data-page]"),
    ] {
        let found = islands_of(&script);
        assert_eq!(found.len(), 1, "{script}");
        assert_eq!(found[0].place, place);
        assert_eq!(found[0].value["list"][0]["title"], json!(long), "{script}");
    }
    assert!(islands_of("<script>var x = {a: 1}; function f(b = [1, 2]) {}</script>").is_empty());
}

#[test]
fn records_are_found_by_what_they_say() {
    let is_link = |text: &str| !text.contains("nowhere");
    let is_date = |text: &str| text.starts_with("20") || text.starts_with("16");
    let shown = std::collections::HashMap::new();
    let signs = Signs { is_link: &is_link, is_date: &is_date, made: &[], shown: &shown };
    let titles =
        |value: &serde_json::Value| records(value, &signs).into_iter().map(|r| r.title).collect::<Vec<_>>();
    let rows = json!([
        {"docTitle": "城南水厂二期工程通过验收", "docPubUrl": "./t1.html", "docRelTime": 1_615_425_103},
        {"docTitle": "春耕农资检查组走进六个乡镇", "docPubUrl": "./t2.html", "docRelTime": 1_615_425_103},
    ]);
    let menu = json!([{"name": "首页头条", "url": "/"}, {"name": "时政要闻", "url": "/a/"}, {"name": "民生社会", "url": "/b/"}]);
    assert_eq!(
        titles(&json!({"nav": menu, "data": {"list": rows}})),
        ["城南水厂二期工程通过验收", "春耕农资检查组走进六个乡镇"]
    );
    assert!(titles(&menu).is_empty());
    // WordPress, GraphQL, objects by their names
    let wp = json!([{"title": {"rendered": "A new bridge &#8211; at last"}, "link": "http://a/1", "date_gmt": "2021-03-11T01:11:43", "content": {"rendered": "<p>x y</p>", "protected": false}}]);
    let found = records(&wp, &signs);
    assert_eq!(found[0].body.as_deref(), Some("<p>x y</p>"));
    let graph = json!({"data": {"posts": {"edges": [{"node": {"title": "A bridge is built", "path": "/a", "publishedAt": "2021-03-11"}}, {"node": {"title": "Another bridge", "path": "/b", "publishedAt": "2021-03-12"}}]}}});
    assert_eq!(titles(&graph), ["A bridge is built", "Another bridge"]);
    let named = json!({"Article:1": {"title": "A bridge is built", "path": "/a", "publishedAt": "2021-03-11"}, "Article:2": {"title": "Another bridge", "path": "/b", "publishedAt": "2021-03-12"}});
    assert_eq!(titles(&named).len(), 2);
    let body = json!({"page": {"article": {"title": "A bridge is built", "content": format!("<p>{}</p>", "It was built. ".repeat(40)), "pubTime": "2021-03-11"}, "hot": rows}});
    assert_eq!(article(&body, &is_date).unwrap().title, "A bridge is built");
    assert!(article(&json!({"hot": rows}), &is_date).is_none());
}
