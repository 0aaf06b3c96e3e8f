//! What goes out and what comes back: request, reply, validators, errors.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::model::{Class, Fault, HubLink, PageUrl, Render};

use super::session::Session;

/// What a portal gave to recognise a page by (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, with quotes and `W/` as sent.
    pub etag: Option<String>,
    /// `Last-Modified`, as sent.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether a conditional request can be made from them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// These, and where one is missing the older one (a 304 need not repeat them, RFC 9110 section 15.4.5).
    #[must_use]
    pub(super) fn or(self, older: Self) -> Self {
        Self { etag: self.etag.or(older.etag), last_modified: self.last_modified.or(older.last_modified) }
    }
}

/// One GET, or the posting of a form.
#[derive(Clone)]
pub struct Request {
    /// What to get.
    pub url: PageUrl,
    /// From the last answer; empty asks unconditionally.
    pub validators: Validators,
    /// Extra headers (name, value), sent to the origin of `url` only, whatever redirects follow.
    pub headers: Vec<(String, String)>,
    /// The one address beyond the guard's rules that may be dialled (the sample portal's).
    pub admitted: Option<SocketAddr>,
    /// Read at most so many bytes (wire and decoded); None takes the setting.
    pub max_body: Option<usize>,
    /// What becomes of a longer answer.
    pub overlong: Overlong,
    /// What the portal is reached with, when it is not asked for plainly.
    pub session: Option<Arc<Session>>,
    /// The fields of a form to be posted, as `application/x-www-form-urlencoded`; None makes a GET. A redirect is
    /// followed with a GET, or not at all.
    pub form: Option<Bytes>,
    /// Who makes a page of the answer. A browser follows redirects itself and knows no conditions.
    pub render: Render,
}

/// What becomes of an answer that is longer than its bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overlong {
    /// It fails as too large: half a page is no page.
    #[default]
    Refuse,
    /// Its beginning is kept: rules of a long robots.txt hold all the same (RFC 9309 section 2.5).
    Cut,
}

/// Headers and fields may hold secrets.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Request {
    /// A plain unconditional request.
    #[must_use]
    pub fn new(url: PageUrl) -> Self {
        Self {
            url,
            validators: Validators::default(),
            headers: Vec::new(),
            admitted: None,
            max_body: None,
            overlong: Overlong::Refuse,
            session: None,
            form: None,
            render: Render::Http,
        }
    }
}

/// One request to a subscriber: a GET, or a POST of a document. No redirect is followed.
#[derive(Debug, Clone)]
pub struct Call {
    /// Where it goes.
    pub url: PageUrl,
    /// The body of a POST; None makes a GET.
    pub body: Option<Bytes>,
    /// Headers (name, value).
    pub headers: Vec<(String, String)>,
    /// For the whole of it.
    pub timeout: Duration,
    /// Bytes of the answer that are read at most.
    pub most: usize,
}

/// What a subscriber answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The status.
    pub status: u16,
    /// The beginning of the body, not decoded.
    pub body: Bytes,
}

/// A final answer: 200, 203 or 304. Every other status is a [`FetchError`].
#[derive(Debug, Clone)]
pub struct Reply {
    /// The address that answered, after redirects.
    pub url: PageUrl,
    /// Where permanent redirects (301, 308) alone led, when there were any.
    pub moved: Option<PageUrl>,
    /// 304: the body is empty and what was kept still holds.
    pub not_modified: bool,
    /// Decoded body.
    pub body: Bytes,
    /// What a browser was answered first, when the page's own script then had it asked for once more: a check of who
    /// comes, as a rule. The beginning of that body.
    pub before: Option<Bytes>,
    /// `Content-Type` as sent.
    pub content_type: Option<String>,
    /// The hub that tells of its news, as the headers say.
    pub hub: Option<HubLink>,
    /// For the next request.
    pub validators: Validators,
    /// Requests sent, redirects included.
    pub requests: u64,
    /// Body bytes on the wire.
    pub wire_bytes: u64,
    /// How long the answers took, redirects included, waits for turns left out.
    pub took: Duration,
}

/// Asked before every hop of a request, the first included: robots.txt and the host's turn.
///
/// It returns once the request may be sent, or refuses it.
pub trait Gate: Send {
    /// Waits for the turn of `url`'s host.
    fn pass(&mut self, url: &PageUrl) -> impl Future<Output = Result<(), FetchError>> + Send;
    /// A hop ended: from now the host's gap counts.
    fn done(&mut self, url: &PageUrl);
}

/// A gate that lets everything through at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Open;

impl Gate for Open {
    async fn pass(&mut self, _: &PageUrl) -> Result<(), FetchError> {
        Ok(())
    }

    fn done(&mut self, _: &PageUrl) {}
}

/// Why nothing usable came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct FetchError {
    /// Class, sentence and address, as told in status.
    pub fault: Fault,
    /// The status of the answer that was refused for it; none when the way there failed.
    pub status: Option<u16>,
    /// `Retry-After` (RFC 9110 section 10.2.3), in seconds from now, capped at a day.
    pub retry_after: Option<u64>,
    /// Requests sent before it failed.
    pub requests: u64,
    /// What the refused answer showed, where that may say more than its status: the beginning of its body.
    pub page: Bytes,
}

impl FetchError {
    /// An error of a class, for an address.
    #[must_use]
    pub fn new(class: Class, url: &PageUrl, detail: impl Into<String>) -> Self {
        let fault = Fault { class, detail: detail.into(), url: Some(url.clone()) };
        Self { fault, status: None, retry_after: None, requests: 0, page: Bytes::new() }
    }
}
