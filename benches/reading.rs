//! What reading costs: decode, parse, list, extract, normalise, render, on pages of the sample portal.
//!
//! `cargo bench`; one step alone: `cargo bench -- extract`. Throughput is in page bytes as fetched, so
//! that the steps can be compared; feeds of 50 articles are in documents.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

use tidings::decode::{Hints, decode};
use tidings::model::{ArticleId, Candidate, Entry, Feed, PageUrl, Pages, Person, PortalId, Recipe};
use tidings::page::Page;
use tidings::render::Format;
use tidings::sample::Site;
use tidings::{discover, extract, normalise, render};

const HINTS: Hints<'static> = Hints { fixed: None, content_type: Some("text/html") };

/// Entries of the feed that is rendered.
const ENTRIES: usize = 50;

/// The sample portal at one fixed moment.
struct Portal {
    now: DateTime<Utc>,
    list: (PageUrl, Vec<u8>),
    /// The items of the list with the bytes of their pages.
    articles: Vec<(Candidate, Vec<u8>)>,
    recipe: Recipe,
}

impl Portal {
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_795_406_400, 0).unwrap_or_default();
        let site = Site::new(now);
        let list = (address(Site::LIST), site.answer(Site::LIST, now).body);
        let mut portal = Self { now, list, articles: Vec::new(), recipe: Recipe::default() };
        let items = portal.items(&parsed(&portal.list.0, &portal.list.1));
        portal.articles = items
            .into_iter()
            .map(|item| {
                let path = item.url.as_str().trim_start_matches("http://sample.test");
                let bytes = site.answer(path, now).body;
                (item, bytes)
            })
            .collect();
        assert!(portal.articles.len() >= 12, "the sample's list was not read: {}", portal.articles.len());
        portal
    }

    fn items(&self, page: &Page) -> Vec<Candidate> {
        let context = discover::Context {
            recipe: &self.recipe,
            now: self.now,
            zone: None,
            charset: Some("GBK"),
            learnt: None,
        };
        discover::list(page, &context).items
    }

    fn draft(&self, page: &Page, item: &Candidate) -> tidings::model::Draft {
        let context = extract::Context {
            recipe: &self.recipe,
            now: self.now,
            zone: None,
            charset: Some("GBK"),
            candidate: Some(item),
            earlier: None,
            learnt: None,
        };
        extract::article(page, &context).0
    }

    /// One article page all the way: bytes to article.
    fn article(&self, item: &Candidate, bytes: &[u8]) -> Option<tidings::model::Article> {
        normalise::article(self.draft(&parsed(&item.url, bytes), item)).ok().map(|(article, _)| article)
    }

    fn bytes(&self) -> Throughput {
        Throughput::Bytes(self.articles.iter().map(|(_, bytes)| bytes.len() as u64).sum())
    }

    fn feed(&self) -> Feed {
        let mut entries: Vec<Entry> = Vec::new();
        for (item, bytes) in self.articles.iter().cycle().take(ENTRIES) {
            entries.extend(self.entry(item, bytes, entries.len()));
        }
        assert_eq!(entries.len(), ENTRIES, "pages of the sample were not read");
        Feed {
            name: "sample".to_owned(),
            title: "芦汀".to_owned(),
            description: "芦汀信息网".to_owned(),
            id: "tag:feeds.example.net,2026:sample".to_owned(),
            home: self.list.0.clone(),
            address: address("/feeds/sample"),
            hub: None,
            icon: None,
            folder: address("/feeds/"),
            stem: "tag:feeds.example.net,2026:".to_owned(),
            pages: Pages::default(),
            lang: Some("zh-CN".to_owned()),
            updated: Some(self.now),
            mixed: false,
            entries,
            tombstones: Vec::new(),
        }
    }

    fn entry(&self, item: &Candidate, bytes: &[u8], number: usize) -> Option<Entry> {
        let article = self.article(item, bytes)?;
        Some(Entry {
            id: ArticleId::from_stored(format!("tag:feeds.example.net,2026:{number}")),
            url: article.url,
            title: article.title,
            published: article.published?,
            updated: self.now,
            author: article.author.map(|name| Person { name }),
            source: article.source,
            portal: (PortalId::parse("sample").ok()?, "芦汀".to_owned()),
            categories: article.categories,
            summary: article.summary,
            html: article.html,
            lang: article.lang,
            images: article.images,
            attachments: article.attachments,
        })
    }
}

fn parsed(url: &PageUrl, bytes: &[u8]) -> Page {
    Page::parse(&decode(bytes, HINTS).text, url.clone())
}

#[expect(clippy::expect_used, reason = "fixed addresses")]
fn address(path: &str) -> PageUrl {
    PageUrl::parse(&format!("http://sample.test{path}")).expect("a fixed address")
}

fn pages(criterion: &mut Criterion) {
    let portal = Portal::new();
    let mut group = criterion.benchmark_group("reading");
    group.throughput(portal.bytes());
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            for (_, bytes) in &portal.articles {
                black_box(decode(black_box(bytes), HINTS));
            }
        });
    });
    let texts: Vec<(PageUrl, String)> =
        portal.articles.iter().map(|(item, bytes)| (item.url.clone(), decode(bytes, HINTS).text)).collect();
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            for (url, text) in &texts {
                black_box(Page::parse(black_box(text), url.clone()));
            }
        });
    });
    group.bench_function("extract", |bencher| {
        let fresh = || -> Vec<Page> {
            portal.articles.iter().map(|(item, bytes)| parsed(&item.url, bytes)).collect()
        };
        let read = |pages: Vec<Page>| {
            for (page, (item, _)) in pages.iter().zip(&portal.articles) {
                black_box(portal.draft(page, item));
            }
            // dropped after the clock has stopped
            pages
        };
        // a page remembers its measures: each is read once, as in a visit
        bencher.iter_batched(fresh, read, BatchSize::LargeInput);
    });
    group.bench_function("whole", |bencher| {
        bencher.iter(|| {
            for (item, bytes) in &portal.articles {
                black_box(portal.article(item, black_box(bytes)));
            }
        });
    });
    group.finish();
}

fn list(criterion: &mut Criterion) {
    let portal = Portal::new();
    let (url, bytes) = &portal.list;
    let mut group = criterion.benchmark_group("list");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("whole", |bencher| {
        bencher.iter(|| black_box(portal.items(&parsed(url, black_box(bytes)))));
    });
    group.finish();
}

fn feeds(criterion: &mut Criterion) {
    let feed = Portal::new().feed();
    let mut group = criterion.benchmark_group("render");
    group.throughput(Throughput::Elements(1));
    for format in [Format::Rss, Format::Atom, Format::Json] {
        group.bench_function(format!("{format:?}").to_lowercase(), |bencher| {
            bencher.iter(|| black_box(render::feed(black_box(&feed), format)));
        });
    }
    group.finish();
}

criterion_group!(benches, pages, list, feeds);
criterion_main!(benches);
