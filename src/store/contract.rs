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
//! 7. *Gone is seen twice.* An article leaves the feeds when the address it is asked for by said twice, an hour
//!    apart at least, that it is no more. It keeps its id, and comes back under it when its page answers again.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use crate::model::{HostKey, PageUrl, PortalId, PortalStatus, StoredArticle, UrlKey, Walk};

use super::followed::{FollowEnd, Followed};
use super::shapes::{
    About, Arrival, Asked, Claim, Committed, Due, Face, History, HostRow, Incident, Known, Lease, ListCopy,
    Outcome, Query, Seed, Withdrawn,
};
use super::subscription::{Push, PushEnd, Subscriptions, Wish, WishEnd, Wished};

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
    /// Portals due at `now` that nobody has claimed: those a person asked for first, those never visited last, of equals
    /// the longest due first.
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
    /// The clock was put back: what lies further ahead of `now` than it ever should comes near again. A portal
    /// visited in what is now the future is due as long after `now` as it was due after that visit, one never
    /// visited at once when it would wait longer than `longest`; leases end after `lease`; deliveries, wishes and
    /// re-visits that lie beyond any plan come after `longest`. Returns how many portals that concerns.
    fn heed_clock(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        longest: Duration,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;
    /// Claims portals, each together with its hosts; None for one of which something is held by another lease. Those
    /// that come first are served first.
    fn claims(
        &self,
        wanted: Vec<(PortalId, Vec<HostKey>)>,
        lease: Lease,
    ) -> impl Future<Output = Result<Vec<Option<Claim>>, StoreError>> + Send;
    /// Claims one portal and its hosts together.
    fn claim(
        &self,
        portal: &PortalId,
        hosts: Vec<HostKey>,
        lease: Lease,
    ) -> impl Future<Output = Result<Option<Claim>, StoreError>> + Send {
        let claims = self.claims(vec![(portal.clone(), hosts)], lease);
        claims.map(|claims| claims.map(|mut claims| claims.pop().flatten()))
    }
    /// Claims a further host for a visit in flight; None when another lease holds it. The same lease may claim twice.
    fn claim_host(
        &self,
        portal: &PortalId,
        host: &HostKey,
        lease: &Lease,
    ) -> impl Future<Output = Result<Option<HostRow>, StoreError>> + Send;
    /// Gives back a host with its turn while the visit goes on; nothing when the visit does not hold it.
    fn release_host(
        &self,
        portal: &PortalId,
        host: &HostKey,
        lease: &Lease,
        row: HostRow,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Gives back every claim of a node, after an unclean end of it.
    fn release_node(&self, node: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Every node that holds a claim.
    fn nodes(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;
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
    /// Articles of these portals that were withdrawn, the newest first.
    fn withdrawn(
        &self,
        portals: Vec<PortalId>,
        limit: usize,
    ) -> impl Future<Output = Result<Withdrawn, StoreError>> + Send;
    /// Whether the article of this number was withdrawn.
    fn is_withdrawn(&self, number: i64) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// One article by its number, with evidence; None also for one that was withdrawn.
    fn article(&self, number: i64) -> impl Future<Output = Result<Option<StoredArticle>, StoreError>> + Send;
    /// What every portal's pages say of it: the little that feeds need, without a count.
    fn faces(&self) -> impl Future<Output = Result<HashMap<PortalId, Face>, StoreError>> + Send;
    /// What a portal's list says of the site.
    fn about(&self, portal: &PortalId) -> impl Future<Output = Result<About, StoreError>> + Send;
    /// How every portal fares.
    fn status(
        &self,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<HashMap<PortalId, PortalStatus>, StoreError>> + Send;
    /// The incidents that broke last, newest first. A visit that fails, or whose finds were held back, opens one for
    /// its portal, the next that serves closes it; one that closed is opened again when it broke less than an hour ago.
    fn incidents(&self, limit: usize) -> impl Future<Output = Result<Vec<Incident>, StoreError>> + Send;
    /// A number for each portal that moves whenever a feed with its articles would change; under
    /// [`STATUS`](crate::model::STATUS), a name no portal has, one that moves with the incidents.
    fn revisions(&self) -> impl Future<Output = Result<HashMap<PortalId, i64>, StoreError>> + Send;
    /// Drops the content of articles dated before `before` (their ids and keys stay), but for those that still
    /// stand on a list of their portal as it was read last and were not withdrawn. Says how many: a part of them at
    /// a time, so it is asked again until nothing is left.
    fn retain(&self, before: DateTime<Utc>) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// Articles with a later turn than `after`, in that order, without their evidence; None for all portals.
    fn arrivals(
        &self,
        portals: Option<Vec<PortalId>>,
        after: i64,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Arrival>, StoreError>> + Send;
    /// Articles by their numbers, in no order; those that are gone are left out.
    fn numbered(
        &self,
        numbers: Vec<i64>,
    ) -> impl Future<Output = Result<Vec<StoredArticle>, StoreError>> + Send;
    /// How far a feed's history is written.
    fn history(&self, feed: &str) -> impl Future<Output = Result<History, StoreError>> + Send;
    /// Writes a feed's history on: the articles of these numbers follow in its archive, each stands there once.
    /// False, and nothing is written, when the history is not `from` any more.
    fn write_history(
        &self,
        feed: &str,
        from: History,
        to: History,
        numbers: Vec<i64>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// Which of these articles stand in the archive of a feed.
    fn archived(
        &self,
        feed: &str,
        numbers: Vec<i64>,
    ) -> impl Future<Output = Result<HashSet<i64>, StoreError>> + Send;
    /// The articles at these places of a feed's archive, those that are gone left out: number and portal.
    fn at_places(
        &self,
        feed: &str,
        places: RangeInclusive<u32>,
    ) -> impl Future<Output = Result<Vec<(i64, PortalId)>, StoreError>> + Send;
    /// Keeps what a subscriber asks the hub for, to be verified; false when there are too many subscriptions.
    fn wish(&self, wish: Wish, now: DateTime<Utc>) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// Wishes to be verified now: at most 16 of an origin (scheme, host and port), the oldest first.
    fn wishes(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Wished>, StoreError>> + Send;
    /// What became of a wish; one that was asked for anew meanwhile stays.
    fn end_wish(&self, wished: Wished, end: WishEnd) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// The topics that somebody is subscribed to. Leases that ran out before `ended` are dropped; others that ran out are
    /// owed nothing, and hold again when the clock is put back.
    fn topics(
        &self,
        now: DateTime<Utc>,
        ended: DateTime<Utc>,
    ) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;
    /// A topic is no more: its subscribers are to be told. Says how many.
    fn deny(&self, topic: &str, now: DateTime<Utc>) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// How subscriptions stand.
    fn subscriptions(
        &self,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Subscriptions, StoreError>> + Send;
    /// A topic's document has this digest now: it is owed to all who do not have it, in place of one that was owed
    /// before. Says to how many more.
    fn publish(
        &self,
        topic: &str,
        digest: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// Deliveries that are due: at most 16 to an origin, those to subscribers who never failed first.
    fn pushes(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Push>, StoreError>> + Send;
    /// What became of deliveries, by the numbers of their subscriptions.
    fn end_pushes(&self, ends: Vec<(i64, PushEnd)>) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// When the next wish or delivery is due.
    fn next_push(&self) -> impl Future<Output = Result<Option<DateTime<Utc>>, StoreError>> + Send;
    /// Feeds elsewhere whose hub is to be asked now, or was told another address of ours than `base`.
    fn follows(
        &self,
        now: DateTime<Utc>,
        base: &str,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Followed>, StoreError>> + Send;
    /// What a token of ours stands for.
    fn followed(&self, token: &str) -> impl Future<Output = Result<Option<Followed>, StoreError>> + Send;
    /// All tokens of ours.
    fn follow_tokens(&self) -> impl Future<Output = Result<Vec<String>, StoreError>> + Send;
    /// What became of asking a hub.
    fn end_follow(&self, token: &str, end: FollowEnd) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// A hub tells of news: the portal is due, ten seconds after its last visit at the earliest. False when it is due
    /// anyway.
    fn follow_news(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// How far a walk over the older pages of a list came, the last time.
    fn walk(
        &self,
        portal: &PortalId,
        list: &PageUrl,
    ) -> impl Future<Output = Result<Option<Walk>, StoreError>> + Send;
    /// A walk rests: the articles it brought get their turns, the oldest first, so that feeds take them in, and those
    /// that are no news go to the archives by their dates. Says how many. The next visit does so too.
    fn settle_walk(&self, portal: &PortalId) -> impl Future<Output = Result<u64, StoreError>> + Send;
    /// A small value kept by name.
    fn value(&self, name: &str) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;
    /// Keeps a small value by name.
    fn set_value(&self, name: &str, value: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Whether writing works now, within `limit`.
    fn ping(&self, limit: Duration) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// An online copy into a new file.
    fn backup(&self, to: &Path) -> impl Future<Output = Result<(), StoreError>> + Send;
}
