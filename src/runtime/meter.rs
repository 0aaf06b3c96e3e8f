//! Counters and histograms for `/metrics`, handed to whoever counts; there is no global registry.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// All meters of one running tidings. Clones count into the same meters.
#[derive(Debug, Clone)]
pub struct Meter(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Mutex<Registry>,
    visits: Family<VisitLabels, Counter>,
    visit_seconds: Histogram,
    articles: Family<ArticleLabels, Counter>,
    fetches: Family<FetchLabels, Counter>,
    fetched_bytes: Counter,
    /// The counters of [`FEEDS`] for 200 and 304, looked up once.
    feeds: [Counter; 2],
    requests: Family<RequestLabels, Counter>,
    connections: Gauge,
    panics: Counter,
    portals: Family<StateLabels, Gauge>,
    subscriptions: Family<StateLabels, Gauge>,
    deliveries: Family<FetchLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VisitLabels {
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ArticleLabels {
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FetchLabels {
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

impl Inner {
    /// Names every meter to the registry.
    fn register(&self) {
        let mut r = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        r.register("visits", "Visits ended, by outcome: ok or the class of the fault", self.visits.clone());
        r.register_with_unit(
            "visit_duration",
            "How long visits took",
            Unit::Seconds,
            self.visit_seconds.clone(),
        );
        r.register("articles", "Articles by verdict: new, changed, withdrawn", self.articles.clone());
        r.register(
            "fetches",
            "Requests sent to portals, by status or class of the fault",
            self.fetches.clone(),
        );
        r.register_with_unit(
            "fetched",
            "Body bytes received from portals",
            Unit::Bytes,
            self.fetched_bytes.clone(),
        );
        r.register("http_requests", "Requests answered, by route and status", self.requests.clone());
        r.register("http_connections", "Connections open now", self.connections.clone());
        r.register("panics", "Panics caught: each is a fault of tidings worth a report", self.panics.clone());
        r.register("portals", "Portals by state", self.portals.clone());
        r.register(
            "subscriptions",
            "Subscriptions at the hub: active, and of these owed a document or resting",
            self.subscriptions.clone(),
        );
        r.register(
            "deliveries",
            "Documents sent to subscribers, by what became of it: ok, failed, given_up or gone",
            self.deliveries.clone(),
        );
    }
}

/// The route of feeds.
const FEEDS: &str = "/feeds/{file}";

impl Meter {
    /// All meters at zero.
    #[must_use]
    pub fn new() -> Self {
        let requests = Family::<RequestLabels, Counter>::default();
        let feeds = [200, 304]
            .map(|status| requests.get_or_create(&RequestLabels { route: FEEDS.to_owned(), status }).clone());
        let inner = Inner {
            feeds,
            registry: Mutex::new(Registry::with_prefix("tidings")),
            visits: Family::default(),
            // 10 ms to about three minutes: a visit's budget is two
            visit_seconds: Histogram::new(exponential_buckets(0.01, 2.0, 15)),
            articles: Family::default(),
            fetches: Family::default(),
            fetched_bytes: Counter::default(),
            requests,
            connections: Gauge::default(),
            panics: Counter::default(),
            portals: Family::default(),
            subscriptions: Family::default(),
            deliveries: Family::default(),
        };
        inner.register();
        Self(Arc::new(inner))
    }

    /// A visit ended; `outcome` is `ok` or the class of its fault.
    pub fn visit(&self, outcome: &str, took: Duration) {
        self.0.visits.get_or_create(&VisitLabels { outcome: outcome.to_owned() }).inc();
        self.0.visit_seconds.observe(took.as_secs_f64());
    }

    /// Articles written by a visit.
    pub fn articles(&self, new: u64, changed: u64, withdrawn: u64) {
        for (verdict, count) in [("new", new), ("changed", changed), ("withdrawn", withdrawn)] {
            self.0.articles.get_or_create(&ArticleLabels { verdict }).inc_by(count);
        }
    }

    /// A request to a portal ended; `outcome` is its status or the class of its fault.
    pub fn fetch(&self, outcome: &str, bytes: u64) {
        self.0.fetches.get_or_create(&FetchLabels { outcome: outcome.to_owned() }).inc();
        self.0.fetched_bytes.inc_by(bytes);
    }

    /// A request of a reader was answered. `route` is the route's pattern, never the address asked for.
    pub fn request(&self, route: &str, status: u16) {
        self.0.requests.get_or_create(&RequestLabels { route: route.to_owned(), status }).inc();
    }

    /// A feed was sent to a reader, or told to be unchanged.
    pub fn feed(&self, status: u16) {
        let [sent, unchanged] = &self.0.feeds;
        match status {
            200 => drop(sent.inc()),
            304 => drop(unchanged.inc()),
            other => self.request(FEEDS, other),
        }
    }

    /// A connection was opened.
    pub fn connected(&self) {
        self.0.connections.inc();
    }

    /// A connection was closed.
    pub fn disconnected(&self) {
        self.0.connections.dec();
    }

    /// A panic was caught.
    pub fn panicked(&self) {
        self.0.panics.inc();
    }

    /// How many portals are in a state now.
    pub fn portals(&self, state: &'static str, count: usize) {
        self.0.portals.get_or_create(&StateLabels { state }).set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// How many subscriptions are in a state now.
    pub fn subscriptions(&self, state: &'static str, count: i64) {
        self.0.subscriptions.get_or_create(&StateLabels { state }).set(count);
    }

    /// A document was sent to a subscriber.
    pub fn delivery(&self, outcome: &str) {
        self.0.deliveries.get_or_create(&FetchLabels { outcome: outcome.to_owned() }).inc();
    }

    /// All meters as `OpenMetrics` text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let registry = self.0.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // writing to a String cannot fail; were it to, an empty page says so better than a panic
        if encode(&mut text, &registry).is_err() {
            text.clear();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let meter = Meter::new();
        let other = meter.clone();
        meter.visit("ok", Duration::from_millis(20));
        other.articles(3, 0, 1);
        let text = meter.to_text();
        assert!(text.contains("tidings_visits_total{outcome=\"ok\"} 1"), "{text}");
        assert!(text.contains("tidings_articles_total{verdict=\"new\"} 3"), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }
}
