//! Portals of every kind, from their address alone: what stands on them is visited, read and stored.

mod access;
mod apps;
mod back;
#[cfg(feature = "browser")]
mod browser;
mod frames;
mod sitemap;
mod walls;

mod door;
mod json;
mod leads;
mod pages;
mod programs;
mod proxies;
mod sitemaps;
mod states;

use tidings::model::{PageUrl, StoredArticle};

use crate::portal::{Page, Portal, article, path, title};
use crate::stand::Stand;

const NOW: &str = "2026-11-23T08:00:00Z";

/// A visitor of a portal at `/news/`, or at another address of it.
fn stand(list: &str) -> Stand {
    Stand::with(NOW, |configured| {
        configured.lists = vec![configured.lists[0].join(list).unwrap()];
    })
}

/// Another type of document.
fn typed(content_type: &str, body: &str) -> Page {
    Page { content_type: content_type.to_owned(), ..Page::html(body) }
}

/// The pages of the first articles of the town paper, without a list.
fn articles(portal: &Portal, count: u32) {
    for n in 1..=count {
        portal.put(&path(n), Page::html(article(n, &title(n), "")));
    }
}

/// All titles that are stored after a visit, with the day and minute of each; the newest first.
fn told(stand: &Stand) -> Vec<(String, Option<String>)> {
    let visited = stand.visit();
    assert_eq!(visited.error, None);
    let date = |one: &StoredArticle| one.article.published.map(|at| at.to_rfc3339());
    let mut all: Vec<_> = stand.stored().iter().map(|one| (one.article.title.clone(), date(one))).collect();
    all.sort();
    all
}

/// The same for titles alone.
fn titles(stand: &Stand) -> Vec<String> {
    told(stand).into_iter().map(|(title, _)| title).collect()
}

/// What the town paper's first articles are called.
fn expected(count: u32) -> Vec<String> {
    let mut all: Vec<String> = (1..=count).map(title).collect();
    all.sort();
    all
}

/// Addresses that were asked for, but for robots.txt.
fn asked(stand: &Stand) -> Vec<String> {
    stand.site.seen().into_iter().map(|seen| seen.path).filter(|path| path != "/robots.txt").collect()
}

fn url(stand: &Stand, path: &str) -> PageUrl {
    PageUrl::parse(&stand.site.url(path)).unwrap()
}
