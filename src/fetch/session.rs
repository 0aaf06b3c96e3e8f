//! What one portal is reached with, kept between visits: its cookies, its log-in, its way out.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Access, Fault, Login, LoginKind, PageUrl, Portal};

use super::basic;
use super::cookie;
use super::cookie_file::{self, MOST_FILE};
use super::jar::Jar;
use super::route::Route;

/// A password is one line; a larger file is none.
const MOST_SECRET: u64 = 4096;
/// After a log-in that was refused none is tried for so long: many sites lock an account after a few.
const REFUSED_REST: TimeDelta = TimeDelta::hours(1);

/// What one portal is reached with. In memory only: after a restart it logs in anew.
pub struct Session {
    access: Access,
    /// The portal's lists, and the page where it logs in.
    own: Vec<PageUrl>,
    /// Where secrets that come with every request go.
    lists: Vec<PageUrl>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    jar: Jar,
    /// The state of the cookie file that was read last: when it changed, and its length.
    file: Option<(Option<SystemTime>, u64)>,
    /// `Authorization`, for basic log-in.
    basic: Option<String>,
    login: LoggedIn,
}

/// How the log-in by a form stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum LoggedIn {
    /// Not tried since the start.
    #[default]
    No,
    /// It worked; whether the portal's pages hold a form for logging in all the same, once one was seen.
    Yes {
        /// Unknown until the first page.
        form_stays: Option<bool>,
    },
    /// It was refused: not tried again before.
    Refused {
        /// The end of the rest.
        until: DateTime<Utc>,
        /// When the file of the password had been changed last: another one is tried at once.
        file: Option<SystemTime>,
        /// Why.
        fault: Fault,
    },
}

impl Session {
    /// The session of a portal; None when it is asked for plainly.
    #[must_use]
    pub fn of(portal: &Portal) -> Option<Self> {
        if portal.access.is_plain() {
            return None;
        }
        let page = portal.access.login.as_ref().and_then(|login| login.url.clone());
        let own = portal.lists.iter().cloned().chain(page).collect();
        let (access, lists) = (portal.access.clone(), portal.lists.clone());
        Some(Self { access, own, lists, state: Mutex::default() })
    }

    /// Whether it serves a portal still: nothing was configured anew.
    pub(super) fn serves(&self, portal: &Portal) -> bool {
        self.access == portal.access && self.lists == portal.lists
    }

    /// The log-in by a form, if the portal has one.
    #[must_use]
    pub fn form_login(&self) -> Option<&Login> {
        self.access.login.as_ref().filter(|login| login.kind == LoginKind::Form)
    }

    /// How the log-in stands.
    #[must_use]
    pub fn logged_in(&self) -> LoggedIn {
        self.state().login.clone()
    }

    /// Remembers how the log-in stands.
    pub fn set_logged_in(&self, login: LoggedIn) {
        self.state().login = login;
    }

    /// Remembers that the log-in was refused, and for how long it is not tried again.
    pub async fn refuse(&self, fault: Fault, now: DateTime<Utc>) {
        let until = now.checked_add_signed(REFUSED_REST).unwrap_or(now);
        let file = self.password_changed().await;
        self.state().login = LoggedIn::Refused { until, file, fault };
    }

    /// Whether the log-in was refused, and nothing changed since.
    pub async fn rests(&self, now: DateTime<Utc>) -> bool {
        let LoggedIn::Refused { until, file, .. } = self.logged_in() else { return false };
        // a clock that was set back must not shut the portal out
        let is_soon = until > now && until - now <= REFUSED_REST;
        is_soon && file == self.password_changed().await
    }

    async fn password_changed(&self) -> Option<SystemTime> {
        let path = &self.access.login.as_ref()?.password_file;
        tokio::fs::metadata(path).await.ok()?.modified().ok()
    }

    /// Forgets the portal's own cookies, so that a log-in begins as a stranger's does.
    pub fn forget(&self) {
        let mut state = self.state();
        state.jar.forget_session();
        // what the portal made of the file's cookies is forgotten too
        state.file = None;
    }

    /// Whether an address is one of the portal's hosts or of the one where it logs in, or lies below such a host:
    /// cookies go nowhere else.
    #[must_use]
    pub fn is_own(&self, url: &PageUrl) -> bool {
        let below = |own: &PageUrl| url.same_site(own) || cookie::is_under(url.host(), bare(own.host()));
        self.own.iter().any(below)
    }

    /// Which client a request takes: certificates go unchecked at the portal's own hosts only.
    pub(super) fn route(&self, url: &PageUrl) -> Route {
        let is_own = self.own.iter().any(|own| own.host() == url.host());
        Route { proxy: self.access.proxy.clone(), is_lax: self.access.insecure_tls && is_own }
    }

    /// Reads what changed in the operator's files.
    ///
    /// # Errors
    /// When a file cannot be read or means nothing; the text says which and what to do.
    pub(super) async fn refresh(&self, now: DateTime<Utc>) -> Result<(), String> {
        if let Some(path) = &self.access.cookie_file {
            let found = tokio::fs::metadata(path).await.map_err(|error| unreadable(path, &error))?;
            let stamp = Some((found.modified().ok(), found.len()));
            if self.state().file != stamp {
                let text = read(path, MOST_FILE).await?;
                let cookies = cookie_file::read(&text, &self.own)
                    .map_err(|fault| format!("cookie_file {}, {fault}", path.display()))?;
                let fresh: Vec<_> = cookies.into_iter().filter(|cookie| !cookie.is_over(now)).collect();
                if fresh.is_empty() {
                    let path = path.display();
                    tracing::warn!("cookie_file {path} has no cookie for this portal that still holds");
                }
                let mut state = self.state();
                state.jar.replace_file(fresh);
                state.file = stamp;
            }
        }
        if let Some(login) = self.access.login.as_ref().filter(|login| login.kind == LoginKind::Basic) {
            let password = password(login).await?;
            self.state().basic = Some(basic::authorization(&login.user, &password));
        }
        Ok(())
    }

    /// What a request to an address carries beside the portal's headers: (name, value).
    pub(super) fn headers(&self, url: &PageUrl, now: DateTime<Utc>) -> Vec<(String, String)> {
        let state = self.state();
        let mut headers = Vec::new();
        let is_listed = self.lists.iter().any(|list| list.same_origin(url));
        let basic = state.basic.clone().filter(|_| is_listed);
        headers.extend(basic.map(|basic| ("Authorization".to_owned(), basic)));
        let cookies = state.jar.header(url, now, self.is_own(url));
        headers.extend(cookies.map(|cookies| ("Cookie".to_owned(), cookies)));
        headers
    }

    /// Takes the cookies of an answer; whether any changed.
    pub(super) fn take(&self, lines: &[String], from: &PageUrl, now: DateTime<Utc>) -> bool {
        self.is_own(from) && self.state().jar.take(lines, from, now)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Neither cookies nor passwords.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("own", &self.own).finish_non_exhaustive()
    }
}

/// A host without what only says for which screen it serves.
fn bare(host: &str) -> &str {
    ["www.", "m.", "wap."]
        .iter()
        .find_map(|lead| host.strip_prefix(lead))
        .filter(|rest| rest.contains('.'))
        .unwrap_or(host)
}

/// The password of a log-in, as it stands in its file now.
///
/// # Errors
/// When the file cannot be read or is empty.
pub async fn password(login: &Login) -> Result<String, String> {
    let text = read(&login.password_file, MOST_SECRET).await?;
    let password = text.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(format!("password_file {} is empty", login.password_file.display()));
    }
    Ok(password.to_owned())
}

async fn read(path: &Path, most: u64) -> Result<String, String> {
    let found = tokio::fs::metadata(path).await.map_err(|error| unreadable(path, &error))?;
    if found.len() > most {
        return Err(format!("{} has more than {most} bytes", path.display()));
    }
    tokio::fs::read_to_string(path).await.map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be read: {error}; let the user that tidings runs as read it", path.display())
}
