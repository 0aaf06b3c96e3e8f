//! `/status.json`: how every portal fares.

use std::collections::HashMap;
use std::time::Duration;

use axum::extract::State as Held;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use http::HeaderMap;
use serde::Serialize;
use tokio::time::timeout;

use crate::compose::title_of;
use crate::model::{Class, Kind, Note, Portal, PortalId, PortalState, PortalStatus, VisitCounts};

use super::documents::Document;
use super::head;
use super::reply::{self, Sending};
use super::state::State;

/// How long the store may take to tell.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Serialize)]
struct Whole {
    version: &'static str,
    node: String,
    now: String,
    portals: Vec<One>,
}

#[derive(Serialize)]
struct One {
    name: String,
    title: String,
    url: Option<String>,
    kind: &'static str,
    state: PortalState,
    articles: u64,
    last_visit: Option<String>,
    last_ok: Option<String>,
    next_visit: Option<String>,
    failures: u32,
    error: Option<Failure>,
    last: VisitCounts,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Failure {
    class: Class,
    detail: String,
    url: Option<String>,
    since: Option<String>,
    retry_at: Option<String>,
}

/// `GET /status.json`. A store that fails is told as the error of every portal.
pub(super) async fn json(Held(state): Held<State>, headers: HeaderMap) -> Response {
    let (known, trouble) = known(&state).await;
    let portals = state.portals();
    let whole = Whole {
        version: env!("CARGO_PKG_VERSION"),
        node: state.node().to_owned(),
        now: rfc3339(state.now()),
        portals: portals
            .iter()
            .map(|portal| one(portal, known.get(&portal.id), trouble.as_deref()))
            .collect(),
    };
    // strings and numbers alone: writing them to memory cannot fail
    let body = serde_json::to_vec(&whole).unwrap_or_default();
    let cache = Some(http::HeaderValue::from_static("no-cache"));
    let sending = Sending { head: head::of(cache, true), ..Sending::default() };
    reply::document(&headers, &Document::bare("application/json", body), sending)
}

/// `OPTIONS /status.json`.
pub(super) async fn options() -> Response {
    reply::options(true)
}

/// What the store knows of the portals, and what is wrong with the store.
pub(super) async fn known(state: &State) -> (HashMap<PortalId, PortalStatus>, Option<String>) {
    let known = match timeout(PATIENCE, state.store().status(state.now())).await {
        Ok(Ok(known)) => Ok(known),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the store does not answer".to_owned()),
    };
    let health = state.store_health().await;
    match known {
        Ok(known) => (known, health.err()),
        Err(error) => (HashMap::new(), Some(error)),
    }
}

/// The state people see, a failing store counted in.
pub(super) fn state_of(portal: &Portal, known: Option<&PortalStatus>, trouble: Option<&str>) -> PortalState {
    let state =
        known.map_or_else(|| PortalStatus::default().state(portal.enabled), |k| k.state(portal.enabled));
    if trouble.is_some() && portal.enabled { PortalState::Failing } else { state }
}

fn one(portal: &Portal, known: Option<&PortalStatus>, trouble: Option<&str>) -> One {
    let state = state_of(portal, known, trouble);
    let title = title_of(portal, known.and_then(|known| known.title.as_deref()));
    let known = known.cloned().unwrap_or_default();
    let next_visit = known.next_visit.map(rfc3339);
    let store = trouble.filter(|_| portal.enabled).map(|_| Failure {
        class: Class::Store,
        // the back end's own words may hold paths: they go to the log
        detail: "the store does not take what visits find; what was stored is served".to_owned(),
        url: None,
        since: None,
        retry_at: next_visit.clone(),
    });
    let error = store.or_else(|| {
        known.error.map(|fault| Failure {
            class: fault.class,
            detail: fault.detail,
            url: fault.url.map(|url| url.to_string()),
            since: known.since.map(rfc3339),
            retry_at: next_visit.clone(),
        })
    });
    One {
        name: portal.id.to_string(),
        title,
        url: portal.lists.first().map(ToString::to_string),
        kind: known.kind.filter(|_| portal.kind == Kind::Auto).unwrap_or(portal.kind).as_str(),
        state,
        articles: known.articles,
        last_visit: known.last_visit.map(rfc3339),
        last_ok: known.last_ok.map(rfc3339),
        next_visit,
        failures: known.failures,
        error,
        last: known.last,
        notes: known.notes,
    }
}

fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
