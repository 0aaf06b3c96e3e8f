//! Whom the hub asks, and how often: nobody shall use it to knock at the doors of others. Pure.
//!
//! Anybody may name any address as a callback. So a host that does not confirm what is asked for in its name is soon
//! left alone, hosts that never confirmed anything share a small ration, and asking leaves room for deliveries.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::runtime::{Ration, Rations, Share};

/// Asks that a host leaves unconfirmed, one after the other, before it is left alone.
const STRIKES: u32 = 10;
/// It is left alone for so long, each time twice as long up to a day: a subscriber that is being mended is met
/// again soon, and somebody who never asked for anything hardly ever.
const REST: Duration = Duration::from_secs(60);
const MOST_REST: Duration = Duration::from_secs(24 * 60 * 60);
/// Asks at one host, willing or not: all the subscriptions it may have at once, then a few a second.
const OF_HOST: Share = Share { burst: 1000, each: Duration::from_millis(200) };
/// Asks at hosts that never confirmed anything, all of them together.
const OF_STRANGERS: Share = Share { burst: 100, each: Duration::from_secs(1) };
/// Hosts remembered; more than subscriptions allow.
const MOST_HOSTS: usize = 10_000;
/// Asks under way at once: the other calls are deliveries.
const ASKING: usize = 12;

/// What becomes of a wish now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The subscriber is asked.
    Ask,
    /// Its turn comes.
    Later,
    /// Nobody is asked, and the wish is dropped.
    Never,
}

/// How one host took what was asked.
#[derive(Debug, Default)]
struct Account {
    is_willing: bool,
    /// Asks since the last that was confirmed, those under way among them.
    strikes: u32,
    rests_until: Option<Instant>,
    /// How often it was left alone since.
    rests: u32,
}

/// The accounts of all hosts, by name and port.
#[derive(Debug)]
pub(super) struct Asking {
    accounts: HashMap<String, Account>,
    hosts: Rations<String>,
    strangers: Ration,
    under_way: usize,
}

impl Asking {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            accounts: HashMap::new(),
            hosts: Rations::new(OF_HOST, MOST_HOSTS),
            strangers: Ration::new(OF_STRANGERS, now),
            under_way: 0,
        }
    }

    /// Whether a host is asked now; when it is, [`Asking::answered`] must follow.
    pub(super) fn may_ask(&mut self, host: &str, now: Instant) -> Verdict {
        if self.under_way >= ASKING {
            return Verdict::Later;
        }
        if self.accounts.len() >= MOST_HOSTS && !self.accounts.contains_key(host) {
            self.accounts.retain(|_, account| account.is_willing || account.rests(now));
            if self.accounts.len() >= MOST_HOSTS {
                return Verdict::Never;
            }
        }
        let account = self.accounts.entry(host.to_owned()).or_default();
        if account.rests(now) {
            return Verdict::Never;
        }
        if account.rests_until.take().is_some() {
            account.strikes = 0;
        }
        if account.strikes >= STRIKES {
            let rest = REST.saturating_mul(2_u32.saturating_pow(account.rests)).min(MOST_REST);
            account.rests_until = Some(now + rest);
            account.rests = account.rests.saturating_add(1);
            tracing::info!(
                callback.host = host,
                "a host confirms no subscription asked for in its name: it is left alone for {} s",
                rest.as_secs()
            );
            return Verdict::Never;
        }
        if !(account.is_willing || self.strangers.take(now)) || !self.hosts.take(host.to_owned(), now) {
            return Verdict::Later;
        }
        account.strikes += 1;
        self.under_way += 1;
        Verdict::Ask
    }

    /// A host that might be asked was not, through no fault of its own.
    pub(super) fn spared(&mut self, host: &str) {
        self.under_way = self.under_way.saturating_sub(1);
        if let Some(account) = self.accounts.get_mut(host) {
            account.strikes = account.strikes.saturating_sub(1);
        }
    }

    /// What an ask came to.
    pub(super) fn answered(&mut self, host: &str, confirmed: bool) {
        self.under_way = self.under_way.saturating_sub(1);
        if let Some(account) = self.accounts.get_mut(host).filter(|_| confirmed) {
            *account = Account { is_willing: true, ..Account::default() };
        }
    }
}

impl Account {
    fn rests(&self, now: Instant) -> bool {
        self.rests_until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(asking: &mut Asking, host: &str, confirmed: bool, now: Instant) -> Verdict {
        let verdict = asking.may_ask(host, now);
        if verdict == Verdict::Ask {
            asking.answered(host, confirmed);
        }
        verdict
    }

    #[test]
    fn a_host_that_confirms_nothing_is_left_alone() {
        let now = Instant::now();
        let mut asking = Asking::new(now);
        let mut count = |host: &str, at: Instant| {
            (0..500).filter(|_| asks(&mut asking, host, false, at) == Verdict::Ask).count()
        };
        assert_eq!(count("victim.example", now), 10);
        assert_eq!(count("victim.example", now + REST / 2), 0);
        assert_eq!(count("victim.example", now + REST), 10);
        assert_eq!(count("victim.example", now + REST * 2), 0);
        assert_eq!(count("victim.example", now + REST * 3), 10);
        let day = Duration::from_secs(24 * 60 * 60);
        let later: usize = (1..100).map(|n| count("victim.example", now + day * n)).sum();
        assert!(later <= 99 * 10, "{later}");
    }

    #[test]
    fn a_willing_host_is_asked_for_each_of_its_subscriptions() {
        let now = Instant::now();
        let mut asking = Asking::new(now);
        let asked =
            (0..2000).filter(|_| asks(&mut asking, "good.example", true, now) == Verdict::Ask).count();
        assert_eq!(asked, 1000);
        assert_eq!(asks(&mut asking, "good.example", true, now), Verdict::Later);
        assert_eq!(asks(&mut asking, "good.example", true, now + Duration::from_secs(1)), Verdict::Ask);
    }

    #[test]
    fn names_without_end_share_one_ration() {
        let now = Instant::now();
        let mut asking = Asking::new(now);
        let mut count = |from: usize, at: Instant| {
            let hosts = (from..from + 5000).map(|n| format!("{n}.victim.example"));
            hosts.filter(|host| asks(&mut asking, host, false, at) == Verdict::Ask).count()
        };
        assert_eq!(count(0, now), 100);
        assert_eq!(count(5000, now + Duration::from_secs(7)), 7);
        assert!(asking.accounts.len() <= MOST_HOSTS);
    }

    #[test]
    fn only_so_many_are_asked_at_once() {
        let now = Instant::now();
        let mut asking = Asking::new(now);
        for number in 0..ASKING {
            assert_eq!(asking.may_ask(&format!("{number}.example"), now), Verdict::Ask);
        }
        assert_eq!(asking.may_ask("other.example", now), Verdict::Later);
        asking.answered("0.example", true);
        assert_eq!(asking.may_ask("other.example", now), Verdict::Ask);
    }
}
