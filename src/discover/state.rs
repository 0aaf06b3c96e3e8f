//! The state inside a page: what a program in the browser begins with, read where the page itself lists nothing, or
//! less.

use std::collections::{HashMap, HashSet};

use super::listing::{Context, Listing};
use super::records::Reader;
use crate::data;
use crate::model::{Candidate, UrlKey};
use crate::page::{Page, text};

/// Takes the articles that the page's state holds: for a page that lists nothing as its list, for another as what says
/// more of the same.
pub(super) fn take(page: &Page, context: &Context<'_>, listing: Listing) -> Listing {
    if listing.items.len() > 1 && listing.items.iter().all(|item| item.published.is_some()) {
        return listing;
    }
    let islands = data::islands(page, true);
    if islands.is_empty() {
        return listing;
    }
    let reader = Reader::new(page.base(), context, listing.lang.as_deref());
    let reader = reader.made(data::patterns(page), shown(page));
    let all = islands.iter().map(|island| (&island.place, reader.found(&island.value)));
    let Some((place, items)) =
        all.max_by_key(|(_, items)| worth(items)).filter(|(_, items)| !items.is_empty())
    else {
        return listing;
    };
    let told = format!("the page's state ({place}) holds {} articles", items.len());
    if listing.items.is_empty() || says_more(&listing, &items) {
        let mut explanation = listing.explanation;
        explanation.insert(0, told);
        return Listing { items, explanation, is_aside: false, ..listing };
    }
    enrich(listing, items)
}

/// Links of a page that are looked at.
const MOST_LINKS: usize = 2000;

/// The links that a page shows, by what they say.
fn shown(page: &Page) -> HashMap<String, String> {
    let links = page.root().descendants().filter(|node| node.name() == "a").take(MOST_LINKS);
    let told = links.filter_map(|node| {
        let link = page.join(node.attr("href")?)?;
        Some((text::fold(&node.text()), link.as_str().to_owned()))
    });
    told.filter(|(said, _)| !said.is_empty()).collect()
}

/// Whether the state holds the list, and the page shows only what stands beside it: a few, or others without a day.
fn says_more(listing: &Listing, items: &[Candidate]) -> bool {
    let shown: HashSet<UrlKey> = listing.items.iter().map(|item| item.url.key()).collect();
    let is_other = items.iter().all(|item| !shown.contains(&item.url.key()));
    let dated = |items: &[Candidate]| items.iter().filter(|item| item.published.is_some()).count();
    let is_dated = dated(&listing.items) == 0 && dated(items) * 2 > items.len();
    let is_longer = items.len() > listing.items.len();
    listing.items.len() < FEW && is_longer || is_other && is_dated && (is_longer || listing.is_aside)
}

/// A shorter list may be anything.
const FEW: usize = 3;

fn worth(items: &[Candidate]) -> usize {
    items.len() + items.iter().filter(|item| item.published.is_some()).count() * 2
}

/// What the state says better of the items that the page lists.
fn enrich(mut listing: Listing, items: Vec<Candidate>) -> Listing {
    let mut told: HashMap<UrlKey, Candidate> = items.into_iter().map(|item| (item.url.key(), item)).collect();
    for item in &mut listing.items {
        let Some(its) = told.remove(&item.url.key()) else { continue };
        item.published = item.published.or(its.published);
        item.summary = item.summary.take().or(its.summary);
        if item.given.is_none() {
            item.given = its.given.map(|mut given| {
                given.set_whole(false);
                given
            });
        }
    }
    listing
}
