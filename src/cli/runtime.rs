//! The async runtime of the commands that wait on the world.

use std::future::Future;

use anyhow::Context;

/// Runs a future to its end on a runtime with a thread for each core.
///
/// # Errors
/// When the threads cannot be started.
pub(super) fn run<F: Future>(work: F) -> anyhow::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("tidings")
        .build()
        .context("the threads cannot be started")?;
    // boxed: the daemon's future is large, the main thread's stack need not hold it
    Ok(runtime.block_on(Box::pin(work)))
}
