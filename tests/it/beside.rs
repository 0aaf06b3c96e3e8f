//! A page and a feed that list the same articles: of each the better word, whichever of them is configured.

use std::fmt::Write as _;

use crate::portal::{self, Page};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

/// Takes the time of day out of a page that `town_paper` wrote.
fn without_times(stand: &Stand, path: &str, n: u32) {
    let text = String::from_utf8(stand.site.get(path).body).unwrap();
    let text = text.replace(&format!(" 08:{n:02}:00"), "").replace(&format!(" 08:{n:02}"), "");
    stand.site.put(path, Page::html(text));
}

fn feed(items: &[(u32, String, &str)]) -> Page {
    let mut text =
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>青石新闻网</title><link>/news/</link>"
            .to_owned();
    for (n, title, date) in items {
        write!(text, "<item><title>{title}</title><link>{}</link>{date}</item>", portal::path(*n)).unwrap();
    }
    Page { content_type: "text/xml".to_owned(), ..Page::html(text + "</channel></rss>") }
}

/// Titles and addresses, the newest first.
fn told(stand: &Stand) -> Vec<(String, String)> {
    let articles = stand.stored();
    articles.iter().map(|a| (a.article.title.clone(), a.article.url.path_and_query().to_owned())).collect()
}

#[test]
fn a_feed_without_titles_and_dates_is_read_beside_the_page_it_stands_for() {
    let stand = Stand::with(NOW, |configured| {
        let list = configured.lists[0].join("/feed.xml").unwrap();
        configured.lists = vec![list];
    });
    portal::town_paper(&stand.site, 5);
    // five items on the page, three of them in the feed, cut and without a day
    let cut = |n: u32| portal::title(n).chars().take(4).chain(['…']).collect::<String>();
    stand.site.put("/feed.xml", feed(&[(5, cut(5), ""), (4, cut(4), ""), (3, cut(3), "")]));
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    let told = told(&stand);
    assert_eq!(told.len(), 3, "{told:?}");
    for n in 3..=5 {
        assert!(told.contains(&(portal::title(n), portal::path(n))), "{told:?}");
    }
    let asked: Vec<String> = stand.site.seen().into_iter().map(|seen| seen.path).collect();
    assert!(asked.contains(&"/news/".to_owned()), "{asked:?}");
    // nothing new: both are asked conditionally, and no article again
    let before = stand.site.seen().len();
    stand.visits.clock.advance(chrono::TimeDelta::minutes(30));
    stand.visit_due();
    assert!(stand.site.seen().len() - before <= 3);
}

#[test]
fn a_page_is_read_with_the_feed_it_names_and_nothing_of_other_sections_comes_in() {
    let stand = Stand::new(NOW);
    portal::town_paper(&stand.site, 4);
    for n in 1..=4 {
        without_times(&stand, "/news/", n);
        without_times(&stand, &portal::path(n), n);
    }
    let text = String::from_utf8(stand.site.get("/news/").body).unwrap();
    let link = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">";
    stand.site.put("/news/", Page::html(text.replacen("<head>", &format!("<head>{link}"), 1)));
    let date = "<pubDate>Fri, 20 Nov 2026 01:02:03 GMT</pubDate>";
    // one of another section stands in the feed alone
    stand.site.put("/feed.xml", feed(&[(4, portal::title(4), date), (99, "别处的消息".to_owned(), date)]));
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    let told = told(&stand);
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(!told.iter().any(|(title, _)| title == "别处的消息"), "{told:?}");
    let dates: Vec<String> =
        stand.stored().iter().filter_map(|a| Some(a.article.published?.to_rfc3339())).collect();
    let exact = dates
        .iter()
        .filter(|date| *date == "2026-11-20T09:02:03+08:00" || *date == "2026-11-20T01:02:03+00:00");
    assert_eq!((dates.len(), exact.count()), (4, 1), "{dates:?}");
    // a feed that fails takes nothing away
    stand.site.put("/feed.xml", Page::status(500));
    stand.visits.clock.advance(chrono::TimeDelta::minutes(61));
    let visited = stand.visit();
    assert_eq!((visited.error, visited.notes), (None, 0));
}

#[test]
fn a_page_without_a_list_leads_to_the_feed_that_it_links() {
    let stand = Stand::with(NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/").unwrap()];
    });
    portal::town_paper(&stand.site, 3);
    let front = "<html><head><title>青石</title></head><body><h1>欢迎光临青石</h1><p>青石镇位于河湾之畔。</p><a href='/feed.xml'><img src='/rss.png' alt='RSS'></a></body></html>";
    stand.site.put("/", Page::html(front));
    stand.site.put("/feed.xml", feed(&[1, 2, 3].map(|n| (n, portal::title(n), ""))));
    assert_eq!(stand.visit().error, None);
    assert_eq!(told(&stand).len(), 3);
}

#[test]
fn of_a_page_of_feeds_all_are_read() {
    let stand = Stand::with(NOW, |configured| {
        configured.lists = vec![configured.lists[0].join("/rss/").unwrap()];
    });
    portal::town_paper(&stand.site, 6);
    let row = |n: u32, name: &str| {
        format!("<tr><td>{name}</td><td><a href='/rss/{n}.rss'>http://quay.example/rss/{n}.rss</a></td></tr>")
    };
    let rows = [row(1, "本地新闻"), row(2, "民生新闻"), row(3, "文化新闻")].concat();
    let page = format!(
        "<html><head><title>RSS订阅</title></head><body><h1>RSS订阅</h1><table>{rows}</table></body></html>"
    );
    stand.site.put("/rss/", Page::html(page));
    for n in 1..=3 {
        let items = [n, n + 3].map(|n| (n, portal::title(n), ""));
        stand.site.put(&format!("/rss/{n}.rss"), feed(&items));
    }
    assert_eq!(stand.visit().error, None);
    assert_eq!(told(&stand).len(), 6);
}
