//! Which way a request goes out: the key of a client.

use crate::model::Proxy;

/// Which way a request goes out. Requests with the same share one client and its connections.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Route {
    /// Through a proxy, or straight.
    pub(super) proxy: Option<Proxy>,
    /// Whether certificates go unchecked.
    pub(super) is_lax: bool,
}
