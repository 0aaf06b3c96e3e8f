//! The checker tried on small made-up trees: each law must be able to fail, and only for its own reason.

use crate::laws::{Laws, Tree, judge};

const LAWS: Laws = Laws {
    floors: &[("ground", 1), ("walls", 2), ("loft", 2), ("roof", 3), ("main", 4)],
    doors: &[("reqwest", &["walls/client.rs"]), ("scraper", &["loft"]), ("clap", &["roof", "main.rs"])],
    pure: &["ground", "loft"],
    spawns: &["roof"],
};

fn faults(files: &[(&str, &str)]) -> Vec<String> {
    judge(&Tree::of(files), &LAWS)
}

fn one_fault(files: &[(&str, &str)], place: &str, what: &str) {
    let faults = faults(files);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    assert!(faults[0].starts_with(place), "{} is not at {place}", faults[0]);
    assert!(faults[0].contains(what), "{} does not say {what}", faults[0]);
    assert!(faults[0].contains(';') || faults[0].contains("ask"), "{} names no cure", faults[0]);
}

#[test]
fn a_sound_house_has_no_faults() {
    let sound = [
        ("lib.rs", "//! House.\npub mod ground;\npub mod walls;\npub mod roof;\n"),
        ("ground/mod.rs", "//! Face.\nmod stone;\npub use stone::Stone;\n"),
        (
            "ground/stone.rs",
            "//! Leaf.\npub struct Stone;\n#[cfg(test)]\nmod tests {\n    use super::*;\n    use std::fs;\n}\n",
        ),
        (
            "walls/mod.rs",
            "//! Face.\nmod brick;\nmod client;\npub use brick::Brick;\nuse crate::ground::Stone;\n",
        ),
        ("walls/brick.rs", "//! Leaf.\nuse super::client::Client;\nuse crate::ground::{self, Stone};\n"),
        ("walls/client.rs", "//! Leaf.\nuse reqwest::Client as Outside;\npub struct Client;\n"),
        ("walls/tests.rs", "//! Tests.\nuse super::*;\n"),
        ("loft.rs", "//! Page.\nuse scraper::Html;\n"),
        (
            "roof.rs",
            "//! Roof.\nuse crate::{ground, walls::Brick};\nfn f() { stop.spawn(g()); tokio::spawn(h()); }\n",
        ),
        ("main.rs", "//! Door.\nuse clap::Parser;\nfn main() { tidings::roof::run(); }\n"),
    ];
    assert_eq!(faults(&sound), Vec::<String>::new());
}

#[test]
fn an_upward_import_is_told_with_both_floors() {
    let files =
        [("ground.rs", "//! G.\n\nuse crate::roof::Tile;\n"), ("roof.rs", "//! R.\npub struct Tile;\n")];
    one_fault(&files, "src/ground.rs:3:", "`ground` (floor 1) uses `roof::Tile` (floor 3)");
}

#[test]
fn an_import_within_a_floor_is_upward_too_so_rooms_form_no_circle() {
    let files = [("walls.rs", "//! W.\nuse crate::loft::Beam;\n"), ("loft.rs", "//! L.\n")];
    one_fault(&files, "src/walls.rs:2:", "imports upward");
}

#[test]
fn upward_paths_are_found_outside_use_lines_and_in_trees_and_through_super() {
    for source in [
        "//! G.\nfn f() { crate::roof::run() }\n",
        "//! G.\nuse crate::{\nroof::{self, a::b}};\n",
        "//! G.\nfn f() { let x: super::roof::Tile; }\n",
        "//! G.\nmod inner { use super::super::roof::Tile; }\n",
        "//! G.\nfn f<T: crate::roof::Trait>() {}\n",
    ] {
        let found = faults(&[("ground.rs", source), ("roof.rs", "//! R.\n")]);
        assert!(
            !found.is_empty() && found.iter().all(|fault| fault.contains("imports upward")),
            "{source}: {found:?}"
        );
    }
}

#[test]
fn words_in_comments_and_strings_are_no_imports() {
    let source = "//! See [`crate::roof`].\n/* use crate::roof; /* nested */ crate::roof::x */\nfn f<'a>(c: char) -> &'a str { \
                  if c == '\"' || c == '\\'' { \"crate::roof::x\" } else { r#\"use crate::roof \" ;\"# } }\n// crate::roof::y\n";
    assert_eq!(faults(&[("ground.rs", source), ("roof.rs", "//! R.\n")]), Vec::<String>::new());
}

#[test]
fn a_file_that_imports_its_own_face_is_told() {
    let face = "//! F.\nmod brick;\npub struct Wall;\n";
    for (source, line) in [
        ("//! B.\nuse super::Wall;\n", 2),
        ("//! B.\n\nuse crate::walls::Wall;\n", 3),
        ("//! B.\nuse super::*;\n", 2),
    ] {
        one_fault(
            &[("walls/mod.rs", face), ("walls/brick.rs", source)],
            &format!("src/walls/brick.rs:{line}:"),
            "from its own face src/walls/mod.rs",
        );
    }
}

#[test]
fn a_circle_of_files_is_told_once() {
    let files = [
        ("walls/mod.rs", "//! F.\npub use a::A;\n"),
        ("walls/a.rs", "//! A.\nuse super::b::B;\n"),
        ("walls/b.rs", "//! B.\nuse super::c::C;\n"),
        ("walls/c.rs", "//! C.\nfn f() { super::a::g() }\n"),
    ];
    one_fault(&files, "src/walls/a.rs:2:", "walls/a.rs -> walls/b.rs -> walls/c.rs -> walls/a.rs");
}

#[test]
fn an_import_from_the_root_is_told() {
    let files = [("lib.rs", "//! H.\npub const X: u8 = 0;\n"), ("ground.rs", "//! G.\nuse crate::X;\n")];
    one_fault(&files, "src/ground.rs:2:", "from the crate's root");
}

#[test]
fn a_room_without_a_floor_is_told() {
    let files = [("shed.rs", "//! S.\nuse crate::ground::Stone;\n"), ("ground.rs", "//! G.\n")];
    one_fault(&files, "src/shed.rs:2:", "has no floor");
}

#[test]
fn a_long_file_and_a_file_without_its_job_are_told() {
    let long = format!("//! G.\n{}", "fn f() {}\n".repeat(400));
    one_fault(&[("ground.rs", &long)], "src/ground.rs:401:", "401 lines");
    let wall = format!("//! G.\n{}", "fn f() {}\n".repeat(399));
    assert_eq!(faults(&[("ground.rs", &wall)]), Vec::<String>::new());
    one_fault(&[("ground.rs", "use std::fmt;\n")], "src/ground.rs:1:", "does not begin with a `//!` line");
}

#[test]
fn an_outside_crate_beyond_its_door_is_told() {
    one_fault(
        &[("walls/brick.rs", "//! B.\nuse reqwest::Url;\n")],
        "src/walls/brick.rs:2:",
        "walls/client.rs",
    );
    one_fault(
        &[("roof.rs", "//! R.\n\nfn f() { scraper::Html::new(); }\n")],
        "src/roof.rs:3:",
        "beyond its door",
    );
    one_fault(&[("walls.rs", "//! W.\n#[derive(clap::Parser)]\nstruct S;\n")], "src/walls.rs:2:", "`clap`");
    one_fault(&[("lofty.rs", "//! W.\nuse scraper::Html;\n")], "src/lofty.rs:2:", "`scraper`");
}

#[test]
fn a_module_of_ours_may_bear_an_outside_crates_name() {
    let files = [
        ("walls/mod.rs", "//! F.\nmod scraper;\npub use scraper::Tool;\nfn f() { scraper::run() }\n"),
        ("walls/scraper.rs", "//! S.\npub struct Tool;\n"),
        ("roof.rs", "//! R.\nuse crate::walls::scraper;\nfn f() { scraper::run() }\n"),
    ];
    assert_eq!(faults(&files), Vec::<String>::new());
}

#[test]
fn the_world_in_a_pure_room_is_told() {
    for touched in [
        "use std::fs;",
        "use std::{fmt, fs::File};",
        "fn f() { std::env::var(\"X\"); }",
        "use std::time::Instant;",
        "fn f() { chrono::Utc::now(); }",
        "use std::net::TcpStream;",
        "use tokio::sync::Mutex;",
        "fn f() { Local::now(); }",
    ] {
        one_fault(
            &[("loft/deep.rs", &format!("//! L.\n{touched}\n"))],
            "src/loft/deep.rs:2:",
            "in the pure room `loft`",
        );
    }
    for harmless in ["use std::net::SocketAddr;", "use std::time::Duration;", "use chrono::Utc;"] {
        assert_eq!(faults(&[("loft.rs", &format!("//! L.\n{harmless}\n"))]), Vec::<String>::new());
    }
}

#[test]
fn a_task_born_in_the_wrong_room_is_told() {
    one_fault(&[("walls.rs", "//! W.\nfn f() { stop.spawn(g()); }\n")], "src/walls.rs:2:", "starts a task");
    one_fault(&[("walls.rs", "//! W.\nuse tokio::spawn;\n")], "src/walls.rs:2:", "starts a task");
    let tested = "//! W.\n#[cfg(test)]\nmod tests {\n    fn f() { stop.spawn(g()); }\n}\n";
    assert_eq!(faults(&[("walls.rs", tested)]), Vec::<String>::new());
}
