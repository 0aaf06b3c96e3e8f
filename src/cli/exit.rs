//! How a command ends: the exit codes, and what a person is told when it failed. The one place for both.

use std::io;
use std::process::ExitCode;

use crate::app;
use crate::config::Faults;

use super::out;

/// The work was done.
const DONE: u8 = 0;
/// The work failed.
const FAILED: u8 = 1;
/// The command line makes no sense.
const USAGE: u8 = 2;
/// feeds.toml is faulty (`EX_CONFIG` of sysexits.h); the systemd unit does not restart on it.
const CONFIG: u8 = 78;

/// How a command's work went, where it could be tried at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Everything was done.
    Done,
    /// Something failed and has been told where it happened.
    Failed,
}

/// A command line that makes no sense, beyond what the parser of arguments can see.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);

/// Tells a failure on standard error and gives the exit code.
pub(super) fn code(result: anyhow::Result<End>) -> ExitCode {
    ExitCode::from(match result {
        Ok(End::Done) => DONE,
        Ok(End::Failed) => FAILED,
        Err(error) => tell(&error),
    })
}

/// Shows what the parser of arguments has to say: help and version are no failure.
pub(super) fn parser(error: &clap::Error) -> ExitCode {
    // nobody is left to be told when this cannot be printed
    drop(error.print());
    ExitCode::from(if error.use_stderr() { USAGE } else { DONE })
}

fn tell(error: &anyhow::Error) -> u8 {
    if is_broken_pipe(error) {
        // whoever read our output has seen enough, as `tidings preview all | head` does
        return DONE;
    }
    if let Some(faults) = faults(error) {
        let count = faults.count();
        let plural = if count == 1 { "fault" } else { "faults" };
        let told = faults.render(out::colour_on_stderr());
        out::tell(&format!("{}\n\n{}: {count} {plural}", told.trim_end(), faults.path()));
        return CONFIG;
    }
    if let Some(usage) = error.downcast_ref::<Usage>() {
        out::tell(&format!("error: {usage}\n\nFor more information, try 'tidings --help'."));
        return USAGE;
    }
    out::tell(&format!("error: {error:#}"));
    FAILED
}

fn faults(error: &anyhow::Error) -> Option<&Faults> {
    error.downcast_ref::<Faults>().or_else(|| match error.downcast_ref::<app::Error>() {
        Some(app::Error::Config(faults)) => Some(faults),
        _ => None,
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_pipe = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(is_pipe))
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_code() {
        let broken = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(tell(&anyhow::Error::from(broken).context("printing")), DONE);
        assert_eq!(tell(&anyhow::Error::from(Usage("no such thing".to_owned()))), USAGE);
        assert_eq!(tell(&anyhow::anyhow!("the disk is full")), FAILED);
        let missing = std::fs::read("/nowhere/at/all").context("reading");
        assert_eq!(tell(&missing.unwrap_err()), FAILED);
    }
}
