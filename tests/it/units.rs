//! The systemd units: installed as the documentation says, found sound, and little left open.

use std::path::Path;
use std::process::{Command, Output};

/// Ten times the exposure that is allowed: what a service with network and a host's root cannot go below.
const EXPOSURE: &str = "--threshold=11";
/// The serving half has no network: a host's root, local sockets and a clock's device are left.
const EXPOSURE_OF_SERVING: &str = "--threshold=3";

/// A browser needs namespaces and memory that is written and run.
const EXPOSURE_OF_BROWSER: &str = "--threshold=30";

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Whether systemd's tools are here; without them the test is skipped, unless it is required.
fn systemd() -> bool {
    let here =
        Command::new("systemd-analyze").arg("--version").output().is_ok_and(|told| told.status.success());
    let required = std::env::var("TIDINGS_TEST_REQUIRE").unwrap_or_default();
    assert!(
        here || !required.split(',').any(|name| name == "systemd"),
        "systemd-analyze is required, but not here"
    );
    if !here {
        eprintln!("skipped: systemd-analyze is not installed");
    }
    here
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The commands of docs/OPERATIONS.md that put files in their places.
fn install_commands() -> Vec<String> {
    let manual = std::fs::read_to_string(Path::new(ROOT).join("docs/OPERATIONS.md")).unwrap();
    let commands = manual.lines().filter_map(|line| line.strip_prefix("sudo "));
    commands.filter(|line| line.contains("$DESTDIR")).map(str::to_owned).collect()
}

/// A tree with the units every system has, and ours put there by the documented commands.
fn installed() -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    let system = tree.path().join("usr/lib/systemd");
    std::fs::create_dir_all(&system).unwrap();
    let there =
        ["/usr/lib/systemd/system", "/lib/systemd/system"].into_iter().find(|path| Path::new(path).is_dir());
    let copied = Command::new("cp").arg("-a").arg(there.unwrap()).arg(&system).status().unwrap();
    assert!(copied.success());
    let commands = install_commands();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let command = command.replace("target/release/tidings", env!("CARGO_BIN_EXE_tidings"));
        let mut shell = Command::new("sh");
        shell.arg("-euc").arg(&command).current_dir(ROOT).env("DESTDIR", tree.path());
        let done = shell.output().unwrap();
        assert!(done.status.success(), "{command}: {}", told(&done));
    }
    // the browser comes from the system's own package
    let stub = format!("install -D -m 755 /bin/true '{}/usr/bin/chromium'", tree.path().display());
    assert!(Command::new("sh").args(["-euc", &stub]).status().unwrap().success());
    tree
}

#[test]
fn the_units_are_sound_where_the_documented_commands_put_them() {
    if !systemd() {
        return;
    }
    let tree = installed();
    let root = format!("--root={}", tree.path().display());
    let verified = Command::new("systemd-analyze")
        .args([
            "verify",
            &root,
            "tidings.service",
            "tidings.socket",
            "tidings-serve.service",
            "tidings-serve.socket",
            "tidings-browser.service",
        ])
        .output()
        .unwrap();
    assert!(verified.status.success() && told(&verified).trim().is_empty(), "{}", told(&verified));
}

#[test]
fn the_units_leave_little_open() {
    if !systemd() {
        return;
    }
    for (unit, exposure) in [
        ("tidings.service", EXPOSURE),
        ("tidings-serve.service", EXPOSURE_OF_SERVING),
        ("tidings-browser.service", EXPOSURE_OF_BROWSER),
    ] {
        let judged = Command::new("systemd-analyze")
            .args(["security", "--offline=true", exposure])
            .arg(Path::new(ROOT).join("systemd").join(unit))
            .output()
            .unwrap();
        assert!(judged.status.success(), "{unit}: {}", told(&judged));
    }
}

#[test]
fn every_class_of_error_is_in_the_manual() {
    let manual = std::fs::read_to_string(Path::new(ROOT).join("docs/OPERATIONS.md")).unwrap();
    for class in tidings::model::Class::ALL {
        assert!(
            manual.contains(&format!("`{}`", class.as_str())),
            "{} is not in docs/OPERATIONS.md",
            class.as_str()
        );
    }
}
