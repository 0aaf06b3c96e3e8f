//! One page by the browser: its websocket found, a relay opened for it, the answer taken.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use crate::model::{Class, PageUrl};

use super::browser::{self, Wish};
use super::client::Answer;
use super::clients::Clients;
use super::exchange::{Call, FetchError, Reply, Validators};
use super::guard::Guard;
use super::heads::Made;
use super::relay::Relay;
use super::settings::Settings;

/// The bytes of a page and all its parts, both ways, in bodies: scripts are many times what they show.
const PARTS: u64 = 3;
/// What the browser says of itself.
const MOST_VERSION: usize = 64 * 1024;

/// A page that was made, and what it took.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) made: Made,
    /// Requests of the page and its parts.
    pub(super) requests: u64,
    /// Bytes through the relay.
    pub(super) bytes: u64,
}

impl Rendered {
    /// The page as an answer; None for a document that is no page. A status that is none of a page is the error, with the
    /// requests it took.
    pub(super) fn into_reply(self, url: &PageUrl, took: Duration) -> Result<Option<Reply>, (Answer, u64)> {
        let Self { made, requests, bytes } = self;
        let body = Bytes::from(made.html);
        if !matches!(made.status, 200 | 203) {
            return Err((Answer { status: made.status, body, ..Answer::default() }, requests));
        }
        if !made.content_type.contains("html") {
            return Ok(None);
        }
        Ok(Some(Reply {
            url: PageUrl::parse(&made.url).unwrap_or_else(|_| url.clone()),
            moved: None,
            not_modified: false,
            body,
            before: made.before.map(Bytes::from),
            content_type: Some("text/html; charset=utf-8".to_owned()),
            hub: None,
            validators: Validators::default(),
            requests,
            wire_bytes: bytes,
            took,
        }))
    }
}

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "webSocketDebuggerUrl")]
    socket: String,
}

/// Has a page made.
pub(super) async fn page(
    clients: &Clients,
    guard: &Guard,
    settings: &Settings,
    url: &PageUrl,
) -> Result<Rendered, FetchError> {
    let devtools = settings.browser;
    let mut wish = Wish {
        socket: "",
        devtools,
        url,
        user_agent: &settings.user_agent,
        most: settings.max_body,
        limit: settings.timeout,
    };
    let address = PageUrl::of_socket(devtools).join("/json/version");
    let address = address.map_err(|error| FetchError::new(Class::Internal, url, error.to_string()))?;
    let call =
        Call { url: address, body: None, headers: Vec::new(), timeout: settings.timeout, most: MOST_VERSION };
    // its address is configured: it passes no guard, and no page gets at it
    let asked = tokio::time::timeout(settings.timeout, clients.plain().call(&call)).await;
    let said = asked.ok().and_then(Result::ok).filter(|said| said.status == 200);
    let path = said.and_then(|said| socket_path(&said.body)).ok_or_else(|| browser::silent(&wish))?;
    let socket = format!("ws://{devtools}{path}");
    wish.socket = &socket;
    let most = PARTS.saturating_mul(settings.max_body as u64);
    let relay = Relay::open(guard.clone(), devtools, most).await.map_err(|error| {
        FetchError::new(Class::Internal, url, format!("no way out for the browser can be opened: {error}"))
    })?;
    // its type is not for those who wait: it is deeper than the compiler looks
    let making: Pin<Box<dyn Future<Output = Result<Made, FetchError>> + Send + '_>> =
        Box::pin(browser::make(wish, &relay));
    let made = making.await?;
    // plain http: the relay's own answer stands for that of a host that is not let through
    match refusal(&relay, url, &made) {
        Some(refused) if made.status == 403 => Err(refused),
        _ => Ok(Rendered { made, requests: relay.requests(), bytes: relay.carried() }),
    }
}

/// Why the page, or the one that it sent its readers on to, was not let through.
fn refusal(relay: &Relay, url: &PageUrl, made: &Made) -> Option<FetchError> {
    let ended = PageUrl::parse(&made.url).ok();
    let by_host = relay.refusal(url.host()).or_else(|| relay.refusal(ended.as_ref()?.host()));
    // a page of the browser's own stands where nothing came
    by_host.or_else(|| relay.last_refusal().filter(|_| ended.is_none()))
}

/// The path of the websocket: the host is the one we know.
fn socket_path(body: &Bytes) -> Option<String> {
    let version: Version = serde_json::from_slice(body).ok()?;
    let at = url::Url::parse(&version.socket).ok()?;
    at.path().starts_with("/devtools/").then(|| at.path().to_owned())
}
