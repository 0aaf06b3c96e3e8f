//! The HTTP client: one hop at a time, names looked up under the guard.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LINK, LOCATION, RETRY_AFTER, SET_COOKIE,
};

use crate::model::{Class, PageUrl, Proxy};

use super::body::{self, BodyError, Coding, Limits};
use super::exchange::{Call, Called, FetchError, Overlong, Validators};
use super::failure::{Blocked, NoAddress, Phase, explain};
use super::guard::Guard;
use super::jar::MOST_LINES;
use super::kept::Kept;
use super::proxy;
use super::room::{KEPT, Place, Room};
use super::route::Route;
use super::tls::Tls;

/// Looking up, connecting and the TLS handshake together.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Between two requests of a visit a connection waits; after that it only costs.
const IDLE_LIMIT: Duration = Duration::from_secs(5);
/// Pages first; feeds and data are welcome.
const ACCEPTED: &str = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8";
/// How a form is posted (WHATWG URL Standard, application/x-www-form-urlencoded).
const FORM: &str = "application/x-www-form-urlencoded";
/// What `body` can decode.
const CODINGS: &str = "gzip, br, deflate";
/// A validator is kept and sent back: a longer one is not worth it.
const MOST_VALIDATOR: usize = 1024;
/// A chunk of a body counts as so many bytes at least: a page in chunks of a letter costs more than its length.
const LEAST_CHUNK: usize = 64;
/// So much of an error's body is read, for so long: enough to tell a wall from a fault.
const ERROR_BYTES: usize = 64 * 1024;
const ERROR_LIMIT: Duration = Duration::from_secs(2);

/// One hop to be made.
#[derive(Debug)]
pub(super) struct Hop<'a> {
    pub(super) url: &'a PageUrl,
    pub(super) validators: &'a Validators,
    pub(super) headers: &'a [(String, String)],
    /// The fields of a form to be posted; None makes a GET.
    pub(super) form: Option<&'a Bytes>,
    pub(super) limits: Limits,
}

/// The answer of one hop.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) validators: Validators,
    /// `Set-Cookie` lines, as they came.
    pub(super) cookies: Vec<String>,
    /// `Link` headers, joined by commas.
    pub(super) links: String,
    pub(super) body: Bytes,
}

/// What all clients have in common.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) user_agent: String,
    pub(super) guard: Guard,
    pub(super) tls: Tls,
    /// For large bodies, whichever way they come.
    pub(super) room: Room,
}

/// The HTTP client of one way out.
#[derive(Debug, Clone)]
pub(super) struct Client {
    client: reqwest::Client,
    room: Room,
    guard: Guard,
    proxy: Option<Proxy>,
    kept: Kept,
}

impl Client {
    pub(super) fn new(parts: &Parts, route: &Route) -> Result<Self, String> {
        let proxy = route.proxy.as_ref();
        let lookup = Lookup { guard: parts.guard.clone(), proxy: proxy.map(|proxy| proxy.host.clone()) };
        let mut builder = reqwest::Client::builder()
            .user_agent(&parts.user_agent)
            .tls_backend_preconfigured(parts.tls.config(route.is_lax))
            // redirects are ours: each hop passes the guard
            .redirect(reqwest::redirect::Policy::none())
            // a proxy of the environment would look names up for us, past the guard
            .no_proxy()
            .dns_resolver(Arc::new(lookup));
        if let Some(proxy) = proxy {
            // its address holds its password: the error would too
            let address = proxy::address(proxy)?;
            let out =
                reqwest::Proxy::all(address).map_err(|_| format!("{proxy} is no address of a proxy"))?;
            builder = builder.proxy(out);
        }
        let client = builder
            .connect_timeout(CONNECT_LIMIT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE_LIMIT)
            .referer(false)
            .build()
            .map_err(|error| error.to_string())?;
        let (room, guard) = (parts.room.clone(), parts.guard.clone());
        Ok(Self { client, room, guard, proxy: proxy.cloned(), kept: Kept::default() })
    }

    /// One GET, answer and body. `received` counts the bytes of the body as they come, so that they are
    /// known whatever becomes of it. The caller sets the time limit.
    pub(super) async fn send(&self, hop: &Hop<'_>, received: &mut u64) -> Result<Answer, FetchError> {
        let of_body = |error: BodyError| FetchError::new(error.class, hop.url, error.detail);
        self.check_name(hop.url).await?;
        let mut response = self.ask(hop).await?;
        let mut answer = Answer::of(&response);
        if answer.status != 200 && answer.status != 203 {
            if tells(answer.status) {
                let told = told(&mut response, hop, received, self.room.place());
                answer.body = tokio::time::timeout(ERROR_LIMIT, told).await.unwrap_or_default();
            }
            return Ok(answer);
        }
        let codings = body::codings(&joined(response.headers(), &CONTENT_ENCODING)).map_err(of_body)?;
        let mut place = self.room.place();
        let keep = if codings.is_empty() { KEPT } else { usize::MAX };
        let wire = read(&mut response, hop, received, (&mut place, keep)).await?;
        let mut body = body::decoded(wire, &codings, hop.limits, &mut place).await.map_err(of_body)?;
        if body::is_packed_file(&body, &codings) {
            body = body::decoded(body, &[Coding::Gzip], hop.limits, &mut place).await.map_err(of_body)?;
        }
        answer.body = place.keep(body);
        Ok(answer)
    }
}

impl Client {
    /// The head of the answer. A GET that was lost on a connection of before is sent once more.
    async fn ask(&self, hop: &Hop<'_>) -> Result<reqwest::Response, FetchError> {
        let mut answered = self.request(hop).await;
        let is_lost = |error: &reqwest::Error| {
            !error.is_connect() && failed(hop.url, error, Phase::Waiting).fault.class == Class::Network
        };
        if answered.as_ref().is_err_and(is_lost) && self.kept.take(hop.url) && hop.form.is_none() {
            answered = self.request(hop).await;
        }
        let response = answered.map_err(|error| self.failed(hop.url, &error))?;
        self.kept.note(hop.url, IDLE_LIMIT);
        Ok(response)
    }

    async fn request(&self, hop: &Hop<'_>) -> Result<reqwest::Response, reqwest::Error> {
        let url = hop.url.as_url().clone();
        let request = match hop.form {
            Some(form) => self.client.post(url).header(CONTENT_TYPE, FORM).body(form.clone()),
            None => self.client.get(url),
        };
        request.headers(request_headers(hop)).send().await
    }
}

/// Whether the body of an error says more than its status: who stands there. That of a redirect is read by nobody,
/// and 404, 410 and 429 say all by themselves.
fn tells(status: u16) -> bool {
    status >= 400 && !matches!(status, 404 | 410 | 429)
}

/// The beginning of an error's body; empty when it cannot be had.
async fn told(
    response: &mut reqwest::Response,
    hop: &Hop<'_>,
    received: &mut u64,
    mut place: Place,
) -> Bytes {
    let limits = Limits { most: ERROR_BYTES, overlong: Overlong::Cut };
    let Ok(codings) = body::codings(&joined(response.headers(), &CONTENT_ENCODING)) else {
        return Bytes::new();
    };
    let hop = Hop { limits, ..*hop };
    let Ok(wire) = read(response, &hop, received, (&mut place, usize::MAX)).await else {
        return Bytes::new();
    };
    body::decoded(wire, &codings, limits, &mut place).await.map(Bytes::from).unwrap_or_default()
}

impl Client {
    /// What no lookup of ours will check, because a proxy is given the name: that it means no private address as far as
    /// it is known here.
    async fn check_name(&self, url: &PageUrl) -> Result<(), FetchError> {
        let unseen = |proxy: &Proxy| proxy::looks_up(proxy) || proxy.host == url.host();
        let Some(url::Host::Domain(name)) =
            url.as_url().host().filter(|_| self.proxy.as_ref().is_some_and(unseen))
        else {
            return Ok(());
        };
        // a name that nobody here knows may be one that the proxy knows
        let Ok(found) = tokio::net::lookup_host((name, 0)).await else { return Ok(()) };
        match self.guard.admit(found.collect()) {
            Ok(_) => Ok(()),
            Err(ip) => Err(FetchError::new(Class::BlockedAddress, url, Guard::why(ip))),
        }
    }

    /// Why a request brought no answer; a proxy that did not let it through is named.
    fn failed(&self, url: &PageUrl, error: &reqwest::Error) -> FetchError {
        let mut failed = failed(url, error, Phase::Waiting);
        let is_its = error.is_connect() && !matches!(failed.fault.class, Class::Tls | Class::BlockedAddress);
        if let (Some(proxy), true) = (&self.proxy, is_its) {
            failed.fault.detail = proxy::said(proxy, error, &failed.fault.detail);
        }
        failed
    }

    /// One call of a subscriber, under the guard like all else.
    pub(super) async fn call(&self, call: &Call) -> Result<Called, FetchError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &call.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value))
            {
                headers.append(name, value);
            }
        }
        let url = call.url.as_url().clone();
        let request = match &call.body {
            Some(body) => self.client.post(url).body(body.clone()),
            None => self.client.get(url),
        };
        let sent = request.headers(headers).send().await;
        let mut response = sent.map_err(|error| failed(&call.url, &error, Phase::Waiting))?;
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| failed(&call.url, &error, Phase::Reading))?
        {
            body.extend_from_slice(&chunk);
            if body.len() >= call.most {
                body.truncate(call.most);
                break;
            }
        }
        Ok(Called { status: response.status().as_u16(), body: Bytes::from(body) })
    }
}

impl Answer {
    fn of(response: &reqwest::Response) -> Self {
        let head = response.headers();
        Self {
            status: response.status().as_u16(),
            location: head.get(LOCATION).map(address),
            retry_after: text(head, &RETRY_AFTER),
            content_type: text(head, &CONTENT_TYPE),
            validators: Validators {
                etag: validator(head, &ETAG),
                last_modified: validator(head, &LAST_MODIFIED),
            },
            cookies: head
                .get_all(SET_COOKIE)
                .iter()
                .take(MOST_LINES)
                .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
                .collect(),
            links: joined(head, &LINK),
            body: Bytes::new(),
        }
    }
}

/// The body as it comes over the wire, within its bound; what is beyond `keep` is counted only.
async fn read(
    response: &mut reqwest::Response,
    hop: &Hop<'_>,
    received: &mut u64,
    (place, keep): (&mut Place, usize),
) -> Result<Vec<u8>, FetchError> {
    let Limits { most, overlong } = hop.limits;
    let too_large = || {
        let error = BodyError::too_large(most);
        FetchError::new(error.class, hop.url, error.detail)
    };
    let announced = text(response.headers(), &CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if overlong == Overlong::Refuse && announced.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let (mut wire, mut length) = (Vec::new(), 0);
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(hop.url, &error, Phase::Reading))? {
        *received += chunk.len() as u64;
        length += chunk.len().max(LEAST_CHUNK);
        if length > most && overlong == Overlong::Refuse {
            return Err(too_large());
        }
        let room = most.min(keep).saturating_sub(wire.len());
        if place.hold(wire.len() + chunk.len().min(room)).await {
            // at once, not by doubling: what doubling leaves behind stays with the process
            wire.reserve_exact(room);
        }
        wire.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if length > most {
            break;
        }
    }
    Ok(wire)
}

fn failed(url: &PageUrl, error: &reqwest::Error, phase: Phase) -> FetchError {
    if error.is_builder() {
        return FetchError::new(Class::Protocol, url, "the address cannot be asked for over HTTP");
    }
    let phase = if error.is_connect() { Phase::Connecting } else { phase };
    if phase == Phase::Connecting && error.is_timeout() {
        let detail = format!("no connection to {} within {} s", url.host(), CONNECT_LIMIT.as_secs());
        return FetchError::new(Class::Timeout, url, detail);
    }
    explain(url, error, phase)
}

fn request_headers(hop: &Hop<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    for (name, value) in hop.headers {
        // names and values were checked when the configuration was read
        if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value))
        {
            // it may be a key: nobody writes it into a log
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    // ours come last: an answer that was not asked for in these terms could not be read
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
    let Validators { etag, last_modified } = hop.validators;
    for (name, value) in [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, last_modified)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    headers
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A list may be given in several lines (RFC 9110 section 5.3).
fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let lines: Vec<_> =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    lines.join(",")
}

/// A validator that can be sent back as it came.
fn validator(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty() && value.len() <= MOST_VALIDATOR).then(|| value.to_owned())
}

/// Old servers write addresses in their own charset: bytes outside ASCII are what they are, encoded.
fn address(value: &HeaderValue) -> String {
    percent_encoding::percent_encode(value.as_bytes(), &AS_WRITTEN).to_string()
}

/// Encodes nothing of ASCII: that is the address parser's part.
const AS_WRITTEN: percent_encoding::AsciiSet = percent_encoding::AsciiSet::EMPTY;

/// Looks names up, and refuses an answer that holds an address which may not be dialled.
#[derive(Debug)]
struct Lookup {
    guard: Guard,
    /// The host of the proxy: the operator named it, wherever it is.
    proxy: Option<String>,
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        let is_proxy = self.proxy.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NoAddress)?;
            let addresses =
                if is_proxy { found.collect() } else { guard.admit(found.collect()).map_err(Blocked)? };
            if addresses.is_empty() {
                return Err(NoAddress.into());
            }
            // these very addresses are dialled: nobody looks the name up a second time
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
