//! Where and how feeds are served.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
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

impl std::fmt::Display for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Where tidings listens unless told otherwise: this machine only.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7878);

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
            listen: Listen::Tcp(DEFAULT_LISTEN),
            base_url: None,
            admin_token: None,
            trusted_proxies: Vec::new(),
        }
    }
}

impl Settings {
    /// The base of all absolute links, ending in `/`: `base_url`, else the listening address.
    #[must_use]
    pub fn public_base(&self) -> PageUrl {
        let address = match &self.listen {
            Listen::Tcp(address) => *address,
            // the configuration asks for base_url with a Unix socket; a command without one shows this
            Listen::Unix(_) => DEFAULT_LISTEN,
        };
        self.base_url.clone().unwrap_or_else(|| PageUrl::of_socket(address)).as_folder()
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
