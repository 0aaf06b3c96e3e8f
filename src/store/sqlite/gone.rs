//! Articles that are no more: seen gone, withdrawn, and what feeds tell of them.

use chrono::Duration;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::model::{Article, ArticleId, PortalId, Tombstone, UrlKey};

use super::super::contract::StoreError;
use super::super::shapes::{PageOutcome, Withdrawn};
use super::failure::failure;
use super::pages::Visit;
use super::rows::{from_json, ms, portal, readable, time};

/// An article is gone when two looks so far apart say so: a server that is being worked on is back by then.
const GONE_APART: Duration = Duration::hours(1);

/// Portals named in one statement; SQLite takes 32,766 values.
const MOST_PORTALS: usize = 30_000;

impl Visit<'_> {
    /// Writes a page that says its article is no more; true when the article leaves the feeds by it.
    pub(super) fn gone(&self, page: &PageOutcome) -> Result<bool, StoreError> {
        let PageOutcome::Gone { key, seen, look_again } = page else { return Ok(false) };
        type Columns = (i64, bool, bool, bool, Option<i64>);
        let row: Option<Columns> = self
            .transaction
            .prepare_cached(
                "SELECT number, dropped, withdrawn IS NOT NULL, article.key = page.key, gone_at
                 FROM page JOIN article ON article.number = page.article
                 WHERE page.portal = ?1 AND page.key = ?2",
            )
            .and_then(|mut sql| {
                let row = sql.query_row([self.name(), key.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                });
                row.optional()
            })
            .map_err(failure)?;
        let Some((number, dropped, withdrawn, is_own, gone_at)) = row else { return Ok(false) };
        let apart = GONE_APART.num_milliseconds();
        // a first look that lies ahead, after the clock was put back, is this one
        let (next, leaves) = match gone_at.filter(|first| *first <= ms(*seen)) {
            // an alias that died, or what retention took, says nothing of an article that is served
            _ if dropped || !is_own => (None, false),
            _ if withdrawn => (look_again.map(ms), false),
            None => (Some(ms(*seen) + apart), false),
            Some(first) if ms(*seen) - first < apart => (Some(first + apart), false),
            Some(_) => (look_again.map(ms), true),
        };
        self.execute(
            "UPDATE page SET gone_at = min(coalesce(gone_at, ?3), ?3), next_visit = ?4,
                 visits = CASE WHEN ?5 THEN visits + 1 ELSE 0 END
             WHERE portal = ?1 AND key = ?2",
            params![self.name(), key.as_str(), ms(*seen), next, withdrawn],
        )?;
        if leaves {
            self.execute(
                "UPDATE article SET withdrawn = ?2, turn = (SELECT max(turn) + 1 FROM article) WHERE number = ?1",
                params![number, ms(*seen)],
            )?;
        }
        Ok(leaves)
    }

    /// The page an article is asked for by answers: it is not gone, and back if it was withdrawn.
    pub(super) fn answers(&self, number: i64) -> Result<(), StoreError> {
        self.execute(
            "UPDATE page SET gone_at = NULL, visits = 0
             WHERE portal = ?1 AND key = (SELECT key FROM article WHERE number = ?2) AND gone_at IS NOT NULL",
            params![self.name(), number],
        )?;
        let back = self.execute(
            "UPDATE article SET withdrawn = NULL, turn = (SELECT max(turn) + 1 FROM article)
             WHERE number = ?1 AND withdrawn IS NOT NULL AND dropped = 0",
            [number],
        )?;
        self.restored.set(self.restored.get() || back > 0);
        Ok(())
    }

    /// As [`Visit::answers`], for an address that answered that nothing changed.
    pub(super) fn same_answers(&self, key: &UrlKey) -> Result<(), StoreError> {
        let number: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT number FROM page JOIN article ON article.number = page.article AND article.key = page.key
                 WHERE page.portal = ?1 AND page.key = ?2 AND page.gone_at IS NOT NULL",
            )
            .and_then(|mut sql| sql.query_row([self.name(), key.as_str()], |row| row.get(0)).optional())
            .map_err(failure)?;
        number.map_or(Ok(()), |number| self.answers(number))
    }
}

/// What left the feeds of these portals.
pub(super) fn withdrawn(
    connection: &Connection,
    portals: &[PortalId],
    limit: usize,
) -> Result<Withdrawn, StoreError> {
    let portals = portals.get(..MOST_PORTALS.min(portals.len())).unwrap_or_default();
    let marks = vec!["?"; portals.len()].join(", ");
    let sql = format!(
        "SELECT id, portal, withdrawn, doc FROM article
         WHERE withdrawn IS NOT NULL AND dropped = 0 AND portal IN ({marks})
         ORDER BY withdrawn DESC, number DESC LIMIT {limit}"
    );
    let names = || params_from_iter(portals.iter().map(PortalId::as_str));
    let moved: Option<i64> = connection
        .prepare_cached(&format!("SELECT max(moved) FROM portal WHERE name IN ({marks})"))
        .and_then(|mut sql| sql.query_row(names(), |row| row.get(0)))
        .map_err(failure)?;
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut rows = sql.query(names()).map_err(failure)?;
    let mut tombstones = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let text = |at: usize| row.get::<_, String>(at).map_err(failure);
        let read = || {
            let article: Article = from_json(&text(3)?)?;
            Ok(Tombstone {
                id: ArticleId::from_stored(text(0)?),
                portal: portal(&text(1)?)?,
                at: time(row.get(2).map_err(failure)?),
                url: article.url,
                title: Some(article.title),
            })
        };
        tombstones.extend(readable("an article", read()));
    }
    Ok(Withdrawn { moved: moved.map(time), tombstones })
}

/// Whether the article of this number was withdrawn.
pub(super) fn is_withdrawn(connection: &Connection, number: i64) -> Result<bool, StoreError> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM article WHERE number = ?1 AND withdrawn IS NOT NULL)")
        .and_then(|mut sql| sql.query_row([number], |row| row.get(0)))
        .map_err(failure)
}
