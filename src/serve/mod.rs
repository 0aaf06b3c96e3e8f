//! Feeds, pages for people and the state, over HTTP.

mod settings;

pub use settings::{Listen, Settings};
