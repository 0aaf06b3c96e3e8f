//! Subscriptions at the hub: wishes, leases, and what is owed to whom.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::contract::StoreError;
use super::super::subscription::{Mode, Push, PushEnd, Subscriptions, Wish, WishEnd, Wished};
use super::failure::failure;
use super::rows::{from_json, json, ms, time, url};
use super::transaction::begin;

/// Subscriptions in all, and at one host: more are refused.
const MOST: i64 = 10_000;
const MOST_A_HOST: i64 = 1_000;

/// Rows of one origin that are taken out at once, more than the hub has calls under way there: where it has enough of
/// them, they stand before nobody else.
const TAKEN_AN_ORIGIN: i64 = 16;
/// Scheme, host and port of a callback: its path begins with the first slash after them.
const ORIGIN: &str = "substr(callback, 1, 7 + instr(substr(callback, 9), '/'))";

/// Keeps a wish; false when there are too many subscriptions already.
pub(super) fn wish(connection: &mut Connection, wish: &Wish, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let transaction = begin(connection)?;
    let (topic, callback) = (wish.topic.as_str(), wish.callback.as_str());
    let known: Option<i64> = transaction
        .query_row(
            "SELECT number FROM subscription WHERE topic = ?1 AND callback = ?2",
            [topic, callback],
            |row| row.get(0),
        )
        .optional()
        .map_err(failure)?;
    if known.is_none() {
        let count = |sql: &str, values: &[&str]| -> Result<i64, StoreError> {
            transaction.query_row(sql, rusqlite::params_from_iter(values), |row| row.get(0)).map_err(failure)
        };
        let all = count("SELECT count(*) FROM subscription", &[])?;
        let here = count("SELECT count(*) FROM subscription WHERE host = ?1", &[wish.callback.host()])?;
        // to end what is not there is granted without a row
        let begins = wish.mode == Mode::Subscribe;
        if !begins || all >= MOST || here >= MOST_A_HOST {
            return Ok(!begins);
        }
    }
    transaction
        .execute(
            "INSERT INTO subscription (topic, callback, host, wish, wish_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (topic, callback) DO UPDATE SET wish = ?4, wish_at = ?5, tries = 0",
            params![topic, callback, wish.callback.host(), json(wish)?, ms(now)],
        )
        .map_err(failure)?;
    transaction.commit().map_err(failure)?;
    Ok(true)
}

/// Wishes that are to be verified now: some of each origin, the oldest first.
pub(super) fn wishes(
    connection: &Connection,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Wished>, StoreError> {
    let sql = format!(
        "SELECT number, wish, tries FROM (
             SELECT *, row_number() OVER (PARTITION BY {ORIGIN} ORDER BY tries, wish_at, number) AS place
             FROM subscription WHERE wish_at <= ?1 AND wish IS NOT NULL)
         WHERE place <= ?3 ORDER BY place, tries, wish_at, number LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(i64, String, u32)> = connection
        .prepare_cached(&sql)
        .and_then(|mut sql| {
            sql.query_map(params![ms(now), limit, TAKEN_AN_ORIGIN], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect()
        })
        .map_err(failure)?;
    rows.into_iter()
        .map(|(number, wish, tries)| Ok(Wished { number, wish: from_json(&wish)?, tries }))
        .collect()
}

/// What became of a wish. One that was asked for anew meanwhile stays.
pub(super) fn end_wish(connection: &Connection, wished: &Wished, end: &WishEnd) -> Result<(), StoreError> {
    let (number, wish) = (wished.number, json(&wished.wish)?);
    let done = match end {
        WishEnd::Granted { until, sent } => connection.execute(
            // who renews is still owed what failed; who is new or rested has the document of now
            "UPDATE subscription SET until = ?3, secret = ?4, wish = NULL, wish_at = NULL,
                 sent = CASE WHEN until IS NULL OR rests THEN coalesce(?5, sent) ELSE coalesce(sent, ?5) END,
                 owed = CASE WHEN rests THEN NULL ELSE owed END,
                 due_at = CASE WHEN rests THEN NULL ELSE due_at END,
                 tries = 0, failures = 0, since = NULL, rests = 0
             WHERE number = ?1 AND wish = ?2",
            params![number, wish, ms(*until), wished.wish.secret, sent],
        ),
        WishEnd::Ended => {
            connection.execute("DELETE FROM subscription WHERE number = ?1 AND wish = ?2", params![number, wish])
        }
        WishEnd::Refused => connection
            .execute(
                "DELETE FROM subscription WHERE number = ?1 AND wish = ?2 AND until IS NULL",
                params![number, wish],
            )
            .and_then(|_| {
                connection.execute(
                    "UPDATE subscription SET wish = NULL, wish_at = NULL, tries = 0 WHERE number = ?1 AND wish = ?2",
                    params![number, wish],
                )
            }),
        WishEnd::Later(at) => connection.execute(
            "UPDATE subscription SET wish_at = ?3, tries = tries + 1 WHERE number = ?1 AND wish = ?2",
            params![number, wish, ms(*at)],
        ),
    };
    done.map(|_| ()).map_err(failure)
}

/// The topics that somebody is subscribed to. Leases that ran out before `ended` are dropped here.
pub(super) fn topics(
    connection: &Connection,
    now: DateTime<Utc>,
    ended: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    connection
        .execute("DELETE FROM subscription WHERE until <= ?1 AND wish IS NULL", [ms(ended)])
        .map_err(failure)?;
    connection
        .prepare_cached("SELECT DISTINCT topic FROM subscription WHERE until > ?1 ORDER BY topic")
        .and_then(|mut sql| sql.query_map([ms(now)], |row| row.get(0))?.collect())
        .map_err(failure)
}

/// Those who hold or ask for a subscription to a topic are to be told that it is denied. Says how many.
pub(super) fn deny(connection: &mut Connection, topic: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let transaction = begin(connection)?;
    let callbacks: Vec<(i64, String)> = transaction
        .prepare_cached("SELECT number, callback FROM subscription WHERE topic = ?1")
        .and_then(|mut sql| sql.query_map([topic], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(failure)?;
    for (number, callback) in &callbacks {
        let (topic, callback) = (topic.to_owned(), url(callback)?);
        let wish = Wish { topic, callback, mode: Mode::Denied, secret: None, lease_secs: 0 };
        transaction
            .execute(
                "UPDATE subscription SET wish = ?2, wish_at = ?3, tries = 0, until = NULL, due_at = NULL
                 WHERE number = ?1",
                params![number, json(&wish)?, ms(now)],
            )
            .map_err(failure)?;
    }
    transaction.commit().map_err(failure)?;
    Ok(callbacks.len() as u64)
}

/// How subscriptions stand.
pub(super) fn subscriptions(
    connection: &Connection,
    now: DateTime<Utc>,
) -> Result<Subscriptions, StoreError> {
    connection
        .query_row(
            "SELECT count(*), count(due_at), count(nullif(rests, 0)) FROM subscription WHERE until > ?1",
            [ms(now)],
            |row| Ok(Subscriptions { active: row.get(0)?, owed: row.get(1)?, resting: row.get(2)? }),
        )
        .map_err(failure)
}

/// A topic's document is this one now: it is owed to all who do not have it. Says to how many.
pub(super) fn publish(
    connection: &Connection,
    topic: &str,
    digest: &str,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    // the document may have turned back to what they have
    connection
        .execute(
            "UPDATE subscription SET owed = NULL, due_at = NULL, failures = 0, since = NULL
             WHERE topic = ?1 AND sent IS ?2 AND due_at IS NOT NULL",
            params![topic, digest],
        )
        .map_err(failure)?;
    connection
        .execute(
            "UPDATE subscription SET owed = ?2, due_at = ?3
             WHERE topic = ?1 AND until > ?3 AND rests = 0 AND sent IS NOT ?2 AND owed IS NOT ?2",
            params![topic, digest, ms(now)],
        )
        .map(|count| count as u64)
        .map_err(failure)
}

/// Deliveries that are due: some of each origin, to those who never failed first.
pub(super) fn pushes(
    connection: &Connection,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Push>, StoreError> {
    let sql = format!(
        "SELECT number, topic, callback, secret, failures, since, owed FROM (
             SELECT *, row_number() OVER (PARTITION BY {ORIGIN} ORDER BY failures, due_at, number) AS place
             FROM subscription WHERE due_at <= ?1 AND until > ?1)
         WHERE place <= ?3 ORDER BY failures, place, due_at, number LIMIT ?2"
    );
    let mut sql = connection.prepare_cached(&sql).map_err(failure)?;
    type Columns = (i64, String, String, Option<String>, u32, Option<i64>, Option<String>);
    let read = |row: &Row<'_>| -> rusqlite::Result<Columns> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = sql.query_map(params![ms(now), limit, TAKEN_AN_ORIGIN], read).map_err(failure)?;
    let mut pushes = Vec::new();
    for row in rows {
        let (number, topic, callback, secret, failures, since, owed) = row.map_err(failure)?;
        let callback = url(&callback)?;
        pushes.push(Push { number, topic, owed, callback, secret, failures, since: since.map(time) });
    }
    Ok(pushes)
}

/// What became of deliveries, in one transaction.
pub(super) fn end_pushes(connection: &mut Connection, ends: &[(i64, PushEnd)]) -> Result<(), StoreError> {
    let transaction = begin(connection)?;
    for (number, end) in ends {
        end_push(&transaction, *number, end)?;
    }
    transaction.commit().map_err(failure)
}

fn end_push(connection: &Connection, number: i64, end: &PushEnd) -> Result<(), StoreError> {
    let done = match end {
        // another document may be owed since it began
        PushEnd::Delivered { digest, owed } => connection.execute(
            "UPDATE subscription SET sent = ?2, failures = 0, since = NULL,
                 due_at = CASE WHEN owed IS ?2 OR owed IS ?3 THEN NULL ELSE due_at END,
                 owed = CASE WHEN owed IS ?2 OR owed IS ?3 THEN NULL ELSE owed END WHERE number = ?1",
            params![number, digest, owed],
        ),
        PushEnd::Later { at, since } => connection.execute(
            "UPDATE subscription SET due_at = ?2, failures = failures + 1, since = ?3 WHERE number = ?1",
            params![number, ms(*at), ms(*since)],
        ),
        PushEnd::Rests => {
            connection.execute("UPDATE subscription SET due_at = NULL, rests = 1 WHERE number = ?1", [number])
        }
        PushEnd::Ended => connection.execute("DELETE FROM subscription WHERE number = ?1", [number]),
    };
    done.map(|_| ()).map_err(failure)
}

/// When the next wish or delivery is due.
pub(super) fn next(connection: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    let next: Option<i64> = connection
        .query_row(
            "SELECT min(at) FROM (SELECT min(wish_at) AS at FROM subscription UNION ALL
             SELECT min(due_at) FROM subscription)",
            [],
            |row| row.get(0),
        )
        .map_err(failure)?;
    Ok(next.map(time))
}
