//! One table: address, methods, handler; and what every request goes through.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State as Held};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http::{HeaderMap, Method, StatusCode};
use ipnet::IpNet;

use super::caught::caught;
use super::feeds::STATUS_PATHS;
use super::refuse::refusal;
use super::reply::{harden, problem};
use super::state::State;
use super::{api, feeds, health, hub, pages, status, subscriptions};

/// An answer that takes longer will not come.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

/// Characters of a method or path that the log tells.
const MAX_LOGGED: usize = 200;

/// Who asks, as far as the connection knows: None for a Unix socket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) Option<IpAddr>);

/// The table.
pub(super) fn router(state: State) -> Router {
    let page = |method: MethodRouter<State>| method.options(pages::options);
    let api = Router::new()
        .route("/api/portals/{name}/visit", post(api::visit).fallback(api::wrong_method))
        .route("/api", axum::routing::any(api::other))
        .route("/api/{*rest}", axum::routing::any(api::other));
    let sick = STATUS_PATHS.iter().fold(Router::new(), |router, (path, _)| {
        router.route(path, get(feeds::feed).options(feeds::options))
    });
    let routes = Router::new()
        .route("/feeds/{file}", get(feeds::feed).options(feeds::options))
        .route("/feeds/{name}/archive/{file}", get(feeds::feed).options(feeds::options))
        .route("/search", get(feeds::feed).options(feeds::options))
        .route("/search.rss", get(feeds::feed).options(feeds::options))
        .route("/search.atom", get(feeds::feed).options(feeds::options))
        .route("/search.json", get(feeds::feed).options(feeds::options))
        .route("/status.json", get(status::json).options(status::options))
        .route("/opml.xml", page(get(subscriptions::opml)))
        .route("/healthz", page(get(health::alive)))
        .route("/readyz", page(get(health::ready)))
        .route("/metrics", page(get(health::metrics)))
        .route("/", page(get(pages::index)))
        .route("/portals/{name}", page(get(pages::portal)))
        .route("/articles/{number}", page(get(pages::article)))
        .route("/style.css", page(get(pages::style)))
        .merge(sick)
        .route("/hub", post(hub::ask).fallback(hub::wrong_method))
        .merge(api)
        .method_not_allowed_fallback(wrong_method)
        .fallback(nothing_here);
    routes.layer(middleware::from_fn_with_state(state.clone(), around)).with_state(state)
}

/// The answer to a plain GET of a feed that is kept and fresh, without the way through the table: the same bytes and
/// headers. None for all else.
pub(super) fn quick<B>(state: &State, request: &http::Request<B>) -> Option<Response> {
    if request.method() != Method::GET
        || refusal(request.method(), request.uri(), request.version(), request.headers()).is_some()
    {
        return None;
    }
    let response = feeds::ready(state, request.uri(), request.headers())?;
    state.meter().feed(response.status().as_u16());
    tracing::debug!(
        url.path = request.uri().path(),
        http.status = response.status().as_u16(),
        "a feed was sent"
    );
    Some(response)
}

async fn nothing_here(headers: HeaderMap) -> Response {
    problem(&headers, StatusCode::NOT_FOUND, "there is nothing at this address")
}

async fn wrong_method(headers: HeaderMap) -> Response {
    problem(&headers, StatusCode::METHOD_NOT_ALLOWED, "this address can only be read")
}

/// What every request goes through: refusals, the time limit, the headers all answers share, meter and log.
async fn around(Held(state): Held<State>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let client = client(&state, &request);
    let refused = refusal(request.method(), request.uri(), request.version(), request.headers());
    let answer = caught(state.meter(), next.run(request));
    let mut response = match refused {
        Some(refusal) => refusal,
        None => match tokio::time::timeout(ANSWER_LIMIT, answer).await {
            Ok(response) => response,
            Err(_) => problem(&HeaderMap::new(), StatusCode::SERVICE_UNAVAILABLE, "the answer took too long"),
        },
    };
    response = harden(response);
    state.meter().request(&route, response.status().as_u16());
    log(client, &method, uri.path(), response.status(), began.elapsed());
    response
}

/// The access log: what went wrong or was forbidden is told, the rest when debugging. The query is left out:
/// it may hold what somebody took for a secret place.
fn log(client: Option<IpAddr>, method: &Method, path: &str, status: StatusCode, took: Duration) {
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (method, path) = (printable(method.as_str()), printable(path));
    let client = || client.map_or_else(|| "unix".to_owned(), |address| address.to_string());
    let told = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::ACCEPTED);
    if told || status.is_server_error() {
        tracing::info!(
            client.address = client(), http.method = %method, url.path = path, http.status = status.as_u16(),
            duration_ms, "{method} {path} was answered {status}"
        );
    } else {
        tracing::debug!(
            client.address = client(), http.method = %method, url.path = path, http.status = status.as_u16(),
            duration_ms, "{method} {path} was answered {status}"
        );
    }
}

/// A stranger's words for the log: cut, and without characters that would move a terminal or begin a line.
fn printable(text: &str) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == MAX_LOGGED {
            shown.push('…');
            break;
        }
        // formatting characters turn the reading direction, or show as nothing at all
        match c {
            ' '..='~' => shown.push(c),
            other if other.is_alphanumeric() => shown.push(other),
            other => shown.extend(other.escape_unicode()),
        }
    }
    shown
}

/// The client's address: the peer, or who a named proxy says it speaks for.
fn client(state: &State, request: &Request) -> Option<IpAddr> {
    let Peer(peer) = request.extensions().get::<Peer>().copied()?;
    let public = state.public();
    behind(peer?, request.headers(), &public.settings.trusted_proxies)
}

/// Walks X-Forwarded-For from its end as long as the last one known is a proxy we trust.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address.to_canonical()));
    let mut client = peer;
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for named in lines.iter().flat_map(|line| line.split(',')).rev() {
        if !is_trusted(client) {
            break;
        }
        match named.trim().parse() {
            Ok(address) => client = address,
            Err(_) => break,
        }
    }
    Some(client)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_named_proxies_may_name_the_client() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        for (peer, forwarded, expected) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("::1", "not an address", "::1"),
            ("::ffff:10.0.0.1", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("x-forwarded-for"),
                HeaderValue::from_static(forwarded),
            )]);
            let client = behind(peer.parse().unwrap(), &headers, &trusted).unwrap();
            assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded}");
        }
    }

    #[test]
    fn the_log_is_told_printable_words_only() {
        assert_eq!(printable("/feeds/唐山.rss"), "/feeds/唐山.rss");
        assert_eq!(printable("/\u{9b}31m\u{7f}\r\n\u{202e}"), "/\\u{9b}31m\\u{7f}\\u{d}\\u{a}\\u{202e}");
        assert_eq!(printable(&"a".repeat(10_000)).chars().count(), MAX_LOGGED + 1);
    }
}
