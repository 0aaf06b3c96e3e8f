//! `tidings completions`: the file that teaches a shell the commands.

use clap_complete::Shell;

use super::exit::End;
use super::out;

/// What `tidings completions` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the file for the shell.
pub(super) fn run(args: &Args, mut command: clap::Command) -> anyhow::Result<End> {
    let mut file = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tidings", &mut file);
    out::bytes(&file)?;
    Ok(End::Done)
}
