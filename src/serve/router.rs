//! One table: address, methods, handler; and what every request goes through.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State as Held};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::caught::caught;
use super::client::client;
use super::feeds::STATUS_PATHS;
use super::refuse::{is_callback, refusal};
use super::reply::{harden, problem};
use super::state::State;
use super::{api, callbacks, feeds, health, hub, pages, status, subscriptions};

/// An answer that takes longer will not come.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);

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
        .route("/hub/callback/{token}", get(callbacks::confirm).post(callbacks::deliver))
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

/// A refusal that is not one of ours is the framework's: its words are for programmers.
fn in_our_words(request: &HeaderMap, response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_ours = kind == b"application/problem+json" || kind.starts_with(b"text/html");
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let mut told = problem(request, status, "the request cannot be read");
    told.headers_mut().extend(response.headers().get(ALLOW).map(|methods| (ALLOW, methods.clone())));
    told
}

/// What every request goes through: refusals, the time limit, the headers all answers share, meter and log.
async fn around(Held(state): Held<State>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let client = client(&state, request.extensions(), request.headers());
    let refused = refusal(request.method(), request.uri(), request.version(), request.headers());
    let headers = request.headers().clone();
    let answer = caught(state.meter(), next.run(request));
    let mut response = match refused {
        Some(refusal) => refusal,
        None => match tokio::time::timeout(ANSWER_LIMIT, answer).await {
            Ok(response) => response,
            Err(_) => problem(&HeaderMap::new(), StatusCode::SERVICE_UNAVAILABLE, "the answer took too long"),
        },
    };
    response = harden(in_our_words(&headers, response));
    state.meter().request(&route, response.status().as_u16());
    // who knows a token may speak for a hub
    let path = if is_callback(uri.path()) { "/hub/callback/…" } else { uri.path() };
    state.journal().tell(client, &method, path, response.status(), began.elapsed());
    response
}
