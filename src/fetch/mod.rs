//! The one door for everything that goes out: guard, turn, send, bounded read, in that order.

mod fetcher;

mod client;
mod room;

mod body;
mod failure;
mod guard;

mod exchange;
mod settings;

pub mod polite;
pub mod robots;

pub use exchange::{Call, Called, FetchError, Gate, Open, Overlong, Reply, Request, Validators};
pub use fetcher::Fetcher;
pub use settings::Settings;

#[cfg(test)]
mod tests;
