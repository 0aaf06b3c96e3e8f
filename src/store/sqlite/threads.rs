//! One thread that writes, a few that read; each has its own connection and a bounded queue.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::super::contract::StoreError;
use super::failure::failure;
use super::open::begin_unclean;

/// Callers wait when so many pieces of work are queued for one thread.
const QUEUE: usize = 256;

/// How long `close` waits for what is running in the threads.
const PATIENCE: Duration = Duration::from_secs(6);
/// What waits in a queue when `close` comes is done for so long; the rest is refused. A store that moves does thousands of
/// pieces in this time, one that another process holds would keep the end waiting for minutes.
const LAST_WORK: Duration = Duration::from_secs(1);
/// The last write waits so long for another process that writes.
const LAST_BUSY: Duration = Duration::from_millis(500);
/// How often `close` looks whether the threads have ended.
const LOOK: Duration = Duration::from_millis(5);

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

enum Order {
    Do(Work),
    /// Done however late it is.
    Last(Work),
    /// What comes later is refused.
    End,
}

/// The threads of one open file. They end when the last handle is dropped, or at `close`.
#[derive(Debug)]
pub(super) struct Threads {
    writer: Lane,
    readers: Vec<Lane>,
    next: AtomicUsize,
    /// The mark of a clean end may stand there still: no write went through since the file was opened.
    marked: Arc<AtomicBool>,
    /// Writes that went through.
    written: Arc<AtomicU64>,
    /// When `close` came.
    ending: Arc<OnceLock<Instant>>,
}

#[derive(Debug)]
struct Lane {
    queue: mpsc::Sender<Order>,
    work: Arc<AtWork>,
}

/// Since when a thread works on what it has in hand.
#[derive(Debug)]
struct AtWork {
    began: Instant,
    /// Milliseconds after `began`, and one; 0 while it has nothing.
    since_ms: AtomicU64,
}

impl AtWork {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1)
    }

    fn begins(&self) {
        self.since_ms.store(self.now_ms() + 1, Ordering::Relaxed);
    }

    fn ends(&self) {
        self.since_ms.store(0, Ordering::Relaxed);
    }

    fn lasts(&self) -> Duration {
        let since_ms = self.since_ms.load(Ordering::Relaxed).checked_sub(1);
        Duration::from_millis(since_ms.map_or(0, |since_ms| self.now_ms().saturating_sub(since_ms)))
    }
}

/// To wait for the threads after their queues were closed.
#[derive(Debug)]
pub(super) struct Ends(Vec<JoinHandle<()>>);

impl Threads {
    pub(super) fn start(
        writer: Connection,
        readers: Vec<Connection>,
        owns: bool,
    ) -> Result<(Arc<Self>, Ends), StoreError> {
        let mut ends = Vec::new();
        let ending = Arc::new(OnceLock::new());
        let mut lane = |name: &str, connection: Connection| -> Result<Lane, StoreError> {
            let (queue, work) = mpsc::channel(QUEUE);
            let builder = std::thread::Builder::new().name(name.to_owned());
            let at_work = Arc::new(AtWork { began: Instant::now(), since_ms: AtomicU64::new(0) });
            let (shown, ending) = (Arc::clone(&at_work), Arc::clone(&ending));
            let end = builder.spawn(move || serve(connection, work, &shown, &ending));
            ends.push(end.map_err(|error| StoreError::Backend(format!("no thread for the store: {error}")))?);
            Ok(Lane { queue, work: at_work })
        };
        let writer = lane("store-write", writer)?;
        let readers =
            readers.into_iter().map(|reader| lane("store-read", reader)).collect::<Result<Vec<_>, _>>()?;
        let (next, marked) = (AtomicUsize::new(0), Arc::new(AtomicBool::new(owns)));
        Ok((Arc::new(Self { writer, readers, next, marked, written: Arc::default(), ending }), Ends(ends)))
    }

    /// Runs a piece of work on the writing connection.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (marked, written) = (Arc::clone(&self.marked), Arc::clone(&self.written));
        let work = move |connection: &mut Connection| {
            if marked.load(Ordering::Relaxed) && begin_unclean(connection).is_ok() {
                marked.store(false, Ordering::Relaxed);
            }
            let made = work(connection);
            written.fetch_add(u64::from(made.is_ok()), Ordering::Relaxed);
            made
        };
        run(&self.writer, work, Order::Do).await
    }

    /// Runs a piece of work that shows whether writes go through: a queue that is long and moves shows it too.
    pub(super) async fn shown(
        &self,
        limit: Duration,
        work: impl FnOnce(&mut Connection) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let before = self.written.load(Ordering::Relaxed);
        match tokio::time::timeout(limit, self.write(work)).await {
            Ok(written) => written,
            Err(_) if self.written.load(Ordering::Relaxed) != before => Ok(()),
            Err(_) => {
                let detail = format!("the store did not answer within {} s", limit.as_secs());
                Err(StoreError::Backend(detail))
            }
        }
    }

    /// Runs a piece of work on one of the reading connections.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.readers.len().max(1);
        run(self.readers.get(turn).unwrap_or(&self.writer), work, Order::Do).await
    }

    /// Reads on the writing connection: what was just written there is in its memory, while every commit makes the reading
    /// connections forget all they hold. For what is asked again and again.
    pub(super) async fn read_written<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        run(&self.writer, |connection| work(connection), Order::Do).await
    }

    /// How long the piece of work that takes longest has been going on.
    pub(super) fn at_work(&self) -> Duration {
        let lanes = std::iter::once(&self.writer).chain(&self.readers);
        lanes.map(|lane| lane.work.lasts()).max().unwrap_or_default()
    }

    /// Ends the threads after what is queued, or after a moment where that lasts: the readers first, so that `last` has
    /// the file for itself.
    pub(super) async fn end(
        &self,
        ends: Option<Ends>,
        last: impl FnOnce(&mut Connection) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let _ = self.ending.set(Instant::now());
        for reader in &self.readers {
            let _ = reader.queue.send(Order::End).await;
        }
        let last = move |connection: &mut Connection| {
            connection.busy_timeout(LAST_BUSY).map_err(failure)?;
            last(connection)
        };
        let done = run(&self.writer, last, Order::Last).await;
        let _ = self.writer.queue.send(Order::End).await;
        if let Some(ends) = ends {
            ends.wait().await;
        }
        done
    }
}

impl Ends {
    /// Waits until every thread has closed its connection, a few seconds at most.
    async fn wait(self) {
        // not joined: a thread that is stuck would hold up the end of the process
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && !self.0.iter().all(JoinHandle::is_finished) {
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn serve(
    mut connection: Connection,
    mut orders: mpsc::Receiver<Order>,
    shown: &AtWork,
    ending: &OnceLock<Instant>,
) {
    while let Some(order) = orders.blocking_recv() {
        let work = match order {
            // who waits for it is told that the store is closed
            Order::Do(_) if ending.get().is_some_and(|came| came.elapsed() >= LAST_WORK) => continue,
            Order::Do(work) | Order::Last(work) => work,
            Order::End => return,
        };
        shown.begins();
        work(&mut connection);
        shown.ends();
    }
}

async fn run<T: Send + 'static>(
    lane: &Lane,
    work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    order: fn(Work) -> Order,
) -> Result<T, StoreError> {
    let (reply, answer) = oneshot::channel();
    let work: Work = Box::new(move |connection| {
        // a panic rolls its transaction back as it unwinds; the thread serves on
        let done = catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or_else(|_| {
            Err(StoreError::Backend("a call failed inside tidings; please report it".to_owned()))
        });
        // a caller that went away needs no answer, but the work is done all the same
        let _ = reply.send(done);
    });
    lane.queue.send(order(work)).await.map_err(|_| StoreError::Closed)?;
    answer.await.map_err(|_| StoreError::Closed)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn work_that_goes_on_is_told() {
        let open = || Connection::open_in_memory().unwrap();
        let (threads, _ends) = Threads::start(open(), vec![open()], false).unwrap();
        assert_eq!(threads.at_work(), Duration::ZERO);
        let (go, wait) = std::sync::mpsc::sync_channel::<()>(1);
        let working = Arc::clone(&threads);
        let stuck = crate::runtime::Stop::new().spawn(async move {
            working
                .write(move |_| {
                    let _ended = wait.recv();
                    Ok(())
                })
                .await
        });
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert!(threads.at_work() >= Duration::from_millis(20), "{:?}", threads.at_work());
        go.send(()).unwrap();
        stuck.await.unwrap().unwrap();
        threads.read(|_| Ok(())).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(threads.at_work(), Duration::ZERO);
    }
}
