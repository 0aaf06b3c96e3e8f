//! What subscribers send (WebSub section 5.1): a form of a few fields, each checked.

use std::collections::HashMap;
use std::time::Duration;

use url::{Url, form_urlencoded};

use crate::model::PageUrl;
use crate::store::{Mode, Wish};

/// Leases in seconds: an hour at least, thirty days at most, ten days when nothing is said.
const LEAST_LEASE: u64 = 60 * 60;
const MOST_LEASE: u64 = 30 * 24 * 60 * 60;
const LEASE: u64 = 10 * 24 * 60 * 60;
/// A secret is shorter than 200 bytes (section 5.1).
const MOST_SECRET: usize = 199;
/// Addresses of subscribers are at most so long.
const MOST_ADDRESS: usize = 2048;

/// Why a form is refused; told to the subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither of the two modes.
    #[error("hub.mode must be subscribe or unsubscribe")]
    Mode,
    /// No address, or one that is no http address.
    #[error(
        "hub.callback must be an http or https address of at most 2048 bytes, without a fragment or password"
    )]
    Callback,
    /// The topic is missing or too long.
    #[error("hub.topic must be the address of one of our feeds, as its rel=self says it")]
    Topic,
    /// Too long, or nothing.
    #[error("hub.secret must be 1 to 199 bytes")]
    Secret,
    /// No number.
    #[error("hub.lease_seconds must be a number of seconds")]
    Lease,
}

/// Reads a form. `is_topic` says whether an address is that of a document of ours.
///
/// # Errors
/// What is missing or wrong.
pub fn read(form: &[u8], is_topic: impl Fn(&str) -> bool) -> Result<Wish, Refusal> {
    let mut fields: HashMap<String, String> = HashMap::new();
    for (name, value) in form_urlencoded::parse(form) {
        fields.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_empty());
    let mode = match take("hub.mode").as_deref() {
        Some("subscribe") => Mode::Subscribe,
        Some("unsubscribe") => Mode::Unsubscribe,
        _ => return Err(Refusal::Mode),
    };
    let callback = take("hub.callback").filter(|text| text.len() <= MOST_ADDRESS).ok_or(Refusal::Callback)?;
    // an address of ours loses these: what is called would not be what was asked for
    let is_plain =
        |url: &Url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let is_plain = Url::parse(callback.trim()).is_ok_and(|url| is_plain(&url));
    let callback = PageUrl::parse(&callback).ok().filter(|_| is_plain);
    let callback = callback.ok_or(Refusal::Callback)?;
    let topic = take("hub.topic")
        .filter(|text| text.len() <= MOST_ADDRESS && is_topic(text))
        .ok_or(Refusal::Topic)?;
    let secret = take("hub.secret");
    if secret.as_ref().is_some_and(|secret| secret.len() > MOST_SECRET) {
        return Err(Refusal::Secret);
    }
    let lease_secs = match take("hub.lease_seconds") {
        Some(text) => text.parse::<u64>().map_err(|_| Refusal::Lease)?.clamp(LEAST_LEASE, MOST_LEASE),
        None => LEASE,
    };
    Ok(Wish { topic, callback, mode, secret, lease_secs })
}

/// How long a lease lasts.
pub(super) fn lease(wish: &Wish) -> Duration {
    Duration::from_secs(wish.lease_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(form: &str) -> Result<Wish, Refusal> {
        read(form.as_bytes(), |topic| topic == "http://a.example/feeds/x.rss")
    }

    const GOOD: &str = "hub.mode=subscribe&hub.callback=http%3A%2F%2Fb.example%2Fcb%3Fx%3D1&hub.topic=http://a.example/feeds/x.rss";

    #[test]
    fn a_whole_form_is_a_wish() {
        let wish = asked(&format!("{GOOD}&hub.secret=s&hub.lease_seconds=1&hub.mode=unsubscribe")).unwrap();
        assert_eq!(wish.callback.as_str(), "http://b.example/cb?x=1");
        assert_eq!(
            (wish.mode, wish.secret.as_deref(), wish.lease_secs),
            (Mode::Subscribe, Some("s"), LEAST_LEASE)
        );
        assert_eq!(asked(GOOD).unwrap().lease_secs, LEASE);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (form, refusal) in [
            (String::new(), Refusal::Mode),
            (GOOD.replace("=subscribe", "=publish"), Refusal::Mode),
            (GOOD.replace("http%3A", "ftp%3A"), Refusal::Callback),
            (GOOD.replace("cb%3F", "cb%23"), Refusal::Callback),
            (GOOD.replace("%2Fb.", "%2Fa:b%40b."), Refusal::Callback),
            (GOOD.replace("%2Fb.", "%2Fa%40b."), Refusal::Callback),
            (GOOD.replace("x.rss", "y.rss"), Refusal::Topic),
            (format!("{GOOD}&hub.secret={}", "x".repeat(200)), Refusal::Secret),
            (format!("{GOOD}&hub.lease_seconds=soon"), Refusal::Lease),
        ] {
            assert_eq!(asked(&form), Err(refusal), "{form}");
        }
    }
}
