//! Headers that answers share.

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_SECURITY_POLICY,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

/// What is no page loads nothing, even when a browser shows it.
const DATA_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// The headers of every answer about a document: what caches may do with it, and what all answers share.
pub(super) fn of(cache: Option<HeaderValue>, is_shared: bool) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(HEADERS);
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.extend(cache.map(|value| (CACHE_CONTROL, value)));
    if is_shared {
        share(&mut headers);
    }
    guard(&mut headers);
    headers
}

/// Headers of a document: room for all of them.
const HEADERS: usize = 16;

/// Lets programs in browsers read an answer: feeds are public, and carry no credentials.
pub(super) fn share(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = "Content-Location, ETag, Last-Modified, Link, Retry-After";
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
}

/// The headers every answer carries.
pub(super) fn guard(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(DATA_POLICY);
}
