//! Promise 3: a disk that is full, and a store that somebody else holds.

use std::time::Duration;

use rusqlite::Connection;

use super::{Mounted, figure, ran};
use crate::daemon::Home;
use crate::portal::{self, Page, Portal, town_paper};

/// One more article on the list.
fn publish(portal: &Portal, count: u32) {
    let rows: String = (1..=count).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    portal.put(&portal::path(count), Page::html(portal::article(count, &portal::title(count), "")));
    portal.put("/news/", Page::html(portal::list(&rows)));
}

#[test]
#[ignore = "long: tests/long.sh disk"]
fn a_full_disk_and_a_held_store_cost_no_feed() {
    let portal = Portal::start();
    town_paper(&portal, 4);
    let home = Home::new(&format!(
        "[store]\nurl = \"sqlite:disk/tidings.db\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1s\"\ntimezone = \"Asia/Shanghai\"\n",
        portal.url("/news/")
    ));
    let disk = home.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let place = disk.display().to_string();
    let is_mounted = ran("mount", &["-t", "tmpfs", "-o", "size=4m", "tmpfs", &place]);
    let _mounted = is_mounted.then(|| Mounted(&disk));
    let daemon = home.start();
    daemon.wait_portal("paper", |portal| portal["articles"] == 4);
    if is_mounted {
        // filled to the last byte
        let _ = std::fs::write(disk.join("filler"), vec![1; 8 << 20]);
        publish(&portal, 5);
        let told = daemon.wait_portal("paper", |portal| portal["error"]["class"] == "store");
        let served = daemon.get("/feeds/paper.rss");
        let is_well = served.status == 200 && served.text().contains(&portal::title(4));
        std::fs::remove_file(disk.join("filler")).unwrap();
        daemon.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(5)));
        daemon.wait_portal("paper", |portal| portal["state"] == "ok");
        figure(
            "full disk",
            &format!("told as {}, healed by itself", told["error"]["class"]),
            "feeds go on",
            is_well,
        );
    } else {
        eprintln!("FIGURE | full disk | skipped: `mount -t tmpfs` needs root | | |");
        publish(&portal, 5);
        daemon.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(5)));
    }
    let connection = Connection::open(disk.join("tidings.db")).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    publish(&portal, 6);
    let mut is_well = true;
    for _ in 0..15 {
        std::thread::sleep(Duration::from_secs(1));
        is_well &= daemon.get("/feeds/paper.atom").status == 200;
    }
    connection.execute_batch("ROLLBACK").unwrap();
    drop(connection);
    daemon.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(6)));
    figure("store held for 15 s", "healed by itself", "feeds go on", is_well);
}
