//! What is broken costs itself: rows that cannot be read, a file that another process holds.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::super::contract::{Backend, StoreError};
use super::super::super::shapes::Query;
use super::super::super::tests::Fresh;
use super::super::super::tests::given::{at, finished, id, lease, list, outcome, page, portal, titles, url};
use super::super::Sqlite;
use super::super::open;

const ALL: Query = Query { portals: None, category: None, words: None, limit: 1000, skip: 0 };

fn beside(fresh: &Fresh) -> Connection {
    Connection::open(open::path(&fresh.settings.url).unwrap()).unwrap()
}

#[tokio::test]
async fn a_row_that_cannot_be_read_costs_itself_and_is_mended_by_the_next_visit() {
    let fresh = Fresh::new();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    portal(&store, "town").await;
    let both = || vec![page("2", "Market", 2), page("1", "Bridge", 1)];
    let visit = |minute: i64, pages| {
        let mut outcome = outcome("town", lease("node", minute), minute, pages);
        outcome.lists = vec![list(&["1", "2"])];
        outcome
    };
    finished(&store, visit(5, both())).await;
    let number = store.articles(ALL).await.unwrap()[0].number;
    for broken in ["cast(x'7b22ff227d' AS TEXT)", "'{}'", "'no json'", "x'00ff'"] {
        beside(&fresh)
            .execute_batch(&format!(
                "UPDATE article SET doc = {broken}, evidence = 'no json' WHERE number = {number};
                 UPDATE list SET items = {broken}, traits = 'no json';
                 UPDATE portal SET notes = 'no json', error = 'no json';"
            ))
            .unwrap();
        assert_eq!(titles(&store).await, ["Bridge"], "{broken}");
        assert_eq!(store.article(number).await.unwrap(), None);
        assert_eq!(store.numbered(vec![number, 1, 2]).await.unwrap().len(), 1);
        assert_eq!(store.arrivals(None, 0, 9).await.unwrap().len(), 1);
        assert_eq!(store.known(&id("town"), vec![url("2").key()]).await.unwrap().len(), 1);
        assert_eq!(store.list_copy(&id("town"), &url("")).await.unwrap(), None);
        assert!(store.about(&id("town")).await.is_ok());
        let status = store.status(at(6)).await.unwrap();
        assert!(status[&id("town")].error.is_some(), "a failure stays one");
        // what stands on a list that cannot be read is not known: nothing of the portal leaves
        assert_eq!(store.retain(at(90)).await.unwrap(), 0, "{broken}");
        let told = finished(&store, visit(7, both())).await;
        assert_eq!((told.counts.new, told.counts.changed), (0, 0), "{broken}");
        assert_eq!(titles(&store).await, ["Market", "Bridge"], "{broken}");
        assert!(store.list_copy(&id("town"), &url("")).await.unwrap().is_some());
    }
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_waits_for_no_queue_while_another_process_holds_the_file() {
    let fresh = Fresh::new();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    store.set_value("before", "1").await.unwrap();
    let patience = Duration::from_millis(300);
    store.threads.write(move |c| c.busy_timeout(patience).map_err(super::failure)).await.unwrap();
    let other = beside(&fresh);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let stop = crate::runtime::Stop::new();
    let waiting: Vec<_> = (0..60)
        .map(|number| {
            let store = store.clone();
            stop.spawn(async move { store.set_value("held", &number.to_string()).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    // the mark of a clean end cannot be written
    assert!(store.close().await.is_err());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let mut refused = 0;
    for write in waiting {
        refused += usize::from(matches!(write.await.unwrap(), Err(StoreError::Closed)));
    }
    assert!(refused >= 40, "{refused}");
    drop(other);
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    assert_eq!(store.value("before").await.unwrap().as_deref(), Some("1"));
    // a store that moves does what is queued
    let waiting: Vec<_> = (0..60)
        .map(|number| {
            let store = store.clone();
            stop.spawn(async move { store.set_value(&format!("late-{number}"), "1").await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    store.close().await.unwrap();
    for write in waiting {
        write.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_file_that_takes_no_writes_is_opened_and_its_mark_goes_with_the_first_write() {
    let fresh = Fresh::new();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    portal(&store, "town").await;
    store.close().await.unwrap();
    let other = beside(&fresh);
    let commits = || other.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    let marks = || {
        let sql = "SELECT count(*) FROM value WHERE name = 'store.clean'";
        other.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let full =
        "CREATE TRIGGER full BEFORE DELETE ON value BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    other.execute_batch(full).unwrap();
    let before = commits();
    Sqlite::open_beside(&fresh.settings).await.unwrap().close().await.unwrap();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    assert_eq!(store.status(at(0)).await.unwrap().len(), 1);
    assert_eq!(commits(), before, "a file with the newest schema was written to");
    assert_eq!(marks(), 1);
    other.execute_batch("DROP TRIGGER full").unwrap();
    store.set_value("first", "1").await.unwrap();
    assert_eq!(marks(), 0);
    store.close().await.unwrap();
    assert_eq!(marks(), 1);
}

#[tokio::test]
async fn hubs_elsewhere_are_asked_though_the_clock_was_put_back() {
    let fresh = Fresh::new();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    let row = format!(
        "INSERT INTO followed (token, portal, list, hub, topic, secret, base, ask_at)
         VALUES ('t', 'town', 'l', 'http://hub.example/', 'http://town.example/feed', 's', 'b', {})",
        at(365 * 24 * 60).timestamp_millis()
    );
    beside(&fresh).execute_batch(&row).unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    assert!(store.follows(at(25 * 60), "b", 9).await.unwrap().is_empty());
    store.heed_clock(at(0), day, day).await.unwrap();
    assert_eq!(store.follows(at(25 * 60), "b", 9).await.unwrap().len(), 1);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_clock_put_forward_for_a_moment_ends_no_lease() {
    let fresh = Fresh::new();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    let row = format!(
        "INSERT INTO subscription (topic, callback, host, until) VALUES ('feed', 'http://a.example/', 'a.example', {})",
        at(60).timestamp_millis()
    );
    beside(&fresh).execute_batch(&row).unwrap();
    let (never, year) = (at(-1000), 365 * 24 * 60);
    assert!(store.topics(at(year), never).await.unwrap().is_empty());
    assert_eq!(store.topics(at(1), never).await.unwrap(), ["feed"]);
    assert!(store.topics(at(year), at(year)).await.unwrap().is_empty());
    assert!(store.topics(at(1), never).await.unwrap().is_empty());
    store.close().await.unwrap();
}

#[tokio::test]
async fn what_is_past_retention_leaves_in_parts() {
    let fresh = Fresh::new();
    let store = Sqlite::open(&fresh.settings).await.unwrap();
    portal(&store, "town").await;
    let old = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
        INSERT INTO article (id, key, portal, dated, first_seen, updated, fingerprint, doc, evidence, turn)
        SELECT 'id' || i, 'key' || i, 'town', 1, 1, 1, '', '{}', '{}', i FROM n";
    beside(&fresh).execute_batch(old).unwrap();
    for dropped in [1000, 500, 0] {
        assert_eq!(store.retain(at(0)).await.unwrap(), dropped);
    }
    store.close().await.unwrap();
}
