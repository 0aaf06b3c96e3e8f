//! The command line: what can be asked for, and who does it.

mod backup;
mod batch;
mod block;
mod check;
mod completions;
mod discover;
mod exit;
mod extract;
mod fetch;
mod frugal;
mod import;
mod input;
mod items;
mod logging;
mod man;
mod opml;
mod options;
mod out;
mod preview;
mod progress;
mod reading;
mod runtime;
mod schema;
mod serve;
mod trial;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};

use exit::{End, Usage};
use logging::Voice;
use options::{Halves, Options};

/// Below the help of `tidings`.
const EPILOGUE: &str = "\
First steps:
  tidings try https://news.example-city.cn/    what would be read there, and a
                                               ready block for feeds.toml
  tidings check                                is feeds.toml right?
  tidings                                      visit and serve; the feeds are
                                               listed at http://127.0.0.1:7878/

Each option has a variable: --allow-network is TIDINGS_ALLOW_NETWORK, and so on.
Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration.";

const SERVE: &str = "\
Runs until SIGTERM or SIGINT; requests and visits in flight are ended first.
SIGHUP reads feeds.toml again: a faulty file changes nothing, and the log says
what is wrong with it.";

const CHECK: &str = "\
Tells every fault at once, each with file, line and what to write instead.
Exits with 0, or with 78 when there is a fault.";

const TRY: &str = "\
Shows the items found, what was inferred and why, the first articles, and a
[[portal]] block ready for feeds.toml; for the name of a portal, the lines of
its block that should change. An address needs no feeds.toml.";

const FETCH: &str = "\
Prints a line a portal and exits with 1 if one failed. Articles on the first
list page are asked for again, as long as the portal says they changed.";

const EXTRACT: &str = "\
Example: tidings extract --url http://news.example-city.cn/1.html < 1.html
Needs no feeds.toml and no network. A page that is no article is told as such;
that is no failure. A line of the FILE of --batch is {\"id\", \"url\", \"file\"}, with
\"now\" and \"content_type\" where known; \"file\" lies relative to FILE and may be
.gz. The answers are one JSON a line, in the same order.";

const DISCOVER: &str = "\
Example: tidings discover --url http://news.example-city.cn/ < index.html
Needs no feeds.toml and no network.";

/// Turns local news portals into clean RSS, Atom and JSON feeds
#[derive(Debug, Parser)]
#[command(name = "tidings", version, max_term_width = 80, after_help = EPILOGUE)]
#[command(disable_help_subcommand = true, disable_help_flag = true, disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten, next_help_heading = "Options of the daemon")]
    halves: Halves,
    #[command(flatten)]
    options: Options,
    /// Print the version
    #[arg(long, short = 'V', action = ArgAction::Version, help_heading = "Options for every command")]
    version: Option<bool>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Visit the portals and serve their feeds (also plain `tidings`)
    #[command(after_help = SERVE)]
    Serve(Halves),
    /// Check feeds.toml; nothing is fetched
    #[command(after_help = CHECK)]
    Check,
    /// Visit an address or portal, store nothing, show what is read
    #[command(after_help = TRY)]
    Try(trial::Args),
    /// Visit portals now, once, into the store
    #[command(after_help = FETCH)]
    Fetch(fetch::Args),
    /// Read an article page from standard input
    #[command(after_help = EXTRACT)]
    Extract(extract::Args),
    /// Read a list page from standard input
    #[command(after_help = DISCOVER)]
    Discover(discover::Args),
    /// Print a feed as it would be served, from the store
    Preview(preview::Args),
    /// Take subscriptions in or out as OPML
    Opml(opml::Args),
    /// Print configurations of other tools (rsspls, `FreshRSS`, RSS-Bridge, html2rss) as portal tables
    Import(import::Args),
    /// Copy the store to a file while it is in use
    Backup(backup::Args),
    /// Print the JSON Schema of feeds.toml
    Schema,
    /// Print the completions for a shell
    Completions(completions::Args),
    /// Write the manual pages into a folder
    Man(man::Args),
}

/// Runs the command that the process was started with, to its exit code.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut command = Cli::command();
    let parsed = command
        .try_get_matches_from_mut(arguments)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, stray_half(&matches))));
    match parsed {
        Ok((cli, None)) => exit::code(dispatch(cli)),
        Ok((_, Some(stray))) => exit::code(Err(stray.into())),
        Err(error) => exit::parser(&error),
    }
}

/// A flag of the daemon given to another command.
fn stray_half(matches: &clap::ArgMatches) -> Option<Usage> {
    let command = matches.subcommand_name().filter(|name| *name != "serve")?;
    let given = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let flag = ["no_visits", "no_listen"].into_iter().find(given)?.replace('_', "-");
    Some(Usage(format!("--{flag} belongs to `tidings serve`, not to `tidings {command}`")))
}

fn dispatch(cli: Cli) -> anyhow::Result<End> {
    let Cli { command, halves, options, .. } = cli;
    let command = command.unwrap_or(Command::Serve(Halves::default()));
    let voice = if matches!(command, Command::Serve(_)) { Voice::Daemon } else { Voice::Command };
    logging::start(options.log_format, options.log.as_deref(), voice)?;
    match command {
        Command::Serve(own) => serve::run(&options, own.or(halves)),
        Command::Check => check::run(&options),
        Command::Try(args) => trial::run(&options, &args),
        Command::Fetch(args) => fetch::run(&options, &args),
        Command::Extract(args) => extract::run(&args),
        Command::Discover(args) => discover::run(&args),
        Command::Preview(args) => preview::run(&options, &args),
        Command::Opml(args) => opml::run(&options, &args),
        Command::Import(args) => import::run(&options, &args),
        Command::Backup(args) => backup::run(&options, &args),
        Command::Schema => schema::run(),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn common_options_stand_before_or_after_the_command() {
        for line in
            ["tidings --config a.toml check", "tidings check --config a.toml", "tidings -c a.toml check"]
        {
            assert_eq!(parse(line).unwrap().options.path().to_str(), Some("a.toml"), "{line}");
        }
        let cli = parse("tidings fetch --allow-network 127.0.0.0/8 --allow-network 10.0.0.1 town").unwrap();
        assert_eq!(cli.options.environment().allow_networks.len(), 2);
    }

    #[test]
    fn plain_tidings_takes_the_options_of_the_daemon() {
        let cli = parse("tidings --listen 127.0.0.1:0 --no-visits").unwrap();
        assert!(cli.command.is_none() && cli.halves.no_visits && !cli.halves.no_listen);
        let matches = Cli::command().try_get_matches_from(["tidings", "--no-visits", "check"]).unwrap();
        assert!(stray_half(&matches).is_some());
    }

    #[test]
    fn no_help_is_wider_than_a_terminal() {
        fn look(command: &mut clap::Command) {
            for line in command.render_help().to_string().lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
            command.get_subcommands_mut().for_each(look);
        }
        let mut command = Cli::command();
        command.build();
        look(&mut command);
    }
}
