//! What a connection does, for those who look for a seat.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::time::{Duration, Instant};

/// Who takes an answer or sends a body is not idle; but who has kept us waiting for so long may be sent away
/// for another. A line that stands still for longer is a rare one, a slow client on purpose always does.
const OWING: Duration = Duration::from_millis(700);

/// What a connection does. Written by it, read by whoever looks for room. Times are milliseconds since `began`.
#[derive(Debug)]
pub(super) struct Activity {
    began: Instant,
    /// A request is being answered.
    busy: AtomicBool,
    /// Since when the client keeps us waiting, taking an answer or sending a body; [`NOTHING`] when it does not.
    owing_ms: AtomicU64,
    /// At least one request was answered.
    served: AtomicBool,
    /// What the client sent was not all read.
    unread: AtomicBool,
    /// When it last began or ended an answer, or was done with taking one.
    last_ms: AtomicU64,
}

/// The client owes nothing.
const NOTHING: u64 = u64::MAX;

impl Activity {
    /// Of a connection that nobody has listened to yet, and which nobody sends away before that; its time counts from
    /// `began`.
    pub(super) fn since(began: Instant) -> Self {
        Self {
            began,
            busy: AtomicBool::new(true),
            owing_ms: AtomicU64::new(NOTHING),
            served: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            last_ms: AtomicU64::new(millis(began)),
        }
    }

    /// It is listened to from now on: what it sent already is heard at once.
    pub(super) fn is_heard(&self) {
        self.busy.store(false, Ordering::Release);
        self.moved();
    }

    /// A request came in.
    pub(super) fn begins(&self) {
        self.busy.store(true, Ordering::Release);
        self.moved();
    }

    /// Its answer is ready to be written.
    pub(super) fn ends(&self) {
        self.served.store(true, Ordering::Release);
        self.busy.store(false, Ordering::Release);
        self.moved();
    }

    /// Whether a request was answered before.
    pub(super) fn has_served(&self) -> bool {
        self.served.load(Ordering::Acquire)
    }

    fn moved(&self) {
        self.last_ms.store(millis(self.began), Ordering::Release);
    }

    /// From now on the client keeps us waiting, or does so no longer.
    pub(super) fn owes(&self, owes: bool) {
        if owes {
            self.owing_ms.store(millis(self.began), Ordering::Release);
        } else {
            self.moved();
            self.owing_ms.store(NOTHING, Ordering::Release);
        }
    }

    /// A request is at work, or its answer is on its way.
    pub(super) fn is_answering(&self) -> bool {
        self.busy.load(Ordering::Acquire) || self.owing_ms.load(Ordering::Acquire) != NOTHING
    }

    /// What the client sent with its request is not read.
    pub(super) fn leaves_unread(&self) {
        self.unread.store(true, Ordering::Release);
    }

    /// See [`Activity::leaves_unread`].
    pub(super) fn has_unread(&self) -> bool {
        self.unread.load(Ordering::Acquire)
    }

    /// Since when another may have its seat; None while an answer is made. It goes back
    /// by [`OWING`] at most.
    pub(super) fn free_since_ms(&self) -> Option<u64> {
        match self.owing_ms.load(Ordering::Acquire) {
            NOTHING if self.busy.load(Ordering::Acquire) => None,
            NOTHING => Some(self.last_ms.load(Ordering::Acquire)),
            since => Some(since.saturating_add(in_ms(OWING))),
        }
    }
}

/// Milliseconds since.
pub(super) fn millis(began: Instant) -> u64 {
    in_ms(began.elapsed())
}

pub(super) fn in_ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
