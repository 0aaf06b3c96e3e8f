//! Answers: documents with their conditions, problems in the asker's language, and the headers all share.

use askama::Template;
use axum::body::Body;
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, RETRY_AFTER, VARY,
    WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::accept::wants_page;
use super::conditional::{Verdict, evaluate, joined};
use super::documents::Document;
use super::head::{guard, share};

/// Pages load pictures of articles from anywhere and our own style sheet; nothing else, and no script at all.
pub(super) const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' http: https: data:; media-src http: https:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// How a document is sent, beside the document itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Sending {
    pub(super) modified: Option<DateTime<Utc>>,
    /// What every answer about it carries, sent or not: see [`super::head`].
    pub(super) head: HeaderMap,
    /// The answer depends on `Accept` too.
    pub(super) negotiated: bool,
}

/// Sends a document to a GET or HEAD: the right coding, or 304 or 412 by the request's conditions.
pub(super) fn document(request: &HeaderMap, document: &Document, sending: Sending) -> Response {
    let accept = joined(request, &ACCEPT_ENCODING);
    let Some(variant) = document.variant(accept.as_deref()) else {
        let detail = "the document could not be written";
        return harden(problem(request, StatusCode::INTERNAL_SERVER_ERROR, detail));
    };
    let etag = variant.etag.to_str().unwrap_or_default();
    let verdict = evaluate(request, etag, sending.modified);
    if verdict == Verdict::Failed {
        let detail = "the document is another one by now";
        return harden(problem(request, StatusCode::PRECONDITION_FAILED, detail));
    }
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    *headers = sending.head;
    headers.insert(ETAG, variant.etag.clone());
    if sending.negotiated {
        headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    }
    if verdict == Verdict::NotModified {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(document.content_type));
    headers.extend(variant.coding.token().map(|token| (CONTENT_ENCODING, HeaderValue::from_static(token))));
    *response.body_mut() = Body::from(variant.body.clone());
    response
}

/// 226 (RFC 3229 section 10.4.1): a document with only what the client lacks, tagged as the whole one. No cache may
/// keep it for others.
pub(super) fn delta(request: &HeaderMap, lacking: &Document, whole: &Document) -> Option<Response> {
    let accept = joined(request, &ACCEPT_ENCODING);
    let (part, tag) = (lacking.variant(accept.as_deref())?, whole.variant(accept.as_deref())?.etag.clone());
    let mut response = Response::new(Body::from(part.body.clone()));
    *response.status_mut() = StatusCode::IM_USED;
    let headers = response.headers_mut();
    headers.insert(ETAG, tag);
    headers.insert(HeaderName::from_static("im"), HeaderValue::from_static("feed"));
    headers.insert(VARY, HeaderValue::from_static("A-IM, If-None-Match, Accept-Encoding"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(lacking.content_type));
    headers.extend(part.coding.token().map(|token| (CONTENT_ENCODING, HeaderValue::from_static(token))));
    Some(response)
}

/// An answer made for this request alone.
pub(super) fn plain(content_type: &'static str, cache: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// A page, made for this request alone.
pub(super) fn page(request: &HeaderMap, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => {
            let mut response = plain("text/html; charset=utf-8", "no-cache", html);
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
            response
        }
        Err(error) => {
            tracing::error!(error = %error, "a page could not be written");
            problem(request, StatusCode::INTERNAL_SERVER_ERROR, "the page could not be written")
        }
    }
}

#[derive(Serialize)]
struct Details<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    status: u16,
    title: &'a str,
    detail: &'a str,
}

/// A refusal: `application/problem+json` (RFC 9457), for browsers a page. `detail` is shown to everybody:
/// no error text of ours, no address of the request.
pub(super) fn problem(request: &HeaderMap, status: StatusCode, detail: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let page = ProblemPage { status: status.as_u16(), title, detail };
    let html = if wants_page(request) { page.render().ok() } else { None };
    let mut response = match html {
        Some(html) => {
            let mut response = plain("text/html; charset=utf-8", "no-store", html);
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
            response
        }
        None => {
            let details = Details { r#type: "about:blank", title, status: status.as_u16(), detail };
            // four plain fields: writing them cannot fail
            let json = serde_json::to_string(&details).unwrap_or_default();
            plain("application/problem+json", "no-store", json)
        }
    };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Accept"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"tidings\""));
    }
    match status {
        StatusCode::SERVICE_UNAVAILABLE => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("5"))),
        StatusCode::TOO_MANY_REQUESTS => drop(headers.insert(RETRY_AFTER, HeaderValue::from_static("60"))),
        _ => {}
    }
    response
}

/// The answer to OPTIONS of what can only be read.
pub(super) fn options(shared: bool) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
    if shared {
        share(headers);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        let allowed = "Accept, Accept-Language, A-IM, Cache-Control, Content-Type, If-Match, If-Modified-Since, \
                       If-None-Match, If-Unmodified-Since, Pragma, Range, User-Agent, X-Requested-With";
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    response
}

/// An answer with the headers that every one carries.
pub(super) fn harden(mut response: Response) -> Response {
    guard(response.headers_mut());
    response
}
