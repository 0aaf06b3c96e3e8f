//! A few threads for work that takes memory and no pause, as parsing does.
//!
//! Always the same few: each thread keeps what it once took from the system for its next piece of work, and of many
//! threads each would keep its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// Callers ask for no more at once than there are threads; this many may be left by tasks that were dropped.
const WAITING: usize = 256;

type Job = Box<dyn FnOnce() + Send>;

/// A few threads for work without pauses. They end when it is dropped. The work of a task that is dropped is done all the
/// same, and its result thrown away.
#[derive(Debug)]
pub struct Bench {
    jobs: SyncSender<Job>,
}

impl Bench {
    /// Starts so many threads, one at least. Who cannot be started is left out.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let (jobs, taken) = sync_channel::<Job>(WAITING);
        let taken = Arc::new(Mutex::new(taken));
        for _ in 0..threads.max(1) {
            let taken = Arc::clone(&taken);
            let started = std::thread::Builder::new().name("reading".to_owned()).spawn(move || work(&taken));
            if let Err(error) = started {
                tracing::error!(error = %error, "a thread for reading pages cannot be started: {error}");
            }
        }
        Self { jobs }
    }

    /// Does a piece of work on one of them. None when it panicked, or there is no thread, or far too much waits: how much
    /// does is for the callers to bound.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (tell, told) = oneshot::channel();
        let job = Box::new(move || {
            // who asked may have gone
            drop(tell.send(catch_unwind(AssertUnwindSafe(work)).ok()));
        });
        self.jobs.try_send(job).ok()?;
        told.await.ok().flatten()
    }
}

fn work(taken: &Mutex<Receiver<Job>>) {
    loop {
        let job = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        job();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_by_the_same_few_and_a_panic_costs_itself_only() {
        let bench = Bench::new(2);
        let mut seen = std::collections::HashSet::new();
        for number in 0..20 {
            assert_eq!(
                bench.run(move || if number == 7 { panic!("seven") } else { number }).await,
                (number != 7).then_some(number)
            );
            seen.extend(bench.run(|| std::thread::current().id()).await);
        }
        assert!((1..=2).contains(&seen.len()), "{seen:?}");
    }
}
