//! Why the daemon or a command ended without doing its work.

use std::io;

use crate::config::Faults;
use crate::model::Fault;
use crate::serve::Listen;
use crate::store::StoreError;

/// Why the daemon or a command ended without doing its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// feeds.toml is faulty, each fault with place and cure.
    #[error("{0}")]
    Config(#[from] Faults),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot be built: {0}")]
    Client(String),
    /// The listening address cannot be had.
    #[error("cannot listen on {listen}: {source}; {cure}")]
    Listen {
        /// The address asked for.
        listen: Listen,
        /// What the system said.
        source: io::Error,
        /// What to do.
        cure: &'static str,
    },
    /// A name that is no portal.
    #[error("no portal is called `{name}`; there are: {known}")]
    UnknownPortal {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A name that is no feed.
    #[error("no feed is called `{name}`; there are: {known}, and `all`")]
    UnknownFeed {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A visit that failed.
    #[error("{0}")]
    Visit(Fault),
    /// The sample portal's own listener.
    #[error("the sample portal cannot be served on loopback: {0}")]
    Sample(io::Error),
    /// The system refused something that must work: signals, threads.
    #[error("{0}")]
    System(String),
}
