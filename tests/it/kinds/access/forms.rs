//! Log-ins by a form: filled in once, begun anew when the session ended, never in a loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use tidings::model::{Access, Class, LoginKind};

use super::members::{Members, Shut, WORD, members};
use super::{answered, class, login, stand, word};
use crate::kinds::door::{Answer, Door};
use crate::portal;

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
