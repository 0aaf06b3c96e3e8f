//! Where the store is and how long it keeps.

use std::time::Duration;

/// Where the store is and how long it keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `sqlite:PATH`; relative to the working directory, or `$STATE_DIRECTORY` under systemd.
    pub url: String,
    /// How long articles are kept; None for ever.
    pub retain: Option<Duration>,
    /// Who mints ids: the host of `server.base_url`, else `localhost` (RFC 4151 authority).
    pub authority: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            url: "sqlite:data/tidings.db".to_owned(),
            retain: Some(Duration::from_secs(180 * 24 * 60 * 60)),
            authority: "localhost".to_owned(),
        }
    }
}
