//! How often the hub may be asked for something, by each client and by all.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::runtime::{Ration, Rations, Share};

/// Wishes of one client: all the subscriptions that one host may have at once, then a few a second.
const OF_CLIENT: Share = Share { burst: 1100, each: Duration::from_millis(200) };
/// Wishes of all clients: each is a write of the store, which has better to do.
const OF_ALL: Share = Share { burst: 3000, each: Duration::from_millis(50) };
/// Clients remembered.
const MOST_CLIENTS: usize = 10_000;

/// What is left of both.
#[derive(Debug)]
pub(super) struct Wishes(Mutex<(Rations<Option<IpAddr>>, Ration)>);

impl Wishes {
    pub(super) fn new() -> Self {
        let clients = Rations::new(OF_CLIENT, MOST_CLIENTS);
        Self(Mutex::new((clients, Ration::new(OF_ALL, Instant::now()))))
    }

    /// Whether a client (one household) may wish now. A proxy that names nobody, and a Unix socket, are one client.
    pub(super) fn may(&self, client: Option<IpAddr>) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        left.0.take(client, now) && left.1.take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_client_takes_nothing_of_another() {
        let wishes = Wishes::new();
        let of = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        let count = |whose, tries| (0..tries).filter(|_| wishes.may(whose)).count();
        assert_eq!(count(of(1), 2000), 1100);
        assert_eq!((count(of(2), 10), count(None, 10)), (10, 10));
        assert_eq!(count(of(3), 2000) + count(of(4), 2000), 3000 - 1120);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(count(of(1), 100), 5);
    }
}
