//! `tidings extract`: one article page to one article, or many of a batch.

use std::path::PathBuf;

use super::batch;
use super::exit::{End, Usage};
use super::input::{self, Beside};
use super::out;
use super::reading::{self, Given};
use crate::model::PageUrl;

/// What `tidings extract` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the page was fetched from
    #[arg(long, value_name = "URL", value_parser = input::address, required_unless_present = "batch")]
    url: Option<PageUrl>,
    /// Print the article as JSON
    #[arg(long)]
    json: bool,
    /// Tell where each field was read and what was refused
    #[arg(long, conflicts_with = "json")]
    explain: bool,
    #[command(flatten)]
    beside: Beside,
    /// Read many pages, listed in FILE a JSON object a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "explain"])]
    batch: Option<PathBuf>,
}

/// Reads the page on standard input, or the batch.
pub(super) fn run(args: &Args) -> anyhow::Result<End> {
    if let Some(file) = &args.batch {
        return batch::run(file, &args.beside);
    }
    let url = args.url.as_ref().ok_or_else(|| Usage("--url is missing".to_owned()))?;
    let bytes = input::from_stdin()?;
    let told = reading::article(&Given {
        bytes: &bytes,
        url,
        content_type: args.beside.content_type.as_deref(),
        now: args.beside.now(),
    });
    if args.json {
        out::print(&format!("{}\n", serde_json::to_string_pretty(&told)?))?;
        return Ok(End::Done);
    }
    let mut text = told.rendered();
    if args.explain {
        text.push('\n');
        text.push_str(&reading::evidence(told.evidence()));
    }
    out::print(&text)?;
    Ok(End::Done)
}
