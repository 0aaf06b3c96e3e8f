//! Cookies that a person put into a file: `cookies.txt` as browsers' tools write it, or plain `name=value` lines.

use chrono::{DateTime, Utc};

use crate::model::PageUrl;

use super::cookie::{self, Cookie};

/// More cookies than this are no portal's.
const MOST_LINES: usize = 5000;
/// Bytes of such a file; browsers' whole jars are smaller.
pub(super) const MOST_FILE: u64 = 4 << 20;

/// What is wrong with a file of cookies.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct CookieFault {
    /// Where, counted from 1.
    pub line: usize,
    /// What. No value of a cookie stands in it.
    pub what: &'static str,
}

/// Whether a text can be read as a file of cookies.
///
/// # Errors
/// The first line that cannot.
pub fn check_cookies(text: &str) -> Result<(), CookieFault> {
    read(text, &[]).map(drop)
}

/// Reads a file of cookies for a portal. Plain lines speak of the portal's own hosts; of `cookies.txt` only what these
/// hosts would be sent is kept.
pub(super) fn read(text: &str, own: &[PageUrl]) -> Result<Vec<Cookie>, CookieFault> {
    let mut cookies = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let fault = |what| CookieFault { line: at + 1, what };
        if at >= MOST_LINES {
            return Err(fault("more than 5000 lines: no portal has so many cookies"));
        }
        let line = line.trim_end_matches('\r');
        if line.contains('\t') && !line.trim_start().starts_with("# ") {
            let cookie = of_fields(line).map_err(fault)?;
            let is_own = |url: &PageUrl| {
                if cookie.host_only {
                    url.host() == cookie.domain
                } else {
                    cookie::is_under(url.host(), &cookie.domain)
                }
            };
            if own.iter().any(is_own) {
                cookies.push(cookie);
            }
        } else if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            plain(line, own, &mut cookies).map_err(fault)?;
        }
    }
    Ok(cookies)
}

/// A line of seven fields: domain, whether hosts below it too, path, whether https only, end, name, value.
fn of_fields(line: &str) -> Result<Cookie, &'static str> {
    // browsers' tools mark cookies that scripts may not read so
    let line = line.strip_prefix("#HttpOnly_").unwrap_or(line);
    let fields: Vec<&str> = line.split('\t').collect();
    // an empty value loses its tab in many an editor
    let (domain, below, path, secure, end, name, value) = match fields.as_slice() {
        [domain, below, path, secure, end, name, value] => (domain, below, path, secure, end, name, *value),
        [domain, below, path, secure, end, name] => (domain, below, path, secure, end, name, ""),
        _ => return Err("a line of cookies.txt has seven fields with tabs between them"),
    };
    let flag = |text: &str| match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err("the second and fourth field are TRUE or FALSE"),
    };
    let domain_name = domain.trim_start_matches('.').to_ascii_lowercase();
    if domain_name.is_empty() || !path.starts_with('/') {
        return Err("the first field is a domain, the third a path that begins with /");
    }
    // some tools write parts of a second
    let seconds = end.split('.').next().unwrap_or_default().parse::<i64>();
    let seconds = seconds.map_err(|_| "the fifth field is the end in seconds since 1970, 0 for a session")?;
    checked(name, value)?;
    Ok(Cookie {
        name: (*name).to_owned(),
        value: value.to_owned(),
        host_only: !flag(below)?,
        domain: domain_name,
        path: (*path).to_owned(),
        secure: flag(secure)?,
        expires: (seconds != 0).then(|| DateTime::<Utc>::from_timestamp(seconds, 0)).flatten(),
        from_file: true,
    })
}

/// `name=value; name=value`, as a browser shows what it sends; `Cookie:` may stand before it.
fn plain(line: &str, own: &[PageUrl], cookies: &mut Vec<Cookie>) -> Result<(), &'static str> {
    let line = line.trim();
    let line = match line.get(..7) {
        Some(label) if label.eq_ignore_ascii_case("cookie:") => line.get(7..).unwrap_or_default(),
        _ => line,
    };
    for pair in line.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair
            .split_once('=')
            .ok_or("write name=value, with semicolons between several, or cookies.txt's seven fields")?;
        checked(name, value)?;
        for url in own {
            let cookie = Cookie {
                name: name.trim().to_owned(),
                value: value.trim().to_owned(),
                domain: url.host().to_owned(),
                host_only: true,
                path: "/".to_owned(),
                // what is asked for safely is not sent unsafely
                secure: url.as_url().scheme() == "https",
                expires: None,
                from_file: true,
            };
            if !cookies.iter().any(|known| known.is_same(&cookie)) {
                cookies.push(cookie);
            }
        }
    }
    Ok(())
}

fn checked(name: &str, value: &str) -> Result<(), &'static str> {
    if name.trim().is_empty() || !name.is_ascii() || !value.is_ascii() {
        return Err("a cookie has a name, and name and value are ASCII");
    }
    if !cookie::is_sendable(name) || !cookie::is_sendable(value) {
        return Err("name and value hold no control characters and no semicolon");
    }
    if name.len() + value.len() > cookie::MOST_BYTES {
        return Err("name and value have 4096 bytes together at most");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<PageUrl> {
        vec![PageUrl::parse("https://news.town.example/list").unwrap()]
    }

    fn names(text: &str) -> Vec<String> {
        read(text, &own()).unwrap().into_iter().map(|cookie| cookie.name).collect()
    }

    #[test]
    fn both_forms_are_read_and_strangers_left_out() {
        let text = "# Netscape HTTP Cookie File\r\n\r\n\
            .town.example\tTRUE\t/\tFALSE\t1893456000\ta\t1\r\n\
            #HttpOnly_news.town.example\tFALSE\t/\tTRUE\t0\tb\t2=3\r\n\
            paper.town.example\tFALSE\t/\tTRUE\t0\tc\t1\r\n\
            .other.example\tTRUE\t/\tFALSE\t0\td\t1\r\n\
            news.town.example\tFALSE\t/\tTRUE\t1893456000.5\te\r\n";
        assert_eq!(names(text), ["a", "b", "e"]);
        assert_eq!(names("f=1; g=2=3\n\nCookie: h=4"), ["f", "g", "h"]);
        let (to, now) = (PageUrl::parse("http://news.town.example/").unwrap(), DateTime::UNIX_EPOCH);
        assert!(read("f=1", &own()).unwrap().iter().all(|cookie| !cookie.goes_to(&to, now)), "https only");
    }

    #[test]
    fn faults_name_their_line_and_no_value() {
        for (text, line) in [
            ("a=1\nhunter2", 2),
            ("x.example\tTRUE\t/\tFALSE\thunter2\ta\tb", 1),
            ("a=1\n\nx.example\tTRUE\t/\tmaybe\t0\ta\thunter2", 3),
            ("x.example\tTRUE\thunter2", 1),
            ("a=\u{7}", 1),
            ("ä=1", 1),
        ] {
            let fault = read(text, &own()).unwrap_err();
            assert_eq!(fault.line, line, "{text:?}");
            assert!(!fault.to_string().contains("hunter2"), "{fault}");
        }
    }
}
