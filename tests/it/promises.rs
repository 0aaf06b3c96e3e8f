//! docs/PROMISES.md: thirty rows, and each names tests that there are.

use std::collections::HashSet;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The names of all tests as the manual writes them: the file's way through its folder, then the function.
fn tests_in(folder: &Path, way: &str, found: &mut HashSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let inner = |name: &str| if way.is_empty() { name.to_owned() } else { format!("{way}::{name}") };
        if entry.file_type().unwrap().is_dir() {
            tests_in(&entry.path(), &inner(&name), found);
            continue;
        }
        let Some(stem) = name.strip_suffix(".rs") else { continue };
        let module = if stem == "mod" { way.to_owned() } else { inner(stem) };
        let text = std::fs::read_to_string(entry.path()).unwrap();
        // of a file with tests beside its code, the tests alone
        let (is_tests, text) = match text.split_once("#[cfg(test)]\nmod tests {") {
            Some((_, tests)) => (false, tests),
            None => (true, text.as_str()),
        };
        let module = if is_tests { module } else { format!("{module}::tests") };
        let functions = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
        found.extend(functions.map(|function| format!("{module}::{function}")));
    }
}

#[test]
fn every_promise_names_tests_that_there_are() {
    let mut known = HashSet::new();
    tests_in(&Path::new(ROOT).join("tests/it"), "", &mut known);
    tests_in(&Path::new(ROOT).join("src"), "", &mut known);
    let manual = std::fs::read_to_string(Path::new(ROOT).join("docs/PROMISES.md")).unwrap();
    let rows: Vec<Vec<&str>> = manual
        .lines()
        .filter(|line| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<usize> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
    for row in &rows {
        let named: Vec<&str> =
            row[2].split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
        let is_later = row[0] == "26";
        assert_eq!(named.is_empty(), is_later, "{} names no test", row[0]);
        for name in named {
            assert!(known.contains(name), "promise {}: there is no test `{name}`", row[0]);
        }
    }
}
