//! The cookies of one portal, within bounds; none is ever sent to another site.

use chrono::{DateTime, Utc};

use crate::model::PageUrl;

use super::cookie::{self, Cookie};

/// Cookies of one portal (RFC 6265 section 6.1 asks for 50 a domain); the oldest make room.
const MOST_COOKIES: usize = 150;
/// Bytes of a request's `Cookie` header: servers refuse more.
const MOST_HEADER: usize = 8 * 1024;
/// Set-Cookie lines of one answer that are read.
pub(super) const MOST_LINES: usize = 50;

/// The cookies of one portal, oldest first.
#[derive(Debug, Default)]
pub(super) struct Jar(Vec<Cookie>);

impl Jar {
    /// Takes what an answer sets; whether anything changed.
    pub(super) fn take(&mut self, lines: &[String], from: &PageUrl, now: DateTime<Utc>) -> bool {
        let mut changed = false;
        for line in lines.iter().take(MOST_LINES) {
            if let Some(cookie) = cookie::read(line, from, now) {
                changed |= self.put(cookie, now);
            }
        }
        changed
    }

    fn put(&mut self, cookie: Cookie, now: DateTime<Utc>) -> bool {
        let is_over = cookie.is_over(now);
        match self.0.iter_mut().find(|known| known.is_same(&cookie)) {
            Some(known) if is_over => {
                // kept as deleted where the file would bring it back
                let changed = !known.is_over(now);
                *known = cookie;
                changed
            }
            Some(known) => {
                let changed = known.value != cookie.value;
                *known = cookie;
                changed
            }
            None if is_over => false,
            None => {
                self.0.retain(|known| !known.is_over(now));
                if self.0.len() >= MOST_COOKIES {
                    self.0.remove(0);
                }
                self.0.push(cookie);
                true
            }
        }
    }

    /// Puts the cookies of a file in, in place of those that an earlier state of the file had.
    pub(super) fn replace_file(&mut self, cookies: Vec<Cookie>) {
        self.0.retain(|known| !known.from_file && !cookies.iter().any(|cookie| cookie.is_same(known)));
        self.0.extend(cookies.into_iter().take(MOST_COOKIES));
    }

    /// Forgets what the portal itself set: a session that ended.
    pub(super) fn forget_session(&mut self) {
        self.0.retain(|known| known.from_file);
    }

    /// What a request to an address says (RFC 6265 section 5.4): longer paths first. What the portal set goes to its
    /// own hosts only; what the file names for a whole domain goes to all of it.
    pub(super) fn header(&self, url: &PageUrl, now: DateTime<Utc>, is_own: bool) -> Option<String> {
        let goes = |cookie: &&Cookie| (is_own || cookie.from_file) && cookie.goes_to(url, now);
        let mut sent: Vec<&Cookie> = self.0.iter().filter(goes).collect();
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut header = String::new();
        for cookie in sent {
            if header.len() + cookie.name.len() + cookie.value.len() + 3 > MOST_HEADER {
                break;
            }
            let between = if header.is_empty() { "" } else { "; " };
            header.push_str(&format!("{between}{}={}", cookie.name, cookie.value));
        }
        (!header.is_empty()).then_some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-23T08:00:00Z".parse().unwrap()
    }

    fn take(jar: &mut Jar, line: &str) -> bool {
        jar.take(&[line.to_owned()], &PageUrl::parse("https://town.example/in/a").unwrap(), now())
    }

    #[test]
    fn cookies_replace_each_other_and_end() {
        let mut jar = Jar::default();
        let asked = PageUrl::parse("https://town.example/in/b").unwrap();
        assert!(take(&mut jar, "a=1; Path=/"));
        assert!(!take(&mut jar, "a=1; Path=/"), "nothing changed");
        assert!(take(&mut jar, "b=2"));
        assert_eq!(jar.header(&asked, now(), true).as_deref(), Some("b=2; a=1"));
        assert!(take(&mut jar, "a=3; Path=/"));
        assert!(take(&mut jar, "b=; Max-Age=0"));
        assert_eq!(jar.header(&asked, now(), true).as_deref(), Some("a=3"));
        jar.forget_session();
        assert_eq!(jar.header(&asked, now(), true), None);
    }

    #[test]
    fn a_jar_is_bounded_and_the_oldest_makes_room() {
        let mut jar = Jar::default();
        for n in 0..2 * MOST_COOKIES {
            take(&mut jar, &format!("n{n}=1"));
        }
        assert_eq!(jar.0.len(), MOST_COOKIES);
        assert!(jar.0.iter().all(|cookie| cookie.name != "n0"));
        let mut large = Jar::default();
        for n in 0..10 {
            take(&mut large, &format!("n{n}={}", "x".repeat(4000)));
        }
        let header =
            large.header(&PageUrl::parse("https://town.example/in/b").unwrap(), now(), true).unwrap();
        assert!(header.len() <= MOST_HEADER);
    }
}
