//! One visit from claim to commit, for the planner and for the commands alike.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use tokio::time::Instant;

use crate::collect::{Collector, Job, Reach, Report, Watch};
use crate::model::{Class, Fault, HostKey, Portal, PortalId, VisitCounts, Walk};
use crate::runtime::{Clock, Meter, Stop};
use crate::store::{Claim, Committed, Lease, Outcome, Store, StoreError};

use super::plan::{self, Ended};
use super::streaks::Streaks;

/// Claims portals, has them visited, plans the next visit and stores all of it.
#[derive(Debug, Clone)]
pub struct Visits {
    /// Where everything is kept.
    pub store: Store,
    /// Who makes the visit; a reload puts another here.
    pub collector: Arc<ArcSwap<Collector>>,
    /// The time.
    pub clock: Clock,
    /// What is counted.
    pub meter: Meter,
    /// The name in leases: one for all visits of this process.
    pub node: String,
    /// How long a claim holds.
    pub lease: Duration,
    /// How often in a row portals had more than a visit takes.
    pub streaks: Streaks,
}

/// A visit that was made and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    /// Where to.
    pub portal: PortalId,
    /// What was seen and done.
    pub counts: VisitCounts,
    /// Why it failed; None when it served.
    pub error: Option<Fault>,
    /// What was cut or repaired.
    pub notes: usize,
    /// Article pages left for the next visit.
    pub left: usize,
    /// When the next one is due; for one that was broken off, when it ended.
    pub next_due: DateTime<Utc>,
}

impl Visited {
    fn of(outcome: &Outcome, left: usize) -> Self {
        Self {
            portal: outcome.portal.clone(),
            counts: outcome.counts,
            error: outcome.error.clone(),
            notes: outcome.notes.len(),
            left,
            next_due: outcome.next_due,
        }
    }
}

impl Visits {
    /// Claims a portal and the hosts of its lists; None while somebody else holds one of them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim(&self, portal: &Portal) -> Result<Option<Claim>, StoreError> {
        self.claims(std::iter::once(portal)).await.map(|mut claims| claims.pop().flatten())
    }

    /// The same of several, those that come first before the others.
    ///
    /// # Errors
    /// When the store fails: then none is claimed.
    pub async fn claims(
        &self,
        portals: impl Iterator<Item = &Portal>,
    ) -> Result<Vec<Option<Claim>>, StoreError> {
        let now = self.clock.now();
        let until = now + TimeDelta::from_std(self.lease).unwrap_or(TimeDelta::MAX);
        let lease = Lease { node: self.node.clone(), now, until };
        let wanted = portals.map(|portal| (portal.id.clone(), hosts(portal))).collect();
        self.store.claims(wanted, lease).await
    }

    /// Makes a claimed visit and stores it, the plan of the next one with it.
    ///
    /// # Errors
    /// When the store fails: then nothing of the visit is kept, and the claim ends by its own time.
    pub async fn make(
        &self,
        portal: Arc<Portal>,
        claim: Claim,
        stop: Stop,
        watch: Watch,
    ) -> Result<Visited, StoreError> {
        self.make_so_far(portal, claim, stop, watch, Reach::Whole).await
    }

    /// The same, of the lists alone if so wished.
    ///
    /// # Errors
    /// As [`Visits::make`].
    pub async fn make_so_far(
        &self,
        portal: Arc<Portal>,
        claim: Claim,
        stop: Stop,
        watch: Watch,
        reach: Reach,
    ) -> Result<Visited, StoreError> {
        let failures = claim.failures;
        let order = stop.clone();
        let mut report = self.visited(Job { portal: Arc::clone(&portal), claim, stop, watch, reach }).await;
        let outcome = &mut report.outcome;
        let is_whole = outcome.error.is_none() && outcome.counts.requests > 0;
        if !is_whole && order.is_requested() {
            // broken off by the stop, not by the portal: it stays due, and the next start gives the claim back
            return Ok(Visited::of(outcome, report.left));
        }
        let ended = Ended {
            at: outcome.ended,
            failures: if outcome.error.is_some() { failures.saturating_add(1) } else { 0 },
            left: self.streaks.after(&portal.id, report.left),
            retry_after: report.retry_after,
        };
        outcome.next_due = plan::next_due(&portal.id, &portal.pace, &ended, dice(outcome.ended, &portal.id));
        let mut visited = Visited::of(outcome, report.left);
        let Committed { counts, .. } = self.store.finish(report.outcome).await?;
        visited.counts = counts;
        let error = &visited.error;
        self.meter.visit(
            error.as_ref().map_or("ok", |fault| fault.class.as_str()),
            Duration::from_millis(counts.ms),
        );
        self.meter.articles(counts.new, counts.changed, counts.withdrawn);
        tell(&visited);
        Ok(visited)
    }
}

impl Visits {
    /// Makes one claimed step of a walk over older list pages, and stores it with how far it came.
    ///
    /// # Errors
    /// When the store fails: then nothing of the step is kept.
    pub async fn step(
        &self,
        portal: Arc<Portal>,
        claim: Claim,
        watch: Watch,
        walk: Walk,
    ) -> Result<(Visited, Walk), StoreError> {
        // what was asked for is waited for: a stop is heeded between two steps
        let job = Job { portal, claim, stop: Stop::new(), watch, reach: Reach::Lists };
        let report = self.collector.load_full().step(&self.store, job, walk.clone()).await;
        let walk = report.outcome.walk.clone().unwrap_or(walk);
        let mut visited = Visited::of(&report.outcome, report.left);
        visited.counts = self.store.finish(report.outcome).await?.counts;
        self.meter.articles(visited.counts.new, visited.counts.changed, visited.counts.withdrawn);
        Ok((visited, walk))
    }

    /// The visit. A panic in it is a failure of this visit only, and counted: what it held is given back, and the
    /// next one is planned as after any failure.
    async fn visited(&self, job: Job) -> Report {
        let began = Instant::now();
        let (portal, lease, hosts) =
            (job.portal.id.clone(), job.claim.lease.clone(), job.claim.hosts.clone());
        let collector = self.collector.load_full();
        if let Ok(report) = AssertUnwindSafe(Box::pin(collector.visit(&self.store, job))).catch_unwind().await
        {
            return report;
        }
        self.meter.panicked();
        let ended = self.clock.now();
        let detail = "the visit failed inside tidings; please report it with the lines of the log";
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let outcome = Outcome {
            portal,
            lease,
            ended,
            next_due: ended,
            error: Some(Fault { class: Class::Internal, detail: detail.to_owned(), url: None }),
            degraded: false,
            title: None,
            lang: None,
            counts: VisitCounts { ms, ..VisitCounts::default() },
            notes: Vec::new(),
            lists: Vec::new(),
            listed: Vec::new(),
            pages: Vec::new(),
            hosts,
            walk: None,
        };
        Report { outcome, left: 0, retry_after: None }
    }
}

/// The hosts of a portal's lists.
fn hosts(portal: &Portal) -> Vec<HostKey> {
    let mut hosts: Vec<_> = portal.lists.iter().map(crate::model::PageUrl::host_key).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// Jitter needs no good randomness, only that portals and times differ.
fn dice(at: DateTime<Utc>, portal: &PortalId) -> u64 {
    let seed = at.timestamp_subsec_nanos().wrapping_mul(2_654_435_761);
    portal
        .as_str()
        .bytes()
        .fold(u64::from(seed), |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

fn tell(visited: &Visited) {
    let Visited { portal, counts, error, left, .. } = visited;
    match error {
        None => tracing::info!(
            portal.name = %portal, visit.items = counts.items, visit.articles_new = counts.new,
            visit.articles_changed = counts.changed, visit.articles_withdrawn = counts.withdrawn, visit.requests = counts.requests, visit.left = left,
            duration_ms = counts.ms, "visited {portal}: {} new, {} changed, {} withdrawn", counts.new, counts.changed, counts.withdrawn
        ),
        Some(fault) => tracing::warn!(
            portal.name = %portal, error.class = fault.class.as_str(), visit.requests = counts.requests,
            duration_ms = counts.ms, "visit to {portal} failed: {fault}"
        ),
    }
}
