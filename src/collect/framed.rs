//! A page with a list of its own and a frame that takes it up: whichever lists more is the list.

use crate::discover::Learnt;
use crate::fetch::FetchError;
use crate::model::{Class, Kind, PageUrl, Traits};
use crate::store::ListCopy;

use super::lists::Lists;
use super::merged::Merged;
use super::round::Round;

/// A frame with fewer items is no list beside one that the page has itself.
const LEAST: usize = 3;

/// Whether a page lists something itself, and has a frame that may list more.
pub(super) fn is_framed(copy: &ListCopy) -> bool {
    !copy.items.is_empty() && !copy.traits.parts.is_empty() && copy.traits.kind == Some(Kind::Html)
}

/// Whether so many items of a frame make it the list, rather than the page around it: columns beside it list few.
pub(super) fn lists_more(found: usize, around: &ListCopy) -> bool {
    found >= LEAST && found * 2 >= around.items.len()
}

/// Whether an error says that a frame holds no list, rather than nothing of what it holds.
fn says_none(error: &FetchError) -> bool {
    matches!(error.status, Some(404 | 410))
        || matches!(error.fault.class, Class::EmptyList | Class::Selector | Class::FeedParse)
}

/// Takes what a page lists itself in the place of what its frame lists, and remembers that; says where its next page is, and
/// whether pages are counted from the oldest.
/// A frame that failed says nothing of what it lists.
pub(super) fn own(
    round: &Round<'_>,
    lists: &mut Lists,
    seen: &mut Merged,
    (mut copy, is_new): (ListCopy, bool),
    (before, fault): (usize, Option<FetchError>),
) -> Result<Option<(PageUrl, bool)>, FetchError> {
    if let Some(fault) = fault.filter(|fault| !says_none(fault)) {
        return Err(fault);
    }
    seen.keep(&mut lists.items, before);
    copy.traits.parts.clear();
    copy.traits.is_whole = true;
    for item in &copy.items {
        seen.add(&mut lists.items, round.key(&item.url), item.clone());
    }
    lists.learnt = lists.learnt.take().filter(|_| before > 0).or(Some(copy.traits.clone()));
    let next = copy.next.clone().map(|next| (next, copy.traits.from_oldest));
    lists.copies.extend(Some(copy).filter(|_| is_new));
    Ok(next)
}

/// What is known of a page before it is read anew.
pub(super) fn hints<'a>(last: Option<&'a ListCopy>, ahead: Option<&'a Traits>) -> Option<Learnt<'a>> {
    let of_last = last.map(|last| Learnt { traits: &last.traits, items: &last.items, is_older: false });
    of_last.or(ahead.map(|traits| Learnt { traits, items: &[], is_older: false }))
}
