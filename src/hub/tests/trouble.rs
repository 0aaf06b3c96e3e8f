//! Deliveries when things go wrong: settings that change, a store that fails, hosts that hold others up.

use super::*;
use crate::store::{PushEnd, WishEnd};

/// A subscriber that holds a lease and is taken to have a document.
async fn holds(scene: &Scene, callback: &PageUrl, topic: &str, sent: &str) {
    let now = scene.parts.clock.now();
    let wish = Wish {
        topic: topic.to_owned(),
        callback: callback.clone(),
        mode: Mode::Subscribe,
        secret: None,
        lease_secs: 3600,
    };
    assert!(scene.parts.store.wish(wish.clone(), now).await.unwrap());
    let wishes = scene.parts.store.wishes(now, 500).await.unwrap();
    let wished = wishes.into_iter().find(|wished| wished.wish == wish).unwrap();
    let end = WishEnd::Granted { until: now + TimeDelta::hours(1), sent: Some(sent.to_owned()) };
    scene.parts.store.end_wish(wished, end).await.unwrap();
}

/// The store takes no changes of some columns of subscriptions, or (when none are named) takes all again.
fn refuses(scene: &Scene, columns: &str) {
    let base = rusqlite::Connection::open(scene.folder.path().join("t.db")).unwrap();
    base.execute_batch("DROP TRIGGER IF EXISTS full").unwrap();
    if !columns.is_empty() {
        base.execute_batch(&format!(
            "CREATE TRIGGER full BEFORE UPDATE OF {columns} ON subscription
             BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        ))
        .unwrap();
    }
}

async fn ends(scene: &Scene) {
    scene.stop.request();
    assert!(scene.stop.finished(Duration::from_secs(5)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_not_the_one_owed_is_delivered_once() {
    let scene = scene().await;
    scene.publish(1).await;
    let (callback, got) = subscriber(true, 204).await;
    holds(&scene, &callback, TOPIC, "d1").await;
    // owed since before a reload: the document is another one by now
    scene.parts.store.publish(TOPIC, "d2", scene.parts.clock.now()).await.unwrap();
    scene.start();
    until("told", || count(&got, "post") > 0).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(count(&got, "post"), 1);
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_turns_back_is_owed_no_more_and_what_comes_meanwhile_is() {
    let scene = scene().await;
    let (store, now) = (scene.parts.store.clone(), scene.parts.clock.now());
    let callback = PageUrl::parse("http://127.0.0.1:1/").unwrap();
    holds(&scene, &callback, TOPIC, "d1").await;
    let due = async || store.pushes(now, 10).await.unwrap();
    assert_eq!(store.publish(TOPIC, "d2", now).await.unwrap(), 1);
    assert_eq!(store.publish(TOPIC, "d1", now).await.unwrap(), 0);
    assert_eq!(due().await, []);
    assert_eq!(store.publish(TOPIC, "d2", now).await.unwrap(), 1);
    let push = due().await.pop().unwrap();
    assert_eq!(push.owed.as_deref(), Some("d2"));
    // while it is delivered, another one appears
    assert_eq!(store.publish(TOPIC, "d3", now).await.unwrap(), 1);
    let end = PushEnd::Delivered { digest: "d2".to_owned(), owed: push.owed };
    store.end_pushes(vec![(push.number, end)]).await.unwrap();
    let push = due().await.pop().unwrap();
    let end = PushEnd::Delivered { digest: "d4".to_owned(), owed: push.owed };
    store.end_pushes(vec![(push.number, end)]).await.unwrap();
    assert_eq!(due().await, []);
    // and what was owed once may be owed again
    assert_eq!(store.publish(TOPIC, "d3", now).await.unwrap(), 1);
    // who renews meanwhile is still owed it
    holds(&scene, &callback, TOPIC, "d3").await;
    assert_eq!(store.publish(TOPIC, "d3", now).await.unwrap(), 0);
    assert_eq!(due().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_change_a_document_are_told() {
    let scene = scene().await;
    scene.publish(1).await;
    scene.start();
    let (callback, got) = subscriber(true, 204).await;
    scene.ask(&callback, true, None).await;
    until("verified", || count(&got, "get") == 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut portals = scene.parts.portals.load_full().to_vec();
    portals[0].title = Some("Town Hall".to_owned());
    scene.parts.portals.store(Arc::new(portals));
    // any news makes it look
    scene.parts.store.set_value("x", "y").await.unwrap();
    for _ in 0..60 {
        if count(&got, "post") > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(count(&got, "post"), 1);
    assert!(String::from_utf8_lossy(&got.lock().unwrap()[1].2).contains("Town Hall"));
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_takes_no_writes_makes_nobody_be_called_again() {
    let scene = scene().await;
    scene.publish(1).await;
    let ((told, posts), (asked, gets)) = (subscriber(true, 204).await, subscriber(true, 204).await);
    holds(&scene, &told, TOPIC, "d1").await;
    scene.parts.store.publish(TOPIC, "d2", scene.parts.clock.now()).await.unwrap();
    scene.ask(&asked, true, None).await;
    // that calls are due it took
    refuses(&scene, "sent, until");
    scene.start();
    until("both are called", || count(&posts, "post") > 0 && count(&gets, "get") > 0).await;
    for _ in 0..10 {
        scene.parts.wake.notify_one();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((count(&posts, "post"), count(&gets, "get")), (1, 1));
    refuses(&scene, "");
    scene.parts.wake.notify_one();
    for _ in 0..100 {
        if scene.parts.store.next_push().await.unwrap().is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let now = scene.parts.clock.now();
    let stand = scene.parts.store.subscriptions(now).await.unwrap();
    assert_eq!((stand.active, stand.owed), (2, 0), "it is written when it can be");
    assert_eq!((count(&posts, "post"), count(&gets, "get")), (1, 1));
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_appears_while_a_subscriber_is_asked_is_told() {
    let scene = scene().await;
    scene.publish(1).await;
    // it thinks for a while before it confirms
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback = PageUrl::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let got = Got::default();
    let seen = Arc::clone(&got);
    let tasks = Stop::new();
    tasks.clone().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tasks.spawn(async move {
                tokio::time::sleep(Duration::from_millis(600)).await;
                Box::pin(one(stream, seen, true, 204)).await;
            });
        }
    });
    let (other, others) = subscriber(true, 204).await;
    scene.start();
    scene.ask(&other, true, None).await;
    until("verified", || count(&others, "get") == 1).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    scene.ask(&callback, true, None).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    scene.publish(2).await;
    until("told", || count(&got, "post") == 1 && count(&others, "post") == 1).await;
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_that_could_not_be_written_down_is_not_forgotten() {
    let scene = scene().await;
    scene.publish(1).await;
    let (callback, got) = subscriber(true, 204).await;
    holds(&scene, &callback, TOPIC, "d1").await;
    refuses(&scene, "owed");
    scene.start();
    tokio::time::sleep(Duration::from_millis(300)).await;
    refuses(&scene, "");
    scene.parts.wake.notify_one();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(count(&got, "post"), 1);
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_made_keeps_no_other_from_being_told() {
    let scene = scene().await;
    scene.publish(1).await;
    let base = rusqlite::Connection::open(scene.folder.path().join("t.db")).unwrap();
    base.execute_batch(
        "INSERT OR REPLACE INTO history (feed, asked, seen, open, count) VALUES ('all', '', 0, x'ff', 0)",
    )
    .unwrap();
    let (callback, got) = subscriber(true, 204).await;
    // the broken one is looked at first
    holds(&scene, &callback, "https://feeds.example/feeds/all.atom", "d1").await;
    holds(&scene, &callback, TOPIC, "d1").await;
    scene.start();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(count(&got, "post"), 1);
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_takes_its_time_keeps_no_other_waiting() {
    let scene = scene().await;
    scene.publish(1).await;
    let tarpit = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slow = tarpit.local_addr().unwrap();
    let wish = |number: usize| PageUrl::parse(&format!("http://{slow}/{number}")).unwrap();
    // more than are looked at in one round
    for number in 0..510 {
        scene.ask(&wish(number), true, None).await;
    }
    let (callback, got) = subscriber(true, 204).await;
    scene.ask(&callback, true, None).await;
    scene.start();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(count(&got, "get"), 1);
    ends(&scene).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_one_host_stand_before_nobody() {
    let scene = scene().await;
    let (store, now) = (scene.parts.store.clone(), scene.parts.clock.now());
    for number in 0..40 {
        let many = PageUrl::parse(&format!("https://many.example:8443/{number}")).unwrap();
        holds(&scene, &many, TOPIC, "d1").await;
    }
    let others = ["https://many.example/", "http://many.example:8443/x", "https://one.example/y"];
    for other in others {
        holds(&scene, &PageUrl::parse(other).unwrap(), TOPIC, "d1").await;
    }
    assert_eq!(store.publish(TOPIC, "d2", now).await.unwrap(), 43);
    let due = store.pushes(now, 20).await.unwrap();
    assert_eq!(due.len(), 19);
    for other in others {
        assert!(due.iter().any(|push| push.callback.as_str() == other), "{other}");
    }
}
