//! `/hub`: who wants to be told of changes (W3C WebSub section 5). The hub itself works elsewhere.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State as Held;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{Extensions, HeaderMap, StatusCode};
use tokio::time::timeout;

use crate::hub;
use crate::store::StoreError;

use super::client::{client, household};
use super::foreign::is_foreign;
use super::reply::{plain, problem};
use super::state::State;

/// Who wishes waits so long for a store that takes no writes: others need the place.
const STORE_PATIENCE: Duration = Duration::from_millis(700);

/// `POST /hub`: kept, and verified soon.
pub(super) async fn ask(
    Held(state): Held<State>,
    peer: Extensions,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    let (public, portals) = (state.public(), state.portals());
    if is_foreign(&headers, &public.place.base) {
        return problem(&headers, StatusCode::FORBIDDEN, "pages of other origins may not subscribe anybody");
    }
    if !is_form(&headers) {
        return problem(&headers, StatusCode::UNSUPPORTED_MEDIA_TYPE, "the hub takes forms only");
    }
    let is_topic = |address: &str| hub::topic(address, &public.place, &portals).is_some();
    let wish = match hub::read(&form, is_topic) {
        Ok(wish) => wish,
        Err(refusal) => return problem(&headers, StatusCode::BAD_REQUEST, &refusal.to_string()),
    };
    if !state.wishes().may(client(&state, &peer, &headers).map(household)) {
        return problem(&headers, StatusCode::TOO_MANY_REQUESTS, "too many wishes in a short time");
    }
    let kept = timeout(STORE_PATIENCE, state.store().wish(wish, state.now())).await;
    let late = || StoreError::Backend("the store did not answer in time".to_owned());
    match kept.unwrap_or_else(|_| Err(late())) {
        Ok(true) => {
            state.wake_hub();
            let mut response = plain("text/plain; charset=utf-8", "no-store", "accepted\n".to_owned());
            *response.status_mut() = StatusCode::ACCEPTED;
            response
        }
        Ok(false) => {
            let detail = "there are too many subscriptions here already, or too many of this host";
            problem(&headers, StatusCode::TOO_MANY_REQUESTS, detail)
        }
        Err(error) => {
            tracing::warn!(error = %error, "a subscription could not be kept");
            problem(&headers, StatusCode::SERVICE_UNAVAILABLE, "subscriptions cannot be kept right now")
        }
    }
}

/// A form by its content type, or something that has none (WebSub section 5.1).
fn is_form(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_TYPE).iter().all(|line| {
        let kind = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// Any other method.
pub(super) async fn wrong_method(headers: HeaderMap) -> Response {
    problem(
        &headers,
        StatusCode::METHOD_NOT_ALLOWED,
        "this is a WebSub hub: POST hub.mode, hub.topic and hub.callback to it",
    )
}
