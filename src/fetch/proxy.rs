//! An operator's proxy: its address with its log-in, and what it said when it let nothing through.

use std::error::Error as StdError;
use std::io;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::{Proxy, ProxyKind};

/// The address of a proxy with what its log-in file says. It is for the client alone and never told.
///
/// # Errors
/// When the file cannot be read, or does not hold `user:password`.
pub(super) fn address(proxy: &Proxy) -> Result<String, String> {
    let (kind, host, port) = (proxy.kind.as_str(), &proxy.host, proxy.port);
    let Some(file) = &proxy.login_file else { return Ok(format!("{kind}://{host}:{port}")) };
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let (user, password) = text
        .trim_end_matches(['\r', '\n'])
        .split_once(':')
        .filter(|(user, password)| !user.is_empty() && !password.is_empty() && !password.contains('\n'))
        .ok_or_else(|| {
            format!("{shown} holds no log-in for the proxy: write user:password into it, on one line")
        })?;
    let coded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    Ok(format!("{kind}://{}:{}@{host}:{port}", coded(user), coded(password)))
}

/// Whether the proxy is given names and looks them up itself.
pub(super) fn looks_up(proxy: &Proxy) -> bool {
    matches!(proxy.kind, ProxyKind::Http | ProxyKind::Socks5h)
}

/// Why nothing came through a proxy, as far as it or the way to it says; else what is known anyway.
pub(super) fn said(proxy: &Proxy, error: &(dyn StdError + 'static), known: &str) -> String {
    let mut cause = Some(error);
    while let Some(one) = cause {
        let text = one.to_string();
        if SAYS_LOG_IN.iter().any(|words| text.contains(words)) {
            return match &proxy.login_file {
                Some(file) => {
                    format!("the proxy {proxy} does not take the log-in that {} holds", file.display())
                }
                None => {
                    format!("the proxy {proxy} asks for a log-in: name its file in fetch.proxy_login_file")
                }
            };
        }
        if one.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
            return format!("the proxy {proxy} refuses connections");
        }
        if text.contains("tunnel error: unsuccessful") {
            return format!("the proxy {proxy} refuses to connect there");
        }
        cause = one.source();
    }
    format!("nothing came through the proxy {proxy}: {known}")
}

// the client's own words; `it::kinds::access` notices if they are worded anew
const SAYS_LOG_IN: [&str; 3] = [
    "proxy authorization required",
    "server does not support user/pass authentication",
    "credentials not accepted",
];
