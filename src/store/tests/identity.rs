//! Promises 3 and 4: ids are minted once, and noise is no news.

use crate::model::{ArticleId, Image, StoredArticle};

use super::super::{Backend, PageOutcome, Query};
use super::given::{
    at, finished, id, judged, lease, list, outcome, page, portal, titles, url, visit, with_text,
};

async fn only(store: &impl Backend) -> StoredArticle {
    let mut all = store.articles(Query { limit: 9, ..Query::default() }).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

async fn revision(store: &impl Backend) -> i64 {
    store.revisions().await.unwrap()[&id("town")]
}

async fn article_of(store: &impl Backend, path: &str) -> Option<ArticleId> {
    let known = store.known(&id("town"), vec![url(path).key()]).await.unwrap();
    known.get(&url(path).key()).and_then(|known| known.article.clone())
}

pub(super) async fn an_address_leads_to_its_article_for_ever(store: &impl Backend) {
    portal(store, "town").await;
    let mut first = page("show.asp?id=7", "Bridge", 0);
    first.keys.push(url("bridge.html").key());
    let told = visit(store, "town", 10, vec![first.clone()]).await;
    assert_eq!(told.counts.new, 1);
    let minted = only(store).await.id;
    assert_eq!(told.fresh, std::slice::from_ref(&minted));
    assert!(minted.as_str().starts_with("tag:town.example,2026-03-01:town/"), "{minted}");
    let specific = minted.as_str().rsplit('/').next().unwrap();
    assert!(specific.len() == 16 && specific.bytes().all(|b| b.is_ascii_hexdigit()), "{minted}");
    // found by its other address, with another title and another text
    let edited = with_text(page("bridge.html", "Bridge opened", 0), "It was opened by the mayor.");
    let told = visit(store, "town", 20, vec![edited]).await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 1));
    assert_eq!(only(store).await.id, minted);
    assert_eq!(article_of(store, "show.asp?id=7").await, Some(minted.clone()));
    assert_eq!(article_of(store, "bridge.html").await, Some(minted));
}

pub(super) async fn the_same_content_is_no_news(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    let (before, revised) = (only(store).await, revision(store).await);
    let mut again = page("1", "Bridge", 0);
    again.etag = Some("\"newer\"".to_owned());
    let told = visit(store, "town", 20, vec![again]).await;
    assert_eq!((told.counts.new, told.counts.changed, told.fresh.len()), (0, 0, 0));
    assert_eq!((only(store).await, revision(store).await), (before, revised));
    let known = &store.known(&id("town"), vec![url("1").key()]).await.unwrap()[&url("1").key()];
    assert_eq!((known.visits, known.etag.as_deref(), known.next_visit), (1, Some("\"newer\""), Some(at(60))));
    let mut same = outcome("town", lease("node", 30), 30, Vec::new());
    same.pages = vec![PageOutcome::Same { key: url("1").key(), next_visit: Some(at(90)) }];
    finished(store, same).await;
    let known = &store.known(&id("town"), vec![url("1").key()]).await.unwrap()[&url("1").key()];
    assert_eq!((known.visits, known.next_visit, revision(store).await), (2, Some(at(90)), revised));
}

pub(super) async fn an_edit_moves_updated_and_nothing_moves_it_back(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 3)]).await;
    assert_eq!((only(store).await.updated, only(store).await.first_seen), (at(3), at(10)));
    visit(store, "town", 200, vec![with_text(page("1", "Bridge", 3), "Corrected.")]).await;
    assert_eq!(only(store).await.updated, at(200));
    let known = &store.known(&id("town"), vec![url("1").key()]).await.unwrap()[&url("1").key()];
    assert_eq!((known.visits, known.next_visit), (0, Some(at(13))));
    // the machine's clock was put back
    visit(store, "town", 100, vec![with_text(page("1", "Bridge", 3), "Corrected again.")]).await;
    let last = only(store).await;
    assert_eq!((last.article.text.as_str(), last.updated), ("Corrected again.", at(200)));
}

pub(super) async fn another_address_with_the_same_story_is_the_same_article(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Bridge", 0)]).await;
    let minted = only(store).await.id;
    let told = visit(store, "town", 20, vec![page("section/1", "Bridge", 0)]).await;
    assert_eq!((told.counts.new, told.counts.changed, told.fresh.len()), (0, 0, 0));
    assert_eq!(only(store).await.id, minted);
    assert_eq!(article_of(store, "section/1").await, Some(minted));
    // another portal has stories of its own
    store.sync_portals(vec![super::given::seed("city", 0)], at(20)).await.unwrap();
    assert_eq!(visit(store, "city", 30, vec![page("1", "Bridge", 0)]).await.counts.new, 1);
}

pub(super) async fn two_articles_of_one_visit_are_never_one_by_story(store: &impl Backend) {
    portal(store, "town").await;
    let notices: Vec<_> = (0..30).map(|n| page(&format!("notice/{n}"), "Weekly notice", 0)).collect();
    assert_eq!(visit(store, "town", 10, notices.clone()).await.counts.new, 30);
    let told = visit(store, "town", 20, notices).await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 0));
    assert_eq!(titles(store).await.len(), 30);
}

pub(super) async fn a_redesign_moves_the_links_and_announces_nothing(store: &impl Backend) {
    portal(store, "town").await;
    let pictured = |path: &str, folder: &str| {
        let mut page = page(path, "Bridge", 0);
        page.article.images = vec![Image { url: url(&format!("{folder}/b.jpg")), alt: String::new() }];
        judged(page)
    };
    visit(store, "town", 10, vec![pictured("show.asp?id=1", "upload")]).await;
    let (before, revised) = (only(store).await, revision(store).await);
    let mut moved = outcome("town", lease("node", 50), 50, vec![pictured("news/1.html", "media")]);
    moved.lists = vec![list(&["news/1.html"])];
    let told = finished(store, moved).await;
    assert_eq!((told.counts.new, told.counts.changed, told.fresh.len()), (0, 0, 0));
    let after = only(store).await;
    assert_eq!((&after.id, after.updated, after.number), (&before.id, before.updated, before.number));
    assert_eq!(after.article.url, url("news/1.html"));
    assert_eq!(after.article.images[0].url, url("media/b.jpg"));
    assert!(revision(store).await > revised);
    // the new address carries the plan, the old one no more; the moved pictures are no news later either
    let due = store.revisits(&id("town"), at(900), 9).await.unwrap();
    assert_eq!(due.iter().map(|known| known.key.clone()).collect::<Vec<_>>(), [url("news/1.html").key()]);
    let told = visit(store, "town", 60, vec![pictured("news/1.html", "media")]).await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 0));
}

pub(super) async fn a_canonical_address_shared_by_all_pages_folds_none_of_them(store: &impl Backend) {
    portal(store, "town").await;
    let misled = |path: &str, title: &str| {
        let mut page = page(path, title, 0);
        page.keys.push(url("").key());
        page
    };
    let told = visit(store, "town", 10, vec![misled("1", "Bridge"), misled("2", "Market")]).await;
    assert_eq!(told.counts.new, 2);
    // and the one that comes in a later visit
    let told = visit(store, "town", 20, vec![misled("3", "School")]).await;
    assert_eq!((told.counts.new, told.counts.changed), (1, 0));
    let told =
        visit(store, "town", 30, vec![misled("3", "School"), misled("2", "Market"), misled("1", "Bridge")])
            .await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 0));
    assert_eq!(titles(store).await, ["School", "Bridge", "Market"]);
}

pub(super) async fn a_second_address_on_the_same_list_tells_nothing_new(store: &impl Backend) {
    portal(store, "town").await;
    let mut first = outcome("town", lease("node", 10), 10, vec![page("1", "Bridge", 0)]);
    first.lists = vec![list(&["1"])];
    finished(store, first).await;
    let (before, revised) = (only(store).await, revision(store).await);
    // a print view of it, listed beside it, that names it as canonical and says a little less
    let mut print = with_text(page("print/1", "Bridge", 0), "The short form.");
    print.keys.push(url("1").key());
    let mut second = outcome("town", lease("node", 20), 20, vec![print]);
    second.lists = vec![list(&["1", "print/1"])];
    let told = finished(store, second).await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 0));
    assert_eq!((only(store).await, revision(store).await), (before.clone(), revised));
    assert_eq!(article_of(store, "print/1").await, Some(before.id));
}

pub(super) async fn a_page_that_failed_keeps_its_address_and_becomes_an_article_later(store: &impl Backend) {
    portal(store, "town").await;
    for (minute, failures) in [(10, 1), (20, 2)] {
        let mut failed = outcome("town", lease("node", minute), minute, Vec::new());
        let retry_at = Some(at(minute + 7));
        failed.pages = vec![PageOutcome::Failed { key: url("1").key(), url: url("1"), retry_at }];
        finished(store, failed).await;
        let known = &store.known(&id("town"), vec![url("1").key()]).await.unwrap()[&url("1").key()];
        assert_eq!((known.article.as_ref(), known.visits, known.next_visit), (None, failures, retry_at));
    }
    assert_eq!(store.revisits(&id("town"), at(900), 9).await.unwrap(), []);
    assert_eq!(visit(store, "town", 30, vec![page("1", "Bridge", 0)]).await.counts.new, 1);
    let known = &store.known(&id("town"), vec![url("1").key()]).await.unwrap()[&url("1").key()];
    assert_eq!((known.article.is_some(), known.visits, known.first_seen), (true, 0, Some(at(30))));
    // an article that cannot be read now stays what it is
    let mut failed = outcome("town", lease("node", 40), 40, Vec::new());
    failed.pages = vec![PageOutcome::Failed { key: url("1").key(), url: url("1"), retry_at: Some(at(50)) }];
    finished(store, failed).await;
    assert_eq!(titles(store).await, ["Bridge"]);
}

pub(super) async fn what_was_published_in_the_future_was_not_changed_in_the_future(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("1", "Fair", 4000)]).await;
    assert_eq!((only(store).await.updated, only(store).await.dated()), (at(10), at(4000)));
    let mut dateless = page("2", "Undated", 0);
    dateless.article.published = None;
    let told = visit(store, "town", 20, vec![judged(dateless)]).await;
    let all = store.articles(Query { limit: 9, ..Query::default() }).await.unwrap();
    let undated = all.iter().find(|stored| stored.id == told.fresh[0]).unwrap();
    assert_eq!((undated.updated, undated.dated()), (at(20), at(20)));
}
