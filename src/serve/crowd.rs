//! Who is connected, and who must leave when there is no room: a ceiling overall and one an address.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Duration, Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::activity::{Activity, in_ms, millis};
use super::house::House;

/// The most connections at once, when descriptors allow.
const CEILING: usize = 4000;

/// The fewest, when they do not.
const FLOOR: usize = 16;

/// The most of one address; of IPv6, of one /64, which is what one household has.
const PER_ADDRESS: usize = 256;

/// In a full house, who was silent for so long is sent away: a request on its way is there by then.
const STALE: Duration = Duration::from_millis(100);
/// While newcomers come faster than that makes room, so long: requests mostly come with the connection.
const STALE_PRESSED: Duration = Duration::from_millis(15);
/// Newcomers that find a full house so soon after one another come faster.
const PRESSED: Duration = Duration::from_millis(50);

/// A newcomer waits so long for somebody to leave, to grow stale or to owe for too long, before the idlest
/// leaves all the same: longer than a client may owe, and short enough that the newcomer is answered in time.
const QUEUE: Duration = Duration::from_secs(1);

/// How often it looks again: nobody tells it that somebody grew stale.
const LOOK: Duration = Duration::from_millis(5);

/// Newcomers whose address has too many may wait, a quarter as many as there are seats; more are refused.
const WAITING_SHARE: usize = 4;

/// Who is connected. Clones share the crowd.
#[derive(Debug, Clone)]
pub(super) struct Crowd(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    house: Mutex<House>,
    /// Told when a seat is given back.
    freed: Notify,
    began: Instant,
    ceiling: usize,
    per_address: usize,
    /// Room for newcomers that wait.
    waiting: Semaphore,
    /// When a newcomer last waited for a seat in a full house, in milliseconds since `began`.
    pressed_ms: AtomicU64,
}

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// The newcomer's own address has too many: others need not wait for that.
    Address,
    /// All seats are taken: nobody else could have one.
    House,
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
        // one address never has the whole house
        Self::with(ceiling, PER_ADDRESS.min(ceiling / 2))
    }

    fn with(ceiling: usize, per_address: usize) -> Self {
        let began = Instant::now();
        let waiting = Semaphore::new((ceiling / WAITING_SHARE).max(1));
        Self(Arc::new(Inner {
            waiting,
            pressed_ms: AtomicU64::new(0),
            house: Mutex::default(),
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
    pub(super) fn seat_now(&self, address: Option<IpAddr>) -> Result<Seat, Full> {
        self.seat(address, self.stale())
    }

    /// Who was silent for so long may be sent away in a full house.
    fn stale(&self) -> Duration {
        let since_ms = millis(self.0.began).saturating_sub(self.0.pressed_ms.load(Ordering::Relaxed));
        if since_ms < in_ms(PRESSED) { STALE_PRESSED } else { STALE }
    }

    /// The same in a full house: waits a little for somebody to leave or to owe for too long.
    pub(super) async fn seat_in_turn(&self, address: Option<IpAddr>) -> Result<Seat, Full> {
        let seat = self.wait(address, |full| full == Full::House).await;
        self.0.pressed_ms.store(millis(self.0.began), Ordering::Relaxed);
        seat
    }

    /// The same where the address has too many. None when that does not change, or too many wait already.
    pub(super) async fn seat_soon(&self, address: Option<IpAddr>) -> Option<Seat> {
        let _waits = self.0.waiting.try_acquire().ok()?;
        self.wait(address, |_| true).await.ok()
    }

    async fn wait(&self, address: Option<IpAddr>, is_waited_for: fn(Full) -> bool) -> Result<Seat, Full> {
        let until = Instant::now() + QUEUE;
        loop {
            let freed = self.0.freed.notified();
            match self.seat(address, self.stale()) {
                Err(full) if is_waited_for(full) => {}
                other => return other,
            }
            // the crowd may have a seat by now, or somebody has grown stale
            if Instant::now() >= until {
                return self.seat(address, Duration::ZERO);
            }
            let _waited = timeout(LOOK, freed).await.is_ok();
        }
    }

    /// A seat, if there is one or if somebody silent for `silent` can leave.
    fn seat(&self, address: Option<IpAddr>, silent: Duration) -> Result<Seat, Full> {
        let mut house = self.0.house.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = millis(self.0.began);
        if house.count() >= self.0.ceiling {
            if !house.dismiss(now_ms.saturating_sub(in_ms(silent))) {
                return Err(Full::House);
            }
        } else if let Some(address) = address.filter(|address| house.count_of(*address) >= self.0.per_address)
            && !house.dismiss_of(address, now_ms)
        {
            return Err(Full::Address);
        }
        let activity = Arc::new(Activity::since(self.0.began));
        let (id, leave) = house.join(address, Arc::clone(&activity), now_ms);
        Ok(Seat { crowd: self.clone(), id, activity, leave })
    }

    /// Makes room by sending the idlest away, for when descriptors have run out, and waits until one has gone, at most
    /// so long.
    pub(super) async fn make_room(&self, count: usize, limit: Duration) {
        let freed = self.0.freed.notified();
        self.send_away(count);
        let _waited = timeout(limit, freed).await.is_ok();
    }

    fn send_away(&self, count: usize) {
        let mut house = self.0.house.lock().unwrap_or_else(PoisonError::into_inner);
        // who came this very moment may be in the midst of asking
        let before_ms = millis(self.0.began).saturating_sub(in_ms(STALE_PRESSED));
        for _ in 0..count {
            if !house.dismiss(before_ms) {
                return;
            }
        }
    }

    /// Sends everybody away.
    pub(super) fn close(&self) {
        self.0.house.lock().unwrap_or_else(PoisonError::into_inner).close();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.0.house.lock().unwrap_or_else(PoisonError::into_inner).leaves(self.id);
        self.crowd.0.freed.notify_waiters();
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

    fn heard(seat: Option<Seat>) -> Seat {
        let seat = seat.unwrap();
        seat.activity.is_heard();
        seat
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_idle_longest_leaves_for_a_newcomer() {
        let crowd = Crowd::with(3, 2);
        let wait = || tokio::time::advance(std::time::Duration::from_secs(1));
        let first = heard(crowd.seat_soon(address(1)).await);
        wait().await;
        let second = heard(crowd.seat_soon(address(1)).await);
        wait().await;
        first.activity.begins();
        first.activity.ends();
        let third = heard(crowd.seat_soon(address(1)).await);
        assert!(second.leave.is_cancelled() && !first.leave.is_cancelled());
        third.activity.begins();
        wait().await;
        let other = heard(crowd.seat_soon(address(2)).await);
        let full = heard(crowd.seat_soon(address(3)).await);
        assert!(first.leave.is_cancelled() && !third.leave.is_cancelled());
        other.activity.begins();
        full.activity.owes(true);
        let other_address = crowd.seat_now(address(4));
        assert_eq!(other_address.err(), Some(Full::House), "everybody is being answered or takes an answer");
        let fourth = heard(crowd.seat_soon(address(4)).await);
        assert!(full.leave.is_cancelled(), "who keeps us waiting leaves for a newcomer");
        fourth.activity.begins();
        assert!(crowd.seat_soon(address(5)).await.is_none(), "everybody is being answered");
        drop(third);
        assert!(crowd.seat_soon(address(5)).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_newcomers_wait() {
        let crowd = Crowd::with(WAITING_SHARE, 2);
        let seats = [crowd.seat_now(address(1)).unwrap(), crowd.seat_now(address(1)).unwrap()];
        seats.iter().for_each(|seat| seat.activity.begins());
        let (began, place) = (Instant::now(), address(1));
        assert_eq!(crowd.seat_in_turn(place).await.err(), Some(Full::Address));
        assert!(began.elapsed().is_zero(), "others need not wait for that");
        let (first, second) = tokio::join!(crowd.seat_soon(place), async {
            let second = crowd.seat_soon(place).await;
            (second.is_none(), began.elapsed())
        });
        assert!(first.is_none() && began.elapsed() >= QUEUE);
        assert_eq!(second, (true, Duration::ZERO), "there is room for one to wait");
        assert!(crowd.seat_now(address(2)).is_ok());
    }

    #[test]
    fn the_descriptor_limit_is_read() {
        let limits = "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 524288               files\n";
        assert_eq!(open_files(limits), Some(1024));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
    }
}
