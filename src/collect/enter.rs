//! The form for logging in: found, filled in, sent, and its answer judged.

use std::borrow::Cow;

use bytes::Bytes;
use url::form_urlencoded::Serializer;

use crate::data;
use crate::decode;
use crate::fetch::{self, FetchError, Reply, Request, Session, Validators};
use crate::model::{Class, Login, PageUrl};
use crate::page::LoginForm;
use crate::wall;

use super::door::{Shows, is_at, parsed, shows};
use super::round::Round;

/// Pages from the one for logging in to the form with the password, at most.
const MOST_STEPS: usize = 5;

/// Why a log-in came to nothing.
pub(super) enum Trouble {
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

/// Goes to the page for logging in, fills its form and sends it; a form may ask for the user first, and for the password on
/// the next page.
pub(super) async fn enter(
    round: &mut Round<'_>,
    session: &Session,
    login: &Login,
    door: &PageUrl,
) -> Result<(), Trouble> {
    let mut page = round.ask(door, Validators::default()).await?;
    let password = fetch::password(login).await;
    let password = password.map_err(|why| FetchError::new(Class::Http, door, why))?;
    let mut is_known = false;
    for _ in 0..MOST_STEPS {
        page = match looked_at(round, &page).await? {
            Found::Form(form) => {
                let is_last =
                    form.password.is_some() || login.fields.values().any(|value| value == "$password");
                if !is_last && is_known {
                    return Err(said_no());
                }
                may_be_sent(session, &page, &form)?;
                let fields = filled(&form, login, &password)?;
                let answer = send(round, &form, &page.url, &fields).await;
                if is_last {
                    return judged(round, door, answer).await;
                }
                is_known = true;
                match answer {
                    Err(error) if matches!(error.status, Some(400..=403 | 422)) => return Err(said_no()),
                    answer => answer?,
                }
            }
            Found::Way(url) if session.is_own(&url) => round.ask(&url, Validators::default()).await?,
            Found::Wall(why) => {
                let why = format!("before the page for logging in stands a wall: {why}");
                return Err(Trouble::Refused(Class::Challenge, why));
            }
            Found::Way(_) | Found::Nothing => break,
        };
    }
    let why = "the page for logging in has no form with a password: name the page that has it in login.url";
    Err(Trouble::Refused(Class::Http, why.to_owned()))
}

/// What stands on the page for logging in.
enum Found {
    Form(LoginForm),
    /// Where it sends its readers on.
    Way(PageUrl),
    Wall(&'static str),
    Nothing,
}

async fn looked_at(round: &Round<'_>, reply: &Reply) -> Result<Found, FetchError> {
    let (body, kind, url) = (reply.body.clone(), reply.content_type.clone(), reply.url.clone());
    let read = move || {
        let (page, charset) = parsed(&body, kind.as_deref(), url);
        let form =
            page.login_form().or_else(|| data::sent_on(&page).is_none().then(|| page.name_form()).flatten());
        // sent as a browser would: in the form's charset, else in the page's
        let form =
            form.map(|form| LoginForm { charset: form.charset.clone().or(Some(charset.to_owned())), ..form });
        let way = || data::sent_on(&page).map(Found::Way);
        let wall = || wall::of(&page).map(Found::Wall);
        form.map(Found::Form).or_else(way).or_else(wall).unwrap_or(Found::Nothing)
    };
    round.parse(&reply.url, reply.body.len(), read).await
}

/// Refuses to send a password to others, or from a page that came by https to one at http.
fn may_be_sent(session: &Session, page: &Reply, form: &LoginForm) -> Result<(), Trouble> {
    let is_safe = page.url.as_url().scheme() != "https" || form.action.as_url().scheme() == "https";
    if session.is_own(&form.action) && is_safe {
        return Ok(());
    }
    let to = form.action.host();
    let why = format!(
        "the form sends the password to {to}, which is not the portal's or not safe; name a page of that site in login.url"
    );
    Err(Trouble::Refused(Class::Http, why))
}

/// What the answer to the form says.
async fn judged(round: &Round<'_>, door: &PageUrl, answer: Result<Reply, FetchError>) -> Result<(), Trouble> {
    let reply = match answer {
        Ok(reply) => reply,
        Err(error) if matches!(error.status, Some(400..=403 | 422)) => return Err(said_no()),
        // it was taken, and led to a page that is none: the portal's own pages will tell
        Err(error) if error.status.is_some() && error.requests > 1 => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let shows = shows(round, &reply, None).await?;
    if shows == Shows::FormAlone || shows == Shows::Form && is_at(&reply.url, door) || is_refusal(&reply) {
        return Err(said_no());
    }
    Ok(())
}

/// Whether an answer that is for a script says no: JSON that tells of a fault, or a script that goes back.
fn is_refusal(reply: &Reply) -> bool {
    let Ok(text) = std::str::from_utf8(&reply.body) else {
        return goes_back(&String::from_utf8_lossy(&reply.body));
    };
    let Ok(serde_json::Value::Object(said)) = serde_json::from_str(text) else { return goes_back(text) };
    said.iter().any(|(key, value)| match key.to_ascii_lowercase().as_str() {
        "ok" | "success" | "succeeded" | "authenticated" | "loggedin" | "logged_in" | "issuccess"
        | "valid" => value == &serde_json::Value::Bool(false),
        "error" | "errors" => match value {
            serde_json::Value::Null | serde_json::Value::Bool(false) => false,
            serde_json::Value::Number(number) => number.as_i64() != Some(0),
            serde_json::Value::String(text) => !text.is_empty(),
            serde_json::Value::Array(all) => !all.is_empty(),
            serde_json::Value::Object(all) => !all.is_empty(),
            serde_json::Value::Bool(true) => true,
        },
        _ => false,
    })
}

/// Whether a page is a script that tells of something and goes back to the form.
fn goes_back(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_script = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("<script"));
    is_script && ["history.back", "history.go(-1"].iter().any(|way| text.contains(way))
}

fn said_no() -> Trouble {
    let why = "the portal does not take this log-in: check login.user and the password in its file (asked again in an hour, or \
               when the file changes)";
    Trouble::Refused(Class::Http, why.to_owned())
}

/// Texts to the bytes of a charset.
fn coder(charset: &str) -> impl Fn(&str) -> Cow<'_, [u8]> {
    move |text| Cow::Owned(decode::encode(text, charset))
}

async fn send(
    round: &mut Round<'_>,
    form: &LoginForm,
    page: &PageUrl,
    fields: &[(String, String)],
) -> Result<Reply, FetchError> {
    let charset = form.charset.as_deref().unwrap_or("utf-8");
    let bytes = coder(charset);
    let text = Serializer::new(String::new()).encoding_override(Some(&bytes)).extend_pairs(fields).finish();
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
