//! The histories of feeds: what happened in order of its turn, and what left their current documents.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::model::{PortalId, StoredArticle};

use super::super::contract::StoreError;
use super::super::shapes::{Arrival, History};
use super::failure::failure;
use super::rows::{ARTICLE, article, from_json, json, ms, portal, readable, time};
use super::transaction::begin;

pub(super) fn arrivals(
    connection: &Connection,
    portals: Option<Vec<PortalId>>,
    after: i64,
    limit: usize,
) -> Result<Vec<Arrival>, StoreError> {
    let mut sql =
        format!("SELECT {ARTICLE}, turn FROM article WHERE turn > ? AND dropped = 0 AND withdrawn IS NULL");
    let mut values = vec![Value::from(after)];
    if let Some(portals) = portals {
        let marks = vec!["?"; portals.len()].join(", ");
        // the `+` keeps SQLite on the index of turns, which ends at the limit
        sql.push_str(&format!(" AND +portal IN ({marks})"));
        values.extend(portals.iter().map(|portal| Value::from(portal.as_str().to_owned())));
    }
    sql.push_str(" ORDER BY turn LIMIT ?");
    values.push(Value::from(i64::try_from(limit).unwrap_or(i64::MAX)));
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut rows = sql.query(params_from_iter(values)).map_err(failure)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let turn = row.get("turn").map_err(failure)?;
        found.extend(readable("an article", article(row)).map(|stored| Arrival { turn, stored }));
    }
    Ok(found)
}

pub(super) fn numbered(connection: &Connection, numbers: &[i64]) -> Result<Vec<StoredArticle>, StoreError> {
    let sql =
        format!("SELECT {ARTICLE} FROM article WHERE number = ?1 AND dropped = 0 AND withdrawn IS NULL");
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut found = Vec::new();
    for number in numbers {
        let mut rows = sql.query([number]).map_err(failure)?;
        if let Some(row) = rows.next().map_err(failure)? {
            found.extend(readable("an article", article(row)));
        }
    }
    Ok(found)
}

pub(super) fn of(connection: &Connection, feed: &str) -> Result<History, StoreError> {
    let row: Option<(String, i64, String, u32, Option<i64>)> = connection
        .prepare_cached("SELECT asked, seen, open, count, updated FROM history WHERE feed = ?1")
        .and_then(|mut sql| {
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
            sql.query_row([feed], read).optional()
        })
        .map_err(failure)?;
    let Some((asked, seen, open, count, updated)) = row else { return Ok(History::default()) };
    let open = readable("a feed's history", from_json(&open)).unwrap_or_default();
    Ok(History { asked, seen, open, count, updated: updated.map(time) })
}

pub(super) fn write(
    connection: &mut Connection,
    feed: &str,
    from: &History,
    to: &History,
    numbers: &[i64],
) -> Result<bool, StoreError> {
    let transaction = begin(connection)?;
    if of(&transaction, feed)? != *from {
        return Ok(false);
    }
    for (place, number) in (from.count + 1..).zip(numbers) {
        transaction
            .prepare_cached("INSERT INTO archived (feed, article, place) VALUES (?1, ?2, ?3)")
            .and_then(|mut sql| sql.execute(params![feed, number, place]))
            .map_err(failure)?;
    }
    transaction
        .execute(
            "INSERT OR REPLACE INTO history (feed, asked, seen, open, count, updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![feed, to.asked, to.seen, json(&to.open)?, to.count, to.updated.map(ms)],
        )
        .map_err(failure)?;
    transaction.commit().map_err(failure)?;
    Ok(true)
}

pub(super) fn archived(
    connection: &Connection,
    feed: &str,
    numbers: &[i64],
) -> Result<HashSet<i64>, StoreError> {
    let mut sql = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM archived WHERE feed = ?1 AND article = ?2)")
        .map_err(failure)?;
    let mut found = HashSet::new();
    for number in numbers {
        if sql.query_row(params![feed, number], |row| row.get(0)).map_err(failure)? {
            found.insert(*number);
        }
    }
    Ok(found)
}

pub(super) fn at_places(
    connection: &Connection,
    feed: &str,
    places: &RangeInclusive<u32>,
) -> Result<Vec<(i64, PortalId)>, StoreError> {
    let found: Vec<(i64, String)> = connection
        .prepare_cached(
            "SELECT article.number, article.portal FROM archived JOIN article ON article.number = archived.article
             WHERE archived.feed = ?1 AND archived.place BETWEEN ?2 AND ?3
             AND article.dropped = 0 AND article.withdrawn IS NULL",
        )
        .and_then(|mut sql| {
            sql.query_map(params![feed, places.start(), places.end()], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .map_err(failure)?;
    let read = |(number, name): (i64, String)| Some((number, readable("an article", portal(&name))?));
    Ok(found.into_iter().filter_map(read).collect())
}
