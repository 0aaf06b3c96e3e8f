//! The one door for everything that goes out: guard, turn, send, bounded read, in that order.

mod exchange;
pub mod polite;
pub mod robots;
mod settings;

pub use exchange::{FetchError, Gate, Open, Reply, Request, Validators};
pub use settings::Settings;

use crate::runtime::Meter;

/// Fetches pages. Cheap to clone; clones share one client.
#[derive(Debug, Clone)]
pub struct Fetcher;

impl Fetcher {
    /// Builds the client.
    ///
    /// # Errors
    /// When the TLS configuration cannot be built.
    pub fn new(_settings: Settings, _meter: Meter) -> Result<Self, FetchError> {
        todo!()
    }

    /// Gets one address, following redirects, each hop through guard and gate.
    ///
    /// # Errors
    /// For every answer but 200 and 304, and when there is none.
    pub async fn get<G: Gate>(&self, _request: Request, _gate: &mut G) -> Result<Reply, FetchError> {
        todo!()
    }
}
