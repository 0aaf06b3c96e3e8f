//! Values between rows and the model: times as milliseconds, structures as JSON.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::{Article, ArticleId, Evidence, PageUrl, PortalId, StoredArticle, UrlKey};

use super::super::contract::StoreError;
use super::super::shapes::{HostRow, Known};
use super::failure::failure;

pub(super) fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

pub(super) fn time(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

pub(super) fn time_at(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(time))
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Backend(format!("a value cannot be written: {error}")))
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Backend(format!("a stored value cannot be read: {error}")))
}

/// What a row holds, or nothing where it cannot be read (a flipped byte, a hand edit, a later version): one such row
/// costs itself and no other.
pub(super) fn readable<T>(what: &str, read: Result<T, StoreError>) -> Option<T> {
    read.inspect_err(|error| tracing::warn!(error = %error, "{what} cannot be read and is left out: {error}"))
        .ok()
}

/// An address that was stored as one; a hand-edited row may hold another text.
pub(super) fn url(text: &str) -> Result<PageUrl, StoreError> {
    PageUrl::parse(text)
        .map_err(|error| StoreError::Backend(format!("a stored address cannot be read: {error}")))
}

pub(super) fn portal(text: &str) -> Result<PortalId, StoreError> {
    PortalId::parse(text)
        .map_err(|error| StoreError::Backend(format!("a stored name cannot be read: {error}")))
}

/// The columns that [`article`] reads.
pub(super) const ARTICLE: &str = "number, id, portal, first_seen, updated, doc";

pub(super) fn article(row: &Row<'_>) -> Result<StoredArticle, StoreError> {
    let text = |column: &str| row.get::<_, String>(column).map_err(failure);
    let at = |column: &str| row.get::<_, i64>(column).map(time).map_err(failure);
    let article: Article = from_json(&text("doc")?)?;
    Ok(StoredArticle {
        number: row.get("number").map_err(failure)?,
        id: ArticleId::from_stored(text("id")?),
        portal: portal(&text("portal")?)?,
        article,
        first_seen: at("first_seen")?,
        updated: at("updated")?,
    })
}

/// The columns that [`known`] reads, from `page` left-joined to `article`.
pub(super) const KNOWN: &str = "page.key, page.url, article.id, page.etag, page.last_modified, page.next_visit, page.visits, article.first_seen, CASE WHEN json_valid(article.doc) THEN article.doc ->> '$.published' END, page.gone_at, article.withdrawn IS NOT NULL, page.key IS NOT article.key AND page.visits = 0 AND page.etag IS NULL AND page.next_visit IS NULL";

pub(super) fn known(row: &Row<'_>) -> Result<Known, StoreError> {
    let get = |at: usize| row.get::<_, Option<String>>(at).map_err(failure);
    let (key, url) = (UrlKey::from_stored(get(0)?.unwrap_or_default()), url(&get(1)?.unwrap_or_default())?);
    let is_untried: bool = row.get(11).map_err(failure)?;
    Ok(Known {
        is_alias: is_untried && url.key() != key,
        key,
        url,
        article: get(2)?.map(ArticleId::from_stored),
        etag: get(3)?,
        last_modified: get(4)?,
        next_visit: row.get::<_, Option<i64>>(5).map_err(failure)?.map(time),
        visits: row.get(6).map_err(failure)?,
        first_seen: row.get::<_, Option<i64>>(7).map_err(failure)?.map(time),
        published: get(8)?.and_then(|text| from_json(&text).ok()),
        gone_at: row.get::<_, Option<i64>>(9).map_err(failure)?.map(time),
        is_withdrawn: row.get(10).map_err(failure)?,
    })
}

pub(super) fn host(row: &Row<'_>) -> rusqlite::Result<HostRow> {
    Ok(HostRow {
        next_at: time_at(row, "next_at")?,
        rest_until: time_at(row, "rest_until")?,
        robots_at: time_at(row, "robots_at")?,
        robots_status: row.get("robots_status")?,
        robots_body: row.get("robots_body")?,
    })
}

/// The evidence of an article, put back.
pub(super) fn evidence(connection: &Connection, number: i64) -> Result<Evidence, StoreError> {
    let text: Option<String> = connection
        .query_row("SELECT evidence FROM article WHERE number = ?1", [number], |row| row.get(0))
        .optional()
        .map_err(failure)?;
    Ok(text.and_then(|text| readable("an article's evidence", from_json(&text))).unwrap_or_default())
}
