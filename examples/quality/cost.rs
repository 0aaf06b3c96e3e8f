//! What a page costs: processor time of this thread, and the most memory the process held.

use std::fs;
use std::time::Duration;

/// Processor time this thread has used (`/proc/PID/schedstat`, its first number, nanoseconds). The kernel
/// brings it up to date every few milliseconds, so one page is told roughly and a set closely.
pub(crate) fn processor_time() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// Begins to measure the greatest memory anew (`proc_pid_clear_refs`, 5).
pub(crate) fn forget_peak() {
    // where it cannot be, the peak is that of the whole run: told too high, never too low
    let _refused = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory the process held at a time, in MiB.
pub(crate) fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()).and_then(|n| n.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
