//! The one door for everything that goes out: guard, turn, send, bounded read, in that order.

mod fetcher;

#[cfg(feature = "browser")]
mod browser;
mod client;
mod clients;
#[cfg(feature = "browser")]
mod heads;
mod kept;
mod link;
mod proxy;
#[cfg(feature = "browser")]
mod relay;
#[cfg(feature = "browser")]
mod rendered;
mod room;
mod tls;

mod body;
mod failure;
mod guard;

mod exchange;
mod settings;

mod base64;
mod basic;
mod cookie;
mod cookie_file;
mod jar;
mod route;
mod session;

pub mod polite;
pub mod robots;

pub use cookie_file::{CookieFault, check_cookies};
pub use exchange::{Call, Called, FetchError, Gate, Open, Overlong, Reply, Request, Validators};
pub use fetcher::Fetcher;
pub use session::{LoggedIn, Session, password};
pub use settings::Settings;

#[cfg(test)]
mod tests;
