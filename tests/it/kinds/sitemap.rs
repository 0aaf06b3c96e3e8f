//! Portals that tell their articles in sitemaps: by their own address, or found when a page lists nothing.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::TimeDelta;
use tidings::model::Kind;

use crate::portal::{self, Page};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

fn xml(text: impl Into<String>) -> Page {
    Page { content_type: "text/xml".to_owned(), ..Page::html(text) }
}

fn packed(text: &str) -> Page {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    let body = packer.finish().unwrap();
    Page { content_type: "application/octet-stream".to_owned(), body, ..Page::html("") }
}

/// A page that is filled by a program nobody runs.
fn shell() -> Page {
    Page::html(
        "<html lang=zh-CN><head><title>青石新闻网</title></head><body><div id=app></div><script src=/js/app.js></script></body></html>",
    )
}

fn articles(stand: &Stand, numbers: std::ops::RangeInclusive<u32>) {
    for n in numbers {
        stand.site.put(&portal::path(n), Page::html(portal::article(n, &portal::title(n), "")));
    }
}

/// A file of news with titles and times, one of them with pictures of its own.
fn news(stand: &Stand, numbers: impl Iterator<Item = u32>) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\" xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">".to_owned();
    for n in numbers {
        let (loc, title) = (stand.site.url(&portal::path(n)), portal::title(n));
        write!(text, "<url><loc>{loc}</loc><image:image><image:loc>{loc}/p.jpg</image:loc><image:title>图</image:title></image:image><news:news><news:publication><news:name>青石</news:name><news:language>zh-cn</news:language></news:publication><news:publication_date>2026-11-20T08:{n:02}:00+08:00</news:publication_date><news:title>{title}</news:title></news:news></url>").unwrap();
    }
    text + "</urlset>"
}

/// A plain file: no titles, a time at each address, among pages that are no articles.
fn plain(stand: &Stand, entries: &[(u32, &str)]) -> String {
    let mut text = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>".to_owned();
    for path in ["/", "/about/", "/news/", "/tag/2026/", "/datenschutzerklaerung/"] {
        write!(text, "<url><loc>{}</loc><priority>1.0</priority></url>", stand.site.url(path)).unwrap();
    }
    for (n, lastmod) in entries {
        let loc = stand.site.url(&portal::path(*n));
        write!(text, "<url><loc>{loc}</loc><lastmod>{lastmod}</lastmod></url>").unwrap();
    }
    text + "</urlset>"
}

fn titles(stand: &Stand) -> Vec<String> {
    let mut titles: Vec<String> = stand.stored().iter().map(|one| one.article.title.clone()).collect();
    titles.sort();
    titles
}

fn wanted(numbers: impl Iterator<Item = u32>) -> Vec<String> {
    let mut titles: Vec<String> = numbers.map(portal::title).collect();
    titles.sort();
    titles
}

/// What was asked for since so many requests.
fn asked(stand: &Stand, since: usize) -> Vec<String> {
    stand.site.seen().into_iter().skip(since).map(|seen| seen.path).collect()
}

#[test]
fn a_page_that_lists_nothing_is_read_by_the_sitemaps_of_its_robots_txt() {
    let stand = Stand::new(NOW);
    articles(&stand, 1..=6);
    stand.site.put("/news/", shell());
    let robots = format!("User-agent: *\nDisallow: /x\nSitemap: {}\n", stand.site.url("/maps/index.xml"));
    stand.site.put("/robots.txt", Page { content_type: "text/plain".to_owned(), ..Page::html(robots) });
    let index = "<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
        <sitemap><loc>/maps/image-1.xml</loc><lastmod>2026-11-23</lastmod></sitemap>\
        <sitemap><loc>/maps/category.xml</loc></sitemap>\
        <sitemap><loc>/maps/news.xml.gz</loc><lastmod>2026-11-20</lastmod></sitemap></sitemapindex>";
    stand.site.put("/maps/index.xml", xml(index));
    stand.site.put("/maps/news.xml.gz", packed(&news(&stand, 1..=5)));
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    assert_eq!(titles(&stand), wanted(1..=5));
    assert_eq!(stand.status().kind, Some(Kind::Sitemap));
    let first = asked(&stand, 0);
    assert!(!first.iter().any(|path| path.contains("image") || path.contains("category")), "{first:?}");
    // the day after the file has other articles: nothing is looked for anew, nothing is doubted
    stand.site.put("/maps/news.xml.gz", packed(&news(&stand, 6..=6)));
    stand.visits.clock.advance(TimeDelta::hours(2));
    let before = stand.site.seen().len();
    let visited = stand.visit_due();
    assert_eq!((visited.error, visited.notes), (None, 0));
    assert_eq!(titles(&stand), wanted(1..=6));
    assert_eq!(
        asked(&stand, before),
        ["/news/", "/maps/index.xml", "/maps/news.xml.gz", &portal::path(6)].map(str::to_owned)
    );
    // a quiet day has none
    stand.site.put("/maps/news.xml.gz", packed(&news(&stand, std::iter::empty())));
    for _ in 0..2 {
        stand.visits.clock.advance(TimeDelta::minutes(30));
        let visited = stand.visit_due();
        assert_eq!(visited.error, None, "{:?}", stand.status());
    }
}

#[test]
fn without_robots_txt_the_usual_places_are_tried_once() {
    let stand = Stand::new(NOW);
    articles(&stand, 1..=3);
    stand.site.put("/news/", shell());
    // a site that answers whatever is asked with a page
    stand.site.put("/sitemap.xml", shell());
    let entries: Vec<(u32, &str)> = (1..=3).map(|n| (n, "2026-11-20")).collect();
    stand.site.put("/sitemap_index.xml", xml(plain(&stand, &entries)));
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    assert_eq!(titles(&stand), wanted(1..=3));
    stand.visits.clock.advance(TimeDelta::minutes(30));
    let before = stand.site.seen().len();
    assert_eq!(stand.visit_due().error, None);
    assert_eq!(asked(&stand, before), ["/news/", "/sitemap_index.xml"]);
}

#[test]
fn a_page_without_any_list_nor_sitemap_is_told_as_empty() {
    let stand = Stand::new(NOW);
    stand.site.put("/news/", Page::html("<title>Gemeinde</title><p>Keine Meldungen.</p>"));
    let visited = stand.visit();
    assert_eq!(visited.error.map(|fault| fault.class.as_str()), Some("empty_list"));
    assert!(stand.site.seen().len() <= 5, "{:?}", asked(&stand, 0));
}

#[test]
fn of_a_sitemap_what_is_new_or_changed_is_asked_for() {
    let stand = Stand::with(NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/sitemap.xml").unwrap()];
        configured.kind = Kind::Sitemap;
    });
    articles(&stand, 1..=12);
    let dated = |n: u32| if n == 3 { "2026-11-21T10:00:00+08:00" } else { "2026-11-20T10:00:00+08:00" };
    let entries: Vec<(u32, &str)> = (1..=10).map(|n| (n, dated(n))).collect();
    stand.site.put("/sitemap.xml", xml(plain(&stand, &entries)));
    assert_eq!(stand.visit_due().error, None);
    assert_eq!(titles(&stand), wanted(1..=10));
    // the time of publication is the page's, not the file's
    let third = stand.stored().into_iter().find(|one| one.article.title == portal::title(3)).unwrap();
    assert_eq!(third.article.published.unwrap().at.to_rfc3339(), "2026-11-20T08:03:00+08:00");
    // one is corrected, two are new
    stand
        .site
        .put(&portal::path(7), Page::html(portal::article(7, &portal::title(7), "另补种了三十株腊梅。")));
    let mut entries = entries;
    entries[6].1 = "2026-11-23T16:20:00+08:00";
    entries.extend([(11, "2026-11-23T16:00:00+08:00"), (12, "2026-11-23T16:10:00+08:00")]);
    stand.site.put("/sitemap.xml", xml(plain(&stand, &entries)));
    stand.visits.clock.advance(TimeDelta::minutes(40));
    let before = stand.site.seen().len();
    let visited = stand.visit_due();
    assert_eq!((visited.error, visited.counts.new, visited.counts.changed), (None, 2, 1));
    let mut pages = asked(&stand, before);
    pages.sort();
    let mut due = vec![portal::path(11), portal::path(12), portal::path(7), "/sitemap.xml".to_owned()];
    due.sort();
    assert_eq!(pages, due);
    // a file that says now of everything is not believed
    let now: Vec<(u32, &str)> = entries.iter().map(|(n, _)| (*n, "2026-11-23T17:00:00+08:00")).collect();
    stand.site.put("/sitemap.xml", xml(plain(&stand, &now)));
    stand.visits.clock.advance(TimeDelta::minutes(20));
    let before = stand.site.seen().len();
    assert_eq!(stand.visit_due().error, None);
    assert_eq!(asked(&stand, before), ["/sitemap.xml"]);
}

#[test]
fn plain_lists_feeds_and_broken_files_are_sitemaps_too() {
    let texts: [fn(&Stand) -> Page; 3] = [
        |stand| {
            let lines: String = (1..=4).map(|n| stand.site.url(&portal::path(n)) + "\r\n").collect();
            Page { content_type: "text/plain".to_owned(), ..Page::html(lines) }
        },
        |stand| {
            let items: String = (1..=4)
                .map(|n| {
                    format!(
                        "<item><title>{}</title><link>{}</link></item>",
                        portal::title(n),
                        portal::path(n)
                    )
                })
                .collect();
            let _ = stand;
            xml(format!("<rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>"))
        },
        |stand| {
            let whole = news(stand, 1..=5);
            let end = whole.rfind("<news:publication_date>").unwrap();
            xml(format!("\n\n{}", &whole[..end]))
        },
    ];
    for text in texts {
        let stand = Stand::with(NOW, |configured| {
            configured.lists = vec![configured.lists[0].join("/map").unwrap()];
            configured.kind = Kind::Sitemap;
        });
        articles(&stand, 1..=5);
        stand.site.put("/map", text(&stand));
        assert_eq!(stand.visit().error, None);
        assert_eq!(titles(&stand), wanted(1..=4));
    }
}

#[test]
fn a_file_that_unpacks_without_end_is_refused() {
    let stand = Stand::with(NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/sitemap.xml.gz").unwrap()];
    });
    stand.site.put("/sitemap.xml.gz", packed(&" ".repeat(24 << 20)));
    let visited = stand.visit();
    assert_eq!(visited.error.map(|fault| fault.class.as_str()), Some("too_large"));
}
