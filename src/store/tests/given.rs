//! What the bodies begin with: portals, leases, pages, and a visit made in one call.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    Article, Candidate, Evidence, FieldEvidence, HostKey, PageUrl, PortalId, Precision, Stamp, VisitCounts,
};

use super::super::{Backend, Committed, Lease, ListCopy, Outcome, PageOutcome, Query, ReadPage, Seed};

/// Minutes after the beginning of all tests.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).unwrap() + TimeDelta::minutes(minutes)
}

pub(crate) fn id(name: &str) -> PortalId {
    PortalId::parse(name).unwrap()
}

pub(crate) fn host(name: &str) -> HostKey {
    HostKey::from_stored(format!("{name}:80"))
}

pub(crate) fn url(path: &str) -> PageUrl {
    PageUrl::parse(&format!("http://town.example/{path}")).unwrap()
}

pub(crate) fn seed(name: &str, due: i64) -> Seed {
    Seed { id: id(name), first_due: at(due), pace: "1h".to_owned(), enabled: true }
}

/// Five minutes long.
pub(crate) fn lease(node: &str, now: i64) -> Lease {
    Lease { node: node.to_owned(), now: at(now), until: at(now + 5) }
}

/// A page with a title of its own, published at a minute.
pub(crate) fn page(path: &str, title: &str, published: i64) -> ReadPage {
    let stamp = Stamp { at: at(published).fixed_offset(), precision: Precision::Minute };
    let text = format!("What the town has to say of {title}, at some length, so that it is a story.");
    let seen = FieldEvidence { from: "h1".to_owned(), raw: title.to_owned(), refused: Vec::new() };
    let article = Article {
        url: url(path),
        canonical_url: None,
        title: title.to_owned(),
        published: Some(stamp),
        modified: None,
        author: None,
        source: None,
        categories: vec!["Town".to_owned()],
        html: format!("<p>{text}</p>"),
        text,
        summary: title.to_owned(),
        lang: Some("en".to_owned()),
        images: Vec::new(),
        attachments: Vec::new(),
        evidence: Evidence::from([("title".to_owned(), seen)]),
    };
    judged(ReadPage {
        keys: vec![url(path).key()],
        article,
        fingerprint: String::new(),
        story: None,
        etag: Some(format!("\"{path}\"")),
        last_modified: None,
        next_visit: Some(at(published + 60)),
        next_visit_changed: Some(at(published + 10)),
    })
}

/// Fingerprint and story made anew, after a change of the article.
pub(crate) fn judged(mut page: ReadPage) -> ReadPage {
    let article = &page.article;
    page.story =
        article.published.map(|day| format!("{}|{}|{}", article.title, day.at.date_naive(), article.text));
    page.fingerprint = format!("{}|{:?}|{:?}", article.title, article.text, article.images);
    page
}

pub(crate) fn with_text(mut page: ReadPage, text: &str) -> ReadPage {
    text.clone_into(&mut page.article.text);
    judged(page)
}

pub(crate) fn outcome(portal: &str, lease: Lease, ended: i64, pages: Vec<ReadPage>) -> Outcome {
    Outcome {
        portal: id(portal),
        lease,
        ended: at(ended),
        next_due: at(ended + 60),
        error: None,
        degraded: false,
        title: None,
        lang: None,
        counts: VisitCounts { items: pages.len() as u64, ..VisitCounts::default() },
        notes: Vec::new(),
        lists: Vec::new(),
        listed: Vec::new(),
        pages: pages.into_iter().map(|page| PageOutcome::Read(Box::new(page))).collect(),
        hosts: Vec::new(),
        walk: None,
    }
}

/// A list page that names these addresses.
pub(crate) fn list(paths: &[&str]) -> ListCopy {
    let item = |path: &&str| Candidate {
        url: url(path),
        title: (*path).to_owned(),
        published: None,
        summary: None,
        given: None,
    };
    let (etag, last_modified) =
        (Some("\"list\"".to_owned()), Some("Sun, 01 Mar 2026 00:00:00 GMT".to_owned()));
    ListCopy {
        url: url(""),
        etag,
        last_modified,
        items: paths.iter().map(item).collect(),
        next: Some(url("2")),
        traits: crate::model::Traits {
            place: Some("ul > li".to_owned()),
            links: vec![1, 2],
            ..crate::model::Traits::default()
        },
    }
}

/// Makes a portal known and due at the beginning.
pub(crate) async fn portal(store: &impl Backend, name: &str) {
    store.sync_portals(vec![seed(name, 0)], at(0)).await.unwrap();
}

/// Claims and finishes a visit of a portal at a minute.
pub(crate) async fn visit(store: &impl Backend, name: &str, minute: i64, pages: Vec<ReadPage>) -> Committed {
    finished(store, outcome(name, lease("node", minute), minute, pages)).await
}

/// Claims and finishes a visit as it is.
pub(crate) async fn finished(store: &impl Backend, outcome: Outcome) -> Committed {
    let claim = store.claim(&outcome.portal, Vec::new(), outcome.lease.clone()).await.unwrap();
    assert!(claim.is_some(), "{} is held", outcome.portal);
    store.finish(outcome).await.unwrap()
}

/// The titles of everything, in feed order.
pub(crate) async fn titles(store: &impl Backend) -> Vec<String> {
    let all = store.articles(Query { limit: 1000, ..Query::default() }).await.unwrap();
    all.into_iter().map(|stored| stored.article.title).collect()
}
