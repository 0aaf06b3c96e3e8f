//! Keys of a portal: configured headers go to the origin they were given for and nowhere else, whatever leads away.

use tidings::model::Class;
use tidings::model::PageUrl;

use super::site::{Play, Site};
use super::{LIMIT, NOW, each};
use crate::portal;
use crate::stand::Stand;

const KEYS: [(&str, &str); 4] = [
    ("Authorization", "Bearer s3cret"),
    ("Cookie", "session=s3cret"),
    ("X-Key", "s3cret"),
    ("Accept-Language", "zh-s3cret"),
];

fn stand(list: &str) -> Stand {
    let keys = KEYS.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Stand::set_up(
        NOW,
        |fetch| fetch.timeout = LIMIT,
        |portal| {
            portal.lists = vec![PageUrl::parse(list).unwrap()];
            portal.headers = keys.to_vec();
        },
    )
}

fn has_key(site: &Site) -> bool {
    site.seen().iter().any(|head| head.contains("s3cret"))
}

#[test]
fn keys_stay_at_home_whatever_leads_away() {
    // another port, another host, another name of this one
    let places = ["127.0.0.1:0", "127.0.0.2:0", "localhost"];
    each(&places, |place| {
        let there = if *place == "localhost" { Site::start() } else { Site::at(place) };
        let url = |path: &str| {
            if *place == "localhost" {
                format!("http://localhost:{}{path}", there.address.port())
            } else {
                there.url(path)
            }
        };
        let here = super::paper(&[1]);
        // an article by redirect, one by its link, a list by redirect, and what pages name beside
        here.put(&portal::path(2), Play::redirect(&url("/moved")));
        let rows: String = (1..=2).map(|n| portal::row(n, &portal::title(n))).collect();
        let away = format!(
            "<li><a href=\"{}\">{}</a><span>2026-11-20</span></li>",
            url("/3.html"),
            portal::title(3)
        );
        let head = format!(
            "<link rel=canonical href=\"{0}\"><link rel=icon href=\"{0}\"><link rel=next href=\"{0}\">",
            url("/list2")
        );
        here.put(
            "/news/",
            Play::page(&portal::list(&(rows + &away)).replace("<head>", &format!("<head>{head}"))),
        );
        there.put("/moved", Play::page(&portal::article(2, &portal::title(2), "")));
        there.put("/3.html", Play::page(&portal::article(3, &portal::title(3), "")));
        let stand = stand(&here.url("/news/"));
        let visited = stand.visit();
        if visited.error.is_some() || visited.counts.new < 2 {
            return Err(format!("{place}: {visited:?}"));
        }
        here.put("/news/", Play::redirect(&url("/news/")));
        stand.visit();
        if there.seen().is_empty() || has_key(&there) {
            return Err(format!("{place}: {:?}", there.seen()));
        }
        let asked = here.seen();
        let lacks = asked
            .iter()
            .find(|head| !head.contains("robots.txt") && head.matches("s3cret").count() != KEYS.len());
        lacks.map_or(Ok(()), |head| Err(format!("{place}: no keys in {head}")))
    });
}

#[test]
fn a_redirect_with_a_name_and_password_gives_them_to_nobody() {
    let (here, there) = (Site::start(), Site::start());
    let to = format!("http://admin:pass@{}/news/", there.address);
    here.put("/news/", Play::redirect(&to));
    there.put("/news/", Play::page("<p>nothing"));
    super::stand(&here.url("/news/")).visit();
    let seen = there.seen();
    assert!(!seen.is_empty() && seen.iter().all(|head| !head.contains("authorization")), "{seen:?}");
}

#[test]
fn a_plain_server_is_no_secured_one_and_a_silent_one_ends() {
    let site = Site::start();
    let secure = super::stand(&format!("https://{}/news/", site.address));
    assert_eq!(secure.visit().error.map(|fault| fault.class), Some(Class::Tls));
    assert!(
        site.asked("/news/") == 0 && site.seen().iter().all(|head| !head.contains("get /")),
        "{:?}",
        site.seen()
    );
}

#[test]
fn cookies_that_a_site_sets_are_not_sent_back() {
    let site = super::paper(&[1, 2, 3, 4]);
    let list = portal::list(&(1..=4).map(|n| portal::row(n, &portal::title(n))).collect::<String>());
    site.put(
        "/news/",
        Play::answer("200 OK", "Content-Type: text/html\r\nSet-Cookie: id=7; Path=/\r\n", list),
    );
    let stand = super::stand(&site.url("/news/"));
    assert_eq!(stand.visit().counts.new, 4);
    assert!(
        site.seen().iter().all(|head| !head.contains("cookie") && !head.contains("referer")),
        "{:?}",
        site.seen()
    );
}
