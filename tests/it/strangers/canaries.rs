//! Canaries: nothing that a site says has us connect to an address inside, by whatever way and in whatever spelling.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tidings::model::{Class, PageUrl};

use super::site::{Play, Site};
use super::{LIMIT, NOW, each};
use crate::portal;
use crate::stand::Stand;

/// A listener that counts who comes.
struct Canary {
    port: u16,
    met: Arc<AtomicUsize>,
}

impl Canary {
    /// On all addresses of this machine but the one that the site has: the port is the canary's everywhere.
    fn start() -> Self {
        let listener = TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0")).unwrap();
        let (port, met) = (listener.local_addr().unwrap().port(), Arc::default());
        let counts: Arc<AtomicUsize> = Arc::clone(&met);
        // it ends with the tests
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                counts.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { port, met }
    }

    fn met(&self) -> usize {
        self.met.load(Ordering::Relaxed)
    }
}

/// Spellings of addresses inside, each with room for a port behind it.
const HOSTS: [&str; 76] = [
    "127.0.0.2",
    "127.1.2.3",
    "127.2",
    "127.0.2",
    "127.0.0.2.",
    "2130706434",
    "0x7f000002",
    "0x7f.0.0.2",
    "0X7F.2",
    "0177.0.0.2",
    "017700000002",
    "0177.0x0.0.02",
    "0000177.0.0.02",
    "%31%32%37.0.0.2",
    "127%2e0%2e0%2e2",
    "１２７.０.０.２",
    "①②⑦.⓪.⓪.②",
    "127。0。0。2",
    "127．0．0．2",
    "127｡0｡0｡2",
    "𝟏𝟐𝟕.𝟎.𝟎.𝟐",
    "1\u{ad}27.0.0.2",
    "127.0.0.2\u{200b}",
    "0",
    "0.0.0.0",
    "0x0",
    "00000000",
    "0.0.0.1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ｌｏｃａｌｈｏｓｔ",
    "loc\u{ad}alhost",
    "ip6-localhost",
    "a.localhost",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000:0000::0001]",
    "[::ffff:127.0.0.2]",
    "[::ffff:7f00:2]",
    "[0:0:0:0:0:ffff:7f00:2]",
    "[::127.0.0.2]",
    "[::ffff:0:127.0.0.2]",
    "[64:ff9b::127.0.0.2]",
    "[64:ff9b:1::7f00:2]",
    "[2002:7f00:2::1]",
    "[2001:0:7f00:2::1]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[100::1]",
    "[2001:db8::1]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "192.168.257",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[::ffff:169.254.169.254]",
    "169.254.170.2",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "255.255.255.255",
];

/// A stand that may visit the site's own address and port, and nothing else of this machine.
fn stand(list: &str) -> Stand {
    let url = PageUrl::parse(list).unwrap();
    let address = format!("{}:{}", url.host(), url.as_url().port().unwrap()).parse().unwrap();
    Stand::set_up(
        NOW,
        |fetch| {
            fetch.timeout = LIMIT;
            fetch.allow_networks = Vec::new();
        },
        |portal| {
            portal.lists = vec![url];
            portal.admitted = Some(address);
            portal.recipe.list.max_pages = 3;
        },
    )
}

/// What of an address is no host: before it, behind it.
const TRICKS: [(&str, &str); 6] = [
    ("http://127.0.0.1@", ""),
    ("http://127.0.0.1:80@", ""),
    ("http:\\\\", ""),
    ("http:////", ""),
    ("HTTP://user:pass@", "#@127.0.0.1/"),
    ("//", "?@127.0.0.1"),
];

#[test]
fn no_spelling_in_a_redirect_or_a_link_meets_a_canary() {
    let canary = Canary::start();
    let mut targets: Vec<String> =
        HOSTS.iter().map(|host| format!("http://{host}:{}/", canary.port)).collect();
    targets.extend(TRICKS.map(|(before, behind)| format!("{before}127.0.0.2:{}/{behind}", canary.port)));
    assert!(targets.len() > 80);
    each(&targets, |target| {
        let site = super::paper(&[1, 2]);
        site.put("/list", Play::redirect(target));
        site.put(&portal::path(3), Play::redirect(target));
        let refused = stand(&site.url("/list")).visit().error;
        let classes = [Class::BlockedAddress, Class::Redirect, Class::Dns];
        if !refused.as_ref().is_some_and(|fault| classes.contains(&fault.class)) {
            return Err(format!("{target}: {refused:?}"));
        }
        let rows: String = (1..=4).map(|n| portal::row(n, &portal::title(n))).collect();
        let rows = rows.replace("show-4.html", &format!("{target}show-4.html"));
        site.put("/news/", Play::page(&portal::list(&rows)));
        let visited = stand(&site.url("/news/")).visit();
        if visited.error.is_some() || visited.counts.new != 2 {
            return Err(format!("{target}: {visited:?}"));
        }
        Ok(())
    });
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(canary.met(), 0);
}

/// Ways of a page to name an address: the list, and what stands in the head of its articles.
fn ways(inside: &str, named: &str) -> Vec<(&'static str, String, String)> {
    let list = |head: &str| {
        let rows: String = (1..=4).map(|n| portal::row(n, &portal::title(n))).collect();
        portal::list(&rows).replace("<head>", &format!("<head>{head}"))
    };
    vec![
        ("a base", list(&format!("<base href=\"{inside}/news/\">")), String::new()),
        (
            "an icon",
            list(&format!(
                "<link rel=icon href=\"{inside}/i.png\"><link rel=\"shortcut icon\" href=\"{named}/i.ico\">"
            )),
            String::new(),
        ),
        (
            "a canonical",
            list(&format!("<link rel=canonical href=\"{inside}/\">")),
            format!("<link rel=canonical href=\"{inside}/\">"),
        ),
        (
            "a next page",
            list(&format!("<link rel=next href=\"{inside}/2\">")),
            format!("<link rel=next href=\"{named}/2\">"),
        ),
        (
            "a feed and a hub",
            list(&format!(
                "<link rel=alternate type=\"application/rss+xml\" href=\"{inside}/f\"><link rel=hub href=\"{inside}/h\">"
            )),
            String::new(),
        ),
        (
            "a refresh",
            list(&format!("<meta http-equiv=refresh content=\"0;url={inside}/\">")),
            format!("<meta http-equiv=refresh content=\"0;url={named}/\">"),
        ),
        (
            "an amp page",
            list(""),
            format!("<link rel=amphtml href=\"{inside}/\"><meta property=og:url content=\"{inside}/\">"),
        ),
        (
            "pictures",
            list(&format!("<meta property=og:image content=\"{inside}/i.png\">")),
            format!("<meta property=og:image content=\"{inside}/i.png\"><img src=\"{named}/i.png\">"),
        ),
        (
            "frames",
            list(""),
            format!(
                "<iframe src=\"{inside}/\"></iframe><link rel=stylesheet href=\"{inside}/x.css\"><script src=\"{inside}/x.js\"></script>"
            ),
        ),
        (
            "JSON-LD",
            list(""),
            format!(
                "<script type=\"application/ld+json\">{{\"@context\":\"{inside}\",\"@type\":\"NewsArticle\",\"url\":\"{inside}/\",\"image\":\"{inside}/i\"}}</script>"
            ),
        ),
    ]
}

#[test]
fn nothing_that_a_page_names_meets_a_canary() {
    let canary = Canary::start();
    let inside = format!("http://127.0.0.2:{}", canary.port);
    let named = format!("http://localhost:{}", canary.port);
    each(&ways(&inside, &named), |(way, list, head)| {
        let site = super::paper(&[]);
        site.put("/news/", Play::page(list));
        for n in 1..=4 {
            let article =
                portal::article(n, &portal::title(n), &format!("<a href=\"{inside}/next\">下一页</a>"));
            site.put(&portal::path(n), Play::page(&article.replace("<head>", &format!("<head>{head}"))));
        }
        site.put("/robots.txt", Play::answer("200 OK", "", format!("Sitemap: {inside}/s.xml\n")));
        let stand = stand(&site.url("/news/"));
        stand.visit();
        stand.visit_due();
        if canary.met() > 0 { Err(format!("{way} met {} canaries", canary.met())) } else { Ok(()) }
    });
}

#[test]
fn robots_and_further_hops_meet_no_canary() {
    let canary = Canary::start();
    let site = super::paper(&[1, 2, 3, 4]);
    let inside = format!("http://127.0.0.2:{}/robots.txt", canary.port);
    site.put("/robots.txt", Play::redirect("/r2"));
    site.put("/r2", Play::redirect(&inside));
    let stand = stand(&site.url("/news/"));
    assert_eq!(stand.visit().error.map(|fault| fault.class), Some(Class::BlockedAddress));
    let hops = Site::start();
    for n in 0..8 {
        hops.put(&format!("/{n}"), Play::redirect(&format!("/{}", n + 1)));
    }
    hops.put("/8", Play::redirect(&inside));
    let visited = self::stand(&hops.url("/0")).visit();
    assert_eq!(visited.error.map(|fault| fault.class), Some(Class::BlockedAddress));
    assert_eq!(canary.met(), 0);
}

#[test]
fn a_canary_does_count() {
    let canary = Canary::start();
    drop(std::net::TcpStream::connect(("127.0.0.2", canary.port)).unwrap());
    let began = std::time::Instant::now();
    while canary.met() == 0 && began.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(canary.met(), 1);
}
