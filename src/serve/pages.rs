//! Pages for people: all feeds, one portal, one article as read.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Held};
use axum::response::Response;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::compose::{self, ALL, UNRESERVED, title_of};
use crate::model::{
    Evidence, PageUrl, Portal, PortalId, PortalStatus, Precision, Refused, Stamp, StoredArticle,
};
use crate::render::{Format, xml_text};
use crate::store::{Query, StoreError};

use super::documents::Document;
use super::feeds::STATUS_PATHS;
use super::head;
use super::reply::{self, Sending, problem};
use super::state::State;
use super::status;

/// Articles shown on a page.
const SHOWN: usize = 50;

const VERSION: &str = env!("CARGO_PKG_VERSION");

static STYLE: LazyLock<Document> =
    LazyLock::new(|| Document::new("text/css; charset=utf-8", include_bytes!("../../templates/style.css")));

/// A time for machines and for people.
type Time = (String, String);

/// Media type, address and title of a feed, for `link rel=alternate`.
type FeedLink = (&'static str, String, String);

#[derive(Template)]
#[template(path = "index.html")]
struct Index {
    root: String,
    version: &'static str,
    links: Vec<FeedLink>,
    trouble: Option<&'static str>,
    portals: Vec<PortalLine>,
    /// Feeds that are no portal's own: name as in an address, title.
    others: Vec<(String, String)>,
    total: u64,
    latest: Vec<ArticleLine>,
}

struct PortalLine {
    name: String,
    title: String,
    state: &'static str,
    articles: u64,
    last_visit: Option<Time>,
}

struct ArticleLine {
    number: i64,
    title: String,
    lang: Option<String>,
    at: Time,
    portal: (String, String),
}

#[derive(Template)]
#[template(path = "portal.html")]
struct PortalPage {
    root: String,
    version: &'static str,
    links: Vec<FeedLink>,
    portal: PortalLine,
    error: Option<String>,
    lists: Vec<String>,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    articles: Vec<ArticleLine>,
}

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage {
    root: String,
    version: &'static str,
    title: String,
    portal: (String, String),
    url: String,
    id: String,
    lang: Option<String>,
    facts: Vec<(&'static str, String)>,
    categories: Vec<(String, String)>,
    /// Sanitised when it was read.
    html: String,
    attachments: Vec<(String, String)>,
    evidence: Vec<EvidenceRow>,
}

struct EvidenceRow {
    field: String,
    from: String,
    raw: String,
    refused: Vec<Refused>,
}

/// `GET /`.
pub(super) async fn index(Held(state): Held<State>, headers: HeaderMap) -> Response {
    let root = root(&state);
    let (known, trouble) = status::known(&state).await;
    let portals = state.portals();
    let lines: Vec<PortalLine> =
        portals.iter().map(|p| portal_line(p, known.get(&p.id), trouble.as_deref())).collect();
    let mut links = feed_links(&root, ALL, "All articles");
    links.extend(lines.iter().flat_map(|line| feed_links(&root, &line.name, &line.title)));
    let others = others(&state, &portals);
    links.extend(others.iter().flat_map(|(name, title)| feed_links(&root, name, title)));
    links.extend(status_links(&root));
    let latest = articles(&state, None).await.unwrap_or_default();
    let page = Index {
        links,
        trouble: trouble.map(|_| "The store does not take what visits find: what was stored is served."),
        total: lines.iter().map(|line| line.articles).sum(),
        latest: latest.iter().map(|a| article_line(a, &lines)).collect(),
        portals: lines,
        others,
        root,
        version: VERSION,
    };
    reply::page(&headers, &page)
}

/// The feeds that are configured, and those of tags: name as in an address, title.
fn others(state: &State, portals: &[Portal]) -> Vec<(String, String)> {
    let place = &state.public().place;
    let rest = compose::names(portals, &place.mixes).into_iter().skip(1 + portals.len());
    rest.filter_map(|name| {
        let title = compose::spec_for(&name, portals, &place.mixes)?.title?;
        Some((utf8_percent_encode(&name, UNRESERVED).to_string(), title))
    })
    .collect()
}

/// `GET /portals/NAME`.
pub(super) async fn portal(
    Held(state): Held<State>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Some(portal) = name.ok().and_then(|Path(name)| state.portal(&name)) else {
        return problem(&headers, StatusCode::NOT_FOUND, "no portal has this name");
    };
    let root = root(&state);
    let (mut known, trouble) = status::known(&state).await;
    let known = known.remove(&portal.id).unwrap_or_default();
    let line = portal_line(&portal, Some(&known), trouble.as_deref());
    let list = articles(&state, Some(&portal.id)).await.unwrap_or_default();
    let lines = std::slice::from_ref(&line);
    let articles = list.iter().map(|a| article_line(a, lines)).collect();
    let page = PortalPage {
        links: feed_links(&root, &line.name, &line.title),
        error: known.error.as_ref().map(ToString::to_string),
        lists: portal.lists.iter().map(ToString::to_string).collect(),
        facts: facts(&known),
        notes: known.notes.iter().map(ToString::to_string).collect(),
        articles,
        portal: line,
        root,
        version: VERSION,
    };
    reply::page(&headers, &page)
}

/// `GET /articles/ID`.
pub(super) async fn article(
    Held(state): Held<State>,
    number: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let unknown = || problem(&headers, StatusCode::NOT_FOUND, "no article has this number");
    let number = number.ok().and_then(|Path(number)| number.parse().ok());
    let Some(number) = number.filter(|number| *number > 0) else { return unknown() };
    let stored = match found(&state, number).await {
        Ok(Found::Here(stored)) => stored,
        Ok(Found::Withdrawn) => {
            return problem(&headers, StatusCode::GONE, "the portal withdrew this article");
        }
        Ok(Found::Nothing) => return unknown(),
        Err(error) => {
            tracing::warn!(error = %error, "an article could not be read");
            return problem(&headers, StatusCode::SERVICE_UNAVAILABLE, "the store does not answer right now");
        }
    };
    let title = state.portal(stored.portal.as_str()).and_then(|portal| portal.title);
    let root = root(&state);
    reply::page(&headers, &article_page(root, *stored, title))
}

/// What is kept under an article's number.
enum Found {
    Here(Box<StoredArticle>),
    Withdrawn,
    Nothing,
}

async fn found(state: &State, number: i64) -> Result<Found, StoreError> {
    if let Some(stored) = state.store().article(number).await? {
        return Ok(Found::Here(Box::new(stored)));
    }
    Ok(if state.store().is_withdrawn(number).await? { Found::Withdrawn } else { Found::Nothing })
}

/// `GET /style.css`.
pub(super) async fn style(headers: HeaderMap) -> Response {
    let cache = Some(HeaderValue::from_static("public, max-age=3600"));
    reply::document(&headers, &STYLE, Sending { head: head::of(cache, false), ..Sending::default() })
}

/// `OPTIONS` of every page.
pub(super) async fn options() -> Response {
    reply::options(false)
}

fn article_page(root: String, stored: StoredArticle, portal_title: Option<String>) -> ArticlePage {
    let article = stored.article;
    let published = article.published.map(|stamp| ("published", shown(&stamp)));
    let modified = article.modified.map(|stamp| ("changed", shown(&stamp)));
    let author = article.author.map(|name| ("by", name));
    let source = article.source.map(|name| ("from", name));
    let category = |name: String| {
        let tag = utf8_percent_encode(&name, NON_ALPHANUMERIC);
        let href = format!("{root}feeds/{}.rss?tag={tag}", stored.portal);
        (name, href)
    };
    let named = |title: String, url: &PageUrl| if title.is_empty() { url.to_string() } else { title };
    ArticlePage {
        facts: [published, modified, author, source].into_iter().flatten().collect(),
        categories: article.categories.into_iter().map(category).collect(),
        root,
        version: VERSION,
        title: xml_text(&article.title).into_owned(),
        portal: (stored.portal.to_string(), portal_title.unwrap_or_else(|| stored.portal.to_string())),
        url: article.url.to_string(),
        id: stored.id.to_string(),
        lang: article.lang,
        html: xml_text(&article.html).into_owned(),
        attachments: article
            .attachments
            .into_iter()
            .map(|a| (a.url.to_string(), named(a.title, &a.url)))
            .collect(),
        evidence: evidence_rows(article.evidence),
    }
}

fn evidence_rows(evidence: Evidence) -> Vec<EvidenceRow> {
    let row = |(field, seen): (String, crate::model::FieldEvidence)| EvidenceRow {
        field,
        from: seen.from,
        raw: seen.raw,
        refused: seen.refused,
    };
    evidence.into_iter().map(row).collect()
}

async fn articles(state: &State, portal: Option<&PortalId>) -> Option<Vec<StoredArticle>> {
    let portals = match portal {
        Some(portal) => vec![portal.clone()],
        None => state.portals().iter().map(|portal| portal.id.clone()).collect(),
    };
    let query = Query { portals: Some(portals), category: None, limit: SHOWN, ..Query::default() };
    match state.store().articles(query).await {
        Ok(articles) => Some(articles),
        Err(error) => {
            tracing::warn!(error = %error, "articles could not be read");
            None
        }
    }
}

fn portal_line(portal: &Portal, known: Option<&PortalStatus>, trouble: Option<&str>) -> PortalLine {
    PortalLine {
        name: portal.id.to_string(),
        title: title_of(portal, known.and_then(|known| known.title.as_deref())),
        state: status::state_of(portal, known, trouble).as_str(),
        articles: known.map_or(0, |known| known.articles),
        last_visit: known.and_then(|known| known.last_visit).map(|at| time(at.fixed_offset())),
    }
}

fn article_line(stored: &StoredArticle, portals: &[PortalLine]) -> ArticleLine {
    let name = stored.portal.as_str();
    let title = portals.iter().find(|line| line.name == name).map_or(name, |line| line.title.as_str());
    let seen = || time(stored.first_seen.fixed_offset());
    let told = |stamp: Stamp| (stamp.to_rfc3339(), shown(&stamp));
    ArticleLine {
        number: stored.number,
        title: xml_text(&stored.article.title).into_owned(),
        lang: stored.article.lang.clone(),
        at: stored.article.published.map_or_else(seen, told),
        portal: (name.to_owned(), title.to_owned()),
    }
}

fn facts(known: &PortalStatus) -> Vec<(&'static str, String)> {
    let at = |at: DateTime<chrono::Utc>| time(at.fixed_offset()).1;
    let last = known.last_visit.map(|_| {
        let last = known.last;
        let text = format!(
            "{} items, {} new, {} changed, {} withdrawn, {} requests, {} ms",
            last.items, last.new, last.changed, last.withdrawn, last.requests, last.ms
        );
        ("It did", text)
    });
    [
        Some(("Articles", known.articles.to_string())),
        known.last_visit.map(|when| ("Last visit", at(when))),
        last,
        known.last_ok.map(|when| ("Last good visit", at(when))),
        known.next_visit.map(|when| ("Next visit", at(when))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn feed_links(root: &str, name: &str, title: &str) -> Vec<FeedLink> {
    let link = |format: Format| {
        let href = format!("{root}feeds/{name}.{}", format.extension());
        (format.media_type(), href, format!("{title} ({})", format.title()))
    };
    Format::ALL.map(link).into()
}

fn status_links(root: &str) -> Vec<FeedLink> {
    let root = root.trim_end_matches('/');
    let link = |(path, format): &(&str, Format)| {
        (format.media_type(), format!("{root}{path}"), format!("Sick portals ({})", format.title()))
    };
    STATUS_PATHS.iter().map(link).collect()
}

/// The path our pages are below: links between them hold wherever a browser reaches us.
fn root(state: &State) -> String {
    state.public().place.base.as_url().path().to_owned()
}

/// A time of ours, in UTC.
fn time(at: DateTime<FixedOffset>) -> Time {
    let at = at.to_utc();
    (at.to_rfc3339_opts(SecondsFormat::Secs, true), at.format("%Y-%m-%d %H:%M UTC").to_string())
}

/// A time as a portal told it: no more exactly, and in its zone.
fn shown(stamp: &Stamp) -> String {
    let form = match stamp.precision {
        Precision::Second => "%Y-%m-%d %H:%M:%S %:z",
        Precision::Minute | Precision::Hour => "%Y-%m-%d %H:%M %:z",
        Precision::Day => "%Y-%m-%d",
    };
    stamp.at.format(form).to_string()
}
