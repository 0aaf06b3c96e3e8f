//! The visit itself: lists first, then the articles that are new or due, until the budget is spent.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::fetch::{FetchError, Fetcher};
use crate::model::{Class, Fault, HostKey, Note, Portal, VisitCounts};
use crate::runtime::{Clock, Meter, Stop};
use crate::store::{Claim, Known, Outcome, Store, StoreError};

use super::access;
use super::article;
use super::expect;
use super::gate::{Claims, Turns};
use super::learn;
use super::listing;
use super::lists::Lists;
use super::plan;
use super::report::{Job, Reach, Report, Step};
use super::round::{Permits, Round};
use super::settings::Settings;
use super::sort::is_transport;
use super::still::{self, Seen, Still, Stills};
use super::trace::Trace;
use super::ways::Behind;
use super::whole::Wanted;
use super::work::Work;

/// So many transport faults in a row end a visit: the host is down, not the page.
const FAULTS_IN_A_ROW: u32 = 3;

/// So many pages wait for each that is read before it is too many: a tenth of a second of reading.
const PAGES_AHEAD: usize = 32;

/// Makes visits. Cheap to clone; clones share the permits to parse, and what they know of portals that stand still.
#[derive(Debug, Clone)]
pub struct Collector {
    fetcher: Fetcher,
    clock: Clock,
    meter: Meter,
    settings: Settings,
    min_gap: Duration,
    permits: Arc<Permits>,
    stills: Arc<Stills>,
}

impl Collector {
    /// A collector that fetches through `fetcher`; `min_gap` is the common time between two requests to a host.
    #[must_use]
    pub fn new(fetcher: Fetcher, clock: Clock, meter: Meter, settings: Settings, min_gap: Duration) -> Self {
        let permits = Arc::new(Permits::new(settings.parsers));
        Self { fetcher, clock, meter, settings, min_gap, permits, stills: Arc::default() }
    }

    /// How many pages more may come before those that are here are read. While there is no room, each further visit
    /// would hold what it fetched, and be done no sooner.
    #[must_use]
    pub fn room(&self) -> usize {
        self.settings.parsers.saturating_mul(PAGES_AHEAD).saturating_sub(self.permits.waiting())
    }

    /// Makes one visit. It never fails: what went wrong is in the report, and so is all that was read before.
    pub async fn visit(&self, store: &Store, job: Job) -> Report {
        let began = Instant::now();
        let Job { portal, claim, stop, watch, reach } = job;
        let (asked, lease, seen) = (claim.asked, claim.lease.clone(), Seen::of(&claim));
        let mut round = self.claimed(store, &portal, claim, stop);
        let known = self.stills.take(&portal.id, seen, round.now());
        if let Some(known) = known.filter(|_| reach == Reach::Whole && !asked)
            && let Some(lists) = still::look(&mut round, &known).await
        {
            let report = Self::report(round, lists, Work::default(), lease, began.elapsed());
            self.stills.keep(portal.id.clone(), known, report.outcome.ended);
            return report;
        }
        let mut lists = listing::read(&mut round).await;
        round.learnt = lists.learnt.take().map(Arc::new).unwrap_or_default();
        let mut work = Work::failing(lists.error.clone().filter(|_| lists.good == 0));
        if work.error.is_none() {
            work.error = expect::enough(&round, &lists).err();
        }
        if work.error.is_none() {
            work.error = expect::probe(&mut round, &mut lists.copies).await.err();
        }
        if work.error.is_some() && lists.good > 0 {
            // nothing of lists that are not believed is remembered, but the doubts about them
            lists.copies.retain(|copy| copy.traits.doubt.is_some());
            (lists.title, lists.lang) = (None, None);
        }
        let mut still = None;
        if work.error.is_none() && reach == Reach::Whole {
            match self.wanted(&round, store, &lists, asked).await {
                Ok((wanted, due)) => {
                    watch.tell(Step::Listed(wanted.len()));
                    work.left = wanted.len();
                    work.is_blind = is_blind(&lists, &wanted);
                    self.articles(&mut round, &wanted, &mut work, || watch.tell(Step::Article)).await;
                    still = wanted.is_empty().then(|| Still::of(&mut round, seen, &lists, due)).flatten();
                }
                Err(error) => work.error = Some(store_error(&portal, &error)),
            }
        }
        if work.error.is_none() {
            work.error = expect::fresh(&round, &lists.items).err();
        }
        let report = Self::report(round, lists, work, lease, began.elapsed());
        if let Some(still) = still {
            self.stills.keep(portal.id.clone(), still, report.outcome.ended);
        }
        report
    }

    /// A round within a claim, with the turns of its hosts.
    pub(super) fn claimed<'a>(
        &'a self,
        store: &'a Store,
        portal: &Arc<Portal>,
        claim: Claim,
        stop: Stop,
    ) -> Round<'a> {
        let claims = Claims::Store { store: store.clone(), portal: portal.id.clone(), lease: claim.lease };
        let mut round = self.round(Arc::clone(portal), Some(store), claims, stop);
        for (key, row) in claim.hosts {
            round.turns.hold(key, row);
        }
        round
    }

    pub(super) fn round<'a>(
        &'a self,
        portal: Arc<Portal>,
        store: Option<&'a Store>,
        claims: Claims,
        stop: Stop,
    ) -> Round<'a> {
        let deadline = Instant::now() + self.settings.budget;
        let turns =
            Turns::new(self.fetcher.clone(), self.clock.clone(), claims, &portal, self.min_gap, deadline);
        let session = self.fetcher.session(&portal);
        let notes = access::unchecked(&portal);
        Round {
            kind: portal.kind,
            ways: Vec::new(),
            from_oldest: false,
            from: None,
            behind: Behind::default(),
            portal,
            fetcher: &self.fetcher,
            session,
            logins: super::logins::Logins::default(),
            store,
            clock: &self.clock,
            meter: &self.meter,
            permits: &self.permits,
            stop,
            turns,
            deadline,
            counts: VisitCounts::default(),
            notes,
            learnt: Arc::default(),
            trace: Trace::default(),
        }
    }

    /// Which article pages this visit asks for: in list order, then those off the list whose re-visit is due. When there
    /// is none, the second value is when one will be due.
    async fn wanted(
        &self,
        round: &Round<'_>,
        store: &Store,
        lists: &Lists,
        asked: bool,
    ) -> Result<(Vec<Wanted>, Option<DateTime<Utc>>), StoreError> {
        let now = round.now();
        let portal = &round.portal.id;
        let keys: Vec<_> = lists.items.iter().map(|item| round.key(&item.url)).collect();
        let mut known = store.known(portal, keys.clone()).await?;
        let reads = round.portal.recipe.article.read;
        let is_due = |known: &Known| known.next_visit.is_some_and(|at| at <= now);
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut due = known.values().filter_map(|known| known.next_visit).min();
        for (place, (item, key)) in lists.items.iter().zip(&keys).enumerate() {
            let known = known.remove(key);
            // what a list says itself is as it was where the list is
            let is_told = round.trace.has_moved && (!reads || item.is_whole());
            // a list that was not read again keeps nothing of what it said but that it said all
            let was_told = item.given.as_ref().is_some_and(|given| given.was_whole && !given.is_whole);
            let again =
                asked && place < lists.on_first && !was_told || is_told || lists.touched.contains(key);
            // what pages named is asked once, should they have named the wrong one
            let is_due = |known: &Known| is_due(known) || known.is_alias && known.article.is_some();
            let is_back = |known: &Known| known.is_withdrawn && plan::is_listed_again(known.next_visit, now);
            if known.as_ref().is_none_or(|known| again || is_due(known) || is_back(known)) {
                wanted.push(Wanted {
                    url: item.url.clone(),
                    key: key.clone(),
                    candidate: Some(item.clone()),
                    known,
                });
            }
        }
        if reads {
            let revisits = store.revisits(portal, now, self.settings.max_revisits).await?;
            let off_list = revisits.into_iter().filter(|known| !keys.contains(&known.key));
            wanted.extend(off_list.map(|known| Wanted {
                url: known.url.clone(),
                key: known.key.clone(),
                candidate: None,
                known: Some(known),
            }));
        }
        if wanted.is_empty() && reads && !round.trace.has_moved {
            let next = store.revisits(portal, DateTime::<Utc>::MAX_UTC, 1).await?;
            due = due.into_iter().chain(next.into_iter().filter_map(|known| known.next_visit)).min();
        }
        Ok((wanted, due))
    }

    async fn articles(
        &self,
        round: &mut Round<'_>,
        wanted: &[Wanted],
        work: &mut Work,
        mut done: impl FnMut(),
    ) {
        let reads = round.portal.recipe.article.read;
        // by host: a stranger's host that is down, or asks for rest, costs its own pages only
        let mut tired: HashMap<HostKey, Tired> = HashMap::new();
        let mut asked = 0;
        let count = wanted.len();
        for (place, wanted) in wanted.iter().enumerate() {
            if work.is_full() {
                return;
            }
            if let Some(candidate) = wanted.candidate.as_ref().filter(|item| !reads || item.is_whole()) {
                match article::of_list(round, wanted, candidate).await {
                    Ok(page) => work.add(page),
                    Err(error) => {
                        round.notes.push(error.fault.clone());
                        work.add_failed(wanted, error, round.now());
                    }
                }
                continue;
            }
            if round.is_over() || asked >= self.settings.max_articles {
                return;
            }
            let host = wanted.url.host_key();
            if let Some(error) = tired.get(&host).and_then(|tired| tired.error.clone()) {
                work.add_failed(wanted, error, round.now());
                continue;
            }
            asked += 1;
            round.trace.is_last = place + 1 == count;
            let visited = article::visit(round, wanted).await;
            round.trace.is_last = false;
            round.turns.give_back().await;
            match visited {
                Ok(page) => {
                    tired.remove(&host);
                    work.good += 1;
                    work.add(page);
                }
                // broken off by the stop, or at the end of the budget: it comes next time. One that took all of the
                // budget would take the next one too: it has failed
                Err(_) if round.stop.is_requested() || round.is_over() && work.good > 0 => return,
                Err(error) => {
                    let is_own = round.portal.lists.iter().any(|list| list.host_key() == host);
                    if tired.entry(host).or_default().is_enough(&error) && is_own {
                        work.error = Some(error);
                        return;
                    }
                    round.notes.push(error.fault.clone());
                    work.add_failed(wanted, error, round.now());
                }
            }
            done();
        }
    }

    pub(super) fn report(
        round: Round<'_>,
        lists: Lists,
        mut work: Work,
        lease: crate::store::Lease,
        took: Duration,
    ) -> Report {
        let ended = round.now();
        work.doubt();
        let held = work.hold_back(ended);
        // every page asked for failed, and there was more than one: the pages have changed, not one page
        let all_failed = work.good == 0 && work.failed > 1 && round.portal.recipe.article.read;
        let error = work.error.take().or(work.first_fault.take().filter(|_| all_failed));
        if work.good == 0
            && error.as_ref().is_some_and(|error| work.is_blind || is_transport(error.fault.class))
        {
            work.stay_due(ended);
        }
        let retry_after = error.as_ref().and_then(|error| error.retry_after).map(Duration::from_secs);
        let mut counts = round.counts;
        counts.items = (lists.items.len() + lists.standing_items) as u64;
        counts.requests += round.turns.requests;
        counts.ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let mut notes: Vec<Note> = round.notes;
        let is_held = held.is_some();
        notes.extend(held);
        notes.extend(round.turns.notes.iter().cloned());
        let outcome = Outcome {
            portal: round.portal.id.clone(),
            lease,
            ended,
            next_due: ended,
            error: error.map(|error| error.fault.told()),
            degraded: lists.degraded || lists.error.is_some() || is_held,
            title: lists.title,
            lang: lists.lang,
            counts,
            notes: told(notes),
            listed: lists.standing,
            lists: learn::learn(lists.copies, &work.pages),
            pages: work.pages,
            hosts: round.turns.into_rows(),
            walk: None,
        };
        Report { outcome, left: work.left, retry_after }
    }
}

/// Whether of several listed articles none was ever read.
fn is_blind(lists: &Lists, wanted: &[Wanted]) -> bool {
    let unread = wanted.iter().filter(|wanted| {
        wanted.candidate.is_some() && wanted.known.as_ref().is_none_or(|known| known.article.is_none())
    });
    let listed = lists.items.len();
    listed > 1 && unread.count() == listed
}

/// What is told of a visit: each thing once, however many pages have it.
fn told(notes: Vec<Note>) -> Vec<Note> {
    let mut seen = HashSet::new();
    let told = notes.into_iter().map(Note::told);
    told.filter(|note| seen.insert((note.class, note.detail.clone(), note.url.clone()))).collect()
}

/// How a host's pages failed in a row.
#[derive(Debug, Default)]
struct Tired {
    faults: u32,
    /// The last one, once there were enough.
    error: Option<FetchError>,
}

impl Tired {
    /// Counts a failure; whether no more is to be asked of the host in this visit.
    fn is_enough(&mut self, error: &FetchError) -> bool {
        self.faults = if is_transport(error.fault.class) { self.faults + 1 } else { 0 };
        if error.fault.class == Class::RateLimited || self.faults >= FAULTS_IN_A_ROW {
            self.error = Some(error.clone());
        }
        self.error.is_some()
    }
}

pub(super) fn store_error(portal: &Portal, error: &StoreError) -> FetchError {
    let fault = Fault { class: Class::Store, detail: error.to_string(), url: portal.lists.first().cloned() };
    FetchError { fault, status: None, retry_after: None, requests: 0, page: bytes::Bytes::new() }
}
