//! What goes into a store and comes out of it.

use chrono::{DateTime, Utc};

use crate::model::{
    Article, ArticleId, Candidate, Fault, HostKey, Note, PageUrl, PortalId, Stamp, StoredArticle, Tombstone,
    Traits, UrlKey, VisitCounts, Walk,
};

/// The right to visit: who, from when, until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The node that visits; the same name in every lease of a process.
    pub node: String,
    /// Now.
    pub now: DateTime<Utc>,
    /// When others may take over.
    pub until: DateTime<Utc>,
}

/// A portal as configured, made known to the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// Its name.
    pub id: PortalId,
    /// When it is first due, for a portal that the store does not know or whose pace changed.
    pub first_due: DateTime<Utc>,
    /// The pace as text; when it differs from the stored one, `first_due` counts again if it is earlier
    /// than the stored due time or the stored one is farther away than the pace allows.
    pub pace: String,
    /// False: never due.
    pub enabled: bool,
}

/// A due portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its name.
    pub id: PortalId,
    /// When it became due.
    pub at: DateTime<Utc>,
    /// A person asked for this visit.
    pub asked: bool,
    /// It was never visited: all of its articles are to be read.
    pub is_first: bool,
}

/// A portal and its host, claimed for one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The lease it was claimed with.
    pub lease: Lease,
    /// Failed visits in a row so far.
    pub failures: u32,
    /// A person asked for this visit.
    pub asked: bool,
    /// When the last visit ended.
    pub last_visit: Option<DateTime<Utc>>,
    /// Moves with everything that a feed of the portal shows.
    pub revision: i64,
    /// The turns of the hosts claimed, in the order asked for.
    pub hosts: Vec<(HostKey, HostRow)>,
}

/// A host's turn as kept between visits: opaque here, read and written by whoever is polite.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostRow {
    /// No request before this.
    pub next_at: Option<DateTime<Utc>>,
    /// No visit before this (429, 503).
    pub rest_until: Option<DateTime<Utc>>,
    /// When robots.txt was fetched.
    pub robots_at: Option<DateTime<Utc>>,
    /// The status of that answer; 0 when there was none.
    pub robots_status: u16,
    /// Its body.
    pub robots_body: Option<String>,
}

/// What is known of an article address.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its key.
    pub key: UrlKey,
    /// The address as fetched last.
    pub url: PageUrl,
    /// The article it leads to; None when it could not be read so far.
    pub article: Option<ArticleId>,
    /// `ETag` as sent.
    pub etag: Option<String>,
    /// `Last-Modified` as sent.
    pub last_modified: Option<String>,
    /// When to ask again; None for never. For a page that failed: not before this.
    pub next_visit: Option<DateTime<Utc>>,
    /// How often it was asked again without a change (or, where there is no article, failed).
    pub visits: u32,
    /// When its article was first read.
    pub first_seen: Option<DateTime<Utc>>,
    /// When its article was published, as read last.
    pub published: Option<Stamp>,
    /// When it was first found gone; None while it answers.
    pub gone_at: Option<DateTime<Utc>>,
    /// Only named by pages so far (as their canonical address, or where they led), never asked for itself.
    pub is_alias: bool,
    /// Its article has left the feeds; `visits` then counts the looks whether it is back.
    pub is_withdrawn: bool,
}

/// What a portal's pages say of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Face {
    /// The title they showed last.
    pub title: Option<String>,
    /// The language most of its articles have.
    pub lang: Option<String>,
}

/// What a portal's list page says of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// In one line.
    pub line: Option<String>,
    /// The site's icon.
    pub icon: Option<PageUrl>,
}

/// A list page as read last.
#[derive(Debug, Clone, PartialEq)]
pub struct ListCopy {
    /// The list page.
    pub url: PageUrl,
    /// `ETag` as sent.
    pub etag: Option<String>,
    /// `Last-Modified` as sent.
    pub last_modified: Option<String>,
    /// Its items.
    pub items: Vec<Candidate>,
    /// The next list page it named.
    pub next: Option<PageUrl>,
    /// What was learnt of it.
    pub traits: Traits,
}

/// What became of one article page in a visit.
#[derive(Debug, Clone, PartialEq)]
pub enum PageOutcome {
    /// Read: new, changed or the same as before, the store finds out.
    Read(Box<ReadPage>),
    /// Answered 304, or not different enough to be read.
    Same {
        /// The address's key.
        key: UrlKey,
        /// When to ask again.
        next_visit: Option<DateTime<Utc>>,
    },
    /// Could not be fetched or is no article.
    Failed {
        /// The address's key.
        key: UrlKey,
        /// The address.
        url: PageUrl,
        /// Not before this.
        retry_at: Option<DateTime<Utc>>,
    },
    /// The page of a known article says that it is no more. See `Backend::finish`.
    Gone {
        /// The address's key.
        key: UrlKey,
        /// When it said so.
        seen: DateTime<Utc>,
        /// When to look whether a withdrawn one is back; None for never.
        look_again: Option<DateTime<Utc>>,
    },
}

/// An article page that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPage {
    /// Every key that leads to it: the list's address, the final one, the canonical one. At least one. A known
    /// article behind a later key is taken for this one when its text is the same, or its title and day agree.
    pub keys: Vec<UrlKey>,
    /// What it says.
    pub article: Article,
    /// See `dedupe::fingerprint`.
    pub fingerprint: String,
    /// See `dedupe::story_key`.
    pub story: Option<String>,
    /// `ETag` as sent.
    pub etag: Option<String>,
    /// `Last-Modified` as sent.
    pub last_modified: Option<String>,
    /// When to ask again if it did not change.
    pub next_visit: Option<DateTime<Utc>>,
    /// When to ask again if it is new or changed.
    pub next_visit_changed: Option<DateTime<Utc>>,
}

/// The whole of a visit, written in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The portal visited.
    pub portal: PortalId,
    /// The lease of the claim.
    pub lease: Lease,
    /// When it ended.
    pub ended: DateTime<Utc>,
    /// When the portal is due again.
    pub next_due: DateTime<Utc>,
    /// Why it failed; None when it served.
    pub error: Option<Fault>,
    /// It served, but by fallback.
    pub degraded: bool,
    /// The title the pages showed.
    pub title: Option<String>,
    /// The language the pages showed.
    pub lang: Option<String>,
    /// What was seen and sent; `new`, `changed` and `withdrawn` are filled in by the store.
    pub counts: VisitCounts,
    /// What was cut or repaired; at most 50 are kept.
    pub notes: Vec<Note>,
    /// List pages read anew.
    pub lists: Vec<ListCopy>,
    /// Keys of all that stands on the lists now, as far as is known: those that did not change included.
    pub listed: Vec<UrlKey>,
    /// Article pages, in list order.
    pub pages: Vec<PageOutcome>,
    /// The hosts' turns; they are given back.
    pub hosts: Vec<(HostKey, HostRow)>,
    /// For a step of a walk over older list pages: how far it came. It says nothing of how the portal fares, and when
    /// it is due: errors, notes, titles and lists of it are not written.
    pub walk: Option<Walk>,
}

/// What `Backend::finish` wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// The counts, completed.
    pub counts: VisitCounts,
    /// Articles that are new or changed, in feed order.
    pub fresh: Vec<ArticleId>,
    /// Whether nothing that is served moved: nobody needs to hear of it.
    pub is_still: bool,
}

/// What left the feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// When an article last left them, or came back.
    pub moved: Option<DateTime<Utc>>,
    /// What is gone and was not dropped since, the newest first.
    pub tombstones: Vec<Tombstone>,
}

/// A time in which a portal was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Minted once, growing.
    pub number: i64,
    /// Whose it is.
    pub portal: PortalId,
    /// When it broke.
    pub broke: DateTime<Utc>,
    /// When it broke last, for one that recovered within the hour and broke again.
    pub again: Option<DateTime<Utc>>,
    /// How often it broke, at least 1.
    pub times: u32,
    /// When it recovered; None while it is broken.
    pub recovered: Option<DateTime<Utc>>,
    /// The last good visit before it.
    pub last_ok: Option<DateTime<Utc>>,
    /// Why it broke, the last time.
    pub fault: Fault,
}

/// The answer to a person who asks for a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It will be made now.
    Accepted,
    /// One is in flight.
    Running,
    /// No such portal, or it is paused.
    Unknown,
}

/// Which articles are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Of these portals; None for all.
    pub portals: Option<Vec<PortalId>>,
    /// Of this category.
    pub category: Option<String>,
    /// With all these words; phrases stand in quotes.
    pub words: Option<String>,
    /// At most so many.
    pub limit: usize,
    /// After so many that are left out.
    pub skip: usize,
}

/// How far the history of a feed is written: its archive holds what its current document no longer shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// What the feed asked for then; a feed that asks for something else looks at all articles again.
    pub asked: String,
    /// The turn up to which articles were looked at; they are asked for in the order of their turns.
    pub seen: i64,
    /// The numbers of the articles that its current document shows.
    pub open: Vec<i64>,
    /// How many articles are archived; the one archived first has place 1.
    pub count: u32,
    /// The newest change of an article that ever stood in its current document.
    pub updated: Option<DateTime<Utc>>,
}

/// An article and its turn: every change of it has a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Its turn.
    pub turn: i64,
    /// The article as it is now.
    pub stored: StoredArticle,
}
