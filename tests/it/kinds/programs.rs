//! Portals whose lists are written by programs for programs, in makes unlike one another: visited, stored, served.

use super::{articles, asked, expected, stand, titles, told, typed};
use crate::portal::{Page, Portal, path, title};
use crate::stand::Stand;

const EPOCH: u64 = 1_795_137_600;

/// Rows by a pattern: `%n` the number, `%t` the title, `%p` the path of the article's page.
fn rows(range: std::ops::RangeInclusive<u32>, pattern: &str) -> String {
    let one = |n: u32| pattern.replace("%n", &n.to_string()).replace("%t", &title(n)).replace("%p", &path(n));
    range.map(one).collect::<Vec<_>>().join(",")
}

fn json(site: &Portal, path: &str, body: &str) {
    site.put(path, typed("application/json;charset=UTF-8", body));
}

fn shell(inner: &str) -> Page {
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><title>青石新闻</title></head><body><div id=\"app\"></div>{inner}</body></html>"
    );
    Page::html(html)
}

#[test]
fn pages_are_counted_as_far_as_the_answer_has_them() {
    let stand = Stand::with(super::NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/api/news/page?pageNo=1&pageSize=3").unwrap()];
        configured.recipe.list.max_pages = 9;
    });
    articles(&stand.site, 8);
    let row = format!("{{\"title\":\"%t\",\"url\":\"%p\",\"pubTime\":\"{EPOCH}\"}}");
    for (page, range) in [(1, 1..=3), (2, 4..=6), (3, 7..=8)] {
        let body = format!("{{\"code\":0,\"data\":{{\"total\":8,\"records\":[{}]}}}}", rows(range, &row));
        json(&stand.site, &format!("/api/news/page?pageNo={page}&pageSize=3"), &body);
    }
    assert_eq!(titles(&stand), expected(8));
    let pages = asked(&stand).into_iter().filter(|path| path.starts_with("/api/")).count();
    assert_eq!(pages, 3, "no page behind the last is asked for");
}

#[test]
fn a_cursor_is_followed_to_its_end() {
    let stand = Stand::with(super::NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/feed/v2").unwrap()];
        configured.recipe.list.max_pages = 9;
    });
    articles(&stand.site, 6);
    let row = format!("{{\"headline\":\"%t\",\"href\":\"%p\",\"published_at\":{EPOCH}000}}");
    for (address, range, next) in [
        ("/feed/v2", 1..=2, "\"next_cursor\":\"k2\",\"has_more\":true"),
        ("/feed/v2?cursor=k2", 3..=4, "\"next_cursor\":\"k4\",\"has_more\":true"),
        ("/feed/v2?cursor=k4", 5..=6, "\"next_cursor\":\"k6\",\"has_more\":false"),
    ] {
        json(&stand.site, address, &format!("{{\"items\":[{}],{next}}}", rows(range, &row)));
    }
    assert_eq!(titles(&stand), expected(6));
}

#[test]
fn an_old_service_folds_its_answer_twice() {
    let stand = stand("/Handler/News.ashx?cls=3");
    articles(&stand.site, 4);
    let list = format!(
        "[{}]",
        rows(
            1..=4,
            "{\"ID\":%n,\"Title\":\"%t\",\"Url\":\"%p\",\"AddTime\":\"\\/Date(1795137600000+0800)\\/\"}"
        )
    );
    let body = format!("{{\"d\":{}}}", serde_json::to_string(&list).unwrap());
    json(&stand.site, "/Handler/News.ashx?cls=3", &body);
    let all = told(&stand);
    assert_eq!(all.len(), 4, "{all:?}");
}

#[test]
fn rows_come_as_markup_in_a_field() {
    let stand = stand("/news/");
    articles(&stand.site, 5);
    stand.site.put("/news/", shell("<ul id=\"list\"></ul><script>$.getJSON('/index.php?m=ajax&a=more&page=' + page, function (r) { $('#list').append(r.html) })</script>"));
    let rows: String = (1..=5)
        .map(|n| format!("<li><a href=\"{}\">{}</a><span>2026-11-20</span></li>", path(n), title(n)))
        .collect();
    let body = format!("{{\"status\":1,\"info\":\"\",\"html\":{}}}", serde_json::to_string(&rows).unwrap());
    json(&stand.site, "/index.php?m=ajax&a=more&page=1", &body);
    assert_eq!(titles(&stand), expected(5));
}

#[test]
fn an_app_has_numbers_for_links_and_its_page_says_how_they_become_some() {
    for script in [
        "<script>fetch('/api/list?channel=2').then(r => r.json()).then(r => { r.data.forEach(d => { html += `<a href=\"/show/${d.newsId}.html\">${d.title}</a>` }) })</script>",
        "<script>$.get(\"/api/list?channel=2\", function (r) { $.each(r.data, function (i, d) { s += '<li><a href=\"/show/' + d.newsId + '.html\">' + d.title + '</a></li>' }) })</script>",
        // in a file of its own
        "<script src=\"/static/app.js\"></script>",
    ] {
        let stand = stand("/m/");
        for n in 1..=4 {
            stand
                .site
                .put(&format!("/show/70{n}.html"), Page::html(crate::portal::article(n, &title(n), "")));
        }
        stand.site.put("/m/", shell(script));
        stand.site.put("/static/app.js", typed("application/javascript", "var u=\"/api/list?channel=2\";axios.get(u).then(function(r){r.data.data.map(function(d){return \"<a href='/show/\"+d.newsId+\".html'>\"+d.title+\"</a>\"})})"));
        let row = format!(
            "{{\"newsId\":70%n,\"title\":\"%t\",\"publishTime\":{EPOCH}000,\"cover\":\"/i/%n.jpg\"}}"
        );
        let body = format!("{{\"data\":[{}]}}", rows(1..=4, &row));
        json(&stand.site, "/api/list?channel=2", &body);
        assert_eq!(titles(&stand), expected(4), "{script}");
        // the shell says the same on the next visit, and when it answers that nothing changed
        let mut page = stand.site.get("/m/");
        page.etag = Some("\"1\"".to_owned());
        stand.site.put("/m/", page);
        assert_eq!(stand.visit().error, None, "{script}");
        articles(&stand.site, 0);
        stand.site.put("/show/705.html", Page::html(crate::portal::article(5, &title(5), "")));
        json(&stand.site, "/api/list?channel=2", &format!("{{\"data\":[{}]}}", rows(1..=5, &row)));
        assert_eq!(stand.visit().error, None, "{script}");
        assert_eq!(stand.stored().len(), 5, "{script}");
    }
}

#[test]
fn a_wordpress_that_shows_nothing_is_asked_by_its_api() {
    let stand = stand("/news/");
    let page = "<!doctype html><html lang=\"de\"><head><title>Hafenbote</title><link rel=\"https://api.w.org/\" href=\"/wp-json/\"></head><body><div id=\"root\"></div></body></html>";
    stand.site.put("/news/", Page::html(page));
    let body = |n: usize| "Der Rat hat am Montag den Plan für die Hafenstraße beschlossen. ".repeat(7 + n);
    let posts: Vec<String> = (1..=3).map(|n| format!("{{\"id\":{n},\"date\":\"2026-11-2{n}T10:00:00\",\"date_gmt\":\"2026-11-2{n}T09:00:00\",\"link\":\"http://{}/2026/post-{n}/\",\"title\":{{\"rendered\":\"Hafenstraße &#8211; Teil {n}\"}},\"content\":{{\"rendered\":\"<p>{}</p><p>Teil {n}.</p>\"}},\"excerpt\":{{\"rendered\":\"<p>Der Rat &hellip;</p>\"}},\"categories\":[4,7]}}", stand.site.address, body(n))).collect();
    json(
        &stand.site,
        "/wp-json/wp/v2/posts?per_page=30&_embed=author,wp:term",
        &format!("[{}]", posts.join(",")),
    );
    let all = told(&stand);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(all[0].0, "Hafenstraße – Teil 1");
    // ten o'clock in winter, whatever zone the portal was taken to be in
    let at = stand.stored().iter().map(|one| one.article.published.unwrap().utc().to_rfc3339()).min();
    assert_eq!(at.as_deref(), Some("2026-11-21T09:00:00+00:00"));
}

#[test]
fn what_is_asked_by_post_alone_is_told_and_left() {
    let stand = stand("/news/");
    stand.site.put("/news/", shell("<script>axios.post('/api/news/list', {page: 1}).then(show)</script>"));
    assert!(stand.visit().error.is_some());
    assert!(asked(&stand).iter().all(|path| !path.contains("/api/")), "{:?}", asked(&stand));
}

#[test]
fn lists_stand_in_states_of_many_makes() {
    let row = format!("{{\"title\":\"%t\",\"url\":\"%p\",\"pubTime\":{EPOCH}}}");
    let list = rows(1..=4, &row);
    let hot = rows(6..=9, "{\"title\":\"%t\",\"url\":\"%p\"}");
    let state =
        format!("{{\"hot\":[{hot}],\"menu\":[{{\"name\":\"首页\",\"url\":\"/\"}}],\"list\":[{list}]}}");
    let quoted = state.replace('"', "&quot;");
    let encoded: String = state.bytes().map(|byte| format!("%{byte:02X}")).collect();
    for inner in [
        format!("<script id=\"RENDER_DATA\" type=\"application/json\">{encoded}</script>"),
        format!("<script>App.mount(document.querySelector('#app'), {state});</script>"),
        format!("<news-page :state=\"{quoted}\"></news-page>"),
        format!(
            "<script>window.__NUXT__=(function(a){{a.v=1;return {{data:[{state}],state:a}}}}({{}}));</script>"
        ),
        format!("<textarea hidden id=\"data\">{quoted}</textarea>"),
        format!("<script>var total = 4, page = {{ list: [{list}], size: 20 }};</script>"),
    ] {
        let stand = stand("/news/");
        articles(&stand.site, 9);
        stand.site.put("/news/", shell(&inner));
        assert_eq!(titles(&stand), expected(4), "{inner}");
    }
}

#[test]
fn the_payload_of_a_page_may_be_a_file_of_its_own() {
    let stand = stand("/news/");
    articles(&stand.site, 3);
    stand.site.put("/news/", shell("<script type=\"application/json\" data-nuxt-data=\"nuxt-app\" data-ssr=\"true\" id=\"__NUXT_DATA__\" data-src=\"/news/_payload.json?7f\">[{\"state\":1,\"once\":2},{},[\"Set\"]]</script>"));
    let mut flat =
        "[{\"data\":1,\"prerenderedAt\":2},[\"ShallowReactive\",3],1795137600000,{\"news\":4},[5,9,13]"
            .to_owned();
    for n in 1..=3_u32 {
        let at = 5 + (n - 1) * 4;
        flat += &format!(
            ",{{\"title\":{},\"path\":{},\"publishedAt\":{}}},\"{}\",\"{}\",\"2026-11-20T08:00:00.000Z\"",
            at + 1,
            at + 2,
            at + 3,
            title(n),
            path(n)
        );
    }
    json(&stand.site, "/news/_payload.json?7f", &(flat + "]"));
    assert_eq!(titles(&stand), expected(3));
}
