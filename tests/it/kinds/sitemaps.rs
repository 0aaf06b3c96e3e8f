//! Portals that tell machines of their articles.

use std::io::Write as _;

use tidings::model::Class;

use super::{articles, asked, expected, stand, titles, typed, url};
use crate::portal::{Page, path, title};

fn packed(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn the_sitemap_that_robots_names_is_read_when_the_page_lists_nothing() {
    let stand = stand("/");
    articles(&stand.site, 6);
    stand.site.put(
        "/",
        Page::html(
            "<html><head><title>青石</title></head><body><h1>青石新闻网</h1><p>欢迎光临。</p></body></html>",
        ),
    );
    let robots = format!("User-agent: *\nDisallow: /admin\nSitemap: {}\n", stand.site.url("/maps/index.xml"));
    stand.site.put("/robots.txt", typed("text/plain", &robots));
    let file = |name: &str, day: u32| {
        format!("<sitemap><loc>{}</loc><lastmod>2026-11-{day:02}</lastmod></sitemap>", stand.site.url(name))
    };
    let index = format!(
        "<?xml version='1.0'?><sitemapindex>{}{}{}</sitemapindex>",
        file("/maps/images.xml", 22),
        file("/maps/news.xml.gz", 20),
        file("/maps/tags.xml", 21)
    );
    stand.site.put("/maps/index.xml", typed("application/xml", &index));
    let entry = |n: u32| {
        format!(
            "<url><loc>{}</loc><news:news><news:publication_date>2026-11-20T08:{n:02}:00+08:00</news:publication_date><news:title>{}</news:title></news:news></url>",
            url(&stand, &path(n)),
            title(n)
        )
    };
    let news: String = (1..=6).map(entry).collect();
    let news = format!(
        "<urlset xmlns:news='x'>{news}<url><loc>{}</loc></url></urlset>",
        stand.site.url("/about.html")
    );
    stand.site.put("/maps/news.xml.gz", Page { body: packed(&news), ..typed("application/x-gzip", "") });
    assert_eq!(titles(&stand), expected(6));
    assert!(
        !asked(&stand).iter().any(|path| path.contains("images") || path.contains("tags")),
        "{:?}",
        asked(&stand)
    );
    // a day later another article, the oldest gone from the file
    let later: String = (2..=7).map(entry).collect();
    articles(&stand.site, 7);
    let later = format!("<urlset xmlns:news='x'>{later}</urlset>");
    stand.site.put("/maps/news.xml.gz", Page { body: packed(&later), ..typed("application/x-gzip", "") });
    let before = asked(&stand).len();
    let visited = stand.visit_due();
    assert_eq!((visited.error, visited.counts.new), (None, 1));
    // the page, the index, the file, the new article
    assert!(asked(&stand).len() - before <= 4, "{:?}", &asked(&stand)[before..]);
    assert_eq!(stand.stored().len(), 7);
}

#[test]
fn a_page_that_shows_nothing_leaves_the_sitemap_that_robots_names() {
    let nothing = "<html><head><title>青石</title></head><body><div></div><script>window.app = {};</script></body></html>";
    let stand = stand("/");
    articles(&stand.site, 4);
    stand.site.put("/", Page::html(nothing));
    stand.site.put("/robots.txt", typed("text/plain", &format!("Sitemap: {}\n", stand.site.url("/map.xml"))));
    let entry = |n: u32| format!("<url><loc>{}</loc></url>", url(&stand, &path(n)));
    let entries: String = (1..=4).map(entry).collect();
    stand.site.put("/map.xml", typed("text/xml", &format!("<urlset>{entries}</urlset>")));
    assert_eq!(titles(&stand), expected(4));
    // where none is named, none is guessed: the site may keep us out
    let shut = super::stand("/");
    shut.site.put("/", Page::html(nothing));
    let visited = shut.visit();
    assert_eq!(visited.error.map(|error| error.class), Some(Class::Challenge));
    assert_eq!(asked(&shut), ["/"]);
}

#[test]
fn a_sitemap_alone_is_a_portal() {
    let stand = stand("/sitemap.xml");
    articles(&stand.site, 5);
    let entries: String = (1..=5)
        .map(|n| {
            format!(
                "<url><loc>{}</loc><lastmod>2026-11-{:02}</lastmod></url>\n",
                url(&stand, &path(n)),
                n + 10
            )
        })
        .collect();
    let broken = format!(
        "\n<?xml version=\"1.0\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{}</loc></url>{entries}<url><loc>http",
        stand.site.url("/")
    );
    stand.site.put("/sitemap.xml", typed("text/xml", &broken));
    assert_eq!(titles(&stand), expected(5));
}
