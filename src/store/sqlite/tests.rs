//! What is SQLite's own: crashes, broken files, other processes, and the threads.

mod broken;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use super::super::contract::{Backend, StoreError};
use super::super::settings::Settings;
use super::super::shapes::{HostRow, Outcome, Query};
use super::super::tests::Fresh;
use super::super::tests::given::{
    at, host, id, lease, list, outcome, page, portal, titles, url, visit, with_text,
};
use super::failure::failure;
use super::{Sqlite, articles, open};

const ALL: Query = Query { portals: None, category: None, words: None, limit: 1000, skip: 0 };

fn file(fresh: &Fresh) -> PathBuf {
    open::path(&fresh.settings.url).unwrap()
}

fn at_path(path: &Path) -> Settings {
    Settings { url: format!("sqlite:{}", path.display()), ..Settings::default() }
}

async fn opened(fresh: &Fresh) -> Sqlite {
    Sqlite::open(&fresh.settings).await.unwrap()
}

async fn run_sql(store: &Sqlite, sql: &str) {
    let sql = sql.to_owned();
    store.threads.write(move |c| c.execute_batch(&sql).map_err(failure)).await.unwrap();
}

/// A visit that writes into every table: an edit, a new article, a list, a host, the portal.
fn busy_visit(minute: i64) -> Outcome {
    let pages = vec![page("2", "Market", 2), with_text(page("1", "Bridge", 1), "Corrected.")];
    let mut outcome = outcome("town", lease("node", minute), minute, pages);
    outcome.lists = vec![list(&["1", "2"])];
    outcome.title = Some("Town".to_owned());
    outcome.hosts = vec![(host("town.example"), HostRow::default())];
    outcome
}

/// Everything that a reader or the next visit could see.
async fn whole(store: &Sqlite) -> String {
    let keys = ["1", "2"].map(|path| url(path).key());
    let known = store.known(&id("town"), keys.to_vec()).await.unwrap();
    let known: std::collections::BTreeMap<_, _> = known.into_iter().collect();
    let list = store.list_copy(&id("town"), &url("")).await.unwrap();
    let articles = store.articles(ALL).await.unwrap();
    let (status, revisions) = (store.status(at(0)).await.unwrap(), store.revisions().await.unwrap());
    let revisions: std::collections::BTreeMap<_, _> = revisions.into_iter().collect();
    format!("{known:?} {list:?} {articles:?} {status:?} {revisions:?}")
}

#[tokio::test]
async fn a_visit_is_written_whole_or_not_at_all_whichever_write_fails() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    visit(&store, "town", 0, vec![page("1", "Bridge", 1)]).await;
    store.claim(&id("town"), vec![host("town.example")], lease("node", 10)).await.unwrap().unwrap();
    let mut sql = "CREATE TEMP TABLE budget (writes INTEGER); INSERT INTO budget VALUES (0);".to_owned();
    for table in ["portal", "host", "list", "article", "page", "incident"] {
        for verb in ["INSERT", "UPDATE"] {
            sql.push_str(&format!(
                "CREATE TEMP TRIGGER {table}_{verb} BEFORE {verb} ON main.{table} BEGIN
                     UPDATE budget SET writes = writes - 1;
                     SELECT RAISE(ABORT, 'this write fails') FROM budget WHERE writes < 0;
                 END;"
            ));
        }
    }
    run_sql(&store, &sql).await;
    let before = whole(&store).await;
    let mut news = store.news();
    news.mark_unchanged();
    let mut failed = 0;
    loop {
        run_sql(&store, &format!("UPDATE budget SET writes = {failed}")).await;
        match store.finish(busy_visit(10)).await {
            Ok(committed) => {
                assert_eq!((committed.counts.new, committed.counts.changed), (1, 1));
                break;
            }
            Err(error) => assert!(error.to_string().contains("this write fails"), "{error}"),
        }
        assert_eq!(whole(&store).await, before, "write {failed} failed and left something");
        assert!(!news.has_changed().unwrap());
        failed += 1;
    }
    assert!(failed >= 7, "only {failed} writes were tried");
    assert!(news.has_changed().unwrap());
    assert_eq!(titles(&store).await, ["Market", "Bridge"]);
}

/// A copy of the file and its log as they lie on the disk, the log cut.
fn as_killed(from: &Path, to: &Path, log_bytes: usize) {
    std::fs::copy(from, to).unwrap();
    let beside = |path: &Path| PathBuf::from(format!("{}-wal", path.display()));
    let log = std::fs::read(beside(from)).unwrap();
    std::fs::write(beside(to), &log[..log_bytes.min(log.len())]).unwrap();
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_kill_and_a_torn_log_tears_no_visit() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    for round in 0..6 {
        let pages = (0..5).map(|n| page(&format!("{round}-{n}"), &format!("{round} {n}"), round)).collect();
        assert_eq!(visit(&store, "town", round, pages).await.counts.new, 5);
    }
    let log =
        usize::try_from(std::fs::metadata(format!("{}-wal", file(&fresh).display())).unwrap().len()).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..=16 {
        let copy = fresh.folder.path().join(format!("killed-{step}.db"));
        as_killed(&file(&fresh), &copy, log * step / 16);
        // a log cut within the first migration leaves an empty file, which is brought up anew
        let again = Sqlite::open(&at_path(&copy)).await.unwrap();
        let kept = again.articles(ALL).await.unwrap();
        assert_eq!(kept.len() % 5, 0, "a visit was torn at step {step}");
        let revision = again.revisions().await.unwrap().get(&id("town")).copied().unwrap_or(0);
        assert_eq!(revision, i64::try_from(kept.len() / 5).unwrap());
        if step == 16 {
            assert_eq!(kept, store.articles(ALL).await.unwrap());
        }
        seen.insert(kept.len());
        again.close().await.unwrap();
    }
    assert!(seen.len() > 3, "the cuts showed too little: {seen:?}");
}

#[tokio::test]
async fn a_store_opened_again_gives_equal_answers_and_mints_no_number_twice() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    visit(&store, "town", 0, vec![page("1", "Bridge", 1)]).await;
    let before = whole(&store).await;
    store.close().await.unwrap();
    let log = std::fs::metadata(format!("{}-wal", file(&fresh).display()));
    assert!(log.is_err() || log.unwrap().len() == 0, "the log was not folded into the file");
    let store = opened(&fresh).await;
    assert_eq!(whole(&store).await, before);
    let told = visit(&store, "town", 5, vec![page("1", "Bridge", 1), page("2", "Market", 2)]).await;
    assert_eq!((told.counts.new, told.counts.changed), (1, 0));
    store.close().await.unwrap();
}

async fn refusal(settings: &Settings) -> String {
    Sqlite::open(settings).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_place_that_is_no_store_is_refused_with_its_cure() {
    let fresh = Fresh::new();
    let folder = fresh.folder.path();
    assert!(refusal(&at_path(folder)).await.contains("it is a folder: name a file in it"));
    let text = folder.join("notes.txt");
    std::fs::write(&text, "no database at all, but long enough to be taken for one by its size\n".repeat(40))
        .unwrap();
    assert!(refusal(&at_path(&text)).await.contains("it is no SQLite file"));
    assert_eq!(std::fs::read(&text).unwrap().len(), 40 * 68, "the file was touched");
    assert!(refusal(&at_path(&text.join("tidings.db"))).await.contains("its folder cannot be made"));
    for address in ["postgres://db/tidings", "sqlite:", "sqlite::memory:", "tidings.db", ""] {
        let settings = Settings { url: address.to_owned(), ..Settings::default() };
        assert!(refusal(&settings).await.contains("names no store"), "{address}");
    }
    let newer = folder.join("newer.db");
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 999).unwrap();
    let error = Sqlite::open(&at_path(&newer)).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 999, .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_may_not_be_written_is_refused_with_its_cure() {
    let fresh = Fresh::new();
    opened(&fresh).await.close().await.unwrap();
    let mut rights = std::fs::metadata(file(&fresh)).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(file(&fresh), rights).unwrap();
    if std::fs::OpenOptions::new().write(true).open(file(&fresh)).is_ok() {
        println!("skipped: root may write what is read-only");
        return;
    }
    assert!(refusal(&fresh.settings).await.contains("may not write it"));
}

#[tokio::test]
async fn a_damaged_file_is_refused_after_an_unclean_end() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    visit(&store, "town", 0, (0..200).map(|n| page(&n.to_string(), &format!("A{n}"), n)).collect()).await;
    // clean, but for the mark of a clean end
    store.close().await.unwrap();
    Connection::open(file(&fresh)).unwrap().execute("DELETE FROM value", []).unwrap();
    let mut bytes = std::fs::read(file(&fresh)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xA5);
    std::fs::write(file(&fresh), bytes).unwrap();
    let error = refusal(&fresh.settings).await;
    assert!(error.contains("damaged") && error.contains("backup"), "{error}");
}

#[tokio::test]
async fn a_full_disk_and_a_locked_file_refuse_writes_and_nothing_else() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    visit(&store, "town", 0, vec![page("1", "Bridge", 1)]).await;
    run_sql(&store, "PRAGMA max_page_count = 1; PRAGMA busy_timeout = 10").await;
    let large = with_text(page("2", "Market", 2), &"long ".repeat(20_000));
    store.claim(&id("town"), Vec::new(), lease("node", 9)).await.unwrap().unwrap();
    let full = store.finish(outcome("town", lease("node", 9), 9, vec![large.clone()])).await;
    assert_eq!(full.unwrap_err().to_string(), "store: the disk is full");
    assert_eq!(titles(&store).await, ["Bridge"]);
    run_sql(&store, "PRAGMA max_page_count = 1000000").await;
    let other = Connection::open(file(&fresh)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = store.finish(outcome("town", lease("node", 9), 9, vec![large.clone()])).await;
    assert_eq!(locked.unwrap_err().to_string(), "store: the database is locked by another process");
    assert!(store.ping(Duration::from_secs(5)).await.is_err());
    assert_eq!(titles(&store).await, ["Bridge"]);
    other.execute_batch("COMMIT").unwrap();
    store.finish(outcome("town", lease("node", 9), 9, vec![large])).await.unwrap();
    assert_eq!(titles(&store).await, ["Market", "Bridge"]);
}

#[tokio::test]
async fn a_long_queue_that_moves_shows_that_writes_go_through() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    let (limit, piece) = (Duration::from_millis(500), Duration::from_millis(100));
    let write = |work: Box<dyn FnOnce() + Send>| {
        let threads = Arc::clone(&store.threads);
        async move {
            let work = move |_: &mut Connection| {
                work();
                Ok(())
            };
            threads.write(work).await.unwrap();
        }
    };
    let mut queued = tokio::task::JoinSet::new();
    for _ in 0..12 {
        queued.spawn(write(Box::new(move || std::thread::sleep(piece))));
    }
    tokio::task::yield_now().await;
    store.ping(limit).await.unwrap();
    while queued.join_next().await.is_some() {}
    // what the look left in the queue is done, too
    store.ping(limit).await.unwrap();
    // one that stands still shows nothing
    let (go, stands) = std::sync::mpsc::sync_channel(1);
    queued.spawn(write(Box::new(move || stands.recv().unwrap())));
    tokio::task::yield_now().await;
    assert!(store.ping(limit).await.is_err());
    go.send(()).unwrap();
    queued.join_next().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_command_works_beside_the_daemon_on_one_file() {
    let fresh = Fresh::new();
    let daemon = opened(&fresh).await;
    portal(&daemon, "town").await;
    let beside = Sqlite::open_beside(&fresh.settings).await.unwrap();
    daemon.claim(&id("town"), vec![host("town.example")], lease("daemon", 0)).await.unwrap().unwrap();
    assert_eq!(beside.claim(&id("town"), Vec::new(), lease("command", 1)).await.unwrap(), None);
    daemon.finish(outcome("town", lease("daemon", 0), 1, vec![page("1", "Bridge", 1)])).await.unwrap();
    visit(&beside, "town", 2, vec![page("2", "Market", 2)]).await;
    assert_eq!(whole(&daemon).await, whole(&beside).await);
    beside.close().await.unwrap();
    assert_eq!(titles(&daemon).await, ["Market", "Bridge"]);
    daemon.close().await.unwrap();
}

#[tokio::test]
async fn a_closed_store_says_so_and_a_panic_costs_one_call_only() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    let broken: Result<(), _> = store
        .threads
        .write(|connection| {
            let transaction = super::transaction::begin(connection)?;
            transaction.execute("DELETE FROM portal", []).map_err(failure)?;
            panic!("a fault of ours")
        })
        .await;
    assert!(broken.unwrap_err().to_string().contains("inside tidings"));
    visit(&store, "town", 0, vec![page("1", "Bridge", 1)]).await;
    let other = store.clone();
    store.close().await.unwrap();
    assert!(matches!(other.articles(ALL).await, Err(StoreError::Closed)));
    assert!(matches!(other.set_value("a", "b").await, Err(StoreError::Closed)));
    assert!(matches!(other.close().await, Err(StoreError::Closed)));
}

#[tokio::test]
async fn feeds_of_one_portal_and_of_many_are_read_in_order_and_never_sorted() {
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    for names in [None, Some(vec![id("town")]), Some((0..500).map(|n| id(&format!("p{n}"))).collect())] {
        let (sql, values) = articles::select(&Query { portals: names, limit: 50, ..Query::default() });
        let plan = store.threads.read(move |connection| {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(failure)?;
            let rows = plan.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3));
            rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(failure)
        });
        let plan = plan.await.unwrap().join("; ");
        assert!(plan.contains("article_") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
    // a category is read alone, whatever else is asked for
    for (names, words) in [
        (None, None),
        (Some(vec![id("town")]), None),
        (Some(vec![id("town"), id("city")]), None),
        (None, Some("hall".to_owned())),
    ] {
        let category = Some("x".to_owned());
        let query = Query { portals: names, category, words, limit: 50, skip: 0 };
        let (sql, values) = articles::select(&query);
        let plan = store.threads.read(move |connection| {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).map_err(failure)?;
            let rows = plan.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3));
            rows.and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(failure)
        });
        let plan = plan.await.unwrap().join("; ");
        let is_alone = plan.starts_with("SEARCH category USING PRIMARY KEY (tag=?)");
        assert!(is_alone && !plan.contains("SCAN article") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn categories_follow_their_articles() {
    let tagged = |number: &str, minute: i64, categories: &[&str]| {
        let mut read = page(number, number, minute);
        read.article.categories = categories.iter().map(|&name| name.to_owned()).collect();
        read.fingerprint = categories.join(" ");
        read
    };
    let fresh = Fresh::new();
    let store = opened(&fresh).await;
    portal(&store, "town").await;
    let of = async |store: &Sqlite, name: &str| -> Vec<String> {
        let found = store.articles(Query { category: Some(name.to_owned()), ..ALL }).await.unwrap();
        found.into_iter().map(|stored| stored.article.title).collect()
    };
    let pages = vec![tagged("1", 1, &["a", "b", "a"]), tagged("2", 2, &["a"]), tagged("3", 3, &[])];
    visit(&store, "town", 5, pages).await;
    assert_eq!(
        (of(&store, "a").await, of(&store, "b").await),
        (vec!["2".into(), "1".into()], vec!["1".into()])
    );
    visit(&store, "town", 6, vec![tagged("1", 4, &["a", "c"])]).await;
    assert_eq!(
        (of(&store, "a").await, of(&store, "c").await),
        (vec!["1".into(), "2".into()], vec!["1".into()])
    );
    assert_eq!(of(&store, "b").await, Vec::<String>::new());
    // a file from before there was the table gets it
    run_sql(
        &store,
        "DROP TABLE category; DROP TABLE followed; ALTER TABLE history DROP COLUMN updated;
         ALTER TABLE portal DROP COLUMN kind; PRAGMA user_version = 5",
    )
    .await;
    store.close().await.unwrap();
    let store = opened(&fresh).await;
    assert_eq!(
        (of(&store, "a").await, of(&store, "c").await),
        (vec!["1".into(), "2".into()], vec!["1".into()])
    );
    store.retain(at(3)).await.unwrap();
    assert_eq!(of(&store, "a").await, ["1"]);
    store.close().await.unwrap();
}
