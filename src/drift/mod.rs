//! The drift guard: is what a visit found on a list page still this portal's list? Pure; the portal's own history
//! is the measure.
//!
//! New articles that look like those before are never held back, however many. What is held back three times over an
//! hour or longer, and looks the same each time, is believed: the portal has become another.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Candidate, Doubt, PageUrl, UrlKey, mark, shape, title_key};
use crate::page::text;

/// A history of fewer articles tells nothing of addresses, days and lengths.
const PROFILE: usize = 5;
/// So much of the list that was there last, in percent, makes another list of the page the same one.
const ENOUGH: usize = 25;
/// The same while the place of the list still stands there, empty: picks of its articles stand in side columns too.
const ENOUGH_BESIDE: usize = 50;
/// A list that was held back is believed when it was seen so often …
const BELIEVED_TIMES: u32 = 3;
/// … over so long.
const BELIEVED_AFTER: TimeDelta = TimeDelta::hours(1);
/// The same for a list that stands elsewhere while its old place is empty: a pause of some hours is none.
const EMPTY_AFTER: TimeDelta = TimeDelta::hours(24);
/// Shares in percent: articles of the history that have a property, so that it is one of the portal's …
const MOST: usize = 80;
/// … and articles found that must have it then.
const SOME: usize = 50;
/// Mean lengths of titles may differ by this factor.
const LONGER: usize = 3;

/// A list as it was found, or as it was kept from the last visit.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Its articles.
    pub items: &'a [Candidate],
    /// Where on the page they stand, as a person would name it; None where nobody knows.
    pub place: Option<&'a str>,
    /// The address of its page.
    pub page: &'a PageUrl,
}

/// What is to be made of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is the portal's, as ever.
    Fits,
    /// It is the portal's, in another place or shape; those articles of it, by number, are not to be believed.
    Changed {
        /// What changed, for a person.
        detail: String,
        /// Articles that look like none of the portal's.
        strangers: Vec<usize>,
    },
    /// It is not what the list was, though the place of that is empty: the list has no articles.
    Emptied {
        /// To be kept for the next visit: what stands elsewhere for a day is the list.
        doubt: Option<Doubt>,
    },
    /// It is another list: nothing of it is taken.
    Strange {
        /// In what it differs, for a person.
        detail: String,
        /// To be kept for the next visit.
        doubt: Doubt,
    },
}

/// Judges the list that a visit found by the one that was there last. `stands` says that the place of the last one
/// is still there, without headlines.
#[must_use]
pub fn judge(
    found: List<'_>,
    last: List<'_>,
    stands: bool,
    doubt: Option<&Doubt>,
    now: DateTime<Utc>,
) -> Verdict {
    if last.items.is_empty() {
        return Verdict::Fits;
    }
    let profile = Profile::of(last);
    let met = found.items.iter().filter(|item| profile.knows(item)).count();
    let share = share(met, last.items.len());
    let is_moved = found.place.is_some() && last.place.is_some() && found.place != last.place;
    if stands && share < ENOUGH_BESIDE {
        if profile.differs(found).is_some() {
            return Verdict::Emptied { doubt: None };
        }
        // the old place may be left over from a page that was laid out anew
        let (doubt, for_long) = grown(likeness(found), doubt, now);
        if doubt.times >= BELIEVED_TIMES && for_long >= EMPTY_AFTER {
            let detail = "believed after a day although the place where the list was is empty".to_owned();
            return Verdict::Changed { detail, strangers: Vec::new() };
        }
        return Verdict::Emptied { doubt: Some(doubt) };
    }
    if !is_moved && met > 0 {
        return Verdict::Fits;
    }
    let is_pick = met == found.items.len() && found.items.len() * 2 <= last.items.len();
    if met > 0 && share >= ENOUGH && !is_pick {
        let strangers = (0..).zip(found.items).filter(|(_, item)| !profile.bears(item, found.page));
        return Verdict::Changed {
            detail: moved(found.place, last.place),
            strangers: strangers.map(|(at, _)| at).collect(),
        };
    }
    if is_pick && is_moved {
        let detail =
            format!("it has only {met} articles that are known already, in another place of the page");
        return doubted(found, detail, doubt, now);
    }
    match profile.differs(found) {
        None if is_moved => {
            Verdict::Changed { detail: moved(found.place, last.place), strangers: Vec::new() }
        }
        None => Verdict::Fits,
        Some(detail) => doubted(found, detail, doubt, now),
    }
}

fn moved(to: Option<&str>, from: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from != to => {
            format!("the list left `{from}` and was found again at `{to}`")
        }
        _ => "the page changed, and the list was found again".to_owned(),
    }
}

/// A list that does not fit: the doubt grows, and ends when the same was seen for long enough.
fn doubted(found: List<'_>, detail: String, doubt: Option<&Doubt>, now: DateTime<Utc>) -> Verdict {
    let (doubt, for_long) = grown(likeness(found), doubt, now);
    if doubt.times >= BELIEVED_TIMES && for_long >= BELIEVED_AFTER {
        let detail = format!("believed after {} visits although {detail}", doubt.times);
        return Verdict::Changed { detail, strangers: Vec::new() };
    }
    Verdict::Strange { detail, doubt }
}

/// Whether what a page leads to, where it lists nothing any more, is believed; the doubt until it is.
///
/// # Errors
/// The doubt, to be kept for the next visit.
pub fn leads_on(parts: &[PageUrl], doubt: Option<&Doubt>, now: DateTime<Utc>) -> Result<(), Doubt> {
    let likeness = mark(&parts.first().map_or_else(String::new, |part| part.key().as_str().to_owned()));
    let (doubt, for_long) = grown(likeness, doubt, now);
    if doubt.times >= BELIEVED_TIMES && for_long >= BELIEVED_AFTER { Ok(()) } else { Err(doubt) }
}

/// What stays the same of a list from visit to visit: its place, and the host most of it leads to.
fn likeness(found: List<'_>) -> u32 {
    let mut hosts: Vec<&str> = found.items.iter().map(|item| item.url.host()).collect();
    hosts.sort_unstable();
    let most = hosts.chunk_by(|a, b| a == b).max_by_key(|same| same.len());
    let host = most.and_then(|same| same.first()).copied().unwrap_or_default();
    mark(&format!("{host} {}", found.place.unwrap_or_default()))
}

/// A doubt that grows, and since when it does. A beginning that lies ahead, after the clock was put back, is now.
fn grown(mark: u32, doubt: Option<&Doubt>, now: DateTime<Utc>) -> (Doubt, TimeDelta) {
    let same = doubt.filter(|doubt| doubt.mark == mark);
    let times = same.map_or(0, |doubt| doubt.times).saturating_add(1);
    let since = same.map_or(now, |doubt| doubt.since.min(now));
    (Doubt { mark, times, since }, now - since)
}

/// What the articles of a list have in common.
struct Profile<'a> {
    list: List<'a>,
    addresses: HashSet<UrlKey>,
    titles: HashSet<String>,
    shapes: HashSet<String>,
}

impl<'a> Profile<'a> {
    fn of(list: List<'a>) -> Self {
        Self {
            list,
            addresses: list.items.iter().map(|item| item.url.key()).collect(),
            titles: list.items.iter().filter_map(|item| title_key(&item.title)).collect(),
            shapes: list.items.iter().map(|item| shape(&item.url, list.page)).collect(),
        }
    }

    fn knows(&self, item: &Candidate) -> bool {
        self.addresses.contains(&item.url.key())
            || title_key(&item.title).is_some_and(|title| self.titles.contains(&title))
    }

    /// Whether an article could be one of them: known, with an address of their kind, or on the site and with a day
    /// where they have one.
    fn bears(&self, item: &Candidate, page: &PageUrl) -> bool {
        let has_day = item.published.is_some() || dated(self.list.items) < MOST;
        self.knows(item)
            || self.shapes.contains(&shape(&item.url, page))
            || item.url.same_site(page) && has_day
    }

    /// In what a list differs from them; None when it is of their kind.
    fn differs(&self, found: List<'_>) -> Option<String> {
        let items = found.items;
        let on_site = |item: &&Candidate| {
            item.url.same_site(found.page) || self.list.items.iter().any(|one| one.url.same_site(&item.url))
        };
        if share(items.iter().filter(on_site).count(), items.len()) < SOME {
            return Some("most of what is listed leads to sites that the portal never led to".to_owned());
        }
        let script =
            |list: &[Candidate]| share(list.iter().filter(|one| is_cjk(&one.title)).count(), list.len());
        let (was, is) = (script(self.list.items), script(items));
        if was >= MOST && is < 100 - MOST || was < 100 - MOST && is >= MOST {
            return Some("its titles are in another script than the portal's".to_owned());
        }
        if self.list.items.len() < PROFILE {
            return None;
        }
        let alike = items.iter().filter(|item| self.shapes.contains(&shape(&item.url, found.page))).count();
        let has_days = dated(self.list.items) >= MOST;
        let lacks_days = has_days && dated(items) < SOME;
        let (was, is) = (length(self.list.items), length(items));
        let other_length = was > is * LONGER || is > was * LONGER;
        // a site that moves its articles still dates them; a menu, or who took the site over, does not
        if share(alike, items.len()) < SOME && !(has_days && !lacks_days && !other_length) {
            return Some("its addresses are unlike those of the portal's articles".to_owned());
        }
        (lacks_days && other_length).then(|| {
            format!("it shows no dates, and its titles are {is} wide on average, the portal's {was}")
        })
    }
}

/// A share in percent.
fn share(count: usize, of: usize) -> usize {
    count * 100 / of.max(1)
}

/// How many of a list have a day, in percent.
fn dated(items: &[Candidate]) -> usize {
    share(items.iter().filter(|item| item.published.is_some()).count(), items.len())
}

fn is_cjk(title: &str) -> bool {
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    title.chars().filter(|c| text::is_cjk(*c)).count() * 3 > letters
}

/// The mean width of titles, in half widths.
fn length(items: &[Candidate]) -> usize {
    items.iter().map(|item| text::width(&item.title)).sum::<usize>() / items.len().max(1)
}

/// Answers of the list whose times are remembered.
const PACES: usize = 9;
/// With fewer, nobody knows what is usual.
const PACES_KNOWN: usize = 4;
/// So many times the median is slow (CONTRACT: `slow`) …
const SLOWER: u32 = 3;
/// … unless it is still quick.
const QUICK_MS: u32 = 500;

/// Adds the time of an answer to those before it; says the median before it when the answer was slow.
#[must_use]
pub fn pace(before: &[u32], ms: u32) -> (Vec<u32>, Option<u32>) {
    let mut sorted = before.to_vec();
    sorted.sort_unstable();
    let median = sorted.get(sorted.len() / 2).copied().filter(|_| sorted.len() >= PACES_KNOWN);
    let slow = median.filter(|median| ms > QUICK_MS && ms > median.saturating_mul(SLOWER));
    let mut kept = before.to_vec();
    kept.push(ms);
    let over = kept.len().saturating_sub(PACES);
    kept.drain(..over);
    (kept, slow)
}

#[cfg(test)]
mod tests;
