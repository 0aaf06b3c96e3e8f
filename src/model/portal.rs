//! A portal: what is fetched, how often, and how it is read.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::recipe::Recipe;
use super::url::PageUrl;

/// A name of a portal or feed: `[a-z0-9][a-z0-9_-]*`, at most 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PortalId(String);

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no name: use a-z, 0-9, `_` and `-`, first a letter or digit, at most 64 characters")]
pub struct NameError(pub String);

impl PortalId {
    /// Reads a name.
    ///
    /// # Errors
    /// When it does not match `[a-z0-9][a-z0-9_-]*` or is longer than 64 characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let first = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let ok = text.len() <= 64
            && text.bytes().next().is_some_and(first)
            && text.bytes().all(|c| first(c) || matches!(c, b'_' | b'-'));
        if ok { Ok(Self(text.to_owned())) } else { Err(NameError(text.to_owned())) }
    }

    /// The name of a portal that was given none: its host without `www.`, everything that no name may
    /// hold made `-`.
    #[must_use]
    pub fn of_host(host: &str) -> Self {
        let host = host.to_ascii_lowercase();
        let name: String = host
            .trim_start_matches("www.")
            .chars()
            .take(60)
            .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' })
            .collect();
        let name = name.trim_matches('-');
        Self(if name.is_empty() { "portal" } else { name }.to_owned())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PortalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PortalId {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<PortalId> for String {
    fn from(id: PortalId) -> Self {
        id.0
    }
}

/// What kind of input a portal offers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Found out at the visit.
    #[default]
    Auto,
    /// List pages and article pages in HTML.
    Html,
    /// RSS, RDF, Atom or JSON Feed.
    Feed,
    /// A sitemap, or an index of sitemaps (sitemaps.org).
    Sitemap,
    /// JSON of an API.
    Json,
}

impl Kind {
    /// Reads a spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Auto, Self::Html, Self::Feed, Self::Sitemap, Self::Json]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// The spelling in feeds.toml and status.json.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Html => "html",
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Json => "json",
        }
    }
}

/// When a portal is visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pace {
    /// Again and again, spread and jittered.
    Every(Duration),
    /// At the times of a cron expression with seconds, in a zone.
    Cron {
        /// Six fields, checked when read.
        expression: String,
        /// The zone whose wall clock the expression speaks of.
        zone: Tz,
    },
}

/// One site or section that is visited.
#[derive(Debug, Clone, PartialEq)]
pub struct Portal {
    /// Its name, unique among portals and feeds.
    pub id: PortalId,
    /// Its title as configured; else the one its pages show.
    pub title: Option<String>,
    /// Its list pages, at least one; of the sample portal none until it is bound.
    pub lists: Vec<PageUrl>,
    /// The built-in sample site: its lists get the loopback address that it is served on.
    pub sample: bool,
    /// The one address beyond the guard's rules that this portal may be fetched from (the sample's).
    pub admitted: Option<SocketAddr>,
    /// What kind of input it offers.
    pub kind: Kind,
    /// When it is visited.
    pub pace: Pace,
    /// For times written without a zone; None is inferred from language, charset and country.
    pub zone: Option<Tz>,
    /// Words to group portals by.
    pub tags: Vec<String>,
    /// How its pages are read.
    pub recipe: Recipe,
    /// Time between two requests to its host, where it differs from the common setting.
    pub min_gap: Option<Duration>,
    /// Extra request headers (name, value), sent to the origins of `lists` only.
    pub headers: Vec<(String, String)>,
    /// How it is reached, where that differs from asking plainly.
    pub access: Access,
    /// What a visit must find.
    pub expect: Expect,
    /// An article that must read as it is known to.
    pub probe: Option<Probe>,
    /// False: kept and served, not visited.
    pub enabled: bool,
}

/// What a visit must find; what it does not is held back or told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expect {
    /// Items on the first list pages, at least.
    pub min_items: Option<u32>,
    /// The newest item is no older.
    pub newest_within: Option<Duration>,
    /// Characters of an article's text, at least, where it has neither pictures nor documents.
    pub body_chars: Option<u32>,
}

/// An article that is read once a day, to see whether reading still works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Its address.
    pub url: PageUrl,
    /// Its title.
    pub title: Option<String>,
    /// When it was published.
    pub published: Option<DateTime<FixedOffset>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_without_a_name_is_called_by_its_host() {
        for (host, name) in [
            ("www.news.example-city.cn", "news-example-city-cn"),
            ("[::1]", "1"),
            ("127.0.0.1", "127-0-0-1"),
            ("xn--fiq228c.example", "xn--fiq228c-example"),
            ("", "portal"),
        ] {
            assert_eq!(PortalId::of_host(host).as_str(), name);
            assert!(PortalId::parse(name).is_ok());
        }
    }

    #[test]
    fn names_have_small_letters_digits_and_dashes() {
        for bad in ["", "-a", "_a", "A", "a b", "a.b", "唐山", &"a".repeat(65)] {
            assert!(PortalId::parse(bad).is_err(), "{bad} was taken");
        }
    }
}
