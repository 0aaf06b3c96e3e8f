//! `/opml.xml`: every feed, for readers that take them all at once.

use axum::extract::State as Held;
use axum::response::Response;
use http::{HeaderMap, HeaderValue};

use crate::compose::title_of;
use crate::render::{self, Outline};

use super::documents::Document;
use super::head;
use super::reply::{self, Sending};
use super::state::State;
use super::status;

/// `GET /opml.xml`: the portals' feeds, in a folder by their first tag.
pub(super) async fn opml(Held(state): Held<State>, headers: HeaderMap) -> Response {
    let (known, _) = status::known(&state).await;
    let base = state.public().place.base.clone();
    let mut outlines: Vec<Outline> = state
        .portals()
        .iter()
        .map(|portal| Outline {
            title: title_of(portal, known.get(&portal.id).and_then(|known| known.title.as_deref())),
            xml_url: format!("{base}feeds/{}.rss", portal.id),
            html_url: portal.lists.first().map(ToString::to_string),
            folder: portal.tags.first().cloned(),
            tags: portal.tags.clone(),
            // everybody reads this: headers are the administrator's
            keys: render::portal_keys(portal, false),
            others: Vec::new(),
        })
        .collect();
    let public = state.public();
    outlines.extend(public.place.mixes.iter().map(|mix| Outline {
        title: mix.title.clone().unwrap_or_else(|| mix.name.to_string()),
        xml_url: format!("{base}feeds/{}.rss", mix.name),
        ..Outline::default()
    }));
    let document = Document::bare("text/x-opml; charset=utf-8", render::opml("tidings", &outlines));
    let cache = Some(HeaderValue::from_static("public, max-age=300"));
    reply::document(&headers, &document, Sending { head: head::of(cache, true), ..Sending::default() })
}
