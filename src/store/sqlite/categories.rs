//! The categories of articles, each with its articles in feed order.

use rusqlite::{Connection, params};

use crate::model::Article;

use super::super::contract::StoreError;
use super::failure::failure;

/// Writes down the categories of an article; what stood there is replaced. `dated` is its place in feeds, in
/// milliseconds.
pub(super) fn index(
    connection: &Connection,
    number: i64,
    dated: i64,
    article: &Article,
) -> Result<(), StoreError> {
    forget(connection, number)?;
    let mut sql = connection
        .prepare_cached("INSERT OR IGNORE INTO category (tag, tagged_at, tagged) VALUES (?1, ?2, ?3)")
        .map_err(failure)?;
    for category in &article.categories {
        sql.execute(params![category, dated, number]).map_err(failure)?;
    }
    Ok(())
}

/// Takes an article out of its categories.
pub(super) fn forget(connection: &Connection, number: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM category WHERE tagged = ?1")
        .and_then(|mut sql| sql.execute([number]))
        .map(|_| ())
        .map_err(failure)
}
