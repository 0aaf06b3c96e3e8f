//! Numbered SQL files, forward only; the number applied last is SQLite's `user_version`.

use rusqlite::Connection;

use super::super::contract::StoreError;
use super::failure::failure;
use super::search;

/// In order; a file that was released is never changed.
const MIGRATIONS: [&str; 8] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_traits.sql"),
    include_str!("migrations/0003_feeds.sql"),
    include_str!("migrations/0004_gone.sql"),
    include_str!("migrations/0005_hub.sql"),
    include_str!("migrations/0006_marks.sql"),
    include_str!("migrations/0007_followed.sql"),
    include_str!("migrations/0008_kind.sql"),
];

/// The number of the schema that brought the index of words: articles of an older file are put into it.
const SEARCH: usize = 3;

/// The newest schema that this tidings knows.
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings a file to the newest schema, all steps in one transaction. One that has it is not written to: that must do on a
/// full disk, and while another process writes.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    if version(connection)? == newest() {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failure)?;
    let found = version(&transaction)?;
    if found > newest() {
        return Err(StoreError::Newer { found, known: newest() });
    }
    let done = usize::try_from(found).unwrap_or(0);
    for sql in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(sql).map_err(failure)?;
    }
    if (1..SEARCH).contains(&done) {
        search::fill(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", newest()).map_err(failure)?;
    transaction.commit().map_err(failure)
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failure)
}
