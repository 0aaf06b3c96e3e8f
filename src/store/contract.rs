//! What every back end must do, in words and as a trait.
//!
//! The daemon trusts a store to hold these, whatever is behind it (one test body tries them all):
//!
//! 1. *Stored before announced.* What [`Backend::finish`] was given is there whole, or not at all; readers
//!    see it only once it is there, and it is still there after `kill -9`.
//! 2. *One owner.* A portal and a host are claimed by at most one lease at a time; a lease that ran out
//!    may be taken by anyone, and the first owner's `finish` is then refused.
//! 3. *Ids are minted once.* An address key that was seen keeps leading to the same article for ever, also
//!    when the article's content has been dropped by retention.
//! 4. *Noise is no news.* An article whose fingerprint did not change is not written, keeps its `updated`,
//!    and moves no revision.
//! 5. *Due times are rows.* What was missed while nobody ran is due at the start.
//! 6. *Order.* Feeds come newest first by [`StoredArticle::dated`], of equal ones the one higher on the list
//!    first, and always in the same order.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::model::HostKey;
use crate::model::{
    Article, ArticleId, Candidate, Fault, Note, PageUrl, PortalId, PortalStatus, Stamp, StoredArticle,
    Traits, UrlKey, VisitCounts,
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
}

/// An article page that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPage {
    /// Every key that leads to it: the list's address, the final one, the canonical one. At least one. A known
    /// article behind a later key is taken for this one unless both its title and its text are others.
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
    /// Article pages, in list order.
    pub pages: Vec<PageOutcome>,
    /// The hosts' turns; they are given back.
    pub hosts: Vec<(HostKey, HostRow)>,
}

/// What [`Backend::finish`] wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// The counts, completed.
    pub counts: VisitCounts,
    /// Articles that are new or changed, in feed order.
    pub fresh: Vec<ArticleId>,
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
    /// At most so many.
    pub limit: usize,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened: what, and the cure.
    #[error("cannot open the store `{place}`: {why}")]
    Open {
        /// File or address, without password.
        place: String,
        /// What happened and what to do.
        why: String,
    },
    /// The address in the configuration names no back end.
    #[error("`{0}` names no store: write sqlite:PATH")]
    Address(String),
    /// The file was written by a newer tidings.
    #[error("the store has schema {found}, this tidings knows {known}: use the newer tidings, or a backup")]
    Newer {
        /// In the file.
        found: i64,
        /// Newest one known.
        known: i64,
    },
    /// The lease ran out and somebody else holds it: nothing was written.
    #[error("the lease on `{0}` was lost: nothing was written")]
    LeaseLost(PortalId),
    /// The back end failed.
    #[error("store: {0}")]
    Backend(String),
    /// The store is closed or its thread is gone.
    #[error("the store is closed")]
    Closed,
}

/// What a back end must do. See the module's own words for the promises behind it.
pub trait Backend {
    /// Makes the configured portals known; portals no longer configured are never due, their articles stay.
    ///
    /// # Errors
    /// When the back end fails; so for every method here.
    fn sync_portals(
        &self,
        seeds: Vec<Seed>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Portals due at `now` that nobody has claimed, longest due first.
    fn due(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Due>, StoreError>> + Send;
    /// When the next portal becomes due; a claimed one not before its lease ends.
    fn next_due(&self) -> impl Future<Output = Result<Option<DateTime<Utc>>, StoreError>> + Send;
    /// A person asks: due now.
    fn ask_visit(
        &self,
        portal: &PortalId,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Asked, StoreError>> + Send;
    /// Makes portals due now, for cron jobs and tests; `asked` is left alone.
    fn make_due(
        &self,
        portals: Vec<PortalId>,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Claims a portal and hosts together; None when one of them is held by another lease.
    fn claim(
        &self,
        portal: &PortalId,
        hosts: Vec<HostKey>,
        lease: Lease,
    ) -> impl Future<Output = Result<Option<Claim>, StoreError>> + Send;
    /// Claims a further host for a visit in flight; None when another lease holds it. The same lease may claim twice.
    fn claim_host(
        &self,
        portal: &PortalId,
        host: &HostKey,
        lease: &Lease,
    ) -> impl Future<Output = Result<Option<HostRow>, StoreError>> + Send;
    /// Gives back every claim of a node, after an unclean end of it.
    fn release_node(&self, node: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Writes a visit, gives back its claims, moves the portal's revision when a feed would change.
    fn finish(&self, outcome: Outcome) -> impl Future<Output = Result<Committed, StoreError>> + Send;
    /// What is known of these addresses.
    fn known(
        &self,
        portal: &PortalId,
        keys: Vec<UrlKey>,
    ) -> impl Future<Output = Result<HashMap<UrlKey, Known>, StoreError>> + Send;
    /// Articles whose re-visit is due, longest due first.
    fn revisits(
        &self,
        portal: &PortalId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Known>, StoreError>> + Send;
    /// A list page as read last.
    fn list_copy(
        &self,
        portal: &PortalId,
        url: &PageUrl,
    ) -> impl Future<Output = Result<Option<ListCopy>, StoreError>> + Send;
    /// Articles, in feed order, without their evidence.
    fn articles(&self, query: Query) -> impl Future<Output = Result<Vec<StoredArticle>, StoreError>> + Send;
    /// One article by its number, with evidence.
    fn article(&self, number: i64) -> impl Future<Output = Result<Option<StoredArticle>, StoreError>> + Send;
    /// How every portal fares.
    fn status(
        &self,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<HashMap<PortalId, PortalStatus>, StoreError>> + Send;
    /// A number for each portal that moves whenever a feed with its articles would change.
    fn revisions(&self) -> impl Future<Output = Result<HashMap<PortalId, i64>, StoreError>> + Send;
    /// Drops the content of articles dated before `before` (their ids and keys stay), but for those that still
    /// stand on a list of their portal as it was read last. Says how many.
    fn retain(&self, before: DateTime<Utc>) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// A small value kept by name.
    fn value(&self, name: &str) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;
    /// Keeps a small value by name.
    fn set_value(&self, name: &str, value: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Whether writing works now, within `limit`.
    fn ping(&self, limit: Duration) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// An online copy into a new file.
    fn backup(&self, to: &Path) -> impl Future<Output = Result<(), StoreError>> + Send;
}
