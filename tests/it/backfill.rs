//! `tidings fetch --backfill`: older list pages, each answer once, whatever interrupts it.

use std::collections::HashMap;
use std::process::{Child, Output, Stdio};

use crate::common::{err, out};
use crate::daemon::{Home, wait_for};
use crate::portal::{self, Page, Portal};

const TOP: &str = "[store]\nretain = \"0\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n";

/// A paper of so many list pages with three articles each, the newest first, a day apart; every fifth has no date.
fn paper(site: &Portal, pages: u32) {
    let count = pages * 3;
    for page in 1..=pages {
        let top = count - (page - 1) * 3;
        let rows: String = (0..3).map(|n| row(top - n)).collect();
        let next = match page {
            last if last == pages => String::new(),
            _ => format!("<div class=\"pages\"><a href=\"/news/index_{}.html\">下一页</a></div>", page + 1),
        };
        let text =
            portal::list(&rows).replace("<div class=\"foot\">", &format!("{next}<div class=\"foot\">"));
        site.put(&place(page), Page::html(text));
    }
    for n in 1..=count {
        let text = portal::article(n, &portal::title(n), "");
        site.put(&portal::path(n), Page::html(dated(n, &text)));
    }
}

fn place(page: u32) -> String {
    if page == 1 { "/news/".to_owned() } else { format!("/news/index_{page}.html") }
}

fn day(n: u32) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    (start + chrono::TimeDelta::days(i64::from(n))).to_string()
}

fn row(n: u32) -> String {
    let row = portal::row(n, &portal::title(n));
    let bare = row.split("<span>").next().unwrap().to_owned();
    if n.is_multiple_of(5) {
        format!("{bare}</li>\n")
    } else {
        format!("{bare}<span>{}</span></li>\n", day(n))
    }
}

fn dated(n: u32, text: &str) -> String {
    let (before, rest) = text.split_once("发布时间:").unwrap();
    let after = rest.split_once(" 来源").unwrap().1;
    if n.is_multiple_of(5) {
        format!("{before}来源{after}")
    } else {
        format!("{before}发布时间:{} 来源{after}", day(n))
    }
}

fn walk(home: &Home, pages: u32) -> Child {
    let mut command = home.command();
    command.args(["fetch", "paper", "--backfill", &pages.to_string()]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn walked(home: &Home, pages: u32) -> Output {
    walk(home, pages).wait_with_output().unwrap()
}

fn home(site: &Portal, rest: &str) -> Home {
    let url = site.url("/news/");
    Home::new(&format!(
        "{TOP}[[portal]]\nname = \"paper\"\nurl = \"{url}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n{rest}"
    ))
}

/// How often each address was asked for.
fn asked(site: &Portal) -> HashMap<String, usize> {
    let mut asked = HashMap::new();
    for seen in site.seen() {
        *asked.entry(seen.path).or_default() += 1;
    }
    asked
}

fn numbers(home: &Home, sql: &str) -> Vec<i64> {
    let store = rusqlite::Connection::open(home.path().join("data/tidings.db")).unwrap();
    let mut sql = store.prepare(sql).unwrap();
    sql.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn interrupt(child: Child, how: &str) -> Output {
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args([how, &pid]).status().unwrap().success());
    child.wait_with_output().unwrap()
}

#[test]
fn fifty_pages_interrupted_twice_give_every_article_once_and_repeat_no_answer() {
    let site = Portal::start();
    paper(&site, 50);
    let home = home(&site, "");
    let first = walk(&home, 60);
    wait_for(|| (site.seen().len() > 40).then_some(()), || "the walk does not begin".to_owned());
    let first = interrupt(first, "-TERM");
    assert_eq!(first.status.code(), Some(1), "{}", err(&first));
    assert!(out(&first).contains("stopped"), "{}", out(&first));
    // what was asked for was read, all of it
    assert!(asked(&site).values().all(|times| *times == 1), "{:?}", asked(&site));

    let before = site.seen().len();
    let second = walk(&home, 60);
    wait_for(|| (site.seen().len() > before + 60).then_some(()), || "the walk does not go on".to_owned());
    interrupt(second, "-KILL");

    let third = walked(&home, 60);
    let told = out(&third);
    assert_eq!(third.status.code(), Some(0), "{told}{}", err(&third));
    assert!(told.contains("goes on from page"), "{told}");
    assert!(told.contains("49 pages back") && told.contains("there is no further page"), "{told}");
    let asked = asked(&site);
    let repeated: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    // the one whose answer was under way when the process was killed
    assert!(repeated.len() <= 1 && asked.values().all(|times| *times <= 2), "{repeated:?}");
    assert_eq!(asked.len(), 50 + 150 + 1, "{asked:?}");
    assert_eq!(numbers(&home, "SELECT count(*) FROM article"), [150]);

    // in the order of the paper, those without a date between their neighbours; by their dates to the archives
    let by_date = numbers(
        &home,
        "SELECT CAST(substr(key, instr(key, 'show-') + 5) AS INTEGER) FROM article ORDER BY dated, number",
    );
    assert_eq!(by_date.len(), 150);
    let dated: Vec<i64> = by_date.iter().copied().filter(|n| n % 5 != 0).collect();
    assert!(dated.is_sorted(), "{dated:?}");
    let far: Vec<_> =
        (1..).zip(&by_date).filter(|(place, n)| (**n - *place).abs() > 6 && **n < 148).collect();
    assert!(far.is_empty(), "{far:?}");
    let turns = numbers(&home, "SELECT turn FROM article ORDER BY turn");
    assert!(turns[0] > 0 && turns.windows(2).all(|pair| pair[0] < pair[1]), "{turns:?}");

    // done is done
    let requests = site.seen().len();
    let fourth = walked(&home, 60);
    assert!(out(&fourth).contains("nothing is left to do"), "{}", out(&fourth));
    assert_eq!(site.seen().len(), requests);
}

#[test]
fn old_pages_are_no_news_and_disturb_nothing_of_the_first() {
    let site = Portal::start();
    paper(&site, 12);
    let home = home(&site, "");
    let plain = home.command().args(["fetch", "paper"]).output().unwrap();
    assert!(plain.status.success(), "{}", err(&plain));
    let lists = "SELECT count(*) FROM list";
    assert_eq!(numbers(&home, lists), [1]);
    let requests = site.seen().len();
    let some = walked(&home, 4);
    assert!(out(&some).contains("4 pages back"), "{}", out(&some));
    // four pages with three articles each, the first page again, and what stands on it not
    assert_eq!(site.seen().len() - requests, 1 + 4 + 12);
    assert_eq!(numbers(&home, lists), [1]);
    let more = walked(&home, 7);
    assert!(
        out(&more).contains("goes on from page 4") && out(&more).contains("7 pages back"),
        "{}",
        out(&more)
    );
    assert_eq!(site.seen().len() - requests, 1 + 7 + 21);

    let daemon = home.start();
    let status = wait_for(
        || daemon.portal("paper").filter(|paper| paper["articles"] == 24),
        || format!("{:?}", daemon.portal("paper")),
    );
    assert_eq!((status["state"].as_str(), status["notes"].as_array().map(Vec::len)), (Some("ok"), Some(0)));
    let feed = daemon.get("/feeds/paper.json?limit=6").text();
    let feed: serde_json::Value = serde_json::from_str(&feed).unwrap();
    let titles: Vec<_> = feed["items"].as_array().unwrap().iter().map(|item| item["title"].clone()).collect();
    let newest: Vec<_> = [36, 35, 34].map(portal::title).to_vec();
    // what has a date stands in its order
    let dated: Vec<_> = titles.iter().filter(|title| newest.iter().any(|known| *title == known)).collect();
    assert!(dated.len() >= 2, "{titles:?}");
}

#[test]
fn a_page_that_fails_ends_the_walk_and_it_goes_on_from_there() {
    let site = Portal::start();
    paper(&site, 6);
    site.put("/news/index_4.html", Page::status(500));
    let home = home(&site, "");
    let broken = walked(&home, 5);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        out(&broken).contains("failed  http: ") && out(&broken).contains("2 pages back"),
        "{}",
        out(&broken)
    );
    assert_eq!(numbers(&home, "SELECT count(*) FROM article WHERE turn > 0"), [9]);
    paper(&site, 6);
    let before = asked(&site);
    let whole = walked(&home, 5);
    assert!(out(&whole).contains("goes on from page 2 back"), "{}", out(&whole));
    assert_eq!(numbers(&home, "SELECT count(*) FROM article"), [18]);
    let again: Vec<_> = asked(&site)
        .into_iter()
        .filter(|(path, times)| before.get(path).is_some_and(|known| known < times))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(again, ["/news/index_4.html"]);
}

#[test]
fn a_pager_that_never_ends_is_seen_through() {
    let site = Portal::start();
    paper(&site, 3);
    // the last page stands behind every later number
    let last = String::from_utf8(site.get("/news/index_3.html").body).unwrap();
    let on = |n: u32| {
        let next = format!("<div class=\"pages\"><a href=\"/news/index_{n}.html\">下一页</a></div>");
        Page::html(last.replace("<div class=\"foot\">", &format!("{next}<div class=\"foot\">")))
    };
    site.put("/news/index_3.html", on(4));
    site.put("/news/index_4.html", on(5));
    let home = home(&site, "");
    let told = out(&walked(&home, 40));
    assert!(told.contains("2 pages back") && told.contains("shows what the page before it shows"), "{told}");
    assert!(!asked(&site).contains_key("/news/index_5.html"));
}

/// A feed of three entries with their bodies, and a link to what is older.
fn archive(top: u32, link: &str) -> Page {
    let entry = |n: u32| {
        let body = "&lt;p&gt;记者从镇里了解到，这一项工程已经完成验收，从本周起向居民开放，时间为每天早上六点到晚上九点，市民可凭证件进入。&lt;/p&gt;";
        format!(
            "<entry><id>tag:a.example,2026:{n}</id><title>{}</title><link href=\"{}\"/><updated>{}T08:00:00+08:00</updated><content type=\"html\">{body}{n}</content></entry>",
            portal::title(n),
            portal::path(n),
            day(n)
        )
    };
    let entries: String = (0..3).map(|n| entry(top - n)).collect();
    let text = format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>青石</title><id>tag:a.example,2026:f</id>{link}{entries}</feed>"
    );
    Page { content_type: "application/atom+xml".to_owned(), ..Page::html(text) }
}

#[test]
fn feeds_lead_back_by_their_pages_and_archives() {
    let site = Portal::start();
    // a paged feed whose later pages are archives, as some servers mix them
    site.put("/news/", archive(12, "<link rel=\"next\" href=\"/news/?paged=2\"/>"));
    site.put("/news/?paged=2", archive(9, "<link rel=\"prev-archive\" href=\"/news/archive-1\"/>"));
    site.put("/news/archive-1", archive(6, "<link rel=\"next-archive\" href=\"/news/\"/>"));
    for n in 1..=12 {
        site.put(&portal::path(n), Page::html(dated(n, &portal::article(n, &portal::title(n), ""))));
    }
    let home = home(&site, "kind = \"feed\"\n");
    let told = walked(&home, 9);
    assert!(out(&told).contains("2 pages back") && out(&told).contains("no further page"), "{}", out(&told));
    assert_eq!(numbers(&home, "SELECT count(*) FROM article"), [9]);
    assert!(asked(&site).values().all(|times| *times == 1), "{:?}", asked(&site));
}

#[test]
fn a_list_in_a_frame_of_a_frame_leads_back_too() {
    let site = Portal::start();
    paper(&site, 3);
    site.put("/inner.html", site.get("/news/"));
    site.put(
        "/news/",
        Page::html("<frameset cols='160,*'><frame src=/left.html><frame src=/mid.html></frameset>"),
    );
    site.put("/left.html", Page::html("<a href=/a/>概况</a> <a href=/b/>指南</a>"));
    site.put(
        "/mid.html",
        Page::html("<html><body><h3>新闻中心</h3><iframe src='inner.html'></iframe></body></html>"),
    );
    let text = String::from_utf8(site.get("/inner.html").body).unwrap();
    let text = text.replace("href=\"show", "href=\"/news/show").replace("href=\"/news/index", "href=\"index");
    for page in 2..=3 {
        site.put(&format!("/index_{page}.html"), site.get(&place(page)));
    }
    site.put("/inner.html", Page::html(text.replace("/news/index", "index")));
    let home = home(&site, "");
    let walked = walked(&home, 9);
    assert_eq!(walked.status.code(), Some(0), "{}{}", out(&walked), err(&walked));
    assert!(out(&walked).contains("2 pages back"), "{}", out(&walked));
}
