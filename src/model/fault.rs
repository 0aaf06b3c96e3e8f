//! What can go wrong on a visit, in the one spelling used in status, logs, metrics and exit texts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::url::PageUrl;

/// The kinds of fault, one list for status, logs, metrics and exit texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The name has no address.
    Dns,
    /// Nobody listens there.
    Refused,
    /// The connection broke.
    Network,
    /// Certificate or handshake.
    Tls,
    /// Over the time limit of a phase or of the whole request.
    Timeout,
    /// Not HTTP, broken framing, a 304 that was not asked for.
    Protocol,
    /// Something was cut.
    Truncated,
    /// Too many bytes on the wire or decoded, or too high a ratio.
    TooLarge,
    /// Markup nested too deeply.
    TooDeep,
    /// Too many links, items, nodes or attributes.
    TooMany,
    /// A redirect loop, too many redirects, or https to http.
    Redirect,
    /// An address that may not be fetched.
    BlockedAddress,
    /// robots.txt forbids it.
    Robots,
    /// Another 4xx or 5xx; the status stands in the detail.
    Http,
    /// 429, or 503 with Retry-After.
    RateLimited,
    /// 410, or an article that is no more.
    Gone,
    /// Moved for good to another site.
    Moved,
    /// Over three times the portal's own median.
    Slow,
    /// A wall, a captcha, a maintenance page.
    Challenge,
    /// No charset fits.
    Decode,
    /// A feed that cannot be read.
    FeedParse,
    /// A list without items.
    EmptyList,
    /// A configured or learnt rule finds nothing.
    Selector,
    /// The layout changed and was found again.
    Layout,
    /// Held back by the drift guard.
    Suspect,
    /// The store failed.
    Store,
    /// A fault of ours.
    Internal,
}

impl Class {
    /// Every class, in the order of the documentation.
    pub const ALL: [Self; 27] = [
        Self::Dns,
        Self::Refused,
        Self::Network,
        Self::Tls,
        Self::Timeout,
        Self::Protocol,
        Self::Truncated,
        Self::TooLarge,
        Self::TooDeep,
        Self::TooMany,
        Self::Redirect,
        Self::BlockedAddress,
        Self::Robots,
        Self::Http,
        Self::RateLimited,
        Self::Gone,
        Self::Moved,
        Self::Slow,
        Self::Challenge,
        Self::Decode,
        Self::FeedParse,
        Self::EmptyList,
        Self::Selector,
        Self::Layout,
        Self::Suspect,
        Self::Store,
        Self::Internal,
    ];

    /// The spelling used everywhere outside: `blocked_address`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::Truncated => "truncated",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::TooMany => "too_many",
            Self::Redirect => "redirect",
            Self::BlockedAddress => "blocked_address",
            Self::Robots => "robots",
            Self::Http => "http",
            Self::RateLimited => "rate_limited",
            Self::Gone => "gone",
            Self::Moved => "moved",
            Self::Slow => "slow",
            Self::Challenge => "challenge",
            Self::Decode => "decode",
            Self::FeedParse => "feed_parse",
            Self::EmptyList => "empty_list",
            Self::Selector => "selector",
            Self::Layout => "layout",
            Self::Suspect => "suspect",
            Self::Store => "store",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A visit, or one request of it, that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which kind.
    pub class: Class,
    /// One sentence for a person: what was tried, what happened.
    pub detail: String,
    /// The address concerned, where there is one.
    pub url: Option<PageUrl>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.class, self.detail)?;
        self.url.as_ref().map_or(Ok(()), |url| write!(f, " ({url})"))
    }
}

/// Characters of a sentence for a person; a page may write megabytes into one.
const MOST_DETAIL: usize = 500;
/// Bytes of an address that is told: a person can do nothing with a longer one.
const MOST_URL: usize = 2048;

impl Fault {
    /// The same as it may be told: no control characters, 500 characters at most, and of a very long address the site
    /// alone.
    #[must_use]
    pub fn told(mut self) -> Self {
        self.detail.retain(|c| !c.is_control());
        if let Some((at, _)) = self.detail.char_indices().nth(MOST_DETAIL) {
            self.detail.truncate(at);
            self.detail.push('…');
        }
        self.url = self
            .url
            .map(|url| if url.as_str().len() > MOST_URL { url.join("/").unwrap_or(url) } else { url });
        self
    }
}

/// Something worth telling that did not fail the visit: cut, repaired, slow.
pub type Note = Fault;
