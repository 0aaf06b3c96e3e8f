//! What is believed of a list page: the drift guard's word on it, and what is told of that.

use chrono::{DateTime, Utc};

use crate::discover::{Form, Listing, Remains};
use crate::drift::{self, List, Verdict};
use crate::fetch::FetchError;
use crate::model::{Candidate, Class, Doubt, Kind, ListRules, Note, PageUrl, mark, shape};
use crate::store::ListCopy;

/// Kinds of rows that a list leaves out, remembered at most.
const LEFT_OUT: usize = 20;

/// A list page as it was read, before it is believed.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    /// The address that is configured.
    pub(super) url: &'a PageUrl,
    /// The address that answered.
    pub(super) answered: &'a PageUrl,
    /// Where it moved to for good.
    pub(super) moved: Option<&'a PageUrl>,
    pub(super) rules: &'a ListRules,
    /// The list as it was last.
    pub(super) last: Option<&'a ListCopy>,
    pub(super) now: DateTime<Utc>,
}

/// A list that is not believed.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) error: FetchError,
    /// To be kept with the list as it was.
    pub(super) doubt: Option<Doubt>,
}

/// Says whether a page is the portal's: by its list, or where it lists nothing by what it leads to.
pub(super) fn believe(seen: &Seen<'_>, listing: Listing) -> Result<Listing, Refused> {
    let leads_on = !listing.parts.is_empty() || listing.beside.is_some();
    if !(listing.items.is_empty() && leads_on && listing.wall.is_none()) {
        return believe_list(seen, listing);
    }
    match seen.last {
        Some(last) if !last.items.is_empty() => believe_shell(seen, listing),
        _ => Ok(listing),
    }
}

/// Says whether a listing is the portal's: then it has, in its notes, what is to be told of it, and `fallback` when
/// something is amiss. The kinds of rows that are left out go into its traits.
fn believe_list(seen: &Seen<'_>, mut listing: Listing) -> Result<Listing, Refused> {
    let refuse = |class, detail: String, doubt| {
        let error = FetchError::new(class, seen.url, detail);
        Err(Refused { error, doubt })
    };
    let away = seen.moved.filter(|to| !to.same_site(seen.url));
    let last = seen.last.filter(|last| !last.items.is_empty());
    // a sitemap lists its own site's pages alone, others each day
    let is_sitemap = |last: &&ListCopy| {
        last.traits.kind == Some(Kind::Sitemap)
            && listing.form == Form::Sitemap
            && seen.answered.same_site(seen.url)
    };
    if listing.items.is_empty() || last.is_none() && by_rule_and_empty(seen, &listing) {
        let (class, detail) = nothing(seen, &listing, last.is_some());
        return match away.filter(|_| class != Class::Challenge) {
            Some(to) => refuse(Class::Moved, format!("it moved to {to}, and there {detail}"), None),
            None => refuse(class, detail, None),
        };
    }
    if let Some(last) = last.filter(|last| !is_sitemap(last)) {
        let place = last.traits.place.as_deref();
        let verdict = drift::judge(
            List { items: &listing.items, place: listing.traits.place.as_deref(), page: seen.answered },
            List { items: &last.items, place, page: &last.url },
            listing.remains == Remains::Stands,
            last.traits.doubt.as_ref(),
            seen.now,
        );
        match verdict {
            Verdict::Fits => leave_out(seen, &mut listing, last.traits.left_out.clone()),
            Verdict::Changed { detail, strangers } => {
                listing.fallback = true;
                listing.notes.push(Note { class: Class::Layout, detail, url: Some(seen.url.clone()) });
                let kinds = strange_kinds(seen, &listing.items, &strangers);
                leave_out(seen, &mut listing, kinds);
            }
            Verdict::Emptied { doubt } => {
                let (class, detail) = nothing(seen, &listing, true);
                return refuse(class, detail, doubt);
            }
            Verdict::Strange { detail, doubt } => {
                let wall = listing.wall.map(|why| (Class::Challenge, format!("the page is a wall: {why}")));
                let moved = away.map(|to| (Class::Moved, format!("it moved to {to}, and there {detail}")));
                let (class, detail) = wall.or(moved).unwrap_or_else(|| {
                    (Class::Suspect, format!("what the page lists was held back: {detail}"))
                });
                return refuse(class, detail, Some(doubt));
            }
        }
    }
    if let Some(to) = away {
        listing.fallback = true;
        let detail = format!("the list moved for good to {to}");
        listing.notes.push(Note { class: Class::Moved, detail, url: Some(seen.url.clone()) });
    }
    Ok(listing)
}

/// The same for a page that lists nothing any more and leads to other documents: three times over an hour, and it does.
fn believe_shell(seen: &Seen<'_>, mut listing: Listing) -> Result<Listing, Refused> {
    let parts: Vec<PageUrl> = listing.parts.iter().chain(&listing.beside).cloned().collect();
    let doubt = seen.last.and_then(|last| last.traits.doubt.as_ref());
    match drift::leads_on(&parts, doubt, seen.now) {
        Ok(()) => {
            let detail = "the page lists nothing itself any more: what it leads to is read".to_owned();
            listing.notes.push(Note { class: Class::Layout, detail, url: Some(seen.url.clone()) });
            Ok(listing)
        }
        Err(doubt) => {
            let (class, detail) = nothing(seen, &listing, true);
            Err(Refused { error: FetchError::new(class, seen.url, detail), doubt: Some(doubt) })
        }
    }
}

/// Whether the selectors' own place is there and empty: what detection found instead is another list.
fn by_rule_and_empty(seen: &Seen<'_>, listing: &Listing) -> bool {
    let by_rule = seen.rules.item.is_some() || seen.rules.link.is_some();
    by_rule && listing.remains == Remains::Stands
}

/// Why there is nothing on a list page.
fn nothing(seen: &Seen<'_>, listing: &Listing, was_there: bool) -> (Class, String) {
    let by_rule = seen.rules.item.is_some() || seen.rules.link.is_some();
    if let Some(why) = listing.wall {
        return (Class::Challenge, format!("the page is a wall: {why}"));
    }
    match listing.remains {
        Remains::Stands => (Class::EmptyList, "the list is there, but nothing is on it".to_owned()),
        Remains::Missing | Remains::Unknown if by_rule => (
            Class::Selector,
            "the list's selectors find nothing any more, and detection finds no list".to_owned(),
        ),
        Remains::Missing => (
            Class::Selector,
            "the list is not where it was, and is found nowhere else on the page".to_owned(),
        ),
        Remains::Unknown if was_there => {
            (Class::EmptyList, "no list of articles is on the page any more".to_owned())
        }
        Remains::Unknown => (Class::EmptyList, "no list of articles was found on the page".to_owned()),
    }
}

pub(super) fn kind(url: &PageUrl, page: &PageUrl) -> u32 {
    mark(&shape(url, page))
}

/// The kinds of rows that are no articles of the portal; a kind that articles of it have is one of its own.
fn strange_kinds(seen: &Seen<'_>, items: &[Candidate], strangers: &[usize]) -> Vec<u32> {
    let all = items.iter().enumerate();
    let all: Vec<(bool, u32)> =
        all.map(|(at, item)| (strangers.contains(&at), kind(&item.url, seen.answered))).collect();
    let own: Vec<u32> = all.iter().filter(|(is_strange, _)| !is_strange).map(|(_, kind)| *kind).collect();
    let strange = all.into_iter().filter(|(is_strange, kind)| *is_strange && !own.contains(kind));
    let mut kinds: Vec<u32> = strange.map(|(_, kind)| kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.truncate(LEFT_OUT);
    kinds
}

/// Leaves out the rows of some kinds, and remembers the kinds.
fn leave_out(seen: &Seen<'_>, listing: &mut Listing, kinds: Vec<u32>) {
    let before = listing.items.len();
    let is_left_out = |item: &Candidate| kinds.contains(&kind(&item.url, seen.answered));
    if listing.items.iter().filter(|item| is_left_out(item)).count() * 2 > before {
        // most of a list is no stranger in it: what was thought of these kinds is forgotten
        listing.traits.left_out = Vec::new();
        return;
    }
    if !kinds.is_empty() {
        listing.items.retain(|item| !is_left_out(item));
    }
    let gone = before - listing.items.len();
    if gone > 0 {
        let detail = format!("{gone} rows that look like none of the portal's articles were left out");
        listing.notes.push(Note { class: Class::Suspect, detail, url: Some(seen.url.clone()) });
    }
    listing.traits.left_out = kinds;
}
