//! Transactions, and the pieces of one.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::super::contract::StoreError;
use super::failure::failure;

/// A transaction that writes: it waits for its turn when it begins, not in the middle.
pub(super) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failure)
}

/// One piece of a transaction, that is taken back when it fails.
pub(super) fn within<T>(
    transaction: &Transaction<'_>,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    // kept as statements: they are read once, not for every piece
    let order =
        |words| transaction.prepare_cached(words).and_then(|mut sql| sql.execute([])).map_err(failure);
    order("SAVEPOINT piece")?;
    let done = work(transaction);
    if done.is_err() {
        order("ROLLBACK TO piece")?;
    }
    order("RELEASE piece")?;
    done
}
