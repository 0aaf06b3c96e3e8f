//! A feed: which articles it takes, and itself ready to be written out.

use chrono::{DateTime, Utc};

use super::article::{ArticleId, Attachment, Image};
use super::portal::PortalId;
use super::time::Stamp;
use super::url::PageUrl;

/// The name of the feed of sick portals, which no portal has.
pub const STATUS: &str = "status";

/// A feed configured beside the portals' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix {
    /// Its name in its address.
    pub name: PortalId,
    /// Its title; None says the name.
    pub title: Option<String>,
    /// What it takes from; articles of any of them.
    pub from: Vec<Origin>,
    /// Only articles that one of these patterns finds.
    pub include: Option<Filter>,
    /// No article that one of these patterns finds.
    pub exclude: Option<Filter>,
    /// At most so many entries, 1 to 200.
    pub limit: usize,
}

/// What a configured feed takes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Every portal.
    All,
    /// One portal.
    Portal(PortalId),
    /// The portals with this tag.
    Tag(String),
}

/// Patterns, and where they are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Words as written, or `/regular expressions/`; one that finds something is enough.
    pub any: Vec<String>,
    /// Where; never empty.
    pub within: Vec<Field>,
}

/// A part of an article that filters look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The headline.
    Title,
    /// The text.
    Body,
    /// Who wrote it.
    Author,
    /// Any of its categories.
    Category,
    /// Where it came from.
    Source,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Title, Self::Body, Self::Author, Self::Category, Self::Source];

    /// Its spelling in feeds.toml.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "body",
            Self::Author => "author",
            Self::Category => "category",
            Self::Source => "source",
        }
    }
}

/// Which articles make a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedSpec {
    /// The feed's name in its address.
    pub name: String,
    /// Its title as configured.
    pub title: Option<String>,
    /// The portals it takes from; None takes all.
    pub portals: Option<Vec<PortalId>>,
    /// At most so many entries, 1 to 200.
    pub limit: usize,
    /// Only articles of this category.
    pub category: Option<String>,
    /// Only articles with these words; phrases in quotes.
    pub words: Option<String>,
    /// Only articles that this finds.
    pub include: Option<Filter>,
    /// No article that this finds.
    pub exclude: Option<Filter>,
}

/// A name shown as author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name as the page writes it.
    pub name: String,
}

/// A feed ready to be written out in any format. Addresses are absolute and of this server's public base.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Its name in its address: `/feeds/NAME.rss`.
    pub name: String,
    /// Never empty.
    pub title: String,
    /// One line on what it is; never empty.
    pub description: String,
    /// A `tag:` URI or the feed's own address: the same in every format and for ever.
    pub id: String,
    /// The page for people that it stands for: the portal's list, or this server's page.
    pub home: PageUrl,
    /// The base of its own addresses, without extension: `https://feeds.example.net/feeds/tangshan`.
    pub address: PageUrl,
    /// The hub that tells its subscribers of changes; of whole feeds alone.
    pub hub: Option<PageUrl>,
    /// The icon of the site that it stands for.
    pub icon: Option<PageUrl>,
    /// Where this server's feeds stand, ending in `/`.
    pub folder: PageUrl,
    /// What the ids of this server's feeds begin with; the name follows.
    pub stem: String,
    /// Its neighbours in the feed's history.
    pub pages: Pages,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// The newest change of its articles; None for an empty feed.
    pub updated: Option<DateTime<Utc>>,
    /// When it mixes several portals, each entry names its own.
    pub mixed: bool,
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Articles that left it, the newest first; for formats that can say so.
    pub tombstones: Vec<Tombstone>,
}

/// What is left of an article that its portal withdrew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Its name for ever.
    pub id: ArticleId,
    /// The portal that published it.
    pub portal: PortalId,
    /// When it was found to be gone for good.
    pub at: DateTime<Utc>,
    /// Where it was.
    pub url: PageUrl,
    /// Its title, where one was kept.
    pub title: Option<String>,
}

/// The documents around one in a feed's history (RFC 5005 section 4). Addresses without extension.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// The archive page before it.
    pub previous: Option<PageUrl>,
    /// The archive page after it.
    pub next: Option<PageUrl>,
    /// The current document; set on archive pages alone.
    pub current: Option<PageUrl>,
}

/// One article in a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name for ever.
    pub id: ArticleId,
    /// The article's own address.
    pub url: PageUrl,
    /// One line, never empty.
    pub title: String,
    /// As published; the first sight of it where the portal names no day.
    pub published: Stamp,
    /// The newest change.
    pub updated: DateTime<Utc>,
    /// Who wrote it.
    pub author: Option<Person>,
    /// Where it came from (来源).
    pub source: Option<String>,
    /// The portal's name and title, for mixed feeds.
    pub portal: (PortalId, String),
    /// In breadcrumb order.
    pub categories: Vec<String>,
    /// The beginning of the text.
    pub summary: String,
    /// Sanitised HTML with absolute links.
    pub html: String,
    /// BCP 47 tag.
    pub lang: Option<String>,
    /// Its pictures.
    pub images: Vec<Image>,
    /// Its documents.
    pub attachments: Vec<Attachment>,
}
