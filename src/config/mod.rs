//! feeds.toml: read, checked whole, and turned into each room's settings.

mod lower;

mod access;
mod mix;
mod names;
mod place;
mod portal;

mod defaults;
mod shape;

mod findings;
mod json;

mod file;
mod reach;
mod value;
mod written;

mod env;
mod fault;
mod nearest;

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::Value as Json;
use toml::de::DeTable;

pub use env::Environment;
pub use fault::{Fault, Faults};

use crate::model::{Mix, Portal};
use crate::{fetch, serve, store};

use file::File;
use findings::Findings;

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
    /// Feeds beside the portals' own, in the file's order.
    pub mixes: Vec<Mix>,
    /// What is no fault and yet better known.
    pub warnings: Vec<String>,
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
            .field("mixes", &self.mixes)
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
pub fn parse(text: &str, path: &str, environment: &Environment) -> Result<Config, Faults> {
    let (mut root, errors) = DeTable::parse_recoverable(text);
    let mut findings = Findings::of_syntax(text, &errors);
    shape::check(root.get_mut(), &schema(), "", &mut findings);
    defaults::spread(root.get_mut());
    let file = File::deserialize(toml::Deserializer::from(root)).unwrap_or_else(|error| {
        // What the schema lets pass the structures take; should they ever differ, it is told, not hidden.
        let span = error.span().unwrap_or(0..0);
        findings.add(Fault::at(span, "", error.message(), "write it as docs/CONFIGURATION.md shows"));
        File::default()
    });
    let server = lower::server(&file.server, environment, &mut findings);
    let store = lower::store(&file.store, environment, &server, &mut findings);
    let fetch = lower::fetch(&file.fetch, environment, &server, &mut findings);
    let (portals, mixes) = lower::portals(&file, text.len(), environment, &mut findings);
    if findings.is_empty() {
        Ok(Config { server, store, fetch, portals, mixes, warnings: findings.into_warnings() })
    } else {
        Err(Faults::new(path, &findings.without_secrets(text), findings.into_list()))
    }
}

/// The JSON Schema (draft 2020-12) of feeds.toml, with descriptions and defaults.
#[must_use]
pub fn schema() -> Json {
    let generator = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator();
    let mut schema = generator.into_root_schema_for::<File>().to_value();
    plain(&mut schema);
    schema
}

/// Makes the schema plain: no null (TOML has none: a key that is not needed is left out), no alternatives
/// where there is one, descriptions on one line.
fn plain(schema: &mut Json) {
    match schema {
        Json::Object(object) => {
            if let Some(Json::Array(types)) = object.get_mut("type") {
                types.retain(|one| one.as_str() != Some("null"));
                if let [only] = types.as_mut_slice() {
                    let only = only.take();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Json::Array(either)) = object.get_mut("anyOf") {
                either.retain(|one| one.get("type").and_then(Json::as_str) != Some("null"));
                if let [Json::Object(only)] = either.as_mut_slice() {
                    let only = std::mem::take(only);
                    object.remove("anyOf");
                    for (key, value) in only {
                        object.entry(key).or_insert(value);
                    }
                }
            }
            if let Some(Json::String(text)) = object.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            object.values_mut().for_each(plain);
        }
        Json::Array(list) => list.iter_mut().for_each(plain),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
