//! The allocator made frugal: glibc keeps what large pages took, for each thread apart, unless told otherwise, and it can
//! only be told before a program starts.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// What the allocator is told (mallopt(3)): large blocks go back at once, and threads share two arenas. With 126 hostile
/// sites in a visit each second the daemon took 80 MiB so, 165 to 190 otherwise, 300 with mimalloc.
const TOLD: [(&str, &str); 2] = [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "131072")];

/// Starts this program anew, as the same process, with the allocator told; goes on when that was done, when somebody told
/// it otherwise, or when it cannot be.
pub(super) fn begin() {
    if !cfg!(target_env = "gnu") || TOLD.iter().any(|(name, _)| env::var_os(name).is_some()) {
        return;
    }
    let mut words = env::args_os();
    let (Some(name), Ok(program)) = (words.next(), env::current_exe()) else { return };
    let error = Command::new(program).arg0(name).args(words).envs(TOLD).exec();
    tracing::debug!(error = %error, "the allocator stays as it is");
}
