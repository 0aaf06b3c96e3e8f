//! The laws themselves: a tree of sources in, broken laws out.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use crate::paths::{Named, Place, paths};
use crate::words::words;

/// A file longer than this does more than one job.
const LONGEST: usize = 400;

/// What a pure room may not touch, as the beginnings of paths.
const WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "tokio",
    "tokio_util",
    "futures_util",
    "http_body_util",
];

/// What a pure room may not touch, wherever it stands in a path.
const WORLD_NAMES: &[&str] = &[
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "UnixListener",
    "ToSocketAddrs",
    "SystemTime",
    "Instant",
    "stdin",
];

/// Clocks, as the ends of paths.
const CLOCKS: &[&str] = &["Utc::now", "Local::now", "SystemTime::now", "Instant::now"];

/// The tables the laws are judged by.
#[derive(Debug)]
pub(crate) struct Laws {
    /// Room and floor.
    pub(crate) floors: &'static [(&'static str, u8)],
    /// Outside crate and the rooms or files that may use it.
    pub(crate) doors: &'static [(&'static str, &'static [&'static str])],
    /// Rooms without I/O, tasks and clocks.
    pub(crate) pure: &'static [&'static str],
    /// Rooms that start tasks or threads.
    pub(crate) spawns: &'static [&'static str],
}

/// The sources by their path below `src/`.
#[derive(Debug)]
pub(crate) struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Reads every `.rs` file below `root`.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    // what a build left there is nobody's writing
                    folders.extend(Some(path).filter(|path| !path.ends_with("target")));
                } else if path.extension().is_some_and(|ending| ending == "rs") {
                    let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                    files.insert(name, std::fs::read_to_string(&path)?);
                }
            }
        }
        Ok(Self(files))
    }

    /// A tree made up for a trial.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, source)| ((*path).to_owned(), (*source).to_owned())).collect())
    }

    /// The rooms there are.
    pub(crate) fn rooms(&self) -> BTreeSet<String> {
        self.0.keys().filter(|path| *path != "lib.rs").map(|path| room(path)).collect()
    }

    fn place(&self, path: &str) -> Place {
        let module = module(path);
        let below = module.len();
        let children = self
            .0
            .keys()
            .map(|other| self::module(other))
            .filter(|other| other.len() == below + 1 && other.starts_with(&module))
            .filter_map(|other| other.last().cloned())
            .collect();
        Place { module, children }
    }

    /// The file that holds what a path of ours names: the longest module that is a file.
    fn file_of(&self, segments: &[String]) -> Option<&str> {
        (1..=segments.len()).rev().find_map(|length| {
            self.0
                .keys()
                .map(String::as_str)
                .find(|path| *path != "lib.rs" && module(path) == segments[..length])
        })
    }
}

fn module(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

fn room(path: &str) -> String {
    module(path).first().cloned().unwrap_or_default()
}

/// Files of tests only, by their names.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs") || path.contains("/tests/")
}

/// Judges the shape alone, as of the files of tests, benches and examples, which import whom they like.
pub(crate) fn judge_shape(tree: &Tree, folder: &str) -> Vec<String> {
    tree.0.iter().flat_map(|(path, source)| shape(&format!("{folder}/{path}"), source)).collect()
}

/// Judges a tree; each broken law is a line `src/FILE:LINE: what; cure`.
pub(crate) fn judge(tree: &Tree, laws: &Laws) -> Vec<String> {
    let mut faults = Vec::new();
    let mut arrows: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (path, source) in &tree.0 {
        faults.extend(shape(&format!("src/{path}"), source));
        if path == "lib.rs" {
            continue;
        }
        let place = tree.place(path);
        for named in paths(source, &place).iter().map(|named| through_library(path, named)) {
            let test = named.test || is_test_file(path);
            if named.ours {
                faults.extend(direction(tree, laws, path, &named, test));
                if let Some(target) = tree.file_of(&named.segments)
                    && !test
                    && room(target) == room(path)
                    && target != path
                {
                    arrows.entry(path).or_default().entry(target).or_insert(named.line);
                }
            } else if !test {
                faults.extend(door(laws, path, &named));
                faults.extend(purity(laws, path, &named));
            }
        }
        faults.extend(spawning(laws, path, source));
    }
    faults.extend(circles(&arrows));
    faults.sort();
    faults.dedup();
    faults
}

/// `main.rs` sees the library by its crate's name.
fn through_library(path: &str, named: &Named) -> Named {
    let mut named = named.clone();
    if path == "main.rs" && !named.ours && named.segments.first().is_some_and(|first| first == "tidings") {
        named.segments.remove(0);
        named.ours = true;
    }
    named
}

fn shape(path: &str, source: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = source.lines().count();
    if lines > LONGEST {
        faults.push(format!(
            "{path}:{lines}: {lines} lines, at most {LONGEST} are allowed; give a job away to a file of its own"
        ));
    }
    if !source.starts_with("//!") {
        faults.push(format!(
            "{path}:1: does not begin with a `//!` line; say there what the file's one job is"
        ));
    }
    faults
}

fn direction(tree: &Tree, laws: &Laws, path: &str, named: &Named, test: bool) -> Option<String> {
    let (from, line) = (room(path), named.line);
    let to = named.segments.first()?;
    let place = format!("src/{path}:{line}");
    let shown = named.segments.join("::");
    let floor = |room: &str| laws.floors.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor);
    let Some(own) = floor(&from) else {
        return Some(format!(
            "{place}: the room `{from}` has no floor; give it one in FLOORS of tests/architecture.rs"
        ));
    };
    if *to == from {
        let target = tree.file_of(&named.segments)?;
        let face = target != path && module(path).starts_with(&module(target));
        return (face && !test).then(|| {
            format!(
                "{place}: imports `{shown}` from its own face src/{target}; \
                 name the leaf file that holds it (`super::leaf::Name`), or move it into one"
            )
        });
    }
    let Some(other) = floor(to) else {
        return Some(format!(
            "{place}: imports `{shown}` from the crate's root; name the room that holds it"
        ));
    };
    (other >= own).then(|| {
        format!(
            "{place}: imports upward: `{from}` (floor {own}) uses `{shown}` (floor {other}); \
             move what both need to a lower room, or let the upper room hand the value in"
        )
    })
}

fn door(laws: &Laws, path: &str, named: &Named) -> Option<String> {
    let outside = named.segments.first()?;
    let (_, doors) = laws.doors.iter().find(|(name, _)| name == outside)?;
    let admitted = doors.iter().any(|door| {
        path == *door
            || path == format!("{door}.rs")
            || path.strip_prefix(door).is_some_and(|rest| rest.starts_with('/'))
    });
    (!admitted).then(|| {
        format!(
            "src/{path}:{}: uses the crate `{outside}` beyond its door; its door is src/{}: ask that room instead",
            named.line,
            doors.join(" or src/")
        )
    })
}

fn purity(laws: &Laws, path: &str, named: &Named) -> Option<String> {
    if !laws.pure.contains(&room(path).as_str()) {
        return None;
    }
    let shown = named.segments.join("::");
    let touches = WORLD.iter().any(|world| shown == *world || shown.starts_with(&format!("{world}::")))
        || named.segments.iter().any(|segment| WORLD_NAMES.contains(&segment.as_str()))
        || CLOCKS.iter().any(|clock| shown.ends_with(clock));
    touches.then(|| {
        format!(
            "src/{path}:{}: `{shown}` in the pure room `{}`; let the caller do it and hand the value in",
            named.line,
            room(path)
        )
    })
}

fn spawning(laws: &Laws, path: &str, source: &str) -> Vec<String> {
    if laws.spawns.contains(&room(path).as_str()) || is_test_file(path) {
        return Vec::new();
    }
    words(source)
        .iter()
        .filter(|word| !word.test && word.text == "spawn")
        .map(|word| {
            format!(
                "src/{path}:{}: starts a task or thread in `{}`; only {} may, others return a future",
                word.line,
                room(path),
                laws.spawns.join(", ")
            )
        })
        .collect()
}

/// Circles of files inside a room. Rooms cannot form one: their floors only go down.
fn circles(arrows: &BTreeMap<&str, BTreeMap<&str, usize>>) -> Vec<String> {
    let mut faults = Vec::new();
    for (from, targets) in arrows {
        for (to, line) in targets {
            // told once, at the circle's alphabetically first file; faces are judged by `direction`
            let Some(way) = way(arrows, to, from) else { continue };
            let face = |file: &str| {
                way.iter().any(|other| *other != file && module(other).starts_with(&module(file)))
            };
            if way.iter().all(|file| from <= file) && !way.iter().any(|file| face(file)) {
                faults.push(format!(
                    "src/{from}:{line}: a circle of files: {from} -> {}; move what they share to a leaf file",
                    way.join(" -> ")
                ));
            }
        }
    }
    faults
}

/// The shortest way along the arrows from one file to another, both named.
fn way<'a>(
    arrows: &BTreeMap<&'a str, BTreeMap<&'a str, usize>>,
    from: &'a str,
    to: &str,
) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![from]];
    let mut seen = BTreeSet::from([from]);
    while !ways.is_empty() {
        let mut next = Vec::new();
        for way in ways {
            let last = way.last().copied()?;
            if last == to {
                return Some(way);
            }
            for step in arrows.get(last).into_iter().flat_map(BTreeMap::keys) {
                if seen.insert(step) {
                    next.push(way.iter().copied().chain([*step]).collect());
                }
            }
        }
        ways = next;
    }
    None
}
