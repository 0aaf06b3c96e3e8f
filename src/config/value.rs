//! Single values: a text of the file to what it means, or what is wrong with it and the cure.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, FixedOffset};
use chrono_tz::{TZ_VARIANTS, Tz};
use ipnet::IpNet;
use url::Url;

use crate::model::{PageUrl, PortalId};
use crate::page::Picker;
use crate::serve::Listen;
use crate::{data, decode, schedule};

use super::nearest::nearest;

/// What is wrong with a value, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What is wrong.
    pub(super) what: String,
    /// What to write instead.
    pub(super) cure: String,
}

impl Trouble {
    /// Both sentences.
    pub(super) fn new(what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { what: what.into(), cure: cure.into() }
    }
}

/// What a reader of values answers.
pub(super) type Meant<T> = Result<T, Trouble>;

/// The units of a duration and their milliseconds.
const SPANS: [(&str, u64); 5] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// The units of a size and their bytes.
const SIZES: [(&str, u64); 7] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("B", 1),
];

/// Reads `90s`, `20m`, `12h`, `180d`, `250ms`; `0` needs no unit.
pub(super) fn duration(text: &str, bounds: RangeInclusive<Duration>) -> Meant<Duration> {
    let spelling = "write a number and its unit: 90s, 20m, 12h or 180d";
    let no = || Trouble::new(format!("`{text}` is no duration"), spelling);
    let millis = if text == "0" { Some(0) } else { counted(text, &SPANS, |a, b| a == b) }.ok_or_else(no)?;
    let duration = Duration::from_millis(millis);
    within(text, duration, &bounds, |d| shown_span(*d))
}

/// Reads `16MiB`, `512KiB`, `2MB`, `4096B`.
pub(super) fn size(text: &str, bounds: RangeInclusive<u64>) -> Meant<u64> {
    let no = || Trouble::new(format!("`{text}` is no size"), "write a number and its unit: 512KiB or 16MiB");
    let bytes = counted(text, &SIZES, |a, b| a.eq_ignore_ascii_case(b)).ok_or_else(no)?;
    within(text, bytes, &bounds, |b| shown_size(*b))
}

fn counted(text: &str, units: &[(&str, u64)], same: fn(&str, &str) -> bool) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, worth) = units.iter().find(|(name, _)| same(name, unit.trim()))?;
    number.parse::<u64>().ok()?.checked_mul(*worth)
}

fn within<T: PartialOrd>(
    text: &str,
    value: T,
    bounds: &RangeInclusive<T>,
    show: fn(&T) -> String,
) -> Meant<T> {
    if value < *bounds.start() {
        let least = show(bounds.start());
        return Err(Trouble::new(format!("`{text}` is too little"), format!("write {least} or more")));
    }
    if value > *bounds.end() {
        let most = show(bounds.end());
        return Err(Trouble::new(format!("`{text}` is too much"), format!("write {most} or less")));
    }
    Ok(value)
}

/// A duration as it is written in the file, in its largest whole unit.
pub(super) fn shown_span(duration: Duration) -> String {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    shown(millis, &SPANS)
}

/// A size as it is written in the file, in its largest whole binary unit.
pub(super) fn shown_size(bytes: u64) -> String {
    shown(bytes, &[("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)])
}

fn shown(count: u64, units: &[(&str, u64)]) -> String {
    let whole = units.iter().rev().find(|(_, worth)| count > 0 && count.is_multiple_of(*worth));
    whole.map_or_else(|| "0".to_owned(), |(unit, worth)| format!("{}{unit}", count / worth))
}

/// Checks one line of text.
pub(super) fn not_blank(name: &str, text: &str) -> Meant<String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(Trouble::new(
            format!("an empty or broken {name}"),
            "write one line of text, or take it out",
        ));
    }
    Ok(text.trim().to_owned())
}

/// Reads an instant with its zone (RFC 3339).
pub(super) fn instant(text: &str) -> Meant<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).map_err(|_| {
        Trouble::new(
            format!("`{text}` is no instant"),
            "write it with its zone, as 2021-03-11T09:11:43+08:00",
        )
    })
}

/// Reads a zone of the IANA list.
pub(super) fn zone(text: &str) -> Meant<Tz> {
    let same = |zone: &&Tz| zone.name().eq_ignore_ascii_case(text);
    if let Some(zone) = TZ_VARIANTS.iter().find(same) {
        return if zone.name() == text { Ok(*zone) } else { Err(no_zone(text, Some(zone.name()))) };
    }
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let last = text.rsplit('/').next().unwrap_or(text).replace(' ', "_");
    let guess = match last.to_lowercase().as_str() {
        // All of China keeps one time; its zone has the name of another city than one looks for.
        "beijing" | "peking" | "prc" | "china" => Some("Asia/Shanghai"),
        wanted => names()
            .find(|name| city(name).eq_ignore_ascii_case(wanted))
            .or_else(|| nearest(text, names()))
            .or_else(|| {
                nearest(wanted, names().map(city)).and_then(|c| names().find(|name| city(name) == c))
            }),
    };
    Err(no_zone(text, guess))
}

fn no_zone(text: &str, guess: Option<&str>) -> Trouble {
    let cure = guess.map_or_else(
        || "write a zone of the IANA list, as Asia/Shanghai or Europe/Berlin".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    Trouble::new(format!("there is no time zone `{text}`"), cure)
}

/// Checks a cron expression.
pub(super) fn cron(text: &str) -> Meant<String> {
    match schedule::check_cron(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(why) => {
            let with_seconds = format!("0 {text}");
            let cure = if schedule::check_cron(&with_seconds).is_ok() {
                format!("the first field is the seconds: write \"{with_seconds}\"")
            } else {
                "write seconds, minutes, hours, day, month, weekday, as in \"0 */15 * * * *\"".to_owned()
            };
            Err(Trouble::new(format!("`{text}` is no cron expression: {why}"), cure))
        }
    }
}

/// Checks a selector, `@attr` and all.
pub(super) fn selector(text: &str) -> Meant<String> {
    match Picker::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(e) => Err(Trouble::new(
            e.to_string(),
            "write a CSS selector, as `table.list td a`; it may end in `@attr`, as `a@title`",
        )),
    }
}

/// Checks a path into JSON.
pub(super) fn path(text: &str) -> Meant<String> {
    match data::Path::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(why) => Err(Trouble::new(
            format!("`{text}` is no path into JSON: {why}"),
            "write it as RFC 9535 says: `$.data.list[*]` for the items, `$.title` from an item on",
        )),
    }
}

/// Checks the name of a parameter of addresses.
pub(super) fn parameter(text: &str) -> Meant<String> {
    let is_name = !text.is_empty() && text.len() < 64 && !text.contains(['=', '&', '?', '#', ' ']);
    if is_name {
        return Ok(text.to_owned());
    }
    Err(Trouble::new(format!("`{text}` is no parameter's name"), "write the name alone, as pageNo"))
}

/// Checks a charset's label; None is `auto`.
pub(super) fn charset(text: &str) -> Meant<Option<String>> {
    if text.eq_ignore_ascii_case("auto") {
        return Ok(None);
    }
    if decode::is_known(text) {
        return Ok(Some(text.to_owned()));
    }
    const COMMON: [&str; 12] = [
        "auto",
        "utf-8",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
        "shift_jis",
        "euc-jp",
        "euc-kr",
        "iso-8859-1",
        "windows-1251",
        "windows-1252",
    ];
    let cure = nearest(text, COMMON).map_or_else(
        || "write a label of the WHATWG Encoding Standard, as gb18030, or auto".to_owned(),
        |name| format!("did you mean `{name}`?"),
    );
    Err(Trouble::new(format!("there is no charset `{text}`"), cure))
}

/// Checks a strftime form.
pub(super) fn date_form(text: &str) -> Meant<String> {
    let (mut known, mut fields) = (true, 0);
    for item in StrftimeItems::new(text) {
        match item {
            Item::Error => known = false,
            Item::Numeric(..) | Item::Fixed(_) => fields += 1,
            Item::Literal(_) | Item::OwnedLiteral(_) | Item::Space(_) | Item::OwnedSpace(_) => {}
        }
    }
    let cure = "write a strftime form, as `%Y-%m-%d %H:%M`; a percent sign itself is `%%`";
    if !known {
        return Err(Trouble::new(format!("`{text}` is no form of a date"), cure));
    }
    if fields == 0 {
        return Err(Trouble::new(format!("`{text}` names no part of a date"), cure));
    }
    Ok(text.to_owned())
}

/// Reads the name of a portal; those of the daemon's own feeds are taken.
pub(super) fn name(text: &str) -> Meant<PortalId> {
    let id = PortalId::parse(text).map_err(|e| {
        let cure = slug(text).map_or_else(
            || "write a short Latin name, as `tangshan`; `title` may be anything".to_owned(),
            |slug| format!("write `{slug}`; `title` may be anything"),
        );
        Trouble::new(e.to_string(), cure)
    })?;
    if is_reserved(text) {
        return Err(Trouble::new(
            format!("the name `{text}` is taken by a feed of the daemon's own"),
            "choose another: all, status, search and names that begin with tag- are reserved",
        ));
    }
    Ok(id)
}

/// Whether the daemon serves something of its own under a name.
pub(super) fn is_reserved(name: &str) -> bool {
    matches!(name, "all" | "status" | "search") || name.starts_with("tag-")
}

/// A name made of any text: lower case, what is not allowed to `-`. None when nothing is left.
pub(super) fn slug(text: &str) -> Option<String> {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().take(64).map(allowed).collect();
    let name = name.trim_matches(['-', '_']);
    name.bytes().any(|b| b.is_ascii_alphanumeric()).then(|| name.to_owned())
}

/// Reads the address of a list page.
pub(super) fn page(text: &str) -> Meant<PageUrl> {
    let cure = "write the whole address of the list page, as https://news.example-city.cn/";
    let url = PageUrl::parse(text).map_err(|e| {
        let whole = format!("https://{text}");
        let host_like = !text.contains("://") && text.contains('.') && PageUrl::parse(&whole).is_ok();
        Trouble::new(e.to_string(), if host_like { format!("write \"{whole}\"") } else { cure.to_owned() })
    })?;
    if has_credentials(text) {
        return Err(Trouble::new(
            format!("the address of {} holds a password", url.host()),
            "take user and password out of it: `login` names them, the password in a file of its own",
        ));
    }
    Ok(url)
}

/// Reads the base of all links.
pub(super) fn base_url(text: &str) -> Meant<PageUrl> {
    let cure = "write the address that readers use, as https://feeds.example.net";
    let url = PageUrl::parse(text).map_err(|e| Trouble::new(e.to_string(), cure))?;
    let extra = match Url::parse(text.trim()) {
        Ok(url) if url.fragment().is_some() => Some("a fragment (`#…`)"),
        Ok(url) if url.query().is_some() => Some("a query (`?…`)"),
        _ if has_credentials(text) => Some("a password"),
        _ => None,
    };
    match extra {
        None => Ok(url),
        Some(extra) => Err(Trouble::new(format!("the base of all links cannot have {extra}"), "take it out")),
    }
}

fn has_credentials(text: &str) -> bool {
    Url::parse(text.trim()).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

/// Reads `ADDRESS:PORT` or `unix:PATH`.
pub(super) fn listen(text: &str) -> Meant<Listen> {
    if let Some(path) = text.strip_prefix("unix:") {
        return if path.is_empty() {
            Err(Trouble::new("the socket has no path", "write it as unix:/run/tidings/http.sock"))
        } else {
            Ok(Listen::Unix(PathBuf::from(path)))
        };
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(Listen::Tcp(address));
    }
    let port = text.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok());
    let cure = match (text.parse::<IpAddr>(), port) {
        (Ok(IpAddr::V4(ip)), _) => format!("write address and port: {ip}:7878"),
        (Ok(IpAddr::V6(ip)), _) => format!("write address and port: [{ip}]:7878"),
        (Err(_), Some(port)) => {
            format!("write address and port: 127.0.0.1:{port}, or 0.0.0.0:{port} for all")
        }
        (Err(_), None) => {
            "write address and port, as 127.0.0.1:7878, or unix:/run/tidings/http.sock".to_owned()
        }
    };
    Err(Trouble::new(format!("`{text}` is no address to listen on"), cure))
}

/// Reads where a browser's DevTools listen.
pub(super) fn devtools(text: &str) -> Meant<SocketAddr> {
    let address =
        text.trim().trim_end_matches('/').strip_prefix("http://").and_then(|rest| rest.parse().ok());
    let is_here = |address: &SocketAddr| address.ip().is_loopback() && address.port() != 0;
    address.filter(is_here).ok_or_else(|| {
        Trouble::new(
            format!("`{text}` is no address of DevTools on this machine"),
            "write it as http://127.0.0.1:9222: whoever reaches them rules the browser, so that they listen on loopback only",
        )
    })
}

/// Reads a network, or one address as a network of its own.
pub(super) fn network(text: &str) -> Meant<IpNet> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map(|network| network.trunc()).map_err(|_| {
        Trouble::new(
            format!("`{text}` is no network"),
            "write an address and the length of its prefix, as 127.0.0.0/8 or fd00::/8",
        )
    })
}
