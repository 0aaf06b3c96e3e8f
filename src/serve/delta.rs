//! Deltas: only the entries that a client lacks (RFC 3229, with the instance manipulation `feed`).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use http::HeaderMap;
use http::header::{HeaderName, IF_NONE_MATCH};

use crate::model::{Entry, Feed};
use crate::render::Format;

use super::conditional::joined;

/// What a client can do with less than the whole (RFC 3229 section 10.5.3).
pub(super) const A_IM: HeaderName = HeaderName::from_static("a-im");

/// Versions of a feed that are remembered: a reader that polls as often as portals are visited is a few behind.
const REMEMBERED: usize = 8;

/// One version of a feed: how its documents are tagged, and its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Version {
    /// The digests in the tags of its documents, in the order of [`Format::ALL`].
    pub(super) digests: [String; 3],
    /// A number for each entry that differs when it is edited.
    entries: Vec<u64>,
}

impl Version {
    pub(super) fn of(feed: &Feed, digests: [String; 3]) -> Self {
        Self { digests, entries: feed.entries.iter().map(mark).collect() }
    }

    /// Whether it holds an entry as it is.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        self.entries.contains(&mark(entry))
    }

    /// What it is called in keys.
    pub(super) fn name(&self) -> &str {
        let [first, ..] = &self.digests;
        first
    }

    /// Whether another version has entries that this one lacks, and keeps some that it has: only then a delta is
    /// worth it.
    fn is_behind(&self, now: &Self) -> bool {
        let lacks = now.entries.iter().filter(|entry| !self.entries.contains(entry)).count();
        lacks > 0 && lacks < now.entries.len()
    }
}

/// The versions before a new one, the newest first.
pub(super) fn remembered(
    version: &Arc<Version>,
    before: &[Arc<Version>],
    now: &Version,
) -> Vec<Arc<Version>> {
    let all = std::iter::once(version).chain(before).filter(|one| one.digests != now.digests);
    all.take(REMEMBERED).cloned().collect()
}

/// The version that a client has, when it asks for what it lacks and there is something.
pub(super) fn asked<'a>(
    headers: &HeaderMap,
    format: Format,
    now: &Version,
    before: &'a [Arc<Version>],
) -> Option<&'a Arc<Version>> {
    let ways = joined(headers, &A_IM)?;
    let is_feed = |way: &str| {
        let mut parts = way.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("feed"));
        let is_refused = parts.any(|part| matches!(part.split_once('='), Some((q, "0" | "0.0" | "0.00" | "0.000")) if q.trim().eq_ignore_ascii_case("q")));
        is_named && !is_refused
    };
    if !ways.split(',').any(is_feed) {
        return None;
    }
    let tags = joined(headers, &IF_NONE_MATCH)?;
    let place = Format::ALL.iter().position(|one| *one == format)?;
    let is_tagged = |version: &Version| {
        // a tag is the digest and what its coding adds
        version.digests.get(place).is_some_and(|digest| {
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/").trim_matches('"').starts_with(digest.as_str()))
        })
    };
    if is_tagged(now) {
        return None;
    }
    before.iter().find(|version| is_tagged(version)).filter(|version| version.is_behind(now))
}

fn mark(entry: &Entry) -> u64 {
    let mut hasher = DefaultHasher::new();
    (entry.id.as_str(), entry.updated).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(digest: &str, entries: &[u64]) -> Arc<Version> {
        Arc::new(Version {
            digests: ["r", "a", "j"].map(|f| format!("{f}{digest}")),
            entries: entries.to_vec(),
        })
    }

    #[test]
    fn a_client_is_told_what_it_lacks_only_when_it_asks_so() {
        let (old, now) = (version("1", &[1, 2, 3]), version("2", &[2, 3, 4]));
        let before = [Arc::clone(&old)];
        for (a_im, tag, found) in [
            ("feed", "\"r1-gz\"", true),
            ("diffe, Feed ; q=0.5", "W/\"r1\", \"x\"", true),
            ("feed;q=0", "\"r1\"", false),
            ("feed", "\"a1\"", false),
            ("feed", "\"r2\"", false),
            ("feed", "\"unknown\"", false),
            ("gzip", "\"r1\"", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("a-im", a_im.parse().unwrap());
            headers.insert(IF_NONE_MATCH, tag.parse().unwrap());
            assert_eq!(asked(&headers, Format::Rss, &now, &before).is_some(), found, "{a_im} {tag}");
        }
        // nothing but removals, or nothing in common: the whole document says it best
        assert!(!version("1", &[1, 2]).is_behind(&version("2", &[2])));
        assert!(!version("1", &[1]).is_behind(&version("2", &[2])));
    }

    #[test]
    fn some_versions_are_remembered() {
        let mut before = Vec::new();
        for n in 0..20 {
            before = remembered(&version(&n.to_string(), &[n]), &before, &version(&(n + 1).to_string(), &[]));
        }
        assert_eq!(before.len(), REMEMBERED);
        assert_eq!(before[0].name(), "r19");
    }
}
