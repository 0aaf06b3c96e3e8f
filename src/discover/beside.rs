//! The document that says the same as a list in other words: the feed that a page names, the page that a feed names.

use super::listing::Listing;
use crate::model::{Candidate, PageUrl, Precision};
use crate::page::Page;

/// Media types of feeds.
const FEEDS: [&str; 4] =
    ["application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"];
/// What feeds of comments have in their addresses.
const COMMENTS: [&str; 2] = ["comment", "replies"];

/// The feed that a list page names, when it could say something better than the page.
pub(super) fn feed_of(page: &Page, listing: &Listing) -> Option<PageUrl> {
    if !listing.items.is_empty() && listing.items.iter().all(is_rich) {
        return None;
    }
    let is_feed = |kind: &str| FEEDS.iter().any(|feed| kind.trim().eq_ignore_ascii_case(feed));
    page.links("alternate")
        .filter(|(node, _)| node.attr("type").is_some_and(is_feed))
        .map(|(_, url)| url)
        .find(|url| {
            let address = url.as_str().to_ascii_lowercase();
            url.same_site(page.url()) && !COMMENTS.iter().any(|word| address.contains(word))
        })
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
