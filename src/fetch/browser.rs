//! A page as a browser makes it: one fresh context of the operator's Chromium, out through the relay only.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    BrowserContextId, SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::fetch::{
    ContinueRequestParams, EnableParams as Intercept, EventRequestPaused, FailRequestParams,
    GetResponseBodyParams, RequestPattern, RequestStage,
};
use chromiumoxide::cdp::browser_protocol::network::{
    ErrorReason, EventResponseReceived, ResourceType, SetUserAgentOverrideParams,
};
use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, EventJavascriptDialogOpening, HandleJavaScriptDialogParams,
};
use chromiumoxide::cdp::browser_protocol::target::{
    CreateBrowserContextParams, CreateTargetParams, GetBrowserContextsParams,
};
use chromiumoxide::error::CdpError;
use chromiumoxide::handler::HandlerConfig;
use chromiumoxide::{Browser, Page};
use futures_util::StreamExt;

use crate::model::{Class, PageUrl};

use super::base64;
use super::exchange::FetchError;
use super::heads::{First, HTML, Heads, Made};
use super::relay::Relay;

/// Between two looks whether a page still changes.
const LOOK: Duration = Duration::from_millis(250);
/// A page that was the same so many times in a row is done: one that scripts have filled, one that is as it came, one that
/// hardly shows anything yet.
const QUIET_LOOKS: [u32; 3] = [3, 6, 16];
/// A page with fewer links and less text than this hardly shows anything.
const BARE: (u64, u64) = (5, 200);
/// A page that goes from document to document so often never arrives.
const MOST_DOCUMENTS: u32 = 10;
/// Of the first answer so much is kept, to tell a check of who comes.
const MOST_FIRST: usize = 64 * 1024;
/// Elements' shadow trees are opened, so that what is in them can be read.
const OPEN_SHADOWS: &str = "(() => { const attach = Element.prototype.attachShadow; \
     Element.prototype.attachShadow = function (how) { return attach.call(this, { ...how, mode: 'open' }); }; })()";
/// A page that never comes to rest is taken as it is after this.
const SETTLE: Duration = Duration::from_secs(8);
/// For what is asked of the browser itself.
const ANSWER: Duration = Duration::from_secs(5);
/// Contexts that earlier connections left behind; a browser with more of them is told to end, and started anew.
const MOST_LEFT: usize = 4;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    /// The browser's websocket.
    pub(super) socket: &'a str,
    pub(super) devtools: SocketAddr,
    pub(super) url: &'a PageUrl,
    /// Who we say we are, behind what the browser says of itself.
    pub(super) user_agent: &'a str,
    /// The most bytes of markup.
    pub(super) most: usize,
    /// For the whole of it.
    pub(super) limit: Duration,
}

type Head = Mutex<Heads>;

fn known(head: &Head) -> std::sync::MutexGuard<'_, Heads> {
    head.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a page made. All that goes on lives in this future: when it is dropped, the connection ends, and with it the
/// context and its pages (`disposeOnDetach`).
pub(super) async fn make(wish: Wish<'_>, relay: &Relay) -> Result<Made, FetchError> {
    let config = HandlerConfig {
        ignore_https_errors: false,
        viewport: None,
        request_timeout: wish.limit,
        cache_enabled: false,
        ..HandlerConfig::default()
    };
    let connected = tokio::time::timeout(ANSWER, Browser::connect_with_config(wish.socket, config)).await;
    let Ok(Ok((mut browser, mut handler))) = connected else { return Err(silent(&wish)) };
    let drive = async {
        while let Some(step) = handler.next().await {
            // what is not understood is passed over; a connection that broke is the end
            if matches!(step, Err(CdpError::Ws(_) | CdpError::Io(_))) {
                break;
            }
        }
    };
    let limited = async {
        let made = tokio::time::timeout(wish.limit, in_context(&wish, relay, &mut browser)).await;
        made.unwrap_or_else(|_| {
            let detail = format!("the browser did not make the page within {} s", wish.limit.as_secs());
            Err(FetchError::new(Class::Timeout, wish.url, detail))
        })
    };
    tokio::select! {
        made = limited => made,
        () = drive => Err(FetchError::new(Class::Network, wish.url, "the browser broke the connection off")),
        never = relay.run() => match never {},
    }
}

/// A browser that does not answer.
pub(super) fn silent(wish: &Wish<'_>) -> FetchError {
    let detail = format!(
        "no browser answers at http://{} (fetch.browser): start it, as tidings-browser.service does",
        wish.devtools
    );
    FetchError::new(Class::Network, wish.url, detail)
}

async fn in_context(wish: &Wish<'_>, relay: &Relay, browser: &mut Browser) -> Result<Made, FetchError> {
    let fault = |error: CdpError| told(wish, relay, &error);
    let left = browser.execute(GetBrowserContextsParams::default()).await.map_err(fault)?;
    if left.result.browser_context_ids.len() > MOST_LEFT {
        // best effort: whoever runs it starts it anew
        drop(tokio::time::timeout(ANSWER, browser.close()).await);
        let detail = "the browser kept what it should have forgotten, and was told to end";
        return Err(FetchError::new(Class::Network, wish.url, detail));
    }
    let context = CreateBrowserContextParams {
        dispose_on_detach: Some(true),
        proxy_server: Some(format!("http://{}", relay.address())),
        // nothing goes past it, not even what is on this machine
        proxy_bypass_list: Some("<-loopback>".to_owned()),
        ..CreateBrowserContextParams::default()
    };
    let context = browser.create_browser_context(context).await.map_err(fault)?;
    let made = page(wish, relay, browser, &context).await;
    if tokio::time::timeout(ANSWER, browser.dispose_browser_context(context)).await.is_err() {
        tracing::warn!("the browser does not forget a page; its end is left to the end of the connection");
    }
    made
}

async fn page(
    wish: &Wish<'_>,
    relay: &Relay,
    browser: &Browser,
    context: &BrowserContextId,
) -> Result<Made, FetchError> {
    let fault = |error: CdpError| told(wish, relay, &error);
    let page = opened(wish, relay, browser, context).await?;
    let heavy = [ResourceType::Image, ResourceType::Media, ResourceType::Font];
    let pattern = |kind| RequestPattern { resource_type: Some(kind), ..RequestPattern::default() };
    let answered =
        RequestPattern { request_stage: Some(RequestStage::Response), ..pattern(ResourceType::Document) };
    let patterns = heavy.map(pattern).into_iter().chain([answered]).collect();
    let watched = Intercept { patterns: Some(patterns), ..Intercept::default() };
    let head = Head::default();
    let mut paused = page.event_listener::<EventRequestPaused>().await.map_err(fault)?;
    let mut dialogs = page.event_listener::<EventJavascriptDialogOpening>().await.map_err(fault)?;
    let mut answers = page.event_listener::<EventResponseReceived>().await.map_err(fault)?;
    page.execute(watched).await.map_err(fault)?;
    let main = page.mainframe().await.map_err(fault)?;
    let tend = async {
        loop {
            tokio::select! {
                Some(one) = paused.next() => {
                    let is_main = main.as_ref().is_none_or(|main| *main == one.frame_id);
                    drop(tokio::time::timeout(ANSWER, let_through(&page, &one, &head, is_main)).await);
                }
                Some(_) = dialogs.next() => drop(page.execute(HandleJavaScriptDialogParams::new(false)).await),
                Some(one) = answers.next() => {
                    if one.r#type == ResourceType::Document && (main.is_none() || one.frame_id == main) {
                        known(&head).add(&one.response.url, one.response.status, &one.response.mime_type);
                    }
                }
                else => std::future::pending::<()>().await,
            }
        }
    };
    tokio::select! {
        made = made(wish, relay, &page, &head) => made,
        () = tend => Err(FetchError::new(Class::Internal, wish.url, "the browser's events ended")),
    }
}

/// An empty page of the context: without downloads, and with who we say we are.
async fn opened(
    wish: &Wish<'_>,
    relay: &Relay,
    browser: &Browser,
    context: &BrowserContextId,
) -> Result<Page, FetchError> {
    let fault = |error: CdpError| told(wish, relay, &error);
    let downloads = SetDownloadBehaviorParams {
        behavior: SetDownloadBehaviorBehavior::Deny,
        browser_context_id: Some(context.clone()),
        download_path: None,
        events_enabled: None,
    };
    browser.execute(downloads).await.map_err(fault)?;
    let target = CreateTargetParams::builder().url("about:blank").browser_context_id(context.clone()).build();
    let target = target.map_err(|why| FetchError::new(Class::Internal, wish.url, why))?;
    let page = browser.new_page(target).await.map_err(fault)?;
    let own = browser.user_agent().await.map_err(fault)?;
    let agent = SetUserAgentOverrideParams::new(format!("{own} {}", wish.user_agent));
    page.execute(agent).await.map_err(fault)?;
    page.execute(AddScriptToEvaluateOnNewDocumentParams::new(OPEN_SHADOWS)).await.map_err(fault)?;
    Ok(page)
}

/// Goes to the page, waits for its rest, and takes what is there.
async fn made(wish: &Wish<'_>, relay: &Relay, page: &Page, head: &Head) -> Result<Made, FetchError> {
    arrive(page, wish, head).await.map_err(|error| told(wish, relay, &error))?;
    if let Some(refusal) = known(head).refusal() {
        return Ok(refusal);
    }
    let is_bare = settle(page, relay, head).await;
    if known(head).count > MOST_DOCUMENTS {
        let detail = format!("the page went on to another more than {MOST_DOCUMENTS} times");
        return Err(FetchError::new(Class::Redirect, wish.url, detail));
    }
    let content = tokio::time::timeout(ANSWER, content(wish, relay, page)).await;
    let (url, html) = content.unwrap_or_else(|_| {
        let detail = format!("the page's scripts do not pause for {} s", ANSWER.as_secs());
        Err(FetchError::new(Class::Timeout, wish.url, detail))
    })?;
    if is_bare && relay.is_spent() {
        let detail = "the page asked for more parts than it may have, and shows nothing yet";
        return Err(FetchError::new(Class::TooMany, wish.url, detail));
    }
    let mut head = known(head);
    let (is_anew, first) = (head.is_anew, head.first.take());
    // what is downloaded shows nothing
    let given = first.as_ref().map(|first| (first.status, first.content_type.clone()));
    let (status, content_type) = head.last.take().or(given).unwrap_or((200, HTML.to_owned()));
    let before = first.map(|first| first.body).filter(|_| is_anew);
    Ok(Made { url, status, content_type, html, before })
}

/// Lets a document through, with a look at the first one of the page; pictures, media and fonts are not loaded.
async fn let_through(page: &Page, one: &EventRequestPaused, head: &Head, is_main: bool) {
    let Some(status) = one.response_status_code else {
        if one.response_error_reason.is_some() {
            drop(page.execute(ContinueRequestParams::new(one.request_id.clone())).await);
        } else {
            let refused = FailRequestParams::new(one.request_id.clone(), ErrorReason::BlockedByClient);
            drop(page.execute(refused).await);
        }
        return;
    };
    let status = u16::try_from(status).unwrap_or(0);
    // a redirect has no body
    if is_main && known(head).first.is_none() && !(300..400).contains(&status) {
        let asked = GetResponseBodyParams::new(one.request_id.clone());
        let mut body = match page.execute(asked).await {
            Ok(said) if said.result.base64_encoded => base64::read(&said.result.body),
            Ok(said) => said.result.body.into_bytes(),
            Err(_) => Vec::new(),
        };
        body.truncate(MOST_FIRST);
        let headers = one.response_headers.iter().flatten();
        let content_type = headers.filter(|header| header.name.eq_ignore_ascii_case("content-type"));
        let content_type = content_type.map(|header| header.value.clone()).next().unwrap_or(HTML.to_owned());
        let url = one.request.url.clone();
        known(head).first = Some(First { url, status, content_type, body });
    }
    drop(page.execute(ContinueRequestParams::new(one.request_id.clone())).await);
}

/// Goes to the page. Once its document is there, what hangs behind it is not waited for longer than for a page that never
/// comes to rest.
async fn arrive(page: &Page, wish: &Wish<'_>, head: &Head) -> Result<(), CdpError> {
    let came = async {
        while known(head).first.is_none() {
            tokio::time::sleep(LOOK).await;
        }
        if known(head).refusal().is_none() {
            tokio::time::sleep(SETTLE).await;
        }
    };
    tokio::select! {
        arrived = page.goto(wish.url.as_str()) => arrived.map(drop),
        () = came => Ok(()),
    }
}

/// Waits until neither the page nor its traffic changes any more; whether it hardly shows anything then.
async fn settle(page: &Page, relay: &Relay, head: &Head) -> bool {
    const STATE: &str = "[document.readyState, document.getElementsByTagName('*').length, \
                         (document.documentElement || {}).textContent.length, document.links.length, \
                         ((document.body || {}).innerText || '').length].join()";
    let (mut first, mut last, mut quiet, mut is_bare) = (None, String::new(), 0, true);
    let looks = async {
        loop {
            tokio::time::sleep(LOOK).await;
            // a page that goes elsewhere has nothing to say for a moment
            let state = page.evaluate(STATE).await.ok().and_then(|said| said.into_value::<String>().ok());
            let state = state.unwrap_or_default();
            let mut numbers = state.rsplit(',').filter_map(|number| number.parse::<u64>().ok());
            let (text, links) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
            is_bare = links < BARE.0 && text < BARE.1;
            let state = format!("{state} {}", relay.carried());
            let is_as_it_came = *first.get_or_insert_with(|| state.clone()) == state;
            quiet = if state == last && state.starts_with("complete") { quiet + 1 } else { 0 };
            let [filled, plain, bare] = QUIET_LOOKS;
            let enough = if is_bare {
                bare
            } else if is_as_it_came {
                plain
            } else {
                filled
            };
            last = state;
            if quiet >= enough || relay.is_full() || known(head).count > MOST_DOCUMENTS {
                return;
            }
        }
    };
    drop(tokio::time::timeout(SETTLE, looks).await);
    is_bare
}

/// Address and markup of what is there, within the bound.
async fn content(wish: &Wish<'_>, relay: &Relay, page: &Page) -> Result<(String, String), FetchError> {
    let fault = |error: CdpError| told(wish, relay, &error);
    if relay.is_full() {
        let detail = "the page took more bytes through the browser than it may have";
        return Err(FetchError::new(Class::TooLarge, wish.url, detail));
    }
    // asked for in one go: what is measured is what is taken
    let script = format!("({})({})", include_str!("flat.js").trim_end(), wish.most);
    let said = page.evaluate(script).await.map_err(fault)?;
    let both: Option<(String, String)> = said.into_value().unwrap_or_default();
    both.filter(|(_, html)| html.len() <= wish.most).ok_or_else(|| {
        let detail = format!("the browser made more than {} bytes of the page", wish.most);
        FetchError::new(Class::TooLarge, wish.url, detail)
    })
}

/// What went wrong, as far as the relay and Chromium's own words say.
fn told(wish: &Wish<'_>, relay: &Relay, error: &CdpError) -> FetchError {
    if let Some(refused) = relay.refusal(wish.url.host()) {
        return refused;
    }
    let words = error.to_string();
    let class = match words.as_str() {
        _ if matches!(error, CdpError::Timeout) => Class::Timeout,
        text if text.contains("ERR_CERT") || text.contains("ERR_SSL") => Class::Tls,
        text if text.contains("TIMED_OUT") => Class::Timeout,
        text if text.contains("TOO_MANY_REDIRECTS") => Class::Redirect,
        text if text.contains("ERR_INVALID") || text.contains("ERR_ABORTED") => Class::Protocol,
        _ => Class::Network,
    };
    let words: String = words.chars().take(200).collect();
    FetchError::new(class, wish.url, format!("the browser could not make the page: {words}"))
}
