//! What a page without a list leads to: where it sends on, its frames, the API that its scripts and attributes name.
//! Scripts are read, never run.

use super::api;
use crate::data;
use crate::model::PageUrl;
use crate::page::{Node, Page, text};

/// Documents of each kind.
const MOST: usize = 4;
/// A page that sends on later than this is read itself, in seconds.
const LATE: u32 = 30;
/// Half widths of a page whose scripts make it.
const BARE: usize = 400;
/// Frames that hold something else, by their addresses or names.
const ASIDE: [&str; 15] = [
    "top", "head", "banner", "left", "menu", "nav", "foot", "bottom", "ad", "ads", "player", "video", "map",
    "weather", "tianqi",
];
/// Looks for documents of one kind.
type Find = fn(&Page) -> Vec<PageUrl>;

/// What a page that lists nothing leads to, and why; the surest kind alone.
pub(super) fn parts(page: &Page) -> (Vec<PageUrl>, &'static str) {
    let kinds: [(Find, &str); 5] = [
        (sent_on, "the page sends on"),
        (frames, "its frames may hold the list"),
        (wordpress, "it names the API of WordPress"),
        (api::named_by, "it names an API"),
        (scripts, "its scripts may name an API"),
    ];
    for (find, why) in kinds {
        let mut found = Vec::new();
        for url in find(page) {
            let is_new =
                url.key() != page.url().key() && found.iter().all(|known: &PageUrl| known.key() != url.key());
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

fn is_bare(page: &Page) -> bool {
    text::width(&page.body().text()) < BARE
}

/// Where a page sends its readers on by itself: `<meta http-equiv=refresh>`, or a script that does nothing else.
pub(super) fn sent_on(page: &Page) -> Vec<PageUrl> {
    let metas = page.root().descendants().filter(|node| {
        node.name() == "meta"
            && node.attr("http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"))
    });
    let told = metas.filter_map(|node| refresh(node.attr("content")?)).find_map(|to| page.join(&to));
    let found = told.or_else(|| {
        let scripts = api::inline(page).filter(|_| is_bare(page));
        scripts.filter_map(|script| location(&script)).find_map(|to| page.join(&to))
    });
    found.filter(|url| url.same_site(page.url()) && url.key() != page.url().key()).into_iter().collect()
}

/// `0; url=…` (HTML, shared declarative refresh steps).
fn refresh(content: &str) -> Option<String> {
    let content = content.trim();
    let digits = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
    let seconds: u32 = content.get(..digits)?.parse().unwrap_or(0);
    let rest = content.get(digits..)?.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start().trim_start_matches([';', ',']).trim_start();
    let is_url = rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("url"));
    let to = if is_url { rest.get(3..)?.trim_start().strip_prefix('=').unwrap_or(rest) } else { rest };
    let to = to.trim().trim_matches(['"', '\'']).trim();
    (seconds <= LATE && !to.is_empty()).then(|| to.to_owned())
}

/// The address that a script goes to.
fn location(script: &str) -> Option<String> {
    let mut rest = script;
    while let Some(at) = rest.find("location") {
        rest = rest.get(at + "location".len()..)?;
        let after = rest.trim_start();
        let after = after.strip_prefix(".href").unwrap_or(after).trim_start();
        let called = [".replace(", ".assign("].iter().find_map(|call| after.strip_prefix(call));
        let assigned = after.strip_prefix('=').filter(|after| !after.starts_with('='));
        let value = called.or(assigned).map(str::trim_start).filter(|value| value.starts_with(['"', '\'']));
        if let Some((value, length)) = value.and_then(data::value) {
            // an address that is put together is known to the script alone
            let behind =
                called.or(assigned).and_then(|all| all.trim_start().get(length..)).unwrap_or_default();
            if let Some(to) = value.as_str().filter(|_| !behind.trim_start().starts_with('+')) {
                return Some(to.to_owned());
            }
        }
    }
    None
}

/// The frames of the page's own site, the likeliest first.
pub(super) fn frames(page: &Page) -> Vec<PageUrl> {
    let is_frame = |node: &Node<'_>| matches!(node.name(), "frame" | "iframe");
    let mut found: Vec<(bool, PageUrl)> = Vec::new();
    for node in page.root().descendants().filter(is_frame) {
        let Some(url) = node.attr("src").and_then(|src| page.join(src.trim())) else { continue };
        let small = |name: &str| {
            let size =
                node.attr(name).and_then(|size| size.trim().trim_end_matches("px").parse::<u32>().ok());
            size.is_some_and(|size| size < 60)
        };
        if !url.same_site(page.url()) || node.is_hidden() || small("width") || small("height") {
            continue;
        }
        let name = [node.attr("name"), node.id()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
            .to_ascii_lowercase();
        let file = url.as_url().path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let words = || {
            name.split(|c: char| !c.is_ascii_alphabetic())
                .chain(file.split(|c: char| !c.is_ascii_alphabetic()))
        };
        let is_aside = words().any(|word| {
            ASIDE.contains(&word) || ASIDE.iter().any(|aside| aside.len() > 3 && word.starts_with(aside))
        });
        found.push((is_aside, url));
    }
    found.sort_by_key(|(is_aside, _)| *is_aside);
    let best = found.iter().filter(|(is_aside, _)| !is_aside).count();
    found.truncate(if best > 0 { best } else { found.len() });
    found.into_iter().map(|(_, url)| url).collect()
}

/// The posts of a WordPress that names its API (`rel=https://api.w.org/`).
fn wordpress(page: &Page) -> Vec<PageUrl> {
    let root = page.links("https://api.w.org/").map(|(_, url)| url).next();
    root.and_then(|root| root.join("wp/v2/posts?per_page=30").ok()).into_iter().collect()
}

/// Script files of the page's own site, those that are its own program first.
fn scripts(page: &Page) -> Vec<PageUrl> {
    if !is_bare(page) {
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
        "stat",
        "layui",
        "min.js?",
        "modernizr",
    ];
    let mut found: Vec<(bool, PageUrl)> = page
        .root()
        .descendants()
        .filter(|node| node.name() == "script")
        .filter_map(|node| page.join(node.attr("src")?.trim()))
        .filter(|url| url.same_site(page.url()))
        .map(|url| (common.iter().any(|word| url.as_str().to_ascii_lowercase().contains(word)), url))
        .collect();
    found.sort_by_key(|(is_common, _)| *is_common);
    found.into_iter().filter(|(is_common, _)| !is_common).map(|(_, url)| url).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> Vec<String> {
        let page = Page::parse(html, PageUrl::parse("http://quay.example/news/index.html").unwrap());
        parts(&page).0.iter().map(|url| url.path_and_query().to_owned()).collect()
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
            ("<link rel='https://api.w.org/' href='/wp-json/'>", vec!["/wp-json/wp/v2/posts?per_page=30"]),
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
            (
                "<script>axios({method:'post', url:'/api/list'}); var i = '/img/list.png'</script>",
                vec!["/api/list"],
            ),
            (
                "<script src='/js/app.8f3.js'></script><script src='/js/jquery.js'></script>",
                vec!["/js/app.8f3.js"],
            ),
            ("<p>nothing here</p>", vec![]),
        ] {
            assert_eq!(of(html), led, "{html}");
        }
    }
}
