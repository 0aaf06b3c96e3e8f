//! Promise 7: gone is seen twice, and what is withdrawn may come back.

use crate::model::{ArticleId, UrlKey};

use super::super::{Backend, Committed, PageOutcome, ReadPage, Withdrawn};
use super::given::{at, finished, id, lease, list, outcome, page, portal, titles, url, visit};

/// A visit at a minute that finds these addresses gone and reads these pages.
async fn finds_gone(store: &impl Backend, minute: i64, paths: &[&str], read: Vec<ReadPage>) -> Committed {
    let mut found = outcome("town", lease("node", minute), minute, read);
    found.pages.extend(paths.iter().map(|path| PageOutcome::Gone {
        key: url(path).key(),
        seen: at(minute),
        look_again: Some(at(minute + 10_000)),
    }));
    finished(store, found).await
}

async fn plan(store: &impl Backend, path: &str) -> (Option<i64>, bool) {
    let known = store.known(&id("town"), vec![url(path).key()]).await.unwrap();
    let known = &known[&url(path).key()];
    (known.next_visit.map(|next| (next - at(0)).num_minutes()), known.is_withdrawn)
}

async fn facts(store: &impl Backend) -> (i64, u64, Vec<ArticleId>) {
    let status = &store.status(at(0)).await.unwrap()[&id("town")];
    let buried = store.withdrawn(vec![id("town")], 9).await.unwrap().tombstones;
    let revision = store.revisions().await.unwrap()[&id("town")];
    (revision, status.articles, buried.into_iter().map(|tombstone| tombstone.id).collect())
}

pub(super) async fn what_is_gone_twice_an_hour_apart_leaves_the_feed_and_comes_back_under_its_id(
    store: &impl Backend,
) {
    portal(store, "town").await;
    let told = visit(store, "town", 10, vec![page("1", "Bridge", 0), page("2", "Market", 1)]).await;
    let bridge = told.fresh[1].clone();
    let number =
        store.articles(super::super::Query { limit: 9, ..Default::default() }).await.unwrap()[1].number;
    let before = facts(store).await;
    let told = finds_gone(store, 100, &["1"], Vec::new()).await;
    assert_eq!((told.counts.withdrawn, facts(store).await), (0, before.clone()));
    assert_eq!(plan(store, "1").await, (Some(160), false));
    let told = finds_gone(store, 160, &["1"], Vec::new()).await;
    assert_eq!((told.counts.withdrawn, told.counts.changed), (1, 0));
    assert_eq!(titles(store).await, ["Market"]);
    assert_eq!(plan(store, "1").await, (Some(10_160), true));
    let (revision, articles, buried) = facts(store).await;
    assert!(revision > before.0 && articles == 1 && buried == [bridge.clone()]);
    assert!(store.is_withdrawn(number).await.unwrap() && store.article(number).await.unwrap().is_none());
    let tombstone = store.withdrawn(vec![id("town")], 9).await.unwrap().tombstones.remove(0);
    assert_eq!(
        (tombstone.at, tombstone.url, tombstone.title.as_deref()),
        (at(160), url("1"), Some("Bridge"))
    );
    assert_eq!(store.withdrawn(vec![id("city")], 9).await.unwrap(), Withdrawn::default());
    assert_eq!(store.withdrawn(vec![id("town")], 0).await.unwrap().moved, Some(at(160)));
    // still gone: nothing more happens, but the looks are counted
    let told = finds_gone(store, 300, &["1"], Vec::new()).await;
    assert_eq!((told.counts.withdrawn, facts(store).await.0), (0, revision));
    // it is due again, though it is in no feed
    assert_eq!(store.revisits(&id("town"), at(10_300), 9).await.unwrap().len(), 2);
    // and back
    let told = visit(store, "town", 400, vec![page("1", "Bridge", 0)]).await;
    assert_eq!((told.counts.new, told.counts.changed, told.counts.withdrawn), (0, 0, 0));
    let stored = store.article(number).await.unwrap().unwrap();
    assert_eq!((stored.id, stored.updated), (bridge, at(0)));
    let (again, articles, buried) = facts(store).await;
    assert!(again > revision && articles == 2 && buried.is_empty());
    assert_eq!(store.withdrawn(vec![id("town")], 0).await.unwrap().moved, Some(at(400)));
}

pub(super) async fn two_looks_within_the_hour_are_one(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    for minute in [100, 130, 159] {
        assert_eq!(finds_gone(store, minute, &["1"], Vec::new()).await.counts.withdrawn, 0);
        assert_eq!(plan(store, "1").await, (Some(160), false));
    }
    assert_eq!(finds_gone(store, 161, &["1"], Vec::new()).await.counts.withdrawn, 1);
}

pub(super) async fn a_first_look_of_a_time_to_come_is_taken_as_now(store: &impl Backend) {
    let year = 365 * 24 * 60;
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    finds_gone(store, year, &["1"], Vec::new()).await;
    // the clock is put back
    assert_eq!(finds_gone(store, 100, &["1"], Vec::new()).await.counts.withdrawn, 0);
    assert_eq!(plan(store, "1").await, (Some(160), false));
    assert_eq!(finds_gone(store, 161, &["1"], Vec::new()).await.counts.withdrawn, 1);
}

pub(super) async fn an_answer_in_between_begins_anew(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    finds_gone(store, 100, &["1"], Vec::new()).await;
    visit(store, "town", 130, vec![page("1", "Bridge", 0)]).await;
    finds_gone(store, 170, &["1"], Vec::new()).await;
    assert_eq!((titles(store).await.len(), plan(store, "1").await), (1, (Some(230), false)));
    // a fault says neither this nor that
    let mut failed = outcome("town", lease("node", 240), 240, Vec::new());
    failed.pages = vec![PageOutcome::Failed { key: url("1").key(), url: url("1"), retry_at: Some(at(250)) }];
    finished(store, failed).await;
    assert_eq!(finds_gone(store, 250, &["1"], Vec::new()).await.counts.withdrawn, 1);
}

pub(super) async fn a_page_that_is_not_modified_is_back_too(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    finds_gone(store, 100, &["1"], Vec::new()).await;
    finds_gone(store, 200, &["1"], Vec::new()).await;
    assert!(titles(store).await.is_empty());
    let mut same = outcome("town", lease("node", 300), 300, Vec::new());
    same.pages = vec![PageOutcome::Same { key: url("1").key(), next_visit: Some(at(900)) }];
    finished(store, same).await;
    assert_eq!((titles(store).await.len(), plan(store, "1").await), (1, (Some(900), false)));
}

pub(super) async fn a_withdrawn_article_comes_back_under_another_address(store: &impl Backend) {
    portal(store, "town").await;
    let minted = visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await.fresh.remove(0);
    finds_gone(store, 100, &["1"], Vec::new()).await;
    // one that is found elsewhere in the very visit that sees it gone again was not withdrawn
    let told = finds_gone(store, 200, &["1"], vec![page("news/1", "Bridge", 0)]).await;
    assert_eq!((told.counts.new, told.counts.withdrawn), (0, 0));
    assert_eq!(titles(store).await, ["Bridge"]);
    finds_gone(store, 300, &["news/1"], Vec::new()).await;
    assert_eq!(finds_gone(store, 400, &["news/1"], Vec::new()).await.counts.withdrawn, 1);
    let told = visit(store, "town", 500, vec![page("archive/1", "Bridge", 0)]).await;
    assert_eq!((told.counts.new, titles(store).await.len()), (0, 1));
    let keys: Vec<UrlKey> = ["1", "news/1", "archive/1"].iter().map(|path| url(path).key()).collect();
    let known = store.known(&id("town"), keys).await.unwrap();
    assert!(known.len() == 3 && known.values().all(|known| known.article.as_ref() == Some(&minted)));
}

pub(super) async fn an_alias_that_dies_withdraws_nothing(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    visit(store, "town", 20, vec![page("news/1", "Bridge", 0)]).await;
    for minute in [100, 200] {
        assert_eq!(finds_gone(store, minute, &["1"], Vec::new()).await.counts.withdrawn, 0);
        assert_eq!(plan(store, "1").await, (None, false));
    }
    assert_eq!(titles(store).await, ["Bridge"]);
}

pub(super) async fn what_was_withdrawn_is_dropped_by_retention_though_it_stands_on_the_list(
    store: &impl Backend,
) {
    portal(store, "town").await;
    let mut first =
        outcome("town", lease("node", 10), 10, vec![page("1", "Bridge", 0), page("2", "Market", 0)]);
    first.lists = vec![list(&["1", "2"])];
    finished(store, first).await;
    finds_gone(store, 100, &["1"], Vec::new()).await;
    finds_gone(store, 200, &["1"], Vec::new()).await;
    assert_eq!(store.retain(at(5)).await.unwrap(), 1);
    assert_eq!((titles(store).await, facts(store).await.2.len()), (vec!["Market".to_owned()], 0));
}
