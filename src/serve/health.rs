//! Alive, ready, metrics: for those who run the machine.

use axum::extract::State as Held;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use crate::model::PortalState;

use super::reply::{plain, problem};
use super::state::State;
use super::status;

const TEXT: &str = "text/plain; charset=utf-8";

/// `GET /healthz`: this process answers.
pub(super) async fn alive() -> Response {
    plain(TEXT, "no-store", "ok\n".to_owned())
}

/// `GET /readyz`: the first load is done and the store takes writes.
pub(super) async fn ready(Held(state): Held<State>, headers: HeaderMap) -> Response {
    if !state.is_ready() {
        return problem(&headers, StatusCode::SERVICE_UNAVAILABLE, "the first load is not done yet");
    }
    match state.store_health().await {
        Ok(()) => plain(TEXT, "no-store", "ready\n".to_owned()),
        Err(error) => {
            tracing::debug!(error = error, "not ready");
            problem(&headers, StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}

/// `GET /metrics`: `OpenMetrics` text, for Prometheus.
pub(super) async fn metrics(Held(state): Held<State>) -> Response {
    let (known, trouble) = status::known(&state).await;
    let portals = state.portals();
    for one in [
        PortalState::Ok,
        PortalState::Degraded,
        PortalState::Failing,
        PortalState::Pending,
        PortalState::Paused,
    ] {
        let in_it = |id| status::state_of(id, known.get(&id.id), trouble.as_deref()) == one;
        state.meter().portals(one.as_str(), portals.iter().filter(|portal| in_it(portal)).count());
    }
    // a store that does not answer leaves them as they stood last
    if let Ok(standing) = state.store().subscriptions(state.now()).await {
        for (name, count) in
            [("active", standing.active), ("owed", standing.owed), ("resting", standing.resting)]
        {
            state.meter().subscriptions(name, count);
        }
    }
    let text = state.meter().to_text();
    plain("application/openmetrics-text; version=1.0.0; charset=utf-8", "no-store", text)
}
