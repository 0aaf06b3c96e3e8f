//! What a feed depends on, and how long what was sent may be kept by others.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::{FeedSpec, Pace, Portal, PortalId, STATUS};

/// `Cache-Control` of feeds: half the time between two visits, within these.
const MAX_AGE_SECS: std::ops::RangeInclusive<u64> = 60..=86_400;

/// For portals visited by cron: a time that suits news.
const CRON_MAX_AGE_SECS: u64 = 600;

/// Archive pages hardly ever change.
const ARCHIVE_MAX_AGE_SECS: u64 = 86_400;

/// A number for each portal that moves when its feed would.
pub(super) type Revisions = HashMap<PortalId, i64>;

/// What a feed depends on, in one number: the revisions of its portals and the settings.
pub(super) fn stamp(of: Option<&[PortalId]>, revisions: &Revisions, generation: u64) -> u64 {
    let mut all: Vec<(&PortalId, i64)> = match of {
        Some(portals) => portals.iter().filter_map(|id| Some((id, *revisions.get(id)?))).collect(),
        // all the portals: who is sick changes no article
        None => {
            revisions.iter().filter(|(id, _)| id.as_str() != STATUS).map(|(id, moved)| (id, *moved)).collect()
        }
    };
    all.sort_unstable();
    hash(&(all, generation))
}

pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Half the time between two visits of the liveliest of its portals.
fn max_age_secs(spec: &FeedSpec, portals: &[Portal]) -> u64 {
    if spec.name == STATUS {
        return *MAX_AGE_SECS.start();
    }
    let of_feed = |portal: &&Portal| spec.portals.as_ref().is_none_or(|ids| ids.contains(&portal.id));
    let pace = portals.iter().filter(of_feed).filter(|p| p.enabled).map(|portal| match &portal.pace {
        Pace::Every(every) => every.as_secs() / 2,
        Pace::Cron { .. } => CRON_MAX_AGE_SECS,
    });
    pace.min().unwrap_or(CRON_MAX_AGE_SECS).clamp(*MAX_AGE_SECS.start(), *MAX_AGE_SECS.end())
}

/// How long an answer may be kept: an archive page that nothing can change but edits, as long as that.
pub(super) fn kept_for_secs(is_fixed: bool, spec: &FeedSpec, portals: &[Portal]) -> u64 {
    if is_fixed { ARCHIVE_MAX_AGE_SECS } else { max_age_secs(spec, portals) }
}
