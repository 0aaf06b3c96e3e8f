//! Where and how feeds are served.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

use crate::model::PageUrl;

/// An address to listen on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// TCP.
    Tcp(SocketAddr),
    /// A Unix socket, `unix:/run/tidings/http.sock`.
    Unix(PathBuf),
}

/// Where and how feeds are served.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where to listen; a socket handed over by systemd wins.
    pub listen: Listen,
    /// The base of all absolute links; None takes the listening address.
    pub base_url: Option<PageUrl>,
    /// Bearer token of `/api`; None makes the whole of it 404.
    pub admin_token: Option<String>,
    /// Proxies whose X-Forwarded-For names the client.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 7878))),
            base_url: None,
            admin_token: None,
            trusted_proxies: Vec::new(),
        }
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("base_url", &self.base_url)
            .field("admin_token", &self.admin_token.as_ref().map(|_| "***"))
            .field("trusted_proxies", &self.trusted_proxies)
            .finish()
    }
}
