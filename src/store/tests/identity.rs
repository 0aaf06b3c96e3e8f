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

pub(super) async fn pages_of_one_title_and_day_that_name_one_section_stay_their_own(store: &impl Backend) {
    portal(store, "town").await;
    let misled = |n: i64| {
        let text = format!("House {n} gets a new door this week, bring your papers to the office in time.");
        let mut page = with_text(page(&format!("door/{n}"), "New doors", n), &text);
        page.keys.push(url("door/").key());
        page
    };
    for n in 1..=4 {
        // each of them alone on the list
        let mut one = outcome("town", lease("node", n * 10), n * 10, vec![misled(n)]);
        one.lists = vec![list(&[&format!("door/{n}")])];
        let told = finished(store, one).await;
        assert_eq!(told.counts.new, 1, "{n}");
    }
}

pub(super) async fn one_that_moved_and_was_edited_is_known_by_the_canonical_address_and_by_the_portals_number(
    store: &impl Backend,
) {
    portal(store, "town").await;
    visit(store, "town", 10, vec![page("show.asp?id=71", "Bridge", 0), page("show.asp?id=72", "Market", 1)])
        .await;
    let before = titles(store).await;
    let moved = |path: &str, title: &str, published: i64| {
        with_text(page(path, title, published), "All new, at length.")
    };
    // no list was read: nobody knows that the old address is gone
    let mut by_canonical = moved("a/bridge.html", "Bridge", 0);
    by_canonical.keys.push(url("show.asp?id=71").key());
    let mut second = outcome(
        "town",
        lease("node", 20),
        20,
        vec![by_canonical, moved("content/post_72.html", "Market", 1)],
    );
    second.lists = vec![list(&["a/bridge.html", "content/post_72.html"])];
    let told = finished(store, second).await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 2));
    assert_eq!(titles(store).await, before);
    // another number, another day, or a title of its own: another article
    let mut third = outcome(
        "town",
        lease("node", 30),
        30,
        vec![
            with_text(page("v2/73.html", "Market", 1), "Of another market."),
            moved("v2/post_72.html", "Market", 3000),
            moved("v3/post_72.html", "Market days", 1),
        ],
    );
    third.lists = vec![list(&["v2/73.html", "v2/post_72.html", "v3/post_72.html"])];
    assert_eq!(finished(store, third).await.counts.new, 3);
}

pub(super) async fn a_title_slightly_edited_is_the_same_article_when_the_old_address_is_gone_only(
    store: &impl Backend,
) {
    portal(store, "town").await;
    let text = "The bridge over the river is closed for three days, take the road along the dike.";
    let bridge = |path: &str, title: &str, published: i64| with_text(page(path, title, published), text);
    let mut first = outcome("town", lease("node", 10), 10, vec![bridge("a", "Bridge closed for days", 0)]);
    first.lists = vec![list(&["a"])];
    let minted = finished(store, first).await.fresh.remove(0);
    let mut beside =
        outcome("town", lease("node", 20), 20, vec![bridge("b", "Bridge closed for two days", 0)]);
    beside.lists = vec![list(&["a", "b"])];
    assert_eq!(finished(store, beside).await.counts.new, 1);
    let mut moved =
        outcome("town", lease("node", 30), 30, vec![bridge("c", "Bridge closed for some days", 5)]);
    moved.lists = vec![list(&["b", "c"])];
    let told = finished(store, moved).await;
    assert_eq!((told.counts.new, told.fresh), (0, vec![minted]));
    let mut other = outcome(
        "town",
        lease("node", 40),
        40,
        vec![bridge("d", "Bridge closed for 3 days", 6), bridge("e", "Bridge closed for some days", 3000)],
    );
    other.lists = vec![list(&["d", "e"])];
    assert_eq!(finished(store, other).await.counts.new, 2);
}

pub(super) async fn several_that_read_alike_move_each_as_its_own(store: &impl Backend) {
    portal(store, "town").await;
    let notices = |folder: &str| {
        (0..30).map(|n| page(&format!("{folder}/{n}"), "Weekly notice", 0)).collect::<Vec<_>>()
    };
    let minted = visit(store, "town", 10, notices("old")).await.fresh;
    let told = visit(store, "town", 20, notices("new")).await;
    assert_eq!((minted.len(), told.counts.new, titles(store).await.len()), (30, 0, 30));
    let mut now = Vec::new();
    for n in 0..30 {
        now.extend(article_of(store, &format!("new/{n}")).await);
    }
    now.sort();
    now.dedup();
    assert_eq!(now.len(), 30);
}

pub(super) async fn a_second_address_on_the_same_list_tells_nothing_new(store: &impl Backend) {
    portal(store, "town").await;
    let mut first = outcome("town", lease("node", 10), 10, vec![page("1", "Bridge", 0)]);
    first.lists = vec![list(&["1"])];
    finished(store, first).await;
    let (before, revised) = (only(store).await, revision(store).await);
    // a print view of it, listed beside it, that names it as canonical and says a little less
    let mut print = with_text(page("short/1", "Bridge", 0), "The short form.");
    print.keys.push(url("1").key());
    let mut second = outcome("town", lease("node", 20), 20, vec![print]);
    second.lists = vec![list(&["1", "short/1"])];
    let told = finished(store, second).await;
    assert_eq!((told.counts.new, told.counts.changed), (0, 0));
    assert_eq!((only(store).await, revision(store).await), (before.clone(), revised));
    assert_eq!(article_of(store, "short/1").await, Some(before.id));
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
    // nor is its plan of re-visits any further
    let known = &store.known(&id("town"), vec![url("1").key()]).await.unwrap()[&url("1").key()];
    assert_eq!((known.visits, known.next_visit), (0, Some(at(50))));
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
