//! `tidings serve`: the daemon, until it is told to stop.

use super::exit::{End, Usage};
use super::frugal;
use super::options::{Halves, Options};
use super::runtime;
use crate::app;

/// Runs the daemon until SIGTERM or SIGINT.
pub(super) fn run(options: &Options, halves: Halves) -> anyhow::Result<End> {
    if halves.no_visits && halves.no_listen {
        let why = "--no-visits and --no-listen together leave nothing to run; give one of them";
        return Err(Usage(why.to_owned()).into());
    }
    frugal::begin();
    let chosen = app::Options { no_visits: halves.no_visits, no_listen: halves.no_listen };
    runtime::run(app::run(options.path().to_owned(), options.environment(), chosen))??;
    Ok(End::Done)
}
