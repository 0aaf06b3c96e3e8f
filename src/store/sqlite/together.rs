//! Writes that may wait for each other: one transaction for all that come within a moment.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction};
use tokio::sync::oneshot;

use super::super::contract::StoreError;
use super::failure::failure;
use super::threads::Threads;
use super::transaction::{begin, within};

/// How long the first one waits for others.
const MOMENT: Duration = Duration::from_millis(50);

/// Tells whoever waits for a piece what became of it, once the transaction has ended.
type Told = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Piece = Box<dyn FnOnce(&Transaction<'_>) -> Told + Send>;

/// Pieces of work that wait for their transaction.
pub(super) struct Together {
    threads: Arc<Threads>,
    pieces: Mutex<Vec<Piece>>,
    /// Held by the one who has them done.
    turn: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Together").finish_non_exhaustive()
    }
}

impl Together {
    pub(super) fn new(threads: Arc<Threads>) -> Self {
        Self { threads, pieces: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    fn add(&self, piece: Piece) {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner).push(piece);
    }

    fn take(&self) -> Vec<Piece> {
        std::mem::take(&mut *self.pieces.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a piece of work in a transaction: one of its own, or one with others where it may wait for them. A piece that
    /// fails has written nothing, and costs the others nothing.
    pub(super) async fn commit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        may_wait: bool,
    ) -> Result<T, StoreError> {
        if !may_wait {
            let alone = move |connection: &mut Connection| {
                let transaction = begin(connection)?;
                let done = work(&transaction)?;
                transaction.commit().map_err(failure)?;
                Ok(done)
            };
            return self.threads.write(alone).await;
        }
        let (reply, mut answer) = oneshot::channel();
        self.add(Box::new(move |transaction| {
            let done = within(transaction, work);
            Box::new(move |ended| {
                // a caller that went away needs no answer
                let _ = reply.send(done.and_then(|done| ended.map(|()| done)));
            })
        }));
        tokio::select! {
            biased;
            told = &mut answer => return told.map_err(|_| StoreError::Closed)?,
            _turn = self.turn.lock() => {
                tokio::time::sleep(MOMENT).await;
                let pieces = self.take();
                if !pieces.is_empty() {
                    self.threads.write(move |connection| all(connection, pieces)).await?;
                }
            }
        }
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

/// All pieces in one transaction; each is told how it ended.
fn all(connection: &mut Connection, pieces: Vec<Piece>) -> Result<(), StoreError> {
    let transaction = begin(connection)?;
    let told: Vec<Told> = pieces.into_iter().map(|piece| piece(&transaction)).collect();
    let ended = transaction.commit().map_err(failure);
    let why = ended.as_ref().err().map(ToString::to_string);
    for tell in told {
        tell(why.clone().map_or(Ok(()), |why| Err(StoreError::Backend(why))));
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(connection: &Connection) -> Result<i64, StoreError> {
        connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).map_err(failure)
    }

    fn insert(connection: &Connection) -> Result<(), StoreError> {
        connection.execute("INSERT INTO t VALUES (1)", []).map(drop).map_err(failure)
    }

    #[tokio::test]
    async fn pieces_share_a_transaction_and_one_that_fails_takes_back_its_own() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute("CREATE TABLE t (a)", []).unwrap();
        let (threads, _ends) = Threads::start(connection, Vec::new(), false).unwrap();
        let together = Together::new(Arc::clone(&threads));
        let good = |connection: &Connection| insert(connection).and_then(|()| count(connection));
        let bad = |connection: &Connection| {
            insert(connection)?;
            Err::<(), _>(StoreError::LeaseLost(crate::model::PortalId::parse("town").unwrap()))
        };
        let (first, second, third) = tokio::join!(
            together.commit(good, true),
            together.commit(bad, true),
            together.commit(good, true)
        );
        assert_eq!((first.unwrap(), third.unwrap()), (1, 2));
        assert!(matches!(second, Err(StoreError::LeaseLost(_))), "{second:?}");
        assert_eq!(together.commit(good, false).await.unwrap(), 3);
        assert_eq!(threads.read_written(count).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_keeps_nobody_waiting() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute("CREATE TABLE t (a)", []).unwrap();
        let (threads, _ends) = Threads::start(connection, Vec::new(), false).unwrap();
        let together = Together::new(threads);
        let gives_up = tokio::time::timeout(MOMENT / 5, together.commit(insert, true));
        let (gone, stays) = tokio::join!(gives_up, together.commit(count, true));
        assert!(gone.is_err());
        assert_eq!(stays.unwrap(), 1, "what was asked for is done all the same");
    }
}
