//! Feeds, pages for people and the state, over HTTP.

mod server;

mod router;

mod api;
mod feeds;
mod head;
mod health;
mod hub;
mod pages;
mod subscriptions;

mod status;

mod body;
mod callbacks;
mod caught;
mod client;
mod foreign;
mod journal;
mod refuse;
mod reply;
mod state;
mod wishes;

mod makers;
mod shelf;
mod stamp;

mod cache;
mod feed_key;

mod deliveries;
mod delta;
mod documents;

mod accept;
mod coding;
mod conditional;

mod listen;
mod wire;

mod activity;
mod crowd;
mod house;
mod sample;
mod settings;

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod status_tests;
#[cfg(test)]
mod tests;

pub use listen::{Listener, bind, handed_over};
pub use sample::sample_site;
pub use server::run;
pub use settings::{Listen, Settings};
pub use state::{Parts, State};
