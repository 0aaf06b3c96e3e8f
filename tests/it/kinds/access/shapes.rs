//! Log-ins in the shapes of the software of real sites: steps, charsets, forms at the list's own place, answers for scripts.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use tidings::model::{Access, Class, LoginKind};

use super::{answered, class, login, stand, word};
use crate::kinds::door::{Answer, Asked, Door};
use crate::stand::Stand;

const WORD: &str = "s3cret";

/// A portal at `/news/` that logs in at an address.
fn behind(
    at: &str,
    word: &std::path::Path,
    answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> (Door, Stand) {
    let door = Door::open(move |asked| match asked.path.as_str() {
        "/robots.txt" => Answer::status(404),
        _ => answer(asked),
    });
    let login = login(LoginKind::Form, Some(&door.url(at)), word);
    let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
    (door, stand)
}

fn is_in(asked: &Asked) -> bool {
    asked.cookie("sid") == Some("1")
}

fn enter(to: &str) -> Answer {
    Answer::to(to).with("Set-Cookie", "sid=1; Path=/")
}

#[test]
fn a_door_that_sends_on_and_asks_for_the_user_first_is_gone_through() {
    let file = word(WORD);
    let (door, stand) = behind("/sso", file.path(), |asked| {
        match (asked.method.as_str(), asked.path.as_str()) {
            (_, "/sso") => Answer::page(
                "<html><head><meta http-equiv=refresh content='0; URL=/who?flow=f1'></head><body>Sie werden weitergeleitet</body></html>",
            ),
            ("GET", "/who?flow=f1") => Answer::page(
                "<form action=/search><input type=search name=q></form><form class=newsletter method=post><input type=email name=EMAIL></form>\
             <form method=post action=/who><input type=hidden name=state value=k1><input type=email name=identifier><button name=action value=next>Weiter</button></form>",
            ),
            ("POST", "/who") if asked.field("state").as_deref() == Some("k1") => Answer::page(format!(
                "<form method=post action='/word?state=k1'><input type=hidden name=identifier value={}><input type=password name=password><button name=action value=in>Weiter</button></form>",
                asked.field("identifier").unwrap()
            )),
            ("POST", "/word?state=k1")
                if asked.field("identifier").as_deref() == Some("reader")
                    && asked.field("password").as_deref() == Some(WORD) =>
            {
                enter("/news/")
            }
            (_, path) if is_in(asked) => answered(path, 4),
            _ => Answer::to("/sso"),
        }
    });
    assert_eq!(class(&stand), None);
    assert_eq!(stand.stored().len(), 4);
    assert_eq!(door.count("POST", "/word?state=k1"), 1);
}

#[test]
fn a_form_is_sent_in_its_charset() {
    let file = word("密码");
    let (door, stand) = behind("/login.php", file.path(), |asked| {
        match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", "/login.php") => Answer::page(
                "<form method=post accept-charset=gbk><input name=username><input type=password name=pw><input type=submit name=s value=登录></form>",
            ),
            ("POST", _)
                if asked.body.contains("pw=%C3%DC%C2%EB") && asked.body.contains("s=%B5%C7%C2%BC") =>
            {
                enter("/news/")
            }
            ("POST", _) => Answer::page("<p>密码有误</p>"),
            (_, path) if is_in(asked) => answered(path, 3),
            _ => Answer::to("/login.php"),
        }
    });
    assert_eq!(class(&stand), None, "{:?}", door.seen());
}

#[test]
fn a_list_that_shows_the_form_at_its_own_address_is_logged_in_to() {
    let file = word(WORD);
    for posts_to in ["/news/", "/j_security_check"] {
        let form = format!(
            "<form action=/suche><input name=q></form><h3>Anmeldung</h3><form action={posts_to} method=post><input name=user><input type=password name=pass>\
             <input type=submit name=submit value=Anmelden><input type=hidden name=logintype value=login></form>"
        );
        let (door, stand) = behind("/news/", file.path(), move |asked| {
            if asked.method == "POST" && asked.field("pass").as_deref() == Some(WORD) {
                return match answered("/news/", 4) {
                    page if asked.path == "/news/" => page.with("Set-Cookie", "sid=1; Path=/"),
                    _ => enter("/news/"),
                };
            }
            if is_in(asked) { answered(&asked.path, 4) } else { Answer::page(form.as_str()) }
        });
        assert_eq!(class(&stand), None, "{posts_to}");
        assert_eq!((stand.stored().len(), door.count("POST", posts_to)), (4, 1), "{posts_to}");
    }
}

#[test]
fn answers_for_scripts_that_say_no_lock_no_account() {
    let file = word("wrong");
    for no in [
        "{\"ok\": false, \"error\": {\"message\": \"Wrong password\"}}",
        "<script>alert('用户名或密码错误!');history.back();</script>",
        "<script>alert('请重试');location.href='/login.asp'</script>",
    ] {
        let (door, stand) = behind("/login.asp", file.path(), move |asked| match asked.method.as_str() {
            "POST" => Answer::page(no),
            _ if asked.path == "/login.asp" => Answer::page(
                "<form method=post action=check.asp><input name=UserName><input type=password name=PassWord></form>",
            ),
            _ => Answer::page("<script>alert('请先登录!');window.location.href='/login.asp';</script>"),
        });
        for _ in 0..3 {
            assert_eq!(class(&stand), Some(Class::Http), "{no}");
            stand.visits.clock.advance(TimeDelta::minutes(15));
        }
        assert_eq!(door.count("POST", "/check.asp"), 1, "{no}");
    }
}

#[test]
fn a_page_that_only_says_who_may_read_it_is_logged_in_to_anew() {
    let file = word(WORD);
    static VALID: AtomicUsize = AtomicUsize::new(1);
    let (door, stand) = behind("/wp-login.php", file.path(), |asked| {
        match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", "/wp-login.php") => {
                Answer::page("<form method=post><input name=log><input type=password name=pwd></form>")
            }
            ("POST", _) => {
                Answer::to("/").with("Set-Cookie", &format!("sid={}; Path=/", VALID.load(Ordering::Relaxed)))
            }
            (_, "/") => Answer::page("<p>Willkommen</p>"),
            (_, path) if asked.cookie("sid") == Some(&VALID.load(Ordering::Relaxed).to_string()) => {
                answered(path, 5)
            }
            _ => Answer::page(
                "<html><body><h1>Aktuelles</h1><p>Dieser Bereich ist nur für Mitglieder. Bitte <a href=/wp-login.php>melden Sie sich an</a>.</p></body></html>",
            ),
        }
    });
    assert_eq!(class(&stand), None);
    VALID.store(2, Ordering::Relaxed);
    stand.visits.clock.advance(TimeDelta::minutes(20));
    assert_eq!(class(&stand), None);
    assert_eq!((stand.stored().len(), door.count("POST", "/wp-login.php")), (5, 2));
}
