//! What visits have learnt of a portal's pages. Hints: they steady the next visit and never outvote a page.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fault::Note;
use super::portal::Kind;
use super::url::PageUrl;

/// Links of a list page that are remembered.
pub const MOST_LINKS: usize = 500;

/// What visits have learnt of a list page and of the articles behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Traits {
    /// What the list is, as it was recognised.
    pub kind: Option<Kind>,
    /// The list's block and its rows as a person would name them: `ul.news > li`.
    pub place: Option<String>,
    /// What the addresses of its articles share, numbers as `#`.
    pub shape: Option<String>,
    /// Marks of the addresses that the page linked to, sorted, at most [`MOST_LINKS`].
    pub links: Vec<u32>,
    /// A selector of the block that held the articles' bodies.
    pub body: Option<String>,
    /// Where the articles' dates stood.
    pub date: Option<String>,
    /// What the page says of the site, in one line.
    pub about: Option<String>,
    /// The site's icon.
    pub icon: Option<PageUrl>,
    /// Selectors of the list that found nothing when it was read last.
    pub missed: Vec<Note>,
    /// Kinds of rows that are none of the portal's articles: marks of what their addresses share.
    pub left_out: Vec<u32>,
    /// A list that was not believed.
    pub doubt: Option<Doubt>,
    /// How long the list's answers took lately, in milliseconds, the last one at the end.
    pub pace: Vec<u32>,
    /// Other documents that belong to the list: frames, a feed, an API.
    pub parts: Vec<PageUrl>,
    /// Whether its own rows only stand beside the list that its parts hold.
    pub is_aside: bool,
    /// How the page makes addresses of the names of its articles, for the API that it names: `http://…/show/{id}.html`.
    pub ways: Vec<String>,
    /// A sitemap that lists what the page itself does not, where it had to be looked for.
    pub elsewhere: Option<PageUrl>,
    /// A document that says the same in other words: the feed of a page, the page of a feed.
    pub beside: Option<PageUrl>,
    /// Older documents of the same kind that a visit does not read: the further files of a sitemap, newest first.
    pub older: Vec<PageUrl>,
    /// Whether a frame that takes up the page was looked into and lists less than the page itself.
    pub is_whole: bool,
    /// Whether its pages are counted from the oldest: behind the seventh stands the sixth.
    pub from_oldest: bool,
    /// Why its further pages are not read, where it shows that it has some.
    pub barred: Option<String>,
    /// Who tells when the document has news.
    pub hub: Option<HubLink>,
    /// When the portal's `probe` was last read.
    pub probed: Option<DateTime<Utc>>,
}

/// A hub that tells of a document's news (W3C WebSub section 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubLink {
    /// Where to subscribe: the document's `rel=hub`.
    pub hub: PageUrl,
    /// What to subscribe to: its `rel=self`, else its address.
    pub topic: PageUrl,
}

/// A list that was held back because it did not look like the portal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// What it looked like.
    pub mark: u32,
    /// How often it was seen in a row.
    pub times: u32,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Traits {
    /// Whether an address was linked to when the list was read last; None when nothing is known of that.
    #[must_use]
    pub fn knew(&self, mark: u32) -> Option<bool> {
        (!self.links.is_empty()).then(|| self.links.binary_search(&mark).is_ok())
    }
}

/// The mark of an address: 32 bits of FNV-1a over its key. Two addresses may share one; a hint bears that.
#[must_use]
pub fn mark(key: &str) -> u32 {
    key.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
