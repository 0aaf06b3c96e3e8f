//! The commands as a person meets them: help, exit codes, messages.

use std::fs;
use std::io::Read;
use std::process::{Output, Stdio};

use crate::common::{err, out, tidings};

const COMMANDS: [&str; 12] = [
    "serve",
    "check",
    "try",
    "fetch",
    "extract",
    "discover",
    "preview",
    "opml",
    "backup",
    "schema",
    "completions",
    "man",
];

const GOOD: &str = "[[portal]]\nname = \"town\"\ntitle = \"Our town\"\nurl = \"http://news.example/\"\n";

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    tidings(folder.path()).args(arguments).output().unwrap()
}

fn run_with(config: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feeds.toml"), config).unwrap();
    tidings(folder.path()).args(arguments).output().unwrap()
}

#[test]
fn help_names_every_command_and_fits_a_terminal() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in COMMANDS {
        assert!(out(&help).contains(&format!("\n  {command} ")), "{command} is not in the help");
        let own = run(&[command, "--help"]);
        assert_eq!(own.status.code(), Some(0), "{command}");
        let text = out(&own);
        assert!(text.contains("--config <FILE>") && text.contains("--allow-network <CIDR>"), "{command}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
    assert_eq!(out(&run(&["--version"])).trim(), concat!("tidings ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [
        &["--no-such-flag"][..],
        &["walk"],
        &["extract"],
        &["extract", "--url", "ftp://a.example/"],
        &["extract", "--url", "http://a.example/", "--now", "yesterday"],
        &["discover"],
        &["preview"],
        &["preview", "town", "--format", "doc"],
        &["try"],
        &["try", "news.example-city.cn"],
        &["check", "--allow-network", "localhost"],
        &["--no-visits", "check"],
        &["serve", "--no-visits", "--no-listen"],
        &["check", "--log", "tidings=loudly"],
        &["completions", "cmd.exe"],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", err(&output));
        assert!(err(&output).starts_with("error: ") && output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn check_counts_the_portals() {
    let output = run_with(GOOD, &["check"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(0), "feeds.toml: 1 portal, no faults\n"));
}

#[test]
fn check_tells_every_fault_with_its_line_and_exits_with_78() {
    let faulty =
        "[server]\nlisten = \"nowhere\"\n\n[[portal]]\nurl = \"http://a.example/\"\nevrey = \"20m\"\n";
    let output = run_with(faulty, &["check"]);
    let told = err(&output);
    assert_eq!(output.status.code(), Some(78), "{told}");
    assert!(told.contains("feeds.toml:2:") && told.contains("feeds.toml:6:"), "{told}");
    assert!(told.contains("every") && told.contains("2 faults"), "{told}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_missing_configuration_is_one_of_its_faults() {
    for arguments in [&["check"][..], &["serve"], &[], &["fetch"], &["preview", "all"], &["opml", "export"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(78), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains("feeds.toml"), "{}", err(&output));
    }
}

#[test]
fn the_configuration_is_named_before_or_after_the_command_or_by_a_variable() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("other.toml"), GOOD).unwrap();
    for arguments in [["--config", "other.toml", "check"], ["check", "--config", "other.toml"]] {
        let output = tidings(folder.path()).args(arguments).output().unwrap();
        assert_eq!(out(&output), "other.toml: 1 portal, no faults\n");
    }
    let output = tidings(folder.path()).arg("check").env("TIDINGS_CONFIG", "other.toml").output().unwrap();
    assert_eq!(out(&output), "other.toml: 1 portal, no faults\n");
}

#[test]
fn the_schema_is_json() {
    let schema: serde_json::Value = serde_json::from_str(&out(&run(&["schema"]))).unwrap();
    assert!(schema["properties"]["portal"].is_object());
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert!(output.status.success() && out(&output).contains("discover"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = tidings(folder.path()).args(["man", "share/man1"]).output().unwrap();
    assert!(output.status.success(), "{}", err(&output));
    let page = |name: &str| fs::read_to_string(folder.path().join("share/man1").join(name)).unwrap();
    assert!(page("tidings.1").contains("feeds.toml"));
    for command in COMMANDS {
        assert!(page(&format!("tidings-{command}.1")).contains(".SH NAME"), "{command}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let mut child =
        tidings(folder.path()).args(["completions", "bash"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn subscriptions_come_in_as_blocks_that_check_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let opml = r#"<?xml version="1.0"?><opml version="2.0"><head><title>mine</title></head><body>
        <outline text="Hebei"><outline type="rss" text="Our &quot;town&quot;" xmlUrl="http://a.example/rss"
        htmlUrl="http://a.example/news/"/></outline>
        <outline type="rss" text="Other" xmlUrl="https://b.example/feed"/></body></opml>"#;
    fs::write(folder.path().join("mine.opml"), opml).unwrap();
    let blocks = tidings(folder.path()).args(["opml", "import", "mine.opml"]).output().unwrap();
    assert!(blocks.status.success(), "{}", err(&blocks));
    fs::write(folder.path().join("feeds.toml"), &blocks.stdout).unwrap();
    let checked = tidings(folder.path()).arg("check").output().unwrap();
    assert_eq!(out(&checked), "feeds.toml: 2 portals, no faults\n", "{}\n{}", out(&blocks), err(&checked));
    let export = tidings(folder.path()).args(["opml", "export"]).output().unwrap();
    assert!(
        out(&export).contains("<opml") && out(&export).contains("Our &quot;town&quot;"),
        "{}",
        out(&export)
    );
}
