//! Who sits where, and who must leave for a newcomer.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::activity::Activity;

/// Members by number, and in the order in which they would leave.
#[derive(Debug, Default)]
pub(super) struct House {
    members: HashMap<u64, Member>,
    addresses: HashMap<IpAddr, HashSet<u64>>,
    /// Since when each was free when it was looked at last: it is no longer than that now.
    order: BTreeSet<(u64, u64)>,
    next: u64,
}

#[derive(Debug)]
struct Member {
    address: Option<IpAddr>,
    activity: Arc<Activity>,
    leave: CancellationToken,
    /// Its key in the order.
    free_ms: u64,
}

impl House {
    pub(super) fn count(&self) -> usize {
        self.members.len()
    }

    pub(super) fn count_of(&self, address: IpAddr) -> usize {
        self.addresses.get(&address).map_or(0, HashSet::len)
    }

    /// A new member, told by its number and by what tells it to leave.
    pub(super) fn join(
        &mut self,
        address: Option<IpAddr>,
        activity: Arc<Activity>,
        now_ms: u64,
    ) -> (u64, CancellationToken) {
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        let leave = CancellationToken::new();
        self.order.insert((now_ms, id));
        if let Some(address) = address {
            self.addresses.entry(address).or_default().insert(id);
        }
        self.members.insert(id, Member { address, activity, leave: leave.clone(), free_ms: now_ms });
        (id, leave)
    }

    /// A member went. One that was sent away is gone already.
    pub(super) fn leaves(&mut self, id: u64) {
        let Some(member) = self.members.remove(&id) else { return };
        self.order.remove(&(member.free_ms, id));
        if let Some(address) = member.address
            && let Some(ids) = self.addresses.get_mut(&address)
        {
            ids.remove(&id);
            if ids.is_empty() {
                self.addresses.remove(&address);
            }
        }
    }

    /// Sends the one away who is free longest, if that is since `before_ms` or earlier. Says whether a seat is free
    /// now: it counts at once.
    pub(super) fn dismiss(&mut self, before_ms: u64) -> bool {
        while let Some(&(free_ms, id)) = self.order.first() {
            if free_ms > before_ms {
                return false;
            }
            let Some(member) = self.members.get_mut(&id) else {
                self.order.remove(&(free_ms, id));
                continue;
            };
            // it may have moved since; who is being answered is not free before somebody looks again
            let since_ms = member.activity.free_since_ms().unwrap_or(before_ms.saturating_add(1));
            if since_ms <= before_ms {
                self.send_away(id);
                return true;
            }
            member.free_ms = since_ms;
            self.order.remove(&(free_ms, id));
            self.order.insert((since_ms, id));
        }
        false
    }

    /// The same among those of one address.
    pub(super) fn dismiss_of(&mut self, address: IpAddr, before_ms: u64) -> bool {
        let ids = self.addresses.get(&address).into_iter().flatten();
        let free = ids.filter_map(|id| Some((self.members.get(id)?.activity.free_since_ms()?, *id)));
        let Some((_, id)) = free.filter(|(since_ms, _)| *since_ms <= before_ms).min() else { return false };
        self.send_away(id);
        true
    }

    /// Sends everybody away.
    pub(super) fn close(&self) {
        self.members.values().for_each(|member| member.leave.cancel());
    }

    fn send_away(&mut self, id: u64) {
        if let Some(member) = self.members.get(&id) {
            member.leave.cancel();
        }
        self.leaves(id);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Duration, Instant, advance};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_order_follows_what_members_do() {
        let (began, mut house) = (Instant::now(), House::default());
        let joins = |house: &mut House, at_ms| {
            let activity = Arc::new(Activity::since(began));
            activity.is_heard();
            let (_, leave) = house.join(None, Arc::clone(&activity), at_ms);
            (activity, leave)
        };
        let first = joins(&mut house, 0);
        let second = joins(&mut house, 0);
        let third = joins(&mut house, 0);
        advance(Duration::from_millis(50)).await;
        first.0.begins();
        second.0.begins();
        second.0.ends();
        advance(Duration::from_millis(50)).await;
        assert!(house.dismiss(0) && third.1.is_cancelled(), "who moved is not the first to go");
        assert!(house.dismiss(100) && second.1.is_cancelled());
        assert!(!house.dismiss(100) && !first.1.is_cancelled(), "who is being answered stays");
        first.0.ends();
        assert!(!house.dismiss(99));
        assert!(house.dismiss(101) && first.1.is_cancelled());
        assert_eq!((house.count(), house.order.len()), (0, 0));
    }
}
