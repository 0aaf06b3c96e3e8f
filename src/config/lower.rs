//! The file as written to each room's settings and the portals: made here and nowhere else.

use std::path::Path;
use std::time::Duration;

use crate::model::{Mix, Portal};
use crate::serve::Listen;
use crate::{fetch, serve, store};

use super::env::Environment;
use super::fault::Fault;
use super::file;
use super::findings::Findings;
use super::mix;
use super::names;
use super::names::Named;
use super::place::Place;
use super::portal;
use super::value;
use super::value::{Meant, Trouble};

/// The least and most of what has bounds.
const TIMEOUT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5 * 60));
const MAX_BODY: (u64, u64) = (1 << 10, 16 << 20);
const LONGEST_RETAIN: Duration = Duration::from_secs(36_500 * 24 * 60 * 60);

/// The least of `retain`, so that a visit's own articles survive it.
const LEAST_RETAIN: Duration = Duration::from_secs(1);

/// No token is longer; a larger file is not a secret's.
const LONGEST_SECRET: usize = 4096;

/// The settings of `[server]`.
pub(super) fn server(
    written: &file::Server,
    environment: &Environment,
    findings: &mut Findings,
) -> serve::Settings {
    let default = serve::Settings::default();
    let listen = findings.read(written.listen.as_ref(), "server.listen", value::listen);
    let listen = match &environment.listen {
        None => listen,
        Some(text) => flag(value::listen(text), "--listen", findings),
    };
    let base_url = findings.read(written.base_url.as_ref(), "server.base_url", value::base_url);
    if written.base_url.is_none() && !listen.as_ref().is_none_or(names_an_address) {
        let what = "links in feeds need an address: one cannot listen here without `base_url`";
        let cure = "add base_url = \"https://feeds.example.net\" (what readers use) under [server]";
        let fault = match (&environment.listen, &written.listen) {
            (None, Some(written)) => Fault::at(written.span(), "server.base_url", what, cure),
            _ => Fault::of("--listen", what, cure),
        };
        findings.missing(&(0..usize::MAX), fault);
    }
    let from_file = written.admin_token_file.as_ref().map(|file| {
        let read = secret(&environment.in_credentials(Path::new(file.get())));
        findings.take(file.span(), "server.admin_token_file", read)
    });
    serve::Settings {
        listen: listen.unwrap_or(default.listen),
        base_url,
        admin_token: from_file.unwrap_or_else(|| environment.admin_token.clone()),
        trusted_proxies: findings.read_all(
            written.trusted_proxies.as_ref(),
            "server.trusted_proxies",
            value::network,
        ),
    }
}

/// Whether an address to listen on is one that links can be made of.
fn names_an_address(listen: &Listen) -> bool {
    match listen {
        Listen::Tcp(address) => !address.ip().is_unspecified(),
        Listen::Unix(_) => false,
    }
}

/// Takes what a flag means; its fault has no place in the file.
fn flag<T>(meant: Meant<T>, name: &str, findings: &mut Findings) -> Option<T> {
    meant.map_err(|t| findings.add(Fault::of(name, format!("{name}: {}", t.what), t.cure))).ok()
}

/// Reads the file of a secret; blanks around it are not part of it.
fn secret(path: &Path) -> Meant<String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Trouble::new(format!("{shown} cannot be read: {e}"), "let the user that tidings runs as read it")
    })?;
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_SECRET || !text.bytes().all(|b| b.is_ascii_graphic()) {
        let cure = "write one word of printable ASCII into it, as `openssl rand -hex 32` makes";
        return Err(Trouble::new(format!("{shown} holds no token"), cure));
    }
    Ok(text.to_owned())
}

/// The settings of `[store]`.
pub(super) fn store(
    written: &file::Store,
    environment: &Environment,
    server: &serve::Settings,
    findings: &mut Findings,
) -> store::Settings {
    let default = store::Settings::default();
    let in_file = findings.read(written.url.as_ref(), "store.url", database);
    let url = match &environment.store {
        None => in_file,
        Some(text) => flag(database(text), "--store", findings),
    };
    let url = url.or_else(|| database(&default.url).ok());
    let retain = findings.read(written.retain.as_ref(), "store.retain", |text| {
        if text == "0" {
            return Ok(None);
        }
        value::duration(text, LEAST_RETAIN..=LONGEST_RETAIN).map(Some)
    });
    store::Settings {
        url: url.map_or(default.url, |path| {
            format!("sqlite:{}", environment.in_state(Path::new(&path)).display())
        }),
        retain: retain.unwrap_or(default.retain),
        authority: authority(server).unwrap_or(default.authority),
    }
}

/// The host of `base_url`, unless it is an IPv6 literal: an authority is a DNS name (RFC 4151 section 2.1).
fn authority(server: &serve::Settings) -> Option<String> {
    let host = server.base_url.as_ref()?.host();
    (!host.starts_with('[')).then(|| host.to_owned())
}

/// Reads the address of a store to the path of its file.
fn database(text: &str) -> Meant<String> {
    let cure = "write sqlite: and the path of a file, as sqlite:data/tidings.db";
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Err(Trouble::new("a store in PostgreSQL is not supported yet", cure));
    }
    let path = text.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    match path {
        Some(path) if !path.is_empty() && !path.starts_with(':') && !path.contains('\0') => {
            Ok(path.to_owned())
        }
        _ => Err(Trouble::new(format!("`{text}` is no address of a store"), cure)),
    }
}

/// The settings of `[fetch]`.
pub(super) fn fetch(
    written: &file::Fetch,
    environment: &Environment,
    server: &serve::Settings,
    findings: &mut Findings,
) -> fetch::Settings {
    let default = fetch::Settings::default();
    let user_agent = findings.read(written.user_agent.as_ref(), "fetch.user_agent", portal::header_value);
    let mut allow_networks =
        findings.read_all(written.allow_networks.as_ref(), "fetch.allow_networks", value::network);
    allow_networks.extend(environment.allow_networks.iter().map(ipnet::IpNet::trunc));
    let min_gap = findings.read(written.min_gap.as_ref(), "fetch.min_gap", |text| {
        value::duration(text, Duration::ZERO..=portal::MOST_GAP)
    });
    let timeout = findings
        .read(written.timeout.as_ref(), "fetch.timeout", |text| value::duration(text, TIMEOUT.0..=TIMEOUT.1));
    let max_body = findings
        .read(written.max_body.as_ref(), "fetch.max_body", |text| value::size(text, MAX_BODY.0..=MAX_BODY.1));
    let browser = findings.read(written.browser.as_ref(), "fetch.browser", value::devtools);
    fetch::Settings {
        browser: browser.unwrap_or(default.browser),
        user_agent: user_agent.unwrap_or_else(|| introduced(default.user_agent, server)),
        allow_networks,
        min_gap: min_gap.unwrap_or(default.min_gap),
        timeout: timeout.unwrap_or(default.timeout),
        max_body: max_body.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(default.max_body),
    }
}

/// The name of the program, with where to ask about it: `base_url`, else the program's own home.
fn introduced(name: String, server: &serve::Settings) -> String {
    let home = [option_env!("CARGO_PKG_REPOSITORY"), option_env!("CARGO_PKG_HOMEPAGE")];
    let home = home.into_iter().flatten().find(|url| !url.is_empty());
    match server.base_url.as_ref().map(|url| url.as_str().trim_end_matches('/')).or(home) {
        Some(url) => format!("{name} (+{url})"),
        None => name,
    }
}

/// The portals, named, and the feeds beside theirs.
pub(super) fn portals(
    file: &file::File,
    text_len: usize,
    environment: &Environment,
    findings: &mut Findings,
) -> (Vec<Portal>, Vec<Mix>) {
    portal::check_defaults(&file.defaults, environment, findings);
    let mut starts: Vec<usize> = file.portal.iter().map(|portal| portal.span().start).collect();
    starts.sort_unstable();
    let all = file.portal.iter().map(|written| {
        let heading = written.span();
        let next = starts.iter().find(|start| **start > heading.start);
        let part = heading.start..next.copied().unwrap_or(text_len);
        let place = Place { table: "portal", part, heading: heading.clone(), environment };
        let portal = portal::read(written.get(), &place, findings);
        Named { written: written.get(), heading, portal }
    });
    let all = all.collect();
    let feeds = mix::names(file, findings);
    let portals = names::give(all, &feeds, findings);
    let mixes = mix::mixes(file, feeds, &portals, findings);
    (portals, mixes)
}
