//! What befalls a portal in its years: emptied, redesigned, walled in, taken over, moved, gone. The feed keeps what it
//! has, nothing of it comes into the feed, and one visit is enough to tell them apart.

use chrono::TimeDelta;
use tidings::model::{Class, PageUrl, PortalState};

use crate::portal::{self, Page, Portal, town_paper};
use crate::stand::Stand;

const NOW: &str = "2026-11-20T14:00:00Z";

/// A portal that was visited twice when all was well.
fn paper() -> Stand {
    let stand = Stand::new(NOW);
    town_paper(&stand.site, 12);
    for _ in 0..2 {
        assert_eq!(stand.visit_due().error, None);
        later(&stand, 61);
    }
    stand
}

fn later(stand: &Stand, minutes: i64) {
    stand.visits.clock.advance(TimeDelta::minutes(minutes));
}

/// A visit that must change nothing in the feed.
fn told(stand: &Stand, what: &str) -> Option<Class> {
    let before = stand.atom("paper");
    let visited = stand.visit_due();
    assert_eq!((visited.counts.new, visited.counts.changed, visited.counts.withdrawn), (0, 0, 0), "{what}");
    assert_eq!(stand.atom("paper"), before, "{what}");
    visited.error.map(|error| error.class)
}

fn framed(inside: &str) -> String {
    portal::list("").replace("<ul class=\"news-list\">\n</ul>", inside)
}

fn page(html: impl Into<String>) -> Page {
    Page::html(html)
}

fn with_status(status: u16, html: &str) -> Page {
    Page { status, ..Page::html(html) }
}

/// What the list page may show instead of the list.
fn other_lists() -> Vec<(&'static str, Page, Class)> {
    let hot: String = (3..8).map(|n| portal::row(n, &portal::title(n))).collect();
    let casino: String = (1..25)
        .map(|n| format!("<li><a href=\"/play/{n}\">Best odds and free spins for new players {n}</a></li>"))
        .collect();
    let links: String = (1..12)
        .map(|n| format!("<li><a href=\"/office/{n}/forms\">青石镇第{n}号办事窗口服务指南下载</a></li>"))
        .collect();
    vec![
        ("emptied", page(framed("<ul class=\"news-list\"></ul>")), Class::EmptyList),
        ("nothing yet", page(framed("<ul class=\"news-list\"><li>暂无信息</li></ul>")), Class::EmptyList),
        (
            "emptied beside a hot list",
            page(framed(&format!(
                "<ul class=\"news-list\"></ul><div class=\"hot\"><h3>热点</h3><ul>{hot}</ul></div>"
            ))),
            Class::EmptyList,
        ),
        (
            "emptied beside services",
            page(framed(&format!("<ul class=\"news-list\"></ul><ul class=\"services\">{links}</ul>"))),
            Class::EmptyList,
        ),
        ("another page", page(framed(&format!("<ul class=\"services\">{links}</ul>"))), Class::Suspect),
        (
            "taken over",
            page(format!(
                "<html lang=en><title>Lucky Palace</title><body><ul class=\"news-list\">{casino}</ul></body></html>"
            )),
            Class::Suspect,
        ),
        (
            "for sale",
            page(
                "<title>town.example is for sale</title><body><h1>This domain is for sale</h1><a href=http://parking.example/>Buy it</a>",
            ),
            Class::Selector,
        ),
    ]
}

/// What may stand in its place.
fn other_answers() -> Vec<(&'static str, Page, Class)> {
    vec![
        ("maintenance", page("<title>系统维护</title><body><p>系统维护中，请稍后访问</p>"), Class::Challenge),
        (
            "maintenance, 503",
            with_status(503, "<title>Maintenance</title><p>We are down for maintenance.</p>"),
            Class::Challenge,
        ),
        (
            "a check for persons",
            with_status(403, "<title>Just a moment...</title><p>Checking your browser</p>"),
            Class::Challenge,
        ),
        (
            "a script",
            with_status(
                521,
                "<script>document.cookie='__jsl_clearance=1';location.href=location.href</script>",
            ),
            Class::Challenge,
        ),
        (
            "a firewall",
            with_status(412, "<script src=/x.js></script><script>location.reload()</script>"),
            Class::Challenge,
        ),
        ("an empty answer", page(""), Class::Challenge),
        ("a captcha", page("<title>提示</title><form>请输入验证码<input name=yzm></form>"), Class::Challenge),
        ("forbidden", with_status(403, "<title>403</title><p>No.</p>"), Class::Http),
        ("not found", with_status(404, "<title>404</title><p>Not found</p>"), Class::Http),
        ("broken", with_status(500, "<title>500</title><p>Internal Server Error</p>"), Class::Http),
        ("gone", with_status(410, ""), Class::Gone),
    ]
}

#[test]
fn each_fate_is_told_by_its_class_within_one_visit_and_good_days_come_back() {
    let stand = paper();
    let good = stand.site.get("/news/");
    for (what, page, class) in other_lists().into_iter().chain(other_answers()) {
        stand.site.put("/news/", page);
        let error = told(&stand, what);
        assert_eq!(error, Some(class), "{what}: {:?}", stand.status().error);
        later(&stand, 61);
        stand.site.put("/news/", good.clone());
        assert_eq!(told(&stand, what), None, "after {what}: {:?}", stand.status().error);
        let incident = stand.incidents().swap_remove(0);
        assert_eq!((incident.fault.class, incident.recovered.is_some()), (class, true), "{what}");
        later(&stand, 61);
    }
    // and news of the day after comes as ever
    town_paper(&stand.site, 14);
    assert_eq!(stand.visit_due().counts.new, 2);
}

#[test]
fn a_broken_selector_is_told_as_long_as_it_is_broken_and_the_feed_goes_on() {
    let stand = Stand::with(NOW, |portal| {
        portal.recipe.list.item = Some("ul.news-list > li".to_owned());
    });
    town_paper(&stand.site, 8);
    assert_eq!(stand.visit_due().error, None);
    assert_eq!(stand.status().state(true), PortalState::Ok);
    let mut html = String::from_utf8(stand.site.get("/news/").body).unwrap();
    html =
        html.replace("ul class=\"news-list\"", "ul class=\"entries\"").replace("show-8.html", "show-9.html");
    stand.site.put("/news/", Page { etag: Some("\"a\"".to_owned()), ..page(html) });
    stand.site.put(&portal::path(9), page(portal::article(9, &portal::title(9), "")));
    later(&stand, 61);
    for round in 0..3 {
        let visited = stand.visit_due();
        assert_eq!((visited.error, visited.counts.new), (None, u64::from(round == 0)));
        let status = stand.status();
        assert_eq!(status.state(true), PortalState::Degraded, "round {round}: unchanged pages stay broken");
        assert!(
            status
                .notes
                .iter()
                .any(|note| note.class == Class::Selector && note.detail.contains("ul.news-list"))
        );
        later(&stand, 61);
    }
    let [incident] = stand.incidents().try_into().unwrap();
    assert_eq!((incident.fault.class, incident.recovered), (Class::Selector, None));
    // the rows' own place is there and empty: what stands elsewhere is not the list
    let empty =
        portal::list("").replace("</ul>", "</ul><ul class=\"picks\">") + &portal::row(3, &portal::title(3));
    stand.site.put("/news/", page(empty));
    let visited = stand.visit_due();
    assert_eq!(visited.error.map(|error| error.class), Some(Class::EmptyList));
}

#[test]
fn a_portal_that_moves_for_good_is_followed_and_told() {
    let stand = paper();
    let new = Portal::start();
    town_paper(&new, 13);
    let there = format!("http://localhost:{}", new.address.port());
    let to = |path: &str| Page {
        status: 301,
        headers: vec![("Location".to_owned(), format!("{there}{path}"))],
        ..page("")
    };
    stand.site.put("/news/", to("/news/"));
    let visited = stand.visit_due();
    assert_eq!((visited.error, visited.counts.new), (None, 1), "{:?}", stand.status().notes);
    let status = stand.status();
    assert_eq!(status.state(true), PortalState::Degraded);
    assert!(status.notes.iter().any(|note| note.class == Class::Moved && note.detail.contains("localhost")));
    assert_eq!(stand.stored().len(), 13, "no article came twice");
    // and from there to strangers
    new.put(
        "/news/",
        page(
            "<title>x</title><ul>".to_owned()
                + &"<li><a href=http://a.example/1>Best odds for everybody today</a>".repeat(9),
        ),
    );
    later(&stand, 61);
    assert_eq!(told(&stand, "strangers"), Some(Class::Moved));
}

#[test]
fn articles_behind_a_wall_or_all_alike_are_not_published() {
    let stand = paper();
    let list = |count: u32| {
        page(portal::list(&(1..=count).rev().map(|n| portal::row(n, &portal::title(n))).collect::<String>()))
    };
    for n in 13..=16 {
        stand.site.put(
            &portal::path(n),
            page("<title>安全验证</title><body><p>请完成安全验证后继续访问</p></body>"),
        );
    }
    stand.site.put("/news/", list(16));
    assert_eq!(told(&stand, "walls"), Some(Class::Challenge));
    later(&stand, 61);
    let notice = portal::article(1, "关于网站服务的重要说明", "");
    for n in 13..=16 {
        stand.site.put(&portal::path(n), page(notice.clone()));
    }
    assert_eq!(told(&stand, "all alike"), None);
    let status = stand.status();
    assert_eq!(status.state(true), PortalState::Degraded);
    assert!(status.notes.iter().any(|note| note.class == Class::Suspect), "{status:?}");
    later(&stand, 61 * 24);
    for n in 13..=16 {
        stand.site.put(&portal::path(n), page(portal::article(n, &portal::title(n), "")));
    }
    assert_eq!(stand.visit_due().counts.new, 4);
}

#[test]
fn a_portal_that_flaps_is_one_incident_an_hour() {
    let stand = paper();
    let good = stand.site.get("/news/");
    for _ in 0..5 {
        stand.site.put("/news/", with_status(500, "<p>x</p>"));
        assert_eq!(told(&stand, "flapping"), Some(Class::Http));
        later(&stand, 5);
        stand.site.put("/news/", good.clone());
        assert_eq!(told(&stand, "flapping"), None);
        later(&stand, 5);
    }
    let [incident] = stand.incidents().try_into().unwrap();
    assert_eq!((incident.times, incident.recovered.is_some()), (5, true));
}

#[test]
fn strangers_that_stay_are_believed_after_an_hour() {
    let stand = paper();
    let rows: String = (1..=10)
        .map(|n| {
            format!(
                "<p class=x><a href=\"/beitrag/{n}-neues\">Der Gemeinderat hat über Punkt {n} beraten</a></p>"
            )
        })
        .collect();
    let list =
        format!("<html lang=de><title>Bürgerblatt</title><body><div id=neu>{rows}</div></body></html>");
    stand.site.put("/news/", page(list));
    for n in 1..=10 {
        let text =
            "Der Rat der Gemeinde hat am Abend beraten und beschlossen, dass der Weg am Bach erneuert wird. "
                .repeat(3);
        let article = format!(
            "<html lang=de><title>x</title><body><h1>Der Gemeinderat hat über Punkt {n} beraten</h1><p>{n}. {text}</p></body></html>"
        );
        stand.site.put(&format!("/beitrag/{n}-neues"), page(article));
    }
    let mut new = Vec::new();
    for _ in 0..4 {
        new.push(stand.visit_due().counts.new);
        later(&stand, 25);
    }
    assert_eq!(new, [0, 0, 0, 10]);
    let known: Vec<PageUrl> = stand.stored().into_iter().map(|one| one.article.url).collect();
    assert_eq!(known.len(), 22);
}

#[test]
fn what_an_administrator_expects_is_held_to() {
    let stand = Stand::with(NOW, |portal| {
        portal.expect.min_items = Some(3);
        portal.expect.newest_within = Some(std::time::Duration::from_secs(2 * 24 * 60 * 60));
        portal.expect.body_chars = Some(60);
    });
    town_paper(&stand.site, 2);
    assert_eq!(told(&stand, "too few"), Some(Class::Suspect));
    town_paper(&stand.site, 4);
    let short = portal::article(3, &portal::title(3), "");
    let (before, after) = short.split_once("<div class=\"content\">").unwrap();
    let after = after.split_once("</div>").unwrap().1;
    stand.site.put(
        &portal::path(3),
        page(format!("{before}<div class=\"content\"><p>请登录后查看全文内容。</p></div>{after}")),
    );
    later(&stand, 61);
    let visited = stand.visit_due();
    assert_eq!((visited.error, visited.counts.new), (None, 3), "{:?}", stand.status());
    assert!(
        stand.status().notes.iter().any(|note| note.class == Class::Suspect && note.detail.contains("60"))
    );
    later(&stand, 61 * 24 * 3);
    let visited = stand.visit_due();
    assert_eq!(visited.error.map(|error| error.class), Some(Class::Suspect), "the list is stale");
}

#[test]
fn a_probe_that_reads_otherwise_holds_everything_back_until_it_reads_right() {
    let known = |title: &str| {
        let title = title.to_owned();
        Stand::with(NOW, move |portal| {
            let url = portal.lists[0].join("/news/show-1.html").unwrap();
            let published = Some("2026-11-20T08:01:00+08:00".parse().unwrap());
            portal.probe = Some(tidings::model::Probe { url, title: Some(title), published });
        })
    };
    let stand = known(&portal::title(1));
    town_paper(&stand.site, 4);
    assert_eq!(stand.visit_due().error, None);
    let probed = |stand: &Stand| stand.site.seen().iter().filter(|seen| seen.path == portal::path(1)).count();
    let once = probed(&stand);
    later(&stand, 61);
    assert_eq!(stand.visit_due().error, None);
    assert_eq!(probed(&stand), once, "once a day is enough");
    // the site's articles show another time
    let late =
        portal::article(1, &portal::title(1), "").replace("2026-11-20 08:01:00", "2026-11-20 16:01:00");
    stand.site.put(&portal::path(1), page(late));
    later(&stand, 61 * 24);
    let visited = stand.visit_due();
    let error = visited.error.unwrap();
    assert_eq!((error.class, visited.counts.changed), (Class::Selector, 0), "{error}");
    assert!(error.detail.contains("time") && error.detail.contains("08:01"), "{error}");
    stand.site.put(&portal::path(1), page(portal::article(1, &portal::title(1), "")));
    later(&stand, 61);
    assert_eq!(stand.visit_due().error, None);
    let other = known("别的标题从来没有这样写过");
    town_paper(&other.site, 4);
    assert_eq!(other.visit_due().error.map(|error| error.class), Some(Class::Selector));
}
