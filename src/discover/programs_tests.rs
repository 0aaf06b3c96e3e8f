//! What programs write for programs, in the shapes of unlike systems: APIs and the state in pages.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Context, Document, Listing, read};
use crate::model::{Kind, PageUrl, Recipe};

const TITLES: [&str; 4] = [
    "城南水厂二期工程通过验收",
    "春耕农资检查组走进六个乡镇",
    "老街旧书市集周末重新开张",
    "青石河堤步道本周末全线开放",
];

pub(super) fn listing(text: &str, url: &str, content_type: &str) -> Listing {
    let recipe = Recipe::default();
    let now: DateTime<Utc> = "2021-03-12T02:00:00Z".parse().unwrap();
    let url = PageUrl::parse(url).unwrap();
    let zone = Some(Tz::Asia__Shanghai);
    let context = Context { recipe: &recipe, now, zone, charset: None, learnt: None };
    read(
        &Document {
            text,
            url: &url,
            content_type: Some(content_type),
            kind: Kind::Auto,
            ways: &[],
            from: None,
        },
        &context,
    )
}

/// Addresses and times in UTC of what an API lists.
fn api(text: &str) -> Vec<(String, String)> {
    rows(&listing(text, "http://www.quay.example/api/news/list?pageNo=1", "application/json"))
}

fn page(html: &str) -> Vec<(String, String)> {
    rows(&listing(html, "http://www.quay.example/news/index.html", "text/html"))
}

fn rows(listing: &Listing) -> Vec<(String, String)> {
    let one = |item: &crate::model::Candidate| {
        let at = item.published.map(|at| at.utc().format("%m-%d %H:%M").to_string());
        (item.url.path_and_query().to_owned(), at.unwrap_or_default())
    };
    listing.items.iter().map(one).collect()
}

/// `count` rows by a pattern: `%n` the number, `%t` the title.
fn list(count: usize, pattern: &str) -> String {
    let one = |n: usize| pattern.replace("%n", &n.to_string()).replace("%t", TITLES[(n - 1) % 4]);
    (1..=count).map(one).collect::<Vec<_>>().join(",")
}

fn wanted(count: usize, path: &str, at: &str) -> Vec<(String, String)> {
    (1..=count).map(|n| (path.replace("%n", &n.to_string()), at.replace("%n", &n.to_string()))).collect()
}

#[test]
fn times_are_what_the_system_means() {
    for (date, at) in [
        // seconds, milliseconds, both as texts, Java's and .NET's, without a zone in the portal's
        ("\"pubTime\":161542510%n", "03-11 01:11"),
        ("\"publishTime\":161542510300%n", "03-11 01:11"),
        ("\"ctime\":\"161542510%n\"", "03-11 01:11"),
        ("\"docRelTime\":\"161542510300%n\"", "03-11 01:11"),
        ("\"created_at\":161542510%n.25", "03-11 01:11"),
        ("\"AddTime\":\"/Date(161542510300%n+0800)/\"", "03-11 01:11"),
        ("\"publishDate\":{\"time\":161542510300%n,\"year\":121}", "03-11 01:11"),
        ("\"pubDate\":{\"$date\":161542510300%n}", "03-11 01:11"),
        ("\"publishTime\":\"2021.03.11 09:1%n:43\"", "03-11 01:1%n"),
        ("\"releaseTime\":\"2021年3月11日 09:1%n\"", "03-11 01:1%n"),
        ("\"createTime\":\"2021-03-11T09:1%n:43.000+0800\"", "03-11 01:1%n"),
        ("\"publishTime\":\"2021031109114%n\"", "03-11 01:11"),
        ("\"publishTime\":2021031109114%n", "03-11 01:11"),
        // WordPress writes UTC without saying so
        ("\"date\":\"2021-03-11T09:1%n:43\",\"date_gmt\":\"2021-03-11T01:1%n:43\"", "03-11 01:1%n"),
        ("\"createTime\":[2021,3,11,9,1%n,43]", "03-11 01:1%n"),
    ] {
        let row = format!("{{\"title\":\"%t\",\"url\":\"/a/%n.html\",{date}}}");
        let text = format!("{{\"code\":200,\"data\":[{}]}}", list(4, &row));
        assert_eq!(api(&text), wanted(4, "/a/%n.html", at), "{date}");
    }
}

#[test]
fn the_list_is_told_from_what_stands_beside_it() {
    let news = list(4, "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}");
    let hot = list(4, "{\"title\":\"%t\",\"url\":\"/hot/%n.html\",\"pubTime\":161542510%n}");
    let menu: Vec<String> =
        ["时政", "民生", "教育", "健康", "视频", "专题", "公告", "文旅", "体育", "财经", "房产", "汽车"]
            .iter()
            .enumerate()
            .map(|(n, name)| {
                format!(
                    "{{\"name\":\"{name}要闻\",\"url\":\"/c/{n}/\",\"createTime\":\"2019-01-0{} 08:00:00\"}}",
                    n % 9 + 1
                )
            })
            .collect();
    let menu = menu.join(",");
    for text in [
        format!("{{\"hot\":[{hot}],\"list\":[{news}]}}"),
        format!("{{\"banner\":[{hot}],\"records\":[{news}]}}"),
        format!("{{\"data\":{{\"aaRecommend\":[{hot}],\"pageData\":{{\"rows\":[{news}]}}}}}}"),
        format!("{{\"channels\":[{menu}],\"data\":{{\"list\":[{news}]}}}}"),
        format!("{{\"data\":[{news}],\"ranking\":[{hot}]}}"),
    ] {
        assert_eq!(api(&text), wanted(4, "/a/%n.html", "03-11 01:11"), "{text}");
    }
}

#[test]
fn lists_in_groups_are_one_list() {
    let row = "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}";
    let all = list(4, row);
    let (first, second) = all.split_once("},{\"title\":\"老街").unwrap();
    let text = format!(
        "{{\"data\":[{{\"date\":\"2021-03-11\",\"items\":[{first}}}]}},{{\"date\":\"2021-03-10\",\"items\":[{{\"title\":\"老街{second}]}}]}}"
    );
    assert_eq!(api(&text), wanted(4, "/a/%n.html", "03-11 01:11"), "{text}");
    // entities of a store, by what they are
    let tag = "\"Tag:%n\":{\"__typename\":\"Tag\",\"name\":\"%t标签\"}";
    let article = "\"Article:%n\":{\"__typename\":\"Article\",\"title\":\"%t\",\"path\":\"/a/%n.html\",\"publishedAt\":161542510%n}";
    let image = "\"Image:%n\":{\"url\":\"/i/%n.jpg\"}";
    let text = format!("{{{},{},{}}}", list(9, tag), list(4, article), list(9, image));
    assert_eq!(api(&text), wanted(4, "/a/%n.html", "03-11 01:11"), "{text}");
}

#[test]
fn links_lead_into_the_site_whatever_they_are_written_like() {
    for (link, path) in [
        ("\"docPubUrl\":\"http://www.quay.example/a/%n.html\"", "/a/%n.html"),
        ("\"url\":\"//www.quay.example/a/%n.html\"", "/a/%n.html"),
        ("\"url\":\"www.quay.example/a/%n.html\"", "/a/%n.html"),
        ("\"url\":\"/a/%n.html\"", "/a/%n.html"),
        // of an API's own folder nobody means a page
        ("\"url\":\"a/%n.html\"", "/a/%n.html"),
        // the first field that looks like a link is the same everywhere
        ("\"url\":\"/channel/12/\",\"detailUrl\":\"/a/%n.html\"", "/a/%n.html"),
        ("\"path\":\"新闻/要闻\",\"shareUrl\":\"/a/%n.html\"", "/a/%n.html"),
        ("\"url\":\"/upload/%n.jpg\",\"linkUrl\":\"/a/%n.html\"", "/a/%n.html"),
        ("\"url\":\"\",\"link\":{\"href\":\"/a/%n.html\"}", "/a/%n.html"),
    ] {
        let row = format!("{{\"title\":\"%t\",{link},\"pubTime\":161542510%n}}");
        let text = format!("{{\"data\":{{\"records\":[{}]}}}}", list(4, &row));
        assert_eq!(api(&text), wanted(4, path, "03-11 01:11"), "{link}");
    }
}

#[test]
fn an_answer_may_be_wrapped() {
    let row = "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}";
    let plain = format!("{{\"list\":[{}]}}", list(4, row));
    let quoted = serde_json::to_string(&plain).unwrap();
    let html = list(4, "<li><span>2021-03-11 09:11</span><a href=\"/a/%n.html\" title=\"%t\">%t</a></li>")
        .replace("</li>,", "</li>");
    let html = serde_json::to_string(&html).unwrap();
    for text in [
        format!("\u{feff}{plain}"),
        format!("jsonp_1615425103({plain});"),
        format!("/**/ cb && cb({plain})"),
        format!("var newsList = {plain};"),
        // JSON as a text of JSON: old services of .NET
        format!("{{\"d\":{quoted}}}"),
        format!("{{\"code\":0,\"data\":{quoted},\"msg\":\"ok\"}}"),
        // rows as markup in JSON
        format!("{{\"code\":0,\"html\":{html},\"more\":true}}"),
        format!("{{\"status\":1,\"data\":{{\"content\":{html}}}}}"),
        format!(
            "{{total:4,/*rows*/'list':[{},]}}",
            list(4, "{title:'%t',url:'/a/%n.html',pubTime:161542510%n,x:undefined}")
        ),
    ] {
        assert_eq!(api(&text), wanted(4, "/a/%n.html", "03-11 01:11"), "{text}");
    }
}

#[test]
fn the_state_stands_wherever_a_program_takes_it_from() {
    let row = "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}";
    let plain = format!("{{\"menu\":[],\"list\":[{}]}}", list(4, row));
    let quoted = serde_json::to_string(&plain).unwrap();
    let encoded: String =
        percent_encoding::utf8_percent_encode(&plain, percent_encoding::NON_ALPHANUMERIC).to_string();
    let flat = format!(
        "[[\"ShallowReactive\",1],{{\"data\":2,\"state\":3}},{{\"news\":4}},{{}},[5,9,13,17],{}]",
        list(4, "{\"title\":%1,\"url\":%2,\"pubTime\":%3},\"%t\",\"/a/%n.html\",161542510%n")
            .split("},\"")
            .enumerate()
            .map(|(at, part)| {
                let n = 5 + at * 4;
                part.replace("%1", &(n + 1).to_string())
                    .replace("%2", &(n + 2).to_string())
                    .replace("%3", &(n + 3).to_string())
            })
            .collect::<Vec<_>>()
            .join("},\"")
    );
    for state in [
        format!("<script id=\"RENDER_DATA\" type=\"application/json\">{encoded}</script>"),
        format!("<script>window.__DATA__ = JSON.parse(decodeURIComponent(\"{encoded}\"))</script>"),
        format!("<script>window.__STATE__={quoted}</script>"),
        format!("<script>App.start(document.getElementById('app'), {plain});</script>"),
        format!("<script>renderList({plain})</script>"),
        format!(
            "<script>kit.start(app, element, {{node_ids:[0,2],data:[null,{{type:\"data\",data:{plain},uses:{{}}}}]}});</script>"
        ),
        format!(
            "<script>window.__NUXT__=(function(a,b){{b.x=1;return {{layout:\"default\",data:[{plain}],state:{{u:a}},error:b}}}}(null,{{}}));</script>"
        ),
        format!(
            "<script>window.__NUXT__=(function(a){{return {{data:[{}]}}}}(161542510));</script>",
            plain.replace("\"pubTime\":1615425101", "pubTime:1615425101")
        ),
        format!("<script type=\"application/json\" id=\"__NUXT_DATA__\" data-ssr=\"true\">{flat}</script>"),
        format!("<script>window.___gatsby={{}};window.pageData = {plain};</script>"),
        format!(
            "<script>window.__remixContext = {{\"state\":{{\"loaderData\":{{\"routes/news\":{plain}}}}}}};__remixContext.p = function(v,e,p,x) {{}};</script>"
        ),
    ] {
        shows_the_list(&state);
    }
}

#[test]
fn the_state_stands_in_markup() {
    let row = "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}";
    let plain = format!("{{\"menu\":[],\"list\":[{}]}}", list(4, row));
    let entities = plain.replace('"', "&quot;");
    for state in [
        format!("<textarea id=\"state\" style=\"display:none\">{entities}</textarea>"),
        format!("<input type=\"hidden\" id=\"data\" value=\"{entities}\">"),
        format!("<news-list :news='{plain}'></news-list>"),
        format!("<script type=\"text/json\">{plain}</script>"),
        format!("<script id=\"shoebox\" type=\"fastboot/shoebox\">{entities}</script>"),
        format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"ItemList\",\"itemListElement\":[{}]}}</script>",
            list(
                4,
                "{\"@type\":\"ListItem\",\"position\":%n,\"item\":{\"@type\":\"NewsArticle\",\"headline\":\"%t\",\"url\":\"/a/%n.html\",\"datePublished\":\"2021-03-11T09:11:00+08:00\"}}"
            )
        ),
        format!(
            "<script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@graph\":[{{\"@type\":\"WebSite\",\"name\":\"青石新闻网\",\"url\":\"http://www.quay.example/\"}},{}]}}</script>",
            list(
                4,
                "{\"@type\":[\"NewsArticle\"],\"headline\":\"%t\",\"mainEntityOfPage\":{\"@id\":\"/a/%n.html\"},\"datePublished\":\"2021-03-11T09:11:00+08:00\"}"
            )
        ),
        format!(
            "<astro-island props=\"{}\"></astro-island>",
            format!(
                "{{\"posts\":[1,[{}]]}}",
                list(4, "[0,{\"title\":[0,\"%t\"],\"url\":[0,\"/a/%n.html\"],\"pubTime\":[0,161542510%n]}]")
            )
            .replace('"', "&quot;")
        ),
    ] {
        shows_the_list(&state);
    }
}

/// A page that has nothing but a state lists the four articles that stand in it.
fn shows_the_list(state: &str) {
    let html = format!(
        "<!doctype html><html lang=zh-CN><head><title>青石新闻</title></head><body><div id=app></div>{state}</body></html>"
    );
    assert_eq!(page(&html), wanted(4, "/a/%n.html", "03-11 01:11"), "{state}");
}

#[test]
fn a_menu_on_the_page_does_not_hide_its_state() {
    let row = "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}";
    let menu = "<ul><li><a href=/>首页</a><li><a href=/c/1/>时政要闻</a><li><a href=/c/2/>民生新闻</a><li><a href=/c/3/>教育健康</a><li><a href=/c/4/>视频新闻</a></ul>";
    let html = format!(
        "<html lang=zh><body>{menu}<div id=app></div><script>window.__INITIAL_STATE__={{list:[{}]}}</script><div class=foot><a href=/about>关于我们</a><a href=/law>法律声明</a><a href=/map>网站地图</a></div></body></html>",
        list(4, row)
    );
    assert_eq!(page(&html), wanted(4, "/a/%n.html", "03-11 01:11"));
}

#[test]
fn links_are_built_from_names_only_where_the_page_shows_how() {
    let row = "{\"id\":90%n,\"title\":\"%t\",\"pubTime\":161542510%n}";
    let state = format!("<script>window.__INITIAL_STATE__={{list:[{}]}}</script>", list(4, row));
    for (shown, path) in [
        ("<a :href=\"'/show/' + item.id + '.html'\">{{item.title}}</a>", "/show/90%n.html"),
        ("<a href=\"/show?id={{item.id}}\">{{item.title}}</a>", "/show?id=90%n"),
        (
            "<script>var h = '<li><a href=\"/n/' + d.id + '.shtml\">' + d.title + '</a></li>'</script>",
            "/n/90%n.shtml",
        ),
        ("<script>html += `<a href=\"/detail/${row.id}\">${row.title}</a>`</script>", "/detail/90%n"),
        ("<script>function go(r){location.href = '/view.html?id=' + r.id}</script>", "/view.html?id=90%n"),
        // a link of the page to one of them
        ("<p class=top><a href=\"/t/902.html\">春耕农资检查组走进六个乡镇</a></p>", "/t/90%n.html"),
    ] {
        let html = format!("<html lang=zh><body><div id=app>{shown}</div>{state}</body></html>");
        assert_eq!(page(&html), wanted(4, path, "03-11 01:11"), "{shown}");
    }
    let html = format!("<html lang=zh><body><div id=app></div>{state}</body></html>");
    assert_eq!(page(&html), []);
    // one link with such a number by chance shows nothing
    let html = format!("<html lang=zh><body><a href=/about/902/>联系我们的编辑部</a>{state}</body></html>");
    assert_eq!(page(&html), []);
}

#[test]
fn what_is_asked_by_post_is_left_and_told() {
    for script in [
        "$.post('/api/news/list', {page: 1}, show)",
        "fetch('/api/news/list', {method: 'POST', body: '{}'})",
        "axios.post(\"/api/news/list\", {page: 1})",
        "$.ajax({type: 'POST', url: '/api/news/list', data: {page: 1}})",
        "$.ajax({url: '/api/news/list', type: \"post\"})",
        "axios({method: 'post', url: '/api/news/list'})",
    ] {
        let html = format!("<html><body><div id=app></div><script>{script}</script></body></html>");
        let found = listing(&html, "http://www.quay.example/news/", "text/html");
        assert_eq!(found.parts, [], "{script}");
        let told = found.explanation.join("\n");
        assert!(told.contains("/api/news/list") && told.contains("POST"), "{script}: {told}");
    }
}

#[test]
fn the_next_page_is_where_the_answer_says() {
    let row = "{\"title\":\"%t\",\"url\":\"/a/%n.html\",\"pubTime\":161542510%n}";
    for (own, beside, next) in [
        ("/api/list", "\"nextPageToken\":\"Q2F\"", Some("/api/list?pageToken=Q2F")),
        (
            "/api/list?size=4",
            "\"has_more\":true,\"next_cursor\":\"160\"",
            Some("/api/list?size=4&cursor=160"),
        ),
        ("/api/list?cursor=9", "\"has_more\":true,\"next_cursor\":160", Some("/api/list?cursor=160")),
        ("/api/list?cursor=9", "\"has_more\":0,\"next_cursor\":160", None),
        ("/api/list?page=1", "\"totalPages\":1", None),
        ("/api/list?page=2", "\"totalPages\":3", Some("/api/list?page=3")),
        ("/api/list?pageNo=3&pageSize=4", "\"total\":12", None),
        ("/api/list?pageNo=2&pageSize=4", "\"total\":12", Some("/api/list?pageNo=3&pageSize=4")),
        ("/api/list?pageNo=1", "\"lastPage\":false", Some("/api/list?pageNo=2")),
        ("/api/list?pageNo=1", "\"isLastPage\":true", None),
    ] {
        let text = format!("{{{beside},\"data\":[{}]}}", list(4, row));
        let found = listing(&text, &format!("http://www.quay.example{own}"), "application/json");
        assert_eq!(found.next.as_ref().map(PageUrl::path_and_query), next, "{own} {beside}");
    }
}
