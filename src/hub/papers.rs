//! The documents of topics as they are now: made once for all who wait, of each the digest, of some the bytes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::compose::{Desk, Place, Writing};
use crate::model::{PageUrl, Portal, PortalId};
use crate::render;
use crate::store::StoreError;

use super::calls::Document;
use super::parts::Parts;
use super::signature;
use super::topic::Topic;

/// Bytes of documents kept: what is not is made again.
const MOST_BYTES: usize = 32 << 20;
/// A document that could not be made is left alone for so long; other topics go on.
const REST: Duration = Duration::from_secs(5);

/// Documents and digests of the topics somebody waits for.
#[derive(Debug)]
pub(super) struct Papers {
    /// The settings as of the last look: others change every document.
    settings: (Arc<Place>, Arc<Vec<Portal>>),
    /// How the portals stood when a topic was looked at last.
    stamps: HashMap<String, u64>,
    digests: HashMap<String, String>,
    /// The ones used last stand at the end.
    kept: VecDeque<(String, Arc<Document>)>,
    bytes: usize,
    /// Topics whose documents could not be made, and until when they rest.
    sick: HashMap<String, Instant>,
}

impl Papers {
    pub(super) fn new(parts: &Parts) -> Self {
        Self {
            settings: (parts.place.load_full(), parts.portals.load_full()),
            stamps: HashMap::new(),
            digests: HashMap::new(),
            kept: VecDeque::new(),
            bytes: 0,
            sick: HashMap::new(),
        }
    }

    /// Before a look at all topics that somebody is subscribed to: others are forgotten, and after a reload every
    /// document.
    pub(super) fn begin(&mut self, parts: &Parts, topics: &[String]) {
        let (place, portals) = (parts.place.load_full(), parts.portals.load_full());
        if !(Arc::ptr_eq(&place, &self.settings.0) && Arc::ptr_eq(&portals, &self.settings.1)) {
            *self = Self::new(parts);
        }
        let topics: HashSet<&str> = topics.iter().map(String::as_str).collect();
        self.stamps.retain(|address, _| topics.contains(address.as_str()));
        self.digests.retain(|address, _| topics.contains(address.as_str()));
        let now = Instant::now();
        self.sick.retain(|_, until| now < *until);
    }

    /// Whether a topic was looked at when the portals stood so.
    pub(super) fn is_known(&self, address: &str, stamp: u64) -> bool {
        self.stamps.get(address) == Some(&stamp)
    }

    /// A topic was looked at; its document is kept when it is owed to somebody.
    pub(super) fn looked_at(&mut self, address: &str, stamp: u64, document: Document, is_owed: bool) {
        self.stamps.insert(address.to_owned(), stamp);
        self.digests.insert(address.to_owned(), document.digest.clone());
        let was_kept = self.drop(address);
        if is_owed || was_kept {
            self.keep(address, Arc::new(document));
        }
    }

    /// A subscriber was taken to have a document. When the topic has another one by now it is looked at again.
    pub(super) fn was_taken_to_have(&mut self, address: &str, digest: Option<&String>) -> bool {
        let is_current = self.digests.get(address) == digest;
        if !is_current {
            self.stamps.remove(address);
        }
        !is_current
    }

    /// The digest of a topic's document; None when it cannot be made now.
    pub(super) async fn digest(&mut self, parts: &Parts, address: &str, topic: &Topic) -> Option<String> {
        if let Some(digest) = self.digests.get(address) {
            return Some(digest.clone());
        }
        let digest = self.make(parts, address, topic).await?.digest;
        self.digests.insert(address.to_owned(), digest.clone());
        Some(digest)
    }

    /// The document of a topic; None when it cannot be made now.
    pub(super) async fn document(
        &mut self,
        parts: &Parts,
        address: &str,
        topic: &Topic,
    ) -> Option<Arc<Document>> {
        let place = self.kept.iter().position(|(kept, _)| kept == address);
        if let Some((address, document)) = place.and_then(|place| self.kept.remove(place)) {
            self.kept.push_back((address, Arc::clone(&document)));
            return Some(document);
        }
        let document = Arc::new(self.make(parts, address, topic).await?);
        self.keep(address, Arc::clone(&document));
        Some(document)
    }

    /// A topic's document, made now; None when it cannot be.
    pub(super) async fn make(&mut self, parts: &Parts, address: &str, topic: &Topic) -> Option<Document> {
        if self.is_sick(address) {
            return None;
        }
        match document(parts, address, topic).await {
            Ok(document) => Some(document),
            Err(error) => {
                tracing::warn!(topic = %address, error = %error, "a document for subscribers could not be made");
                self.sick.insert(address.to_owned(), Instant::now() + REST);
                None
            }
        }
    }

    /// Whether a topic's document could not be made a moment ago.
    pub(super) fn is_sick(&self, address: &str) -> bool {
        self.sick.get(address).is_some_and(|until| Instant::now() < *until)
    }

    /// Lets go of all bytes.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.bytes = 0;
    }

    fn keep(&mut self, address: &str, document: Arc<Document>) {
        self.bytes += document.body.len();
        self.kept.push_back((address.to_owned(), document));
        while self.bytes > MOST_BYTES
            && let Some((_, oldest)) = self.kept.pop_front()
        {
            self.bytes -= oldest.body.len();
        }
    }

    fn drop(&mut self, address: &str) -> bool {
        let place = self.kept.iter().position(|(kept, _)| kept == address);
        let dropped = place.and_then(|place| self.kept.remove(place));
        self.bytes -= dropped.as_ref().map_or(0, |(_, document)| document.body.len());
        dropped.is_some()
    }
}

/// The document of a topic as it is now.
async fn document(parts: &Parts, address: &str, topic: &Topic) -> Result<Document, StoreError> {
    let (place, portals) = (parts.place.load_full(), parts.portals.load_full());
    let desk = Desk { portals: &portals, place: &place, store: &parts.store };
    let feed = desk.whole(&topic.spec, Writing::Yes).await?;
    let format = topic.format;
    let hub = feed.hub.as_ref().map(PageUrl::to_string).unwrap_or_default();
    let written = tokio::task::spawn_blocking(move || render::feed(&feed, format)).await;
    let body = Bytes::from(written.map_err(|_| StoreError::Backend("a feed cannot be written".to_owned()))?);
    Ok(Document {
        digest: signature::digest(&body),
        body,
        content_type: format.content_type(),
        link: format!("<{hub}>; rel=\"hub\", <{address}>; rel=\"self\""),
    })
}

/// How the portals of a feed stand, in one number.
pub(super) fn stamp(of: Option<&[PortalId]>, revisions: &HashMap<PortalId, i64>) -> u64 {
    let mut all: Vec<(&PortalId, i64)> = revisions
        .iter()
        .filter(|(id, _)| of.is_none_or(|of| of.contains(id)))
        .map(|(id, n)| (id, *n))
        .collect();
    all.sort_unstable();
    let mut hasher = DefaultHasher::new();
    all.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_number_of_bytes_is_kept() {
        let settings = (
            Arc::new(Place {
                base: PageUrl::parse("http://a.example/").unwrap(),
                authority: String::new(),
                mixes: Vec::new(),
            }),
            Arc::default(),
        );
        let mut papers = Papers {
            settings,
            stamps: HashMap::new(),
            digests: HashMap::new(),
            kept: VecDeque::new(),
            bytes: 0,
            sick: HashMap::new(),
        };
        let document = |bytes: usize| Document {
            digest: String::new(),
            body: Bytes::from(vec![b'x'; bytes]),
            content_type: "",
            link: String::new(),
        };
        for number in 0..200 {
            papers.looked_at(&format!("{number}"), 1, document(1 << 20), true);
        }
        assert_eq!((papers.kept.len(), papers.bytes), (32, MOST_BYTES));
        papers.looked_at("199", 2, document(10), false);
        assert_eq!((papers.kept.len(), papers.bytes), (32, MOST_BYTES - (1 << 20) + 10));
        // a subscription alone keeps no bytes, only the digest
        papers.looked_at("new", 1, document(10), false);
        assert_eq!((papers.kept.len(), papers.digests.len()), (32, 201));
        assert!(!papers.was_taken_to_have("new", Some(&String::new())) && papers.is_known("new", 1));
        assert!(papers.was_taken_to_have("new", Some(&"other".to_owned())) && !papers.is_known("new", 1));
    }
}
