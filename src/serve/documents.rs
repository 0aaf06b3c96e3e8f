//! A feed in every format and coding, with the headers that go with it: made once, sent often.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{LAST_MODIFIED, LINK};
use http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::model::Feed;
use crate::render::{self, Format};

use super::coding::{self, Coding};
use super::conditional::http_date;
use super::delta::Version;
use super::head;

/// A body in one coding.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    pub(super) coding: Coding,
    pub(super) body: Bytes,
    /// Strong, its own for each coding (RFC 9110 section 8.8.3.3).
    pub(super) etag: HeaderValue,
}

/// One document in every coding worth having; the plain one first.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) content_type: &'static str,
    /// Of the plain body; every tag begins with it.
    pub(super) digest: String,
    pub(super) variants: Vec<Variant>,
}

impl Document {
    /// Codes a body. The same body gives the same bytes and tags, in every process.
    pub(super) fn new(content_type: &'static str, body: &[u8]) -> Self {
        Self::coded(content_type, body, hex(&Sha256::digest(body), 16))
    }

    /// As [`Document::new`]; what is kept and has the same body is not coded again.
    fn after(kept: Option<&Self>, content_type: &'static str, body: &[u8]) -> Self {
        let digest = hex(&Sha256::digest(body), 16);
        let same = kept.filter(|kept| kept.digest == digest && kept.content_type == content_type);
        same.cloned().unwrap_or_else(|| Self::coded(content_type, body, digest))
    }

    fn coded(content_type: &'static str, body: &[u8], digest: String) -> Self {
        let variants =
            coding::all(body).into_iter().filter_map(|(coding, bytes)| variant(&digest, coding, bytes));
        let variants = variants.collect();
        Self { content_type, digest, variants }
    }

    /// A body that is made for one request and not worth coding.
    pub(super) fn bare(content_type: &'static str, body: Vec<u8>) -> Self {
        let digest = hex(&Sha256::digest(&body), 16);
        let variants = variant(&digest, Coding::Identity, body).into_iter().collect();
        Self { content_type, digest, variants }
    }

    /// The variant to send for an `Accept-Encoding`.
    pub(super) fn variant(&self, accept_encoding: Option<&str>) -> Option<&Variant> {
        let offered = self.variants.iter().map(|v| (v.coding, v.body.len()));
        let chosen = coding::choose(accept_encoding, offered);
        self.variants.iter().find(|v| v.coding == chosen)
    }

    fn size_bytes(&self) -> usize {
        self.variants.iter().map(|v| v.body.len() + 256).sum()
    }
}

/// The memory of the heads, about, in bytes.
const HEADS: usize = 3 * 2560 + 512;

/// A feed written out in every format.
#[derive(Debug, Clone)]
pub(super) struct Documents {
    documents: [Document; 3],
    /// What the three bodies come to; moves when any of them does.
    pub(super) digest: String,
    /// How it is told from others, and those before it.
    pub(super) version: Arc<Version>,
    pub(super) before: Vec<Arc<Version>>,
    /// The newest change of its articles.
    pub(super) updated: Option<DateTime<Utc>>,
    /// None of parts of feeds.
    pub(super) last_modified: Option<DateTime<Utc>>,
    /// The headers of every answer about each format: `Cache-Control`, `Last-Modified`, and `Link` with the hub and the
    /// document itself (WebSub section 4), of whole feeds alone.
    heads: [HeaderMap; 3],
}

impl Documents {
    /// Writes a feed out. Takes some milliseconds of processor: not for an async thread.
    ///
    /// What is `kept` from before and has not changed is not compressed again.
    pub(super) fn new(feed: &Feed, max_age_secs: u64, kept: Option<&Self>) -> Self {
        let documents = Format::ALL.map(|format| {
            let kept = kept.map(|kept| kept.of(format));
            Document::after(kept, format.content_type(), &render::feed(feed, format))
        });
        let mut all = Sha256::new();
        for document in &documents {
            all.update(document.variants.first().map(|v| v.etag.as_bytes()).unwrap_or_default());
        }
        // RFC 5861: where this server cannot be reached, what a cache holds is good enough for a day
        let cache = format!("public, max-age={max_age_secs}, stale-if-error=86400");
        let digests =
            [0, 1, 2].map(|n| documents.get(n).map(|d: &Document| d.digest.clone()).unwrap_or_default());
        Self {
            version: Arc::new(Version::of(feed, digests)),
            before: Vec::new(),
            documents,
            digest: hex(&all.finalize(), 16),
            updated: feed.updated,
            last_modified: None,
            heads: Format::ALL.map(|format| {
                let mut head = head::of(HeaderValue::try_from(cache.as_str()).ok(), true);
                let link = feed.hub.as_ref().and_then(|hub| {
                    let own = format!("{}.{}", feed.address, format.extension());
                    HeaderValue::try_from(format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\"")).ok()
                });
                head.extend(link.map(|link| (LINK, link)));
                head
            }),
        }
    }

    /// With the time it was last modified.
    pub(super) fn modified(mut self, at: DateTime<Utc>) -> Self {
        self.last_modified = Some(at);
        if let Ok(value) = HeaderValue::try_from(http_date(at)) {
            for head in &mut self.heads {
                head.insert(LAST_MODIFIED, value.clone());
            }
        }
        self
    }

    /// The document of a format.
    pub(super) fn of(&self, format: Format) -> &Document {
        let [rss, atom, json] = &self.documents;
        match format {
            Format::Rss => rss,
            Format::Atom => atom,
            Format::Json => json,
        }
    }

    /// The headers of every answer about a format.
    pub(super) fn head(&self, format: Format) -> &HeaderMap {
        let [rss, atom, json] = &self.heads;
        match format {
            Format::Rss => rss,
            Format::Atom => atom,
            Format::Json => json,
        }
    }

    /// The memory it holds, about.
    pub(super) fn size_bytes(&self) -> usize {
        self.documents.iter().map(Document::size_bytes).sum::<usize>() + HEADS
    }
}

fn variant(digest: &str, coding: Coding, body: Vec<u8>) -> Option<Variant> {
    let etag = HeaderValue::try_from(format!("\"{digest}{}\"", coding.suffix())).ok()?;
    Some(Variant { coding, body: Bytes::from(body), etag })
}

/// The first `bytes` bytes in hexadecimal.
fn hex(digest: &[u8], bytes: usize) -> String {
    digest.iter().take(bytes).fold(String::with_capacity(bytes * 2), |mut text, byte| {
        use std::fmt::Write as _;
        // writing to a String cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}
