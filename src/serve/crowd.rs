//! Who is connected, and who must leave when there is no room: a ceiling overall and one an address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Duration, Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::client::household;

/// The most connections at once, when descriptors allow.
const CEILING: usize = 4000;

/// The fewest, when they do not.
const FLOOR: usize = 16;

/// The most of one address; of IPv6, of one /64, which is what one household has.
const PER_ADDRESS: usize = 256;

/// In a full house, who was silent for so long is sent away: a request on its way is there by then.
const STALE: Duration = Duration::from_millis(100);

/// Who takes an answer or sends a body is not idle; but who has kept us waiting for so long may be sent away
/// for another. A line that stands still for longer is a rare one, a slow client on purpose always does.
const OWING: Duration = Duration::from_millis(700);

/// A newcomer waits so long for somebody to leave, to grow stale or to owe for too long, before the idlest
/// leaves all the same: longer than [`OWING`], and short enough that the newcomer is answered in time.
const QUEUE: Duration = Duration::from_secs(1);

/// How often it looks again: nobody tells it that somebody grew stale.
const LOOK: Duration = Duration::from_millis(30);

/// Of the places, one in so many newcomers may wait at once; more are refused.
const WAITING_SHARE: usize = 8;

/// Who is connected. Clones share the crowd.
#[derive(Debug, Clone)]
pub(super) struct Crowd(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    members: Mutex<HashMap<u64, Member>>,
    next: AtomicU64,
    /// Told when a seat is given back.
    freed: Notify,
    began: Instant,
    ceiling: usize,
    per_address: usize,
    /// Room for newcomers that wait.
    waiting: Semaphore,
}

#[derive(Debug)]
struct Member {
    address: Option<IpAddr>,
    activity: Arc<Activity>,
    leave: CancellationToken,
}

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
    /// When it last began or ended an answer.
    last_ms: AtomicU64,
}

/// The client owes nothing.
const NOTHING: u64 = u64::MAX;

/// A place in the crowd; given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    crowd: Crowd,
    id: u64,
    pub(super) activity: Arc<Activity>,
    /// Told when the connection must close at once.
    pub(super) leave: CancellationToken,
}

impl Crowd {
    /// With the ceilings that the process's descriptor limit allows.
    pub(super) fn new() -> Self {
        let descriptors = std::fs::read_to_string("/proc/self/limits").ok().as_deref().and_then(open_files);
        // the other half is for the store, the visits and the logs
        let ceiling = descriptors.map_or(CEILING, |limit| (limit / 2).clamp(FLOOR, CEILING));
        Self::with(ceiling, PER_ADDRESS)
    }

    fn with(ceiling: usize, per_address: usize) -> Self {
        let began = Instant::now();
        let waiting = Semaphore::new((ceiling / WAITING_SHARE).max(1));
        Self(Arc::new(Inner {
            waiting,
            members: Mutex::default(),
            next: AtomicU64::new(0),
            freed: Notify::new(),
            began,
            ceiling,
            per_address,
        }))
    }

    /// A seat for a new connection, if there is one or somebody may leave for it at once.
    ///
    /// When its address has too many, the one idle longest of them leaves; in a full house, the one of all, if
    /// it was silent for a while. Without an address only the whole counts.
    pub(super) fn seat_now(&self, address: Option<IpAddr>) -> Option<Seat> {
        self.seat(address.map(household), STALE)
    }

    /// The same, but waits a little for one to leave or to owe for too long. None when all the others are
    /// being answered, or when too many wait already.
    pub(super) async fn seat_soon(&self, address: Option<IpAddr>) -> Option<Seat> {
        let _waits = self.0.waiting.try_acquire().ok()?;
        let address = address.map(household);
        let until = Instant::now() + QUEUE;
        loop {
            let freed = self.0.freed.notified();
            if let Some(seat) = self.seat(address, STALE) {
                return Some(seat);
            }
            // the crowd may have a seat by now, or somebody has grown stale
            if Instant::now() >= until {
                return self.seat(address, Duration::ZERO);
            }
            let _waited = timeout(LOOK, freed).await.is_ok();
        }
    }

    /// A seat, if there is one or if somebody silent for `silent` can leave.
    fn seat(&self, address: Option<IpAddr>, silent: Duration) -> Option<Seat> {
        let mut members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = millis(self.0.began);
        let before_ms = now_ms.saturating_sub(in_ms(silent));
        let beside = |member: &Member| address.is_some() && member.address == address;
        if members.len() >= self.0.ceiling {
            dismiss(&mut members, before_ms, |_| true)?;
        } else if address.is_some() && members.values().filter(|m| beside(m)).count() >= self.0.per_address {
            dismiss(&mut members, now_ms, beside)?;
        }
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let activity = Arc::new(Activity::since(self.0.began));
        let leave = CancellationToken::new();
        members.insert(id, Member { address, activity: Arc::clone(&activity), leave: leave.clone() });
        Some(Seat { crowd: self.clone(), id, activity, leave })
    }

    /// Makes room by sending the idlest away, for when descriptors have run out.
    pub(super) fn make_room(&self, count: usize) {
        let mut members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = millis(self.0.began);
        for _ in 0..count {
            if dismiss(&mut members, now_ms, |_| true).is_none() {
                return;
            }
        }
    }

    /// Sends everybody away.
    pub(super) fn close(&self) {
        let members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.values().for_each(|member| member.leave.cancel());
    }
}

impl Seat {
    /// A request came in.
    pub(super) fn begin(&self) {
        self.activity.busy.store(true, Ordering::Release);
        self.activity.moved();
    }

    /// Its answer is ready to be written.
    pub(super) fn end(&self) {
        self.activity.served.store(true, Ordering::Release);
        self.activity.busy.store(false, Ordering::Release);
        self.activity.moved();
    }

    /// Whether a request was answered here before.
    pub(super) fn has_served(&self) -> bool {
        self.activity.served.load(Ordering::Acquire)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut members = self.crowd.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.remove(&self.id);
        drop(members);
        self.crowd.0.freed.notify_waiters();
    }
}

impl Activity {
    /// Of a connection that did nothing yet; its time counts from `began`.
    pub(super) fn since(began: Instant) -> Self {
        Self {
            began,
            busy: AtomicBool::new(false),
            owing_ms: AtomicU64::new(NOTHING),
            served: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            last_ms: AtomicU64::new(millis(began)),
        }
    }

    fn moved(&self) {
        self.last_ms.store(millis(self.began), Ordering::Release);
    }

    /// From now on the client keeps us waiting, or does so no longer.
    pub(super) fn owes(&self, owes: bool) {
        let since = if owes { millis(self.began) } else { NOTHING };
        self.owing_ms.store(since, Ordering::Release);
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

    /// Since when another may have its seat; None while an answer is made.
    fn free_since_ms(&self) -> Option<u64> {
        match self.owing_ms.load(Ordering::Acquire) {
            NOTHING if self.busy.load(Ordering::Acquire) => None,
            NOTHING => Some(self.last_ms.load(Ordering::Acquire)),
            since => Some(since.saturating_add(in_ms(OWING))),
        }
    }
}

/// Milliseconds since.
fn millis(began: Instant) -> u64 {
    in_ms(began.elapsed())
}

fn in_ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Sends away, of the members chosen, the one idle longest, if that is since `before_ms` or earlier. Its
/// seat counts as free at once.
fn dismiss(
    members: &mut HashMap<u64, Member>,
    before_ms: u64,
    chosen: impl Fn(&Member) -> bool,
) -> Option<()> {
    let free = members.iter().filter(|(_, member)| chosen(member)).filter_map(|(id, member)| {
        member.activity.free_since_ms().filter(|since| *since <= before_ms).map(|since| (since, *id))
    });
    let (_, id) = free.min()?;
    members.remove(&id)?.leave.cancel();
    Some(())
}

/// The soft limit of open files in the text of `/proc/self/limits`.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_idle_longest_leaves_for_a_newcomer() {
        let crowd = Crowd::with(3, 2);
        let wait = || tokio::time::advance(std::time::Duration::from_secs(1));
        let first = crowd.seat_soon(address(1)).await.unwrap();
        wait().await;
        let second = crowd.seat_soon(address(1)).await.unwrap();
        wait().await;
        first.begin();
        first.end();
        let third = crowd.seat_soon(address(1)).await.unwrap();
        assert!(second.leave.is_cancelled() && !first.leave.is_cancelled());
        third.begin();
        wait().await;
        let other = crowd.seat_soon(address(2)).await.unwrap();
        let full = crowd.seat_soon(address(3)).await.unwrap();
        assert!(first.leave.is_cancelled() && !third.leave.is_cancelled());
        other.begin();
        full.activity.owes(true);
        let other_address = crowd.seat_now(address(4));
        assert!(other_address.is_none(), "everybody is being answered or takes an answer");
        let fourth = crowd.seat_soon(address(4)).await.unwrap();
        assert!(full.leave.is_cancelled(), "who keeps us waiting leaves for a newcomer");
        fourth.begin();
        assert!(crowd.seat_soon(address(5)).await.is_none(), "everybody is being answered");
        drop(third);
        assert!(crowd.seat_soon(address(5)).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_newcomers_wait() {
        let crowd = Crowd::with(WAITING_SHARE, 100);
        let seats: Vec<Seat> = (0..WAITING_SHARE).filter_map(|_| crowd.seat_now(None)).collect();
        seats.iter().for_each(Seat::begin);
        let (first, second) = tokio::join!(crowd.seat_soon(None), crowd.seat_soon(None));
        assert!(first.is_none() && second.is_none());
        let began = Instant::now();
        assert!(crowd.seat_now(None).is_none() && began.elapsed().is_zero());
    }

    #[test]
    fn the_descriptor_limit_is_read() {
        let limits = "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 524288               files\n";
        assert_eq!(open_files(limits), Some(1024));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
    }
}
