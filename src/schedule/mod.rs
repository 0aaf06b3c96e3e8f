//! When to visit whom: due times in the store, a planner that looks, a cron clock that wakes it.

mod cron;
mod jobs;
mod plan;
mod planner;
mod roll;
mod settings;
mod starts;
mod streaks;
mod visits;

pub use cron::{check_cron, next_cron};
pub use jobs::CronClock;
pub use planner::{Planner, seeds};
pub use settings::Settings;
pub use streaks::Streaks;
pub use visits::{Visited, Visits};
