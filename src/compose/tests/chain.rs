//! Histories when portals leave, articles leave, and who asked gives up.

use futures_util::future::FutureExt;

use super::*;

#[tokio::test]
async fn who_gives_up_on_a_large_store_leaves_it_further_on() {
    let pages = (0..1100).map(|n| page("town", n, Some(n))).collect();
    let (_folder, store) = store(&[("town", None, "en", pages)]).await;
    let (portals, place) = ([portal("town")], place());
    let desk = Desk { portals: &portals, place: &place, store: &store };
    let spec = spec_for("town", &portals, &[]).unwrap();
    // looked at step by step: who drops it between two of them loses nothing that was written
    let mut whole = Box::pin(desk.whole(&spec, Writing::Yes));
    let mut counts = BTreeSet::new();
    let feed = loop {
        match (&mut whole).now_or_never() {
            Some(feed) => break feed.unwrap(),
            None => counts.insert(store.history("town").await.unwrap().count),
        };
    };
    assert!(counts.contains(&950), "{counts:?}");
    assert_eq!((feed.entries.len(), feed.entries[0].title.as_str()), (50, "town 1099"));
    assert_eq!(store.history("town").await.unwrap().count, 1050);
    assert_eq!(desk.whole(&spec, Writing::No).await.unwrap(), feed);
}

#[tokio::test]
async fn the_time_of_a_feed_does_not_go_back_when_an_article_leaves() {
    let (_folder, store) =
        store(&[("town", None, "en", (0..2).map(|n| page("town", n, Some(n))).collect())]).await;
    let (portals, place) = ([portal("town")], place());
    let desk = Desk { portals: &portals, place: &place, store: &store };
    let spec = FeedSpec { limit: 2, ..spec_for("town", &portals, &[]).unwrap() };
    desk.whole(&spec, Writing::Yes).await.unwrap();
    // the oldest is edited, then one that is dated before that comes: the edited one leaves
    let edited = match page("town", 0, Some(0)) {
        PageOutcome::Read(mut read) => {
            read.fingerprint = "edited".to_owned();
            PageOutcome::Read(read)
        }
        other => other,
    };
    visit(&store, "town", 600, vec![edited]).await;
    let before = desk.whole(&spec, Writing::Yes).await.unwrap();
    assert_eq!(before.updated, Some(at(600)));
    visit(&store, "town", 700, vec![page("town", 2, Some(570))]).await;
    let after = desk.whole(&spec, Writing::Yes).await.unwrap();
    assert_eq!(
        (titles(&after), after.updated),
        (vec!["town 2".to_owned(), "town 1".to_owned()], before.updated)
    );
    assert_eq!(desk.whole(&spec, Writing::No).await.unwrap(), after);
}

#[tokio::test]
async fn a_portal_that_leaves_takes_its_pages_out_of_the_chain() {
    let of =
        |name: &str, days: std::ops::Range<i64>| days.map(|n| page(name, n, Some(n))).collect::<Vec<_>>();
    let (_folder, store) =
        store(&[("town", None, "en", of("town", 0..50)), ("city", None, "en", of("city", 50..150))]).await;
    visit(&store, "town", 900, of("town", 150..230)).await;
    let both = [portal("town"), portal("city")];
    let place = place();
    let desk = Desk { portals: &both, place: &place, store: &store };
    let spec = spec_for("all", &both, &[]).unwrap();
    assert_eq!(desk.whole(&spec, Writing::Yes).await.unwrap().entries.len(), 50);
    let town = [portal("town")];
    let desk = Desk { portals: &town, place: &place, store: &store };
    let spec = spec_for("all", &town, &[]).unwrap();
    let whole = desk.whole(&spec, Writing::Yes).await.unwrap();
    assert!(whole.pages.previous.unwrap().as_str().ends_with("/archive/4?upto=30"));
    let Archived::Page(fourth) = desk.archive(&spec, 4, Some(30)).await.unwrap() else { panic!() };
    assert!(fourth.pages.previous.unwrap().as_str().ends_with("/archive/1"));
    assert!(matches!(desk.archive(&spec, 2, None).await.unwrap(), Archived::Gone));
    let Archived::Page(first) = desk.archive(&spec, 1, None).await.unwrap() else { panic!() };
    assert_eq!((first.entries.len(), first.pages.previous), (50, None));
}
