//! Holds the rooms to the laws of `docs/ARCHITECTURE.md`: who may import whom, and what no room may do.
//!
//! The tables below are the law; `architecture/` reads the sources and judges them. A broken law is told
//! with its file, its line and a cure.

use std::path::Path;

#[path = "architecture/words.rs"]
mod words;

#[path = "architecture/paths.rs"]
mod paths;

#[path = "architecture/laws.rs"]
mod laws;

#[path = "architecture/trials.rs"]
mod trials;

use laws::{Laws, Tree};

/// A room may import only rooms on lower floors.
const FLOORS: &[(&str, u8)] = &[
    ("model", 1),
    ("decode", 1),
    ("runtime", 1),
    ("date", 2),
    ("dedupe", 2),
    ("fetch", 2),
    ("filter", 2),
    ("page", 2),
    ("render", 2),
    ("sample", 2),
    ("store", 2),
    ("data", 3),
    ("drift", 3),
    ("wall", 3),
    ("compose", 4),
    ("discover", 4),
    ("extract", 4),
    ("normalise", 4),
    ("collect", 5),
    ("hub", 5),
    ("schedule", 6),
    ("serve", 7),
    ("config", 8),
    ("app", 9),
    ("cli", 10),
    ("main", 11),
];

/// An outside crate is used behind its doors only, so that it can be exchanged at one place.
const DOORS: &[(&str, &[&str])] = &[
    ("reqwest", &["fetch/client.rs"]),
    ("chromiumoxide", &["fetch/browser.rs"]),
    ("scraper", &["page"]),
    ("ammonia", &["normalise"]),
    ("encoding_rs", &["decode"]),
    ("chardetng", &["decode"]),
    ("axum", &["serve"]),
    ("tower", &["serve"]),
    ("socket2", &["serve/listen.rs"]),
    ("hyper", &["serve"]),
    ("hyper_util", &["serve"]),
    ("rusqlite", &["store/sqlite"]),
    ("rss", &["render"]),
    ("atom_syndication", &["render"]),
    ("feed_rs", &["discover/feed"]),
    ("quick_xml", &["discover", "render"]),
    ("tokio_cron_scheduler", &["schedule"]),
    ("croner", &["schedule"]),
    ("clap", &["cli", "main.rs"]),
    ("saphyr_parser", &["cli/import"]),
    ("anyhow", &["cli", "main.rs"]),
];

/// These rooms work on values alone: no I/O, no tasks, no clock. Time is an argument.
const PURE: &[&str] = &[
    "model",
    "page",
    "date",
    "decode",
    "discover",
    "extract",
    "normalise",
    "dedupe",
    "render",
    "sample",
    "drift",
    "wall",
    "data",
];

/// Tasks and threads are born only here, so that somebody awaits each: `runtime::Stop` tracks tasks,
/// `store` owns its writer's and readers' threads.
const SPAWNS: &[&str] = &["app", "runtime", "schedule", "serve", "store"];

const LAWS: Laws = Laws { floors: FLOORS, doors: DOORS, pure: PURE, spawns: SPAWNS };

#[test]
fn the_rooms_keep_the_laws_of_the_house() {
    let tree = Tree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let faults = laws::judge(&tree, &LAWS);
    assert!(faults.is_empty(), "{} broken:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_stands_beside_the_rooms_keeps_their_shape() {
    let mut faults = Vec::new();
    for folder in ["tests", "benches", "examples", "fuzz"] {
        let tree = Tree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        faults.extend(laws::judge_shape(&tree, folder));
    }
    assert!(faults.is_empty(), "{} broken:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_room_in_the_tables_exists() {
    let tree = Tree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let known: Vec<&str> = FLOORS.iter().map(|(room, _)| *room).collect();
    for room in known.iter().copied().chain(PURE.iter().copied()).chain(SPAWNS.iter().copied()) {
        assert!(known.contains(&room), "{room} has no floor");
        assert!(
            tree.rooms().contains(room),
            "{room} is in a table of tests/architecture.rs, but not in src/"
        );
    }
}
