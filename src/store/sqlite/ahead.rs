//! Times that lie ahead, after the clock was put back: brought near again, else nothing happens until the clock
//! has caught up.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::super::contract::StoreError;
use super::failure::failure;
use super::rows::ms;
use super::transaction::begin;

/// Re-visits, deliveries, wishes, and asking hubs elsewhere: each table's column of when.
const PLANNED: [(&str, &str); 4] =
    [("page", "next_visit"), ("subscription", "due_at"), ("subscription", "wish_at"), ("followed", "ask_at")];
/// Re-visits are planned at most so far ahead; see the plan of re-visits.
const LONGEST_PLAN: Duration = Duration::from_secs(31 * 24 * 60 * 60);

pub(super) fn near(
    connection: &mut Connection,
    now: DateTime<Utc>,
    lease: Duration,
    longest: Duration,
) -> Result<usize, StoreError> {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let (now, lease, longest) = (ms(now), millis(lease), millis(longest));
    let transaction = begin(connection)?;
    // who was visited in the future is due as long after now as it was after that visit
    let portals = transaction
        .execute(
            "UPDATE portal SET due_at = ?1 + max(due_at - last_visit, 0) WHERE last_visit > ?1 AND due_at > ?1",
            [now],
        )
        .map_err(failure)?;
    let others = transaction
        .execute(
            "UPDATE portal SET due_at = ?1 WHERE last_visit IS NULL AND due_at > ?1 + ?2",
            params![now, longest],
        )
        .map_err(failure)?;
    for table in ["portal", "host"] {
        let sql = format!("UPDATE {table} SET lease_until = ?1 + ?2 WHERE lease_until > ?1 + ?2");
        transaction.execute(&sql, params![now, lease]).map_err(failure)?;
    }
    for (table, column) in PLANNED {
        let sql = format!("UPDATE {table} SET {column} = ?1 + ?2 WHERE {column} > ?1 + ?3");
        transaction.execute(&sql, params![now, longest, millis(LONGEST_PLAN)]).map_err(failure)?;
    }
    transaction.commit().map_err(failure)?;
    Ok(portals + others)
}
