//! One article: asked for, and what became of it.

use chrono::{DateTime, Utc};

use crate::extract;
use crate::fetch::{FetchError, Reply};
use crate::model::{Article, Candidate, Class, UrlKey};
use crate::normalise;
use crate::store::{PageOutcome, ReadPage};

use super::expect;
use super::plan;
use super::round::Round;
use super::whole::{self, Prints, Wanted, Whole};

/// Fetches and reads one article page.
pub(super) async fn visit(round: &mut Round<'_>, wanted: &Wanted) -> Result<PageOutcome, FetchError> {
    let reply = round.get_article(&wanted.url, wanted.known.as_ref()).await?;
    if let Some(place) = round.strayed(&wanted.url, &reply.url) {
        let detail = format!("the article's address leads to {place}");
        return Err(FetchError::new(Class::Gone, &wanted.url, detail));
    }
    if reply.not_modified {
        return Ok(same(round, wanted));
    }
    let Whole { article, prints, notes, reply, twin, .. } =
        Box::pin(whole::read(round, wanted, reply)).await?;
    round.notes.extend(notes);
    expect::long_enough(round, &article)?;
    let mut keys = vec![wanted.key.clone()];
    // a front page or a list that pages name as theirs is nobody's
    let canonical = article.canonical_url.as_ref().filter(|url| round.strayed(&reply.url, url).is_none());
    let twin = twin.as_ref().filter(|url| round.strayed(&reply.url, url).is_none());
    for url in [Some(&reply.url), Some(&article.url), canonical, twin].into_iter().flatten() {
        let key = round.key(url);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.extend(wanted.candidate.as_ref().and_then(name_key));
    Ok(outcome(round, wanted, keys, (article, prints), &reply))
}

/// An article as the list alone tells it: for a portal whose pages are not read, or where the list has all of it.
pub(super) async fn of_list(
    round: &Round<'_>,
    wanted: &Wanted,
    candidate: &Candidate,
) -> Result<PageOutcome, FetchError> {
    let (said, size) = (candidate.clone(), candidate.given.as_ref().map_or(0, |given| given.html.len()));
    let clean = move || {
        let article = normalise::from_candidate(&extract::told(&said));
        (Prints::of(&article), article)
    };
    let (Prints { fingerprint, story }, article) = round.parse(&wanted.url, size, clean).await?;
    let mut keys = vec![wanted.key.clone()];
    keys.extend(name_key(candidate));
    Ok(PageOutcome::Read(Box::new(ReadPage {
        keys,
        article,
        fingerprint,
        story,
        etag: None,
        last_modified: None,
        next_visit: None,
        next_visit_changed: None,
    })))
}

/// The key of the portal's own name for an article, so that its link may move.
fn name_key(candidate: &Candidate) -> Option<UrlKey> {
    candidate.given.as_ref().and_then(|given| given.id.as_deref()).map(UrlKey::of_name)
}

/// Whether an error says that the article is no more.
pub(super) fn says_gone(error: &FetchError) -> bool {
    matches!(error.status, Some(404 | 410)) || error.fault.class == Class::Gone
}

/// What to remember of an article that is no more; None where no article is known.
pub(super) fn gone(wanted: &Wanted, now: DateTime<Utc>) -> Option<PageOutcome> {
    let known = wanted.known.as_ref().filter(|known| known.article.is_some())?;
    let looks = if known.is_withdrawn { known.visits.saturating_add(1) } else { 0 };
    let look_again = plan::look_again(looks, wanted.candidate.is_some(), now);
    Some(PageOutcome::Gone { key: wanted.key.clone(), seen: now, look_again })
}

/// What to remember of a page that could not be read.
pub(super) fn failed(wanted: &Wanted, now: DateTime<Utc>) -> PageOutcome {
    let known = wanted.known.as_ref();
    let retry_at = match known.filter(|known| known.article.is_some()) {
        // its article is served; what it was corrected to may still be learnt
        Some(known) => plan::retry_known(known.first_seen.unwrap_or(now), now),
        None => Some(plan::retry_at(known.map_or(1, |known| known.visits.saturating_add(1)), now)),
    };
    PageOutcome::Failed { key: wanted.key.clone(), url: wanted.url.clone(), retry_at }
}

fn same(round: &Round<'_>, wanted: &Wanted) -> PageOutcome {
    let now = round.now();
    let dated = wanted.known.as_ref().and_then(|known| known.first_seen).unwrap_or(now);
    let next_visit = next(wanted, dated, now);
    PageOutcome::Same { key: wanted.key.clone(), next_visit }
}

fn outcome(
    round: &Round<'_>,
    wanted: &Wanted,
    keys: Vec<UrlKey>,
    (article, prints): (Article, Prints),
    reply: &Reply,
) -> PageOutcome {
    let now = round.now();
    let dated = article.published.map_or(now, |stamp| stamp.utc());
    PageOutcome::Read(Box::new(ReadPage {
        keys,
        fingerprint: prints.fingerprint,
        story: prints.story,
        article,
        etag: reply.validators.etag.clone(),
        last_modified: reply.validators.last_modified.clone(),
        next_visit: next(wanted, dated, now),
        next_visit_changed: plan::next_visit(0, dated, now, dice(&wanted.key)),
    }))
}

/// When to ask again for a page that did not change. A look before its time, as a person may ask for, leaves the
/// plan as it is; a page that was gone begins anew.
fn next(wanted: &Wanted, dated: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let known = wanted.known.as_ref().filter(|known| known.article.is_some() && known.gone_at.is_none());
    if let Some(at) = known.and_then(|known| known.next_visit).filter(|at| *at > now) {
        return Some(at);
    }
    let visits = known.map_or(0, |known| known.visits);
    plan::next_visit(visits.saturating_add(1), dated, now, dice(&wanted.key))
}

/// A number that differs between addresses and stays: for spreading re-visits.
fn dice(key: &UrlKey) -> u64 {
    key.as_str().bytes().fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
