//! A portal on loopback, visited by the library into a store, with a clock that is turned by hand.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tidings::collect::{self, Collector, Watch};
use tidings::compose::{Desk, Place, Writing, spec_for};
use tidings::fetch::{self, Fetcher};
use tidings::model::{
    ArticleRules, Kind, Pace, PageUrl, Portal as Configured, PortalId, PortalStatus, Recipe, StoredArticle,
};
use tidings::render::{self, Format};
use tidings::runtime::{Clock, Meter, Stop};
use tidings::schedule::{self, Visited, Visits};
use tidings::store::{self, Query, Store};

use crate::portal::Portal;

/// The portal, its configuration, and who visits it. Its list is at `/news/`, its name `paper`.
#[derive(Debug)]
pub(crate) struct Stand {
    pub(crate) site: Arc<Portal>,
    pub(crate) visits: Visits,
    pub(crate) configured: Arc<Configured>,
    runtime: tokio::runtime::Runtime,
    folder: tempfile::TempDir,
}

impl Stand {
    pub(crate) fn new(now: &str) -> Self {
        Self::with(now, |_| ())
    }

    /// With something configured.
    pub(crate) fn with(now: &str, change: impl FnOnce(&mut Configured)) -> Self {
        Self::set_up(now, |_| (), change)
    }

    /// With something configured of fetching too.
    pub(crate) fn set_up(
        now: &str,
        fetch: impl FnOnce(&mut fetch::Settings),
        change: impl FnOnce(&mut Configured),
    ) -> Self {
        let site = Arc::new(Portal::start());
        let mut configured = configured(&site);
        change(&mut configured);
        let mut settings = settings();
        fetch(&mut settings);
        Self::open(site, configured, settings, now.parse().unwrap(), |_| ())
    }

    /// The same portal, with a copy of the store as it is now.
    pub(crate) fn copy(&self) -> Self {
        let now = self.visits.clock.now();
        Self::open(Arc::clone(&self.site), Configured::clone(&self.configured), settings(), now, |to| {
            self.runtime.block_on(self.visits.store.backup(to)).unwrap();
        })
    }

    fn open(
        site: Arc<Portal>,
        configured: Configured,
        fetch: fetch::Settings,
        now: DateTime<Utc>,
        fill: impl FnOnce(&Path),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("t.db");
        fill(&file);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let clock = Clock::by_hand(now);
        let configured = Arc::new(configured);
        let settings = store::Settings {
            url: format!("sqlite:{}", file.display()),
            authority: "town.example".to_owned(),
            ..store::Settings::default()
        };
        let store = runtime.block_on(Store::open(&settings)).unwrap();
        let seeds = schedule::seeds(std::slice::from_ref(&*configured), clock.now());
        runtime.block_on(store.sync_portals(seeds, clock.now())).unwrap();
        let meter = Meter::new();
        let fetcher = Fetcher::new(fetch, clock.clone(), meter.clone()).unwrap();
        let collector = Collector::new(
            fetcher,
            clock.clone(),
            meter.clone(),
            collect::Settings::default(),
            Duration::ZERO,
        );
        let visits = Visits {
            store,
            collector: Arc::new(ArcSwap::from_pointee(collector)),
            clock,
            meter,
            node: "test".to_owned(),
            streaks: schedule::Streaks::default(),
            lease: Duration::from_secs(300),
        };
        Self { site, visits, configured, runtime, folder }
    }

    /// Has portals visited when they are due, until the order that is returned says stop.
    pub(crate) fn planned(&self, portals: Vec<Configured>) -> Stop {
        let (stop, now) = (Stop::new(), self.visits.clock.now());
        self.runtime.block_on(self.visits.store.sync_portals(schedule::seeds(&portals, now), now)).unwrap();
        let (visits, portals) = (self.visits.clone(), Arc::new(ArcSwap::from_pointee(portals)));
        let settings = schedule::Settings { heartbeat: Duration::from_millis(100), ..Default::default() };
        let planner = schedule::Planner::new(visits, settings, portals, Arc::default(), None);
        let _on = self.runtime.enter();
        stop.spawn(planner.run(stop.clone()));
        stop
    }

    /// Waits until what was told to stop has ended.
    pub(crate) fn ended(&self, stop: &Stop) {
        stop.request();
        self.runtime.block_on(stop.finished(crate::daemon::PATIENCE));
    }

    pub(crate) fn ask(&self, portal: &PortalId) {
        self.runtime.block_on(self.visits.store.ask_visit(portal, self.visits.clock.now())).unwrap();
    }

    /// One number out of the store.
    pub(crate) fn sql(&self, query: &str) -> i64 {
        let store = rusqlite::Connection::open(self.folder.path().join("t.db")).unwrap();
        store.query_row(query, [], |row| row.get(0)).unwrap()
    }

    /// A visit that a person asks for.
    pub(crate) fn visit(&self) -> Visited {
        self.visit_watched(Watch::default())
    }

    /// A visit that is due: only what is new is asked for.
    pub(crate) fn visit_due(&self) -> Visited {
        self.made(Watch::default(), false)
    }

    pub(crate) fn visit_watched(&self, watch: Watch) -> Visited {
        self.made(watch, true)
    }

    fn made(&self, watch: Watch, asked: bool) -> Visited {
        let visits = self.visits.clone();
        let portal = Arc::clone(&self.configured);
        self.runtime.block_on(async move {
            let mut claim = visits.claim(&portal).await.unwrap().unwrap();
            claim.asked = asked;
            visits.make(portal, claim, Stop::new(), watch).await.unwrap()
        })
    }

    pub(crate) fn stored(&self) -> Vec<StoredArticle> {
        let query = Query { limit: 1000, ..Query::default() };
        self.runtime.block_on(self.visits.store.articles(query)).unwrap()
    }

    /// How the portal fares.
    pub(crate) fn status(&self) -> PortalStatus {
        self.status_of(&self.configured.id)
    }

    pub(crate) fn status_of(&self, portal: &PortalId) -> PortalStatus {
        let all = self.runtime.block_on(self.visits.store.status(self.visits.clock.now())).unwrap();
        all.get(portal).cloned().unwrap()
    }

    /// Incidents so far, the newest first.
    pub(crate) fn incidents(&self) -> Vec<store::Incident> {
        self.runtime.block_on(self.visits.store.incidents(100)).unwrap()
    }

    /// A feed as Atom.
    pub(crate) fn atom(&self, name: &str) -> String {
        String::from_utf8(self.feed(name, Format::Atom)).unwrap()
    }

    /// A feed as it is served.
    pub(crate) fn feed(&self, name: &str, format: Format) -> Vec<u8> {
        let place = Place {
            base: PageUrl::parse("https://feeds.example/").unwrap(),
            authority: "a.example".to_owned(),
            mixes: Vec::new(),
        };
        let portals = [Configured::clone(&self.configured)];
        let desk = Desk { portals: &portals, place: &place, store: &self.visits.store };
        let spec = spec_for(name, &portals, &[]).unwrap();
        let feed = self.runtime.block_on(desk.whole(&spec, Writing::No)).unwrap();
        render::feed(&feed, format)
    }
}

fn settings() -> fetch::Settings {
    fetch::Settings {
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        min_gap: Duration::ZERO,
        ..fetch::Settings::default()
    }
}

fn configured(site: &Portal) -> Configured {
    Configured {
        id: PortalId::parse("paper").unwrap(),
        title: None,
        lists: vec![PageUrl::parse(&site.url("/news/")).unwrap()],
        sample: false,
        admitted: None,
        kind: Kind::Auto,
        pace: Pace::Every(Duration::from_secs(3600)),
        zone: Some(chrono_tz::Asia::Shanghai),
        tags: Vec::new(),
        recipe: Recipe { article: ArticleRules::default(), ..Recipe::default() },
        min_gap: Some(Duration::ZERO),
        headers: Vec::new(),
        access: tidings::model::Access::default(),
        expect: tidings::model::Expect::default(),
        probe: None,
        enabled: true,
    }
}
