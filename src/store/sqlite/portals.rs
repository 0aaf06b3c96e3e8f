//! Portals and hosts: due times, claims, and how each fares.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{Class, Fault, HostKey, Kind, PageUrl, PortalId, PortalStatus, STATUS, VisitCounts};

use super::super::contract::StoreError;
use super::super::shapes::{Asked, Claim, Due, HostRow, Lease, ListCopy, Seed};
use super::failure::failure;
use super::incidents;
use super::rows::{from_json, host, ms, portal as portal_id, readable, time, time_at, url as page_url};
use super::transaction::{begin, within};

pub(super) fn sync(connection: &mut Connection, seeds: &[Seed]) -> Result<(), StoreError> {
    let transaction = begin(connection)?;
    transaction.execute("UPDATE portal SET enabled = 0", []).map_err(failure)?;
    for seed in seeds {
        // a new pace may bring the next visit forward, never put it off
        transaction
            .prepare_cached(
                "INSERT INTO portal (name, enabled, pace, due_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET enabled = ?2, pace = ?3,
                     due_at = CASE WHEN pace <> ?3 THEN min(due_at, ?4) ELSE due_at END",
            )
            .and_then(|mut sql| {
                sql.execute(params![seed.id.as_str(), seed.enabled, seed.pace, ms(seed.first_due)])
            })
            .map_err(failure)?;
    }
    transaction.commit().map_err(failure)
}

pub(super) fn due(connection: &Connection, now: DateTime<Utc>, limit: usize) -> Result<Vec<Due>, StoreError> {
    let mut sql = connection
        .prepare_cached(
            "SELECT name, due_at, asked, last_visit IS NULL FROM portal
             WHERE enabled = 1 AND due_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)
             ORDER BY asked DESC, last_visit IS NULL, due_at, name LIMIT ?2",
        )
        .map_err(failure)?;
    let rows = sql
        .query_map(params![ms(now), i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, bool>(2)?,
                row.get::<_, bool>(3)?,
            ))
        })
        .map_err(failure)?;
    let mut found = Vec::new();
    for row in rows {
        let (name, at, asked, is_first) = row.map_err(failure)?;
        let id = readable("a portal's row", portal_id(&name));
        found.extend(id.map(|id| Due { id, at: time(at), asked, is_first }));
    }
    Ok(found)
}

pub(super) fn next_due(connection: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    connection
        .query_row(
            "SELECT min(at) FROM (
                 SELECT min(due_at) AS at FROM portal WHERE enabled = 1 AND lease_until IS NULL
                 UNION ALL
                 SELECT min(max(due_at, lease_until)) FROM portal WHERE enabled = 1 AND lease_until IS NOT NULL)",
            [],
            |row| row.get::<_, Option<i64>>(0),
        )
        .map(|at| at.map(time))
        .map_err(failure)
}

pub(super) fn ask(
    connection: &mut Connection,
    portal: &PortalId,
    now: DateTime<Utc>,
) -> Result<Asked, StoreError> {
    let transaction = begin(connection)?;
    let lease: Option<Option<i64>> = transaction
        .query_row(
            "SELECT lease_until FROM portal WHERE name = ?1 AND enabled = 1",
            [portal.as_str()],
            |row| row.get(0),
        )
        .optional()
        .map_err(failure)?;
    match lease {
        None => return Ok(Asked::Unknown),
        Some(Some(until)) if until > ms(now) => return Ok(Asked::Running),
        Some(_) => {}
    }
    transaction
        .execute(
            "UPDATE portal SET asked = 1, due_at = min(due_at, ?2) WHERE name = ?1",
            params![portal.as_str(), ms(now)],
        )
        .map_err(failure)?;
    transaction.commit().map_err(failure)?;
    Ok(Asked::Accepted)
}

/// Claims portals, each with its hosts or not at all, in one transaction.
pub(super) fn claims(
    connection: &mut Connection,
    wanted: Vec<(PortalId, Vec<HostKey>)>,
    lease: &Lease,
) -> Result<Vec<Option<Claim>>, StoreError> {
    let transaction = begin(connection)?;
    let mut claims = Vec::with_capacity(wanted.len());
    for (portal, hosts) in wanted {
        let claim = within(&transaction, |transaction| claim(transaction, &portal, hosts, lease));
        claims.push(match claim {
            // another visit holds a part of it
            Err(StoreError::LeaseLost(_)) => None,
            claim => Some(claim?),
        });
    }
    transaction.commit().map_err(failure)?;
    Ok(claims)
}

/// Claims one portal with its hosts; [`StoreError::LeaseLost`] when another visit holds a part of it.
fn claim(
    transaction: &Connection,
    portal: &PortalId,
    hosts: Vec<HostKey>,
    lease: &Lease,
) -> Result<Claim, StoreError> {
    let held = || StoreError::LeaseLost(portal.clone());
    let mut claim = transaction
        .prepare_cached(
            "UPDATE portal SET lease_node = ?2, lease_until = ?3
             WHERE name = ?1 AND (lease_until IS NULL OR lease_until <= ?4)
             RETURNING failures, asked, last_visit, revision",
        )
        .and_then(|mut sql| {
            let named = params![portal.as_str(), lease.node, ms(lease.until), ms(lease.now)];
            let claimed = sql.query_row(named, |row| {
                let last_visit = time_at(row, "last_visit")?;
                let (failures, asked, revision) = (row.get(0)?, row.get(1)?, row.get(3)?);
                Ok(Claim { lease: lease.clone(), failures, asked, last_visit, revision, hosts: Vec::new() })
            });
            claimed.optional()
        })
        .map_err(failure)?
        .ok_or_else(held)?;
    for key in hosts {
        let row = take_host(transaction, portal, &key, lease)?.ok_or_else(held)?;
        claim.hosts.push((key, row));
    }
    Ok(claim)
}

pub(super) fn claim_host(
    connection: &mut Connection,
    portal: &PortalId,
    key: &HostKey,
    lease: &Lease,
) -> Result<Option<HostRow>, StoreError> {
    let transaction = begin(connection)?;
    let row = take_host(&transaction, portal, key, lease)?;
    transaction.commit().map_err(failure)?;
    Ok(row)
}

fn take_host(
    transaction: &Connection,
    portal: &PortalId,
    key: &HostKey,
    lease: &Lease,
) -> Result<Option<HostRow>, StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO host (name, lease_portal, lease_node, lease_until) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET lease_portal = ?2, lease_node = ?3, lease_until = ?4
                 WHERE lease_until IS NULL OR lease_until <= ?5
                     OR (lease_portal = ?2 AND lease_node = ?3 AND lease_until = ?4)
             RETURNING next_at, rest_until, robots_at, robots_status, robots_body",
        )
        .and_then(|mut sql| {
            let named = params![key.as_str(), portal.as_str(), lease.node, ms(lease.until), ms(lease.now)];
            sql.query_row(named, host).optional()
        })
        .map_err(failure)
}

pub(super) fn release_node(connection: &mut Connection, node: &str) -> Result<(), StoreError> {
    let transaction = begin(connection)?;
    transaction
        .execute("UPDATE portal SET lease_node = NULL, lease_until = NULL WHERE lease_node = ?1", [node])
        .map_err(failure)?;
    transaction
        .execute(
            "UPDATE host SET lease_portal = NULL, lease_node = NULL, lease_until = NULL WHERE lease_node = ?1",
            [node],
        )
        .map_err(failure)?;
    transaction.commit().map_err(failure)
}

pub(super) fn status(
    connection: &Connection,
    now: DateTime<Utc>,
) -> Result<HashMap<PortalId, PortalStatus>, StoreError> {
    let mut sql = connection
        .prepare_cached(
            "SELECT portal.*,
                 (SELECT count(*) FROM article WHERE article.portal = portal.name AND dropped = 0 AND withdrawn IS NULL) AS articles
             FROM portal",
        )
        .map_err(failure)?;
    let mut rows = sql.query([]).map_err(failure)?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let name: String = row.get("name").map_err(failure)?;
        let read = || Ok((portal_id(&name)?, one_status(row, now)?));
        all.extend(readable("a portal's row", read()));
    }
    Ok(all)
}

fn one_status(row: &Row<'_>, now: DateTime<Utc>) -> Result<PortalStatus, StoreError> {
    let at = |column: &str| time_at(row, column).map_err(failure);
    let text = |column: &str| row.get::<_, Option<String>>(column).map_err(failure);
    let error = text("error")?;
    let counts: VisitCounts = from_json::<Option<VisitCounts>>(&text("counts")?.unwrap_or_default())
        .unwrap_or_default()
        .unwrap_or_default();
    Ok(PortalStatus {
        title: text("title")?,
        lang: text("lang")?,
        kind: text("kind")?.as_deref().and_then(Kind::parse),
        articles: u64::try_from(row.get::<_, i64>("articles").map_err(failure)?).unwrap_or(0),
        last_visit: at("last_visit")?,
        last_ok: at("last_ok")?,
        next_visit: at("due_at")?,
        failures: row.get("failures").map_err(failure)?,
        error: error.map(|text| from_json(&text).unwrap_or_else(|_| unreadable())),
        since: at("since")?,
        degraded: row.get("degraded").map_err(failure)?,
        last: counts,
        notes: text("notes")?.and_then(|text| from_json(&text).ok()).unwrap_or_default(),
        visiting: at("lease_until")?.is_some_and(|until| until > now),
    })
}

/// A failure that is told, though not which one.
fn unreadable() -> Fault {
    Fault {
        class: Class::Store,
        detail: "what the store holds of the failure cannot be read".to_owned(),
        url: None,
    }
}

pub(super) fn revisions(connection: &Connection) -> Result<HashMap<PortalId, i64>, StoreError> {
    let incidents = (portal_id(STATUS)?, incidents::revision(connection)?);
    let mut sql = connection.prepare_cached("SELECT name, revision FROM portal").map_err(failure)?;
    let rows = sql.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).map_err(failure)?;
    let mut found = HashMap::from([incidents]);
    for row in rows {
        let (name, revision) = row.map_err(failure)?;
        found.extend(readable("a portal's row", portal_id(&name)).map(|name| (name, revision)));
    }
    Ok(found)
}

pub(super) fn list_copy(
    connection: &Connection,
    portal: &PortalId,
    address: &PageUrl,
) -> Result<Option<ListCopy>, StoreError> {
    type Columns = (Option<String>, Option<String>, Vec<u8>, Option<String>, Option<Vec<u8>>);
    let bytes = |value: ValueRef<'_>| value.as_bytes_or_null().map(|bytes| bytes.map(<[u8]>::to_owned));
    let row: Option<Columns> = connection
        .prepare_cached(
            "SELECT etag, last_modified, items, next, traits FROM list WHERE portal = ?1 AND url = ?2",
        )
        .and_then(|mut sql| {
            sql.query_row([portal.as_str(), address.as_str()], |row| {
                let (items, traits) = (bytes(row.get_ref(2)?)?, bytes(row.get_ref(4)?)?);
                Ok((row.get(0)?, row.get(1)?, items.unwrap_or_default(), row.get(3)?, traits))
            })
            .optional()
        })
        .map_err(failure)?;
    let Some((etag, last_modified, items, next, traits)) = row else { return Ok(None) };
    let next = next.and_then(|next| page_url(&next).ok());
    // hints that cannot be read are none
    let traits = traits.and_then(|text| from_json(&String::from_utf8_lossy(&text)).ok()).unwrap_or_default();
    // without its items the page is read as if for the first time
    let items = from_json(&String::from_utf8_lossy(&items));
    let Some(items) = readable("a list page", items) else { return Ok(None) };
    Ok(Some(ListCopy { url: address.clone(), etag, last_modified, items, next, traits }))
}
