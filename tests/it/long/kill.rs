//! Promise 1: kill -9 at any moment, again and again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{figure, size};
use crate::daemon::{Daemon, Home};
use crate::portal::{Portal, town_paper};

fn ids(daemon: &Daemon) -> Option<BTreeMap<String, String>> {
    let answer = daemon.get("/feeds/paper.json?limit=200");
    if answer.status != 200 {
        return None;
    }
    let feed = answer.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let items = feed["items"].as_array().unwrap().iter();
    Some(items.map(|item| (text(&item["title"]), text(&item["id"]))).collect())
}

#[test]
#[ignore = "long: tests/long.sh kill"]
fn whatever_was_announced_is_there_once_after_every_kill() {
    let rounds = u32::try_from(size("LONG_ROUNDS", 200)).unwrap();
    let portal = Portal::start();
    town_paper(&portal, 3);
    let home = Home::new(&format!(
        "[fetch]\nallow_networks = [\"127.0.0.0/8\"]\nmin_gap = \"0s\"\n\
         [[portal]]\nname = \"paper\"\nurl = \"{}\"\nevery = \"1s\"\ntimezone = \"Asia/Shanghai\"\n",
        portal.url("/news/")
    ));
    let mut announced: BTreeMap<String, String> = BTreeMap::new();
    let (mut findings, mut looks) = (0, 0);
    for round in 0..rounds {
        town_paper(&portal, 3 + round / 2);
        let daemon = home.start();
        // before the visit, in the midst of it, while it is stored, after it
        std::thread::sleep(Duration::from_millis(u64::from(round * 37 % 700)));
        let now = ids(&daemon);
        daemon.kill();
        let Some(now) = now else {
            findings += 1;
            eprintln!("round {round}: no feed");
            continue;
        };
        looks += 1;
        for (title, id) in announced.iter().filter(|(title, id)| now.get(*title) != Some(id)) {
            findings += 1;
            eprintln!("round {round}: {title} had {id}, has {:?}", now.get(title));
        }
        let distinct: std::collections::BTreeSet<_> = now.values().collect();
        findings += now.len() - distinct.len();
        announced.extend(now);
    }
    assert!(announced.len() > 3, "{announced:?}");
    let told = format!("{findings} findings in {looks} rounds, {} articles", announced.len());
    figure("kill -9: announced, once, under one id", &told, "0 findings", findings == 0);
}
