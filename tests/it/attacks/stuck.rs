//! A store that another program holds: feeds are served, wishes are refused soon, and the watchdog is fed.

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::raw::{TOKEN, home, plain, reads, send};
use super::stop::told;

#[test]
fn a_locked_store_starves_neither_readers_nor_the_watchdog() {
    let home = home("");
    let place = home.path().join("notify");
    let socket = UnixDatagram::bind(&place).unwrap();
    let mut command = home.command();
    command.env("NOTIFY_SOCKET", &place).env("WATCHDOG_USEC", "900000");
    let daemon = home.start_by(command, "127.0.0.1:0");
    daemon.wait("/feeds/sample.rss", |answer| answer.text().matches("<item>").count() >= 10);
    let connection = Connection::open(home.path().join("data/tidings.db")).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    let began = Instant::now();
    let (mut fed, mut worst) = (0, Duration::ZERO);
    let topic = format!("http%3A%2F%2F{}%2Ffeeds%2Fsample.rss", daemon.address);
    std::thread::scope(|scope| {
        // those who want to write wait, and take the places of nobody
        for number in 0..300 {
            let (address, topic) = (daemon.address, topic.clone());
            scope.spawn(move || {
                let form = format!(
                    "hub.mode=subscribe&hub.callback=http%3A%2F%2Fb.example%2F{number}&hub.topic={topic}"
                );
                let lines = format!(
                    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
                    form.len()
                );
                let began = Instant::now();
                let heard = send(address, &[plain("POST", "/hub", &lines), form.into_bytes()].concat());
                assert!(heard.statuses().iter().all(|status| *status == 503), "{:?}", heard.statuses());
                assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
            });
        }
        std::thread::sleep(Duration::from_millis(200));
        while began.elapsed() < Duration::from_secs(7) {
            worst = worst.max(reads(daemon.address));
            let lines = told(&socket, Instant::now() + Duration::from_millis(300), |_| false);
            fed += lines.iter().filter(|line| *line == "WATCHDOG=1").count();
        }
    });
    assert!(worst < Duration::from_millis(1500), "{worst:?}");
    assert!(fed >= 8, "fed {fed} times");
    // nobody reads what the service manager is told from here on, and that holds up nobody
    let status = daemon.portal("sample").unwrap();
    assert_eq!(
        (&status["state"], &status["error"]["class"]),
        (&"failing".into(), &"store".into()),
        "{status}"
    );
    connection.execute_batch("ROLLBACK").unwrap();
    drop(connection);
    daemon.wait("/readyz", |answer| answer.status == 200);
    let visit = plain("POST", "/api/portals/sample/visit", &format!("Authorization: Bearer {TOKEN}\r\n"));
    assert_eq!(send(daemon.address, &visit).only().status, 202, "{}", daemon.log());
}
