//! What SQLite said, in words for people.

use rusqlite::ErrorCode;

use super::super::contract::StoreError;

/// What SQLite said, as a [`StoreError`].
#[expect(clippy::needless_pass_by_value, reason = "handed to `map_err` as it is")]
pub(super) fn failure(error: rusqlite::Error) -> StoreError {
    StoreError::Backend(sentence(&error))
}

/// What SQLite said, as one sentence for people.
pub(super) fn sentence(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "the database is locked by another process".to_owned()
        }
        Some(ErrorCode::DatabaseCorrupt) => "the database file is malformed".to_owned(),
        Some(ErrorCode::NotADatabase) => "the file is not a database".to_owned(),
        Some(ErrorCode::ReadOnly) => "the database is readonly".to_owned(),
        Some(ErrorCode::SystemIoFailure) => "reading or writing the database file failed".to_owned(),
        Some(ErrorCode::CannotOpen) => "unable to open the database file".to_owned(),
        _ => error.to_string(),
    }
}
