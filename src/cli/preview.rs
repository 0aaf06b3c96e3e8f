//! `tidings preview`: a feed as it would be served, from the store.

use super::exit::End;
use super::options::Options;
use super::out;
use super::runtime;
use crate::app;
use crate::render::Format;

/// What `tidings preview` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The feed: a portal's name, or `all`
    #[arg(value_name = "NAME")]
    name: String,
    /// The format to write
    #[arg(long, value_enum, default_value_t = Written::Rss)]
    format: Written,
}

/// A feed's format, as the command line spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Written {
    /// RSS 2.0
    Rss,
    /// Atom 1.0
    Atom,
    /// JSON Feed 1.1
    Json,
}

impl From<Written> for Format {
    fn from(written: Written) -> Self {
        match written {
            Written::Rss => Self::Rss,
            Written::Atom => Self::Atom,
            Written::Json => Self::Json,
        }
    }
}

/// Prints the feed.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    let config = options.load()?;
    let feed = runtime::run(app::preview(&config, &args.name, args.format.into()))??;
    out::bytes(&feed)?;
    Ok(End::Done)
}
