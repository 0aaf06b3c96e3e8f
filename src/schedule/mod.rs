//! When to visit: next times, and who does the visits.

mod cron;

pub use cron::{check_cron, next_cron};
