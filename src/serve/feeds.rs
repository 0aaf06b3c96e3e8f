//! Feed addresses: `/feeds/NAME.rss`, `.atom`, `.json`, and `/feeds/NAME` by what the client reads.

use axum::extract::State as Held;
use axum::response::Response;
use http::header::CONTENT_LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

use crate::render::Format;

use super::accept;
use super::feed_key::FeedKey;
use super::reply::{self, Sending};
use super::shelf::NoFeed;
use super::state::State;

/// `GET /feeds/…`.
pub(super) async fn feed(Held(state): Held<State>, uri: Uri, headers: HeaderMap) -> Response {
    let mut response = answer(&state, &uri, &headers).await;
    reply::share(response.headers_mut());
    response
}

/// `OPTIONS /feeds/…`, preflights of readers in browsers among them.
pub(super) async fn options() -> Response {
    reply::options(true)
}

async fn answer(state: &State, uri: &Uri, headers: &HeaderMap) -> Response {
    let unknown = || reply::problem(headers, StatusCode::NOT_FOUND, "no feed has this address");
    let Some(file) = uri.path().strip_prefix("/feeds/") else { return unknown() };
    let (name, named) = match file.rsplit_once('.') {
        Some((name, extension)) => match Format::parse(extension) {
            Some(format) => (name, Some(format)),
            None => return unknown(),
        },
        None => (file, None),
    };
    // whether there is such a feed is looked up only where nothing else will find out
    let refused = |status, detail: &str| {
        if state.has_feed(name) { reply::problem(headers, status, detail) } else { unknown() }
    };
    let Some(format) = named.or_else(|| accept::format(headers)) else {
        let detail = format!("this feed can be had as {name}.rss, {name}.atom and {name}.json");
        return refused(StatusCode::NOT_ACCEPTABLE, &detail);
    };
    let key = match FeedKey::read(name, uri.query()) {
        Ok(key) => key,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let documents = match state.shelf().documents(&key).await {
        Ok(documents) => documents,
        Err(NoFeed::Unknown) => return unknown(),
        Err(error) => {
            tracing::warn!(feed.name = name, error = %error, "a feed could not be made and none is kept");
            let detail = "the feed cannot be made right now, try again soon";
            return reply::problem(headers, StatusCode::SERVICE_UNAVAILABLE, detail);
        }
    };
    let sending = Sending {
        modified: Some(documents.last_modified),
        modified_header: documents.modified_header.clone(),
        cache: documents.cache_header.clone(),
        negotiated: named.is_none(),
        shared: true,
    };
    let mut response = reply::document(headers, documents.of(format), sending);
    if named.is_none()
        && let Ok(place) = HeaderValue::try_from(format!("/feeds/{name}.{}", format.extension()))
    {
        response.headers_mut().insert(CONTENT_LOCATION, place);
    }
    response
}
