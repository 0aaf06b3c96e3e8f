//! An article as it is kept and served.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use super::portal::PortalId;
use super::time::Stamp;
use super::url::PageUrl;

/// An article's name for ever: a `tag:` URI (RFC 4151), minted once and stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(String);

impl ArticleId {
    /// Mints `tag:AUTHORITY,YYYY-MM-DD:PORTAL/SPECIFIC` (RFC 4151 section 2.1).
    ///
    /// `authority` is a host name without port, `day` the day of minting, `specific` is made of
    /// unreserved characters by the caller (a hash in hexadecimal).
    #[must_use]
    pub fn mint(authority: &str, day: chrono::NaiveDate, portal: &PortalId, specific: &str) -> Self {
        Self(format!("tag:{authority},{day}:{portal}/{specific}"))
    }

    /// Takes an id back from the store.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A picture of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is.
    pub url: PageUrl,
    /// Its alternative text; empty when the page has none.
    pub alt: String,
}

/// A document attached to an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where it is.
    pub url: PageUrl,
    /// Its media type by its file name, `application/octet-stream` when unknown.
    #[serde(rename = "type")]
    pub media_type: String,
    /// The text of the link to it.
    pub title: String,
    /// Bytes, where the portal says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
}

/// A clean article: what a page says, before it is known whether it is new.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// The address it was read from, after redirects, without tracking parameters.
    pub url: PageUrl,
    /// `link rel=canonical`, when it stays on the site and differs.
    pub canonical_url: Option<PageUrl>,
    /// One line, never empty.
    pub title: String,
    /// When the portal published it; None when it names no day.
    pub published: Option<Stamp>,
    /// When the portal says it was changed.
    pub modified: Option<Stamp>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Where it came from (来源), when the page says so.
    pub source: Option<String>,
    /// In breadcrumb order, from the wide to the narrow.
    pub categories: Vec<String>,
    /// Sanitised HTML with absolute links.
    pub html: String,
    /// The body's paragraphs, one a line.
    pub text: String,
    /// The beginning of the text, at most 200 characters, cut at a sentence where one ends.
    pub summary: String,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// The article's own pictures, in page order.
    pub images: Vec<Image>,
    /// The article's documents, in page order.
    pub attachments: Vec<Attachment>,
    /// Where each field was read and what was refused.
    pub evidence: Evidence,
}

/// An article as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// The number of the article's page, `/articles/ID`.
    pub number: i64,
    /// Its name for ever.
    pub id: ArticleId,
    /// The portal that published it.
    pub portal: PortalId,
    /// What it says.
    pub article: Article,
    /// When it was first read.
    pub first_seen: DateTime<Utc>,
    /// When its content last changed: the newest of `published`, `modified` and the edits seen.
    pub updated: DateTime<Utc>,
}

impl StoredArticle {
    /// The instant it is ordered and dated by: as published, else as first seen.
    #[must_use]
    pub fn dated(&self) -> DateTime<Utc> {
        self.article.published.map_or(self.first_seen, |stamp| stamp.utc())
    }
}
