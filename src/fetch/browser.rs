//! A page as a browser makes it: one fresh context of the operator's Chromium, out through the relay only.

use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    BrowserContextId, SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::fetch::{
    EnableParams as Intercept, EventRequestPaused, FailRequestParams, RequestPattern,
};
use chromiumoxide::cdp::browser_protocol::network::{
    ErrorReason, EventResponseReceived, ResourceType, SetUserAgentOverrideParams,
};
use chromiumoxide::cdp::browser_protocol::page::{
    EventJavascriptDialogOpening, HandleJavaScriptDialogParams,
};
use chromiumoxide::cdp::browser_protocol::target::{
    CreateBrowserContextParams, CreateTargetParams, GetBrowserContextsParams,
};
use chromiumoxide::error::CdpError;
use chromiumoxide::handler::HandlerConfig;
use chromiumoxide::{Browser, Page};
use futures_util::StreamExt;

use crate::model::{Class, PageUrl};

use super::exchange::FetchError;
use super::relay::Relay;

/// Between two looks whether a page still changes.
const LOOK: Duration = Duration::from_millis(250);
/// A page that was the same so many times in a row is done.
const QUIET_LOOKS: u32 = 3;
/// A page that never comes to rest is taken as it is after this.
const SETTLE: Duration = Duration::from_secs(8);
/// For what is asked of the browser itself.
const ANSWER: Duration = Duration::from_secs(5);
/// Contexts that earlier connections left behind; a browser with more of them is told to end, and started anew.
const MOST_LEFT: usize = 4;

/// What a browser made of a page.
#[derive(Debug)]
pub(super) struct Made {
    /// Where it ended.
    pub(super) url: String,
    /// The status of the document.
    pub(super) status: u16,
    pub(super) content_type: String,
    /// The markup of the document, in UTF-8.
    pub(super) html: String,
}

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

/// The document's own answer, as it comes.
type Head = Mutex<Option<(u16, String)>>;

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
    page.execute(SetUserAgentOverrideParams::new(format!("{own} {}", wish.user_agent)))
        .await
        .map_err(fault)?;
    let heavy = [ResourceType::Image, ResourceType::Media, ResourceType::Font];
    let pattern = |kind| RequestPattern { resource_type: Some(kind), ..RequestPattern::default() };
    let heavy = Intercept { patterns: Some(heavy.map(pattern).to_vec()), ..Intercept::default() };
    let head = Head::default();
    let mut paused = page.event_listener::<EventRequestPaused>().await.map_err(fault)?;
    let mut dialogs = page.event_listener::<EventJavascriptDialogOpening>().await.map_err(fault)?;
    let mut answers = page.event_listener::<EventResponseReceived>().await.map_err(fault)?;
    page.execute(heavy).await.map_err(fault)?;
    let main = page.mainframe().await.map_err(fault)?;
    let tend = async {
        loop {
            tokio::select! {
                Some(one) = paused.next() => {
                    let refused = FailRequestParams::new(one.request_id.clone(), ErrorReason::BlockedByClient);
                    drop(page.execute(refused).await);
                }
                Some(_) = dialogs.next() => drop(page.execute(HandleJavaScriptDialogParams::new(false)).await),
                Some(one) = answers.next() => {
                    let is_main = one.r#type == ResourceType::Document && (main.is_none() || one.frame_id == main);
                    if is_main {
                        let status = u16::try_from(one.response.status).unwrap_or(0);
                        let known = Some((status, one.response.mime_type.clone()));
                        *head.lock().unwrap_or_else(PoisonError::into_inner) = known;
                    }
                }
                else => std::future::pending::<()>().await,
            }
        }
    };
    let read = async {
        page.goto(wish.url.as_str()).await.map_err(fault)?;
        settle(&page, relay).await.map_err(fault)?;
        content(wish, relay, &page).await
    };
    let (url, html) = tokio::select! {
        read = read => read?,
        () = tend => return Err(FetchError::new(Class::Internal, wish.url, "the browser's events ended")),
    };
    let head = head.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (status, content_type) = head.unwrap_or((200, "text/html".to_owned()));
    Ok(Made { url, status, content_type, html })
}

/// Waits until neither the page nor its traffic changes any more.
async fn settle(page: &Page, relay: &Relay) -> Result<(), CdpError> {
    const STATE: &str = "[document.readyState, document.getElementsByTagName('*').length, \
                         (document.documentElement || {}).textContent.length].join()";
    let (mut last, mut quiet) = (String::new(), 0);
    let looks = async {
        while quiet < QUIET_LOOKS && !relay.is_full() {
            tokio::time::sleep(LOOK).await;
            // a page that goes elsewhere has nothing to say for a moment
            let state = page.evaluate(STATE).await.ok().and_then(|said| said.into_value::<String>().ok());
            let state = format!("{} {}", state.unwrap_or_default(), relay.carried());
            quiet = if state == last && state.starts_with("complete") { quiet + 1 } else { 0 };
            last = state;
        }
        Ok(())
    };
    tokio::time::timeout(SETTLE, looks).await.unwrap_or(Ok(()))
}

/// Address and markup of what is there, within the bound.
async fn content(wish: &Wish<'_>, relay: &Relay, page: &Page) -> Result<(String, String), FetchError> {
    let fault = |error: CdpError| told(wish, relay, &error);
    if relay.is_full() {
        let detail = "the page took more bytes through the browser than it may have";
        return Err(FetchError::new(Class::TooLarge, wish.url, detail));
    }
    // asked for in one go: what is measured is what is taken
    let script = format!(
        "(() => {{ const text = document.documentElement ? document.documentElement.outerHTML : ''; \
         return text.length > {} ? null : [location.href, '<!DOCTYPE html>' + text]; }})()",
        wish.most
    );
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
