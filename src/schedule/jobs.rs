//! The cron clock: one job for each distinct expression and zone, whose body only wakes the planner.
//!
//! Which portals are due is decided by their stored times (see `plan`): the scheduler forgets ticks that
//! were missed and freezes a zone to the offset of the day a job was made; a stored time does neither.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::model::{Pace, Portal};

/// The running cron clock.
pub struct CronClock {
    scheduler: JobScheduler,
    /// Distinct jobs, for the log.
    pub jobs: usize,
}

impl std::fmt::Debug for CronClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CronClock").field("jobs", &self.jobs).finish_non_exhaustive()
    }
}

impl CronClock {
    /// Starts a clock for the cron times of these portals.
    ///
    /// # Errors
    /// When the scheduler refuses a job; the expressions were checked when they were read.
    pub async fn start(portals: &[Portal], wake: &Arc<Notify>) -> Result<Self, JobSchedulerError> {
        let times: BTreeSet<(String, &str)> = portals
            .iter()
            .filter(|portal| portal.enabled)
            .filter_map(|portal| match &portal.pace {
                Pace::Cron { expression, zone } => Some((expression.clone(), zone.name())),
                Pace::Every(_) => None,
            })
            .collect();
        // its channel must hold every job that is due together, several times over
        let scheduler = JobScheduler::new_with_channel_size((times.len() * 4).max(200)).await?;
        for (expression, zone) in &times {
            let wake = Arc::clone(wake);
            let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::UTC);
            let job = Job::new_async_tz(expression.as_str(), zone, move |_, _| {
                let wake = Arc::clone(&wake);
                Box::pin(async move { wake.notify_one() })
            })?;
            scheduler.add(job).await?;
        }
        scheduler.start().await?;
        Ok(Self { scheduler, jobs: times.len() })
    }

    /// Stops the clock; a wake-up under way may still come.
    pub async fn stop(mut self) {
        if let Err(error) = self.scheduler.shutdown().await {
            tracing::debug!(error = %error, "the cron clock was already stopped");
        }
    }
}
