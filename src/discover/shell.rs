//! What a page without a list leads to: where it sends on, its frames, the API that its scripts and attributes name.
//! Scripts are read, never run.

use super::api;
use crate::data;
use crate::model::PageUrl;
use crate::page::Page;

/// Documents of each kind.
const MOST: usize = 4;
/// The least sure kind: a wall has a script, too.
pub(super) const BY_SCRIPTS: &str = "its scripts may name an API";
/// Of the kinds of documents so many are pages.
const PAGES: usize = 2;
/// The posts of WordPress, with what their authors and categories are called.
const NAMED: &str = "per_page=30&_embed=author,wp:term";
/// Looks for documents of one kind.
type Find = fn(&Page) -> Vec<PageUrl>;

/// What a page that lists nothing leads to, and why; the surest kind alone. Without `all` only pages are.
pub(super) fn parts(page: &Page, all: bool) -> (Vec<PageUrl>, &'static str) {
    let kinds: [(Find, &str); 5] = [
        (sent_on, "the page sends on"),
        (data::frames, "its frames may hold the list"),
        (wordpress, "it names the API of WordPress"),
        (api::named_by, "it names an API"),
        (scripts, BY_SCRIPTS),
    ];
    found_by(page, kinds.into_iter().take(if all { usize::MAX } else { PAGES }))
}

/// What a page leads to whose rows only stand beside a list: its frames, and what it says plainly that it asks.
pub(super) fn around(page: &Page) -> (Vec<PageUrl>, &'static str) {
    let kinds: [(Find, &str); 3] = [
        (data::frames, "its frames may hold the list"),
        (wordpress, "it names the API of WordPress"),
        (api::named_by, "it names an API"),
    ];
    found_by(page, kinds.into_iter())
}

fn found_by(page: &Page, kinds: impl Iterator<Item = (Find, &'static str)>) -> (Vec<PageUrl>, &'static str) {
    for (find, why) in kinds {
        let mut found = Vec::new();
        for url in find(page) {
            let is_new = url != *page.url() && !found.contains(&url);
            if is_new && found.len() < MOST {
                found.push(url);
            }
        }
        if !found.is_empty() {
            return (found, why);
        }
    }
    (Vec::new(), "")
}

fn sent_on(page: &Page) -> Vec<PageUrl> {
    data::sent_on(page).into_iter().collect()
}

/// The posts of a WordPress that names its API (`rel=https://api.w.org/`).
fn wordpress(page: &Page) -> Vec<PageUrl> {
    let root = page.links("https://api.w.org/").map(|(_, url)| url).find(|url| data::is_own(url, page.url()));
    root.and_then(|root| posts(&root)).into_iter().collect()
}

/// Where the posts are below the root of the API: without permalinks it is a parameter (`/?rest_route=/`).
fn posts(root: &PageUrl) -> Option<PageUrl> {
    let route = root.as_url().query_pairs().find(|(name, _)| name == "rest_route").map(|(_, value)| value);
    match route {
        Some(route) => root.join(&format!("?rest_route={}/wp/v2/posts&{NAMED}", route.trim_end_matches('/'))),
        None => root.join(&format!("wp/v2/posts?{NAMED}")),
    }
    .ok()
}

/// Script files of the page's own site, those that are its own program first.
pub(super) fn scripts(page: &Page) -> Vec<PageUrl> {
    if !data::is_bare(page) {
        return Vec::new();
    }
    let common = [
        "jquery",
        "vue",
        "react",
        "polyfill",
        "vendor",
        "bootstrap",
        "swiper",
        "analytics",
        "layui",
        "min.js?",
        "modernizr",
    ];
    let mut found: Vec<(bool, PageUrl)> = page
        .root()
        .descendants()
        .filter(|node| node.name() == "script")
        .filter_map(|node| page.join(node.attr("src")?.trim()))
        .filter(|url| data::is_own(url, page.url()))
        .map(|url| {
            let address = url.as_str().to_ascii_lowercase();
            // a counter's file, not the folder of all files
            let file = url.as_url().path().rsplit('/').next().unwrap_or_default();
            let is_common = file.starts_with("stat") || common.iter().any(|word| address.contains(word));
            (is_common, url)
        })
        .collect();
    found.sort_by_key(|(is_common, _)| *is_common);
    found.into_iter().filter(|(is_common, _)| !is_common).map(|(_, url)| url).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> Vec<String> {
        let page = Page::parse(html, PageUrl::parse("http://quay.example/news/index.html").unwrap());
        parts(&page, true).0.iter().map(|url| url.path_and_query().to_owned()).collect()
    }

    #[test]
    fn a_page_without_a_list_leads_on() {
        for (html, led) in [
            ("<meta http-equiv='Refresh' content='0; URL=\"/a/\"'>", vec!["/a/"]),
            ("<meta http-equiv=refresh content='3;url=list.html'>", vec!["/news/list.html"]),
            ("<meta http-equiv=refresh content=300>", vec![]),
            ("<meta http-equiv=refresh content='0;url=http://other.example/'>", vec![]),
            ("<script>window.location.href='/b/';</script>", vec!["/b/"]),
            ("<script>if (top != self) { top.location.replace(\"/c/\") }</script>", vec!["/c/"]),
            ("<script>location.href = '/x?' + id</script>", vec![]),
            (
                "<frameset cols='20,80'><frame src=menu.html name=left><frame src=main.html name=main></frameset>",
                vec!["/news/main.html"],
            ),
            (
                "<iframe src='/list/1.html' width='100%' height=600></iframe><iframe src='/count' height=0></iframe><iframe src='http://ads.example/x'></iframe>",
                vec!["/list/1.html"],
            ),
            (
                "<link rel='https://api.w.org/' href='/wp-json/'>",
                vec!["/wp-json/wp/v2/posts?per_page=30&_embed=author,wp:term"],
            ),
            (
                "<link rel='https://api.w.org/' href='http://quay.example/?rest_route=/'>",
                vec!["/?rest_route=/wp/v2/posts&per_page=30&_embed=author,wp:term"],
            ),
            ("<link rel='https://api.w.org/' href='http://other.example/wp-json/'>", vec![]),
            ("<div id=app data-api='/api/news/list?page=1'></div>", vec!["/api/news/list?page=1"]),
            (
                "<script>fetch('/api/v1/articles?size=20').then(r => r.json())</script>",
                vec!["/api/v1/articles?size=20"],
            ),
            (
                "<script>$.ajax({url: '/getNewsList.do', type: 'get', data: {pageNo: 1, channel: 'x'}})</script>",
                vec!["/getNewsList.do?channel=x&pageNo=1"],
            ),
            ("<script>$.getJSON(\"/api/list?pageNo=\" + page, show)</script>", vec!["/api/list?pageNo=1"]),
            ("<script>$.post('/api/list', {a: 1})</script>", vec![]),
            ("<script>axios({method:'post', url:'/api/list'}); var i = '/img/list.png'</script>", vec![]),
            (
                "<script src='/js/app.8f3.js'></script><script src='/js/jquery.js'></script>",
                vec!["/js/app.8f3.js"],
            ),
            (
                "<script src='/static/app.js'></script><script src='/js/stat.js'></script>",
                vec!["/static/app.js"],
            ),
            ("<p>nothing here</p>", vec![]),
        ] {
            assert_eq!(of(html), led, "{html}");
        }
    }
}
