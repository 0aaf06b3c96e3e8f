//! How a portal is reached, as written.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::written::Written;

/// Requests to one portal, where they differ from the common ones.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalFetch {
    /// Between two requests to its host, at most 30 s; unset, `fetch.min_gap` holds.
    #[schemars(example = "5s", regex(pattern = "^(0|[0-9]+(ms|s|m|h|d))$"))]
    pub(super) min_gap: Option<Written<String>>,
    /// Request headers, sent to the hosts named in `url` only.
    #[schemars(example = BTreeMap::from([("Accept-Language", "zh-CN")]))]
    pub(super) headers: Option<BTreeMap<Written<String>, Written<String>>>,
    /// A file of cookies, as cookies.txt or as `name=value; …`; read anew when it changes.
    #[schemars(example = "/etc/tidings/town.cookies")]
    pub(super) cookie_file: Option<Written<String>>,
    /// What its requests go through: `http://HOST:PORT`, `socks5://HOST:PORT` or `socks5h://HOST:PORT`.
    #[schemars(example = "socks5://127.0.0.1:1080")]
    pub(super) proxy: Option<Written<String>>,
    /// A file that holds `user:password` for the proxy.
    #[schemars(example = "/run/credentials/tidings.service/proxy")]
    pub(super) proxy_login_file: Option<Written<String>>,
    /// Who makes a page of what the server sends: `http`, nobody; `browser`, the Chromium of `fetch.browser`.
    #[schemars(extend("enum" = ["http", "browser"], "default" = "http"))]
    pub(super) render: Option<Written<String>>,
    /// True: certificates of its hosts are not checked, and whoever stands between can read and change all.
    #[schemars(extend("default" = false))]
    pub(super) insecure_tls: Option<Written<bool>>,
}

/// A log-in.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    /// `basic`: user and password with each request to its own hosts; `form`: a form on a page, and a session.
    #[schemars(extend("enum" = ["basic", "form"]))]
    pub(super) kind: Written<String>,
    /// The page that holds the form.
    #[schemars(example = "https://news.example-city.cn/login")]
    pub(super) url: Option<Written<String>>,
    /// Who logs in.
    #[schemars(example = &"reader")]
    pub(super) user: Written<String>,
    /// A file that holds the password, on one line.
    #[schemars(example = "/run/credentials/tidings.service/town")]
    pub(super) password_file: Written<String>,
    /// Further fields of the form, over those it has itself; the values `$user` and `$password` stand for the two, where
    /// the form does not show which of its fields are theirs.
    pub(super) fields: Option<BTreeMap<String, Written<String>>>,
}
