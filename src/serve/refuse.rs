//! Requests that are answered by a refusal and the end of their connection, before anybody looks what they ask for.

use axum::response::Response;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};

use super::reply::problem;

/// A form of a subscriber is far smaller; no other request here has a body that says anything.
pub(super) const MAX_BODY: u64 = 64 * 1024;
/// Hubs elsewhere deliver whole feeds; what is larger is read at the portal's next visit.
pub(super) const MAX_DELIVERY: u64 = 4 * 1024 * 1024;

/// Whether an address is one that hubs elsewhere deliver to.
pub(super) fn is_callback(path: &str) -> bool {
    path.starts_with("/hub/callback/")
}

/// Requests whose end or addressee is in doubt are refused, and the connection with them, so that nothing
/// behind them can be taken for another request (RFC 9112 sections 3.2 and 6.3).
pub(super) fn refusal(method: &Method, uri: &Uri, version: Version, headers: &HeaderMap) -> Option<Response> {
    let hosts = headers.get_all(HOST).iter().count();
    let host_missing = hosts == 0 && version == Version::HTTP_11;
    let host_bad = headers.get(HOST).is_some_and(|host| !is_host(host.as_bytes()));
    let refused = |status, detail| {
        let mut response = problem(headers, status, detail);
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        Some(response)
    };
    if host_missing || hosts > 1 || host_bad {
        return refused(StatusCode::BAD_REQUEST, "a request names exactly one host");
    }
    if method == Method::CONNECT {
        return refused(StatusCode::NOT_IMPLEMENTED, "this is no proxy");
    }
    if !is_target(method, uri) {
        return refused(StatusCode::BAD_REQUEST, "the target of a request is a path");
    }
    if headers.contains_key(TRANSFER_ENCODING) {
        return refused(StatusCode::LENGTH_REQUIRED, "a request here has no body of unknown length");
    }
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let length = match lengths.next() {
        None => Some(0),
        Some(line) => line.to_str().ok().filter(digits).and_then(|text| text.parse().ok()),
    };
    let most = if is_callback(uri.path()) { MAX_DELIVERY } else { MAX_BODY };
    match length {
        Some(length) if length <= most && lengths.next().is_none() => None,
        Some(0..=MAX_BODY) | None => refused(StatusCode::BAD_REQUEST, "the length of the request is unclear"),
        Some(_) => refused(StatusCode::PAYLOAD_TOO_LARGE, "a request here needs no such body"),
    }
}

/// A path, or a whole address of it (RFC 9112 section 3.2); `*` for OPTIONS only.
fn is_target(method: &Method, uri: &Uri) -> bool {
    let is_ours = match (uri.scheme_str(), uri.authority()) {
        (None, None) => true,
        (Some("http" | "https"), Some(host)) => is_host(host.as_str().as_bytes()),
        (Some(_), _) | (None, Some(_)) => false,
    };
    is_ours && (uri.path().starts_with('/') || (uri.path() == "*" && method == Method::OPTIONS))
}

/// A name has at most 253 characters (RFC 1035 section 2.3.4, without the last dot), a port six with its colon.
const MAX_HOST: usize = 253 + 6;

/// A host with or without port, by length and characters alone (RFC 9110 section 7.2); an empty one is allowed there.
fn is_host(host: &[u8]) -> bool {
    host.len() <= MAX_HOST
        && host.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+,;=".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_path_or_a_whole_address() {
        for (method, target, good) in [
            (Method::GET, "/", true),
            (Method::GET, "//a/b?c", true),
            (Method::GET, "http://a.example:80/x", true),
            (Method::GET, "https://a.example", true),
            (Method::OPTIONS, "*", true),
            (Method::GET, "*", false),
            (Method::GET, "healthz", false),
            (Method::GET, "a.example:443", false),
            (Method::GET, "http://b@a.example/", false),
            (Method::GET, "ftp://a.example/", false),
        ] {
            assert_eq!(is_target(&method, &target.parse().unwrap()), good, "{method} {target}");
        }
    }

    #[test]
    fn a_host_has_no_other_characters() {
        for good in ["a.example", "a.example:80", "[::1]:7878", "", "127.0.0.1"] {
            assert!(is_host(good.as_bytes()), "{good}");
        }
        for bad in ["a b", "a/b", "user@a", "a?b", "é", "a#b", "a\tb", &"a".repeat(MAX_HOST + 1)] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
    }
}
