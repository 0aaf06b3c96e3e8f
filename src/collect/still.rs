//! Portals that stand still: where the lists did not change and nothing is due, the next visit asks for them again and
//! needs no look at the store.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::PortalId;
use crate::store::Claim;

use super::lists::Lists;
use super::round::Round;
use super::trace::{Standing, paced};

/// The store is looked at again after so long, whatever is due.
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// What the store said of a portal when it was claimed: who finds it changed was not alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    last_visit: Option<DateTime<Utc>>,
    revision: i64,
}

impl Seen {
    pub(super) fn of(claim: &Claim) -> Self {
        Self { last_visit: claim.last_visit, revision: claim.revision }
    }
}

/// A portal that stood still at a visit.
#[derive(Debug)]
pub(super) struct Still {
    seen: Seen,
    until: DateTime<Utc>,
    lists: Vec<Standing>,
    items: usize,
    is_degraded: bool,
}

impl Still {
    /// Of a visit that found every list as it was and nothing to read; `due` is when something will be. None when
    /// there is more to a visit than that.
    pub(super) fn of(
        round: &mut Round<'_>,
        seen: Seen,
        lists: &Lists,
        due: Option<DateTime<Utc>>,
    ) -> Option<Self> {
        let portal = &round.portal;
        let is_whole = lists.error.is_none() && lists.good == portal.lists.len() && !round.is_over();
        // what is expected of a portal is looked after each time
        let is_plain = portal.probe.is_none() && portal.expect.newest_within.is_none();
        if round.trace.has_moved || !is_whole || !is_plain {
            return None;
        }
        let longest = round.now() + LONGEST;
        let standing = std::mem::take(&mut round.trace.standing);
        let until = due.map_or(longest, |due| due.min(longest));
        Some(Self { seen, until, lists: standing, items: lists.items.len(), is_degraded: lists.degraded })
    }
}

/// The portals that stand still.
#[derive(Debug, Default)]
pub(super) struct Stills(Mutex<HashMap<PortalId, Still>>);

impl Stills {
    /// Takes out what is known of a portal, if the store still says the same of it and nothing is due.
    pub(super) fn take(&self, portal: &PortalId, seen: Seen, now: DateTime<Utc>) -> Option<Still> {
        let still = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(portal)?;
        (still.seen == seen && still.until > now).then_some(still)
    }

    /// Keeps it for the visit after the one that ended then.
    pub(super) fn keep(&self, portal: PortalId, mut still: Still, ended: DateTime<Utc>) {
        // as the store keeps it
        still.seen.last_visit = DateTime::from_timestamp_millis(ended.timestamp_millis());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(portal, still);
    }
}

/// Asks for the lists of a portal that stood still; what a visit has of them if they still do. When one does not, all
/// that was answered is kept in the round, for a visit in full.
pub(super) async fn look(round: &mut Round<'_>, still: &Still) -> Option<Lists> {
    let notes = round.notes.len();
    for (number, list) in still.lists.iter().enumerate() {
        if round.is_over() {
            return None;
        }
        round.trace.is_last = number + 1 == still.lists.len();
        let answer = round.get(&list.url, list.validators.clone()).await;
        round.trace.is_last = false;
        let stands = answer.as_ref().is_ok_and(|reply| reply.not_modified);
        if let Ok(reply) = &answer {
            round.notes.extend(list.missed.iter().cloned());
            round.notes.extend(paced(&list.pace, &list.url, reply).1);
        }
        round.trace.answers.insert(list.url.clone(), answer);
        if !stands {
            // they are told when the pages are read
            round.notes.truncate(notes);
            return None;
        }
    }
    round.trace.answers.clear();
    Some(Lists { standing_items: still.items, degraded: still.is_degraded, ..Lists::default() })
}
