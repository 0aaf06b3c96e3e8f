//! Feeds from a store with some visits in it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::model::{
    Article, ArticleRules, Evidence, Feed, FeedSpec, Field, Filter, Kind, Mix, Origin, Pace, PageUrl, Portal,
    PortalId, Precision, Recipe, Stamp, VisitCounts,
};
use crate::store::{Lease, Outcome, PageOutcome, ReadPage, Seed, Settings, Store};

mod chain;

fn id(name: &str) -> PortalId {
    PortalId::parse(name).unwrap()
}

fn url(text: &str) -> PageUrl {
    PageUrl::parse(text).unwrap()
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).unwrap() + TimeDelta::minutes(minute)
}

fn portal(name: &str) -> Portal {
    Portal {
        id: id(name),
        title: None,
        lists: vec![url(&format!("http://{name}.example/news/"))],
        sample: false,
        admitted: None,
        kind: Kind::Auto,
        pace: Pace::Every(std::time::Duration::from_secs(60)),
        zone: None,
        tags: Vec::new(),
        recipe: Recipe { article: ArticleRules::default(), ..Recipe::default() },
        min_gap: None,
        headers: Vec::new(),
        access: crate::model::Access::default(),
        expect: crate::model::Expect::default(),
        probe: None,
        enabled: true,
    }
}

fn page(portal: &str, number: i64, published: Option<i64>) -> PageOutcome {
    let url = url(&format!("http://{portal}.example/{number}"));
    let published =
        published.map(|minute| Stamp { at: at(minute).fixed_offset(), precision: Precision::Day });
    let article = Article {
        url: url.clone(),
        canonical_url: None,
        title: format!("{portal} {number}"),
        published,
        modified: None,
        author: Some("A. Writer".to_owned()),
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
    PageOutcome::Read(Box::new(ReadPage {
        keys: vec![url.key()],
        fingerprint: article.title.clone(),
        article,
        story: None,
        etag: None,
        last_modified: None,
        next_visit: None,
        next_visit_changed: None,
    }))
}

/// A store with a visit of each portal: its title, its language, its pages.
async fn store(portals: &[(&str, Option<&str>, &str, Vec<PageOutcome>)]) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let place = format!("sqlite:{}", folder.path().join("t.db").display());
    let store = Store::open(&Settings { url: place, ..Settings::default() }).await.unwrap();
    let seed = |name: &str| Seed { id: id(name), first_due: at(0), pace: String::new(), enabled: true };
    store.sync_portals(portals.iter().map(|portal| seed(portal.0)).collect(), at(0)).await.unwrap();
    for (name, title, lang, pages) in portals {
        let lease = Lease { node: "node".to_owned(), now: at(0), until: at(1) };
        store.claim(&id(name), Vec::new(), lease.clone()).await.unwrap().unwrap();
        let visited = Outcome {
            portal: id(name),
            lease,
            ended: at(100),
            next_due: at(200),
            error: None,
            degraded: false,
            title: title.map(str::to_owned),
            lang: Some((*lang).to_owned()),
            counts: VisitCounts::default(),
            notes: Vec::new(),
            lists: Vec::new(),
            listed: Vec::new(),
            pages: pages.clone(),
            hosts: Vec::new(),
            walk: None,
        };
        store.finish(visited).await.unwrap();
    }
    (folder, store)
}

async fn feed(spec: &FeedSpec, portals: &[Portal], place: &Place, store: &Store) -> Result<Feed, ()> {
    let desk = Desk { portals, place, store };
    desk.whole(spec, Writing::Yes).await.map_err(|_| ())
}

fn place() -> Place {
    Place {
        base: url("https://feeds.example.net/sub/"),
        authority: "feeds.example.net".to_owned(),
        mixes: Vec::new(),
    }
}

#[tokio::test]
async fn a_portals_feed_stands_for_its_list_and_dates_what_has_no_day() {
    let pages = vec![page("town", 1, Some(5)), page("town", 2, None)];
    let (_folder, store) = store(&[("town", Some("唐山信息网"), "zh-CN", pages)]).await;
    let portals = [portal("town")];
    let spec = spec_for("town", &portals, &[]).unwrap();
    assert_eq!(spec.limit, 50);
    let feed = feed(&spec, &portals, &place(), &store).await.unwrap();
    assert_eq!((feed.title.as_str(), feed.lang.as_deref()), ("唐山信息网", Some("zh-CN")));
    assert_eq!(feed.description, "唐山信息网：最新文章");
    assert_eq!(feed.id, "tag:feeds.example.net,2026:feeds/town");
    assert_eq!(feed.home, portals[0].lists[0]);
    assert_eq!(feed.address.as_str(), "https://feeds.example.net/sub/feeds/town");
    assert_eq!((feed.mixed, feed.updated), (false, Some(at(100))));
    let dates: Vec<_> =
        feed.entries.iter().map(|entry| (entry.published.utc(), entry.published.precision)).collect();
    assert_eq!(dates, [(at(100), Precision::Second), (at(5), Precision::Day)]);
    assert_eq!(feed.entries[0].author.as_ref().unwrap().name, "A. Writer");
}

#[tokio::test]
async fn all_mixes_every_portal_that_is_configured_also_when_that_is_one() {
    let (_folder, store) = store(&[
        ("town", Some("Town"), "en", vec![page("town", 1, Some(5))]),
        ("city", None, "en", vec![page("city", 1, Some(9))]),
        ("gone", None, "en", vec![page("gone", 1, Some(7))]),
    ])
    .await;
    let portals = [portal("town"), portal("city")];
    let all = feed(&spec_for(ALL, &portals, &[]).unwrap(), &portals, &place(), &store).await.unwrap();
    let shown: Vec<_> =
        all.entries.iter().map(|entry| (entry.title.as_str(), entry.portal.1.as_str())).collect();
    assert_eq!(shown, [("city 1", "city.example"), ("town 1", "Town")]);
    assert!(all.mixed && all.home == place().base && all.title == "All news");
    let one =
        feed(&spec_for(ALL, &portals[..1], &[]).unwrap(), &portals[..1], &place(), &store).await.unwrap();
    assert!(one.mixed && one.title == all.title && one.id == all.id && one.entries.len() == 1);
}

#[tokio::test]
async fn a_feed_without_articles_is_whole_and_an_unknown_name_is_none() {
    let (_folder, store) = store(&[]).await;
    let portals = [portal("town")];
    let feed = feed(&spec_for("town", &portals, &[]).unwrap(), &portals, &place(), &store).await.unwrap();
    assert_eq!((feed.title.as_str(), feed.updated, feed.entries.len()), ("town.example", None, 0));
    assert_eq!(feed.description, "Latest articles from town.example");
    assert_eq!(spec_for("nowhere", &portals, &[]), None);
}

/// Another visit of a portal that reads some pages.
async fn visit(store: &Store, name: &str, minute: i64, pages: Vec<PageOutcome>) {
    let lease = Lease { node: "node".to_owned(), now: at(minute), until: at(minute + 1) };
    store.claim(&id(name), Vec::new(), lease.clone()).await.unwrap().unwrap();
    let visited = Outcome {
        portal: id(name),
        lease,
        ended: at(minute),
        next_due: at(minute + 60),
        error: None,
        degraded: false,
        title: None,
        lang: None,
        counts: VisitCounts::default(),
        notes: Vec::new(),
        lists: Vec::new(),
        listed: Vec::new(),
        pages,
        hosts: Vec::new(),
        walk: None,
    };
    store.finish(visited).await.unwrap();
}

fn titles(feed: &Feed) -> Vec<String> {
    feed.entries.iter().map(|entry| entry.title.clone()).collect()
}

#[tokio::test]
async fn a_client_walking_back_while_articles_arrive_meets_each_once() {
    let first = (0..130).map(|n| page("town", n, Some(n))).collect();
    let (_folder, store) = store(&[("town", None, "en", first)]).await;
    let (portals, place) = ([portal("town")], place());
    let spec = spec_for("town", &portals, &[]).unwrap();
    let desk = Desk { portals: &portals, place: &place, store: &store };
    let current = desk.whole(&spec, Writing::Yes).await.unwrap();
    assert_eq!((current.entries.len(), current.entries[0].title.as_str()), (50, "town 129"));
    let mut met = titles(&current);
    let mut before = current.pages.previous.clone();
    assert!(before.as_ref().unwrap().as_str().ends_with("/archive/2?upto=30"), "{before:?}");
    let mut minute = 1000;
    while let Some(address) = before {
        // while the client walks, others arrive, one of them with an old date
        let new = vec![page("town", minute, Some(minute)), page("town", minute + 1, Some(3))];
        visit(&store, "town", minute, new).await;
        let now = desk.whole(&spec, Writing::Yes).await.unwrap();
        assert_eq!(now.entries.len(), 50);
        minute += 10;
        let (number, upto) = address.as_str().rsplit('/').next().unwrap().split_once("?upto=").map_or_else(
            || (address.as_str().rsplit('/').next().unwrap(), None),
            |(number, upto)| (number, Some(upto.parse().unwrap())),
        );
        let page = desk.archive(&spec, number.parse().unwrap(), upto).await.unwrap();
        let Archived::Page(page) = page else { panic!("{address}") };
        assert_eq!((&page.pages.current, &page.address), (&Some(current.address.clone()), &address));
        met.extend(titles(&page));
        before = page.pages.previous.clone();
    }
    assert_eq!(met.len(), 130);
    assert_eq!(met.iter().collect::<BTreeSet<_>>().len(), 130);
    for page in [99, u32::MAX / 50, u32::MAX / 50 + 1, u32::MAX / 50 + 2, u32::MAX] {
        assert!(matches!(desk.archive(&spec, page, None).await.unwrap(), Archived::Unknown), "{page}");
    }
    assert!(matches!(desk.archive(&spec, 0, None).await.unwrap(), Archived::Unknown));
    // the same documents again, whatever the order of the portals and however often they are asked for
    let again = desk.whole(&spec, Writing::Yes).await.unwrap();
    assert_eq!(again, desk.whole(&spec, Writing::No).await.unwrap());
}

#[tokio::test]
async fn what_is_past_its_time_is_gone_and_the_chain_ends_before_it() {
    let pages = (0..160).map(|n| page("town", n, Some(n))).collect();
    let (_folder, store) = store(&[("town", None, "en", pages)]).await;
    let (portals, place) = ([portal("town")], place());
    let spec = spec_for("town", &portals, &[]).unwrap();
    let desk = Desk { portals: &portals, place: &place, store: &store };
    desk.whole(&spec, Writing::Yes).await.unwrap();
    store.retain(at(55)).await.unwrap();
    assert!(matches!(desk.archive(&spec, 1, None).await.unwrap(), Archived::Gone));
    let Archived::Page(second) = desk.archive(&spec, 2, None).await.unwrap() else { panic!() };
    assert_eq!((second.entries.len(), second.pages.previous), (45, None));
    assert!(second.pages.next.is_some());
}

#[tokio::test]
async fn a_configured_feed_mixes_filters_and_limits_and_tags_have_feeds() {
    let (_folder, store) = store(&[
        ("town", Some("Town"), "en", (0..4).map(|n| page("town", n, Some(n))).collect()),
        ("city", None, "en", vec![page("city", 1, Some(9))]),
        ("far", None, "en", vec![page("far", 1, Some(99))]),
    ])
    .await;
    let mut portals = [portal("town"), portal("city"), portal("far")];
    portals[1].tags = vec!["near".to_owned()];
    let filter = |any: &str| Some(Filter { any: vec![any.to_owned()], within: vec![Field::Title] });
    let mix = Mix {
        name: id("mix"),
        title: Some("Mixed".to_owned()),
        from: vec![Origin::Portal(id("town")), Origin::Tag("near".to_owned())],
        include: filter("/[1-3]/"),
        exclude: filter("town 2"),
        limit: 50,
    };
    let place = Place { mixes: vec![mix], ..place() };
    let desk = Desk { portals: &portals, place: &place, store: &store };
    let spec = spec_for("mix", &portals, &place.mixes).unwrap();
    let feed = desk.whole(&spec, Writing::Yes).await.unwrap();
    assert_eq!((feed.title.as_str(), feed.mixed), ("Mixed", true));
    assert_eq!(titles(&feed), ["city 1", "town 3", "town 1"]);
    let part = desk.narrowed(&FeedSpec { limit: 2, ..spec.clone() }).await.unwrap();
    assert_eq!(titles(&part), ["city 1", "town 3"]);
    // a filter that changes looks at everything again
    let wider = FeedSpec { exclude: None, ..spec };
    assert_eq!(
        titles(&desk.whole(&wider, Writing::Yes).await.unwrap()),
        ["city 1", "town 3", "town 2", "town 1"]
    );
    let tagged = spec_for("tag-near", &portals, &[]).unwrap();
    assert_eq!(titles(&desk.whole(&tagged, Writing::Yes).await.unwrap()), ["city 1"]);
    assert_eq!(spec_for("tag-nowhere", &portals, &[]), None);
    assert_eq!(names(&portals, &place.mixes), ["all", "town", "city", "far", "mix", "tag-near"]);
    let found = desk.narrowed(&search("\"town 2\"")).await.unwrap();
    assert_eq!((titles(&found), found.title.as_str()), (vec!["town 2".to_owned()], "Search: \"town 2\""));
    assert_eq!(found.address.as_str(), "https://feeds.example.net/sub/search");
}

#[tokio::test]
async fn however_large_articles_are_each_stands_in_a_document_as_it_is_written_out() {
    for (html, count) in
        [("<p>A long text, written in full.</p>".repeat(900), 130), ("<td>1</td>".repeat(1100), 60)]
    {
        let pages = (0..count).map(|n| match page("town", n, Some(n)) {
            PageOutcome::Read(mut read) => {
                read.article.html.clone_from(&html);
                PageOutcome::Read(read)
            }
            other => other,
        });
        let (_folder, store) = store(&[("town", None, "en", pages.collect())]).await;
        let portals = [portal("town")];
        let place = place();
        let desk = Desk { portals: &portals, place: &place, store: &store };
        let spec = spec_for("town", &portals, &[]).unwrap();
        let mut document = desk.whole(&spec, Writing::Yes).await.unwrap();
        let mut met = 0;
        loop {
            let written =
                String::from_utf8(crate::render::feed(&document, crate::render::Format::Rss)).unwrap();
            met += i64::try_from(written.matches("<item>").count()).unwrap();
            let Some(previous) = document.pages.previous.clone() else { break };
            let (page, upto) =
                previous.as_str().rsplit_once("/archive/").unwrap().1.split_once("?upto=").map_or_else(
                    || (previous.as_str().rsplit('/').next().unwrap().parse().unwrap(), None),
                    |(page, upto)| (page.parse().unwrap(), Some(upto.parse().unwrap())),
                );
            let Archived::Page(older) = desk.archive(&spec, page, upto).await.unwrap() else {
                panic!("{previous}")
            };
            document = *older;
        }
        assert_eq!(met, count);
    }
}
