//! A feed written out: RSS 2.0, Atom 1.0, JSON Feed 1.1, and OPML.

use crate::model::Feed;

/// The formats feeds are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// In the order of preference.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// `rss`, `atom`, `json`: the extension in addresses.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }

    /// The media type with charset where the type has one.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json",
        }
    }
}

/// Writes a feed. The same feed gives the same bytes.
#[must_use]
pub fn feed(_feed: &Feed, _format: Format) -> Vec<u8> {
    todo!()
}

/// One line of an OPML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The feed's title.
    pub title: String,
    /// The feed's address, absolute.
    pub xml_url: String,
    /// The page for people.
    pub html_url: Option<String>,
    /// The folder it stands in.
    pub folder: Option<String>,
}

/// Why an OPML file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not OPML: {why}, at byte {at}")]
pub struct OpmlError {
    /// What is wrong.
    pub why: String,
    /// Where.
    pub at: u64,
}

/// Writes OPML 2.0.
#[must_use]
pub fn opml(_title: &str, _outlines: &[Outline]) -> Vec<u8> {
    todo!()
}

/// Reads OPML 1.0 and 2.0: every outline with an address.
///
/// # Errors
/// When it is not well-formed or not OPML.
pub fn read_opml(_bytes: &[u8]) -> Result<Vec<Outline>, OpmlError> {
    todo!()
}
