//! Web addresses that cannot be wrong: absolute, http or https, with a host.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Query parameters that only say where a click came from or who clicked; they never name a page.
const TRACKING: [&str; 21] = [
    "fbclid",
    "gclid",
    "yclid",
    "dclid",
    "msclkid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "spm",
    "from",
    "isappinstalled",
    "share_token",
    "jsessionid",
    "phpsessid",
    "aspsessionid",
    "sessionid",
    "nsukey",
    "wbxsid",
    "ref_src",
    "_ga",
    "vero_id",
];

/// Tracking parameters that come in families, by prefix; old ASP servers put letters behind their session's name.
const TRACKING_PREFIXES: [&str; 4] = ["utm_", "pk_", "mtm_", "aspsessionid"];

/// A session's name is at least so long; no story has such a number.
const SESSION_LENGTH: usize = 16;

/// How Java servers write a session where a client keeps no cookies.
const SESSION_IN_PATH: &str = ";jsessionid=";

/// What the file of a front page is called, without its extension.
const FRONTS: [&str; 4] = ["index", "default", "home", "main"];

/// Servers take 8 KiB at most; what is longer by far is a page's way to keep us busy, and no address.
const MOST_BYTES: usize = 16 * 1024;

/// What fragments of ours begin with.
const MARK: &str = "entry-";

/// An absolute http or https address with a host and without credentials or fragment (but for one of ours), of at
/// most 16 KiB.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PageUrl(Url);

/// Why a text is not a [`PageUrl`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute address at all.
    #[error("`{text}` is not an absolute address: {why}")]
    Syntax {
        /// The text as given.
        text: String,
        /// What the URL standard's parser said.
        why: String,
    },
    /// Over 16 KiB.
    #[error("an address of more than {MOST_BYTES} bytes")]
    TooLong,
    /// A scheme other than http and https, as `javascript:` or `ftp:`.
    #[error("`{text}` is not http or https")]
    Scheme {
        /// The text as given.
        text: String,
    },
}

impl PageUrl {
    /// Reads an absolute address. Credentials and fragment are dropped.
    ///
    /// # Errors
    /// When the text is no absolute URL (WHATWG URL Standard), is over 16 KiB, or its scheme is not http or https.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if text.len() > MOST_BYTES {
            return Err(UrlError::TooLong);
        }
        let url = Url::parse(text.trim())
            .map_err(|e| UrlError::Syntax { text: text.to_owned(), why: e.to_string() })?;
        Self::checked(url, text)
    }

    /// Resolves a reference found on a page against this address (or the page's `<base href>`).
    ///
    /// # Errors
    /// As [`PageUrl::parse`]; `javascript:` and `mailto:` references end here too.
    pub fn join(&self, reference: &str) -> Result<Self, UrlError> {
        if reference.len() > MOST_BYTES {
            return Err(UrlError::TooLong);
        }
        let url = self
            .0
            .join(reference.trim())
            .map_err(|e| UrlError::Syntax { text: reference.to_owned(), why: e.to_string() })?;
        Self::checked(url, reference)
    }

    /// The root of an HTTP server at a socket address: `http://127.0.0.1:7878/`.
    ///
    /// # Panics
    /// Never: a scheme, an address and a port are always an absolute address.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a scheme, an address and a port are always an absolute address")]
    pub fn of_socket(address: std::net::SocketAddr) -> Self {
        Self(Url::parse(&format!("http://{address}/")).expect("a socket address makes a URL"))
    }

    /// The address with a path that ends in `/` and without query, so that `join` goes below it.
    #[must_use]
    pub fn as_folder(&self) -> Self {
        let mut url = self.0.clone();
        url.set_query(None);
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Self(url)
    }

    fn checked(mut url: Url, text: &str) -> Result<Self, UrlError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError::Scheme { text: text.to_owned() });
        }
        let no_host = || UrlError::Syntax { text: text.to_owned(), why: "no host".to_owned() };
        if url.host_str().is_none_or(str::is_empty) {
            return Err(no_host());
        }
        // what stands outside ASCII grows when it is encoded
        if url.as_str().len() > MOST_BYTES {
            return Err(UrlError::TooLong);
        }
        if !url.fragment().is_some_and(is_mark) {
            url.set_fragment(None);
        }
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| no_host())?;
        Ok(Self(url))
    }

    /// This address with a fragment of ours, for what has no page of its own: an entry of a feed without a link. Only
    /// such fragments are kept.
    #[must_use]
    pub fn with_mark(&self, number: u64) -> Self {
        let mut url = self.0.clone();
        url.set_fragment(Some(&format!("{MARK}{number:016x}")));
        Self(url)
    }

    /// The fragment of ours, if it has one.
    pub(super) fn mark(&self) -> Option<&str> {
        self.0.fragment()
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed address, for callers that speak `url::Url`.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// Host name or literal without port, in lower case; IPv6 literals in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Path and query, the part that robots.txt rules match (RFC 9309 section 2.2.2).
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        &self.0[url::Position::BeforePath..url::Position::AfterQuery]
    }

    /// The host whose turn a request to this address takes.
    #[must_use]
    pub fn host_key(&self) -> HostKey {
        let port = self.0.port_or_known_default().unwrap_or(0);
        HostKey(format!("{}:{port}", self.host()))
    }

    /// Whether both addresses have scheme, host and port in common (RFC 6454 section 5).
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// Whether both addresses belong to one site: hosts equal but for a leading `www.`, `m.` or `wap.`.
    #[must_use]
    pub fn same_site(&self, other: &Self) -> bool {
        site(self.host()) == site(other.host())
    }

    /// Whether this is the front page of a host: no path, or `/index.html` and its like, and no query.
    #[must_use]
    pub fn is_front(&self) -> bool {
        let path = self.0.path().trim_start_matches('/');
        let name = path.split('.').next().unwrap_or_default();
        self.without_tracking().0.query().is_none()
            && (path.is_empty()
                || !path.contains('/') && FRONTS.iter().any(|front| name.eq_ignore_ascii_case(front)))
    }

    /// The address without tracking parameters and without a session in its path (`;jsessionid=`); all else, the
    /// order of parameters too, is kept.
    #[must_use]
    pub fn without_tracking(&self) -> Self {
        let mut url = self.0.clone();
        if let Some(plain) = without_sessions(url.path()) {
            url.set_path(&plain);
        }
        let Some(query) = self.0.query() else { return Self(url) };
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
        if kept.len() < query.split('&').count() {
            url.set_query(if kept.is_empty() { None } else { Some(kept.join("&")) }.as_deref());
        }
        Self(url)
    }
}

fn is_mark(fragment: &str) -> bool {
    let digits = fragment.strip_prefix(MARK).unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_tracking(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    // `sid` is a session's, and a story's number elsewhere
    if name == "sid" {
        return value.len() >= SESSION_LENGTH && value.bytes().all(|b| b.is_ascii_alphanumeric());
    }
    TRACKING.contains(&name.as_str()) || TRACKING_PREFIXES.iter().any(|p| name.starts_with(p))
}

/// A host without what only says for which screen it serves.
pub(super) fn site(host: &str) -> &str {
    ["www.", "wap.", "m."]
        .iter()
        .find_map(|p| host.strip_prefix(p))
        .filter(|h| h.contains('.'))
        .unwrap_or(host)
}

impl fmt::Display for PageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.as_str())
    }
}

impl TryFrom<String> for PageUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        Self::parse(&text)
    }
}

impl From<PageUrl> for String {
    fn from(url: PageUrl) -> Self {
        url.0.into()
    }
}

/// `host:port`, the unit of politeness: one connection and one turn at a time each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HostKey(String);

impl HostKey {
    /// Takes a key back from the store.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The key as text, `host:port`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path without the sessions in it; None when it has none.
fn without_sessions(path: &str) -> Option<String> {
    let lower = path.to_ascii_lowercase();
    let mut found = lower.find(SESSION_IN_PATH)?;
    let (mut out, mut at) = (String::with_capacity(path.len()), 0);
    loop {
        out.push_str(path.get(at..found)?);
        let behind = found + 1;
        let end = path.get(behind..)?.find([';', '/']).map_or(path.len(), |end| behind + end);
        at = end;
        match lower.get(at..).and_then(|rest| rest.find(SESSION_IN_PATH)) {
            Some(next) => found = at + next,
            None => break,
        }
    }
    out.push_str(path.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PageUrl {
        PageUrl::parse(text).unwrap()
    }

    #[test]
    fn only_http_addresses_with_a_host_are_pages() {
        for bad in [
            "",
            "news.html",
            "javascript:alert(1)",
            "mailto:a@b.example",
            "ftp://a.example/",
            "http://",
            "//a.example/x",
        ] {
            assert!(PageUrl::parse(bad).is_err(), "{bad} was taken");
        }
        assert_eq!(url(" HTTP://User:pw@City.Example:80/a#b ").as_str(), "http://city.example/a");
    }

    #[test]
    fn a_front_page_has_no_path_of_its_own() {
        for front in
            ["http://a.example", "http://a.example/index.php?from=x", "http://a.example/Default.aspx"]
        {
            assert!(url(front).is_front(), "{front}");
        }
        for other in ["http://a.example/?id=1", "http://a.example/news/", "http://a.example/news/index.html"]
        {
            assert!(!url(other).is_front(), "{other}");
        }
    }

    #[test]
    fn a_base_is_a_folder() {
        assert_eq!(PageUrl::of_socket("[::1]:80".parse().unwrap()).as_str(), "http://[::1]/");
        assert_eq!(
            url("https://a.example/x?y").as_folder().join("feeds/b").unwrap().as_str(),
            "https://a.example/x/feeds/b"
        );
    }

    #[test]
    fn tracking_parameters_go_and_the_others_keep_their_order() {
        assert_eq!(
            url("http://a.example/?b=2&utm_medium=x&a=1").without_tracking().as_str(),
            "http://a.example/?b=2&a=1"
        );
        for (address, kept) in [
            ("http://a.example/a;jsessionid=1;jsessionid=2/b;JSESSIONID=3", "http://a.example/a/b"),
            ("http://a.example/article.pl?sid=42", "http://a.example/article.pl?sid=42"),
            ("http://a.example/a.pl?sid=21/03/11/0911", "http://a.example/a.pl?sid=21/03/11/0911"),
            ("http://a.example/a?sid=3f2a9c41d5e60b7788aa", "http://a.example/a"),
        ] {
            assert_eq!(url(address).without_tracking().as_str(), kept);
        }
        assert_eq!(url("http://a.example/?spm=1").without_tracking().as_str(), "http://a.example/");
        assert_eq!(
            url("http://a.example/b;JSESSIONID=0A!1/c.do;x=1?d").without_tracking().as_str(),
            "http://a.example/b/c.do;x=1?d"
        );
    }
}
