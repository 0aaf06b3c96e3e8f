//! Which hosts may have left a connection open: a request on one that they closed meanwhile is lost without any fault of
//! theirs, and may be sent again on a new one (RFC 9112 section 9.3.1).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::PageUrl;

/// With so many hosts they are looked through for what is too old; then with twice as many as are left.
const MANY: usize = 256;

/// When each host, with its scheme and port, was last heard by a client.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Hosts>>);

#[derive(Debug, Default)]
struct Hosts {
    heard: HashMap<String, Instant>,
    many: usize,
}

impl Kept {
    /// The host has answered: its connection may be kept for so long.
    pub(super) fn note(&self, url: &PageUrl, lasts: Duration) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if hosts.heard.len() >= hosts.many.max(MANY) {
            hosts.heard.retain(|_, heard| now.saturating_duration_since(*heard) < lasts);
            hosts.many = 2 * hosts.heard.len();
        }
        hosts.heard.insert(origin(url), now);
    }

    /// Whether a request to the host may have gone over a connection that it kept. Answers yes once, until it is heard
    /// again: a host that answers nothing is not asked twice each time.
    pub(super) fn take(&self, url: &PageUrl) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).heard.remove(&origin(url)).is_some()
    }
}

fn origin(url: &PageUrl) -> String {
    url.as_url().origin().ascii_serialization()
}
