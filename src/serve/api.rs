//! `/api`: what changes something, for those who hold the admin token.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Held};
use axum::response::Response;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::store::Asked;

use super::foreign::is_foreign;
use super::reply::{plain, problem};
use super::state::State;

#[derive(Serialize)]
struct Accepted<'a> {
    portal: &'a str,
    visit: &'static str,
}

/// `POST /api/portals/NAME/visit`: a visit now.
pub(super) async fn visit(
    Held(state): Held<State>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = refusal(&state, &headers) {
        return refusal;
    }
    // what cannot be read is nobody's name
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let unknown = || problem(&headers, StatusCode::NOT_FOUND, "no portal that is visited has this name");
    let Some(portal) = state.portal(&name).filter(|portal| portal.enabled) else { return unknown() };
    match state.store().ask_visit(&portal.id, state.now()).await {
        Ok(Asked::Accepted) => {
            state.wake_planner();
            tracing::info!(portal.name = %portal.id, "a visit was asked for");
            let body = Accepted { portal: portal.id.as_str(), visit: "accepted" };
            // two plain fields: writing them cannot fail
            let body = serde_json::to_string(&body).unwrap_or_default();
            let mut response = plain("application/json", "no-store", body);
            *response.status_mut() = StatusCode::ACCEPTED;
            response
        }
        Ok(Asked::Running) => problem(&headers, StatusCode::CONFLICT, "a visit of this portal is in flight"),
        Ok(Asked::Unknown) => unknown(),
        Err(error) => {
            tracing::warn!(portal.name = %portal.id, error = %error, "a visit could not be asked for");
            problem(&headers, StatusCode::SERVICE_UNAVAILABLE, "the store does not take wishes right now")
        }
    }
}

/// Any other address or method below `/api`.
pub(super) async fn other(Held(state): Held<State>, headers: HeaderMap) -> Response {
    refusal(&state, &headers)
        .unwrap_or_else(|| problem(&headers, StatusCode::NOT_FOUND, "there is nothing at this address"))
}

/// A method that the address does not know.
pub(super) async fn wrong_method(Held(state): Held<State>, headers: HeaderMap) -> Response {
    refusal(&state, &headers)
        .unwrap_or_else(|| problem(&headers, StatusCode::METHOD_NOT_ALLOWED, "this address takes POST only"))
}

/// Without a configured token there is no `/api`; with one, the request must carry it, and must not come
/// from a page of somebody else's.
fn refusal(state: &State, headers: &HeaderMap) -> Option<Response> {
    let public = state.public();
    let Some(token) = public.settings.admin_token.as_deref().filter(|token| !token.is_empty()) else {
        return Some(problem(headers, StatusCode::NOT_FOUND, "there is nothing at this address"));
    };
    if is_foreign(headers, &public.place.base) {
        return Some(problem(headers, StatusCode::FORBIDDEN, "pages of other origins may not do this"));
    }
    match bearer(headers) {
        Some(given) if is_same(given, token) => None,
        _ => Some(problem(headers, StatusCode::UNAUTHORIZED, "this needs the admin token")),
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750 section 2.1), when there is exactly one such header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let line = lines.next()?.to_str().ok()?;
    let (scheme, token) = line.split_once(' ')?;
    (lines.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then_some(token.trim())
}

/// Compared as digests and in constant time: neither content nor length of the right token shows.
fn is_same(given: &str, right: &str) -> bool {
    let (given, right) = (Sha256::digest(given.as_bytes()), Sha256::digest(right.as_bytes()));
    given.as_slice().ct_eq(right.as_slice()).into()
}
