//! The HTTP client: one hop at a time, names looked up under the guard, errors told by class.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, HeaderName,
    HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};

use crate::model::{Class, PageUrl};

use super::body::{Body, BodyError, too_large};
use super::exchange::{FetchError, Validators};
use super::guard::Guard;
use super::settings::Settings;

/// Looking up, connecting and the TLS handshake together.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Pages first; feeds and data are welcome.
const ACCEPTED: &str = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8";
/// What `body` can decode.
const CODINGS: &str = "gzip, br, deflate";

/// The answer of one hop.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) validators: Validators,
    pub(super) body: bytes::Bytes,
    pub(super) wire_bytes: u64,
}

/// The HTTP client.
#[derive(Debug, Clone)]
pub(super) struct Client {
    client: reqwest::Client,
    timeout: Duration,
}

impl Client {
    pub(super) fn new(settings: &Settings, guard: &Guard) -> Result<Self, String> {
        let client = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .tls_backend_preconfigured(tls()?)
            // redirects are ours: each hop passes the guard
            .redirect(reqwest::redirect::Policy::none())
            // a proxy of the environment would look names up for us, past the guard
            .no_proxy()
            .dns_resolver(Arc::new(Lookup(guard.clone())))
            .connect_timeout(CONNECT_LIMIT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .referer(false)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { client, timeout: settings.timeout })
    }

    /// One GET, answer and body, within the time limit.
    pub(super) async fn send(
        &self,
        url: &PageUrl,
        validators: &Validators,
        headers: &[(String, String)],
        most: usize,
    ) -> Result<Answer, FetchError> {
        let seconds = self.timeout.as_secs_f32();
        tokio::time::timeout(self.timeout, self.exchange(url, validators, headers, most))
            .await
            .unwrap_or_else(|_| {
                Err(FetchError::new(Class::Timeout, url, format!("no whole answer within {seconds} s")))
            })
    }

    async fn exchange(
        &self,
        url: &PageUrl,
        validators: &Validators,
        headers: &[(String, String)],
        most: usize,
    ) -> Result<Answer, FetchError> {
        let request = self.client.get(url.as_url().clone()).headers(request_headers(validators, headers));
        let mut response = request.send().await.map_err(|error| failure(url, &error))?;
        let head = response.headers();
        let mut answer = Answer {
            status: response.status().as_u16(),
            location: text(head, &LOCATION),
            retry_after: text(head, &RETRY_AFTER),
            content_type: text(head, &CONTENT_TYPE),
            validators: Validators { etag: text(head, &ETAG), last_modified: text(head, &LAST_MODIFIED) },
            body: bytes::Bytes::new(),
            wire_bytes: 0,
        };
        // what an error or a redirect says in its body is read by nobody
        if answer.status != 200 && answer.status != 203 {
            return Ok(answer);
        }
        let of_body = |error: BodyError| FetchError::new(error.class, url, error.detail);
        let announced =
            text(head, &CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()).unwrap_or(0);
        if announced > most as u64 {
            return Err(of_body(too_large(most)));
        }
        let coding = text(head, &CONTENT_ENCODING).unwrap_or_default();
        let mut body = Body::new(&coding, most).map_err(of_body)?;
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(url, &error))? {
            body.take(&chunk).await.map_err(of_body)?;
        }
        (answer.body, answer.wire_bytes) = body.end().await.map_err(of_body)?;
        Ok(answer)
    }
}

fn tls() -> Result<rustls::ClientConfig, String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    // the machine's own authorities too: a machine without any is no fault
    for certificate in rustls_native_certs::load_native_certs().certs {
        if let Err(error) = roots.add(certificate) {
            tracing::debug!(error = %error, "a certificate authority of this machine is passed over");
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // a configuration handed in is taken as it is: the protocols are named here or nowhere
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn request_headers(validators: &Validators, extra: &[(String, String)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(ACCEPTED));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
    for (name, value) in [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    for (name, value) in extra {
        // names and values were checked when the configuration was read
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    headers
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Looks names up, and refuses an answer that holds an address which may not be dialled.
#[derive(Debug)]
struct Lookup(Guard);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NoAddress)?;
            let addresses: Vec<SocketAddr> = found.collect();
            if addresses.is_empty() {
                return Err(NoAddress.into());
            }
            // one bad address spoils the answer: which one is dialled is not ours to say
            if let Some(bad) = addresses.iter().find(|address| !guard.permits(address.ip())) {
                return Err(Blocked(bad.ip()).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug)]
struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl StdError for NoAddress {}

#[derive(Debug)]
struct Blocked(IpAddr);

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Guard::why(self.0))
    }
}

impl StdError for Blocked {}

/// The class of a failed exchange, read from the chain of its causes.
fn failure(url: &PageUrl, error: &reqwest::Error) -> FetchError {
    let host = url.host();
    let told = |class, detail: String| FetchError::new(class, url, detail);
    if error.is_timeout() {
        let limit = CONNECT_LIMIT.as_secs();
        return told(Class::Timeout, format!("no connection to {host} within {limit} s"));
    }
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(blocked) = one.downcast_ref::<Blocked>() {
            return told(Class::BlockedAddress, blocked.to_string());
        }
        if one.is::<NoAddress>() {
            return told(Class::Dns, format!("{host} has no address"));
        }
        if let Some(tls) = one.downcast_ref::<rustls::Error>() {
            return told(Class::Tls, format!("no trusted connection to {host}: {tls}"));
        }
        if let Some(io) = one.downcast_ref::<io::Error>() {
            if let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                return told(Class::Tls, format!("no trusted connection to {host}: {tls}"));
            }
            match io.kind() {
                io::ErrorKind::ConnectionRefused => {
                    return told(Class::Refused, format!("{host} refuses connections"));
                }
                io::ErrorKind::Other => {}
                kind => return told(Class::Network, format!("the connection to {host} broke: {kind}")),
            }
        }
        let said = one.to_string();
        if said.contains("before message length") || said.contains("EOF during chunk") {
            return told(Class::Truncated, "the answer ends before its announced length".to_owned());
        }
        if said.contains("before message completed") || said.contains("connection closed") {
            return told(Class::Network, format!("{host} closed the connection without an answer"));
        }
        cause = one.source();
    }
    if error.is_connect() {
        return told(Class::Network, format!("no connection to {host}"));
    }
    told(Class::Protocol, format!("{host} does not answer in proper HTTP"))
}
