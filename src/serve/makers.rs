//! Feeds are made a few at a time: more at once would only wait for the processor.

use std::hash::{DefaultHasher, Hash, Hasher};

use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

/// `N` makers; each feed has one of them, so that those who want the same wait for the one who makes it.
#[derive(Debug)]
pub(super) struct Makers<const N: usize> {
    makers: [Mutex<()>; N],
    waiting: Semaphore,
}

/// A turn to make a feed; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    _maker: MutexGuard<'a, ()>,
    _place: SemaphorePermit<'a>,
}

impl<const N: usize> Makers<N> {
    /// With at most so many that wait for a turn or have one.
    pub(super) fn new(most: usize) -> Self {
        let waiting = Semaphore::new(most.min(Semaphore::MAX_PERMITS));
        Self { makers: std::array::from_fn(|_| Mutex::default()), waiting }
    }

    /// A turn for the feed of this key; None when too many wait already.
    pub(super) async fn turn(&self, key: &str) -> Option<Turn<'_>> {
        let place = self.waiting.try_acquire().ok()?;
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let among = u64::try_from(N).unwrap_or(1).max(1);
        let maker = usize::try_from(hasher.finish() % among).ok().and_then(|maker| self.makers.get(maker))?;
        Some(Turn { _maker: maker.lock().await, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use futures_util::task::noop_waker_ref;

    use super::*;

    #[tokio::test]
    async fn a_feed_has_one_maker_and_only_so_many_wait() {
        let makers = Makers::<2>::new(2);
        let first = makers.turn("a").await.unwrap();
        let mut second = pin!(makers.turn("a"));
        let mut context = Context::from_waker(noop_waker_ref());
        assert!(second.as_mut().poll(&mut context).is_pending(), "one maker a feed");
        assert!(makers.turn("a").await.is_none() && makers.turn("b").await.is_none(), "two are enough");
        drop(first);
        drop(second.await.unwrap());
        assert!(makers.turn("b").await.is_some(), "and all turns come back");
    }
}
