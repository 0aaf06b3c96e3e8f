//! Before each request: robots.txt and the turn of the host.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::Instant;

use crate::fetch::polite::{self, HostTurn, RobotsAnswer, RobotsCopy};
use crate::fetch::robots::Robots;
use crate::fetch::{FetchError, Fetcher, Gate, Open, Overlong, Request, Session};
use crate::model::{Class, HostKey, Note, PageUrl, Portal, PortalId};
use crate::runtime::Clock;
use crate::store::{HostRow, Lease, Store};

/// A host that another visit holds is waited for so long, then its pages are left for the next visit.
const HOST_PATIENCE: Duration = Duration::from_secs(10);
/// Between two tries to get a host that another visit holds.
const HOST_RETRY: Duration = Duration::from_millis(250);
/// More than this of robots.txt is not read (RFC 9309 section 2.5 asks for 500 KiB at least).
const ROBOTS_BYTES: usize = 512 * 1024;

/// Of robots.txt the rules that concern us are kept, so many bytes of them: no site has more.
const KEPT_BYTES: usize = 256 * 1024;
/// Hosts of strangers that one visit goes to: a list of links to ever new ones would fill memory and store.
const STRANGERS: usize = 20;
/// A robots.txt that fails for so long, while its host answers, gives no rules (RFC 9309 section 2.3.1.4 says thirty
/// days of an outage; a week of a broken address is one).
const ROBOTS_PATIENCE: TimeDelta = TimeDelta::days(7);

/// Where further hosts of a visit are claimed.
#[derive(Debug, Clone)]
pub(super) enum Claims {
    /// In the store, for a visit that will be stored.
    Store { store: Store, portal: PortalId, lease: Lease },
    /// Nowhere: a trial holds nothing.
    None,
}

/// The turns of all hosts of one visit.
#[derive(Debug)]
pub(super) struct Turns {
    fetcher: Fetcher,
    clock: Clock,
    claims: Claims,
    /// The portal's own wish, else the common setting.
    min_gap: Duration,
    admitted: Option<std::net::SocketAddr>,
    session: Option<Arc<Session>>,
    product: String,
    /// Whether a person sent us to this very page: robots.txt speaks to those who wander.
    pub(super) is_sent: bool,
    hosts: BTreeMap<HostKey, Host>,
    /// Hosts of strangers met so far.
    strangers: BTreeSet<HostKey>,
    /// No host is waited for beyond this.
    deadline: Instant,
    /// Whether a host's turn would have come later than that.
    pub(super) is_late: bool,
    /// Requests for robots.txt.
    pub(super) requests: u64,
    pub(super) notes: Vec<Note>,
}

#[derive(Debug, Default)]
struct Host {
    turn: HostTurn,
    robots: Option<Robots>,
    gap: Duration,
    /// Whether the visit was claimed with it.
    is_own: bool,
}

impl Turns {
    pub(super) fn new(
        fetcher: Fetcher,
        clock: Clock,
        claims: Claims,
        portal: &Portal,
        min_gap: Duration,
        deadline: Instant,
    ) -> Self {
        let product = fetcher.product().to_owned();
        let session = fetcher.session(portal);
        Self {
            fetcher,
            clock,
            claims,
            min_gap: portal.min_gap.unwrap_or(min_gap),
            admitted: portal.admitted,
            session,
            product,
            is_sent: false,
            hosts: BTreeMap::new(),
            strangers: BTreeSet::new(),
            deadline,
            is_late: false,
            requests: 0,
            notes: Vec::new(),
        }
    }

    /// Takes over a host that the visit was claimed with.
    pub(super) fn hold(&mut self, key: HostKey, row: HostRow) {
        self.keep(key, row, true);
    }

    fn keep(&mut self, key: HostKey, row: HostRow, is_own: bool) {
        self.hosts.insert(key, Host { turn: from_row(row), robots: None, gap: self.min_gap, is_own });
    }

    /// Gives the hosts of strangers back, with their turns: others have pages there too.
    pub(super) async fn give_back(&mut self) {
        let Claims::Store { store, portal, lease } = &self.claims else { return };
        let strangers: Vec<HostKey> =
            self.hosts.iter().filter(|(_, host)| !host.is_own).map(|(key, _)| key.clone()).collect();
        for key in strangers {
            let Some(host) = self.hosts.remove(&key) else { continue };
            if let Err(error) = store.release_host(portal, &key, lease, to_row(host.turn)).await {
                tracing::debug!(error = %error, "a host stays claimed until the claim ends");
            }
        }
    }

    /// The hosts' turns, to be given back.
    pub(super) fn into_rows(self) -> Vec<(HostKey, HostRow)> {
        self.hosts.into_iter().map(|(key, host)| (key, to_row(host.turn))).collect()
    }

    /// What the robots.txt of a host that was asked says of its sitemaps.
    pub(super) fn sitemaps(&self, url: &PageUrl) -> &[String] {
        let robots = self.hosts.get(&url.host_key()).and_then(|host| host.robots.as_ref());
        robots.map_or(&[], Robots::sitemaps)
    }

    /// Remembers that a host asked to be left alone.
    pub(super) fn rest(&mut self, url: &PageUrl, retry_after: Duration) {
        let now = self.clock.now();
        if let Some(host) = self.hosts.get_mut(&url.host_key()) {
            polite::rest(&mut host.turn, now, retry_after);
        }
    }

    async fn ensure_claimed(&mut self, url: &PageUrl) -> Result<(), FetchError> {
        let key = url.host_key();
        if self.hosts.contains_key(&key) {
            return Ok(());
        }
        if !self.strangers.contains(&key) && self.strangers.len() >= STRANGERS {
            let detail = format!("pages on more than {STRANGERS} other hosts are left for other visits");
            return Err(FetchError::new(Class::TooMany, url, detail));
        }
        self.strangers.insert(key.clone());
        let row = match &self.claims {
            Claims::None => HostRow::default(),
            Claims::Store { store, portal, lease } => claim(store, portal, lease, &key, url).await?,
        };
        let is_own = matches!(self.claims, Claims::None);
        self.keep(key, row, is_own);
        Ok(())
    }

    async fn ensure_robots(&mut self, url: &PageUrl) -> Result<(), FetchError> {
        let key = url.host_key();
        let now = self.clock.now();
        let Some(host) = self.hosts.get(&key) else { return Ok(()) };
        if host.robots.is_some() {
            return Ok(());
        }
        let copy = match &host.turn.robots {
            Some(copy) if polite::is_fresh(copy, now) => copy.clone(),
            old => {
                let old = old.clone();
                self.wait(&key, url).await?;
                let fetched = self.fetch_robots(url, old.clone()).await;
                self.end_turn(&key);
                match fetched {
                    Ok(copy) => copy,
                    Err(error) => self.without_robots(&key, error, old.as_ref())?,
                }
            }
        };
        let robots = match &copy.answer {
            RobotsAnswer::Rules(text) => Robots::parse(text, &self.product),
            RobotsAnswer::Unavailable | RobotsAnswer::Failing => Robots::default(),
        };
        let gap = polite::gap(self.min_gap, robots.crawl_delay());
        if gap > self.min_gap {
            let detail = format!("robots.txt asks for {} s between requests", gap.as_secs());
            self.notes.push(Note { class: Class::Slow, detail, url: Some(url.clone()) });
        }
        if let Some(host) = self.hosts.get_mut(&key) {
            host.turn.robots = Some(copy);
            host.gap = gap;
            host.robots = Some(robots);
        }
        Ok(())
    }

    /// Fetches robots.txt. While it cannot be had (5xx, no answer), nothing else is asked for
    /// (RFC 9309 section 2.3.1.4), and the error is the visit's own.
    async fn fetch_robots(
        &mut self,
        url: &PageUrl,
        old: Option<RobotsCopy>,
    ) -> Result<RobotsCopy, FetchError> {
        let fetched_at = self.clock.now();
        let unavailable = RobotsCopy { fetched_at, answer: RobotsAnswer::Unavailable };
        let Ok(address) = url.join("/robots.txt") else { return Ok(unavailable) };
        let mut request = Request::new(address);
        request.admitted = self.admitted;
        request.session.clone_from(&self.session);
        request.max_body = Some(ROBOTS_BYTES);
        request.overlong = Overlong::Cut;
        match self.fetcher.get(request, &mut Open).await {
            Ok(reply) => {
                self.requests += reply.requests;
                let text = String::from_utf8_lossy(&reply.body);
                let rules = Robots::parse(&text, &self.product).to_text(KEPT_BYTES);
                let answer = RobotsAnswer::Rules(rules);
                Ok(RobotsCopy { fetched_at, answer })
            }
            Err(error) => {
                self.requests += error.requests;
                match (error.status, error.fault.class, old) {
                    // 429 asks for rest, and that it gets; a file over the bound, or a redirect that leads
                    // nowhere, gives no rules (2.3.1.2, 2.5)
                    (Some(200..=299 | 400..=428 | 430..=499), ..)
                    | (None, Class::TooLarge | Class::Redirect, _) => Ok(unavailable),
                    (Some(500..), _, Some(copy)) if copy.answer != RobotsAnswer::Failing => Ok(copy),
                    _ => Err(error),
                }
            }
        }
    }

    /// A robots.txt that cannot be had: since when, and after long enough no rules.
    fn without_robots(
        &mut self,
        key: &HostKey,
        error: FetchError,
        old: Option<&RobotsCopy>,
    ) -> Result<RobotsCopy, FetchError> {
        let now = self.clock.now();
        let answers = error.status.is_some() || error.fault.class == Class::Truncated;
        let since = match old {
            Some(RobotsCopy { fetched_at, answer: RobotsAnswer::Failing }) => (*fetched_at).min(now),
            Some(_) => return Err(error),
            None => now,
        };
        if now - since >= ROBOTS_PATIENCE {
            return Ok(RobotsCopy { fetched_at: now, answer: RobotsAnswer::Unavailable });
        }
        if let Some(host) = self.hosts.get_mut(key).filter(|_| answers) {
            host.turn.robots = Some(RobotsCopy { fetched_at: since, answer: RobotsAnswer::Failing });
        }
        Err(error)
    }

    /// Waits for the host's turn, unless that comes when the visit is over.
    async fn wait(&mut self, key: &HostKey, url: &PageUrl) -> Result<(), FetchError> {
        let Some(host) = self.hosts.get(key) else { return Ok(()) };
        let pause = polite::wait(&host.turn, self.clock.now());
        if Instant::now() + pause > self.deadline {
            self.is_late = true;
            let detail = "the host's turn comes when the visit is over; left for the next visit";
            return Err(FetchError::new(Class::Timeout, url, detail));
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }

    fn end_turn(&mut self, key: &HostKey) {
        let now = self.clock.now();
        if let Some(host) = self.hosts.get_mut(key) {
            let gap = host.gap;
            polite::after_request(&mut host.turn, now, gap);
        }
    }
}

async fn claim(
    store: &Store,
    portal: &PortalId,
    lease: &Lease,
    key: &HostKey,
    url: &PageUrl,
) -> Result<HostRow, FetchError> {
    let tries = HOST_PATIENCE.as_millis() / HOST_RETRY.as_millis();
    for _ in 0..tries {
        match store.claim_host(portal, key, lease).await {
            Ok(Some(row)) => return Ok(row),
            Ok(None) => tokio::time::sleep(HOST_RETRY).await,
            Err(error) => return Err(FetchError::new(Class::Store, url, error.to_string())),
        }
    }
    Err(FetchError::new(Class::Timeout, url, "another visit holds this host; left for the next visit"))
}

impl Gate for Turns {
    async fn pass(&mut self, url: &PageUrl) -> Result<(), FetchError> {
        self.ensure_claimed(url).await?;
        let key = url.host_key();
        let now = self.clock.now();
        if let Some(left) = self.hosts.get(&key).and_then(|host| polite::rest_left(&host.turn, now)) {
            let detail = format!("the host asked to be left alone for {} s more", left.as_secs());
            let mut error = FetchError::new(Class::RateLimited, url, detail);
            error.retry_after = Some(left.as_secs());
            return Err(error);
        }
        self.ensure_robots(url).await?;
        let allowed = self
            .hosts
            .get(&key)
            .and_then(|host| host.robots.as_ref())
            .is_none_or(|robots| robots.allows(url.path_and_query()));
        if !allowed && !self.is_sent {
            return Err(FetchError::new(Class::Robots, url, "robots.txt forbids this address"));
        }
        self.wait(&key, url).await
    }

    fn done(&mut self, url: &PageUrl) {
        self.end_turn(&url.host_key());
    }
}

fn from_row(row: HostRow) -> HostTurn {
    let robots = row.robots_at.map(|fetched_at| RobotsCopy {
        fetched_at,
        answer: match row.robots_status {
            200 => RobotsAnswer::Rules(row.robots_body.unwrap_or_default()),
            500.. => RobotsAnswer::Failing,
            _ => RobotsAnswer::Unavailable,
        },
    });
    HostTurn { next_at: row.next_at, rest_until: row.rest_until, robots }
}

fn to_row(turn: HostTurn) -> HostRow {
    let (robots_at, robots_status, robots_body) = match turn.robots {
        None => (None, 0, None),
        Some(RobotsCopy { fetched_at, answer: RobotsAnswer::Rules(text) }) => {
            (Some(fetched_at), 200, Some(text))
        }
        Some(RobotsCopy { fetched_at, answer: RobotsAnswer::Unavailable }) => (Some(fetched_at), 404, None),
        Some(RobotsCopy { fetched_at, answer: RobotsAnswer::Failing }) => (Some(fetched_at), 503, None),
    };
    HostRow { next_at: turn.next_at, rest_until: turn.rest_until, robots_at, robots_status, robots_body }
}
