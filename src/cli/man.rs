//! `tidings man`: manual pages, one a command.

use std::path::PathBuf;

use anyhow::Context;

use super::exit::End;
use super::out;

/// What `tidings man` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the pages go; made when it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Writes `tidings.1` and a page for each command.
pub(super) fn run(args: &Args, command: clap::Command) -> anyhow::Result<End> {
    let shown = args.folder.display();
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(&args.folder)?;
        clap_mangen::generate_to(command, &args.folder)
    };
    write().with_context(|| format!("{shown}: the manual pages cannot be written"))?;
    out::print(&format!("the manual pages are in {shown}; try: man -l {shown}/tidings.1\n"))?;
    Ok(End::Done)
}
