//! How a portal is reached, as written to as meant. Secrets are files: they are looked at, and never kept.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use url::Url;

use crate::fetch;
use crate::model::{Access, Login, LoginKind, PageUrl, Proxy, ProxyKind, Render};

use super::fault::Fault;
use super::file;
use super::findings::Findings;
use super::place::Place;
use super::value::{self, Meant, Trouble};
use super::written::Written;

/// A file of secrets is no larger.
const MOST_FILE: u64 = 4 << 20;
/// Others may read a file with this bit.
const OTHERS_READ: u32 = 0o004;

/// Reads how a portal with such lists is reached.
pub(super) fn read(
    written: &file::Portal,
    place: &Place<'_>,
    lists: &[PageUrl],
    findings: &mut Findings,
) -> Access {
    let fetch = &written.fetch;
    let who = lists.first().map_or("[defaults]", |list| list.host());
    let cookie_file = path(fetch.cookie_file.as_ref(), place, "fetch.cookie_file", findings, check_cookies);
    let login_file =
        path(fetch.proxy_login_file.as_ref(), place, "fetch.proxy_login_file", findings, |text| {
            check_pair(text)
        });
    let proxy = fetch.proxy.as_ref().and_then(|text| {
        if Url::parse(text.get()).is_ok_and(|url| !url.username().is_empty() || url.password().is_some()) {
            findings.hide(text.span());
        }
        findings.take(text.span(), &place.key("fetch.proxy"), proxy(text.get(), login_file.clone()))
    });
    if let (Some(file), None) = (&fetch.proxy_login_file, &fetch.proxy) {
        let trouble =
            Trouble::new("a log-in for a proxy, and no proxy", "add proxy = \"socks5://HOST:PORT\"");
        findings.trouble(file.span(), &place.key("fetch.proxy_login_file"), trouble);
    }
    let insecure_tls = fetch.insecure_tls.as_ref().is_some_and(|flag| *flag.get());
    if insecure_tls && place.table == "portal" {
        findings.warn(format!(
            "{who}: insecure_tls = true: certificates of this portal's hosts are not checked; whoever stands between can \
             read and change what it says"
        ));
    }
    let login = login(written, place, findings);
    let is_open = |list: &PageUrl| list.as_url().scheme() == "http";
    let goes_open = |login: &Login| match login.kind {
        LoginKind::Basic => lists.iter().any(is_open),
        LoginKind::Form => login.url.as_ref().is_some_and(is_open),
    };
    if login.as_ref().is_some_and(goes_open) {
        findings.warn(format!("{who}: the password goes over http, where everybody on the way can read it"));
    }
    let render = render(written, place, findings);
    if render == Render::Browser && fetch.headers.is_some() {
        findings.warn(format!("{who}: fetch.headers are not sent by the browser"));
    }
    Access { cookie_file, login, proxy, insecure_tls, render }
}

/// Reads who makes the pages. What a browser is not given is a fault, not left out in silence.
fn render(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Render {
    let fetch = &written.fetch;
    let Some(render) = fetch.render.as_ref().filter(|render| render.get() == "browser") else {
        return Render::Http;
    };
    let not_given = [
        ("cookie_file", fetch.cookie_file.is_some()),
        ("proxy", fetch.proxy.is_some()),
        ("insecure_tls", fetch.insecure_tls.as_ref().is_some_and(|flag| *flag.get())),
        ("login", written.login.is_some()),
    ];
    let trouble = if cfg!(not(feature = "browser")) {
        Some(Trouble::new(
            "this tidings was built without pages by a browser",
            "build it with `cargo build --release --features browser`, or take `render` out",
        ))
    } else {
        let other = not_given.iter().find(|(_, is_there)| *is_there);
        other.map(|(name, _)| {
            Trouble::new(format!("`{name}` does not reach the browser"), "keep one of the two")
        })
    };
    if let Some(trouble) = trouble {
        findings.trouble(render.span(), &place.key("fetch.render"), trouble);
    }
    Render::Browser
}

fn login(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Option<Login> {
    let written = written.login.as_ref()?;
    let user =
        findings.read(Some(&written.user), &place.key("login.user"), |text| value::not_blank("user", text));
    let url = findings.read(written.url.as_ref(), &place.key("login.url"), value::page);
    let password_file = path(Some(&written.password_file), place, "login.password_file", findings, |text| {
        check_password(text)
    });
    let kind = match written.kind.get().as_str() {
        "basic" => LoginKind::Basic,
        _ => LoginKind::Form,
    };
    if kind == LoginKind::Form && written.url.is_none() {
        let cure = "add url = \"https://…\", the address of the page that holds the form";
        let fault =
            Fault::at(written.kind.span(), place.key("login.kind"), "a form needs the page it is on", cure);
        findings.add(fault);
    }
    if let (LoginKind::Basic, Some((_, text))) = (kind, written.fields.iter().flatten().next()) {
        let trouble =
            Trouble::new("basic log-in has no fields", "take `fields` out, or write kind = \"form\"");
        findings.trouble(text.span(), &place.key("login.fields"), trouble);
    }
    let fields: BTreeMap<String, String> =
        written.fields.iter().flatten().map(|(name, text)| (name.clone(), text.get().clone())).collect();
    Some(Login { kind, url, user: user?, password_file: password_file?, fields })
}

/// Reads the path of a file of secrets, and looks whether the file is one.
fn path(
    written: Option<&Written<String>>,
    place: &Place<'_>,
    name: &str,
    findings: &mut Findings,
    check: impl Fn(&str) -> Meant<()>,
) -> Option<PathBuf> {
    let written = written?;
    let path = place.environment.in_credentials(Path::new(written.get()));
    let looked = look(&path).and_then(|(text, mode)| check(&text).map(|()| mode));
    let looked = looked
        .map_err(|trouble| Trouble { what: format!("{}: {}", path.display(), trouble.what), ..trouble });
    let mode = findings.take(written.span(), &place.key(name), looked)?;
    if mode & OTHERS_READ != 0 {
        let shown = path.display();
        findings.warn(format!("{shown} can be read by everybody on this machine: chmod 600 {shown}"));
    }
    Some(path)
}

/// What a file holds, and who may read it.
fn look(path: &Path) -> Meant<(String, u32)> {
    let unreadable = |error: std::io::Error| {
        Trouble::new(format!("cannot be read: {error}"), "let the user that tidings runs as read it")
    };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    if found.len() > MOST_FILE {
        return Err(Trouble::new("is too large", "name the file that holds the secret and nothing else"));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    Ok((text, found.permissions().mode()))
}

fn check_cookies(text: &str) -> Meant<()> {
    fetch::check_cookies(text).map_err(|fault| {
        Trouble::new(
            fault.to_string(),
            "write cookies.txt as a browser's tool exports it, or `name=value; name=value` on a line",
        )
    })
}

fn check_password(text: &str) -> Meant<()> {
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() || password.contains('\n') {
        return Err(Trouble::new("holds no password", "write the password into it, on one line"));
    }
    Ok(())
}

fn check_pair(text: &str) -> Meant<()> {
    let pair = text.trim_end_matches(['\r', '\n']).split_once(':');
    match pair {
        Some((user, password)) if !user.is_empty() && !password.is_empty() && !password.contains('\n') => {
            Ok(())
        }
        _ => Err(Trouble::new("holds no log-in", "write user:password into it, on one line")),
    }
}

/// Reads the address of a proxy.
fn proxy(text: &str, login_file: Option<PathBuf>) -> Meant<Proxy> {
    let cure = "write socks5://HOST:PORT (names are looked up here), socks5h://HOST:PORT or http://HOST:PORT";
    let no = |what: &str| Trouble::new(what, cure);
    let url = Url::parse(text.trim()).map_err(|_| no("this is no address of a proxy"))?;
    let kind = match url.scheme() {
        "http" => ProxyKind::Http,
        "socks5" => ProxyKind::Socks5,
        "socks5h" => ProxyKind::Socks5h,
        _ => return Err(no("this is no address of a proxy that tidings can speak to")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        let cure = "take them out, write user:password into a file, and name it: proxy_login_file = \"…\"";
        return Err(Trouble::new("the address of the proxy holds user or password", cure));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(no("the address of a proxy has host and port only"));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| no("the proxy has no host"))?;
    let usual = if kind == ProxyKind::Http { url.port_or_known_default() } else { url.port() };
    let port = usual.ok_or_else(|| no("the proxy has no port"))?;
    Ok(Proxy { kind, host: host.to_ascii_lowercase(), port, login_file })
}
