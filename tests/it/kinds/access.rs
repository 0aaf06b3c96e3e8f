//! Portals behind a door: cookies, log-ins, proxies, certificates that nobody vouches for.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use tidings::model::{Access, Class, Login, LoginKind, PageUrl, Proxy, ProxyKind};

use super::door::{Answer, Asked, Door};
use super::proxies;
use crate::portal::{self, Page, Portal};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";
const WORD: &str = "s3cret&more=1";

/// The paper's own pages.
fn paper(path: &str, count: u32) -> Option<String> {
    let rows: String = (1..=count).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    if path == "/news/" {
        return Some(portal::list(&rows));
    }
    (1..=count).find(|n| portal::path(*n) == path).map(|n| portal::article(n, &portal::title(n), ""))
}

fn answered(path: &str, count: u32) -> Answer {
    paper(path, count).map_or_else(|| Answer::status(404), Answer::page)
}

/// How a portal says that nobody is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shut {
    Redirect,
    Status,
    FormInstead,
}

/// A town's members' area: a form with a token against forgery, sessions that the test may end.
#[derive(Debug)]
struct Members {
    sessions: Mutex<BTreeSet<String>>,
    tokens: Mutex<BTreeSet<String>>,
    word: Mutex<String>,
    shut: Shut,
}

impl Members {
    fn new(shut: Shut) -> Arc<Self> {
        let word = Mutex::new(WORD.to_owned());
        Arc::new(Self { sessions: Mutex::default(), tokens: Mutex::default(), word, shut })
    }

    fn form(&self) -> Answer {
        let mut tokens = self.tokens.lock().unwrap();
        let token = format!("t{}", tokens.len());
        tokens.insert(token.clone());
        Answer::page(format!(
            "<html><body><h2>会员登录</h2><form id=f action='/user/login?from=list' method=post>\
             <input type=hidden name=_csrf value={token}><input name=account>\
             <input type=password name=pass><input type=checkbox name=keep value=1 checked>\
             <button type=submit name=go value=in>登录</button></form></body></html>"
        ))
        .with("Set-Cookie", &format!("guard={token}; Path=/user; HttpOnly"))
    }

    fn answer(&self, asked: &Asked) -> Answer {
        let path = asked.path.split('?').next().unwrap();
        match (asked.method.as_str(), path) {
            (_, "/robots.txt") => Answer(
                200,
                vec![("Content-Type".to_owned(), "text/plain".to_owned())],
                "User-agent: *\nDisallow: /user/\n".to_owned(),
            ),
            ("GET", "/user/login") => self.form(),
            ("POST", "/user/login") => self.enter(asked),
            _ if asked.cookie("sid").is_some_and(|sid| self.sessions.lock().unwrap().contains(sid)) => {
                answered(path, 5)
            }
            _ => match self.shut {
                Shut::Redirect => Answer::to("/user/login?next=/news/"),
                Shut::Status => Answer::status(401),
                Shut::FormInstead => self.form(),
            },
        }
    }

    fn enter(&self, asked: &Asked) -> Answer {
        let token = asked.field("_csrf").unwrap_or_default();
        let is_fresh = self.tokens.lock().unwrap().contains(&token) && asked.cookie("guard") == Some(&token);
        let is_from_here = asked.header("referer").contains("/user/login");
        let is_whole =
            asked.field("keep").as_deref() == Some("1") && asked.field("go").as_deref() == Some("in");
        let is_right = asked.field("account").as_deref() == Some("reader")
            && asked.field("pass").as_deref() == Some(&self.word.lock().unwrap());
        if !(is_fresh && is_from_here && is_whole && is_right) {
            return self.form();
        }
        let mut sessions = self.sessions.lock().unwrap();
        let sid = format!("s{}{token}", sessions.len());
        sessions.insert(sid.clone());
        Answer::to("/news/").with("Set-Cookie", &format!("sid={sid}; Path=/; Max-Age=3600"))
    }
}

fn login(kind: LoginKind, url: Option<&str>, file: &Path) -> Option<Login> {
    Some(Login {
        kind,
        url: url.map(|url| PageUrl::parse(url).unwrap()),
        user: "reader".to_owned(),
        password_file: file.to_owned(),
        fields: BTreeMap::new(),
    })
}

/// A stand whose portal is at an address, reached in some way.
fn stand(list: &str, access: Access) -> Stand {
    stand_with(list, access, |_| ())
}

fn stand_with(list: &str, access: Access, fetch: impl FnOnce(&mut tidings::fetch::Settings)) -> Stand {
    Stand::set_up(NOW, fetch, |configured| {
        configured.lists = vec![PageUrl::parse(list).unwrap()];
        configured.access = access;
    })
}

fn members(shut: Shut, word: &Path) -> (Arc<Members>, Door, Stand) {
    let members = Members::new(shut);
    let behind = Arc::clone(&members);
    let door = Door::open(move |asked| behind.answer(asked));
    let login = login(LoginKind::Form, Some(&door.url("/user/login")), word);
    let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
    (members, door, stand)
}

fn word(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn class(stand: &Stand) -> Option<Class> {
    stand.visit().error.map(|error| error.class)
}

#[test]
fn a_form_is_filled_in_and_a_session_that_ended_is_begun_anew() {
    let file = word(&format!("{WORD}\n"));
    for shut in [Shut::Redirect, Shut::Status, Shut::FormInstead] {
        let (members, door, stand) = members(shut, file.path());
        assert_eq!(stand.visit().error, None, "{shut:?}");
        assert_eq!(stand.stored().len(), 5);
        assert_eq!(door.count("POST", "/user/login?from=list"), 1, "{shut:?}");
        stand.visits.clock.advance(TimeDelta::minutes(20));
        assert_eq!(class(&stand), None);
        assert_eq!(door.count("POST", "/user/login?from=list"), 1, "the session is kept");
        members.sessions.lock().unwrap().clear();
        stand.visits.clock.advance(TimeDelta::minutes(20));
        assert_eq!(class(&stand), None, "{shut:?}");
        assert_eq!(door.count("POST", "/user/login?from=list"), 2, "logged in again, once: {shut:?}");
        let robots = door.seen().iter().filter(|asked| asked.path == "/robots.txt").count();
        assert_eq!(robots, 1);
    }
}

#[test]
fn a_session_that_ends_between_two_articles_is_begun_anew() {
    let file = word(WORD);
    for shut in [Shut::Redirect, Shut::Status, Shut::FormInstead] {
        let members = Members::new(shut);
        let behind = Arc::clone(&members);
        let ended = AtomicBool::new(false);
        let door = Door::open(move |asked| {
            if asked.path == portal::path(3) && !ended.swap(true, Ordering::Relaxed) {
                behind.sessions.lock().unwrap().clear();
            }
            behind.answer(asked)
        });
        let login = login(LoginKind::Form, Some(&door.url("/user/login")), file.path());
        let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
        assert_eq!(class(&stand), None, "{shut:?}");
        assert_eq!(stand.stored().len(), 5, "{shut:?}");
        assert_eq!(door.count("POST", "/user/login?from=list"), 2, "{shut:?}");
    }
}

#[test]
fn a_wrong_password_is_told_and_not_tried_again_until_it_changes() {
    let file = word("wrong");
    let (_, door, stand) = members(Shut::Redirect, file.path());
    let posts = || door.count("POST", "/user/login?from=list");
    for _ in 0..3 {
        let error = stand.visit().error.unwrap();
        assert_eq!(error.class, Class::Http);
        assert!(error.detail.contains("login.user"), "{}", error.detail);
        assert!(!error.detail.contains("wrong"), "{}", error.detail);
        stand.visits.clock.advance(TimeDelta::minutes(15));
    }
    assert_eq!(posts(), 1, "an account is not locked by us");
    stand.visits.clock.advance(TimeDelta::minutes(30));
    assert_eq!(class(&stand), Some(Class::Http));
    assert_eq!(posts(), 2);
    // another file is tried at once
    std::thread::sleep(std::time::Duration::from_millis(20));
    std::fs::write(file.path(), WORD).unwrap();
    assert_eq!(class(&stand), None);
    assert_eq!((posts(), stand.stored().len()), (3, 5));
}

#[test]
fn a_session_that_never_holds_makes_no_loop() {
    let file = word(WORD);
    let door = Door::open(|asked| match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/login") => {
            Answer::page("<form method=post><input name=u><input type=password name=p></form>")
        }
        ("POST", _) => Answer::to("/hello").with("Set-Cookie", "sid=1; Path=/"),
        ("GET", "/hello") => Answer::page("<p>hello</p>"),
        _ => Answer::to("/login"),
    });
    let login = login(LoginKind::Form, Some(&door.url("/login")), file.path());
    let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
    let error = stand.visit().error.unwrap();
    assert_eq!(error.class, Class::Http);
    assert!(error.detail.contains("although that was just done"), "{}", error.detail);
    assert_eq!(door.count("POST", "/login"), 1);
}

#[test]
fn an_article_that_the_account_may_not_read_costs_itself_alone() {
    let file = word(WORD);
    let members = Members::new(Shut::Redirect);
    let behind = Arc::clone(&members);
    let door = Door::open(move |asked| match behind.answer(asked) {
        Answer(200, ..) if asked.path == portal::path(4) => Answer::status(403),
        answer => answer,
    });
    let login = login(LoginKind::Form, Some(&door.url("/user/login")), file.path());
    let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
    for _ in 0..2 {
        assert_eq!(class(&stand), None);
        assert_eq!(stand.stored().len(), 4);
        stand.visits.clock.advance(TimeDelta::minutes(20));
    }
    assert!(door.count("POST", "/user/login?from=list") <= 2);
}

#[test]
fn a_form_with_a_captcha_is_a_challenge_and_one_without_password_a_fault() {
    let file = word(WORD);
    for (form, expected, says) in [
        (
            "<form method=post><input name=u><input type=password name=p><input name=vcode><img src=/code.png></form>",
            Class::Challenge,
            "cookie_file",
        ),
        (
            "<form><input name=q></form><p>欢迎来到青石镇，请从左边的栏目里选择您要看的内容</p>",
            Class::Http,
            "login.url",
        ),
        (
            "<form method=post action=http://other.example/in><input name=u><input type=password name=p></form>",
            Class::Http,
            "other.example",
        ),
    ] {
        let door = Door::open(move |asked| match asked.path.as_str() {
            "/login" => Answer::page(form),
            path => answered(path, 3),
        });
        let login = login(LoginKind::Form, Some(&door.url("/login")), file.path());
        let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
        let error = stand.visit().error.unwrap();
        assert_eq!(error.class, expected, "{}", error.detail);
        assert!(error.detail.contains(says), "{}", error.detail);
        assert!(door.seen().iter().all(|asked| asked.method == "GET"));
    }
}

#[test]
fn basic_log_in_goes_to_its_own_host_alone() {
    let file = word("open sesame");
    let other = Portal::start_at([127, 0, 0, 2]);
    other.put("/news/show-1.html", Page::html(portal::article(1, &portal::title(1), "")));
    let elsewhere = other.url("/news/show-1.html");
    let door = Door::open(move |asked| {
        if asked.header("authorization") != "Basic cmVhZGVyOm9wZW4gc2VzYW1l" {
            return Answer::status(401).with("WWW-Authenticate", "Basic realm=x");
        }
        let page = answered(&asked.path, 4);
        Answer(page.0, page.1, page.2.replace("\"show-1.html\"", &format!("\"{elsewhere}\"")))
    });
    let access = |file: &Path| Access { login: login(LoginKind::Basic, None, file), ..Access::default() };
    let right = stand(&door.url("/news/"), access(file.path()));
    assert_eq!(class(&right), None);
    assert_eq!(right.stored().len(), 4);
    let seen = other.seen();
    assert!(seen.iter().any(|seen| seen.path.contains("show-1")));
    assert!(seen.iter().all(|seen| seen.headers.iter().all(|(name, _)| name != "authorization")), "{seen:?}");
    let wrong = word("shut");
    let error = stand(&door.url("/news/"), access(wrong.path())).visit().error.unwrap();
    assert!(error.class == Class::Http && error.detail.contains("login.user"), "{}", error.detail);
}

#[test]
fn cookies_of_a_file_are_sent_home_and_read_anew() {
    let other = Portal::start_at([127, 0, 0, 2]);
    other.put("/news/show-1.html", Page::html(portal::article(1, &portal::title(1), "")));
    let elsewhere = other.url("/news/show-1.html");
    // a wall of consent: it sets a counter of its own, and turns away who has not agreed
    let door = Door::open(move |asked| {
        if asked.cookie("agreed") != Some("yes") {
            return Answer::page("<html><body><p>请先同意本站条款</p></body></html>");
        }
        let page = answered(&asked.path, 4);
        let seen = asked.cookie("seen").map_or(1, |n| n.parse::<u32>().unwrap() + 1);
        Answer(page.0, page.1, page.2.replace("\"show-1.html\"", &format!("\"{elsewhere}\"")))
            .with("Set-Cookie", &format!("seen={seen}; Path=/"))
    });
    let file = word("# nothing yet\n");
    let access = Access { cookie_file: Some(file.path().to_owned()), ..Access::default() };
    let stand = stand(&door.url("/news/"), access);
    assert!(stand.visit().error.is_some(), "nobody agreed");
    std::fs::write(
        file.path(),
        "127.0.0.1\tFALSE\t/\tFALSE\t0\tagreed\tyes\n.other.example\tTRUE\t/\tFALSE\t0\tk\thunter2\n",
    )
    .unwrap();
    stand.visits.clock.advance(TimeDelta::minutes(20));
    assert_eq!(class(&stand), None);
    assert_eq!(stand.stored().len(), 4);
    let last = door.seen().pop().unwrap();
    assert!(last.cookie("seen").is_some_and(|n| n != "1"), "what it sets comes back: {last:?}");
    assert!(other.seen().iter().all(|seen| seen.headers.iter().all(|(name, _)| name != "cookie")));
    assert!(door.seen().iter().all(|asked| !asked.header("cookie").contains("hunter2")));
    std::fs::write(file.path(), "agreed=yes\n\nbroken hunter2\n").unwrap();
    let error = stand.visit().error.unwrap();
    assert!(error.detail.contains("line 3") && !error.detail.contains("hunter2"), "{}", error.detail);
}

#[test]
fn a_redirect_to_itself_that_sets_a_cookie_is_followed() {
    let door = Door::open(|asked| match asked.cookie("js") {
        Some(_) => answered(&asked.path, 3),
        None if asked.path == "/robots.txt" => Answer::status(404),
        None => Answer::to(&asked.path).with("Set-Cookie", "js=1; Path=/"),
    });
    let file = word("a=1");
    let access = Access { cookie_file: Some(file.path().to_owned()), ..Access::default() };
    assert_eq!(class(&stand(&door.url("/news/"), access)), None);
}

fn through(kind: ProxyKind, address: SocketAddr, login_file: Option<&Path>) -> Access {
    let (host, port, login_file) = (address.ip().to_string(), address.port(), login_file.map(Path::to_owned));
    Access { proxy: Some(Proxy { kind, host, port, login_file }), ..Access::default() }
}

#[test]
fn all_requests_of_a_portal_go_through_its_proxy() {
    let pair = word("town:p@ss/word");
    for (kind, login) in [
        (ProxyKind::Http, false),
        (ProxyKind::Http, true),
        (ProxyKind::Socks5, false),
        (ProxyKind::Socks5, true),
        (ProxyKind::Socks5h, false),
    ] {
        let (proxy, noted) = match kind {
            ProxyKind::Http => proxies::http(login.then_some("dG93bjpwQHNzL3dvcmQ=")),
            ProxyKind::Socks5 | ProxyKind::Socks5h => proxies::socks5(login.then_some(("town", "p@ss/word"))),
        };
        let site = Portal::start();
        portal::town_paper(&site, 3);
        // by name: a proxy that gets addresses is told the address
        let port = site.address.port();
        let list = format!("http://localhost:{port}/news/");
        let stand = stand(&list, through(kind, proxy, login.then(|| pair.path())));
        assert_eq!(stand.visit().error, None, "{kind:?} {login}");
        assert_eq!(stand.stored().len(), 3);
        let noted = noted.lock().unwrap().clone();
        let all = noted.join("\n");
        let expected = match kind {
            ProxyKind::Http => format!("GET http://localhost:{port}/robots.txt"),
            ProxyKind::Socks5 => format!("ip 127.0.0.1:{port}"),
            ProxyKind::Socks5h => format!("name localhost:{port}"),
        };
        assert!(noted.contains(&expected), "{kind:?}: {all}");
        let without = self::stand(&list, through(kind, proxy, None)).visit().error;
        if login {
            let error = without.unwrap();
            assert!(
                error.detail.contains("proxy_login_file") || error.detail.contains("407"),
                "{}",
                error.detail
            );
            assert!(!error.detail.contains("p@ss"), "{}", error.detail);
        }
    }
}

#[test]
fn the_guard_holds_behind_a_proxy_and_the_proxy_itself_may_be_anywhere() {
    for kind in [ProxyKind::Http, ProxyKind::Socks5, ProxyKind::Socks5h] {
        let (proxy, noted) = match kind {
            ProxyKind::Http => proxies::http(None),
            ProxyKind::Socks5 | ProxyKind::Socks5h => proxies::socks5(None),
        };
        let site = Portal::start();
        portal::town_paper(&site, 3);
        let port = site.address.port();
        let strict = |fetch: &mut tidings::fetch::Settings| fetch.allow_networks.clear();
        for list in [
            format!("http://localhost:{port}/news/"),
            format!("http://127.0.0.1:{port}/news/"),
            format!("http://10.0.0.1:{port}/"),
        ] {
            let stand = stand_with(&list, through(kind, proxy, None), strict);
            assert_eq!(class(&stand), Some(Class::BlockedAddress), "{kind:?} {list}");
        }
        assert!(noted.lock().unwrap().is_empty() || kind == ProxyKind::Socks5, "{noted:?}");
        assert!(noted.lock().unwrap().is_empty(), "a proxy was asked for what is shut: {noted:?}");
        assert!(site.seen().is_empty());
    }
    // nobody at the proxy's place: it is the proxy that is named
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = Portal::start();
    let stand = stand(&site.url("/news/"), through(ProxyKind::Socks5, gone, None));
    let error = stand.visit().error.unwrap();
    assert!(matches!(error.class, Class::Refused | Class::Network), "{error}");
    assert!(error.detail.contains(&format!("the proxy socks5://{gone}")), "{}", error.detail);
}

#[test]
fn unchecked_certificates_are_for_the_portals_own_host_and_are_told() {
    let other = Door::open_tls([127, 0, 0, 2], |asked| answered(&asked.path, 1));
    let elsewhere = format!("https://{}/news/show-1.html", other.address);
    let door = Door::open_tls([127, 0, 0, 1], move |asked| {
        let page = answered(&asked.path, 4);
        Answer(page.0, page.1, page.2.replace("\"show-1.html\"", &format!("\"{elsewhere}\"")))
    });
    let list = format!("https://{}/news/", door.address);
    assert_eq!(class(&stand(&list, Access::default())), Some(Class::Tls));
    let lax = stand(&list, Access { insecure_tls: true, ..Access::default() });
    assert_eq!(class(&lax), None);
    assert_eq!(lax.stored().len(), 3, "the one on another host is not read");
    assert!(other.seen().is_empty());
    let notes = lax.status().notes;
    assert!(notes.iter().any(|note| note.detail.contains("insecure_tls")), "{notes:?}");
    assert!(notes.iter().any(|note| note.class == Class::Tls && note.url.is_some()), "{notes:?}");
}

#[test]
fn an_unchecked_certificate_works_through_both_proxies() {
    let door = Door::open_tls([127, 0, 0, 1], |asked| answered(&asked.path, 2));
    let list = format!("https://{}/news/", door.address);
    for (kind, (proxy, noted)) in
        [(ProxyKind::Http, proxies::http(None)), (ProxyKind::Socks5, proxies::socks5(None))]
    {
        let stand = stand(&list, Access { insecure_tls: true, ..through(kind, proxy, None) });
        assert_eq!(stand.visit().error, None, "{kind:?}");
        let noted = noted.lock().unwrap().join("\n");
        assert!(noted.contains(&door.address.to_string()) && !noted.contains("GET"), "{noted}");
    }
}
