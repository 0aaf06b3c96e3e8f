//! The rooms joined: the daemon from start to stop, and single pieces of work for the commands.

mod backfill;
mod build;
mod error;
mod notify;
mod once;
mod progress;
mod reload;
mod run;

pub use backfill::backfill;
pub use build::Options;
pub use error::Error;
pub use once::{Target, backup, fetch, outlines, preview, try_out};
pub use progress::{Progress, Walked};
pub use run::run;
