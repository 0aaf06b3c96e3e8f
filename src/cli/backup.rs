//! `tidings backup`: a copy of the store while it is in use.

use std::path::PathBuf;

use super::exit::End;
use super::options::Options;
use super::out;
use super::runtime;
use crate::app;

/// What `tidings backup` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The new file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Copies the store.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    let config = options.load()?;
    runtime::run(app::backup(&config, &args.file))??;
    out::print(&format!("the store was copied to {}\n", args.file.display()))?;
    Ok(End::Done)
}
