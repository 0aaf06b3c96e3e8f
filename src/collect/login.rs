//! Logging in by a form: before the first page, and again when the session has ended; never in a loop.

use std::sync::Arc;

use bytes::Bytes;
use url::form_urlencoded::Serializer;

use crate::decode::{self, Hints};
use crate::fetch::{self, FetchError, LoggedIn, Reply, Request, Session, Validators};
use crate::model::{Class, Login, PageUrl};
use crate::page::{LoginForm, Page};
use crate::wall;

use super::round::Round;

/// A page with more links than this is the site itself, with a form for logging in at its edge.
const MOST_LINKS: usize = 15;

/// What a page shows of logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Nothing,
    /// A form among other things.
    Form,
    /// A form and hardly anything else.
    FormAlone,
}

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
                Class::Http => matches!(error.status, Some(401 | 403)),
                // led to the form, which robots.txt keeps from those who wander
                Class::Robots => is_led_there.is_some_and(|door| is_at(url, door)),
                _ => false,
            });
        }
    };
    if reply.not_modified || !session.is_own(&reply.url) {
        return Ok(false);
    }
    let door = session.form_login().and_then(|login| login.url.as_ref());
    if door.is_some_and(|door| is_at(&reply.url, door)) {
        return Ok(true);
    }
    let LoggedIn::Yes { form_stays } = session.logged_in() else { return Ok(false) };
    let shows = shows(round, reply).await?;
    match (shows, form_stays) {
        (Shows::FormAlone, _) | (Shows::Form, Some(false)) => Ok(true),
        (shows, None) => {
            // the first page behind the door: a form that stands on it all the same stands there always
            session.set_logged_in(LoggedIn::Yes { form_stays: Some(shows == Shows::Form) });
            Ok(false)
        }
        _ => Ok(false),
    }
}

async fn shows(round: &Round<'_>, reply: &Reply) -> Result<Shows, FetchError> {
    if !reply.body.windows(8).any(|word| word.eq_ignore_ascii_case(b"password")) {
        return Ok(Shows::Nothing);
    }
    let (url, body) = (reply.url.clone(), reply.body.clone());
    let content_type = reply.content_type.clone();
    let look = move || {
        let page = parsed(&body, content_type.as_deref(), url);
        let links =
            page.body().descendants().filter(|node| node.name() == "a" && node.attr("href").is_some());
        match page.login_form() {
            None => Shows::Nothing,
            Some(_) if links.count() > MOST_LINKS => Shows::Form,
            Some(_) => Shows::FormAlone,
        }
    };
    round.parse(&reply.url, reply.body.len(), look).await
}

fn parsed(body: &[u8], content_type: Option<&str>, url: PageUrl) -> Page {
    Page::parse(&decode::decode(body, Hints { fixed: None, content_type }).text, url)
}

/// Whether an address is the page for logging in, whatever it was told in its query.
fn is_at(url: &PageUrl, door: &PageUrl) -> bool {
    url.same_site(door) && url.as_url().path() == door.as_url().path()
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
    let done = enter(round, session, login, &door).await;
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

/// Why a log-in came to nothing.
enum Trouble {
    /// The site said no, or asked for what tidings does not do: not tried again for a while.
    Refused(Class, String),
    /// It could not be asked.
    Other(FetchError),
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        Self::Other(error)
    }
}

async fn enter(
    round: &mut Round<'_>,
    session: &Session,
    login: &Login,
    door: &PageUrl,
) -> Result<(), Trouble> {
    let page = round.ask(door, Validators::default()).await?;
    let (body, kind, url) = (page.body.clone(), page.content_type.clone(), page.url.clone());
    let read = move || {
        let page = parsed(&body, kind.as_deref(), url);
        page.login_form().ok_or_else(|| wall::of(&page))
    };
    let form = round.parse(door, page.body.len(), read).await?;
    let form = form.map_err(|wall| match wall {
        Some(why) => {
            Trouble::Refused(Class::Challenge, format!("before the page for logging in stands a wall: {why}"))
        }
        None => Trouble::Refused(
            Class::Http,
            "the page for logging in has no form with a password: name the page that has it in login.url"
                .to_owned(),
        ),
    })?;
    let password = fetch::password(login).await;
    let password = password.map_err(|why| FetchError::new(Class::Http, door, why))?;
    let fields = filled(&form, login, &password)?;
    if !session.is_own(&form.action)
        || page.url.as_url().scheme() == "https" && form.action.as_url().scheme() != "https"
    {
        let to = form.action.host();
        let why = format!(
            "the form sends the password to {to}, which is not the portal's or not safe; name a page of that site in login.url"
        );
        return Err(Trouble::Refused(Class::Http, why));
    }
    let answer = send(round, &form, &page.url, &fields).await;
    match answer {
        Ok(reply) if is_at(&reply.url, door) && shows(round, &reply).await? != Shows::Nothing => {
            Err(said_no())
        }
        Ok(reply) if shows(round, &reply).await? == Shows::FormAlone => Err(said_no()),
        Err(error) if matches!(error.status, Some(400..=403 | 422)) => Err(said_no()),
        // it was taken, and led to a page that is none: the portal's own pages will tell
        Err(error) if error.status.is_some() && error.requests > 1 => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

fn said_no() -> Trouble {
    let why = "the portal does not take this log-in: check login.user and the password in its file (asked again in an hour, or \
               when the file changes)";
    Trouble::Refused(Class::Http, why.to_owned())
}

async fn send(
    round: &mut Round<'_>,
    form: &LoginForm,
    page: &PageUrl,
    fields: &[(String, String)],
) -> Result<Reply, FetchError> {
    let text = Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = if form.posts {
        Request { form: Some(Bytes::from(text)), ..Request::new(form.action.clone()) }
    } else {
        let address = form.action.join(&format!("?{text}"));
        Request::new(address.map_err(|error| FetchError::new(Class::Protocol, page, error.to_string()))?)
    };
    // sites that guard against forged forms look where one comes from
    let origin = page.as_url().origin().ascii_serialization();
    request.headers = vec![("Origin".to_owned(), origin), ("Referer".to_owned(), page.to_string())];
    round.exchange(request).await
}

/// What is sent: the form's own fields, ours over them, user and password.
fn filled(form: &LoginForm, login: &Login, password: &str) -> Result<Vec<(String, String)>, Trouble> {
    let meant = |value: &str| match value {
        "$user" => login.user.clone(),
        "$password" => password.to_owned(),
        other => other.to_owned(),
    };
    let is_given = |name: &str| login.fields.contains_key(name);
    let check = form.asked.iter().find(|name| !is_given(name) && wall::is_check(name));
    if let Some(name) = check {
        let why = format!(
            "the form asks for what only a person can read (`{name}`): log in with a browser and name its cookies by fetch.cookie_file"
        );
        return Err(Trouble::Refused(Class::Challenge, why));
    }
    let own = form.fields.iter().filter(|(name, _)| !is_given(name)).cloned();
    let mut fields: Vec<(String, String)> = own.collect();
    let named = |value: &str| login.fields.values().any(|given| given == value);
    let (has_user, has_password) = (named("$user"), named("$password"));
    let mut put = |name: &Option<String>, value: String| {
        fields.extend(name.clone().filter(|name| !is_given(name)).map(|name| (name, value)));
    };
    if !has_user {
        put(&form.user, login.user.clone());
    }
    if !has_password {
        put(&form.password, password.to_owned());
    }
    fields.extend(login.fields.iter().map(|(name, value)| (name.clone(), meant(value))));
    Ok(fields)
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
    let why = "the portal asks to log in although that was just done: check login.url, and that the account may read this page";
    let error = FetchError::new(Class::Http, url, why);
    if is_list {
        session.refuse(error.fault.clone(), round.now()).await;
    }
    Err(error)
}
