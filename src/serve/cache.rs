//! Rendered feeds by key, bounded in bytes: the one unused longest goes first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::PortalId;

use super::documents::Documents;

/// What the cache may hold. A feed that does not fit beside the others is made again when it is asked for.
const LIMIT_BYTES: usize = 32 * 1024 * 1024;

/// A cached feed, and what of the world it was made from.
#[derive(Debug, Clone)]
pub(super) struct Cached {
    pub(super) documents: Arc<Documents>,
    /// The portals it depends on; None for all.
    pub(super) of: Option<Vec<PortalId>>,
    /// How it and they stood; the same stamp means the same documents.
    pub(super) stamp: u64,
    /// Up to which news the stamp is known to hold.
    pub(super) seen: u64,
}

#[derive(Debug)]
struct Slot {
    cached: Cached,
    size_bytes: usize,
    used: u64,
    /// Somebody asked for it since it was made.
    asked: bool,
}

#[derive(Debug, Default)]
struct Inner {
    slots: HashMap<String, Slot>,
    size_bytes: usize,
    clock: u64,
}

/// Rendered feeds by key.
#[derive(Debug)]
pub(super) struct Cache {
    inner: Mutex<Inner>,
    limit_bytes: usize,
}

impl Default for Cache {
    fn default() -> Self {
        Self::new(LIMIT_BYTES)
    }
}

impl Cache {
    fn new(limit_bytes: usize) -> Self {
        Self { inner: Mutex::default(), limit_bytes }
    }

    /// The feed kept under a key; it counts as used.
    pub(super) fn get(&self, key: &str) -> Option<Cached> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let now = inner.clock;
        let slot = inner.slots.get_mut(key)?;
        slot.used = now;
        slot.asked = true;
        Some(slot.cached.clone())
    }

    /// The documents kept under a key, if they hold as of these news; they count as used.
    pub(super) fn fresh(&self, key: &str, seen: u64) -> Option<Arc<Documents>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let now = inner.clock;
        let slot = inner.slots.get_mut(key).filter(|slot| slot.cached.seen == seen)?;
        slot.used = now;
        slot.asked = true;
        Some(Arc::clone(&slot.cached.documents))
    }

    /// Keeps a feed, and drops those unused longest until all fit. The newest always stays.
    pub(super) fn put(&self, key: &str, cached: Cached) {
        let size_bytes = cached.documents.size_bytes() + key.len();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let slot = Slot { cached, size_bytes, used: inner.clock, asked: false };
        let old = inner.slots.insert(key.to_owned(), slot);
        inner.size_bytes += size_bytes;
        inner.size_bytes -= old.map_or(0, |slot| slot.size_bytes);
        while inner.size_bytes > self.limit_bytes && inner.slots.len() > 1 {
            let Some(oldest) = inner.slots.iter().min_by_key(|(_, s)| s.used).map(|(k, _)| k.clone()) else {
                break;
            };
            if let Some(slot) = inner.slots.remove(&oldest) {
                inner.size_bytes -= slot.size_bytes;
            }
        }
    }

    /// Drops a feed.
    pub(super) fn remove(&self, key: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = inner.slots.remove(key) {
            inner.size_bytes -= slot.size_bytes;
        }
    }

    /// Notes that a feed still holds as of these news.
    pub(super) fn confirm(&self, key: &str, seen: u64) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = inner.slots.get_mut(key) {
            slot.cached.seen = seen;
        }
    }

    /// All feeds kept, each with whether somebody asked for it since it was made.
    pub(super) fn kept(&self) -> Vec<(String, Cached, bool)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.slots.iter().map(|(key, slot)| (key.clone(), slot.cached.clone(), slot.asked)).collect()
    }

    /// Whether enough is kept for the first readers: what more is asked for is made then, in some milliseconds.
    pub(super) fn is_nearly_full(&self) -> bool {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.size_bytes > self.limit_bytes / 8
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Feed, PageUrl};

    use super::*;

    fn cached(name: &str) -> Cached {
        let url = PageUrl::parse("http://a.example/feeds/x").unwrap();
        let feed = Feed {
            name: name.to_owned(),
            title: name.to_owned(),
            description: name.to_owned(),
            id: name.to_owned(),
            home: url.clone(),
            address: url.clone(),
            hub: None,
            icon: None,
            folder: url,
            stem: String::new(),
            pages: crate::model::Pages::default(),
            lang: None,
            updated: None,
            mixed: false,
            entries: Vec::new(),
            tombstones: Vec::new(),
        };
        Cached { documents: Arc::new(Documents::new(&feed, 60, None)), of: None, stamp: 0, seen: 0 }
    }

    #[test]
    fn the_feed_unused_longest_goes_first() {
        let one = cached("a").documents.size_bytes() + 1;
        let cache = Cache::new(one * 5 / 2);
        for key in ["a", "b"] {
            cache.put(key, cached(key));
        }
        assert!(cache.get("a").is_some());
        cache.put("c", cached("c"));
        assert!(cache.get("b").is_none() && cache.get("a").is_some() && cache.get("c").is_some());
        cache.put("c", cached("c"));
        cache.remove("a");
        assert_eq!(cache.kept().len(), 1);
        let last = cached("c").documents.size_bytes() + 1;
        assert_eq!(cache.inner.lock().unwrap().size_bytes, last);
    }
}
