//! The other side of a hub: feeds elsewhere that name one are subscribed to, so that their news come at once (W3C
//! WebSub section 5.1). What is delivered is a word that there is news: the portal is visited then as ever.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use url::{Host, form_urlencoded};

use crate::fetch::{Call, Fetcher};
use crate::model::PageUrl;
use crate::runtime::Stop;
use crate::store::{FollowEnd, Followed, StoreError};

use super::parts::Parts;

/// Below our base address.
pub(super) const CALLBACK: &str = "hub/callback/";
/// Hubs asked in one round, and at once.
const TAKEN: usize = 200;
const AT_ONCE: usize = 8;
/// The store is looked at so often.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// A hub has so long to take a wish.
const LIMIT: Duration = Duration::from_secs(10);
/// Bytes of its answer that say why it did not.
const MOST_ANSWER: usize = 4096;
/// Leases asked for, in seconds: ten days, as ours are.
const LEASE_SECS: u64 = 10 * 24 * 60 * 60;
/// A hub that does not confirm is asked again after so long; the last one holds for all further.
const PAUSES_SECS: [i64; 5] = [60, 300, 1800, 7200, 86_400];
/// A portal that is not visited now is looked at again.
const OFF: TimeDelta = TimeDelta::hours(1);
/// Whoever refuses is asked again a day later.
pub(super) const DENIED: TimeDelta = TimeDelta::days(1);
/// Leases as hubs give them: shorter ones would keep us asking, longer ones are renewed all the same.
const LEAST_LEASE: TimeDelta = TimeDelta::minutes(5);
const MOST_LEASE: TimeDelta = TimeDelta::days(30);

/// Subscribes until `stop`. A place that nobody outside can reach subscribes to nothing.
pub async fn follow(parts: Parts, stop: Stop) {
    loop {
        tokio::select! {
            () = stop.requested() => return,
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
        if let Err(error) = look(&parts, &stop).await {
            tracing::debug!(error = %error, "hubs elsewhere wait for the store");
        }
    }
}

async fn look(parts: &Parts, stop: &Stop) -> Result<(), StoreError> {
    let (place, fetcher) = (parts.place.load_full(), parts.fetcher.load_full());
    if !is_reachable(&place.base, &fetcher) {
        return Ok(());
    }
    let base = place.base.as_str();
    let due = parts.store.follows(parts.clock.now(), base, TAKEN).await?;
    let asked = futures_util::stream::iter(due).map(|followed| ask(parts, &fetcher, base, followed));
    let mut asked = asked.buffer_unordered(AT_ONCE);
    loop {
        tokio::select! {
            () = stop.requested() => return Ok(()),
            end = asked.next() => match end {
                Some(end) => end?,
                None => return Ok(()),
            },
        }
    }
}

/// Asks one hub. What it means is confirmed at our callback; until then it is asked again, less and less often.
async fn ask(parts: &Parts, fetcher: &Fetcher, base: &str, followed: Followed) -> Result<(), StoreError> {
    let now = parts.clock.now();
    let is_visited = |portal: &crate::model::Portal| portal.enabled && portal.id == followed.portal;
    let again = if parts.portals.load().iter().any(is_visited) {
        now.checked_add_signed(pause(followed.tries)).unwrap_or(now)
    } else {
        return parts.store.end_follow(&followed.token, FollowEnd::Rests { again: now + OFF }).await;
    };
    // written first: the hub may confirm before it answers, and a stop in between asks nobody twice
    let end = FollowEnd::Asked { base: base.to_owned(), again };
    parts.store.end_follow(&followed.token, end).await?;
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "subscribe")
        .append_pair("hub.topic", followed.topic.as_str())
        .append_pair("hub.callback", &format!("{base}{CALLBACK}{}", followed.token))
        .append_pair("hub.secret", &followed.secret)
        .append_pair("hub.lease_seconds", &LEASE_SECS.to_string())
        // hubs of the time before WebSub want to be told how to verify (PubSubHubbub 0.3)
        .append_pair("hub.verify", "async")
        .finish();
    let form = ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned());
    let call = Call {
        url: followed.hub.clone(),
        body: Some(Bytes::from(body)),
        headers: vec![form],
        timeout: LIMIT,
        most: MOST_ANSWER,
    };
    let (portal, hub) = (&followed.portal, followed.hub.host());
    match fetcher.call(call).await {
        Ok(called) if (200..300).contains(&called.status) => {
            tracing::debug!(portal.name = %portal, hub.host = hub, "a hub was asked for news");
        }
        Ok(called) => tracing::info!(
            portal.name = %portal, hub.host = hub, http.status = called.status,
            "the hub of {portal} does not take us: it is visited as ever"
        ),
        Err(error) => tracing::info!(
            portal.name = %portal, hub.host = hub, error = %error.fault,
            "the hub of {portal} could not be asked: it is visited as ever"
        ),
    }
    Ok(())
}

fn pause(tries: u32) -> TimeDelta {
    let last = PAUSES_SECS.len() - 1;
    let place = usize::try_from(tries).unwrap_or(last).min(last);
    TimeDelta::seconds(PAUSES_SECS.get(place).copied().unwrap_or(86_400))
}

/// What a hub's confirmation comes to: a lease of so many seconds, renewed before it ends.
#[must_use]
pub fn granted(lease_secs: Option<u64>, now: DateTime<Utc>) -> FollowEnd {
    let secs = i64::try_from(lease_secs.unwrap_or(LEASE_SECS)).unwrap_or(i64::MAX);
    let lease = TimeDelta::try_seconds(secs).unwrap_or(MOST_LEASE).clamp(LEAST_LEASE, MOST_LEASE);
    FollowEnd::Granted { until: now + lease, renew: now + lease - lease / 8 }
}

/// What a hub's refusal comes to.
#[must_use]
pub fn denied(now: DateTime<Utc>) -> FollowEnd {
    FollowEnd::Rests { again: now + DENIED }
}

/// Whether others can reach an address, as far as it says: not one of this machine or of a private network.
fn is_reachable(base: &PageUrl, fetcher: &Fetcher) -> bool {
    let is_local = |name: &str| {
        !name.contains('.')
            || [".local", ".localhost", ".internal", ".home.arpa", ".invalid", ".test"]
                .iter()
                .any(|end| name.ends_with(end))
    };
    match base.as_url().host() {
        Some(Host::Domain(name)) => !is_local(name.trim_end_matches('.')),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => fetcher.may_call(base),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::{Clock, Meter};

    #[test]
    fn only_what_others_can_reach_is_told_to_hubs() {
        let fetcher = |networks: &[&str]| {
            let allow_networks = networks.iter().map(|network| network.parse().unwrap()).collect();
            let settings = crate::fetch::Settings { allow_networks, ..crate::fetch::Settings::default() };
            Fetcher::new(settings, Clock::system(), Meter::new()).unwrap()
        };
        let (closed, open) = (fetcher(&[]), fetcher(&["127.0.0.0/8"]));
        for (base, reachable) in [
            ("https://feeds.example.net/", true),
            ("http://localhost:7878/", false),
            ("http://nas.local/", false),
            ("http://127.0.0.1:7878/", false),
            ("http://192.168.1.5/", false),
            ("http://[::1]/", false),
            ("http://9.9.9.9/", true),
        ] {
            assert_eq!(is_reachable(&PageUrl::parse(base).unwrap(), &closed), reachable, "{base}");
        }
        assert!(is_reachable(&PageUrl::parse("http://127.0.0.1:7878/").unwrap(), &open));
    }

    #[test]
    fn leases_are_renewed_before_they_end_and_who_is_silent_is_asked_less_and_less() {
        let now = DateTime::from_timestamp(1_772_323_200, 0).unwrap();
        for (told, lasts) in [
            (Some(86_400), TimeDelta::days(1)),
            (Some(1), LEAST_LEASE),
            (Some(u64::MAX), MOST_LEASE),
            (None, TimeDelta::days(10)),
        ] {
            let FollowEnd::Granted { until, renew } = granted(told, now) else { panic!() };
            assert_eq!(until - now, lasts, "{told:?}");
            assert!(renew < until && renew > now);
        }
        let pauses: Vec<i64> = (0..7).map(|tries| pause(tries).num_seconds()).collect();
        assert_eq!(pauses, [60, 300, 1800, 7200, 86_400, 86_400, 86_400]);
    }
}
