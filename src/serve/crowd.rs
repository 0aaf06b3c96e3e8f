//! Who is connected, and who must leave when there is no room: a ceiling overall and one an address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Duration, Instant, timeout};
use tokio_util::sync::CancellationToken;

/// The most connections at once, when descriptors allow.
const CEILING: usize = 4000;

/// The fewest, when they do not.
const FLOOR: usize = 16;

/// The most of one address; of IPv6, of one /64, which is what one household has.
const PER_ADDRESS: usize = 256;

/// In a full house, who was silent for so long is sent away: a request on its way is there by then.
const STALE: Duration = Duration::from_millis(100);

/// A newcomer waits so long for somebody to leave or grow stale, before the idlest leaves all the same.
const QUEUE: Duration = Duration::from_millis(300);

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
}

#[derive(Debug)]
struct Member {
    address: Option<IpAddr>,
    activity: Arc<Activity>,
    leave: CancellationToken,
}

/// What a connection does. Written by it, read by whoever looks for room.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// A request is being answered.
    busy: AtomicBool,
    /// An answer waits for the client to take it.
    pub(super) writing: AtomicBool,
    /// At least one request was answered.
    served: AtomicBool,
    /// When it last began or ended an answer, in milliseconds of the crowd's own time.
    last_ms: AtomicU64,
}

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
        Self(Arc::new(Inner {
            members: Mutex::default(),
            next: AtomicU64::new(0),
            freed: Notify::new(),
            began,
            ceiling,
            per_address,
        }))
    }

    /// A seat for a new connection. When its address has too many, the one idle longest of them leaves for
    /// it. In a full house the newcomer, and all behind it, wait a little for one to leave or to be silent
    /// for a while. None when all the others are being answered. Without an address only the whole counts.
    pub(super) async fn admit(&self, address: Option<IpAddr>) -> Option<Seat> {
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
            let _waited = timeout(QUEUE / 10, freed).await.is_ok();
        }
    }

    /// A seat, if there is one or if somebody silent for `silent` can leave.
    fn seat(&self, address: Option<IpAddr>, silent: Duration) -> Option<Seat> {
        let mut members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = self.now_ms();
        let before_ms = now_ms.saturating_sub(u64::try_from(silent.as_millis()).unwrap_or(u64::MAX));
        let beside = |member: &Member| address.is_some() && member.address == address;
        if members.len() >= self.0.ceiling {
            dismiss(&mut members, before_ms, |_| true)?;
        } else if address.is_some() && members.values().filter(|m| beside(m)).count() >= self.0.per_address {
            dismiss(&mut members, u64::MAX, beside)?;
        }
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let activity = Arc::new(Activity { last_ms: AtomicU64::new(now_ms), ..Activity::default() });
        let leave = CancellationToken::new();
        members.insert(id, Member { address, activity: Arc::clone(&activity), leave: leave.clone() });
        Some(Seat { crowd: self.clone(), id, activity, leave })
    }

    /// Makes room by sending the idlest away, for when descriptors have run out.
    pub(super) fn make_room(&self, count: usize) {
        let mut members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..count {
            if dismiss(&mut members, u64::MAX, |_| true).is_none() {
                return;
            }
        }
    }

    /// Sends everybody away.
    pub(super) fn close(&self) {
        let members = self.0.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.values().for_each(|member| member.leave.cancel());
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Seat {
    /// A request came in.
    pub(super) fn begin(&self) {
        self.activity.busy.store(true, Ordering::Release);
        self.activity.last_ms.store(self.crowd.now_ms(), Ordering::Release);
    }

    /// Its answer is ready to be written.
    pub(super) fn end(&self) {
        self.activity.served.store(true, Ordering::Release);
        self.activity.busy.store(false, Ordering::Release);
        self.activity.last_ms.store(self.crowd.now_ms(), Ordering::Release);
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
    fn is_idle(&self) -> bool {
        !self.busy.load(Ordering::Acquire) && !self.writing.load(Ordering::Acquire)
    }
}

/// Sends away, of the members chosen, the one idle longest, if that is since `before_ms` or earlier. Its
/// seat counts as free at once.
fn dismiss(
    members: &mut HashMap<u64, Member>,
    before_ms: u64,
    chosen: impl Fn(&Member) -> bool,
) -> Option<()> {
    let last_ms = |member: &Member| member.activity.last_ms.load(Ordering::Acquire);
    let idle = members.iter().filter(|(_, member)| chosen(member) && member.activity.is_idle());
    let (&id, oldest) = idle.min_by_key(|(id, member)| (last_ms(member), **id))?;
    if last_ms(oldest) > before_ms {
        return None;
    }
    members.remove(&id)?.leave.cancel();
    Some(())
}

fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
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
        let first = crowd.admit(address(1)).await.unwrap();
        wait().await;
        let second = crowd.admit(address(1)).await.unwrap();
        wait().await;
        first.begin();
        first.end();
        let third = crowd.admit(address(1)).await.unwrap();
        assert!(second.leave.is_cancelled() && !first.leave.is_cancelled());
        third.begin();
        wait().await;
        let other = crowd.admit(address(2)).await.unwrap();
        let full = crowd.admit(address(3)).await.unwrap();
        assert!(first.leave.is_cancelled() && !third.leave.is_cancelled());
        other.begin();
        full.activity.writing.store(true, Ordering::Release);
        assert!(crowd.admit(address(4)).await.is_none(), "everybody is being answered");
        drop(third);
        assert!(crowd.admit(address(4)).await.is_some());
    }

    #[test]
    fn a_household_is_one_address() {
        assert_eq!(household("2001:db8::1".parse().unwrap()), household("2001:db8::2:3".parse().unwrap()));
        assert_eq!(household("::ffff:192.0.2.1".parse().unwrap()), IpAddr::from([192, 0, 2, 1]));
    }

    #[test]
    fn the_descriptor_limit_is_read() {
        let limits = "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 524288               files\n";
        assert_eq!(open_files(limits), Some(1024));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
    }
}
