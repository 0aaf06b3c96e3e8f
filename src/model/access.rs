//! How a portal is reached: through which proxy, with whose cookies, behind which log-in.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::url::PageUrl;

/// How a portal is reached, where it differs from asking for it plainly. Secrets are named by their files, never held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Cookies that a person put into a file; read anew whenever it changes.
    pub cookie_file: Option<PathBuf>,
    /// How to log in.
    pub login: Option<Login>,
    /// What all requests for this portal go through.
    pub proxy: Option<Proxy>,
    /// Whether certificates of the portal's own hosts go unchecked.
    pub insecure_tls: bool,
    /// Who makes a page of what the server sends.
    pub render: Render,
}

impl Access {
    /// Whether the portal is asked for plainly.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Who makes a page of what the server sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Render {
    /// Nobody: the page is what the server sent.
    #[default]
    Http,
    /// A browser that the operator runs: the page is what its scripts made.
    Browser,
}

/// A log-in.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// In which way.
    pub kind: LoginKind,
    /// The page that holds the form; for basic log-in a further address of the same right.
    pub url: Option<PageUrl>,
    /// Who logs in.
    pub user: String,
    /// The file that holds the password, read at each log-in.
    pub password_file: PathBuf,
    /// Further fields of the form (name, value), over those it has itself.
    pub fields: BTreeMap<String, String>,
}

/// In which way one logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginKind {
    /// User and password with every request (RFC 7617).
    Basic,
    /// A form on a page, and a session kept in cookies.
    Form,
}

/// Values of fields may be what nobody shall read.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.fields.keys().collect();
        f.debug_struct("Login")
            .field("kind", &self.kind)
            .field("url", &self.url)
            .field("password_file", &self.password_file)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}

/// A proxy of the operator's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proxy {
    /// What it speaks.
    pub kind: ProxyKind,
    /// Its host name or literal, IPv6 in brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The file that holds `user:password` for it.
    pub login_file: Option<PathBuf>,
}

/// What a proxy speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProxyKind {
    /// HTTP: whole addresses for http, CONNECT for https.
    Http,
    /// SOCKS5 (RFC 1928): names are looked up here and addresses handed over.
    Socks5,
    /// SOCKS5 that gets names and looks them up itself.
    Socks5h,
}

impl ProxyKind {
    /// The scheme in feeds.toml.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.kind.as_str(), self.host, self.port)
    }
}
