//! `/hub/callback/TOKEN`: hubs elsewhere confirm what we asked for (W3C WebSub section 5.3), and tell of news (7).

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State as Held};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use url::form_urlencoded;

use crate::hub;
use crate::store::{Followed, StoreError};

use super::reply::{plain, problem};
use super::state::State;

/// Challenges are short; what is longer is none.
const MOST_CHALLENGE: usize = 2048;

async fn followed(
    state: &State,
    token: Result<Path<String>, PathRejection>,
) -> Result<Option<Followed>, StoreError> {
    let token = token.map(|Path(token)| token).unwrap_or_default();
    let is_token = token.len() == 32 && token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_token {
        return Ok(None);
    }
    let followed = state.store().followed(&token).await?;
    Ok(followed.filter(|followed| state.portal(followed.portal.as_str()).is_some_and(|it| it.enabled)))
}

fn failed(headers: &HeaderMap, error: &StoreError) -> Response {
    tracing::warn!(error = %error, "a hub's word could not be kept");
    problem(headers, StatusCode::SERVICE_UNAVAILABLE, "nothing can be kept right now")
}

/// `GET`: a hub asks whether a subscription is meant, or tells that it will not have it.
pub(super) async fn confirm(
    Held(state): Held<State>,
    token: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let unknown = || problem(&headers, StatusCode::NOT_FOUND, "no such subscription is asked for here");
    let query = query.unwrap_or_default();
    let field = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
    };
    let followed = match followed(&state, token).await {
        Ok(Some(followed)) if followed.was_asked => followed,
        Ok(_) => return unknown(),
        Err(error) => return failed(&headers, &error),
    };
    if field("hub.topic").as_deref() != Some(followed.topic.as_str()) {
        return unknown();
    }
    let portal = &followed.portal;
    let (end, answer) = match field("hub.mode").as_deref() {
        Some("subscribe") => {
            let Some(challenge) = field("hub.challenge").filter(|text| text.len() <= MOST_CHALLENGE) else {
                return problem(&headers, StatusCode::BAD_REQUEST, "hub.challenge is missing or too long");
            };
            let lease = field("hub.lease_seconds").and_then(|secs| secs.trim().parse().ok());
            tracing::info!(portal.name = %portal, "the hub of {portal} tells of its news from now on");
            (hub::granted(lease, state.now()), challenge.into_owned())
        }
        Some("denied") => {
            let reason: String = field("hub.reason").unwrap_or_default().chars().take(200).collect();
            tracing::info!(portal.name = %portal, hub.reason = ?reason, "the hub of {portal} denied us: it is visited as ever");
            (hub::denied(state.now()), String::new())
        }
        _ => return unknown(),
    };
    if let Err(error) = state.store().end_follow(&followed.token, end).await {
        return failed(&headers, &error);
    }
    state.callbacks().know([followed.token]);
    plain("text/plain; charset=utf-8", "no-store", answer)
}

/// `POST`: there is news. What it is, the portal's next visit reads, which is due now.
pub(super) async fn deliver(
    Held(state): Held<State>,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let followed = match followed(&state, token).await {
        Ok(Some(followed)) if followed.was_asked => followed,
        // a hub that hears this may end the subscription (section 7)
        Ok(_) => return problem(&headers, StatusCode::GONE, "nobody here waits for this"),
        Err(error) => return failed(&headers, &error),
    };
    let mut taken = plain("text/plain; charset=utf-8", "no-store", String::new());
    *taken.status_mut() = StatusCode::ACCEPTED;
    let mut lines = headers.get_all("x-hub-signature").iter();
    let signature = lines.next().and_then(|line| line.to_str().ok()).filter(|_| lines.next().is_none());
    let portal = &followed.portal;
    if !signature.is_some_and(|signature| hub::is_signed(signature, &followed.secret, &body)) {
        // the same answer as to a good one (section 7.1): whoever guesses learns nothing
        tracing::info!(portal.name = %portal, "a delivery for {portal} bears no signature of its hub: ignored");
        return taken;
    }
    match state.store().follow_news(&followed.token, state.now()).await {
        Ok(is_due) => {
            tracing::info!(portal.name = %portal, "the hub of {portal} tells of news");
            if is_due {
                state.wake_planner();
            }
            taken
        }
        Err(error) => failed(&headers, &error),
    }
}
