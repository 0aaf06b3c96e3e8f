//! One cookie: read from a Set-Cookie line as RFC 6265 section 5.2 says, and held against an address.

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::model::PageUrl;

/// Name and value together, in bytes (RFC 6265 section 6.1 asks for as many).
pub(super) const MOST_BYTES: usize = 4096;
/// A path or domain beyond this is no portal's.
const MOST_ATTRIBUTE: usize = 1024;
/// A cookie lives no longer than this, whatever it says.
const LONGEST_DAYS: i64 = 400;

/// One cookie.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Cookie {
    pub(super) name: String,
    pub(super) value: String,
    /// The host that set it, or the domain that it was set for.
    pub(super) domain: String,
    /// Sent to that very host only.
    pub(super) host_only: bool,
    pub(super) path: String,
    /// Sent over https only.
    pub(super) secure: bool,
    /// None: as long as the session.
    pub(super) expires: Option<DateTime<Utc>>,
    /// From the operator's file.
    pub(super) from_file: bool,
}

/// Values are nobody's business.
impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=*** ({}{})", self.name, self.domain, self.path)
    }
}

impl Cookie {
    /// Whether a request to an address carries it.
    pub(super) fn goes_to(&self, url: &PageUrl, now: DateTime<Utc>) -> bool {
        let host = url.host();
        let fits = if self.host_only { host == self.domain } else { is_under(host, &self.domain) };
        let is_safe = !self.secure || url.as_url().scheme() == "https";
        fits && is_safe && !self.is_over(now) && is_path_under(url.as_url().path(), &self.path)
    }

    /// Whether its time has passed.
    pub(super) fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    /// Whether the other takes its place (RFC 6265 section 5.3, step 11).
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.domain == other.domain && self.path == other.path
    }
}

/// Whether a host is a domain or lies below it (RFC 6265 section 5.1.3); an IP literal lies below nothing.
pub(super) fn is_under(host: &str, domain: &str) -> bool {
    let is_literal = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    host == domain
        || !is_literal && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
}

/// RFC 6265 section 5.1.4.
fn is_path_under(path: &str, of: &str) -> bool {
    path == of || path.strip_prefix(of).is_some_and(|rest| of.ends_with('/') || rest.starts_with('/'))
}

/// Reads a Set-Cookie line that came from an address. None when it is to be passed over.
pub(super) fn read(line: &str, from: &PageUrl, now: DateTime<Utc>) -> Option<Cookie> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || name.len() + value.len() > MOST_BYTES || !is_sendable(name) || !is_sendable(value) {
        return None;
    }
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        domain: from.host().to_owned(),
        host_only: true,
        path: default_path(from),
        secure: false,
        expires: None,
        from_file: false,
    };
    let mut max_age = None;
    for part in parts {
        let (key, text) = part.split_once('=').unwrap_or((part, ""));
        let text = text.trim();
        if text.len() > MOST_ATTRIBUTE {
            return None;
        }
        match key.trim().to_ascii_lowercase().as_str() {
            "expires" => cookie.expires = date(text).or(cookie.expires),
            "max-age" => max_age = text.parse::<i64>().ok().or(max_age),
            "domain" if !text.trim_start_matches('.').is_empty() => {
                let domain = text.trim_start_matches('.').to_ascii_lowercase();
                // a site speaks for itself and its own kin, not for others, and not for a whole land
                if !is_under(from.host(), &domain) || !domain.contains('.') && domain != from.host() {
                    return None;
                }
                (cookie.host_only, cookie.domain) = (false, domain);
            }
            "path" if text.starts_with('/') => cookie.path = text.to_owned(),
            "secure" => cookie.secure = true,
            _ => {}
        }
    }
    if let Some(seconds) = max_age {
        let age = TimeDelta::seconds(seconds.clamp(0, LONGEST_DAYS * 86_400));
        cookie.expires = now.checked_add_signed(age);
    }
    let last = now.checked_add_signed(TimeDelta::days(LONGEST_DAYS));
    cookie.expires = cookie.expires.map(|at| last.map_or(at, |last| at.min(last)));
    // only a safe answer sets what is sent safely (RFC 6265bis section 5.7)
    (!cookie.secure || from.as_url().scheme() == "https").then_some(cookie)
}

/// Whether a header can carry it.
pub(super) fn is_sendable(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_control() || byte == b';')
}

/// RFC 6265 section 5.1.4: the folder of the page that set it.
fn default_path(from: &PageUrl) -> String {
    let path = from.as_url().path();
    match path.rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(at) => path.get(..at).unwrap_or("/").to_owned(),
    }
}

/// A date as cookies have it (RFC 6265 section 5.1.1): the parts in any order.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    let is_between = |c: char| !c.is_ascii_alphanumeric() && c != ':';
    for token in text.split(is_between).filter(|token| !token.is_empty()) {
        let lead: String = token.chars().take_while(char::is_ascii_digit).collect();
        if time.is_none() && token.contains(':') {
            time = clock(token);
        } else if day.is_none() && (1..=2).contains(&lead.len()) {
            day = lead.parse::<u32>().ok();
        } else if month.is_none() && lead.is_empty() {
            month = MONTHS
                .iter()
                .position(|name| token.get(..3).is_some_and(|short| short.eq_ignore_ascii_case(name)));
        } else if year.is_none() && (2..=4).contains(&lead.len()) {
            year = lead.parse::<i32>().ok().map(|year| match year {
                70..=99 => year + 1900,
                0..=69 => year + 2000,
                _ => year,
            });
        }
    }
    let (hour, minute, second) = time?;
    let month = u32::try_from(month?).ok()? + 1;
    let at = NaiveDate::from_ymd_opt(year?, month, day?)?.and_hms_opt(hour, minute, second)?;
    Some(at.and_utc())
}

fn clock(token: &str) -> Option<(u32, u32, u32)> {
    let mut parts = token.split(':').map(|part| part.parse::<u32>().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-23T08:00:00Z".parse().unwrap()
    }

    fn url(text: &str) -> PageUrl {
        PageUrl::parse(text).unwrap()
    }

    #[test]
    fn dates_in_the_forms_that_servers_write() {
        for (text, expected) in [
            ("Wed, 09 Jun 2027 10:18:14 GMT", Some("2027-06-09T10:18:14Z")),
            ("Wednesday, 09-Jun-27 10:18:14 GMT", Some("2027-06-09T10:18:14Z")),
            ("Wed Jun  9 10:18:14 2027", Some("2027-06-09T10:18:14Z")),
            ("Thu, 01-Jan-1970 00:00:10 GMT", Some("1970-01-01T00:00:10Z")),
            ("tomorrow", None),
            ("99 Foo 2027 10:18:14", None),
        ] {
            assert_eq!(date(text), expected.map(|at| at.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_cookie_goes_where_it_was_set_for() {
        let from = url("https://www.town.example/news/list.html");
        for (line, to, goes) in [
            ("a=1", "https://www.town.example/news/2.html", true),
            ("a=1", "https://www.town.example/newsroom", false),
            ("a=1; Path=/", "https://www.town.example/else", true),
            ("a=1; Path=/", "https://paper.town.example/", false),
            ("a=1; Path=/; Domain=.Town.example", "https://paper.town.example/", true),
            ("a=1; Path=/; Domain=town.example", "https://downtown.example/", false),
            ("a=1; Path=/; Secure", "http://www.town.example/", false),
            ("a=1; Path=/; Max-Age=0", "https://www.town.example/", false),
            (
                "a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Max-Age=60",
                "https://www.town.example/",
                true,
            ),
            ("a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:10 GMT", "https://www.town.example/", false),
        ] {
            let cookie = read(line, &from, now()).unwrap();
            assert_eq!(cookie.goes_to(&url(to), now()), goes, "{line} to {to}");
        }
    }

    #[test]
    fn what_a_site_may_not_set_is_passed_over() {
        let from = url("http://www.town.example/");
        let long = format!("a={}", "x".repeat(MOST_BYTES));
        for line in
            ["a", "=1", "a=1; Domain=other.example", "a=1; Domain=example", "a=1; Secure", "a=\u{1}", &long]
        {
            assert_eq!(read(line, &from, now()), None, "{line}");
        }
        assert!(!is_under("1.2.3.4", "3.4"), "an address has no domains");
    }
}
