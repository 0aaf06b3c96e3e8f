//! What the one door out may do.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

/// What the one door out may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who we say we are.
    pub user_agent: String,
    /// Private networks that may be fetched all the same.
    pub allow_networks: Vec<IpNet>,
    /// Between two requests to one host.
    pub min_gap: Duration,
    /// For one request in total: all its redirects and bytes, but not the waits for its turn. Each connection
    /// has 10 s of it.
    pub timeout: Duration,
    /// Bytes of one answer, on the wire and decoded alike.
    pub max_body: usize,
    /// Where the DevTools of the operator's Chromium listen, for pages that need one.
    pub browser: SocketAddr,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("tidings/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow_networks: Vec::new(),
            min_gap: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            max_body: 16 * 1024 * 1024,
            browser: SocketAddr::from(([127, 0, 0, 1], 9222)),
        }
    }
}
