//! `tidings schema`: the JSON Schema of feeds.toml, for editors.

use super::exit::End;
use super::out;
use crate::config;

/// Prints the schema.
pub(super) fn run() -> anyhow::Result<End> {
    out::print(&format!("{}\n", serde_json::to_string_pretty(&config::schema())?))?;
    Ok(End::Done)
}
