//! feeds.toml: read, checked whole, and turned into each room's settings.

mod env;
mod fault;

use std::fmt;
use std::path::Path;

pub use env::Environment;
pub use fault::{Fault, Faults};

use crate::model::Portal;
use crate::{fetch, serve, store};

/// Where the configuration is looked for when nothing else is said.
pub const DEFAULT_PATH: &str = "feeds.toml";

/// The configuration as meant: every room's settings, and the portals.
#[derive(Clone, Default, PartialEq)]
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

/// Portals by their names only: their request headers may hold secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.portals.iter().map(|portal| portal.id.as_str()).collect();
        f.debug_struct("Config")
            .field("server", &self.server)
            .field("store", &self.store)
            .field("fetch", &self.fetch)
            .field("portals", &names)
            .finish()
    }
}

/// Reads and checks a configuration file.
///
/// # Errors
/// All faults of the file at once; a file that cannot be read is one of them.
pub fn load(path: &Path, environment: &Environment) -> Result<Config, Faults> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|e| Faults::unreadable(path, &e))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text, &shown, environment),
        Err(e) => Err(Faults::not_utf8(&bytes, &shown, e)),
    }
}

/// Checks the text of a configuration file; `path` is what faults call it.
///
/// # Errors
/// All faults of the text at once.
pub fn parse(_text: &str, _path: &str, _environment: &Environment) -> Result<Config, Faults> {
    todo!()
}

/// The JSON Schema (draft 2020-12) of feeds.toml, with descriptions and defaults.
#[must_use]
pub fn schema() -> serde_json::Value {
    todo!()
}
