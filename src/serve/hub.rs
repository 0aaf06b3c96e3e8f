//! `/hub`: who wants to be told of changes (W3C WebSub section 5). The hub itself works elsewhere.

use axum::body::Bytes;
use axum::extract::State as Held;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::hub;

use super::reply::{plain, problem};
use super::state::State;

/// `POST /hub`: kept, and verified soon.
pub(super) async fn ask(Held(state): Held<State>, headers: HeaderMap, form: Bytes) -> Response {
    let (public, portals) = (state.public(), state.portals());
    let is_topic = |address: &str| hub::topic(address, &public.place, &portals).is_some();
    let wish = match hub::read(&form, is_topic) {
        Ok(wish) => wish,
        Err(refusal) => return problem(&headers, StatusCode::BAD_REQUEST, &refusal.to_string()),
    };
    match state.store().wish(wish, state.now()).await {
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

/// Any other method.
pub(super) async fn wrong_method(headers: HeaderMap) -> Response {
    problem(
        &headers,
        StatusCode::METHOD_NOT_ALLOWED,
        "this is a WebSub hub: POST hub.mode, hub.topic and hub.callback to it",
    )
}
