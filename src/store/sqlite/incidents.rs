//! Incidents: when a portal broke, why, and when it recovered.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{Class, Fault};

use super::super::contract::StoreError;
use super::super::shapes::{Incident, Outcome};
use super::failure::failure;
use super::pages::Visit;
use super::rows::{from_json, json, ms, portal, readable, time, time_at};

/// A portal that goes up and down has one incident in this time: who follows the status feed is told once.
const APART: TimeDelta = TimeDelta::hours(1);

/// Incidents kept; older ones go when a new one comes. Far more than any feed shows.
const KEPT: i64 = 1000;

/// Opens an incident when the visit shows a portal broken that was not, closes it when it shows it whole. To be
/// called before the portal's row is written. Whether there is something to tell.
pub(super) fn note(visit: &Visit<'_>) -> Result<bool, StoreError> {
    let outcome = visit.outcome;
    let Some(fault) = broken(outcome) else {
        return recovered(visit);
    };
    let last: Option<(i64, i64, bool)> = visit
        .transaction
        .query_row(
            "SELECT number, broke, recovered IS NULL FROM incident WHERE portal = ?1 ORDER BY number DESC LIMIT 1",
            [visit.name()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()
        .map_err(failure)?;
    match last {
        // what broke the portal is over, too: it is found again
        Some((_, _, true)) if is_over(outcome, fault) => return recovered(visit),
        Some((_, _, true)) => return Ok(false),
        Some((number, broke, false)) if broke > ms(outcome.ended - APART) => {
            visit.execute(
                "UPDATE incident SET recovered = CASE WHEN ?4 THEN ?2 END, times = times + 1, again = ?2, fault = ?3 WHERE number = ?1",
                params![number, ms(outcome.ended), json(fault)?, is_over(outcome, fault)],
            )?;
        }
        Some(_) | None => {
            // a portal that fails since before incidents were kept broke when it began to
            visit.execute(
                "INSERT INTO incident (portal, broke, last_ok, fault, recovered)
                 SELECT name, coalesce(since, ?2), last_ok, ?3, CASE WHEN ?4 THEN ?2 END FROM portal WHERE name = ?1",
                params![visit.name(), ms(outcome.ended), json(fault)?, is_over(outcome, fault)],
            )?;
            visit.execute(
                "DELETE FROM incident WHERE number <= (SELECT max(number) FROM incident) - ?1",
                [KEPT],
            )?;
        }
    }
    Ok(true)
}

/// Closes what is open, if anything is.
fn recovered(visit: &Visit<'_>) -> Result<bool, StoreError> {
    visit
        .execute(
            "UPDATE incident SET recovered = ?2 WHERE portal = ?1 AND recovered IS NULL",
            params![visit.name(), ms(visit.outcome.ended)],
        )
        .map(|closed| closed > 0)
}

/// What of a visit that served is worth an incident, the weightiest first: who looks after the portal has to do
/// something, or to look once.
const TOLD: [Class; 4] = [Class::Moved, Class::Selector, Class::Layout, Class::Suspect];

/// Why a visit shows its portal broken: it failed, or served by another way than it should.
fn broken(outcome: &Outcome) -> Option<&Fault> {
    let told = || TOLD.iter().find_map(|class| outcome.notes.iter().find(|note| note.class == *class));
    outcome.error.as_ref().or_else(|| told().filter(|_| outcome.degraded))
}

/// Whether nothing stays broken: the list was found again, and that is all there is to tell.
fn is_over(outcome: &Outcome, fault: &Fault) -> bool {
    outcome.error.is_none() && fault.class == Class::Layout
}

/// The incidents that broke last, newest first.
pub(super) fn incidents(connection: &Connection, limit: usize) -> Result<Vec<Incident>, StoreError> {
    let mut sql =
        connection.prepare_cached("SELECT * FROM incident ORDER BY number DESC LIMIT ?1").map_err(failure)?;
    let mut rows = sql.query([i64::try_from(limit).unwrap_or(i64::MAX)]).map_err(failure)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        found.extend(readable("an incident", incident(row)));
    }
    Ok(found)
}

fn incident(row: &Row<'_>) -> Result<Incident, StoreError> {
    let at = |column: &str| time_at(row, column).map_err(failure);
    Ok(Incident {
        number: row.get("number").map_err(failure)?,
        portal: portal(&row.get::<_, String>("portal").map_err(failure)?)?,
        broke: time(row.get("broke").map_err(failure)?),
        again: at("again")?,
        times: row.get("times").map_err(failure)?,
        recovered: at("recovered")?,
        last_ok: at("last_ok")?,
        fault: from_json(&row.get::<_, String>("fault").map_err(failure)?)?,
    })
}

/// A number that moves with every incident: each has its own range, and counts its ups and downs in it.
pub(super) fn revision(connection: &Connection) -> Result<i64, StoreError> {
    connection
        .prepare_cached(
            "SELECT coalesce(max(number), 0) * 1048576 + coalesce(sum(2 * times - (recovered IS NULL)), 0) FROM incident",
        )
        .and_then(|mut sql| sql.query_row([], |row| row.get(0)))
        .map_err(failure)
}
