//! For tests: a store with a portal and articles in it, and a server on a port of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::compose::Place;
use crate::model::{
    Article, ArticleRules, Attachment, Evidence, Fault, FieldEvidence, Image, Kind, Pace, PageUrl, Portal,
    PortalId, Precision, Recipe, Stamp, VisitCounts,
};
use crate::runtime::{Clock, Meter, Stop};
use crate::store::{self, Lease, Outcome, PageOutcome, ReadPage, Seed, Store};

use super::listen::bind;
use super::server::run;
use super::settings::{Listen, Settings};
use super::state::{Parts, State};

pub(super) const TOKEN: &str = "correct horse battery staple";

pub(super) fn url(text: &str) -> PageUrl {
    PageUrl::parse(text).unwrap()
}

pub(super) fn portal(name: &str) -> Portal {
    Portal {
        id: PortalId::parse(name).unwrap(),
        title: Some(format!("小城 {name}")),
        lists: vec![url(&format!("http://{name}.example/news/"))],
        sample: false,
        admitted: None,
        kind: Kind::Auto,
        pace: Pace::Every(Duration::from_secs(1200)),
        zone: None,
        tags: vec!["hebei".to_owned()],
        recipe: Recipe { article: ArticleRules::default(), ..Recipe::default() },
        min_gap: None,
        headers: Vec::new(),
        access: crate::model::Access::default(),
        expect: crate::model::Expect::default(),
        probe: None,
        enabled: true,
    }
}

pub(super) fn article(name: &str, number: i64) -> Article {
    let at = DateTime::parse_from_rfc3339("2021-03-11T09:11:43+08:00").unwrap() - TimeDelta::hours(number);
    let body =
        format!("<p>第{number}篇：公园占地 12 公顷，今日开放 & &lt;免费&gt;。</p>").replace(" & ", " &amp; ");
    let seen = FieldEvidence { from: "h1".to_owned(), raw: format!("第{number}篇"), refused: Vec::new() };
    Article {
        url: url(&format!("http://{name}.example/show.asp?id={number}")),
        canonical_url: None,
        title: format!("{name} 第{number}篇：A & B <一期>"),
        published: Some(Stamp { at, precision: Precision::Second }),
        modified: None,
        author: Some("王小明".to_owned()),
        source: (number % 2 == 0).then(|| "小城日报".to_owned()),
        categories: vec!["小城新闻".to_owned(), if number % 3 == 0 { "教育" } else { "体育" }.to_owned()],
        html: body.repeat(20),
        text: "公园占地 12 公顷。".to_owned(),
        summary: "公园占地 12 公顷 & 今日开放。".to_owned(),
        lang: Some("zh-CN".to_owned()),
        images: vec![Image {
            url: url(&format!("http://{name}.example/i/{number}.jpg?a=1&b=2")),
            alt: "图".to_owned(),
        }],
        attachments: vec![Attachment {
            url: url(&format!("http://{name}.example/f/{number}.pdf")),
            media_type: "application/pdf".to_owned(),
            title: "附件".to_owned(),
            length: None,
        }],
        evidence: Evidence::from([("title".to_owned(), seen)]),
    }
}

/// A running server with its store.
pub(super) struct Running {
    pub(super) address: SocketAddr,
    pub(super) state: State,
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) stop: Stop,
    pub(super) wake: Arc<Notify>,
    pub(super) folder: tempfile::TempDir,
}

impl Running {
    /// Serves the portals `town` (with five articles) and `empty`.
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running = Self::start_in(folder).await;
        running.publish("town", (0..5).map(|n| article("town", n)).collect()).await;
        running
    }

    pub(super) async fn start_in(folder: tempfile::TempDir) -> Self {
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let store = Store::open(&store::Settings { url, ..store::Settings::default() }).await.unwrap();
        let clock = Clock::by_hand(DateTime::parse_from_rfc3339("2026-11-23T05:40:00Z").unwrap().to_utc());
        let portals = vec![portal("town"), portal("empty")];
        let seed = |portal: &Portal| Seed {
            id: portal.id.clone(),
            first_due: clock.now() + TimeDelta::hours(1),
            pace: "every 1200 s".to_owned(),
            enabled: true,
        };
        store.sync_portals(portals.iter().map(seed).collect(), clock.now()).await.unwrap();
        let listener = bind(&Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 0)))).await.unwrap();
        let address = listener.tcp_address().unwrap();
        let wake = Arc::new(Notify::new());
        // a base of its own: bytes are the same on every port
        let base = super::fixture::url("https://feeds.example/");
        let state = State::new(Parts {
            settings: Settings {
                base_url: Some(base.clone()),
                admin_token: Some(TOKEN.to_owned()),
                ..Settings::default()
            },
            place: Place { base, authority: "feeds.example".to_owned(), mixes: Vec::new() },
            store: store.clone(),
            portals: Arc::new(ArcSwap::from_pointee(portals)),
            meter: Meter::new(),
            clock: clock.clone(),
            node: "test".to_owned(),
            wake: Arc::clone(&wake),
            hub: Arc::default(),
        });
        state.prepare().await.unwrap();
        let stop = Stop::new();
        stop.spawn(run(vec![listener], state.clone(), stop.clone()));
        Self { address, state, store, clock, stop, wake, folder }
    }

    /// Stores articles as a visit does.
    pub(super) async fn publish(&self, name: &str, articles: Vec<Article>) {
        self.visited(name, articles, None).await;
    }

    /// Stores a visit: what it read, and why it failed.
    pub(super) async fn visited(&self, name: &str, articles: Vec<Article>, error: Option<Fault>) {
        let pages = articles.into_iter().map(|article| {
            PageOutcome::Read(Box::new(ReadPage {
                keys: vec![article.url.key()],
                fingerprint: article.html.clone(),
                story: None,
                article,
                etag: None,
                last_modified: None,
                next_visit: None,
                next_visit_changed: None,
            }))
        });
        self.store_pages(name, pages.collect(), error).await;
    }

    /// Stores that an article is gone, seen twice.
    pub(super) async fn withdraw(&self, name: &str, article: &Article) {
        for hours in [0, 1] {
            let seen = self.clock.now() + TimeDelta::hours(hours);
            let gone = PageOutcome::Gone { key: article.url.key(), seen, look_again: None };
            self.store_pages(name, vec![gone], None).await;
        }
    }

    async fn store_pages(&self, name: &str, pages: Vec<PageOutcome>, error: Option<Fault>) {
        let portal = PortalId::parse(name).unwrap();
        let now = self.clock.now();
        let lease = Lease { node: "test".to_owned(), now, until: now + TimeDelta::minutes(5) };
        self.store.claim(&portal, Vec::new(), lease.clone()).await.unwrap().unwrap();
        let outcome = Outcome {
            portal,
            lease,
            ended: now,
            next_due: now + TimeDelta::hours(1),
            error,
            degraded: false,
            title: Some("小城信息网".to_owned()),
            lang: Some("zh-CN".to_owned()),
            counts: VisitCounts::default(),
            notes: Vec::new(),
            lists: Vec::new(),
            listed: Vec::new(),
            pages,
            hosts: Vec::new(),
            walk: None,
        };
        self.store.finish(outcome).await.unwrap();
    }

    /// Sends bytes and reads until the server closes.
    pub(super) async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // a reset after the answer is an end too
        let _ended = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// One request on a connection of its own.
    pub(super) async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: feeds.example\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        Answer(self.exchange(head.as_bytes()).await)
    }

    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.request("GET", path, headers).await
    }

    /// Stops and waits for the end; says whether it came in time.
    pub(super) async fn end(self) -> tempfile::TempDir {
        self.stop.request();
        assert!(self.stop.finished(Duration::from_secs(10)).await, "the server did not end");
        drop(self.state);
        self.store.close().await.unwrap();
        self.folder
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer(pub(super) String);

impl Answer {
    pub(super) fn status(&self) -> u16 {
        self.0.get(9..12).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split("\r\n\r\n").next()?;
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(super) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

pub(super) fn later(clock: &Clock, seconds: i64) -> DateTime<Utc> {
    clock.advance(TimeDelta::seconds(seconds));
    clock.now()
}
