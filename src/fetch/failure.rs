//! Why an exchange failed: its class, read from the chain of causes, and a sentence for a person.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::IpAddr;

use crate::model::{Class, PageUrl};

use super::exchange::FetchError;
use super::guard::Guard;

/// How far an exchange had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Looking up, connecting, TLS handshake.
    Connecting,
    /// The request was sent, or was being sent.
    Waiting,
    /// The head of the answer is there.
    Reading,
}

/// A name without address.
#[derive(Debug)]
pub(super) struct NoAddress;

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no address")
    }
}

impl StdError for NoAddress {}

/// A name with an address that may not be dialled.
#[derive(Debug)]
pub(super) struct Blocked(pub(super) IpAddr);

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Guard::why(self.0))
    }
}

impl StdError for Blocked {}

/// Reads the chain of causes from the outside in; the first that says something decides.
pub(super) fn explain(url: &PageUrl, error: &(dyn StdError + 'static), phase: Phase) -> FetchError {
    let mut cause = Some(error);
    while let Some(one) = cause {
        if let Some((class, detail)) = cause_of(one, url, phase) {
            return FetchError::new(class, url, detail);
        }
        cause = one.source();
    }
    let host = url.host();
    let (class, detail) = match phase {
        Phase::Connecting => (Class::Network, format!("no connection to {host}")),
        Phase::Waiting | Phase::Reading => (Class::Protocol, format!("{host} does not speak proper HTTP")),
    };
    FetchError::new(class, url, detail)
}

fn cause_of(one: &(dyn StdError + 'static), url: &PageUrl, phase: Phase) -> Option<(Class, String)> {
    let host = url.host();
    if let Some(blocked) = one.downcast_ref::<Blocked>() {
        return Some((Class::BlockedAddress, blocked.to_string()));
    }
    if one.is::<NoAddress>() {
        return Some((Class::Dns, format!("{host} has no address")));
    }
    if let Some(tls) = one.downcast_ref::<rustls::Error>() {
        return Some((Class::Tls, format!("no trusted connection to {host}: {}", told(tls))));
    }
    if let Some(io) = one.downcast_ref::<io::Error>() {
        return of_io(io, url, phase);
    }
    // hyper keeps the kinds of these to itself; `fetch::tests` notices if it words them anew
    match one.to_string().as_str() {
        "message head is too large" => {
            Some((Class::TooLarge, format!("the head of {host}'s answer is too large")))
        }
        "connection closed before message completed" => {
            Some((Class::Network, format!("{host} closed the connection without an answer")))
        }
        _ => None,
    }
}

/// What is wrong with a certificate, in words for a person; another error as it is told.
fn told(tls: &rustls::Error) -> String {
    use rustls::CertificateError as Certificate;
    let rustls::Error::InvalidCertificate(why) = tls else { return tls.to_string() };
    let what = match why {
        Certificate::Expired | Certificate::ExpiredContext { .. } => "its certificate has expired",
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
            "its certificate is not valid yet"
        }
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        Certificate::UnknownIssuer => "nobody known has issued its certificate",
        // a root that serves itself, as `openssl req -x509` makes them
        Certificate::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is signed by itself"
        }
        _ => return tls.to_string(),
    };
    format!("{what}; fetch.insecure_tls = true takes it all the same")
}

fn of_io(io: &io::Error, url: &PageUrl, phase: Phase) -> Option<(Class, String)> {
    let host = url.host();
    let kind = io.kind();
    // an error may be wrapped several times
    let inner = io.get_ref().map(|inner| inner as &(dyn StdError + 'static));
    if let Some(found) = inner.and_then(|inner| cause_of(inner, url, phase)) {
        return Some(found);
    }
    let in_handshake = phase == Phase::Connecting && url.as_url().scheme() == "https";
    match (kind, phase) {
        (io::ErrorKind::ConnectionRefused, _) => {
            Some((Class::Refused, format!("{host} refuses connections")))
        }
        (io::ErrorKind::TimedOut, _) => Some((Class::Timeout, format!("{host} does not answer any more"))),
        (io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset, _) if in_handshake => {
            Some((Class::Tls, format!("{host} broke the TLS handshake off")))
        }
        (io::ErrorKind::UnexpectedEof, Phase::Reading) => {
            Some((Class::Truncated, "the answer ends before its announced length".to_owned()))
        }
        (io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput, _) => {
            Some((Class::Protocol, format!("the framing of {host}'s answer is broken")))
        }
        (io::ErrorKind::Other, _) => None,
        _ => Some((Class::Network, format!("the connection to {host} broke: {kind}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(url: &str, error: &(dyn StdError + 'static), phase: Phase) -> Class {
        explain(&PageUrl::parse(url).unwrap(), error, phase).fault.class
    }

    #[test]
    fn the_first_telling_cause_decides() {
        let wrapped = |inner| io::Error::other(io::Error::new(io::ErrorKind::InvalidData, inner));
        let expired = rustls::Error::InvalidCertificate(rustls::CertificateError::Expired);
        let (http, https) = ("http://town.example/", "https://town.example/");
        assert_eq!(class(https, &wrapped(expired), Phase::Connecting), Class::Tls);
        for (kind, url, phase, expected) in [
            (io::ErrorKind::ConnectionRefused, https, Phase::Connecting, Class::Refused),
            (io::ErrorKind::ConnectionReset, https, Phase::Connecting, Class::Tls),
            (io::ErrorKind::UnexpectedEof, https, Phase::Connecting, Class::Tls),
            (io::ErrorKind::ConnectionReset, http, Phase::Connecting, Class::Network),
            (io::ErrorKind::HostUnreachable, http, Phase::Connecting, Class::Network),
            (io::ErrorKind::ConnectionReset, http, Phase::Reading, Class::Network),
            (io::ErrorKind::TimedOut, http, Phase::Reading, Class::Timeout),
            (io::ErrorKind::UnexpectedEof, http, Phase::Reading, Class::Truncated),
            (io::ErrorKind::InvalidData, http, Phase::Reading, Class::Protocol),
            (io::ErrorKind::Other, http, Phase::Connecting, Class::Network),
            (io::ErrorKind::Other, http, Phase::Waiting, Class::Protocol),
        ] {
            assert_eq!(class(url, &io::Error::from(kind), phase), expected, "{kind:?} {url} {phase:?}");
        }
        let blocked = io::Error::other(Blocked("10.0.0.1".parse().unwrap()));
        assert_eq!(class(http, &blocked, Phase::Connecting), Class::BlockedAddress);
        assert_eq!(class(http, &NoAddress, Phase::Connecting), Class::Dns);
    }
}
