//! Apps in a browser: pages that are empty, programs that say where list and articles are asked for, bodies that are no
//! markup.

use super::{articles, asked, expected, stand, titles, typed};
use crate::portal::{Page, Portal, path, title};
use crate::stand::Stand;

const EPOCH: u64 = 1_795_137_600;

fn json(site: &Portal, path: &str, body: &str) {
    site.put(path, typed("application/json;charset=UTF-8", body));
}

fn shell(inner: &str) -> Page {
    Page::html(format!(
        "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><title>青石融媒</title></head><body><div id=app></div>{inner}</body></html>"
    ))
}

/// A body as markup.
fn text(n: u32) -> String {
    format!(
        "<p>记者从镇里了解到，第{n}号公告所说的工程已经完成验收，各项设施从本周起向居民开放。</p><p>{}</p>",
        "附近居民表示，出门散步比过去方便了许多。".repeat(6)
    )
}

/// What a packer makes of a program that asks two APIs of one folder.
const BUNDLE: &str = r#"(function(e){var r={},o={app:0};function a(t){if(r[t])return r[t].exports;var n=r[t]={i:t,l:!1,exports:{}};return e[t].call(n.exports,n,n.exports,a),n.exports}a.p="/h5/"})({"3f2a":function(e,t,n){"use strict";var r=n("0a51"),o="/rmt-api/v1";function c(e){return Object(r["a"])({url:"".concat(o,"/article/page"),method:"get",params:{channelId:e.channelId,pageNo:e.pageNo,pageSize:e.pageSize||20}})}function u(e){return Object(r["a"])({url:"".concat(o,"/article/detail/").concat(e),method:"get"})}function l(e){return Object(r["a"])({url:"".concat(o,"/user/login"),method:"post",data:e})}},"56d7":function(e,t,n){var s={methods:{go:function(e){window.location.href="/h5/detail.html?id="+e.id}}}}});"#;

/// An app whose pages are all empty: two articles, the second without a time in the list.
fn app(stand: &Stand) {
    stand.site.put("/h5/list.html?channelId=7", shell("<script src=/h5/js/app.9d2f.js></script>"));
    stand.site.put("/h5/js/app.9d2f.js", typed("application/javascript", BUNDLE));
    let row =
        |n: u32, at: &str| format!("{{\"id\":\"88{n}\",\"title\":\"{}\",\"publishTime\":{at}}}", title(n));
    let body = format!(
        "{{\"code\":0,\"data\":{{\"bannerList\":[],\"list\":[{},{}],\"hasNext\":false}}}}",
        row(1, &format!("{EPOCH}000")),
        row(2, "null")
    );
    json(&stand.site, "/rmt-api/v1/article/page?channelId=7&pageNo=1&pageSize=20", &body);
    for n in 1..=2 {
        let mut page = shell("<script src=/h5/js/app.9d2f.js></script>");
        page.etag = Some("\"shell\"".to_owned());
        stand.site.put(&format!("/h5/detail.html?id=88{n}"), page);
        detail(stand, n, &text(n));
    }
}

fn detail(stand: &Stand, n: u32, text: &str) {
    let content = serde_json::to_string(text).unwrap();
    let body = format!(
        "{{\"code\":0,\"msg\":\"success\",\"data\":{{\"title\":\"{}\",\"content\":{content},\"publishTime\":{}000,\"sourceName\":\"青石日报\"}}}}",
        title(n),
        EPOCH + u64::from(n) * 60
    );
    json(&stand.site, &format!("/rmt-api/v1/article/detail/88{n}"), &body);
}

#[test]
fn list_and_articles_of_an_app_are_asked_where_its_program_says() {
    let stand = stand("/h5/list.html?channelId=7");
    app(&stand);
    assert_eq!(titles(&stand), expected(2));
    for one in stand.stored() {
        assert!(one.article.text.contains("号公告所说的工程"), "{}", one.article.text);
        assert_eq!(one.article.source.as_deref(), Some("青石日报"));
        assert!(one.article.url.as_str().contains("/h5/detail.html?id=88"), "{}", one.article.url);
        assert!(one.article.published.is_some());
    }
    // the program is asked once for all articles
    let programs = asked(&stand).into_iter().filter(|path| path.ends_with(".js")).count();
    assert!(programs <= 2, "{:?}", asked(&stand));
}

#[test]
fn a_column_stands_in_the_path_and_the_router_says_where_articles_are() {
    let script = r#"(self.w=self.w||[]).push([[143],{2847:function(t,e,n){const s=a.Z.create({baseURL:"/mapi",timeout:1e4})},6590:function(t,e,n){const o=t=>a.Z.get("/content/listByColumn",{params:t}),i=t=>a.Z.get(`/content/info?contentId=${t}`)},9917:function(t,e,n){const c=[{path:"/column/:colId"},{path:"/content/:contentId"}]},3311:function(t,e,n){(0,n(6590).Bn)({colId:this.$route.params.colId})}}]);"#;
    let stand = stand("/column/205");
    let empty = || {
        shell("<noscript>Please enable JavaScript to continue.</noscript><script src=/js/app.77.js></script>")
    };
    stand.site.put("/column/205", empty());
    stand.site.put("/js/app.77.js", typed("application/javascript", script));
    let rows: Vec<String> = (1..=3)
        .map(|n| {
            stand.site.put(&format!("/content/610{n}"), empty());
            let body = format!("{{\"code\":0,\"data\":{{\"contentTitle\":\"{}\",\"publishTime\":\"2026-11-20 08:0{n}:11\",\"htmlBody\":\"{}\"}}}}", title(n), text(n));
            json(&stand.site, &format!("/mapi/content/info?contentId=610{n}"), &body);
            format!("{{\"contentId\":610{n},\"contentTitle\":\"{}\",\"publishTime\":\"2026-11-20 08:0{n}:11\"}}", title(n))
        })
        .collect();
    json(
        &stand.site,
        "/mapi/content/listByColumn?colId=205",
        &format!("{{\"data\":{{\"records\":[{}]}}}}", rows.join(",")),
    );
    assert_eq!(titles(&stand), expected(3));
    assert!(stand.stored().iter().all(|one| one.article.text.contains("号公告所说的工程")));
}

#[test]
fn an_article_that_its_api_has_no_more_is_gone() {
    let stand = stand("/h5/list.html?channelId=7");
    app(&stand);
    json(
        &stand.site,
        "/rmt-api/v1/article/detail/882",
        "{\"code\":404,\"msg\":\"内容不存在或已下线\",\"data\":null}",
    );
    assert_eq!(titles(&stand), expected(1));
}

#[test]
fn what_stands_beside_a_list_is_not_taken_for_it() {
    let ranking: String =
        (6..=9).map(|n| format!("<li><a href=\"{}\">{}</a></li>", path(n), title(n))).collect();
    let ranking = format!("<div class=\"left\"><h3>点击排行</h3><ul class=\"rank\">{ranking}</ul></div>");
    let script = "<script>axios.get(\"/ucap/api/queryList?siteId=7&pageSize=15&pageNum=\" + this.pageNum).then(show)</script>";
    let stand = stand("/xwzx/list.html");
    articles(&stand.site, 9);
    stand.site.put("/xwzx/list.html", shell(&format!("{ranking}{script}")));
    let rows: Vec<String> = (1..=4)
        .map(|n| {
            format!(
                "{{\"title\":\"{}\",\"url\":\"{}\",\"pubDate\":\"2026-11-20 08:0{n}\"}}",
                title(n),
                path(n)
            )
        })
        .collect();
    let api = "/ucap/api/queryList?siteId=7&pageSize=15&pageNum=1";
    json(&stand.site, api, &format!("{{\"code\":0,\"queryList\":[{}]}}", rows.join(",")));
    assert_eq!(titles(&stand), expected(4));
    // the API fails: what stands beside the list is still not taken for it
    json(&stand.site, api, "{\"code\":500,\"msg\":\"系统繁忙\"}");
    let error = stand.visit().error.unwrap();
    assert!(error.detail.contains("500 系统繁忙"), "{error:?}");
    assert_eq!(stand.stored().len(), 4);
}

#[test]
fn where_there_is_no_other_list_the_one_beside_serves() {
    let ranking: String =
        (1..=4).map(|n| format!("<li><a href=\"{}\">{}</a></li>", path(n), title(n))).collect();
    let page = format!(
        "<div class=\"left\"><h3>点击排行</h3><ul class=\"rank\">{ranking}</ul></div><script>$.getJSON('/api/weather/list', show)</script>"
    );
    let stand = stand("/xwzx/list.html");
    articles(&stand.site, 4);
    stand.site.put("/xwzx/list.html", shell(&page));
    assert_eq!(titles(&stand), expected(4));
    assert_eq!(stand.visit().error, None);
}

#[test]
fn a_relative_link_of_an_api_is_meant_where_its_page_is() {
    let stand = stand("/m/news.html");
    stand.site.put("/m/news.html", shell("<script>$.ajax({\n url: \"data/newslist.json?_=\" + new Date().getTime(),\n dataType: \"json\", success: show });</script>"));
    let rows: Vec<String> = (1..=3)
        .map(|n| {
            stand.site.put(&format!("/m/view/15{n}.html"), Page::html(crate::portal::article(n, &title(n), "")));
            format!("{{\"nid\":15{n},\"subject\":\"{}\",\"link\":\"view/15{n}.html\",\"addtime\":{{\"date\":\"2026-11-20\",\"time\":\"09:1{n}\"}}}}", title(n))
        })
        .collect();
    json(&stand.site, "/m/data/newslist.json", &format!("{{\"state\":1,\"lists\":[{}]}}", rows.join(",")));
    assert_eq!(titles(&stand), expected(3));
}

#[test]
fn the_state_has_numbers_and_other_links_show_their_way() {
    let hot: String = (8..=9).map(|n| format!("<a href=\"/n/770{n}\">{}</a>", title(n))).collect();
    let rows: Vec<String> = (1..=4)
        .map(|n| {
            format!("{{id:770{n},title:\"{}\",cover:a,create_time:\"2026-11-20 08:0{n}:00\"}}", title(n))
        })
        .collect();
    let hots: Vec<String> = (8..=9).map(|n| format!("{{id:770{n},title:\"{}\"}}", title(n))).collect();
    let stand = stand("/news");
    for n in 1..=9 {
        stand.site.put(&format!("/n/770{n}"), Page::html(crate::portal::article(n, &title(n), "")));
    }
    stand.site.put("/news", shell(&format!("<div class=side><b>看点</b>{hot}</div><script>window.__NUXT__=(function(a){{return {{data:[{{list:[{}],hot:[{}]}}]}}}}(null));</script>", rows.join(","), hots.join(","))));
    assert_eq!(titles(&stand), expected(4));
}

#[test]
fn bodies_that_are_trees_and_texts_sent_in_pieces_are_read() {
    let parts = |n: u32| {
        [
            format!("第{n}号公告所说的工程已经完成验收，各项设施从本周起向居民开放。"),
            "附近居民表示，出门散步比过去方便了许多。".repeat(5),
        ]
    };
    type Inner = fn(&str, [String; 2]) -> String;
    let makes: [(&str, Inner); 3] = [
        ("blocks", |head, [one, two]| {
            format!(
                "<script id=__NEXT_DATA__ type=application/json>{{\"props\":{{\"post\":{{{head},\"body\":[{{\"_type\":\"block\",\"children\":[{{\"_type\":\"span\",\"text\":\"{one}\"}}]}},{{\"_type\":\"block\",\"children\":[{{\"_type\":\"span\",\"text\":\"{two}\"}}]}}]}}}}}}</script>"
            )
        }),
        ("paragraphs", |head, [one, two]| {
            format!(
                "<script>window.__remixContext = {{\"state\":{{\"post\":{{{head},\"paragraphs\":[\"{one}\",\"{two}\"]}}}}}};</script>"
            )
        }),
        ("flight", |head, [one, two]| {
            let body = format!("<p>{one}</p>\n<p>{two}</p>");
            let rows = format!(
                "1a:T{:x},{body}3:[\"$\",\"$L7\",null,{{\"artikel\":{{{head},\"text\":\"$1a\"}}}}]\n",
                body.len()
            );
            let at = rows.floor_char_boundary(150);
            let piece = |text: &str| {
                format!(
                    "<script>self.__next_f.push([1,{}])</script>",
                    serde_json::to_string(text).unwrap().replace('<', "\\u003c")
                )
            };
            format!("{}{}", piece(&rows[..at]), piece(&rows[at..]))
        }),
    ];
    for (name, inner) in makes {
        let stand = stand("/news/");
        let rows: Vec<String> = (1..=3)
            .map(|n| format!("<li><a href=\"{}\">{}</a><span>2026-11-20</span></li>", path(n), title(n)))
            .collect();
        stand.site.put("/news/", shell(&format!("<ul>{}</ul>", rows.concat())));
        for n in 1..=3 {
            let head = format!("\"title\":\"{}\",\"publishedAt\":\"2026-11-20T08:0{n}:00+08:00\"", title(n));
            stand.site.put(&path(n), shell(&inner(&head, parts(n))));
        }
        assert_eq!(titles(&stand), expected(3), "{name}");
        for one in stand.stored() {
            assert!(
                one.article.text.contains("号公告所说的工程") && one.article.text.lines().count() == 2,
                "{name}: {}",
                one.article.text
            );
        }
    }
}

#[test]
fn what_an_api_said_whole_is_not_asked_for_when_it_stands_still() {
    let stand = stand("/wp-json/wp/v2/posts");
    let posts: Vec<String> = (1..=3).map(|n| format!("{{\"id\":{n},\"date_gmt\":\"2026-11-2{n}T09:00:00\",\"link\":\"http://{}/p/{n}/\",\"title\":{{\"rendered\":\"Harbour road &#8211; part {n}\"}},\"content\":{{\"rendered\":\"<p>{}</p>\"}},\"_embedded\":{{\"author\":[{{\"name\":\"June Abbott\"}}],\"wp:term\":[[{{\"name\":\"City Hall\",\"taxonomy\":\"category\"}}],[{{\"name\":\"road\",\"taxonomy\":\"post_tag\"}}]]}}}}", stand.site.address, "The committee met on Monday and agreed on the plan. ".repeat(5 + n))).collect();
    let mut page = typed("application/json", &format!("[{}]", posts.join(",")));
    page.etag = Some("\"1\"".to_owned());
    stand.site.put("/wp-json/wp/v2/posts", page);
    assert_eq!(titles(&stand).len(), 3);
    let one = stand.stored().remove(0).article;
    assert_eq!(
        (one.author.as_deref(), one.categories.as_slice()),
        (Some("June Abbott"), &["City Hall".to_owned()][..])
    );
    assert_eq!(stand.visit().error, None);
    assert!(asked(&stand).iter().all(|path| path == "/wp-json/wp/v2/posts"), "{:?}", asked(&stand));
}

#[test]
fn an_answer_of_any_shape_is_told_or_read_within_bounds() {
    let deep = format!("{}{}", "{\"data\":[".repeat(20_000), "]}".repeat(20_000));
    let many = format!(
        "{{\"list\":[{}]}}",
        vec!["{\"title\":\"城南水厂二期工程通过验收\",\"url\":\"/a/1.html\"}"; 100_000].join(",")
    );
    for (body, said) in [
        ("{\"code\":500,\"msg\":\"系统异常\",\"data\":null}", "500 系统异常"),
        ("{\"errors\":[{\"message\":\"Cannot query field\"}]}", "Cannot query field"),
        ("{\"success\":false,\"message\":\"token expired\"}", "token expired"),
        ("{\"code\":0,\"data\":{\"list\":[]}}", "no list"),
        ("{}", "no list"),
        ("[]", "no list"),
        ("<html><body><h1>Bad gateway</h1></body></html>", "a wall"),
        (&*deep, "no list"),
        ("{\"data\":[{\"title\":", "no list"),
    ] {
        let stand = stand("/api/list");
        json(&stand.site, "/api/list", body);
        let error = stand.visit().error.unwrap();
        assert!(error.detail.contains(said), "{said}: {error:?}");
    }
    let stand = stand("/api/list");
    json(&stand.site, "/api/list", &many);
    let _ = stand.visit();
}
