//! A connection whose client must keep taking what it asked for: who does not is let go.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::crowd::Activity;

/// How long an answer may wait for its client, beside the time its bytes take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The slowest line that is served, in bytes a second: a bad mobile connection.
const SLOWEST: u64 = 8 * 1024;

/// A stream whose writes must make progress.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    activity: Arc<Activity>,
    /// Since when the client owes us reading; None while it keeps up.
    owed: Option<Owed>,
}

#[derive(Debug)]
struct Owed {
    since: Instant,
    taken: u64,
    timer: Pin<Box<Sleep>>,
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity, owed: None }
    }

    /// What became of a write, with the client's account kept.
    fn account(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Ready(Ok(count)) => {
                if let Some(owed) = &mut self.owed {
                    owed.taken = owed.taken.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                }
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                self.activity.writing.store(true, Ordering::Release);
                let owed = self.owed.get_or_insert_with(|| {
                    let since = Instant::now();
                    Owed { since, taken: 0, timer: Box::pin(sleep_until(since + PATIENCE)) }
                });
                let until = owed.since + PATIENCE + Duration::from_secs(owed.taken / SLOWEST);
                if owed.timer.deadline() != until {
                    owed.timer.as_mut().reset(until);
                }
                ready!(owed.timer.as_mut().poll(cx));
                Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the client does not take its answer",
                )))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, from);
        self.account(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, from);
        self.account(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called once all of an answer is handed to the system: the client owes nothing any more.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.owed.take().is_some() {
            self.activity.writing.store(false, Ordering::Release);
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_let_go_after_ten_seconds() {
        let (ours, _theirs) = duplex(64);
        let mut wire = Wire::new(ours, Arc::default());
        let began = Instant::now();
        let error = wire.write_all(&[0; 1000]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(began.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_but_steady_client_gets_everything_and_a_dripping_one_does_not() {
        for (bytes, every_ms, served) in [(8192_usize, 500_u64, true), (10, 1000, false)] {
            let (ours, mut theirs) = duplex(4096);
            let reader = async move {
                let mut buffer = vec![0; bytes];
                while theirs.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                    tokio::time::sleep(Duration::from_millis(every_ms)).await;
                }
            };
            let writer = async move {
                let mut wire = Wire::new(ours, Arc::default());
                wire.write_all(&vec![0; 400_000]).await.is_ok()
            };
            let ((), done) = tokio::join!(reader, writer);
            assert_eq!(done, served, "{bytes} bytes every {every_ms} ms");
        }
    }
}
