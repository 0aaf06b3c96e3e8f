//! A hub with subscribers on loopback: verified, told, renewed, ended, given up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::signature;
use super::*;
use crate::compose::Place;
use crate::fetch::Fetcher;
use crate::model::{
    Article, ArticleRules, Evidence, Kind, Pace, PageUrl, Portal, PortalId, Precision, Recipe, Stamp,
    VisitCounts,
};
use crate::runtime::{Clock, Meter, Stop};
use crate::store::{Lease, Mode, Outcome, PageOutcome, ReadPage, Seed, Settings, Store, Wish};

mod trouble;

const TOPIC: &str = "https://feeds.example/feeds/town.atom";

/// What a subscriber got: request line, head, body.
type Got = Arc<Mutex<Vec<(String, String, Vec<u8>)>>>;

/// A subscriber that echoes challenges (when `honest`) and answers documents with a status.
async fn subscriber(honest: bool, status: u16) -> (PageUrl, Got) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = PageUrl::parse(&format!("http://{}/cb?x=1", listener.local_addr().unwrap())).unwrap();
    let got = Got::default();
    let seen = Arc::clone(&got);
    let tasks = Stop::new();
    tasks.clone().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tasks.spawn(one(stream, Arc::clone(&seen), honest, status));
        }
    });
    (url, got)
}

async fn one(mut stream: TcpStream, got: Got, honest: bool, status: u16) {
    let mut bytes = Vec::new();
    let mut buffer = [0_u8; 65536];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).to_lowercase();
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    while bytes.len() < head_end + length.unwrap_or(0) {
        let n = stream.read(&mut buffer).await.unwrap();
        bytes.extend_from_slice(&buffer[..n]);
    }
    let line = head.lines().next().unwrap().to_owned();
    let challenge =
        line.split("hub.challenge=").nth(1).map(|rest| rest.split(['&', ' ']).next().unwrap().to_owned());
    let body = challenge.filter(|_| honest).unwrap_or_default();
    let status = if line.starts_with("get") { 200 } else { status };
    got.lock().unwrap().push((line, head, bytes[head_end..].to_vec()));
    let answer =
        format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes()).await;
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).unwrap() + TimeDelta::minutes(minute)
}

fn town() -> PortalId {
    PortalId::parse("town").unwrap()
}

struct Scene {
    folder: tempfile::TempDir,
    parts: Parts,
    stop: Stop,
}

async fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let place = format!("sqlite:{}", folder.path().join("t.db").display());
    let store = Store::open(&Settings { url: place, ..Settings::default() }).await.unwrap();
    let seed = Seed { id: town(), first_due: at(0), pace: String::new(), enabled: true };
    store.sync_portals(vec![seed], at(0)).await.unwrap();
    let portal = Portal {
        id: town(),
        title: None,
        lists: vec![PageUrl::parse("http://town.example/").unwrap()],
        sample: false,
        admitted: None,
        kind: Kind::Auto,
        pace: Pace::Every(Duration::from_secs(60)),
        zone: None,
        tags: Vec::new(),
        recipe: Recipe { article: ArticleRules::default(), ..Recipe::default() },
        min_gap: None,
        headers: Vec::new(),
        access: crate::model::Access::default(),
        expect: crate::model::Expect::default(),
        probe: None,
        enabled: true,
    };
    let clock = Clock::system();
    let settings = crate::fetch::Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..crate::fetch::Settings::default()
    };
    let fetcher = Fetcher::new(settings, clock.clone(), Meter::new()).unwrap();
    let place = Place {
        base: PageUrl::parse("https://feeds.example/").unwrap(),
        authority: "feeds.example".to_owned(),
        mixes: Vec::new(),
    };
    let parts = Parts {
        store,
        fetcher: Arc::new(ArcSwap::from_pointee(fetcher)),
        portals: Arc::new(ArcSwap::from_pointee(vec![portal])),
        place: Arc::new(ArcSwap::from_pointee(place)),
        clock,
        wake: Arc::default(),
        meter: Meter::new(),
    };
    Scene { folder, parts, stop: Stop::new() }
}

impl Scene {
    fn start(&self) {
        self.stop.spawn(Hub::new(self.parts.clone()).run(self.stop.clone()));
    }

    async fn ask(&self, callback: &PageUrl, subscribe: bool, secret: Option<&str>) {
        let wish = Wish {
            topic: TOPIC.to_owned(),
            callback: callback.clone(),
            mode: if subscribe { Mode::Subscribe } else { Mode::Unsubscribe },
            secret: secret.map(str::to_owned),
            lease_secs: 3600,
        };
        assert!(self.parts.store.wish(wish, self.parts.clock.now()).await.unwrap());
        self.parts.wake.notify_one();
    }

    /// A visit that stores an article.
    async fn publish(&self, number: i64) {
        let lease = Lease { node: "n".to_owned(), now: at(number), until: at(number + 1) };
        self.parts.store.claim(&town(), Vec::new(), lease.clone()).await.unwrap().unwrap();
        let url = PageUrl::parse(&format!("http://town.example/{number}")).unwrap();
        let stamp = Stamp { at: at(number).fixed_offset(), precision: Precision::Minute };
        let article = Article {
            url: url.clone(),
            canonical_url: None,
            title: format!("Notice {number}"),
            published: Some(stamp),
            modified: None,
            author: None,
            source: None,
            categories: Vec::new(),
            html: "<p>x</p>".to_owned(),
            text: "x".to_owned(),
            summary: "x".to_owned(),
            lang: None,
            images: Vec::new(),
            attachments: Vec::new(),
            evidence: Evidence::new(),
        };
        let page = ReadPage {
            keys: vec![url.key()],
            fingerprint: article.title.clone(),
            article,
            story: None,
            etag: None,
            last_modified: None,
            next_visit: None,
            next_visit_changed: None,
        };
        let outcome = Outcome {
            portal: town(),
            lease,
            ended: at(number),
            next_due: at(number + 60),
            error: None,
            degraded: false,
            title: None,
            lang: None,
            counts: VisitCounts::default(),
            notes: Vec::new(),
            lists: Vec::new(),
            listed: Vec::new(),
            pages: vec![PageOutcome::Read(Box::new(page))],
            hosts: Vec::new(),
            walk: None,
        };
        self.parts.store.finish(outcome).await.unwrap();
    }
}

/// Waits until something holds, a few seconds at most.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

fn count(got: &Got, method: &str) -> usize {
    got.lock().unwrap().iter().filter(|(line, ..)| line.starts_with(method)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscriber_is_verified_told_within_two_seconds_renewed_and_ended() {
    let scene = scene().await;
    scene.publish(1).await;
    scene.start();
    let (callback, got) = subscriber(true, 204).await;
    let (liar, lies) = subscriber(false, 204).await;
    scene.ask(&callback, true, Some("key")).await;
    scene.ask(&liar, true, None).await;
    until("verified", || count(&got, "get") == 1 && count(&lies, "get") == 1).await;
    let line = got.lock().unwrap()[0].0.clone();
    for part in
        ["/cb?x=1&hub.mode=subscribe", "hub.topic=https%3a%2f%2ffeeds.example", "hub.lease_seconds=3600"]
    {
        assert!(line.contains(part), "{line}");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(count(&got, "post"), 0, "what it may have already is not pushed");
    let stored = std::time::Instant::now();
    scene.publish(2).await;
    until("pushed", || count(&got, "post") == 1).await;
    assert!(stored.elapsed() < Duration::from_secs(2), "{:?}", stored.elapsed());
    let (_, head, body) = got.lock().unwrap()[1].clone();
    assert!(head.contains("content-type: application/atom+xml"), "{head}");
    assert!(head.contains("rel=\"hub\"") && head.contains("rel=\"self\""), "{head}");
    assert!(head.contains(&format!("x-hub-signature: {}", signature::header("key", &body))), "{head}");
    assert!(String::from_utf8_lossy(&body).contains("Notice 2"));
    scene.ask(&callback, false, None).await;
    until("asked to end", || count(&got, "get") == 2).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    scene.publish(3).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!((count(&got, "post"), count(&lies, "post")), (1, 0));
    scene.stop.request();
    assert!(scene.stop.finished(Duration::from_secs(5)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_subscribers_delay_nobody_and_a_restart_neither_loses_nor_repeats() {
    let scene = scene().await;
    scene.publish(1).await;
    let (callback, got) = subscriber(true, 200).await;
    scene.start();
    // 180 live ones on one host, 20 that nobody answers for by the time of the push
    let mut dead = Vec::new();
    for _ in 0..20 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        dead.push(listener);
    }
    let with = |n: usize| PageUrl::parse(&format!("{callback}&n={n}")).unwrap();
    for n in 0..180 {
        scene.ask(&with(n), true, None).await;
    }
    until("verified", || count(&got, "get") == 180).await;
    let now = scene.parts.clock.now();
    for listener in &dead {
        let url = PageUrl::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let wish = Wish {
            topic: TOPIC.to_owned(),
            callback: url,
            mode: Mode::Subscribe,
            secret: None,
            lease_secs: 3600,
        };
        assert!(scene.parts.store.wish(wish, now + TimeDelta::hours(1)).await.unwrap());
        let wished = scene.parts.store.wishes(now + TimeDelta::hours(2), 500).await.unwrap();
        let end = crate::store::WishEnd::Granted { until: now + TimeDelta::hours(1), sent: None };
        scene.parts.store.end_wish(wished.last().unwrap().clone(), end).await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(dead);
    let stored = std::time::Instant::now();
    scene.publish(2).await;
    until("all live ones are told", || count(&got, "post") == 180).await;
    assert!(stored.elapsed() < Duration::from_secs(2), "{:?}", stored.elapsed());
    tokio::time::sleep(Duration::from_millis(300)).await;
    scene.stop.request();
    assert!(scene.stop.finished(Duration::from_secs(5)).await);
    // stored while no hub works: told after the next start, once
    scene.publish(3).await;
    let again = Scene { stop: Stop::new(), ..scene };
    again.start();
    until("told of what was missed", || count(&got, "post") == 360).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(count(&got, "post"), 360);
    again.stop.request();
    assert!(again.stop.finished(Duration::from_secs(5)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_feed_that_is_gone_is_denied() {
    let scene = scene().await;
    scene.publish(1).await;
    scene.start();
    let (callback, got) = subscriber(true, 204).await;
    scene.ask(&callback, true, None).await;
    until("verified", || count(&got, "get") == 1).await;
    let now = scene.parts.clock.now();
    for _ in 0..100 {
        if scene.parts.store.subscriptions(now).await.unwrap().active == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    scene.parts.portals.store(Arc::default());
    // asked for while the feed goes: denied without being asked back
    let (late, refused) = subscriber(true, 204).await;
    scene.ask(&late, true, None).await;
    scene.publish(2).await;
    until("denied", || count(&got, "get") == 2 && count(&refused, "get") == 1).await;
    for line in [got.lock().unwrap()[1].0.clone(), refused.lock().unwrap()[0].0.clone()] {
        assert!(line.contains("hub.mode=denied&hub.topic=https%3a%2f%2ffeeds.example"), "{line}");
        assert!(line.contains("hub.reason=") && !line.contains("hub.challenge"), "{line}");
    }
    until("nothing is left to do", || count(&got, "post") == 0).await;
    for _ in 0..100 {
        if scene.parts.store.next_push().await.unwrap().is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(scene.parts.store.next_push().await.unwrap(), None, "the rows are gone");
    scene.stop.request();
    assert!(scene.stop.finished(Duration::from_secs(5)).await);
}
