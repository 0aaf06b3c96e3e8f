//! Hosts that visits hold: given back with their turns, and forgotten when nobody asks for them any more.

use rusqlite::{Connection, params};

use crate::model::{HostKey, PortalId};

use super::super::contract::StoreError;
use super::super::shapes::{HostRow, Lease};
use super::failure::failure;
use super::rows::ms;

/// What is known of a host is good for a day (robots.txt): after so many days without a visit it is of no use.
const KEPT_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// Gives a host back with its turn. Nothing is written when the visit does not hold it.
pub(super) fn release(
    connection: &Connection,
    portal: &PortalId,
    host: &HostKey,
    lease: &Lease,
    row: &HostRow,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE host SET next_at = ?5, rest_until = ?6, robots_at = ?7, robots_status = ?8, robots_body = ?9,
                 lease_portal = NULL, lease_node = NULL, lease_until = NULL
             WHERE name = ?1 AND lease_portal = ?2 AND lease_node = ?3 AND lease_until = ?4",
        )
        .and_then(|mut sql| {
            sql.execute(params![
                host.as_str(),
                portal.as_str(),
                lease.node,
                ms(lease.until),
                row.next_at.map(ms),
                row.rest_until.map(ms),
                row.robots_at.map(ms),
                row.robots_status,
                row.robots_body
            ])
        })
        .map_err(failure)?;
    Ok(())
}

/// Forgets hosts that nobody holds and nobody asked for in days; one that fails is remembered for how long it does.
pub(super) fn forget(connection: &mut Connection) -> Result<usize, StoreError> {
    connection
        .execute(
            "DELETE FROM host WHERE lease_until IS NULL AND robots_status < 500
                 AND max(coalesce(next_at, 0), coalesce(rest_until, 0), coalesce(robots_at, 0)) <
                     (SELECT max(last_visit) FROM portal) - ?1",
            [KEPT_MS],
        )
        .map_err(failure)
}
