//! Visits of portals that are feeds.

use chrono::TimeDelta;
use tidings::model::StoredArticle;

use crate::portal::{self, Page};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

fn stand() -> Stand {
    Stand::with(NOW, |configured| {
        let list = configured.lists[0].join("/feed.xml").unwrap();
        configured.lists = vec![list];
    })
}

fn put(stand: &Stand, items: &[String]) {
    let text = format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>青石新闻网</title><link>/news/</link>{}</channel></rss>",
        items.concat()
    );
    stand.site.put("/feed.xml", Page { content_type: "text/xml".to_owned(), ..Page::html(text) });
}

fn item(title: &str, link: &str, guid: &str, body: &str) -> String {
    let date = "<pubDate>Fri, 20 Nov 2026 09:02:03 +0800</pubDate>";
    format!(
        "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{guid}</guid>{date}<content:encoded><![CDATA[{body}]]></content:encoded></item>"
    )
}

fn asked(stand: &Stand) -> Vec<String> {
    stand.site.seen().into_iter().map(|seen| seen.path).filter(|path| path != "/robots.txt").collect()
}

fn of<'a>(all: &'a [StoredArticle], title: &str) -> &'a StoredArticle {
    all.iter().find(|one| one.article.title == title).unwrap_or_else(|| panic!("{title} is not there"))
}

#[test]
fn what_a_feed_cuts_is_read_from_the_page() {
    let stand = stand();
    portal::town_paper(&stand.site, 3);
    let cut = |n: u32| {
        item(&portal::title(n), &portal::path(n), &format!("g{n}"), "<p>记者从市政府获悉… 阅读全文</p>")
    };
    put(&stand, &[cut(3), cut(2), cut(1)]);
    assert_eq!(stand.visit().error, None);
    let stored = stand.stored();
    assert_eq!(stored.len(), 3);
    for n in 1..=3 {
        let found = of(&stored, &portal::title(n));
        assert!(
            !found.article.text.contains("阅读全文") && found.article.text.chars().count() > 40,
            "{}",
            found.article.text
        );
        assert!(asked(&stand).contains(&portal::path(n)));
    }
}

#[test]
fn what_a_feed_holds_needs_no_page_and_is_followed_when_it_changes() {
    let stand = stand();
    let body = "<p>记者从市政府获悉，工程历时两年。</p><p>市民可以在工作日前往参观。</p>";
    put(
        &stand,
        &[
            item("河堤步道开放", "/n/1.html", "a", body),
            item("图书馆延时", "/n/2.html", "b", "<p>自下周起。开放到九点。</p>"),
        ],
    );
    assert_eq!(stand.visit().error, None);
    let first = stand.stored();
    assert_eq!((first.len(), asked(&stand)), (2, vec!["/feed.xml".to_owned()]));
    assert_eq!(of(&first, "河堤步道开放").article.text.lines().count(), 2);
    // nothing changed
    stand.visits.clock.advance(TimeDelta::hours(1));
    stand.visit_due();
    assert_eq!(stand.stored().iter().map(|one| one.updated).max(), first.iter().map(|one| one.updated).max());
    // one is edited, the link of the other moves and its text with it
    stand.visits.clock.advance(TimeDelta::hours(1));
    let edited = body.replace("两年", "三年");
    put(
        &stand,
        &[
            item("河堤步道开放", "/n/1.html", "a", &edited),
            item("图书馆延时", "/archive/x/y.html", "b", "<p>自下周起，开放到十点。周末照旧。</p>"),
        ],
    );
    assert_eq!(stand.visit_due().error, None);
    let second = stand.stored();
    assert_eq!(second.len(), 2, "{second:#?}");
    for (title, word) in [("河堤步道开放", "三年"), ("图书馆延时", "十点")] {
        let (before, after) = (of(&first, title), of(&second, title));
        assert_eq!(before.id, after.id);
        assert!(after.article.text.contains(word) && after.updated > before.updated);
    }
    assert!(of(&second, "图书馆延时").article.url.as_str().ends_with("/archive/x/y.html"));
    assert!(asked(&stand).iter().all(|path| path == "/feed.xml"));
}

#[test]
fn entries_without_a_page_are_articles() {
    let stand = stand();
    let one = |title: &str| {
        format!(
            "<item><title>{title}</title><pubDate>2026-11-20 09:00:00</pubDate><description>今天没有轮渡。</description></item>"
        )
    };
    put(&stand, &[one("一号通告"), one("二号通告")]);
    assert_eq!(stand.visit().error, None);
    stand.visits.clock.advance(TimeDelta::hours(1));
    put(&stand, &[one("三号通告"), one("一号通告"), one("二号通告")]);
    assert_eq!(stand.visit_due().error, None);
    assert_eq!((stand.stored().len(), asked(&stand)), (3, vec!["/feed.xml".to_owned(); 2]));
}
