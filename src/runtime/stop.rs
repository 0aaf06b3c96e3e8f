//! One order to stop, one tracker of all tasks, one deadline.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The order to stop, and everything that must have ended after it. Clones share both.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    token: CancellationToken,
    tracker: TaskTracker,
}

impl Stop {
    /// A running state: nobody asked to stop yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everything to stop. Twice is once.
    pub fn request(&self) {
        self.token.cancel();
    }

    /// Whether stopping was asked for.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Returns once stopping is asked for.
    pub async fn requested(&self) {
        self.token.cancelled().await;
    }

    /// An order that follows this one but can be given earlier; its tasks are its own.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { token: self.token.child_token(), tracker: TaskTracker::new() }
    }

    /// Starts a task that [`Stop::finished`] waits for.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tracker.spawn(task)
    }

    /// The same on the threads of another runtime.
    pub(super) fn spawn_on<F>(&self, threads: &Handle, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tracker.spawn_on(task, threads)
    }

    /// Waits until all tasks have ended, at most `limit`. Says whether they all did.
    pub async fn finished(&self, limit: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn stopping_waits_for_the_tasks_up_to_the_limit() {
        let stop = Stop::new();
        let inner = stop.clone();
        stop.spawn(async move { inner.requested().await });
        assert!(!stop.finished(Duration::from_secs(1)).await);
        stop.request();
        stop.request();
        assert!(stop.is_requested() && stop.finished(Duration::from_secs(1)).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_child_follows_its_parent_and_not_the_reverse() {
        let parent = Stop::new();
        let child = parent.child();
        child.request();
        assert!(!parent.is_requested());
        let second = parent.child();
        parent.request();
        assert!(second.is_requested());
    }
}
