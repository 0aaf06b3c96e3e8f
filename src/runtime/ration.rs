//! So many at once, and so many a second after that: for what strangers may have us do.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

/// How much of something is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// As many at once, after a rest.
    pub burst: u32,
    /// One more comes back in this time.
    pub each: Duration,
}

/// What is left of one share.
#[derive(Debug, Clone, Copy)]
pub struct Ration {
    share: Share,
    /// When all of it will be there again; a share is empty when that is a whole burst away.
    whole_at: Instant,
}

impl Ration {
    /// A whole share.
    #[must_use]
    pub fn new(share: Share, now: Instant) -> Self {
        Self { share, whole_at: now }
    }

    /// Takes one, if there is one.
    pub fn take(&mut self, now: Instant) -> bool {
        let whole_at = self.whole_at.max(now) + self.share.each;
        let fits = whole_at.saturating_duration_since(now) <= self.share.each * self.share.burst;
        if fits {
            self.whole_at = whole_at;
        }
        fits
    }

    fn is_whole(&self, now: Instant) -> bool {
        self.whole_at <= now
    }
}

/// A share for each of many, a bounded number of them.
#[derive(Debug)]
pub struct Rations<K> {
    share: Share,
    most: usize,
    taken: HashMap<K, Ration>,
}

impl<K: Eq + Hash> Rations<K> {
    /// Nobody has taken anything. At most so many are remembered; while all of them have taken of theirs lately,
    /// nobody else gets any.
    #[must_use]
    pub fn new(share: Share, most: usize) -> Self {
        Self { share, most, taken: HashMap::new() }
    }

    /// Takes one of somebody's, if there is one.
    pub fn take(&mut self, whose: K, now: Instant) -> bool {
        if self.taken.len() >= self.most && !self.taken.contains_key(&whose) {
            self.taken.retain(|_, ration| !ration.is_whole(now));
            if self.taken.len() >= self.most {
                return false;
            }
        }
        self.taken.entry(whose).or_insert_with(|| Ration::new(self.share, now)).take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Share = Share { burst: 3, each: Duration::from_secs(10) };

    #[test]
    fn a_share_is_given_out_and_comes_back() {
        let now = Instant::now();
        let mut ration = Ration::new(SHARE, now);
        let took = |ration: &mut Ration, secs| ration.take(now + Duration::from_secs(secs));
        assert_eq!(
            [0, 0, 0, 0, 9, 10, 10].map(|s| took(&mut ration, s)),
            [true, true, true, false, false, true, false]
        );
        assert_eq!([1000, 1000, 1000, 1000].map(|s| took(&mut ration, s)), [true, true, true, false]);
    }

    #[test]
    fn only_so_many_are_remembered() {
        let now = Instant::now();
        let mut rations = Rations::new(SHARE, 2);
        assert!(rations.take("a", now) && rations.take("b", now) && !rations.take("c", now));
        assert!(rations.take("a", now) && rations.take("a", now) && !rations.take("a", now));
        let later = now + Duration::from_secs(10);
        assert!(rations.take("c", later), "b has all of its share again, and is forgotten");
        assert!(!rations.take("d", later));
    }
}
