//! Threads of their own for work that strangers can make slow: who serves never waits behind it.

use std::future::Future;
use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::stop::Stop;

/// More than cores, as a rule: what a stranger sends can keep one of them busy for seconds without a pause (a chunk size
/// of nothing but zeros is read in one step), and then the system still gives the others their turn.
const THREADS: usize = 8;

/// Threads for what goes out, apart from those that serve. Dropping it leaves behind what has not ended.
#[derive(Debug)]
pub struct Crew(Option<Runtime>);

impl Crew {
    /// Starts the threads.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn start() -> io::Result<Self> {
        let threads = std::thread::available_parallelism().map_or(THREADS, |cores| cores.get().max(THREADS));
        let runtime =
            Builder::new_multi_thread().worker_threads(threads).enable_all().thread_name("visits").build()?;
        Ok(Self(Some(runtime)))
    }

    /// Starts a task on them that `stop` waits for; what it starts in turn is theirs too.
    pub fn spawn<F>(&self, stop: &Stop, task: F) -> Option<JoinHandle<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.0.as_ref().map(|runtime| stop.spawn_on(runtime.handle(), task))
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // it may be dropped by a task, which must not wait
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_never_pauses_there_keeps_nobody_waiting_here() {
        let (crew, stop) = (Crew::start().unwrap(), Stop::new());
        for _ in 0..THREADS - 1 {
            crew.spawn(&stop, async { std::thread::sleep(std::time::Duration::from_millis(300)) });
        }
        let began = std::time::Instant::now();
        let name = crew.spawn(&stop, async { std::thread::current().name().map(str::to_owned) });
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        assert!(began.elapsed() < std::time::Duration::from_millis(250), "{:?}", began.elapsed());
        assert_eq!(name.unwrap().await.unwrap().as_deref(), Some("visits"));
        assert!(stop.finished(std::time::Duration::from_secs(5)).await);
    }
}
