//! The rooms joined: the daemon from start to stop, and single pieces of work for the commands.

mod build;
mod error;
mod notify;
mod once;
mod reload;
mod run;

pub use build::Options;
pub use error::Error;
pub use once::{Progress, Target, backup, fetch, outlines, preview, try_out};
pub use run::run;
