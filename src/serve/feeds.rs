//! Feed addresses: `/feeds/NAME.rss`, `.atom`, `.json`, and `/feeds/NAME` by what the client reads.

use axum::extract::State as Held;
use axum::response::Response;
use http::header::CONTENT_LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use percent_encoding::percent_decode_str;

use crate::compose::{SEARCH, TAG};
use crate::model::STATUS;
use crate::render::Format;

use super::accept;
use super::delta;
use super::documents::Documents;
use super::feed_key::{FeedKey, QueryError};
use super::head;
use super::reply::{self, Sending};
use super::shelf::NoFeed;
use super::state::State;

/// Where the feed of sick portals is: `/status.json` is the state itself.
pub(super) const STATUS_PATHS: [(&str, Format); 3] =
    [("/status.rss", Format::Rss), ("/status.atom", Format::Atom), ("/status.feed.json", Format::Json)];

/// `GET /feeds/…`.
pub(super) async fn feed(Held(state): Held<State>, uri: Uri, headers: HeaderMap) -> Response {
    let mut response = answer(&state, &uri, &headers).await;
    head::share(response.headers_mut());
    response
}

/// `OPTIONS /feeds/…`, preflights of readers in browsers among them.
pub(super) async fn options() -> Response {
    reply::options(true)
}

/// A whole feed by its plain address, when it is kept and fresh: most requests, and nothing is waited for.
pub(super) fn ready(state: &State, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let file = uri.path().strip_prefix("/feeds/").filter(|_| uri.query().is_none())?;
    let (name, extension) = file.rsplit_once('.')?;
    let is_plain =
        name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
    if !is_plain || matches!(name, STATUS | SEARCH) || headers.contains_key(delta::A_IM) {
        return None;
    }
    let format = Format::parse(extension)?;
    let documents = state.shelf().fresh(name)?;
    Some(send(headers, &documents, format, false))
}

/// The documents of a feed in one format, by the request's conditions.
fn send(headers: &HeaderMap, documents: &Documents, format: Format, negotiated: bool) -> Response {
    let head = documents.head(format).clone();
    let sending = Sending { modified: documents.last_modified, head, negotiated };
    reply::document(headers, documents.of(format), sending)
}

/// What an address asks for: a feed, and the format that its extension names.
struct Wanted {
    name: String,
    page: Option<u32>,
    format: Option<Format>,
}

impl Wanted {
    /// Reads a path; None for one that cannot be a feed's.
    fn of(path: &str) -> Option<Self> {
        if let Some((_, format)) = STATUS_PATHS.iter().find(|(named, _)| *named == path) {
            return Some(Self { name: STATUS.to_owned(), page: None, format: Some(*format) });
        }
        let (file, page) = match path.strip_prefix("/feeds/") {
            Some(rest) => match rest.split_once("/archive/") {
                Some((name, page)) => (name, Some(page)),
                None => (rest, None),
            },
            None => (path.strip_prefix('/').filter(|file| file.starts_with(SEARCH))?, None),
        };
        let named = page.unwrap_or(file);
        let (stem, format) = match named.rsplit_once('.') {
            Some((stem, extension)) => match Format::parse(extension) {
                Some(format) => (stem, Some(format)),
                // a tag may have a dot in it
                None if file.starts_with(TAG) && page.is_none() => (named, None),
                None => return None,
            },
            None => (named, None),
        };
        let (name, page) = match page {
            Some(_) => (file, Some(stem.parse().ok().filter(|_| !stem.starts_with(['+', '0']))?)),
            None => (stem, None),
        };
        let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
        let is_search = path.starts_with("/search");
        (is_search == (name == SEARCH) && name != STATUS).then_some(Self { name, page, format })
    }

    fn key(&self, query: Option<&str>) -> Result<FeedKey, QueryError> {
        match self.page {
            Some(page) => Ok(FeedKey::archive(&self.name, page, query)),
            None => FeedKey::read(&self.name, query),
        }
    }
}

/// 226: only what the client lacks, when it asks so and that is known.
async fn delta(
    state: &State,
    headers: &HeaderMap,
    key: &FeedKey,
    format: Format,
    documents: &Documents,
) -> Option<Response> {
    if key.is_narrowed() {
        return None;
    }
    let version = delta::asked(headers, format, &documents.version, &documents.before)?;
    let lacking = state.shelf().documents(&FeedKey::since(&key.name, version.name())).await.ok()?;
    reply::delta(headers, lacking.of(format), documents.of(format))
}

async fn answer(state: &State, uri: &Uri, headers: &HeaderMap) -> Response {
    let unknown = || reply::problem(headers, StatusCode::NOT_FOUND, "no feed has this address");
    let Some(wanted) = Wanted::of(uri.path()) else { return unknown() };
    let name = wanted.name.as_str();
    // whether there is such a feed is looked up only where nothing else will find out
    let refused = |status, detail: &str| {
        if name == SEARCH || name == STATUS || state.has_feed(name) {
            reply::problem(headers, status, detail)
        } else {
            unknown()
        }
    };
    let Some(format) = wanted.format.or_else(|| accept::format(headers)) else {
        let detail = format!("this feed can be had as {name}.rss, {name}.atom and {name}.json");
        return refused(StatusCode::NOT_ACCEPTABLE, &detail);
    };
    let key = match wanted.key(uri.query()) {
        Ok(key) => key,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let made = match key.page {
        Some(_) => state.shelf().archive(&key).await,
        None => state.shelf().documents(&key).await,
    };
    let documents = match made {
        Ok(documents) => documents,
        Err(NoFeed::Unknown) => return unknown(),
        Err(NoFeed::Gone) => {
            let detail = "all articles on this archive page are gone";
            return reply::problem(headers, StatusCode::GONE, detail);
        }
        Err(error) => {
            tracing::warn!(feed.name = name, error = %error, "a feed could not be made and none is kept");
            let detail = "the feed cannot be made right now, try again soon";
            return reply::problem(headers, StatusCode::SERVICE_UNAVAILABLE, detail);
        }
    };
    if let Some(response) = delta(state, headers, &key, format, &documents).await {
        return response;
    }
    let mut response = send(headers, &documents, format, wanted.format.is_none());
    if wanted.format.is_none()
        && let Ok(place) =
            HeaderValue::try_from(format!("{}.{}{}", uri.path(), format.extension(), key.suffix()))
    {
        response.headers_mut().insert(CONTENT_LOCATION, place);
    }
    response
}
