//! The access log: what a person must know of requests, whoever makes however many of them.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};
use tokio::time::Instant;

use crate::runtime::{Ration, Share};

/// Characters of a method or path that the log tells.
const MAX_LOGGED: usize = 200;

/// Lines that strangers may cause: more are counted.
const LINES: Share = Share { burst: 50, each: Duration::from_secs(1) };

/// Who tells, and how much he may still tell.
#[derive(Debug)]
pub(super) struct Journal(Mutex<(Ration, u64)>);

impl Journal {
    pub(super) fn new() -> Self {
        Self(Mutex::new((Ration::new(LINES, Instant::now()), 0)))
    }

    /// The access log: what went wrong or was forbidden is told, the rest when debugging. The query is left out:
    /// it may hold what somebody took for a secret place.
    pub(super) fn tell(
        &self,
        client: Option<IpAddr>,
        method: &Method,
        path: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let (method, path) = (printable(method.as_str()), printable(path));
        let client = || client.map_or_else(|| "unix".to_owned(), |address| address.to_string());
        let matters =
            matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::ACCEPTED);
        if (matters || status.is_server_error()) && self.may_tell() {
            tracing::info!(
                client.address = client(), http.method = %method, url.path = path, http.status = status.as_u16(),
                duration_ms, "{method} {path} was answered {status}"
            );
        } else {
            tracing::debug!(
                client.address = client(), http.method = %method, url.path = path, http.status = status.as_u16(),
                duration_ms, "{method} {path} was answered {status}"
            );
        }
    }

    /// Whether there is a line left; those that were not told are told of by the next that is.
    fn may_tell(&self) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (ration, untold) = &mut *left;
        if !ration.take(Instant::now()) {
            *untold = untold.saturating_add(1);
            return false;
        }
        let untold = std::mem::take(untold);
        if untold > 0 {
            tracing::info!(requests = untold, "{untold} requests of the same kinds are not told of");
        }
        true
    }
}

/// A stranger's words for the log: cut, and without characters that would move a terminal or begin a line.
fn printable(text: &str) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == MAX_LOGGED {
            shown.push('…');
            break;
        }
        // formatting characters turn the reading direction, or show as nothing at all
        match c {
            ' '..='~' => shown.push(c),
            other if other.is_alphanumeric() => shown.push(other),
            other => shown.extend(other.escape_unicode()),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_told_in_so_many_lines() {
        let journal = Journal::new();
        assert_eq!((0..5000).filter(|_| journal.may_tell()).count(), 50);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!((0..5000).filter(|_| journal.may_tell()).count(), 2);
    }

    #[test]
    fn the_log_is_told_printable_words_only() {
        assert_eq!(printable("/feeds/唐山.rss"), "/feeds/唐山.rss");
        assert_eq!(printable("/\u{9b}31m\u{7f}\r\n\u{202e}"), "/\\u{9b}31m\\u{7f}\\u{d}\\u{a}\\u{202e}");
        assert_eq!(printable(&"a".repeat(10_000)).chars().count(), MAX_LOGGED + 1);
    }
}
