//! The promises tidings makes, tried from outside: a module a promise.

mod cli;
mod cli_pages;
mod journey;
mod sample;
mod units;

mod common;
mod daemon;
mod portal;
