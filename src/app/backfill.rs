//! `tidings fetch --backfill`: older list pages, one after the other, each answer stored before the next request.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::signal::unix::{SignalKind, signal};

use crate::collect::Reach;
use crate::config::Config;
use crate::model::{Candidate, PageUrl, Portal, PortalId, Traits, VisitCounts, Walk};
use crate::runtime::Stop;
use crate::schedule;
use crate::store::ListCopy;

use super::build::{self, Role, Rooms};
use super::error::Error;
use super::once::{chosen, claimed, told};
use super::progress::{Progress, Walked};

/// So many steps that fail in a row end a walk: the host is down, not one page.
const FAULTS_IN_A_ROW: u32 = 3;
/// Frames within frames that are looked into for the list.
const DEEPEST: usize = 3;
/// A walk that was broken off for longer looks at the first page again, as a visit would have by then.
const LONG: TimeDelta = TimeDelta::minutes(20);
/// A walk that came to its end is not made again for so long: what is new stands on the first pages.
const RESTS: TimeDelta = TimeDelta::days(1);
/// So many pages a list may have grown by while a walk was broken off.
const GROWN: u32 = 5;
/// Pages that an ordinary visit reads behind the first, at most; more are not looked for among what is known.
const KNOWN_PAGES: usize = 1000;

/// Walks so many list pages back on every list of the portals, and takes the articles it meets into the store. A walk
/// that was broken off goes on where it was.
///
/// # Errors
/// When a name is unknown or the store fails. A walk that failed is told in its [`Walked`].
pub async fn backfill(
    config: Config,
    names: Vec<PortalId>,
    pages: u32,
    progress: impl Fn(Progress) + Send + Sync + 'static,
) -> Result<Vec<Walked>, Error> {
    let rooms = build::rooms(&config, Role::Command).await?;
    let stop = Stop::new();
    heed_signals(&stop)?;
    let now = rooms.clock.now();
    rooms.store.sync_portals(schedule::seeds(&config.portals, now), now).await?;
    let portals = chosen(config.portals, &names)?;
    let sample = build::sample(&portals, Some(&rooms.store), &rooms.clock, &Stop::new()).await?;
    let portals = build::with_sample(portals, sample.as_ref());
    let progress: Arc<dyn Fn(Progress) + Send + Sync> = Arc::new(progress);
    let mut tasks = Vec::new();
    for portal in portals {
        let back = Back {
            rooms: rooms.clone(),
            portal: Arc::new(portal),
            pages,
            progress: Arc::clone(&progress),
            stop: stop.clone(),
        };
        tasks.push(stop.spawn(back.all()));
    }
    let mut walked = Vec::new();
    for task in tasks {
        walked.extend(task.await.map_err(|error| Error::System(format!("a walk broke off: {error}")))??);
    }
    rooms.store.close().await?;
    Ok(walked)
}

/// SIGTERM and SIGINT end walks after the step in hand.
fn heed_signals(stop: &Stop) -> Result<(), Error> {
    let catch =
        |kind| signal(kind).map_err(|error| Error::System(format!("signals cannot be caught: {error}")));
    let (mut term, mut int) = (catch(SignalKind::terminate())?, catch(SignalKind::interrupt())?);
    let order = stop.clone();
    // not waited for: it ends with the process
    drop(Stop::new().spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        order.request();
    }));
    Ok(())
}

/// A portal on whose lists is walked back.
struct Back {
    rooms: Rooms,
    portal: Arc<Portal>,
    pages: u32,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    stop: Stop,
}

impl Back {
    async fn all(self) -> Result<Vec<Walked>, Error> {
        let mut all = Vec::new();
        for list in &self.portal.lists {
            if self.stop.is_requested() {
                break;
            }
            let walked = Box::pin(self.one(list)).await;
            // whatever ended it, feeds get what it brought
            self.rooms.store.settle_walk(&self.portal.id).await?;
            let walked = walked?;
            (self.progress)(Progress::Walked(Box::new(walked.clone())));
            all.push(walked);
        }
        Ok(all)
    }

    async fn one(&self, list: &PageUrl) -> Result<Walked, Error> {
        let (id, now) = (&self.portal.id, self.rooms.clock.now());
        let mut walked = Walked {
            portal: id.clone(),
            list: list.clone(),
            pages: 0,
            counts: VisitCounts::default(),
            end: None,
            is_stopped: false,
            error: None,
            was_done: false,
        };
        let before = self.rooms.store.walk(id, list).await?;
        let mut walk = match before.filter(|walk| !walk.is_done(self.pages) || now - walk.at < RESTS) {
            Some(walk) if walk.is_done(self.pages) => {
                walked.was_done = true;
                walk
            }
            Some(walk) => {
                let walk = Walk { slack: GROWN, ..walk };
                let walk =
                    if now - walk.at > LONG { self.caught_up(list, walk, &mut walked).await? } else { walk };
                (self.progress)(Progress::GoesOn(id.clone(), walk.done));
                (self.progress)(Progress::Listed(id.clone(), walk.waiting.len()));
                walk
            }
            None => match self.begin(list, &mut walked).await? {
                Some(walk) => walk,
                None => return Ok(walked),
            },
        };
        let mut faults = 0;
        while !walk.is_done(self.pages) && !self.stop.is_requested() {
            let claim = claimed(&self.rooms.visits, &self.portal).await?;
            let watch = told(&self.progress, id);
            let (step, after) = self.rooms.visits.step(Arc::clone(&self.portal), claim, watch, walk).await?;
            walk = after;
            add(&mut walked.counts, &step.counts);
            faults = if step.error.is_some() { faults + 1 } else { 0 };
            if faults >= FAULTS_IN_A_ROW {
                walked.error = step.error;
                break;
            }
        }
        walked.is_stopped = walked.error.is_none() && !walk.is_done(self.pages);
        (walked.pages, walked.end) = (walk.done, walk.end);
        Ok(walked)
    }

    /// Reads the first page as any visit does, and begins a walk behind it.
    async fn begin(&self, list: &PageUrl, walked: &mut Walked) -> Result<Option<Walk>, Error> {
        let id = &self.portal.id;
        let visits = &self.rooms.visits;
        let claim = claimed(visits, &self.portal).await?;
        let watch = told(&self.progress, id);
        let visited =
            visits.make_so_far(Arc::clone(&self.portal), claim, Stop::new(), watch, Reach::Lists).await?;
        add(&mut walked.counts, &visited.counts);
        walked.error = visited.error;
        if walked.error.is_some() {
            return Ok(None);
        }
        let Start { beside, copies } = self.known_pages(list).await?;
        let now = self.rooms.clock.now();
        let all = || copies.iter().chain(&beside);
        let waiting: Vec<_> = all().flat_map(|copy| copy.items.clone()).collect();
        let next = copies.last().and_then(|copy| copy.next.clone());
        let barred = copies.last().and_then(|copy| copy.traits.barred.clone());
        // a file with more than a visit takes is its own next page
        let is_cut = |copy: &ListCopy| copy.next.as_ref().is_some_and(|next| next.key() == copy.url.key());
        let mut more: Vec<PageUrl> = next.iter().cloned().collect();
        more.extend(beside.iter().filter_map(|copy| copy.next.clone()));
        more.extend(all().flat_map(|copy| copy.traits.older.clone()));
        more.dedup();
        let next = if more.is_empty() { None } else { Some(more.remove(0)) };
        let walk = Walk {
            list: list.clone(),
            end: next.is_none().then(|| barred.unwrap_or_else(|| "there is no further page".to_owned())),
            next,
            more,
            slack: 0,
            done: u32::try_from(copies.len().saturating_sub(1)).unwrap_or(u32::MAX),
            pages: all()
                .filter(|copy| !is_cut(copy))
                .map(|copy| copy.url.key().as_str().to_owned())
                .collect(),
            last: waiting.iter().map(|item| item.url.key().as_str().to_owned()).collect(),
            base: waiting
                .iter()
                .filter_map(|item| Some(item.published?.utc()))
                .chain([now])
                .min()
                .unwrap_or(now),
            waiting,
            at: now,
        };
        (self.progress)(Progress::Listed(id.clone(), walk.waiting.len()));
        Ok(Some(walk))
    }

    /// A walk with what its list shows anew. When nothing on the first page is known, whole pages were added: then it
    /// begins anew, and passes over what is known.
    async fn caught_up(&self, list: &PageUrl, mut walk: Walk, walked: &mut Walked) -> Result<Walk, Error> {
        let Some(fresh) = self.begin(list, walked).await? else {
            // the walk itself will tell, should the host be down
            walked.error = None;
            return Ok(walk);
        };
        let keys = fresh.waiting.iter().map(|item| item.url.key()).collect();
        let known = self.rooms.store.known(&self.portal.id, keys).await?;
        let is_known = |item: &Candidate| {
            let key = item.url.key();
            known.contains_key(&key) || walk.waiting.iter().any(|other| other.url.key() == key)
        };
        if !fresh.waiting.iter().any(is_known) {
            return Ok(fresh);
        }
        let new: Vec<Candidate> = fresh.waiting.iter().filter(|item| !is_known(item)).cloned().collect();
        walk.waiting.extend(new);
        Ok(walk)
    }

    /// The first page as it was read, or what belongs to it where it lists nothing itself, and the further ones that a
    /// visit reads anyway.
    async fn known_pages(&self, list: &PageUrl) -> Result<Start, Error> {
        let (store, id) = (&self.rooms.store, &self.portal.id);
        let mut start = Start::default();
        let Some(mut copy) = store.list_copy(id, list).await? else { return Ok(start) };
        // a frame may hold a page with a frame
        for _ in 0..DEEPEST {
            if !copy.items.is_empty() || copy.next.is_some() {
                break;
            }
            let Traits { parts, beside, elsewhere, .. } = &copy.traits;
            let parts: Vec<PageUrl> = elsewhere.iter().chain(parts).chain(beside).cloned().collect();
            let (mut inner, mut leads_on) = (Vec::new(), None);
            for part in parts {
                let Some(of_part) = store.list_copy(id, &part).await? else { continue };
                if !of_part.items.is_empty() {
                    inner.push(of_part);
                } else if leads_on.is_none() && !of_part.traits.parts.is_empty() {
                    leads_on = Some(of_part);
                }
            }
            // an index of files lists nothing itself and leads to the older ones
            let shell = if inner.is_empty() { leads_on } else { Some(inner.remove(0)) };
            let Some(shell) = shell else { break };
            let outer = std::mem::replace(&mut copy, shell);
            start.beside.extend(Some(outer).filter(|outer| !outer.traits.older.is_empty()));
            start.beside.append(&mut inner);
        }
        let most = usize::try_from(self.portal.recipe.list.max_pages).unwrap_or(1).clamp(1, KNOWN_PAGES);
        start.copies.push(copy);
        while let Some(next) = start.copies.last().and_then(|copy| copy.next.clone())
            && start.copies.len() < most
            && let Some(copy) = store.list_copy(id, &next).await?
        {
            start.copies.push(copy);
        }
        Ok(start)
    }
}

/// What a visit has read of a list.
#[derive(Debug, Default)]
struct Start {
    /// The first page, and the further ones that a visit reads.
    copies: Vec<ListCopy>,
    /// What belongs to the first page beside it: further files of a sitemap and their index.
    beside: Vec<ListCopy>,
}

fn add(sum: &mut VisitCounts, more: &VisitCounts) {
    sum.new += more.new;
    sum.changed += more.changed;
    sum.withdrawn += more.withdrawn;
    sum.requests += more.requests;
    sum.not_modified += more.not_modified;
    sum.bytes += more.bytes;
    sum.ms += more.ms;
}
