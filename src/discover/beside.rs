//! The document that says the same as a list in other words: the feed that a page names, the page that a feed names.

use super::listing::Listing;
use crate::data;
use crate::model::{Candidate, PageUrl, Precision};
use crate::page::Page;

/// Media types of feeds.
const FEEDS: [&str; 4] =
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"];
/// Links of a page that are looked at for a feed.
const MOST_LINKS: usize = 2000;
/// What feeds of comments have in their addresses.
const COMMENTS: [&str; 2] = ["comment", "replies"];

/// The feed that a list page names, when it could say something better than the page.
pub(super) fn feed_of(page: &Page, listing: &Listing) -> Option<PageUrl> {
    if !listing.items.is_empty() && listing.items.iter().all(is_rich) {
        return None;
    }
    let is_feed = |kind: &str| FEEDS.iter().any(|feed| kind.trim().eq_ignore_ascii_case(feed));
    let is_own = |url: &PageUrl| {
        let address = url.as_str().to_ascii_lowercase();
        data::is_own(url, page.url()) && !COMMENTS.iter().any(|word| address.contains(word))
    };
    let told = page
        .links("alternate")
        .filter(|(node, _)| node.attr("type").is_some_and(is_feed))
        .map(|(_, url)| url);
    // a page that lists nothing may only link its feed, for its readers
    let linked = || {
        let links = page.body().descendants().filter(|node| node.name() == "a");
        links.filter_map(|node| page.join(node.attr("href")?.trim())).take(MOST_LINKS)
    };
    told.into_iter()
        .find(|url| is_own(url))
        .or_else(|| linked().find(|url| listing.items.is_empty() && is_own(url) && is_called_feed(url)))
}

/// The feeds that a page lists in the place of articles, as a page for subscribers does.
pub(super) fn feeds_of(page: &Page, listing: &Listing) -> Vec<PageUrl> {
    let is_feed = |item: &&Candidate| item.url.same_site(page.url()) && is_called_feed(&item.url);
    let feeds: Vec<PageUrl> = listing.items.iter().filter(is_feed).map(|item| item.url.clone()).collect();
    if feeds.len() * 2 > listing.items.len() { feeds } else { Vec::new() }
}

/// Whether an address is called as feeds are: `/rss.xml`, `/news.rss`, `/feed/`, `?format=feed`.
fn is_called_feed(url: &PageUrl) -> bool {
    let path = url.as_url().path().to_ascii_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let (stem, end) = last.rsplit_once('.').unwrap_or((last, ""));
    let is_named = || ["rss", "feed", "atom", "flux"].iter().any(|word| stem.contains(word));
    let asks = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        matches!(&*name, "feed" | "format" | "type" | "alt")
            && matches!(&*value, "rss" | "rss2" | "atom" | "feed")
    };
    let is_file = match end {
        "rss" | "rdf" | "atom" => true,
        "xml" | "json" | "php" | "asp" | "aspx" | "jsp" => is_named(),
        "" => matches!(stem, "feed" | "rss" | "atom"),
        _ => false,
    };
    is_file || url.as_url().query_pairs().any(asks)
}

/// The page that a feed stands for, when the feed says too little: cut titles, no dates, nothing at all.
pub(super) fn page_of(home: Option<PageUrl>, own: &PageUrl, listing: &Listing) -> Option<PageUrl> {
    let poor = listing.items.iter().filter(|item| is_poor(item)).count();
    let is_poor = poor * 2 > listing.items.len() || listing.items.is_empty();
    home.filter(|home| is_poor && home.same_site(own) && home.key() != own.key())
}

/// Whether a list says of an item all that a list can say.
fn is_rich(item: &Candidate) -> bool {
    let is_exact = |precision| precision <= Precision::Minute;
    !item.is_cut() && item.published.is_some_and(|stamp| is_exact(stamp.precision))
}

fn is_poor(item: &Candidate) -> bool {
    item.is_cut() || item.published.is_none()
}
