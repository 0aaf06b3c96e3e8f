//! Stored articles to one feed: which, how many, in what order.

use crate::model::{Feed, FeedSpec, PageUrl, Portal};
use crate::store::{Store, StoreError};

/// What a feed says of where it is served.
#[derive(Debug, Clone)]
pub struct Place {
    /// This server's public base, ending in `/`.
    pub base: PageUrl,
    /// Who mints the `tag:` ids: a host name (RFC 4151 authority).
    pub authority: String,
}

/// Composes a feed from the store.
///
/// # Errors
/// When the store fails.
pub async fn feed(
    _spec: &FeedSpec,
    _portals: &[Portal],
    _place: &Place,
    _store: &Store,
) -> Result<Feed, StoreError> {
    todo!()
}
