//! Logging in by a form: before the first page, and again when the session has ended; never in a loop.

use std::sync::Arc;

use crate::fetch::{FetchError, LoggedIn, Reply, Session, Validators};
use crate::model::{Class, PageUrl};

use super::door::{Shows, is_at, shows};
use super::enter::{self, Trouble};
use super::round::Round;

impl Round<'_> {
    /// Asks for a page of the portal; logs in before, where that is to be done, and again when the session has ended.
    pub(super) async fn get(&mut self, url: &PageUrl, validators: Validators) -> Result<Reply, FetchError> {
        let Some(session) = self.session.clone().filter(|session| session.form_login().is_some()) else {
            return self.ask(url, validators).await.map_err(|error| with_cure(self, error));
        };
        if !matches!(session.logged_in(), LoggedIn::Yes { .. }) {
            Box::pin(log_in(self, &session, url)).await?;
        }
        let answer = self.ask(url, validators.clone()).await;
        if !Box::pin(has_ended(self, &session, &answer)).await? {
            self.logins.holds |= answer.is_ok();
            return answer;
        }
        // a page that is forbidden to who just logged in is forbidden to the account
        let is_forbidden = matches!(&answer, Err(error) if error.status == Some(403));
        if self.logins.count > 0 && is_forbidden || !self.logins.may_be_more() {
            return refuse(&session, self, url, answer).await;
        }
        Box::pin(log_in(self, &session, url)).await?;
        let answer = self.ask(url, validators).await;
        if Box::pin(has_ended(self, &session, &answer)).await? {
            self.logins.in_vain = true;
            return refuse(&session, self, url, answer).await;
        }
        self.logins.holds |= answer.is_ok();
        answer
    }
}

impl Round<'_> {
    /// Begins a session anew where a list is not what it was: pages for members may just say so, without form and status.
    /// Whether that was done; once a visit, and not when it logged in anyway.
    pub(super) async fn logs_in_anew(&mut self, error: &FetchError, url: &PageUrl) -> bool {
        let is_lost = matches!(
            error.fault.class,
            Class::EmptyList | Class::Selector | Class::Challenge | Class::Suspect
        );
        let session = self.session.clone().filter(|session| session.form_login().is_some());
        let Some(session) = session.filter(|_| is_lost && self.logins.count == 0) else { return false };
        let done = Box::pin(log_in(self, &session, url)).await;
        if let Err(error) = &done {
            tracing::debug!(portal.name = %self.portal.id, error = %error.fault, "no session is begun anew");
        }
        done.is_ok()
    }
}

/// A refusal of basic log-in, with what to do about it.
fn with_cure(round: &Round<'_>, mut error: FetchError) -> FetchError {
    if error.status == Some(401) && round.portal.access.login.is_some() && error.fault.class == Class::Http {
        error.fault.detail.push_str(": check login.user and the password in its file");
    }
    error
}

/// Whether an answer says that nobody is logged in (any more).
async fn has_ended(
    round: &Round<'_>,
    session: &Session,
    answer: &Result<Reply, FetchError>,
) -> Result<bool, FetchError> {
    let reply = match answer {
        Ok(reply) => reply,
        Err(error) => {
            let Some(url) = error.fault.url.as_ref().filter(|url| session.is_own(url)) else {
                return Ok(false);
            };
            let is_led_there = session.form_login().and_then(|login| login.url.as_ref());
            return Ok(match error.fault.class {
                Class::Http | Class::Challenge => matches!(error.status, Some(401 | 403)),
                // led to the form, which robots.txt keeps from those who wander
                Class::Robots => is_led_there.is_some_and(|door| is_at(url, door)),
                _ => false,
            });
        }
    };
    if reply.not_modified || !session.is_own(&reply.url) {
        return Ok(false);
    }
    let door = session.form_login().and_then(|login| login.url.clone());
    // a list may have its form at its own address
    let is_list = |url: &PageUrl| round.portal.lists.iter().any(|list| is_at(url, list));
    if door.as_ref().is_some_and(|door| is_at(&reply.url, door) && !is_list(&reply.url)) {
        return Ok(true);
    }
    let LoggedIn::Yes { form_stays } = session.logged_in() else { return Ok(false) };
    let shows = shows(round, reply, door).await?;
    match (shows, form_stays) {
        (Shows::FormAlone | Shows::WayThere, _) | (Shows::Form, Some(false)) => Ok(true),
        (shows, None) => {
            // the first page behind the door: a form that stands on it all the same stands there always
            session.set_logged_in(LoggedIn::Yes { form_stays: Some(shows == Shows::Form) });
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// Logs in: the page, its form, the answer.
async fn log_in(round: &mut Round<'_>, session: &Arc<Session>, for_page: &PageUrl) -> Result<(), FetchError> {
    let Some((login, door)) = session.form_login().and_then(|login| Some((login, login.url.clone()?))) else {
        return Ok(());
    };
    if let LoggedIn::Refused { fault, .. } = session.logged_in()
        && session.rests(round.now()).await
    {
        return Err(FetchError::new(fault.class, for_page, fault.detail));
    }
    session.forget();
    round.logins.count += 1;
    round.logins.holds = false;
    // a person asked for these two pages: robots.txt speaks to those who wander
    round.turns.is_sent = true;
    let done = enter::enter(round, session, login, &door).await;
    round.turns.is_sent = false;
    match done {
        Ok(()) => {
            session.set_logged_in(LoggedIn::Yes { form_stays: None });
            tracing::info!(portal.name = %round.portal.id, "logged in");
            Ok(())
        }
        Err(Trouble::Refused(class, why)) => {
            let error = FetchError::new(class, &door, why);
            session.refuse(error.fault.clone(), round.now()).await;
            Err(error)
        }
        Err(Trouble::Other(error)) => Err(error),
    }
}

/// A page that asks to log in right after that was done. When it is the list, the session does not hold, and is not tried
/// again for a while; an article may just not be for this account.
async fn refuse(
    session: &Session,
    round: &Round<'_>,
    url: &PageUrl,
    answer: Result<Reply, FetchError>,
) -> Result<Reply, FetchError> {
    let is_list = round.portal.lists.contains(url);
    if let (Err(error), false) = (answer, is_list) {
        return Err(error);
    }
    let why = "the portal asks to log in although that was just done: check login.user, the password in its file and login.url, \
               and that the account may read this page";
    let error = FetchError::new(Class::Http, url, why);
    if is_list {
        session.refuse(error.fault.clone(), round.now()).await;
    }
    Err(error)
}
