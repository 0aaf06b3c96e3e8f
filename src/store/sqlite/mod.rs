//! The store in one SQLite file: one writing thread, two reading ones, WAL.

mod ahead;
mod articles;
mod categories;
mod days;
mod faces;
mod failure;
mod finish;
mod followed;
mod gone;
mod history;
mod hosts;
mod hub;
mod incidents;
mod likeness;
mod migrate;
mod open;
mod pages;
mod portals;
mod rows;
mod search;
mod threads;
mod together;
mod transaction;
mod walks;
mod whose;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::model::{HostKey, PageUrl, PortalId, PortalStatus, StoredArticle, UrlKey, Walk};

use super::contract::{Backend, StoreError};
use super::followed::{FollowEnd, Followed};
use super::settings::Settings;
use super::shapes::{
    About, Arrival, Asked, Claim, Committed, Due, Face, History, HostRow, Incident, Known, Lease, ListCopy,
    Outcome, Query, Seed, Withdrawn,
};
use super::subscription::{Push, PushEnd, Subscriptions, Wish, WishEnd, Wished};
use threads::{Ends, Threads};
use together::Together;

/// A store in one SQLite file. Clones share its threads.
#[derive(Debug, Clone)]
pub struct Sqlite {
    threads: Arc<Threads>,
    together: Arc<Together>,
    ends: Arc<Mutex<Option<Ends>>>,
    news: Arc<watch::Sender<u64>>,
    authority: Arc<str>,
    path: Arc<PathBuf>,
    /// Whether this process is the daemon, which marks a clean end.
    owns: bool,
}

impl Sqlite {
    /// Opens the file as its owner, who looks at its health after an unclean end.
    pub(super) async fn open(settings: &Settings) -> Result<Self, StoreError> {
        Self::opened(settings, true).await
    }

    /// Opens the file beside the daemon.
    pub(super) async fn open_beside(settings: &Settings) -> Result<Self, StoreError> {
        Self::opened(settings, false).await
    }

    async fn opened(settings: &Settings, owns: bool) -> Result<Self, StoreError> {
        let path = open::path(&settings.url)?;
        let place = path.clone();
        let opened = tokio::task::spawn_blocking(move || open::open(&place, owns)).await;
        let (writer, readers) = opened.map_err(|_| StoreError::Closed)??;
        let (threads, ends) = Threads::start(writer, readers, owns)?;
        Ok(Self {
            together: Arc::new(Together::new(Arc::clone(&threads))),
            threads,
            ends: Arc::new(Mutex::new(Some(ends))),
            news: Arc::new(watch::Sender::new(0)),
            authority: Arc::from(settings.authority.as_str()),
            path: Arc::new(path),
            owns,
        })
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    pub(super) fn at_work(&self) -> Duration {
        self.threads.at_work()
    }

    pub(super) async fn close(self) -> Result<(), StoreError> {
        let (owns, ends) = (self.owns, self.ends.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.threads.end(ends, move |connection| if owns { open::close(connection) } else { Ok(()) }).await
    }

    fn tell(&self, moved: bool) {
        self.news.send_if_modified(|count| {
            *count = count.wrapping_add(u64::from(moved));
            moved
        });
    }
}

impl Backend for Sqlite {
    async fn sync_portals(&self, seeds: Vec<Seed>, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let synced = self.threads.write(move |connection| portals::sync(connection, &seeds)).await;
        self.tell(synced.is_ok());
        synced
    }

    async fn due(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.threads.read_written(move |connection| portals::due(connection, now, limit)).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.threads.read_written(portals::next_due).await
    }

    async fn ask_visit(&self, portal: &PortalId, now: DateTime<Utc>) -> Result<Asked, StoreError> {
        let portal = portal.clone();
        self.threads.write(move |connection| portals::ask(connection, &portal, now)).await
    }

    async fn heed_clock(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        longest: Duration,
    ) -> Result<usize, StoreError> {
        self.threads.write(move |connection| ahead::near(connection, now, lease, longest)).await
    }

    async fn claims(
        &self,
        wanted: Vec<(PortalId, Vec<HostKey>)>,
        lease: Lease,
    ) -> Result<Vec<Option<Claim>>, StoreError> {
        self.threads.write(move |connection| portals::claims(connection, wanted, &lease)).await
    }

    async fn claim_host(
        &self,
        portal: &PortalId,
        host: &HostKey,
        lease: &Lease,
    ) -> Result<Option<HostRow>, StoreError> {
        let (portal, host, lease) = (portal.clone(), host.clone(), lease.clone());
        self.threads.write(move |connection| portals::claim_host(connection, &portal, &host, &lease)).await
    }

    async fn release_host(
        &self,
        portal: &PortalId,
        host: &HostKey,
        lease: &Lease,
        row: HostRow,
    ) -> Result<(), StoreError> {
        let (portal, host, lease) = (portal.clone(), host.clone(), lease.clone());
        self.threads.write(move |connection| hosts::release(connection, &portal, &host, &lease, &row)).await
    }

    async fn release_node(&self, node: &str) -> Result<(), StoreError> {
        let node = node.to_owned();
        self.threads.write(move |connection| portals::release_node(connection, &node)).await
    }

    async fn finish(&self, outcome: Outcome) -> Result<Committed, StoreError> {
        let (work, may_wait) = finish::work(Arc::clone(&self.authority), outcome);
        let committed = self.together.commit(work, may_wait).await?;
        self.tell(!committed.is_still);
        Ok(committed)
    }

    async fn known(
        &self,
        portal: &PortalId,
        keys: Vec<UrlKey>,
    ) -> Result<HashMap<UrlKey, Known>, StoreError> {
        let portal = portal.clone();
        self.threads.read(move |connection| articles::known(connection, &portal, keys)).await
    }

    async fn revisits(
        &self,
        portal: &PortalId,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Known>, StoreError> {
        let portal = portal.clone();
        self.threads.read(move |connection| articles::revisits(connection, &portal, now, limit)).await
    }

    async fn list_copy(&self, portal: &PortalId, url: &PageUrl) -> Result<Option<ListCopy>, StoreError> {
        let (portal, url) = (portal.clone(), url.clone());
        self.threads.read(move |connection| portals::list_copy(connection, &portal, &url)).await
    }

    async fn articles(&self, query: Query) -> Result<Vec<StoredArticle>, StoreError> {
        self.threads.read(move |connection| articles::articles(connection, &query)).await
    }

    async fn withdrawn(&self, portals: Vec<PortalId>, limit: usize) -> Result<Withdrawn, StoreError> {
        self.threads.read(move |connection| gone::withdrawn(connection, &portals, limit)).await
    }

    async fn is_withdrawn(&self, number: i64) -> Result<bool, StoreError> {
        self.threads.read(move |connection| gone::is_withdrawn(connection, number)).await
    }

    async fn article(&self, number: i64) -> Result<Option<StoredArticle>, StoreError> {
        self.threads.read(move |connection| articles::one(connection, number)).await
    }

    async fn faces(&self) -> Result<HashMap<PortalId, Face>, StoreError> {
        self.threads.read(|connection| faces::faces(connection)).await
    }

    async fn about(&self, portal: &PortalId) -> Result<About, StoreError> {
        let portal = portal.clone();
        self.threads.read(move |connection| faces::about(connection, &portal)).await
    }

    async fn status(&self, now: DateTime<Utc>) -> Result<HashMap<PortalId, PortalStatus>, StoreError> {
        self.threads.read(move |connection| portals::status(connection, now)).await
    }

    async fn incidents(&self, limit: usize) -> Result<Vec<Incident>, StoreError> {
        self.threads.read(move |connection| incidents::incidents(connection, limit)).await
    }

    async fn revisions(&self) -> Result<HashMap<PortalId, i64>, StoreError> {
        self.threads.read(|connection| portals::revisions(connection)).await
    }

    async fn retain(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let dropped = self.threads.write(move |connection| articles::retain(connection, before)).await?;
        self.tell(dropped > 0);
        Ok(dropped)
    }

    async fn arrivals(
        &self,
        portals: Option<Vec<PortalId>>,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Arrival>, StoreError> {
        self.threads.read(move |connection| history::arrivals(connection, portals, after, limit)).await
    }

    async fn numbered(&self, numbers: Vec<i64>) -> Result<Vec<StoredArticle>, StoreError> {
        self.threads.read(move |connection| history::numbered(connection, &numbers)).await
    }

    async fn history(&self, feed: &str) -> Result<History, StoreError> {
        let feed = feed.to_owned();
        self.threads.read(move |connection| history::of(connection, &feed)).await
    }

    async fn write_history(
        &self,
        feed: &str,
        from: History,
        to: History,
        numbers: Vec<i64>,
    ) -> Result<bool, StoreError> {
        let feed = feed.to_owned();
        self.threads.write(move |connection| history::write(connection, &feed, &from, &to, &numbers)).await
    }

    async fn archived(&self, feed: &str, numbers: Vec<i64>) -> Result<HashSet<i64>, StoreError> {
        let feed = feed.to_owned();
        self.threads.read(move |connection| history::archived(connection, &feed, &numbers)).await
    }

    async fn at_places(
        &self,
        feed: &str,
        places: RangeInclusive<u32>,
    ) -> Result<Vec<(i64, PortalId)>, StoreError> {
        let feed = feed.to_owned();
        self.threads.read(move |connection| history::at_places(connection, &feed, &places)).await
    }

    async fn wish(&self, wish: Wish, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.threads.write(move |connection| hub::wish(connection, &wish, now)).await
    }

    async fn wishes(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Wished>, StoreError> {
        self.threads.read(move |connection| hub::wishes(connection, now, limit)).await
    }

    async fn end_wish(&self, wished: Wished, end: WishEnd) -> Result<(), StoreError> {
        self.threads.write(move |connection| hub::end_wish(connection, &wished, &end)).await
    }

    async fn topics(&self, now: DateTime<Utc>, ended: DateTime<Utc>) -> Result<Vec<String>, StoreError> {
        self.threads.write(move |connection| hub::topics(connection, now, ended)).await
    }

    async fn deny(&self, topic: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let topic = topic.to_owned();
        self.threads.write(move |connection| hub::deny(connection, &topic, now)).await
    }

    async fn subscriptions(&self, now: DateTime<Utc>) -> Result<Subscriptions, StoreError> {
        self.threads.read(move |connection| hub::subscriptions(connection, now)).await
    }

    async fn publish(&self, topic: &str, digest: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let (topic, digest) = (topic.to_owned(), digest.to_owned());
        self.threads.write(move |connection| hub::publish(connection, &topic, &digest, now)).await
    }

    async fn pushes(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Push>, StoreError> {
        self.threads.read(move |connection| hub::pushes(connection, now, limit)).await
    }

    async fn end_pushes(&self, ends: Vec<(i64, PushEnd)>) -> Result<(), StoreError> {
        self.threads.write(move |connection| hub::end_pushes(connection, &ends)).await
    }

    async fn next_push(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.threads.read(|connection| hub::next(connection)).await
    }

    async fn follows(
        &self,
        now: DateTime<Utc>,
        base: &str,
        limit: usize,
    ) -> Result<Vec<Followed>, StoreError> {
        let base = base.to_owned();
        self.threads.read(move |connection| followed::due(connection, now, &base, limit)).await
    }

    async fn followed(&self, token: &str) -> Result<Option<Followed>, StoreError> {
        let token = token.to_owned();
        self.threads.read(move |connection| followed::by_token(connection, &token)).await
    }

    async fn follow_tokens(&self) -> Result<Vec<String>, StoreError> {
        self.threads.read(|connection| followed::tokens(connection)).await
    }

    async fn end_follow(&self, token: &str, end: FollowEnd) -> Result<(), StoreError> {
        let token = token.to_owned();
        self.threads.write(move |connection| followed::end(connection, &token, &end)).await
    }

    async fn follow_news(&self, token: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let token = token.to_owned();
        self.threads.write(move |connection| followed::news(connection, &token, now)).await
    }

    async fn nodes(&self) -> Result<Vec<String>, StoreError> {
        self.threads.read(|connection| walks::nodes(connection)).await
    }

    async fn walk(&self, portal: &PortalId, list: &PageUrl) -> Result<Option<Walk>, StoreError> {
        let name = walks::name(portal, list);
        self.threads.read(move |connection| walks::read(connection, &name)).await
    }

    async fn settle_walk(&self, portal: &PortalId) -> Result<u64, StoreError> {
        let portal = portal.clone();
        self.threads.write(move |connection| walks::settle(connection, &portal)).await
    }

    async fn value(&self, name: &str) -> Result<Option<String>, StoreError> {
        let name = name.to_owned();
        self.threads.read(move |connection| articles::value(connection, &name)).await
    }

    async fn set_value(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.threads.write(move |connection| articles::set_value(connection, &name, &value)).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        self.threads.shown(limit, |connection| articles::count_up(connection, "store.ping")).await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        open::copied(Arc::clone(&self.path), to.to_owned()).await
    }
}
