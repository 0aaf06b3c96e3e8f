//! feeds.toml: read, checked whole, and turned into each room's settings.

use crate::model::Portal;
use crate::{fetch, serve, store};

/// The configuration as meant: every room's settings, and the portals.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Of the server.
    pub server: serve::Settings,
    /// Of the store.
    pub store: store::Settings,
    /// Of the one door out.
    pub fetch: fetch::Settings,
    /// What is visited, in the file's order.
    pub portals: Vec<Portal>,
}
