//! Pages that a program fills: list and articles stand in their state.

use super::{stand, told};
use crate::portal::{Page, title};

/// Three articles, as frameworks write them into a page.
fn rows() -> String {
    let row = |n: u32| {
        format!(
            "{{\"id\":\"a{n}\",\"title\":\"{}\",\"path\":\"/a/{n}.html\",\"publishedAt\":\"2026-11-20T08:0{n}:00+08:00\",\"cover\":\"/img/{n}.jpg\"}}",
            title(n)
        )
    };
    format!("[{},{},{}]", row(1), row(2), row(3))
}

fn text(n: u32) -> String {
    let line = format!("记者从镇里了解到，第{n}号公告所说的工程已经完成验收，各项设施从本周起向居民开放。");
    format!("<p>{line}</p><p>{}</p>", "附近居民表示，出门散步比过去方便了许多。".repeat(6))
}

fn body(n: u32) -> String {
    format!(
        "{{\"article\":{{\"title\":\"{}\",\"publishedAt\":\"2026-11-20T08:0{n}:00+08:00\",\"source\":\"青石日报\",\"content\":\"{}\"}},\"hot\":{}}}",
        title(n),
        text(n),
        rows()
    )
}

type Shell = fn(&str) -> String;

#[test]
fn list_and_articles_stand_in_the_state() {
    let shells: [(&str, Shell); 5] = [
        ("next", |json| {
            format!(
                "<div id=\"__next\"></div><script id=\"__NEXT_DATA__\" type=\"application/json\">{{\"props\":{{\"pageProps\":{json}}}}}</script>"
            )
        }),
        ("initial", |json| {
            format!(
                "<div id=\"root\"></div><script>window.__INITIAL_STATE__={};(function(){{var s;}}());</script>",
                json.replace("</", "\\u003c/")
            )
        }),
        ("parsed", |json| {
            format!(
                "<div id=\"root\"></div><script>window.__DATA__ = JSON.parse({});</script>",
                serde_json::to_string(json).unwrap()
            )
        }),
        ("nuxt", |json| {
            format!(
                "<div id=\"__nuxt\"></div><script>window.__NUXT__=(function(a,b){{return {{layout:a,data:[{json}],error:null}}}}(\"default\",1));</script>"
            )
        }),
        ("next app", |json| {
            format!(
                "<div></div><script>self.__next_f.push([1,{}])</script>",
                serde_json::to_string(&format!("7:[\"$\",\"main\",null,{{\"data\":{json}}}]\n")).unwrap()
            )
        }),
    ];
    for (name, shell) in shells {
        let stand = stand("/news/");
        let page = |json: &str| {
            Page::html(format!(
                "<!doctype html><html lang=\"zh-CN\"><head><title>青石新闻</title></head><body>{}</body></html>",
                shell(json)
            ))
        };
        stand.site.put(
            "/news/",
            page(&format!("{{\"menu\":[{{\"name\":\"首页\",\"path\":\"/\"}}],\"list\":{}}}", rows())),
        );
        for n in 1..=3 {
            stand.site.put(&format!("/a/{n}.html"), page(&body(n)));
        }
        let all = told(&stand);
        assert_eq!(all.len(), 3, "{name}: {all:?}");
        for one in stand.stored() {
            assert!(
                one.article.text.contains("号公告所说的工程") && one.article.text.contains("附近居民表示"),
                "{name}: {}",
                one.article.text
            );
            assert!(
                one.article.published.is_some_and(|at| at.to_rfc3339().starts_with("2026-11-20T08:0")),
                "{name}"
            );
        }
    }
}
