//! What an administrator expects of a portal: so many items, fresh ones, bodies of some length, a known article.

use chrono::{DateTime, Duration, Utc};

use crate::fetch::FetchError;
use crate::model::{Article, Candidate, Class, Precision, Probe, Stamp, UrlKey, title_key};
use crate::store::ListCopy;

use super::lists::Lists;
use super::round::Round;
use super::whole::{self, Wanted};

/// The probe is read so often while it reads as it should.
const PROBED_HOURS: i64 = 24;

/// Whether the lists have what they should; else nothing of them is taken.
pub(super) fn enough(round: &Round<'_>, lists: &Lists) -> Result<(), FetchError> {
    let least = round.portal.expect.min_items.unwrap_or(0);
    let found = u32::try_from(lists.on_first).unwrap_or(u32::MAX);
    let Some(url) = round.portal.lists.first().filter(|_| found < least) else { return Ok(()) };
    let detail = format!("the list has {found} items where at least {least} are expected");
    Err(FetchError::new(Class::Suspect, url, detail))
}

/// Whether the list is as fresh as it should be; one without dates tells nothing of that.
pub(super) fn fresh(round: &Round<'_>, items: &[Candidate]) -> Result<(), FetchError> {
    let newest = items.iter().filter_map(|item| item.published).map(|stamp| stamp.utc()).max();
    let (Some(within), Some(newest), Some(url)) =
        (round.portal.expect.newest_within, newest, round.portal.lists.first())
    else {
        return Ok(());
    };
    let age = round.now() - newest;
    if Duration::from_std(within).is_ok_and(|within| age > within) {
        let detail = format!(
            "the newest item of the list is of {}, older than expected",
            newest.format("%Y-%m-%d %H:%M UTC")
        );
        return Err(FetchError::new(Class::Suspect, url, detail));
    }
    Ok(())
}

/// Whether an article has as much text as it should.
pub(super) fn long_enough(round: &Round<'_>, article: &Article) -> Result<(), FetchError> {
    let least =
        round.portal.expect.body_chars.map_or(0, |least| usize::try_from(least).unwrap_or(usize::MAX));
    let found = article.text.chars().count();
    if found >= least || !article.images.is_empty() || !article.attachments.is_empty() {
        return Ok(());
    }
    let detail = format!("{found} characters of text where at least {least} are expected");
    Err(FetchError::new(Class::Suspect, &article.url, detail))
}

/// Reads the portal's probe when that is due, and remembers in its list that it read as it should.
pub(super) async fn probe(round: &mut Round<'_>, copies: &mut [ListCopy]) -> Result<(), FetchError> {
    let Some(probe) = round.portal.probe.clone() else { return Ok(()) };
    let now = round.now();
    let is_due = |at: DateTime<Utc>| now - at >= Duration::hours(PROBED_HOURS);
    if !round.learnt.probed.is_none_or(is_due) {
        return Ok(());
    }
    let read = read(round, &probe).await;
    let is_good = read.is_ok();
    for copy in copies {
        copy.traits.probed = is_good.then_some(now);
    }
    read
}

async fn read(round: &mut Round<'_>, probe: &Probe) -> Result<(), FetchError> {
    let reply = match round.get_article(&probe.url, None).await {
        Ok(reply) => reply,
        Err(error) => {
            // that it cannot be had says nothing of reading
            let detail = format!("the probe cannot be had: {}", error.fault.detail);
            round.notes.push(crate::model::Note { detail, ..error.fault });
            return Ok(());
        }
    };
    let key: UrlKey = round.key(&probe.url);
    let wanted = Wanted { url: probe.url.clone(), key, candidate: None, known: None };
    let article = whole::read(round, &wanted, reply).await?.article;
    let wrong = |what: &str, found: &str, known: &str| {
        let detail = format!("the probe's {what} reads `{found}` where `{known}` is known");
        Err(FetchError::new(Class::Selector, &probe.url, detail))
    };
    if let Some(title) = &probe.title
        && *title != article.title
        && (title_key(title).is_none() || title_key(title) != title_key(&article.title))
    {
        return wrong("title", &article.title, title);
    }
    if let Some(known) = probe.published
        && !article.published.is_some_and(|found| is_same(found, known.to_utc()))
    {
        let found = article.published.map(|stamp| stamp.at.to_rfc3339()).unwrap_or_default();
        return wrong("time", &found, &known.to_rfc3339());
    }
    Ok(())
}

/// Whether an instant is the one known, as exactly as the page tells it.
fn is_same(found: Stamp, known: DateTime<Utc>) -> bool {
    let apart = (found.utc() - known).abs();
    match found.precision {
        Precision::Second => apart < Duration::seconds(1),
        Precision::Minute => apart < Duration::minutes(1),
        Precision::Hour => apart < Duration::hours(1),
        Precision::Day => found.at.date_naive() == known.with_timezone(found.at.offset()).date_naive(),
    }
}
