//! Portals behind a door: cookies, log-ins, proxies, certificates that nobody vouches for.

mod forms;
mod given;
mod members;
mod shapes;
mod ways;

use std::collections::BTreeMap;
use std::path::Path;

use tidings::model::{Access, Class, Login, LoginKind, PageUrl};

use super::door::Answer;
use crate::portal;
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

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

fn word(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn class(stand: &Stand) -> Option<Class> {
    stand.visit().error.map(|error| error.class)
}
