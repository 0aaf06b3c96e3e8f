//! Promises 5 and 17: more than a hundred hostile sites beside a good one, under a ceiling of memory.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{figure, memory, size};
use crate::daemon::Home;
use crate::strangers::whole::{LATE, PACE, Street};

/// What the whole daemon may have.
const CEILING: u64 = 128 << 20;

/// A group of processes with a ceiling of memory (cgroups, version 1); None where it cannot be made.
struct Ceiling(PathBuf);

impl Ceiling {
    fn new() -> Option<Self> {
        let group = PathBuf::from(format!("/sys/fs/cgroup/memory/tidings-{}", std::process::id()));
        std::fs::create_dir(&group).ok()?;
        let group = Self(group);
        std::fs::write(group.0.join("memory.limit_in_bytes"), CEILING.to_string()).ok()?;
        Some(group)
    }

    fn number(&self, file: &str) -> Option<u64> {
        std::fs::read_to_string(self.0.join(file)).ok()?.trim().parse().ok()
    }
}

impl Drop for Ceiling {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[test]
#[ignore = "long: tests/long.sh hostile"]
fn a_good_site_is_on_time_beside_a_hundred_bad_ones_under_a_ceiling() {
    let watched = Duration::from_secs(size("LONG_SECONDS", 120));
    let street = Street::new();
    let home = Home::new(&street.config);
    let ceiling = Ceiling::new();
    let mut command = Command::new("sh");
    let enter = ceiling
        .as_ref()
        .map_or_else(|| "true".to_owned(), |group| format!("echo $$ > {}/cgroup.procs", group.0.display()));
    command.arg("-c").arg(format!("{enter}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_tidings"));
    command.stdin(Stdio::null());
    let daemon = home.start_by(command, "127.0.0.1:0");
    let longest = street.watch(&daemon, watched);
    let late = longest.saturating_sub(PACE);
    let told = format!("{late:?} late at most, {} bad sites, {watched:?}", street.len());
    figure("a good site beside hostile ones", &told, &format!("{LATE:?}"), late <= LATE);
    let most = memory(daemon.pid(), "VmHWM:").unwrap_or(u64::MAX) >> 10;
    let failed = ceiling.as_ref().and_then(|group| group.number("memory.failcnt"));
    let kept = match failed {
        Some(count) => format!("a cgroup of 128 MiB, met {count} times"),
        None => "no cgroup: root is needed for one".to_owned(),
    };
    figure("memory beside hostile sites", &format!("{most} MiB; {kept}"), "128 MiB", most <= CEILING >> 20);
    drop(daemon);
}
