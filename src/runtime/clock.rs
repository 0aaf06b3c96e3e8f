//! Wall time, handed in: the system's in the daemon, turned by hand in tests.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// Where the time comes from. Cheap to clone; clones of a hand clock show the same time.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Hand(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's wall clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands until it is turned.
    #[must_use]
    pub fn by_hand(now: DateTime<Utc>) -> Self {
        Self(Source::Hand(Arc::new(Mutex::new(now))))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
            Source::System => Utc::now(),
            Source::Hand(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Turns a hand clock on; the system's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Source::Hand(now) = &self.0 {
            *now.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::System => f.write_str("Clock(system)"),
            Source::Hand(_) => write!(f, "Clock({})", self.now()),
        }
    }
}
