//! Paths into JSON (RFC 9535), as the configuration writes them.

use serde_json::Value;
use serde_json_path::JsonPath;

/// A path that was parsed.
#[derive(Debug, Clone)]
pub struct Path(JsonPath);

impl Path {
    /// Parses a path; `title` alone means `$.title`.
    ///
    /// # Errors
    /// What is wrong with it, in one sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let whole = if text.starts_with('$') { text.to_owned() } else { format!("$.{text}") };
        JsonPath::parse(&whole).map(Self).map_err(|error| error.to_string())
    }

    /// All values that it leads to.
    #[must_use]
    pub fn all<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        self.0.query(value).all()
    }

    /// The first value that it leads to.
    #[must_use]
    pub fn first<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.query(value).first()
    }
}
