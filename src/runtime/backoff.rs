//! Capped doubling with jitter.

use std::time::Duration;

/// How long to rest after failures in a row: doubled each time, up to a cap, with jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    cap: Duration,
}

/// Why a [`Backoff`] cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the first rest must be more than nothing and at most the cap")]
pub struct BackoffError;

impl Backoff {
    /// A rest of `first` after one failure, never more than `cap`.
    ///
    /// # Errors
    /// When `first` is zero or over `cap`.
    pub fn new(first: Duration, cap: Duration) -> Result<Self, BackoffError> {
        if first.is_zero() || first > cap { Err(BackoffError) } else { Ok(Self { first, cap }) }
    }

    /// The rest after `failures` in a row (0 is no rest). `dice` is any random number: the answer lies
    /// between three quarters of the doubled time and the whole of it.
    #[must_use]
    pub fn rest(&self, failures: u32, dice: u64) -> Duration {
        let Some(doublings) = failures.checked_sub(1) else { return Duration::ZERO };
        let full = self.first.saturating_mul(1_u32 << doublings.min(30)).min(self.cap);
        // 1024 steps over the last quarter: fine enough that a thousand portals do not come together
        full - full / 4096 * u32::try_from(dice % 1024).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_up_to_the_cap_and_vary_by_a_quarter() {
        let backoff = Backoff::new(Duration::from_secs(60), Duration::from_secs(86_400)).unwrap();
        assert_eq!(backoff.rest(0, 9), Duration::ZERO);
        assert_eq!(backoff.rest(1, 0), Duration::from_secs(60));
        assert_eq!(backoff.rest(4, 0), Duration::from_secs(480));
        assert_eq!(backoff.rest(u32::MAX, 0), Duration::from_secs(86_400));
        for dice in 0..2048 {
            let rest = backoff.rest(40, dice);
            assert!(rest > Duration::from_secs(64_800) && rest <= Duration::from_secs(86_400), "{rest:?}");
        }
    }

    #[test]
    fn bad_bounds_are_refused() {
        assert!(Backoff::new(Duration::ZERO, Duration::from_secs(1)).is_err());
        assert!(Backoff::new(Duration::from_secs(2), Duration::from_secs(1)).is_err());
    }
}
