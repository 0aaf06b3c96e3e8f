//! Feeds elsewhere that name a hub: which hub is to be asked when, and whose news a token stands for.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{HubLink, PageUrl};

use super::super::contract::StoreError;
use super::super::followed::{FollowEnd, Followed};
use super::failure::failure;
use super::pages::Visit;
use super::rows::{self, ms, readable};

/// Between two visits that a hub causes.
const GAP: TimeDelta = TimeDelta::seconds(10);

const COLUMNS: &str = "token, portal, hub, topic, secret, tries, base IS NOT NULL";

type Columns = (String, String, String, String, String, u32, bool);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

fn read((token, portal, hub, topic, secret, tries, was_asked): Columns) -> Result<Followed, StoreError> {
    let (portal, hub, topic) = (rows::portal(&portal)?, rows::url(&hub)?, rows::url(&topic)?);
    Ok(Followed { token, portal, hub, topic, secret, tries, was_asked })
}

/// Feeds whose hub is to be asked now, or was told another address of ours than `base`.
pub(super) fn due(
    connection: &Connection,
    now: DateTime<Utc>,
    base: &str,
    limit: usize,
) -> Result<Vec<Followed>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM followed WHERE ask_at <= ?1 OR base <> ?2 ORDER BY ask_at, token LIMIT ?3"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found: Vec<Columns> = connection
        .prepare_cached(&sql)
        .and_then(|mut sql| sql.query_map(params![ms(now), base, limit], columns)?.collect())
        .map_err(failure)?;
    Ok(found.into_iter().filter_map(|columns| readable("a feed's hub", read(columns))).collect())
}

/// What a token stands for.
pub(super) fn by_token(connection: &Connection, token: &str) -> Result<Option<Followed>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM followed WHERE token = ?1"))
        .and_then(|mut sql| sql.query_row([token], columns).optional())
        .map_err(failure)
        .map(|found| found.and_then(|columns| readable("a feed's hub", read(columns))))
}

/// All tokens.
pub(super) fn tokens(connection: &Connection) -> Result<Vec<String>, StoreError> {
    connection
        .prepare_cached("SELECT token FROM followed")
        .and_then(|mut sql| sql.query_map([], |row| row.get(0))?.collect())
        .map_err(failure)
}

/// What became of it.
pub(super) fn end(connection: &Connection, token: &str, end: &FollowEnd) -> Result<(), StoreError> {
    let done = match end {
        FollowEnd::Asked { base, again } => connection.execute(
            "UPDATE followed SET base = ?2, ask_at = ?3, tries = tries + 1 WHERE token = ?1",
            params![token, base, ms(*again)],
        ),
        FollowEnd::Granted { until, renew } => connection.execute(
            "UPDATE followed SET until = ?2, ask_at = ?3, tries = 0 WHERE token = ?1",
            params![token, ms(*until), ms(*renew)],
        ),
        FollowEnd::Rests { again } => connection.execute(
            "UPDATE followed SET until = NULL, ask_at = ?2 WHERE token = ?1",
            params![token, ms(*again)],
        ),
    };
    done.map(|_| ()).map_err(failure)
}

/// There is news: the portal is due, a while after its last visit at the earliest. False when it is visited anyway.
pub(super) fn news(connection: &Connection, token: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let moved = connection
        .execute(
            "UPDATE portal SET due_at = max(?2, coalesce(last_visit, 0) + ?3)
             WHERE name = (SELECT portal FROM followed WHERE token = ?1) AND enabled = 1
                 AND due_at > max(?2, coalesce(last_visit, 0) + ?3)",
            params![token, ms(now), GAP.num_milliseconds()],
        )
        .map_err(failure)?;
    Ok(moved > 0)
}

impl Visit<'_> {
    /// A list page that was read names this hub, or none.
    pub(super) fn follow(&self, list: &PageUrl, link: Option<&HubLink>) -> Result<(), StoreError> {
        let Some(HubLink { hub, topic }) = link else {
            self.execute(
                "DELETE FROM followed WHERE portal = ?1 AND list = ?2",
                params![self.name(), list.as_str()],
            )?;
            return Ok(());
        };
        // another hub or topic is another subscription
        self.execute(
            "INSERT INTO followed (token, portal, list, hub, topic, secret, ask_at)
             VALUES (lower(hex(randomblob(16))), ?1, ?2, ?3, ?4, lower(hex(randomblob(24))), ?5)
             ON CONFLICT (portal, list) DO UPDATE SET token = excluded.token, secret = excluded.secret,
                 hub = excluded.hub, topic = excluded.topic, ask_at = excluded.ask_at,
                 base = NULL, until = NULL, tries = 0
             WHERE hub <> excluded.hub OR topic <> excluded.topic",
            params![self.name(), list.as_str(), hub.as_str(), topic.as_str(), ms(self.outcome.ended)],
        )?;
        Ok(())
    }
}
