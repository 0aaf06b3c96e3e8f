//! Opening a file: folder, pragmas, schema, and a look at its health after an unclean end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::super::contract::StoreError;
use super::failure::{failure, sentence};
use super::migrate;

/// Older ones have a fault that can corrupt a WAL file under load.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(5);
/// Connections that only read: a feed and the status at the same time.
pub(super) const READERS: usize = 2;
/// `1` after a clean end; absent while a daemon runs.
const CLEAN: &str = "store.clean";

/// A writing connection and the reading ones.
pub(super) fn open(path: &Path, watches_health: bool) -> Result<(Connection, Vec<Connection>), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let why = format!(
            "SQLite {} is too old, 3.51.3 is needed: build with the bundled one",
            rusqlite::version()
        );
        return Err(StoreError::Open { place: path.display().to_string(), why });
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| {
            let why = format!(
                "its folder cannot be made ({error}): make it yourself, or set store.url or --store to a place this user may write"
            );
            StoreError::Open { place: path.display().to_string(), why }
        })?;
    }
    let writer = writer(path, watches_health).map_err(|error| explain(path, error))?;
    let readers =
        (0..READERS).map(|_| reader(path).map_err(|error| explain(path, error))).collect::<Result<_, _>>()?;
    Ok((writer, readers))
}

fn writer(path: &Path, watches_health: bool) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path).map_err(failure)?;
    connection.busy_timeout(BUSY).map_err(failure)?;
    connection.set_prepared_statement_cache_capacity(64);
    steady(&connection)?;
    // WAL with NORMAL: what was committed is there after kill -9; a power cut may cost the last
    // transactions, never the file
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failure)?;
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(failure)?;
    connection.pragma_update(None, "foreign_keys", "ON").map_err(failure)?;
    migrate::migrate(&mut connection)?;
    if watches_health {
        check(&connection, path)?;
        if let Err(error) = begin_unclean(&connection) {
            tracing::warn!(error = %error, "the store takes no writes now, what it holds is served: {error}");
        }
    }
    Ok(connection)
}

/// A statement keeps its plan whatever it is asked with, and is not made anew each time.
fn steady(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop).map_err(failure)
}

/// Takes back the mark of a clean end: before anything else is written.
pub(super) fn begin_unclean(connection: &Connection) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM value WHERE name = ?1")
        .and_then(|mut sql| sql.execute([CLEAN]))
        .map(|_| ())
        .map_err(failure)
}

fn reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failure)?;
    connection.busy_timeout(BUSY).map_err(failure)?;
    connection.set_prepared_statement_cache_capacity(32);
    steady(&connection)?;
    Ok(connection)
}

/// After an unclean end the pages of the file are looked at once.
fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let was_used: bool = connection
        .query_row("SELECT EXISTS (SELECT 1 FROM portal)", [], |row| row.get(0))
        .map_err(failure)?;
    let clean: Option<String> = connection
        .query_row("SELECT text FROM value WHERE name = ?1", [CLEAN], |row| row.get(0))
        .optional()
        .map_err(failure)?;
    if !was_used || clean.is_some() {
        return Ok(());
    }
    let verdict: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failure)?;
    if verdict == "ok" {
        return Ok(());
    }
    let why =
        format!("the file is damaged ({verdict}): put a backup in its place (docs/OPERATIONS.md, Restore)");
    Err(StoreError::Open { place: path.display().to_string(), why })
}

/// Marks a clean end and folds the write-ahead log into the file.
pub(super) fn close(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute("INSERT OR REPLACE INTO value (name, text) VALUES (?1, '1')", [CLEAN])
        .map_err(failure)?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failure)
}

/// Turns what SQLite says about opening into what to do.
fn explain(path: &Path, error: StoreError) -> StoreError {
    let StoreError::Backend(detail) = error else { return error };
    let place = path.display().to_string();
    let cure = if path.is_dir() {
        "it is a folder: name a file in it"
    } else if detail.contains("not a database") {
        "it is no SQLite file: set store.url or --store to another place, or move the file away"
    } else if detail.contains("readonly") || detail.contains("unable to open") {
        "this user may not write it or its folder: change their owner, or set store.url or --store to another place"
    } else if detail.contains("locked") {
        "another process has held it for 5 s: end that one (perhaps a second tidings), then start again"
    } else if detail.contains("malformed") {
        "the file is damaged: put a backup in its place (docs/OPERATIONS.md, Restore)"
    } else {
        "see the message"
    };
    StoreError::Open { place, why: format!("{detail}; {cure}") }
}

/// `sqlite:PATH` to its path.
pub(super) fn path(url: &str) -> Result<PathBuf, StoreError> {
    match url.strip_prefix("sqlite:") {
        // in memory each connection would have a database of its own
        Some(path) if !path.is_empty() && path != ":memory:" => {
            Ok(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
        }
        _ => Err(StoreError::Address(url.to_owned())),
    }
}

/// Pages copied at a time.
const BACKUP_STEP: i32 = 1024;

/// An online copy of the file into a new one, made beside all else.
pub(super) async fn copied(from: Arc<PathBuf>, to: PathBuf) -> Result<(), StoreError> {
    let copied = tokio::task::spawn_blocking(move || backup(&from, &to)).await;
    copied.map_err(|_| StoreError::Closed)?
}

fn backup(from: &Path, to: &Path) -> Result<(), StoreError> {
    let refuse = |why: String| StoreError::Open { place: to.display().to_string(), why };
    if to.exists() {
        return Err(refuse("it is there already: name a new file".to_owned()));
    }
    let source = reader(from)?;
    let copied = copy(&source, to);
    if copied.is_err() {
        // half a copy must not pass for one
        let _ = std::fs::remove_file(to);
    }
    copied.map_err(|error| refuse(format!("the copy failed: {}", sentence(&error))))
}

fn copy(source: &Connection, to: &Path) -> Result<(), rusqlite::Error> {
    // one snapshot for the whole copy: a writer in between would make it start again
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut copy = Connection::open(to)?;
    rusqlite::backup::Backup::new(source, &mut copy)?.run_to_completion(BACKUP_STEP, Duration::ZERO, None)
}
