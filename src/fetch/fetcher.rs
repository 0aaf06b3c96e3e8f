//! One GET with its redirects: guard, gate, send, read; for every hop the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::model::{Class, PageUrl, Portal, PortalId, Render, UrlError};
use crate::runtime::{Clock, Meter};

use super::body::Limits;
use super::client::{Answer, Hop, Parts};
use super::clients::Clients;
use super::exchange::{Call, Called, FetchError, Gate, Reply, Request};
use super::guard::Guard;
use super::link;
use super::room::Room;
use super::route::Route;
use super::session::Session;
use super::settings::Settings;
use super::tls::Tls;

/// Browsers follow twenty; no portal needs half of that.
const MOST_REDIRECTS: usize = 10;
/// A portal that asks for longer rests is asked again after a day.
const LONGEST_RETRY_SECONDS: i64 = 24 * 60 * 60;

/// Fetches pages. Cheap to clone; clones share one client and its connections.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clients: Clients,
    /// What portals are reached with that are not asked for plainly.
    sessions: Mutex<HashMap<PortalId, Arc<Session>>>,
    guard: Guard,
    settings: Settings,
    clock: Clock,
    meter: Meter,
    product: String,
    /// The right to have a page made by the browser.
    #[cfg_attr(not(feature = "browser"), expect(dead_code, reason = "only a browser needs it"))]
    pages: Semaphore,
}

/// Pages by the browser at once. One connection sees the pages of all others: one after the other they are alone.
const PAGES_AT_ONCE: usize = 1;

/// The way of one request so far.
struct Way {
    url: PageUrl,
    seen: Vec<PageUrl>,
    /// Whether every redirect so far was permanent.
    permanent: bool,
    requests: u64,
    /// Whether the form is still to be posted.
    posts: bool,
    /// Body bytes on the wire.
    received: u64,
    /// Time left for what is still to be sent and read. Waiting for a turn costs none of it.
    left: Duration,
}

impl Fetcher {
    /// Builds the client.
    ///
    /// # Errors
    /// When the TLS configuration or the client cannot be built; the text says why.
    pub fn new(settings: Settings, clock: Clock, meter: Meter) -> Result<Self, String> {
        let guard = Guard::new(settings.allow_networks.clone());
        let user_agent = settings.user_agent.clone();
        let parts = Parts { user_agent, guard: guard.clone(), tls: Tls::new()?, room: Room::new() };
        let clients = Clients::new(parts)?;
        let is_token = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '-';
        let product: String = settings.user_agent.chars().take_while(|c| is_token(*c)).collect();
        let product = if product.is_empty() { "tidings".to_owned() } else { product };
        let sessions = Mutex::default();
        let pages = Semaphore::new(PAGES_AT_ONCE);
        Ok(Self(Arc::new(Inner { clients, sessions, guard, settings, clock, meter, product, pages })))
    }

    /// Our product token, as robots.txt may name it (RFC 9309 section 2.2.1): the first word of the user agent.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.0.product
    }

    /// What a portal is reached with; the same from visit to visit as long as its configuration is. None when it is asked
    /// for plainly.
    #[must_use]
    pub fn session(&self, portal: &Portal) -> Option<Arc<Session>> {
        let mut sessions = self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(&portal.id).filter(|session| session.serves(portal)) {
            return Some(Arc::clone(session));
        }
        sessions.remove(&portal.id);
        let session = Arc::new(Session::of(portal)?);
        sessions.insert(portal.id.clone(), Arc::clone(&session));
        Some(session)
    }

    /// Gets one address, following redirects, each hop through guard and gate.
    ///
    /// # Errors
    /// For every answer but 200, 203 and an expected 304, and when there is none.
    pub async fn get<G: Gate>(&self, request: Request, gate: &mut G) -> Result<Reply, FetchError> {
        if request.render == Render::Browser
            && let Some(reply) = Box::pin(self.made(&request, gate)).await?
        {
            return Ok(reply);
        }
        let mut way = Way {
            url: request.url.clone(),
            seen: Vec::new(),
            permanent: true,
            requests: 0,
            posts: request.form.is_some(),
            received: 0,
            left: self.0.settings.timeout,
        };
        if let Some(session) = &request.session {
            let ready = session.refresh(self.0.clock.now()).await;
            ready.map_err(|why| FetchError::new(Class::Http, &request.url, why))?;
        }
        loop {
            let answer = self.hop(&request, &mut way, gate).await.map_err(|error| way.failed(error))?;
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                self.took_cookies(&request, &way.url, &answer);
            }
            match answer.status {
                200 | 203 => return Ok(way.reply(answer, false, self.0.settings.timeout)),
                304 if !request.validators.is_empty() => {
                    let mut reply = way.reply(answer, true, self.0.settings.timeout);
                    reply.validators = reply.validators.or(request.validators);
                    return Ok(reply);
                }
                301 | 302 | 303 | 307 | 308 => {
                    let learnt = self.took_cookies(&request, &way.url, &answer);
                    let next = way.follow(&answer, learnt).map_err(|error| way.failed(error))?;
                    way.url = next;
                }
                _ => return Err(way.failed(self.refused(&way.url, &answer))),
            }
        }
    }

    /// A page as the browser makes it; None for a document that is no page and is asked for plainly.
    #[cfg(feature = "browser")]
    async fn made<G: Gate>(&self, request: &Request, gate: &mut G) -> Result<Option<Reply>, FetchError> {
        let (inner, url) = (&self.0, &request.url);
        inner.guard.check(url, None)?;
        // never closed
        let _turn = inner.pages.acquire().await.ok();
        gate.pass(url).await?;
        let started = Instant::now();
        let page = super::rendered::page(&inner.clients, &inner.guard, &inner.settings, url).await;
        gate.done(url);
        match page {
            Ok(page) => {
                inner.meter.fetch(&page.made.status.to_string(), page.bytes);
                let took = started.elapsed();
                page.into_reply(url, took)
                    .map_err(|(answer, requests)| FetchError { requests, ..self.refused(url, &answer) })
            }
            Err(error) => {
                inner.meter.fetch(error.fault.class.as_str(), 0);
                Err(FetchError { requests: 1, ..error })
            }
        }
    }

    /// Without a browser's part there is none; the configuration has said so already.
    #[cfg(not(feature = "browser"))]
    fn made<G: Gate>(
        &self,
        request: &Request,
        _: &mut G,
    ) -> impl Future<Output = Result<Option<Reply>, FetchError>> + use<G> {
        self.0.meter.fetch(Class::Internal.as_str(), 0);
        let why = "this tidings was built without pages by a browser (cargo feature `browser`)";
        std::future::ready(Err(FetchError::new(Class::Internal, &request.url, why)))
    }

    /// Whether an address may be called, as far as it says itself: what a name means is looked up when it is called.
    #[must_use]
    pub fn may_call(&self, url: &PageUrl) -> bool {
        self.0.guard.check(url, None).is_ok()
    }

    /// Calls a subscriber: through the guard, no redirect followed, whatever status is an answer.
    ///
    /// # Errors
    /// When the address may not be dialled, and when no whole answer comes in time.
    pub async fn call(&self, call: Call) -> Result<Called, FetchError> {
        self.0.guard.check(&call.url, None)?;
        let answer = tokio::time::timeout(call.timeout, self.0.clients.plain().call(&call)).await;
        answer.unwrap_or_else(|_| {
            let detail = format!("no whole answer within {} s", call.timeout.as_secs_f32());
            Err(FetchError::new(Class::Timeout, &call.url, detail))
        })
    }

    async fn hop<G: Gate>(
        &self,
        request: &Request,
        way: &mut Way,
        gate: &mut G,
    ) -> Result<Answer, FetchError> {
        let inner = &self.0;
        inner.guard.check(&way.url, request.admitted)?;
        gate.pass(&way.url).await?;
        let (mut headers, mut route) = (Vec::new(), Route::default());
        if way.url.same_origin(&request.url) {
            headers.clone_from(&request.headers);
        }
        if let Some(session) = &request.session {
            headers.extend(session.headers(&way.url, inner.clock.now()));
            route = session.route(&way.url);
        }
        let client = inner.clients.of(&route).map_err(|why| FetchError::new(Class::Http, &way.url, why))?;
        let hop = Hop {
            url: &way.url,
            validators: &request.validators,
            headers: &headers,
            form: request.form.as_ref().filter(|_| way.posts),
            limits: Limits {
                most: request.max_body.unwrap_or(inner.settings.max_body),
                overlong: request.overlong,
            },
        };
        way.requests += 1;
        let (started, mut received) = (Instant::now(), 0);
        let answer = tokio::time::timeout(way.left, client.send(&hop, &mut received)).await;
        way.left = way.left.saturating_sub(started.elapsed());
        way.received += received;
        gate.done(&way.url);
        let answer = answer.unwrap_or_else(|_| Err(self.too_slow(&way.url)));
        match &answer {
            Ok(answer) => inner.meter.fetch(&answer.status.to_string(), received),
            Err(error) => inner.meter.fetch(error.fault.class.as_str(), received),
        }
        answer
    }

    /// Keeps the cookies of an answer; whether that changed what the next request says.
    fn took_cookies(&self, request: &Request, from: &PageUrl, answer: &Answer) -> bool {
        let now = self.0.clock.now();
        request.session.as_ref().is_some_and(|session| session.take(&answer.cookies, from, now))
    }

    fn too_slow(&self, url: &PageUrl) -> FetchError {
        let seconds = self.0.settings.timeout.as_secs_f32();
        FetchError::new(Class::Timeout, url, format!("no whole answer within {seconds} s"))
    }

    /// The error of an answer that is no page.
    fn refused(&self, url: &PageUrl, answer: &Answer) -> FetchError {
        let status = answer.status;
        // in other answers it asks nothing of us
        let retry_after = answer
            .retry_after
            .as_deref()
            .filter(|_| matches!(status, 429 | 503))
            .and_then(|value| retry_after(value, self.0.clock.now()));
        let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let named = reason.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"));
        let (class, detail) = match status {
            // a page is there or it is not: this is what checks for persons say while they work
            202 => (Class::Challenge, format!("{named} instead of the page: a check stands before the site")),
            304 => (Class::Protocol, "304 Not Modified, although the request had no condition".to_owned()),
            407 => (Class::Http, format!("{named}: check the log-in in fetch.proxy_login_file")),
            410 => (Class::Gone, named),
            429 => (Class::RateLimited, named),
            503 if retry_after.is_some() => (Class::RateLimited, named),
            400..=599 => (Class::Http, named),
            _ => (Class::Protocol, format!("{named} is no answer to a GET")),
        };
        let page = answer.body.clone();
        FetchError { status: Some(status), retry_after, page, ..FetchError::new(class, url, detail) }
    }
}

impl Way {
    fn failed(&self, error: FetchError) -> FetchError {
        FetchError { requests: self.requests, ..error }
    }

    fn reply(self, answer: Answer, not_modified: bool, timeout: Duration) -> Reply {
        let moved = (self.permanent && !self.seen.is_empty()).then(|| self.url.clone());
        Reply {
            moved,
            not_modified,
            body: answer.body,
            before: None,
            content_type: answer.content_type,
            hub: link::hub(&answer.links, &self.url),
            validators: answer.validators,
            requests: self.requests,
            wire_bytes: self.received,
            took: timeout.saturating_sub(self.left),
            url: self.url,
        }
    }

    /// Where a redirect leads (RFC 9110 section 15.4), if it may be followed. One that set a cookie may lead to where
    /// it came from, and so may one after a form.
    fn follow(&mut self, answer: &Answer, learnt: bool) -> Result<PageUrl, FetchError> {
        let refuse = |detail: String| FetchError::new(Class::Redirect, &self.url, detail);
        let Some(location) = &answer.location else {
            return Err(refuse(format!("{} without a Location", answer.status)));
        };
        let next = self.url.join(location).map_err(|error| match error {
            UrlError::TooLong => FetchError::new(Class::TooLarge, &self.url, format!("redirect to {error}")),
            UrlError::Syntax { .. } | UrlError::Scheme { .. } => {
                refuse("redirect to what is no http address".to_owned())
            }
        })?;
        if self.url.as_url().scheme() == "https" && next.as_url().scheme() == "http" {
            return Err(refuse(format!("redirect from https to http ({next})")));
        }
        if self.posts && matches!(answer.status, 307 | 308) {
            return Err(refuse("the answer to a form asks for it to be posted elsewhere".to_owned()));
        }
        if !learnt && !self.posts && (next == self.url || self.seen.contains(&next)) {
            return Err(refuse("redirects in a circle".to_owned()));
        }
        if self.seen.len() >= MOST_REDIRECTS {
            return Err(refuse(format!("more than {MOST_REDIRECTS} redirects")));
        }
        self.permanent &= matches!(answer.status, 301 | 308);
        self.seen.push(self.url.clone());
        self.posts = false;
        Ok(next)
    }
}

/// `Retry-After` in seconds from now (RFC 9110 section 10.2.3), a day at most.
fn retry_after(value: &str, now: DateTime<Utc>) -> Option<u64> {
    let value = value.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => i64::try_from(seconds).unwrap_or(i64::MAX),
        Err(_) if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => i64::MAX,
        Err(_) => (http_date(value)? - now).num_seconds(),
    };
    u64::try_from(seconds.clamp(0, LONGEST_RETRY_SECONDS)).ok()
}

/// The three forms of RFC 9110 section 5.6.7; a wrong day of the week is overlooked.
fn http_date(value: &str) -> Option<DateTime<Utc>> {
    let after_weekday = value.split_once(", ").map_or(value, |(_, rest)| rest);
    let forms = ["%d %b %Y %H:%M:%S GMT", "%d-%b-%y %H:%M:%S GMT"];
    let dated = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(after_weekday, form).ok());
    let asctime = || NaiveDateTime::parse_from_str(value.split_once(' ')?.1.trim(), "%b %e %H:%M:%S %Y").ok();
    dated.or_else(asctime).map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_all_its_forms_and_capped() {
        let now: DateTime<Utc> = "1994-11-06T08:49:00Z".parse().unwrap();
        for (value, expected) in [
            ("120", Some(120)),
            ("99999999", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(37)),
            ("Sun Nov  6 08:49:37 1994", Some(37)),
            ("Mon, 06 Nov 1994 08:49:37 GMT", Some(37)),
            ("Sat, 05 Nov 1994 08:49:37 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            assert_eq!(retry_after(value, now), expected, "{value}");
        }
    }
}
