//! A town's members' area: a form with a token against forgery, sessions that a test may end.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tidings::model::{Access, LoginKind};

use super::{answered, login, stand};
use crate::kinds::door::{Answer, Asked, Door};
use crate::stand::Stand;

pub(super) const WORD: &str = "s3cret&more=1";

/// How a portal says that nobody is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shut {
    Redirect,
    Status,
    FormInstead,
}

#[derive(Debug)]
pub(super) struct Members {
    pub(super) sessions: Mutex<BTreeSet<String>>,
    tokens: Mutex<BTreeSet<String>>,
    word: Mutex<String>,
    shut: Shut,
}

impl Members {
    pub(super) fn new(shut: Shut) -> Arc<Self> {
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

    pub(super) fn answer(&self, asked: &Asked) -> Answer {
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

pub(super) fn members(shut: Shut, word: &Path) -> (Arc<Members>, Door, Stand) {
    let members = Members::new(shut);
    let behind = Arc::clone(&members);
    let door = Door::open(move |asked| behind.answer(asked));
    let login = login(LoginKind::Form, Some(&door.url("/user/login")), word);
    let stand = stand(&door.url("/news/"), Access { login, ..Access::default() });
    (members, door, stand)
}
