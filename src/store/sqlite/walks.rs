//! Walks over older list pages: how far each came, the turns of what it brought, and who holds claims.

use rusqlite::{Connection, params};

use crate::model::{PageUrl, PortalId, Walk};

use super::super::contract::StoreError;
use super::articles;
use super::failure::failure;
use super::pages::Visit;
use super::rows::{from_json, json};
use super::transaction::begin;

/// The name that a walk is kept by.
pub(super) fn name(portal: &PortalId, list: &PageUrl) -> String {
    format!("walk {portal} {list}")
}

pub(super) fn read(connection: &Connection, name: &str) -> Result<Option<Walk>, StoreError> {
    // one that another version wrote begins anew
    Ok(articles::value(connection, name)?.and_then(|text| from_json(&text).ok()))
}

/// Writes how far a walk came and gives back the claim; how the portal fares is not touched.
pub(super) fn write(visit: &Visit<'_>, walk: &Walk, feeds_changed: bool) -> Result<(), StoreError> {
    let outcome = visit.outcome;
    articles::set_value(visit.transaction, &name(&outcome.portal, &walk.list), &json(walk)?)?;
    visit.execute(
        "UPDATE portal SET revision = revision + ?2, lease_node = NULL, lease_until = NULL WHERE name = ?1",
        params![outcome.portal.as_str(), feeds_changed],
    )?;
    Ok(())
}

/// Gives what walks of a portal brought its turns, and moves the portal's revision.
pub(super) fn settle(connection: &mut Connection, portal: &PortalId) -> Result<u64, StoreError> {
    let transaction = begin(connection)?;
    let settled = turns(&transaction, portal)?;
    if settled > 0 {
        transaction
            .execute("UPDATE portal SET revision = revision + 1 WHERE name = ?1", [portal.as_str()])
            .map_err(failure)?;
    }
    transaction.commit().map_err(failure)?;
    Ok(settled)
}

/// The oldest comes first, so that archives hold them by their dates.
pub(super) fn turns(connection: &Connection, portal: &PortalId) -> Result<u64, StoreError> {
    let waiting: Vec<i64> = connection
        .prepare_cached("SELECT number FROM article WHERE turn = 0 AND portal = ?1 ORDER BY dated, number")
        .and_then(|mut sql| sql.query_map([portal.as_str()], |row| row.get(0))?.collect())
        .map_err(failure)?;
    for number in &waiting {
        connection
            .prepare_cached("UPDATE article SET turn = (SELECT max(turn) + 1 FROM article) WHERE number = ?1")
            .and_then(|mut sql| sql.execute([number]))
            .map_err(failure)?;
    }
    Ok(waiting.len() as u64)
}

/// Who holds a claim, whether it ran out or not.
pub(super) fn nodes(connection: &Connection) -> Result<Vec<String>, StoreError> {
    connection
        .prepare_cached(
            "SELECT lease_node FROM portal WHERE lease_node IS NOT NULL
             UNION SELECT lease_node FROM host WHERE lease_node IS NOT NULL",
        )
        .and_then(|mut sql| sql.query_map([], |row| row.get(0))?.collect())
        .map_err(failure)
}
