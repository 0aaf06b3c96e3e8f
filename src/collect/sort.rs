//! What a document turned out to be: a list, a shell that leads to one, a sitemap on a quiet day, nothing that can be read.

use crate::discover::{Form, Listing};
use crate::fetch::FetchError;
use crate::model::{Class, Kind, PageUrl, Traits};
use crate::store::ListCopy;
use crate::wall;

/// Selectors of a list that found nothing, remembered at most.
const MISSED: usize = 5;

/// Why nothing of a document can be read at all.
pub(super) fn unreadable(url: &PageUrl, listing: &Listing) -> Option<FetchError> {
    let why = listing.fault.clone()?;
    let wall = listing.wall.map(|why| (Class::Challenge, format!("the page is a wall: {why}")));
    let (class, detail) = wall.unwrap_or((Class::FeedParse, why));
    Some(FetchError::new(class, url, detail))
}

/// Of a page that lists nothing, and leads to nothing that does.
pub(super) fn nothing(url: &PageUrl) -> FetchError {
    FetchError::new(Class::EmptyList, url, "no list of articles was found on the page, nor behind it")
}

/// Whether a page never listed anything and leads nowhere: its articles may be listed in a place that it does not name.
pub(super) fn is_blank(listing: &Listing, last: Option<&ListCopy>) -> bool {
    let leads_on = !listing.parts.is_empty() || listing.beside.is_some();
    listing.form == Form::Html
        && listing.items.is_empty()
        && !leads_on
        && listing.wall.is_none_or(|why| why == wall::NOTHING_SHOWN)
        && last.is_none_or(|last| last.items.is_empty())
}

/// Whether a sitemap that has listed articles lists none: one of news is empty on quiet days.
pub(super) fn is_quiet(listing: &Listing, last: Option<&ListCopy>) -> bool {
    let was_sitemap = last.is_some_and(|last| last.traits.kind == Some(Kind::Sitemap));
    was_sitemap && listing.form == Form::Sitemap && listing.items.is_empty()
}

/// What is kept of a page for the next visit, of it and of those before.
pub(super) fn learnt(listing: &mut Listing, before: Traits, pace: Vec<u32>) -> Traits {
    let missed = listing.notes.iter().filter(|note| note.class == Class::Selector).take(MISSED).cloned();
    Traits {
        kind: listing.form.kind(),
        body: before.body,
        date: before.date,
        probed: before.probed,
        is_whole: before.is_whole,
        missed: missed.collect(),
        pace,
        elsewhere: before.elsewhere.filter(|_| listing.items.is_empty()),
        parts: std::mem::take(&mut listing.parts),
        beside: listing.beside.take(),
        ..std::mem::take(&mut listing.traits)
    }
}

/// Whether an address is that of a script.
pub(super) fn is_program(url: &PageUrl) -> bool {
    url.as_url().path().ends_with(".js")
}

/// Whether a note tells that a page was beyond a bound.
pub(super) fn is_bound(class: Class) -> bool {
    matches!(class, Class::Truncated | Class::TooLarge | Class::TooDeep | Class::TooMany)
}

/// Faults of the host or of what stands before it, not of one page.
pub(super) fn is_transport(class: Class) -> bool {
    matches!(
        class,
        Class::Dns
            | Class::Refused
            | Class::Network
            | Class::Tls
            | Class::Timeout
            | Class::Protocol
            | Class::BlockedAddress
            | Class::Challenge
    )
}
