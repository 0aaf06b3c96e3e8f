//! Articles and addresses: what feeds, visits and retention ask.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::model::{Candidate, PortalId, StoredArticle, UrlKey};

use super::super::contract::StoreError;
use super::super::shapes::{Known, Query};
use super::categories;
use super::failure::failure;
use super::hosts;
use super::rows::{ARTICLE, KNOWN, article, evidence, from_json, known as known_row, ms, readable};
use super::search;
use super::transaction::begin;

pub(super) fn known(
    connection: &Connection,
    portal: &PortalId,
    keys: Vec<UrlKey>,
) -> Result<HashMap<UrlKey, Known>, StoreError> {
    let sql = format!(
        "SELECT {KNOWN} FROM page LEFT JOIN article ON article.number = page.article WHERE page.portal = ?1 AND page.key = ?2"
    );
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut found = HashMap::new();
    for key in keys {
        let mut rows = sql.query([portal.as_str(), key.as_str()]).map_err(failure)?;
        if let Some(row) = rows.next().map_err(failure)? {
            found.extend(readable("a page", known_row(row)).map(|known| (key, known)));
        }
    }
    Ok(found)
}

pub(super) fn revisits(
    connection: &Connection,
    portal: &PortalId,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Known>, StoreError> {
    let sql = format!(
        "SELECT {KNOWN} FROM page JOIN article ON article.number = page.article
         WHERE page.portal = ?1 AND page.article IS NOT NULL AND page.next_visit <= ?2 AND article.dropped = 0
         ORDER BY page.next_visit, page.key LIMIT ?3"
    );
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut rows = sql
        .query(params![portal.as_str(), ms(now), i64::try_from(limit).unwrap_or(i64::MAX)])
        .map_err(failure)?;
    let mut due = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        due.extend(readable("a page", known_row(row)));
    }
    Ok(due)
}

/// An expression that finds nothing.
const NO_WORD: &str = "\"\u{fdd1}\"";

/// The statement that answers a query, and its values.
pub(super) fn select(query: &Query) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    // a category has its articles in feed order: the join reads no other, and ends at the limit
    let (from, order) = match &query.category {
        Some(category) => {
            values.push(Value::from(category.clone()));
            (
                "category CROSS JOIN article ON number = tagged WHERE tag = ? AND",
                "tagged_at DESC, tagged DESC",
            )
        }
        None => ("article WHERE", "dated DESC, number DESC"),
    };
    let mut sql = format!("SELECT {ARTICLE} FROM {from} dropped = 0 AND withdrawn IS NULL");
    if let Some(portals) = &query.portals {
        let marks = vec!["?"; portals.len()].join(", ");
        // one portal has an index in feed order; for several the `+` keeps SQLite on that of all articles,
        // which ends at the limit, where else it would sort every article of theirs
        let column = if portals.len() == 1 && query.category.is_none() { "portal" } else { "+portal" };
        sql.push_str(&format!(" AND {column} IN ({marks})"));
        values.extend(portals.iter().map(|portal| Value::from(portal.as_str().to_owned())));
    }
    if let Some(words) = &query.words {
        sql.push_str(" AND number IN (SELECT rowid FROM search WHERE search MATCH ?)");
        // what has no word finds nothing: no article has an empty phrase beside another
        values.push(Value::from(search::expression(words).unwrap_or_else(|| NO_WORD.to_owned())));
    }
    sql.push_str(&format!(" ORDER BY {order} LIMIT ? OFFSET ?"));
    values.extend([query.limit, query.skip].map(|n| Value::from(i64::try_from(n).unwrap_or(i64::MAX))));
    (sql, values)
}

pub(super) fn articles(connection: &Connection, query: &Query) -> Result<Vec<StoredArticle>, StoreError> {
    let (sql, values) = select(query);
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut rows = sql.query(params_from_iter(values)).map_err(failure)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        found.extend(readable("an article", article(row)));
    }
    Ok(found)
}

pub(super) fn one(connection: &Connection, number: i64) -> Result<Option<StoredArticle>, StoreError> {
    let sql =
        format!("SELECT {ARTICLE} FROM article WHERE number = ?1 AND dropped = 0 AND withdrawn IS NULL");
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    let mut rows = sql.query([number]).map_err(failure)?;
    let Some(row) = rows.next().map_err(failure)? else { return Ok(None) };
    let Some(mut stored) = readable("an article", article(row)) else { return Ok(None) };
    stored.article.evidence = evidence(connection, number)?;
    Ok(Some(stored))
}

/// Contents dropped in one transaction: some tenths of a second, however much is past retention at once.
const DROPPED_AT_ONCE: usize = 1_000;

/// Drops contents, so many at most that it takes no time; ids and addresses stay, and so does what still stands on a list.
pub(super) fn retain(connection: &mut Connection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    hosts::forget(connection)?;
    let transaction = begin(connection)?;
    let old: Vec<(i64, String)> = transaction
        .prepare_cached("SELECT number, portal FROM article WHERE dropped = 0 AND dated < ?1")
        .and_then(|mut sql| sql.query_map([ms(before)], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(failure)?;
    let portals: BTreeSet<&str> = old.iter().map(|(_, portal)| portal.as_str()).collect();
    let (mut listed, mut unclear) = (HashSet::new(), HashSet::new());
    for portal in portals {
        match on_lists(&transaction, portal)? {
            Some(numbers) => listed.extend(numbers),
            // the next visit writes the list anew: until then nothing of the portal leaves
            None => _ = unclear.insert(portal.to_owned()),
        }
    }
    let leaving: Vec<_> = old
        .iter()
        .filter(|(number, portal)| !listed.contains(number) && !unclear.contains(portal))
        .take(DROPPED_AT_ONCE)
        .collect();
    for (number, _) in &leaving {
        transaction
            .prepare_cached("UPDATE article SET dropped = 1, doc = '{}', evidence = '{}' WHERE number = ?1")
            .and_then(|mut sql| sql.execute([number]))
            .map_err(failure)?;
        search::forget(&transaction, *number)?;
        categories::forget(&transaction, *number)?;
    }
    for portal in leaving.iter().map(|(_, portal)| portal).collect::<BTreeSet<_>>() {
        transaction
            .execute("UPDATE portal SET revision = revision + 1 WHERE name = ?1", [portal])
            .map_err(failure)?;
    }
    transaction.commit().map_err(failure)?;
    Ok(leaving.len() as u64)
}

/// The articles that a portal's lists, as read last, lead to; None when one of them cannot be read.
fn on_lists(connection: &Connection, portal: &str) -> Result<Option<Vec<i64>>, StoreError> {
    let lists: Vec<Vec<u8>> = connection
        .prepare_cached("SELECT items FROM list WHERE portal = ?1")
        .and_then(|mut sql| {
            sql.query_map([portal], |row| Ok(row.get_ref(0)?.as_bytes()?.to_owned()))?.collect()
        })
        .map_err(failure)?;
    let mut sql = connection
        .prepare_cached(
            "SELECT article FROM page JOIN article ON article.number = page.article
             WHERE page.portal = ?1 AND page.key = ?2 AND article.withdrawn IS NULL",
        )
        .map_err(failure)?;
    let mut numbers = Vec::new();
    for items in lists {
        let text = String::from_utf8_lossy(&items);
        let Some(items) = readable("a list page", from_json::<Vec<Candidate>>(&text)) else {
            return Ok(None);
        };
        for item in items {
            let row = sql.query_row([portal, item.url.key().as_str()], |row| row.get::<_, i64>(0));
            numbers.extend(row.optional().map_err(failure)?);
        }
    }
    Ok(Some(numbers))
}

pub(super) fn value(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    connection
        .query_row("SELECT text FROM value WHERE name = ?1", [name], |row| row.get(0))
        .optional()
        .map_err(failure)
}

/// Writes another number than the last one: equal bytes would not reach the file, and show nothing of it.
pub(super) fn count_up(connection: &Connection, name: &str) -> Result<(), StoreError> {
    connection
        .execute(
            "INSERT INTO value (name, text) VALUES (?1, '1')
             ON CONFLICT (name) DO UPDATE SET text = CAST(text AS INTEGER) + 1",
            [name],
        )
        .map(|_| ())
        .map_err(failure)
}

pub(super) fn set_value(connection: &Connection, name: &str, text: &str) -> Result<(), StoreError> {
    connection
        .execute("INSERT OR REPLACE INTO value (name, text) VALUES (?1, ?2)", [name, text])
        .map(|_| ())
        .map_err(failure)
}
