//! `tidings check`: the configuration read and checked; nothing is fetched.

use super::exit::End;
use super::options::Options;
use super::out;

/// Reads the configuration and tells that it has no faults.
pub(super) fn run(options: &Options) -> anyhow::Result<End> {
    let config = options.load()?;
    for warning in &config.warnings {
        out::tell(&format!("warning: {warning}"));
    }
    let portals = out::count(config.portals.len(), "portal");
    out::print(&format!("{}: {portals}, no faults\n", options.path().display()))?;
    Ok(End::Done)
}
