//! The long forms of the promises, for `tests/long.sh`: hundreds of kills, a day in minutes, a street of hostile sites under a
//! ceiling of memory, a store on a disk that is full. Sizes come from the environment; each prints its figures.

mod day;
mod disk;
mod hostile;
mod kill;

use std::path::Path;
use std::process::Command;

/// A size given by `tests/long.sh`.
fn size(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Prints a figure beside its bound, as a line of the table at the end.
fn figure(what: &str, value: &str, bound: &str, is_kept: bool) {
    eprintln!("FIGURE | {what} | {value} | {bound} | {} |", if is_kept { "kept" } else { "BROKEN" });
    assert!(is_kept, "{what}: {value}, {bound} was promised");
}

/// A number from a process's status, in KiB.
fn memory(pid: u32, line: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|told| told.strip_prefix(line))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Runs a program that needs root; whether it did what it should.
fn ran(program: &str, words: &[&str]) -> bool {
    Command::new(program).args(words).output().is_ok_and(|output| output.status.success())
}

/// A folder mounted for the test, unmounted at its end.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        ran("umount", &[&self.0.display().to_string()]);
    }
}
