//! A connection whose client must keep taking what it asked for: who does not is let go.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::activity::Activity;

/// How long answers may wait for their client, beside the time their bytes take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The slowest line that is served, in bytes a second: a bad mobile connection.
const SLOWEST: u64 = 8 * 1024;

/// A client that was refused in the midst of sending is listened to for so long before its connection ends:
/// were it ended at once, the system would take the refusal back (RFC 9112 section 9.6).
const LINGER: Duration = Duration::from_millis(1500);

/// Taken off at once of what nobody reads.
const SCRATCH: usize = 8 * 1024;

/// A stream whose writes must make progress.
#[derive(Debug)]
pub(super) struct Wire<S> {
    stream: S,
    activity: Arc<Activity>,
    /// Since when the client owes us reading; None while it keeps up.
    owed: Option<Owed>,
    /// Waiting that earlier answers cost, beyond what their bytes were worth: many slow answers are one.
    debt: Duration,
    end: End,
}

#[derive(Debug)]
struct Owed {
    since: Instant,
    taken: u64,
    timer: Pin<Box<Sleep>>,
}

/// How far the end of a connection has come.
#[derive(Debug)]
enum End {
    Open,
    /// Our side is ended; what still comes is thrown away until then.
    Lingers(Pin<Box<Sleep>>),
}

/// How long so many bytes may take.
fn worth(bytes: u64) -> Duration {
    Duration::from_micros(bytes.saturating_mul(1_000_000) / SLOWEST)
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity, owed: None, debt: Duration::ZERO, end: End::Open }
    }

    /// What became of a write, with the client's account kept.
    fn account(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Ready(Ok(count)) => {
                let bytes = u64::try_from(count).unwrap_or(u64::MAX);
                match &mut self.owed {
                    Some(owed) => owed.taken = owed.taken.saturating_add(bytes),
                    None => self.debt = self.debt.saturating_sub(worth(bytes)),
                }
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let debt = self.debt;
                let activity = &self.activity;
                let owed = self.owed.get_or_insert_with(|| {
                    activity.owes(true);
                    let now = Instant::now();
                    let since = now.checked_sub(debt).unwrap_or(now);
                    Owed { since, taken: 0, timer: Box::pin(sleep_until(since + PATIENCE)) }
                });
                let until = owed.since + PATIENCE + worth(owed.taken);
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

impl<S: AsyncRead + Unpin> Wire<S> {
    /// Throws away what still comes, until the client ends too or has been listened to long enough.
    fn linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let End::Lingers(timer) = &mut self.end else { return Poll::Ready(()) };
        let mut scratch = [0; SCRATCH];
        loop {
            let mut into = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.stream).poll_read(cx, &mut into) {
                Poll::Ready(Ok(())) if !into.filled().is_empty() => self.activity.leaves_unread(),
                Poll::Ready(_) => return Poll::Ready(()),
                // nothing of the client's is on its way
                Poll::Pending if !self.activity.has_unread() => return Poll::Ready(()),
                Poll::Pending => return timer.as_mut().poll(cx),
            }
            if timer.is_elapsed() || timer.deadline() <= Instant::now() {
                return Poll::Ready(());
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

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
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
        if let Some(owed) = self.owed.take() {
            self.debt = owed.since.elapsed().saturating_sub(worth(owed.taken)).min(PATIENCE);
            self.activity.owes(false);
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if matches!(self.end, End::Open) {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.activity.owes(true);
            self.end = End::Lingers(Box::pin(sleep(LINGER)));
        }
        self.linger(cx).map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    fn activity() -> Arc<Activity> {
        Arc::new(Activity::since(Instant::now()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_let_go_after_ten_seconds() {
        let (ours, _theirs) = duplex(64);
        let mut wire = Wire::new(ours, activity());
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
                let mut wire = Wire::new(ours, activity());
                wire.write_all(&vec![0; 400_000]).await.is_ok()
            };
            let ((), done) = tokio::join!(reader, writer);
            assert_eq!(done, served, "{bytes} bytes every {every_ms} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_slow_answers_are_one() {
        let (ours, mut theirs) = duplex(64);
        let reader = async move {
            let mut buffer = [0; 64];
            while theirs.read(&mut buffer).await.is_ok_and(|count| count > 0) {
                tokio::time::sleep(Duration::from_secs(3)).await;
            }
        };
        let writer = async move {
            let mut wire = Wire::new(ours, activity());
            let began = Instant::now();
            // each answer alone would be in time
            while wire.write_all(&[0; 128]).await.is_ok() && wire.flush().await.is_ok() {
                assert!(began.elapsed() < Duration::from_secs(15));
            }
            began.elapsed().as_secs()
        };
        let ((), ended) = tokio::join!(reader, writer);
        assert!((9..15).contains(&ended), "{ended}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_refused_while_sending_is_listened_to_and_others_are_not_waited_for() {
        for (sends, unread, waits_ms) in
            [(false, false, 0..1), (true, false, 1500..1600), (false, true, 1500..1600)]
        {
            let (ours, mut theirs) = duplex(64);
            let activity = activity();
            if unread {
                activity.leaves_unread();
            }
            if sends {
                theirs.write_all(b"more").await.unwrap();
            }
            let began = Instant::now();
            Wire::new(ours, activity).shutdown().await.unwrap();
            let took = began.elapsed().as_millis();
            assert!(waits_ms.contains(&took), "{sends} {unread}: {took}");
        }
        let (ours, mut theirs) = duplex(64);
        let waiting = activity();
        waiting.leaves_unread();
        let began = Instant::now();
        let mut wire = Wire::new(ours, waiting);
        let client = async move {
            theirs.write_all(&[0; 4000]).await.unwrap();
            drop(theirs);
        };
        let (ended, ()) = tokio::join!(wire.shutdown(), client);
        assert!(ended.is_ok() && began.elapsed().is_zero());
    }
}
