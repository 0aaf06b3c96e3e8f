//! The one door for everything that goes out: guard, turn, send, bounded read, in that order.

mod fetcher;

mod client;

mod body;
mod guard;

mod exchange;
mod settings;

pub mod polite;
pub mod robots;

pub use exchange::{FetchError, Gate, Open, Reply, Request, Validators};
pub use fetcher::Fetcher;
pub use settings::Settings;
