//! One visit in flight: its portal, its turns, its budget, what was noted so far.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::fetch::{FetchError, Fetcher, Reply, Request, Session, Validators};
use crate::model::{Class, Kind, Note, PageUrl, Portal, Render, Traits, UrlKey, VisitCounts};
use crate::runtime::{Bench, Clock, Meter, Stop};
use crate::store::{Known, ListCopy, Store};

use super::gate::Turns;
use super::logins::Logins;
use super::trace::{Trace, validators};
use super::walls;
use super::ways::Behind;

/// How long a request in flight is still waited for when tidings stops.
const STOP_PATIENCE: Duration = Duration::from_secs(3);

/// A larger page makes a tree of tens of megabytes: such pages are parsed one at a time.
const HEAVY_FROM: usize = 256 * 1024;

/// The right to parse, shared by all visits.
#[derive(Debug)]
pub(super) struct Permits {
    any: Semaphore,
    heavy: Semaphore,
    bench: Bench,
    /// Pages that came and are not read yet.
    waiting: AtomicUsize,
}

impl Permits {
    pub(super) fn new(at_once: usize) -> Self {
        let any = Semaphore::new(at_once.max(1));
        Self { any, heavy: Semaphore::new(1), bench: Bench::new(at_once), waiting: AtomicUsize::new(0) }
    }

    /// Pages that came and are not read yet.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Counts a page until the returned value is dropped.
    fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(&self.waiting)
    }
}

/// A page that waits to be read, or is read.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One visit in flight.
#[derive(Debug)]
pub(super) struct Round<'a> {
    pub(super) portal: Arc<Portal>,
    /// What its documents are read as.
    pub(super) kind: Kind,
    /// How the page that led to the document now read makes addresses of the names of its articles.
    pub(super) ways: Vec<String>,
    /// Whether the pages of the list now read are counted from the oldest.
    pub(super) from_oldest: bool,
    /// The address of that page; None while that is read itself.
    pub(super) from: Option<PageUrl>,
    /// Where articles stand that their pages do not show, as far as this visit found out.
    pub(super) behind: Behind,
    pub(super) fetcher: &'a Fetcher,
    /// What the portal is reached with, when it is not asked for plainly.
    pub(super) session: Option<Arc<Session>>,
    /// How often this visit logged in.
    pub(super) logins: Logins,
    /// None for a trial: nothing is known and nothing is kept.
    pub(super) store: Option<&'a Store>,
    pub(super) clock: &'a Clock,
    pub(super) meter: &'a Meter,
    pub(super) permits: &'a Permits,
    pub(super) stop: Stop,
    pub(super) turns: Turns,
    pub(super) deadline: Instant,
    pub(super) counts: VisitCounts,
    pub(super) notes: Vec<Note>,
    /// What earlier visits learnt of the portal's pages.
    pub(super) learnt: Arc<Traits>,
    /// What was seen of its lists.
    pub(super) trace: Trace,
}

impl Round<'_> {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether a browser makes its pages.
    pub(super) fn is_rendered(&self) -> bool {
        self.portal.access.render == Render::Browser
    }

    /// Whether no further page may be asked for.
    pub(super) fn is_over(&self) -> bool {
        self.stop.is_requested() || self.turns.is_late || Instant::now() >= self.deadline
    }

    /// The key of an address. The sample portal's port differs from run to run and is no part of it.
    pub(super) fn key(&self, url: &PageUrl) -> UrlKey {
        if self.portal.sample {
            UrlKey::from_stored(format!("sample:{}", url.path_and_query()))
        } else {
            url.key()
        }
    }

    /// Where a redirect led away from an article: to a list of the portal, or to a front page. None when it did not.
    pub(super) fn strayed(&self, asked: &PageUrl, answered: &PageUrl) -> Option<&'static str> {
        let answer = self.key(answered);
        if answer == self.key(asked) {
            return None;
        }
        if self.portal.lists.iter().any(|list| self.key(list) == answer) {
            return Some("the list");
        }
        (answered.is_front() && !asked.is_front()).then_some("the front page")
    }

    pub(super) async fn list_copy(&self, url: &PageUrl) -> Result<Option<ListCopy>, FetchError> {
        let Some(store) = self.store else { return Ok(None) };
        store
            .list_copy(&self.portal.id, url)
            .await
            .map_err(|e| FetchError::new(Class::Store, url, e.to_string()))
    }

    /// Asks for a list page, conditionally when a copy is at hand.
    pub(super) async fn get_list(
        &mut self,
        url: &PageUrl,
        old: Option<&ListCopy>,
    ) -> Result<Reply, FetchError> {
        match self.trace.answers.remove(url) {
            Some(answer) => answer,
            None => self.get(url, old.map(validators).unwrap_or_default()).await,
        }
    }

    /// Asks for an article page, conditionally when it is known.
    pub(super) async fn get_article(
        &mut self,
        url: &PageUrl,
        known: Option<&Known>,
    ) -> Result<Reply, FetchError> {
        // validators of a page that gave no article would hide its mending
        let validators =
            known.filter(|known| known.article.is_some()).map_or_else(Validators::default, |known| {
                Validators { etag: known.etag.clone(), last_modified: known.last_modified.clone() }
            });
        self.get(url, validators).await
    }

    /// One request for a page, as it is.
    pub(super) async fn ask(&mut self, url: &PageUrl, validators: Validators) -> Result<Reply, FetchError> {
        self.exchange(Request { validators, ..Request::new(url.clone()) }).await
    }

    /// One request, sent as the portal's requests are, and counted.
    pub(super) async fn exchange(&mut self, mut request: Request) -> Result<Reply, FetchError> {
        let url = &request.url.clone();
        request.admitted = self.portal.admitted;
        request.session.clone_from(&self.session);
        request.render = self.portal.access.render;
        if self.portal.lists.iter().any(|list| list.same_origin(url)) {
            request.headers.extend(self.portal.headers.iter().cloned());
        }
        if self.trace.is_last {
            // nobody holds the connection until the next visit (RFC 9112 section 9.6)
            request.headers.push(("Connection".to_owned(), "close".to_owned()));
        }
        // a request that is dropped midway costs its connection, nothing else
        let answer = tokio::select! {
            answer = self.fetcher.get(request, &mut self.turns) => answer,
            () = patience_ended(&self.stop) => Err(FetchError::new(Class::Internal, url, "broken off: tidings is stopping")),
        };
        let answer = match answer {
            Err(error) if !error.page.is_empty() => {
                Err(self.parse(url, error.page.len(), move || walls::behind(error)).await?)
            }
            Ok(mut reply) if reply.before.is_some() => {
                let (before, at) = (reply.before.take().unwrap_or_default(), reply.url.clone());
                let wall = self.parse(url, before.len(), move || walls::before(&before, &at)).await?;
                let requests = reply.requests;
                wall.map_or(Ok(reply), |wall| Err(FetchError { requests, ..wall }))
            }
            answer => answer,
        };
        match &answer {
            Ok(reply) => {
                self.counts.requests += reply.requests;
                self.counts.bytes += reply.wire_bytes;
                self.counts.not_modified += u64::from(reply.not_modified);
            }
            Err(error) => {
                self.counts.requests += error.requests;
                if let Some(seconds) = error.retry_after {
                    // a redirect may have led to another host: the one that asked gets its rest
                    let asker = error.fault.url.as_ref().unwrap_or(url);
                    self.turns.rest(asker, Duration::from_secs(seconds));
                }
            }
        }
        answer
    }

    /// Runs one parse of so many bytes off the runtime's threads, within the permits. A panic in it is this page's
    /// fault only.
    pub(super) async fn parse<T: Send + 'static>(
        &self,
        url: &PageUrl,
        size: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, FetchError> {
        let internal = |detail: &str| FetchError::new(Class::Internal, url, detail);
        let stopping = |_| internal("tidings is stopping");
        let _waiting = self.permits.wait();
        let _heavy = match size {
            HEAVY_FROM.. => Some(self.permits.heavy.acquire().await.map_err(stopping)?),
            _ => None,
        };
        let _permit = self.permits.any.acquire().await.map_err(stopping)?;
        self.permits.bench.run(work).await.ok_or_else(|| {
            self.meter.panicked();
            internal("reading this page failed inside tidings; please report it with the address")
        })
    }
}

/// Ends some time after stopping was asked for: a request in flight may still be answered.
async fn patience_ended(stop: &Stop) {
    stop.requested().await;
    tokio::time::sleep(STOP_PATIENCE).await;
}
