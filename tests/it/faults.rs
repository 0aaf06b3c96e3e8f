//! A disk that is full, a file that is damaged, and a copy that is put in its place.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::daemon::{Daemon, Home, wait_for};
use crate::portal::{self, Page, Portal, town_paper};

const TOKEN: &str = "a-token-for-tests";

fn home(portal: &Portal) -> Home {
    let home = Home::new(&format!(
        "[server]\nadmin_token_file = \"token\"\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1h\"\ntimezone = \"Asia/Shanghai\"\n",
        portal.url("/news/")
    ));
    home.write("token", TOKEN);
    home
}

/// One more article on the list.
fn publish(portal: &Portal, count: u32) {
    let rows: String = (1..=count).rev().map(|n| portal::row(n, &portal::title(n))).collect();
    portal.put(&portal::path(count), Page::html(portal::article(count, &portal::title(count), "")));
    portal.put("/news/", Page::html(portal::list(&rows)));
}

fn ask(daemon: &Daemon) -> u16 {
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("Authorization", bearer.as_str())];
    crate::daemon::request(daemon.address, "POST", "/api/portals/paper/visit", &headers).status
}

/// Lets a process write files up to so many bytes long, as a full disk would.
fn limit(daemon: &Daemon, bytes: &str) -> bool {
    let (pid, limit) = (daemon.pid().to_string(), format!("--fsize={bytes}:unlimited"));
    Command::new("prlimit").args(["--pid", &pid, &limit]).status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_costs_no_feed_and_visits_are_stored_again_when_there_is_room() {
    let portal = Portal::start();
    town_paper(&portal, 4);
    let home = home(&portal);
    let mut command = Command::new("sh");
    // a write too many is an error and no signal, as it is on a full disk
    command.arg("-c").arg("trap '' XFSZ; exec \"$0\" \"$@\"").arg(env!("CARGO_BIN_EXE_tidings"));
    command.stdin(Stdio::null());
    let daemon = home.start_by(command, "127.0.0.1:0");
    daemon.wait_portal("paper", |portal| portal["articles"] == 4);
    daemon.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(4)));
    if !limit(&daemon, "4096") {
        eprintln!("skipped: `prlimit` is not here");
        return;
    }
    publish(&portal, 5);
    ask(&daemon);
    let told = daemon.wait_portal("paper", |portal| portal["error"]["class"] == "store");
    assert_eq!(told["state"], "failing", "{told}");
    for format in ["rss", "atom", "json"] {
        let answer = daemon.get(&format!("/feeds/paper.{format}"));
        assert!(answer.status == 200 && answer.text().contains(&portal::title(4)), "{answer:?}");
    }
    assert!(daemon.log().contains("error=store"), "{}", daemon.log());
    assert!(limit(&daemon, "unlimited"));
    wait_for(|| (ask(&daemon) != 503).then_some(()), || daemon.log());
    daemon.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(5)));
    let well = daemon.wait_portal("paper", |portal| portal["state"] == "ok");
    assert_eq!((&well["articles"], &well["error"]), (&5.into(), &serde_json::Value::Null), "{well}");
    assert_eq!(daemon.get("/readyz").status, 200);
}

/// Turns a kilobyte in the middle of a file around.
fn damage(file: &Path, at: u64) {
    let mut file = std::fs::File::options().read(true).write(true).open(file).unwrap();
    let mut bytes = [0; 1024];
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut bytes).unwrap();
    bytes.iter_mut().for_each(|byte| *byte ^= 0xa5);
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&bytes).unwrap();
}

#[test]
fn a_damaged_store_is_refused_with_its_cure_or_serves_what_it_served() {
    let portal = Portal::start();
    town_paper(&portal, 6);
    let home = home(&portal);
    let mut daemon = home.start();
    daemon.wait_portal("paper", |portal| portal["articles"] == 6);
    let served = daemon.wait("/feeds/paper.rss", |answer| answer.text().contains(&portal::title(6)));
    daemon.signal("TERM");
    assert_eq!(daemon.ended(), Some(0), "{}", daemon.log());
    let (store, whole) = (home.path().join("data/tidings.db"), home.path().join("whole.db"));
    std::fs::copy(&store, &whole).unwrap();
    let pages = std::fs::metadata(&whole).unwrap().len() / 4096;
    let mut refused = 0;
    for page in (1..pages).step_by(usize::try_from(pages / 12).unwrap().max(1)) {
        std::fs::copy(&whole, &store).unwrap();
        for ending in ["db-wal", "db-shm"] {
            let _ = std::fs::remove_file(store.with_extension(ending));
        }
        // as after a fall of the machine: nothing says that it ended well
        rusqlite::Connection::open(&store)
            .unwrap()
            .execute("DELETE FROM value WHERE name = 'store.clean'", [])
            .unwrap();
        damage(&store, page * 4096 + 1024);
        let mut command = home.command();
        command
            .args(["serve", "--no-visits", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(600));
        if let Some(status) = child.try_wait().unwrap() {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(status.code(), Some(1), "{said}");
            assert!(said.contains("damaged") && said.contains("backup"), "page {page}: {said}");
            refused += 1;
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let daemon = home.start_by(home.command(), "127.0.0.1:0");
        let answer = daemon.get("/feeds/paper.rss");
        let is_same = answer.status == 200 && answer.text().matches("<item>").count() == 6;
        assert!(is_same || answer.status >= 500, "page {page}: {} {}", answer.status, answer.text());
        drop(daemon);
    }
    assert!(refused > 0 && served.status == 200, "{refused} of 12 were refused");
}

#[test]
fn a_backup_made_at_work_is_put_back_and_serves_the_same_ids() {
    let portal = Portal::start();
    town_paper(&portal, 5);
    let home = home(&portal);
    let mut daemon = home.start();
    daemon.wait_portal("paper", |portal| portal["articles"] == 5);
    let before = daemon.wait("/feeds/paper.json", |answer| answer.text().contains(&portal::title(5))).json();
    // while a visit is stored
    publish(&portal, 6);
    ask(&daemon);
    let copied = home.command().args(["backup", "copy.db"]).output().unwrap();
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let again = home.command().args(["backup", "copy.db"]).output().unwrap();
    assert_eq!(again.status.code(), Some(1), "a copy was overwritten");
    daemon.wait_portal("paper", |portal| portal["articles"] == 6);
    daemon.signal("TERM");
    assert_eq!(daemon.ended(), Some(0));

    // docs/OPERATIONS.md, Restore
    for ending in ["db-wal", "db-shm"] {
        let _ = std::fs::remove_file(home.path().join("data/tidings").with_extension(ending));
    }
    std::fs::copy(home.path().join("copy.db"), home.path().join("data/tidings.db")).unwrap();
    let daemon = home.start();
    let after = daemon.wait("/feeds/paper.json", |answer| answer.text().contains(&portal::title(5))).json();
    let ids = |feed: &serde_json::Value| -> Vec<String> {
        let items = feed["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let (before, after) = (ids(&before), ids(&after));
    assert!(before.iter().all(|id| after.contains(id)), "{before:?} {after:?}");
    // what the copy did not have is found again
    ask(&daemon);
    daemon.wait("/feeds/paper.json", |answer| answer.text().contains(&portal::title(6)));
}
