//! Everything that outlives the process, behind one enum over the back ends.

mod alike;
mod contract;
mod followed;
mod settings;
mod shapes;
mod sqlite;
mod subscription;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::model::{HostKey, PageUrl, PortalId, PortalStatus, StoredArticle, UrlKey, Walk};

pub use contract::{Backend, StoreError};
pub use followed::{FollowEnd, Followed};
pub use settings::Settings;
pub use shapes::{
    About, Arrival, Asked, Claim, Committed, Due, Face, History, HostRow, Incident, Known, Lease, ListCopy,
    Outcome, PageOutcome, Query, ReadPage, Seed, Withdrawn,
};
pub use subscription::{Mode, Push, PushEnd, Subscriptions, Wish, WishEnd, Wished};

/// The store, opened by its address. Cheap to clone; every call of [`Backend`] is a method of its own,
/// so that callers need no trait in scope.
#[derive(Debug, Clone)]
pub enum Store {
    /// In one file.
    Sqlite(sqlite::Sqlite),
}

/// One method for each call of the contract, handed to the back end that is open.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $kind:ty),*) -> $out:ty;)*) => {
        impl Store {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When the back end fails.
                pub async fn $name(&self, $($arg: $kind),*) -> Result<$out, StoreError> {
                    match self {
                        Self::Sqlite(sqlite) => sqlite.$name($($arg),*).await,
                    }
                }
            )*
        }
    };
}

calls! {
    /// See [`Backend::sync_portals`].
    sync_portals(seeds: Vec<Seed>, now: DateTime<Utc>) -> ();
    /// See [`Backend::due`].
    due(now: DateTime<Utc>, limit: usize) -> Vec<Due>;
    /// See [`Backend::next_due`].
    next_due() -> Option<DateTime<Utc>>;
    /// See [`Backend::ask_visit`].
    ask_visit(portal: &PortalId, now: DateTime<Utc>) -> Asked;
    /// See [`Backend::heed_clock`].
    heed_clock(now: DateTime<Utc>, lease: Duration, longest: Duration) -> usize;
    /// See [`Backend::claims`].
    claims(wanted: Vec<(PortalId, Vec<HostKey>)>, lease: Lease) -> Vec<Option<Claim>>;
    /// See [`Backend::claim`].
    claim(portal: &PortalId, hosts: Vec<HostKey>, lease: Lease) -> Option<Claim>;
    /// See [`Backend::claim_host`].
    claim_host(portal: &PortalId, host: &HostKey, lease: &Lease) -> Option<HostRow>;
    /// See [`Backend::release_host`].
    release_host(portal: &PortalId, host: &HostKey, lease: &Lease, row: HostRow) -> ();
    /// See [`Backend::release_node`].
    release_node(node: &str) -> ();
    /// See [`Backend::nodes`].
    nodes() -> Vec<String>;
    /// See [`Backend::finish`].
    finish(outcome: Outcome) -> Committed;
    /// See [`Backend::known`].
    known(portal: &PortalId, keys: Vec<UrlKey>) -> HashMap<UrlKey, Known>;
    /// See [`Backend::revisits`].
    revisits(portal: &PortalId, now: DateTime<Utc>, limit: usize) -> Vec<Known>;
    /// See [`Backend::list_copy`].
    list_copy(portal: &PortalId, url: &PageUrl) -> Option<ListCopy>;
    /// See [`Backend::articles`].
    articles(query: Query) -> Vec<StoredArticle>;
    /// See [`Backend::withdrawn`].
    withdrawn(portals: Vec<PortalId>, limit: usize) -> Withdrawn;
    /// See [`Backend::is_withdrawn`].
    is_withdrawn(number: i64) -> bool;
    /// See [`Backend::article`].
    article(number: i64) -> Option<StoredArticle>;
    /// See [`Backend::faces`].
    faces() -> HashMap<PortalId, Face>;
    /// See [`Backend::about`].
    about(portal: &PortalId) -> About;
    /// See [`Backend::status`].
    status(now: DateTime<Utc>) -> HashMap<PortalId, PortalStatus>;
    /// See [`Backend::incidents`].
    incidents(limit: usize) -> Vec<Incident>;
    /// See [`Backend::revisions`].
    revisions() -> HashMap<PortalId, i64>;
    /// See [`Backend::retain`].
    retain(before: DateTime<Utc>) -> u64;
    /// See [`Backend::arrivals`].
    arrivals(portals: Option<Vec<PortalId>>, after: i64, limit: usize) -> Vec<Arrival>;
    /// See [`Backend::numbered`].
    numbered(numbers: Vec<i64>) -> Vec<StoredArticle>;
    /// See [`Backend::history`].
    history(feed: &str) -> History;
    /// See [`Backend::write_history`].
    write_history(feed: &str, from: History, to: History, numbers: Vec<i64>) -> bool;
    /// See [`Backend::archived`].
    archived(feed: &str, numbers: Vec<i64>) -> HashSet<i64>;
    /// See [`Backend::at_places`].
    at_places(feed: &str, places: RangeInclusive<u32>) -> Vec<(i64, PortalId)>;
    /// See [`Backend::wish`].
    wish(wish: Wish, now: DateTime<Utc>) -> bool;
    /// See [`Backend::wishes`].
    wishes(now: DateTime<Utc>, limit: usize) -> Vec<Wished>;
    /// See [`Backend::end_wish`].
    end_wish(wished: Wished, end: WishEnd) -> ();
    /// See [`Backend::topics`].
    topics(now: DateTime<Utc>, ended: DateTime<Utc>) -> Vec<String>;
    /// See [`Backend::deny`].
    deny(topic: &str, now: DateTime<Utc>) -> u64;
    /// See [`Backend::subscriptions`].
    subscriptions(now: DateTime<Utc>) -> Subscriptions;
    /// See [`Backend::publish`].
    publish(topic: &str, digest: &str, now: DateTime<Utc>) -> u64;
    /// See [`Backend::pushes`].
    pushes(now: DateTime<Utc>, limit: usize) -> Vec<Push>;
    /// See [`Backend::end_pushes`].
    end_pushes(ends: Vec<(i64, PushEnd)>) -> ();
    /// See [`Backend::next_push`].
    next_push() -> Option<DateTime<Utc>>;
    /// See [`Backend::follows`].
    follows(now: DateTime<Utc>, base: &str, limit: usize) -> Vec<Followed>;
    /// See [`Backend::followed`].
    followed(token: &str) -> Option<Followed>;
    /// See [`Backend::follow_tokens`].
    follow_tokens() -> Vec<String>;
    /// See [`Backend::end_follow`].
    end_follow(token: &str, end: FollowEnd) -> ();
    /// See [`Backend::follow_news`].
    follow_news(token: &str, now: DateTime<Utc>) -> bool;
    /// See [`Backend::walk`].
    walk(portal: &PortalId, list: &PageUrl) -> Option<Walk>;
    /// See [`Backend::settle_walk`].
    settle_walk(portal: &PortalId) -> u64;
    /// See [`Backend::value`].
    value(name: &str) -> Option<String>;
    /// See [`Backend::set_value`].
    set_value(name: &str, value: &str) -> ();
    /// See [`Backend::ping`].
    ping(limit: Duration) -> ();
    /// See [`Backend::backup`].
    backup(to: &Path) -> ();
}

impl Store {
    /// Opens the store as its daemon: one at a time, who looks at its health after an unclean end.
    ///
    /// # Errors
    /// [`StoreError::Open`], [`StoreError::Address`] and [`StoreError::Newer`], each with what to do.
    pub async fn open(settings: &Settings) -> Result<Self, StoreError> {
        sqlite::Sqlite::open(settings).await.map(Self::Sqlite)
    }

    /// Opens the store beside a daemon that may be running.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_beside(settings: &Settings) -> Result<Self, StoreError> {
        sqlite::Sqlite::open_beside(settings).await.map(Self::Sqlite)
    }

    /// Moves after each commit that feeds or status may show.
    #[must_use]
    pub fn news(&self) -> watch::Receiver<u64> {
        match self {
            Self::Sqlite(sqlite) => sqlite.news(),
        }
    }

    /// How long the piece of work that takes longest has been going on; zero when nothing is done. Work ends by
    /// itself, with an error if need be: what goes on and on is stuck.
    #[must_use]
    pub fn at_work(&self) -> Duration {
        match self {
            Self::Sqlite(sqlite) => sqlite.at_work(),
        }
    }

    /// Writes out what is queued, as far as that takes a second at most, and closes; every other handle answers [`StoreError::Closed`] from then on.
    ///
    /// # Errors
    /// When the last writes fail.
    pub async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.close().await,
        }
    }
}
