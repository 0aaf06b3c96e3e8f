//! What an operator gives for every request: a log-in, cookies of a file.

use std::path::Path;

use chrono::TimeDelta;
use tidings::model::{Access, Class, LoginKind};

use super::{answered, class, login, stand, word};
use crate::kinds::door::{Answer, Door};
use crate::portal::{self, Page, Portal};

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
