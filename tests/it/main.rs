//! The promises tidings makes, tried from outside: a module a promise.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on says so by ending"
)]

mod attacks;
mod backfill;
mod beside;
mod bodies;
mod cli;
mod cli_pages;
mod clock;
mod faults;
mod feeds;
mod halves;
mod import;
mod journey;
mod kinds;
mod layouts;
mod life;
mod long;
mod nasty;
mod pages;
mod sample;
mod stand;
mod still;
mod strangers;
mod units;
mod unseen;
mod weapons;

mod common;
mod daemon;
mod followed;
mod history;
mod hostile;
mod hub;
mod portal;
mod promises;
mod properties;
mod town;
