//! Feeds, pages for people and the state, over HTTP.

mod accept;
mod api;
mod cache;
mod coding;
mod conditional;
mod crowd;
mod documents;
mod feed_key;
mod feeds;
mod health;
mod listen;
mod pages;
mod reply;
mod router;
mod server;
mod settings;
mod shelf;
mod state;
mod status;
mod subscriptions;
mod wire;

pub use listen::{Listener, bind, handed_over};
pub use server::run;
pub use settings::{Listen, Settings};
pub use state::{Parts, State};

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
