//! tidings turns local news portals into clean RSS, Atom and JSON feeds.
//!
//! The rooms stand in reading order, from the ground up: each may use only those on lower floors
//! (`tests/architecture.rs` holds them to it, `docs/ARCHITECTURE.md` walks one article through them).

// floor 1: words everybody shares
pub mod decode;
pub mod model;
pub mod runtime;

// floor 2: one trade each
pub mod data;
pub mod date;
pub mod dedupe;
pub mod fetch;
pub mod filter;
pub mod page;
pub mod render;
pub mod sample;
pub mod store;

// floor 3: what is not to be believed
pub mod drift;
pub mod wall;

// floor 4: pages to articles, articles to feeds
pub mod compose;
pub mod discover;
pub mod extract;
pub mod normalise;

// floors 5 and 6: visits, and when to make them; who is told
pub mod collect;
pub mod hub;
pub mod schedule;

// floors 7 to 10: the public face
pub mod serve;

pub mod config;

pub mod app;

pub mod cli;
