//! Lists that an API gives.

use std::fmt::Write as _;

use tidings::model::JsonRules;

use super::{articles, asked, expected, stand, titles, told, typed};
use crate::portal::{path, title};
use crate::stand::Stand;

/// Rows of the town paper as an app's back end writes them: milliseconds, relative links, much beside.
fn app(range: std::ops::RangeInclusive<u32>, more: bool) -> String {
    let rows: Vec<String> = range
        .map(|n| {
            let link = path(n);
            let time = 1_795_137_600_000_u64 + u64::from(n) * 60_000;
            format!("{{\"id\":{n},\"newsTitle\":\"{}\",\"shareUrl\":\"{link}\",\"publishTime\":{time},\"readCount\":{},\"topic\":null}}", title(n), n * 31)
        })
        .collect();
    format!(
        "{{\"code\":0,\"msg\":\"ok\",\"channels\":[{{\"name\":\"要闻\",\"url\":\"/c/1\"}},{{\"name\":\"民生\",\"url\":\"/c/2\"}},{{\"name\":\"视频\",\"url\":\"/c/3\"}}],\"data\":{{\"hasNext\":{more},\"list\":[{}]}}}}",
        rows.join(",")
    )
}

#[test]
fn an_api_needs_no_paths() {
    let stand = stand("/api/list?pageNo=1");
    articles(&stand.site, 4);
    stand.site.put("/api/list?pageNo=1", typed("application/json", &app(1..=4, false)));
    assert_eq!(titles(&stand), expected(4));
}

#[test]
fn bodies_of_an_api_need_no_pages_and_paths_are_heeded() {
    let stand = Stand::with(super::NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/wp-json/wp/v2/posts").unwrap()];
    });
    let mut posts = String::new();
    for n in 1..=3_usize {
        let comma = if n > 1 { "," } else { "" };
        let body = "The committee met on Monday and agreed on the plan for the harbour road. ".repeat(5 + n);
        write!(
            posts,
            "{comma}{{\"id\":{n},\"date\":\"2026-11-2{n}T10:00:00\",\"date_gmt\":\"2026-11-2{n}T09:00:00\",\"link\":\"http://{}/2026/post-{n}/\",\"title\":{{\"rendered\":\"Harbour road &#8211; part {n}\"}},\"content\":{{\"rendered\":\"<p>{body}</p>\\n<p>End of part {n}.</p>\"}},\"excerpt\":{{\"rendered\":\"<p>The committee met.</p>\"}},\"author\":{n}}}",
            stand.site.address
        )
        .unwrap();
    }
    stand.site.put("/wp-json/wp/v2/posts", typed("application/json; charset=UTF-8", &format!("[{posts}]")));
    let all = told(&stand);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(all[0].0, "Harbour road – part 1");
    assert!(all[0].1.as_deref().is_some_and(|at| at.starts_with("2026-11-21T")), "{all:?}");
    assert_eq!(asked(&stand), ["/wp-json/wp/v2/posts"]);
    assert!(stand.stored()[0].article.text.contains("End of part"));
}

#[test]
fn the_paths_of_the_configuration_win() {
    let stand = Stand::with(super::NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/data.js").unwrap()];
        let path = |text: &str| Some(text.to_owned());
        configured.recipe.json = JsonRules {
            items: path("$.rows[?@.t == 'n'].d"),
            title: path("$.x1"),
            link: path("x2"),
            ..JsonRules::default()
        };
    });
    articles(&stand.site, 2);
    let row = |n: u32, kind: &str| {
        format!("{{t:'{kind}',d:{{x1:'{}',x2:'{}',title:'wrong',url:'/wrong',}},}}", title(n), path(n))
    };
    let text = format!("callback({{rows:[{},{},{}]}});", row(1, "n"), row(2, "n"), row(3, "ad"));
    stand.site.put("/data.js", typed("text/javascript", &text));
    assert_eq!(titles(&stand), expected(2));
}

#[test]
fn a_shell_leads_to_its_api_and_the_api_to_its_pages() {
    for shell in [
        "<div id=\"app\" data-api=\"/api/list?pageNo=1&amp;size=2\"></div><script src=\"/js/app.js\"></script>",
        "<div id=\"app\"></div><script>fetch('/api/list?pageNo=1&size=2').then(function(r){return r.json()})</script>",
        "<div id=\"app\"></div><script>$.ajax({type:'GET',url:'/api/list',data:{pageNo:1,size:2},success:show})</script>",
        "<div id=\"app\"></div><script src=\"/js/app.7f2.js\"></script>",
    ] {
        let stand = stand("/news/");
        articles(&stand.site, 3);
        let page =
            format!("<!doctype html><html><head><title>青石新闻</title></head><body>{shell}</body></html>");
        stand.site.put("/news/", crate::portal::Page::html(page));
        let script = "!function(){var a={u:\"/api/list?pageNo=1&size=2\"};axios.get(a.u).then(b)}();";
        stand.site.put("/js/app.7f2.js", typed("application/javascript", script));
        for address in ["/api/list?pageNo=1&size=2", "/api/list?pageNo=1&size=2"] {
            stand.site.put(address, typed("application/json", &app(1..=3, false)));
        }
        assert_eq!(titles(&stand), expected(3), "{shell}");
    }
}
