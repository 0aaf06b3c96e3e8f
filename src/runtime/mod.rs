//! What every running thing needs: the clock, the order to stop, back-off, the meter, the pulse, rations, threads.

mod backoff;
mod bench;
mod clock;
mod crew;
mod leap;
mod meter;
mod pulse;
mod ration;
mod stop;

pub use backoff::{Backoff, BackoffError};
pub use bench::Bench;
pub use clock::Clock;
pub use crew::Crew;
pub use leap::Leap;
pub use meter::Meter;
pub use pulse::Pulse;
pub use ration::{Ration, Rations, Share};
pub use stop::Stop;
