//! Promises 1 and 6, and what is kept beside articles: lists, plans, status, values, copies.

use crate::model::{Class, Fault, STATUS};

use super::super::{Backend, HostRow, Outcome, Query, Settings, Store};
use super::given::{
    at, finished, host, id, judged, lease, list, outcome, page, portal, seed, titles, url, visit, with_text,
};

fn fault(detail: &str) -> Fault {
    Fault { class: Class::Timeout, detail: detail.to_owned(), url: Some(url("")) }
}

pub(super) async fn feeds_are_newest_first_and_of_equal_ones_the_higher_on_the_list(store: &impl Backend) {
    portal(store, "town").await;
    let first = vec![page("a", "A", 10), page("b", "B", 10), page("c", "C", 30), page("d", "D", 10)];
    visit(store, "town", 40, first).await;
    assert_eq!(titles(store).await, ["C", "A", "B", "D"]);
    // what is found later is newer, where dates are equal
    visit(store, "town", 50, vec![page("e", "E", 10), page("f", "F", 10)]).await;
    assert_eq!(titles(store).await, ["C", "E", "F", "A", "B", "D"]);
    assert_eq!(store.articles(Query { limit: 2, ..Query::default() }).await.unwrap().len(), 2);
    // a date that was corrected counts for the order
    visit(store, "town", 60, vec![with_text(page("d", "D", 35), "Dated rightly.")]).await;
    assert_eq!(titles(store).await, ["D", "C", "E", "F", "A", "B"]);
}

pub(super) async fn fresh_articles_are_told_in_feed_order(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 40, vec![page("a", "A", 20)]).await;
    let changed = with_text(page("a", "A", 20), "Otherwise.");
    let told = visit(store, "town", 50, vec![page("b", "B", 10), changed, page("c", "C", 30)]).await;
    let served = store.articles(Query { limit: 9, ..Query::default() }).await.unwrap();
    assert_eq!(told.fresh, served.into_iter().map(|stored| stored.id).collect::<Vec<_>>());
}

pub(super) async fn a_query_narrows_by_portals_and_category(store: &impl Backend) {
    store.sync_portals(vec![seed("a", 0), seed("b", 0), seed("c", 0)], at(0)).await.unwrap();
    for (place, name) in (0..).zip(["a", "b", "c"]) {
        let mut sport = page("s", &format!("{name} sport"), place);
        sport.article.categories = vec!["Town".to_owned(), "Sport \"x\"".to_owned()];
        visit(store, name, 10, vec![judged(sport), page("t", &format!("{name} town"), place + 10)]).await;
    }
    let ask = async |portals: Option<&[&str]>, category: Option<&str>| {
        let portals = portals.map(|names| names.iter().map(|name| id(name)).collect());
        let query = Query { portals, category: category.map(str::to_owned), limit: 9, ..Query::default() };
        let found = store.articles(query).await.unwrap();
        found.into_iter().map(|stored| stored.article.title).collect::<Vec<_>>()
    };
    assert_eq!(ask(Some(&["b"]), None).await, ["b town", "b sport"]);
    assert_eq!(ask(Some(&["a", "c", "nowhere"]), None).await, ["c town", "a town", "c sport", "a sport"]);
    assert_eq!(ask(Some(&[]), None).await, Vec::<String>::new());
    assert_eq!(ask(None, Some("Sport \"x\"")).await, ["c sport", "b sport", "a sport"]);
    assert_eq!(ask(Some(&["a"]), Some("Town")).await, ["a town", "a sport"]);
    assert_eq!(ask(None, Some("Tow")).await, Vec::<String>::new());
}

pub(super) async fn evidence_is_kept_apart_and_given_with_the_article(store: &impl Backend) {
    portal(store, "town").await;
    let read = page("1", "Bridge", 0);
    visit(store, "town", 10, vec![read.clone()]).await;
    let listed = store.articles(Query { limit: 1, ..Query::default() }).await.unwrap().remove(0);
    assert!(listed.article.evidence.is_empty());
    let whole = store.article(listed.number).await.unwrap().unwrap();
    assert_eq!(whole.article, read.article);
    assert_eq!(store.article(listed.number + 1).await.unwrap(), None);
}

pub(super) async fn a_list_page_is_given_back_as_it_was_read(store: &impl Backend) {
    portal(store, "town").await;
    for copy in [list(&["1", "2"]), list(&[])] {
        let mut done = outcome("town", lease("node", 10), 10, Vec::new());
        done.lists = vec![copy.clone()];
        finished(store, done).await;
        assert_eq!(store.list_copy(&id("town"), &url("")).await.unwrap(), Some(copy));
    }
    assert_eq!(store.list_copy(&id("town"), &url("other")).await.unwrap(), None);
    assert_eq!(store.list_copy(&id("city"), &url("")).await.unwrap(), None);
}

pub(super) async fn re_visits_are_due_by_their_plan(store: &impl Backend) {
    portal(store, "town").await;
    let mut never = page("never", "Never", 0);
    never.next_visit_changed = None;
    visit(store, "town", 1, vec![page("late", "Late", 20), never, page("soon", "Soon", 5)]).await;
    let due = async |minute| {
        let known = store.revisits(&id("town"), at(minute), 9).await.unwrap();
        known.into_iter().map(|known| known.url).collect::<Vec<_>>()
    };
    assert_eq!(due(14).await, []);
    assert_eq!(due(15).await, [url("soon")]);
    assert_eq!(due(30).await, [url("soon"), url("late")]);
    assert_eq!(store.revisits(&id("town"), at(30), 1).await.unwrap().len(), 1);
}

pub(super) async fn status_tells_failure_and_recovery(store: &impl Backend) {
    portal(store, "town").await;
    let status = async |minute| store.status(at(minute)).await.unwrap()[&id("town")].clone();
    assert_eq!((status(0).await.last_visit, status(0).await.next_visit), (None, Some(at(0))));
    let mut good = outcome("town", lease("node", 10), 10, vec![page("1", "Bridge", 0)]);
    (good.title, good.lang, good.degraded) = (Some("Town".to_owned()), Some("en".to_owned()), true);
    good.notes = (0..80).map(|n| fault(&format!("cut {n}"))).collect();
    finished(store, good).await;
    let seen = status(10).await;
    assert_eq!((seen.title.as_deref(), seen.lang.as_deref(), seen.articles), (Some("Town"), Some("en"), 1));
    assert_eq!((seen.last.new, seen.last.items, seen.notes.len(), seen.degraded), (1, 1, 50, true));
    for minute in [20, 30] {
        let mut bad = outcome("town", lease("node", minute), minute, Vec::new());
        bad.error = Some(fault("no answer within 30 s"));
        finished(store, bad).await;
    }
    let seen = status(30).await;
    assert_eq!((seen.failures, seen.since, seen.last_ok), (2, Some(at(20)), Some(at(10))));
    assert_eq!(
        (seen.last_visit, seen.next_visit, seen.error),
        (Some(at(30)), Some(at(90)), Some(fault("no answer within 30 s")))
    );
    assert_eq!((seen.title.as_deref(), seen.articles), (Some("Town"), 1));
    let claim = store.claim(&id("town"), Vec::new(), lease("node", 40)).await.unwrap().unwrap();
    assert_eq!(claim.failures, 2);
    store.finish(outcome("town", lease("node", 40), 41, Vec::new())).await.unwrap();
    let seen = status(41).await;
    assert_eq!((seen.failures, seen.since, seen.error, seen.last_ok), (0, None, None, Some(at(41))));
    assert!(!seen.degraded && seen.notes.is_empty());
}

/// A visit at a minute that failed, or not.
async fn went(store: &impl Backend, minute: i64, error: Option<Fault>) {
    finished(store, Outcome { error, ..outcome("town", lease("node", minute), minute, Vec::new()) }).await;
}

pub(super) async fn an_incident_opens_closes_and_is_one_an_hour(store: &impl Backend) {
    portal(store, "town").await;
    let moved = async || store.revisions().await.unwrap()[&id(STATUS)];
    let mut moves = vec![moved().await];
    // never visited, and broken from the beginning
    for (minute, error) in [(10, Some("first")), (20, Some("second")), (30, None)] {
        went(store, minute, error.map(fault)).await;
        moves.push(moved().await);
    }
    let [one] = store.incidents(9).await.unwrap().try_into().unwrap();
    assert_eq!((one.broke, one.recovered, one.last_ok, one.times), (at(10), Some(at(30)), None, 1));
    assert_eq!((one.again, one.fault), (None, fault("first")));
    // again within the hour: the same incident
    went(store, 69, Some(fault("third"))).await;
    moves.push(moved().await);
    let [again] = store.incidents(9).await.unwrap().try_into().unwrap();
    assert_eq!((again.number, again.broke, again.again), (one.number, at(10), Some(at(69))));
    assert_eq!((again.recovered, again.times, again.fault), (None, 2, fault("third")));
    went(store, 70, None).await;
    moves.push(moved().await);
    went(store, 71, Some(fault("fourth"))).await;
    moves.push(moved().await);
    let two = store.incidents(9).await.unwrap();
    assert_eq!((two.len(), two[0].broke, two[0].last_ok), (2, at(71), Some(at(70))));
    assert!(two[0].number > two[1].number && two[1].recovered == Some(at(70)));
    assert_eq!(store.incidents(1).await.unwrap(), two[..1]);
    assert_eq!(moves[1], moves[2], "a second failure is no news");
    moves.dedup();
    assert!(moves.len() == 6 && moves.is_sorted(), "{moves:?}");
}

pub(super) async fn what_serves_by_another_way_is_an_incident_and_a_new_layout_one_that_is_over(
    store: &impl Backend,
) {
    portal(store, "town").await;
    let noted = |minute, class| {
        let mut outcome = outcome("town", lease("node", minute), minute, Vec::new());
        (outcome.degraded, outcome.notes) = (true, vec![Fault { class, ..fault("as noted") }]);
        outcome
    };
    finished(store, noted(5, Class::Slow)).await;
    assert_eq!(store.incidents(9).await.unwrap(), []);
    finished(store, noted(10, Class::Layout)).await;
    let [changed] = store.incidents(9).await.unwrap().try_into().unwrap();
    assert_eq!(
        (changed.fault.class, changed.broke, changed.recovered),
        (Class::Layout, at(10), Some(at(10)))
    );
    finished(store, noted(90, Class::Suspect)).await;
    let [held, _] = store.incidents(9).await.unwrap().try_into().unwrap();
    assert_eq!((held.fault.class, held.broke, held.last_ok), (Class::Suspect, at(90), Some(at(10))));
    finished(store, noted(100, Class::Selector)).await;
    assert_eq!(store.incidents(9).await.unwrap()[0].recovered, None);
    finished(store, noted(110, Class::Layout)).await;
    assert_eq!(store.incidents(9).await.unwrap()[0].recovered, Some(at(110)));
    finished(store, outcome("town", lease("node", 120), 120, Vec::new())).await;
    assert_eq!(store.incidents(9).await.unwrap().len(), 2);
}

pub(super) async fn a_failing_visit_keeps_what_it_has(store: &impl Backend) {
    portal(store, "town").await;
    let key = host("town.example");
    store.claim(&id("town"), vec![key.clone()], lease("node", 0)).await.unwrap().unwrap();
    let mut bad = outcome("town", lease("node", 0), 1, vec![page("1", "Bridge", 0)]);
    bad.error = Some(fault("broken off"));
    let turn = HostRow { rest_until: Some(at(99)), ..HostRow::default() };
    bad.hosts = vec![(key.clone(), turn.clone())];
    assert_eq!(store.finish(bad).await.unwrap().counts.new, 1);
    assert_eq!(titles(store).await, ["Bridge"]);
    let next = store.claim(&id("town"), vec![key.clone()], lease("node", 2)).await.unwrap().unwrap();
    assert_eq!(next.hosts, [(key, turn)]);
}

pub(super) async fn retention_drops_contents_and_never_an_identity(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 100, vec![page("new", "New", 90), page("old", "Old", 10)]).await;
    let number = store.articles(Query { limit: 9, ..Query::default() }).await.unwrap()[1].number;
    let known = store.known(&id("town"), vec![url("old").key()]).await.unwrap();
    let revised = store.revisions().await.unwrap();
    assert_eq!(store.retain(at(50)).await.unwrap(), 1);
    assert_eq!(store.retain(at(50)).await.unwrap(), 0);
    assert_eq!(titles(store).await, ["New"]);
    assert_eq!(store.article(number).await.unwrap(), None);
    assert_eq!(store.status(at(100)).await.unwrap()[&id("town")].articles, 1);
    assert!(store.revisions().await.unwrap()[&id("town")] > revised[&id("town")]);
    let after = store.known(&id("town"), vec![url("old").key()]).await.unwrap();
    assert_eq!(after[&url("old").key()].article, known[&url("old").key()].article);
    assert_eq!(store.revisits(&id("town"), at(900), 9).await.unwrap().len(), 1);
    // it comes again, edited too, and under another address: it stays dropped
    for again in [with_text(page("old", "Old", 10), "Edited."), page("elsewhere", "Old", 10)] {
        let told = visit(store, "town", 110, vec![again]).await;
        assert_eq!((told.counts.new, told.counts.changed, told.fresh.len()), (0, 0, 0));
    }
    assert_eq!(titles(store).await, ["New"]);
}

pub(super) async fn what_still_stands_on_its_list_is_kept_however_old(store: &impl Backend) {
    portal(store, "town").await;
    let both = vec![page("listed", "Listed", 20), page("left", "Left", 10)];
    let mut first = outcome("town", lease("node", 100), 100, both);
    first.lists = vec![list(&["listed", "left"])];
    finished(store, first).await;
    assert_eq!(store.retain(at(90)).await.unwrap(), 0);
    let revised = store.revisions().await.unwrap();
    let mut shorter = outcome("town", lease("node", 110), 110, Vec::new());
    shorter.lists = vec![list(&["listed", "unread"])];
    finished(store, shorter).await;
    assert_eq!(store.revisions().await.unwrap(), revised);
    assert_eq!(store.retain(at(90)).await.unwrap(), 1);
    assert_eq!(titles(store).await, ["Listed"]);
}

pub(super) async fn revisions_move_with_feeds_only(store: &impl Backend) {
    store.sync_portals(vec![seed("town", 0), seed("city", 0)], at(0)).await.unwrap();
    let revision = async |name: &str| store.revisions().await.unwrap()[&id(name)];
    let (start, city) = (revision("town").await, revision("city").await);
    let mut titled = outcome("town", lease("node", 1), 1, vec![page("1", "Bridge", 0)]);
    titled.title = Some("Town".to_owned());
    finished(store, titled.clone()).await;
    let read = revision("town").await;
    assert!(read > start);
    // the same again, and a failure: feeds are what they were
    (titled.lease, titled.ended) = (lease("node", 10), at(10));
    finished(store, titled.clone()).await;
    (titled.lease, titled.error) = (lease("node", 20), Some(fault("gone quiet")));
    finished(store, titled.clone()).await;
    store.ask_visit(&id("town"), at(25)).await.unwrap();
    store.sync_portals(vec![seed("town", 0), seed("city", 0)], at(26)).await.unwrap();
    assert_eq!(revision("town").await, read);
    (titled.lease, titled.title) = (lease("node", 30), Some("The Town".to_owned()));
    finished(store, titled).await;
    assert!(revision("town").await > read);
    assert_eq!(revision("city").await, city);
}

pub(super) async fn values_are_kept_by_name(store: &impl Backend) {
    assert_eq!(store.value("a").await.unwrap(), None);
    store.set_value("a", "1").await.unwrap();
    store.set_value("a", "二").await.unwrap();
    assert_eq!(store.value("a").await.unwrap().as_deref(), Some("二"));
    store.ping(std::time::Duration::from_secs(5)).await.unwrap();
}

pub(super) async fn a_copy_holds_what_the_store_held(store: &impl Backend) {
    portal(store, "town").await;
    visit(store, "town", 10, (0..40).map(|n| page(&n.to_string(), &format!("Article {n}"), n)).collect())
        .await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    store.backup(&to).await.unwrap();
    assert!(store.backup(&to).await.is_err(), "a copy was overwritten");
    let settings = Settings { url: format!("sqlite:{}", to.display()), ..Settings::default() };
    let copy = Store::open(&settings).await.unwrap();
    let all = Query { limit: 100, ..Query::default() };
    assert_eq!(copy.articles(all.clone()).await.unwrap(), store.articles(all).await.unwrap());
    assert_eq!(copy.status(at(20)).await.unwrap(), store.status(at(20)).await.unwrap());
    copy.close().await.unwrap();
}
