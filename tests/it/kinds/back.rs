//! Walks back over what is no row of pages: files of sitemaps, feeds that name no next page, lists that grow meanwhile.

use std::fmt::Write as _;
use std::process::Output;

use crate::common::{err, out};
use crate::daemon::Home;
use crate::portal::{self, Page, Portal};

fn home(site: &Portal, path: &str) -> Home {
    Home::new(&format!(
        "[store]\nretain = \"0\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n",
        site.url(path)
    ))
}

fn walked(home: &Home, pages: u32) -> Output {
    let output = home.command().args(["fetch", "paper", "--backfill", &pages.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    output
}

fn stored(home: &Home) -> i64 {
    let store = rusqlite::Connection::open(home.path().join("data/tidings.db")).unwrap();
    store.query_row("SELECT count(*) FROM article", [], |row| row.get(0)).unwrap()
}

fn articles(site: &Portal, count: u32) {
    for n in 1..=count {
        site.put(&portal::path(n), Page::html(portal::article(n, &portal::title(n), "")));
    }
}

fn typed(content_type: &str, text: String) -> Page {
    Page { content_type: content_type.to_owned(), ..Page::html(text) }
}

/// A file of a sitemap.
fn file(site: &Portal, numbers: impl Iterator<Item = u32>) -> Page {
    let mut text = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>".to_owned();
    for n in numbers {
        let _ = write!(text, "<url><loc>{}</loc></url>", site.url(&portal::path(n)));
    }
    typed("text/xml", text + "</urlset>")
}

#[track_caller]
fn each_once(site: &Portal) {
    let mut paths: Vec<String> = site.seen().into_iter().map(|seen| seen.path).collect();
    let asked = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), asked, "something was asked for twice");
}

#[test]
fn files_of_a_sitemap_lead_back() {
    let site = Portal::start();
    articles(&site, 21);
    let mut index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>".to_owned();
    // a file a month, the last one is the newest
    for month in 1..=7 {
        let name = format!("/sitemap-2026-{month:02}.xml");
        site.put(&name, file(&site, month * 3 - 2..=month * 3));
        let _ = write!(index, "<sitemap><loc>{}</loc></sitemap>", site.url(&name));
    }
    site.put("/maps.xml", typed("text/xml", index + "</sitemapindex>"));
    site.put("/robots.txt", typed("text/plain", format!("Sitemap: {}", site.url("/maps.xml"))));
    let shell = "<html lang=zh-CN><head><title>青石新闻网</title></head><body><div id=app></div><script src=/app.js></script></body></html>";
    site.put("/", Page::html(shell));
    site.put("/app.js", typed("text/javascript", "!function(){}()".to_owned()));
    let home = home(&site, "/");
    let some = walked(&home, 2);
    assert_eq!(stored(&home), 15, "{}", out(&some));
    let all = walked(&home, 30);
    assert!(out(&all).contains("4 pages back"), "{}", out(&all));
    assert_eq!(stored(&home), 21, "{}", out(&all));
    each_once(&site);
}

#[test]
fn a_walk_takes_what_a_visit_leaves_of_a_long_sitemap() {
    let site = Portal::start();
    articles(&site, 130);
    site.put("/sitemap.xml", file(&site, 1..=130));
    let home = home(&site, "/sitemap.xml");
    let walk = walked(&home, 3);
    assert_eq!(stored(&home), 130, "{}", out(&walk));
}

#[test]
fn a_feed_of_wordpress_has_pages_that_it_does_not_name() {
    let site = Portal::start();
    articles(&site, 9);
    for page in 1..=3 {
        let entry = |n: u32| {
            let link = site.url(&portal::path(n));
            format!(
                "<item><title>{}</title><link>{link}</link><description>x […]</description></item>",
                portal::title(n)
            )
        };
        let items: String = (1..=3).map(|n| entry(10 - (page - 1) * 3 - n)).collect();
        let feed = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>青石</title><link>{}</link><generator>https://wordpress.org/?v=6.4</generator>{items}</channel></rss>",
            site.url("/")
        );
        let place = if page == 1 { "/feed/".to_owned() } else { format!("/feed/?paged={page}") };
        site.put(&place, typed("application/rss+xml", feed));
    }
    let home = home(&site, "/feed/");
    let walk = walked(&home, 9);
    assert!(
        out(&walk).contains("2 pages back") && out(&walk).contains("page 4 is not there"),
        "{}",
        out(&walk)
    );
    assert_eq!(stored(&home), 9, "{}", out(&walk));
}

/// A list of three rows a page, the newest first.
fn list(site: &Portal, newest: u32) {
    let pages = newest.div_ceil(3);
    for page in 1..=pages {
        let top = newest - (page - 1) * 3;
        let rows: String = (0..3.min(top)).map(|n| portal::row(top - n, &portal::title(top - n))).collect();
        let next = format!("<p><a href=\"/news/?page={}\">下一页</a></p>", page + 1);
        let next = if page < pages { next } else { String::new() };
        let text =
            portal::list(&rows).replace("<div class=\"foot\">", &format!("{next}<div class=\"foot\">"));
        let place = if page == 1 { "/news/".to_owned() } else { format!("/news/?page={page}") };
        site.put(&place, Page::html(text));
    }
}

#[test]
fn a_list_that_grew_by_a_page_meanwhile_is_walked_to_its_end() {
    for grown in [1, 3, 4, 6, 9] {
        let site = Portal::start();
        articles(&site, 30);
        list(&site, 21);
        let home = home(&site, "/news/");
        let some = walked(&home, 2);
        assert_eq!(stored(&home), 9, "{}", out(&some));
        // what the next page shows now was read
        list(&site, 21 + grown);
        let rest = walked(&home, 40);
        assert_eq!(stored(&home), 21, "grown by {grown}: {}", out(&rest));
        let articles = site.seen().into_iter().filter(|seen| seen.path.contains("show-")).count();
        assert_eq!(articles, 21, "grown by {grown}");
    }
}
