//! Whether a loop still goes round, for whoever watches over it: by the monotonic clock, so that a jump of the
//! wall clock is no sign of anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// When a loop last went round. Clones share it.
#[derive(Debug, Clone)]
pub struct Pulse {
    began: Instant,
    /// Milliseconds after `began`.
    last_ms: Arc<AtomicU64>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self::new()
    }
}

impl Pulse {
    /// A pulse that beat just now.
    #[must_use]
    pub fn new() -> Self {
        Self { began: Instant::now(), last_ms: Arc::default() }
    }

    /// The loop went round.
    pub fn beat(&self) {
        let now_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(now_ms, Ordering::Relaxed);
    }

    /// How long ago it last did.
    #[must_use]
    pub fn silent(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.last_ms.load(Ordering::Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_pulse_tells_how_long_it_is_silent() {
        let pulse = Pulse::new();
        let other = pulse.clone();
        tokio::time::advance(Duration::from_secs(7)).await;
        assert_eq!(pulse.silent().as_secs(), 7);
        other.beat();
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(pulse.silent().as_secs(), 2);
    }
}
