//! What every running thing needs: the clock, the order to stop, back-off, the meter.

mod backoff;
mod clock;
mod meter;
mod stop;

pub use backoff::{Backoff, BackoffError};
pub use clock::Clock;
pub use meter::Meter;
pub use stop::Stop;
