//! The two requests to a subscriber: is it meant, and here is the document.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::fetch::{Call, Fetcher};
use crate::model::{Class, PageUrl};
use crate::store::{Mode, Push, PushEnd, WishEnd, Wished};

use super::{form, plan, signature};

/// The first try of a delivery: who does not answer soon is tried again when nobody waits behind it.
const FIRST_LIMIT: Duration = Duration::from_millis(1500);
/// Every other request.
const LIMIT: Duration = Duration::from_secs(10);
/// Bytes of an answer that say anything: a challenge echoed.
const MOST_ANSWER: usize = 4096;

/// A document to be delivered.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) digest: String,
    pub(super) body: Bytes,
    pub(super) content_type: &'static str,
    /// `Link`: hub and self (section 7).
    pub(super) link: String,
}

/// Why a subscription is denied, for the subscriber's log.
const DENIED: &str = "this feed is no longer served here";

/// Asks whether a wish is meant (section 5.3), or tells that it is denied (5.2). `sent` is the digest of the topic's document now.
pub(super) async fn verify(
    fetcher: &Fetcher,
    wished: &Wished,
    sent: Option<String>,
    now: DateTime<Utc>,
) -> WishEnd {
    let wish = &wished.wish;
    let challenge = challenge();
    let mut url = wish.callback.as_url().clone();
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("hub.mode", wish.mode.as_str()).append_pair("hub.topic", &wish.topic);
        match wish.mode {
            Mode::Denied => query.append_pair("hub.reason", DENIED),
            Mode::Unsubscribe => query.append_pair("hub.challenge", &challenge),
            Mode::Subscribe => query
                .append_pair("hub.challenge", &challenge)
                .append_pair("hub.lease_seconds", &wish.lease_secs.to_string()),
        };
    }
    // what is denied ends, whether the subscriber can be told or not
    let refused = if wish.mode == Mode::Denied { WishEnd::Ended } else { WishEnd::Refused };
    let later = || plan::verify_again(wished.tries, now).map_or(refused.clone(), WishEnd::Later);
    let Ok(url) = PageUrl::parse(url.as_str()) else { return refused };
    let call = Call { url, body: None, headers: Vec::new(), timeout: LIMIT, most: MOST_ANSWER };
    match fetcher.call(call).await {
        Ok(called) if called.status >= 500 => later(),
        Ok(_) if wish.mode == Mode::Denied => WishEnd::Ended,
        Ok(called) if !(200..300).contains(&called.status) => WishEnd::Refused,
        Ok(called) if called.body.trim_ascii() != challenge.as_bytes() => WishEnd::Refused,
        Ok(_) if wish.mode == Mode::Unsubscribe => WishEnd::Ended,
        Ok(_) => WishEnd::Granted { until: now + form::lease(wish), sent },
        Err(error) if error.fault.class == Class::BlockedAddress => {
            tracing::info!(callback.host = wish.callback.host(), "a subscriber's address may not be called");
            refused
        }
        Err(_) => later(),
    }
}

/// Delivers a document (section 7), signed where the subscriber gave a secret.
pub(super) async fn deliver(
    fetcher: &Fetcher,
    push: &Push,
    document: &Document,
    now: DateTime<Utc>,
) -> PushEnd {
    let mut headers = vec![
        ("Content-Type".to_owned(), document.content_type.to_owned()),
        ("Link".to_owned(), document.link.clone()),
    ];
    if let Some(secret) = &push.secret {
        headers.push(("X-Hub-Signature".to_owned(), signature::header(secret, &document.body)));
    }
    let timeout = if push.failures == 0 { FIRST_LIMIT } else { LIMIT };
    let call = Call {
        url: push.callback.clone(),
        body: Some(document.body.clone()),
        headers,
        timeout,
        most: MOST_ANSWER,
    };
    match fetcher.call(call).await {
        Ok(called) if (200..300).contains(&called.status) => {
            PushEnd::Delivered { digest: document.digest.clone(), owed: push.owed.clone() }
        }
        Ok(called) if called.status == 410 => PushEnd::Ended,
        Ok(_) | Err(_) => {
            let since = push.since.unwrap_or(now);
            plan::again(push.failures, since, now).map_or(PushEnd::Rests, |at| PushEnd::Later { at, since })
        }
    }
}

/// 128 bits that nobody can guess: two keyed hashes, the keys from the system's own source of chance.
fn challenge() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}
