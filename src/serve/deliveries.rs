//! Which callbacks hubs elsewhere may deliver to, and how many deliveries are read at once.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::refuse::is_callback;

/// Deliveries read at once.
const AT_ONCE: usize = 2;
/// The callbacks that somebody may deliver to.
#[derive(Debug)]
pub(super) struct Callbacks {
    known: Mutex<HashSet<String>>,
    room: Semaphore,
}

/// How the body of a request is read.
pub(super) enum Reading<'a> {
    /// As every body.
    Small,
    /// As a delivery, while there is room.
    Delivery(#[expect(dead_code, reason = "held while the body is read")] SemaphorePermit<'a>),
    /// Not at all: nobody delivers to this address.
    Nothing,
    /// Not now.
    Later,
}

impl Callbacks {
    pub(super) fn new() -> Self {
        Self { known: Mutex::default(), room: Semaphore::new(AT_ONCE) }
    }

    /// These may be delivered to.
    pub(super) fn know(&self, tokens: impl IntoIterator<Item = String>) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).extend(tokens);
    }

    fn knows(&self, token: &str) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(token)
    }

    /// How the body of a request to an address is read.
    pub(super) fn reading(&self, path: &str) -> Reading<'_> {
        if !is_callback(path) {
            return Reading::Small;
        }
        match path.rsplit_once('/') {
            Some((_, token)) if self.knows(token) => {
                self.room.try_acquire().map_or(Reading::Later, Reading::Delivery)
            }
            _ => Reading::Nothing,
        }
    }
}
