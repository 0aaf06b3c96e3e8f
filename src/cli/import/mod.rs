//! `tidings import`: configurations of other tools as portal tables.

mod bridge;
mod found;
mod freshrss;
mod html2rss;
mod rsspls;
mod times;
mod xpath;
mod yaml;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::exit::End;
use super::input;
use super::options::Options;
use super::out;
use crate::decode;
use found::Found;

/// What `tidings import` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// feeds.toml of rsspls, OPML of `FreshRSS`, addresses of RSS-Bridge one a line, or YAML of html2rss
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Append the tables to this file instead of printing them
    #[arg(long, value_name = "FEEDS.TOML")]
    output: Option<PathBuf>,
}

/// Prints or appends portal tables; what could not be carried over is told on standard error, line by line.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    let name = args.file.display().to_string();
    let text = decode::decode(&input::from_file(&args.file)?, decode::Hints::default()).text;
    let (tool, found) = read(&text, &args.file);
    let mut found = found.map_err(|why| anyhow!("{name}: {}", out::line(&why)))?;
    // names that stand in the file already are not taken again; one that does not read is told by `check`
    let taken: Vec<_> = match &args.output {
        Some(_) => options
            .load()
            .map(|config| config.portals.into_iter().map(|portal| portal.id).collect())
            .unwrap_or_default(),
        None => Vec::new(),
    };
    let blocks = found.blocks(&taken);
    let portals = blocks.matches("\n[[portal]]\n").count();
    for (line, why) in &found.told {
        out::tell(&format!("{}:{line}: {}", out::line(&name), out::line(why)));
    }
    let head = format!(
        "# {} of {} ({tool}); {} not carried over as written\n",
        out::count(portals, "portal"),
        out::line(&name),
        out::count(found.told.len(), "line")
    );
    match &args.output {
        Some(path) => append(path, &format!("\n{head}{blocks}"))?,
        None => out::print(&format!("{head}{blocks}"))?,
    }
    Ok(if portals > 0 { End::Done } else { End::Failed })
}

/// What a file is, told by its text, and what it holds.
fn read(text: &str, path: &Path) -> (&'static str, Result<Found, String>) {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        return ("OPML", freshrss::read(text));
    }
    if ending == "toml" || text.lines().any(|line| line.trim().starts_with("[[feed]]")) {
        return ("rsspls", rsspls::read(text));
    }
    let is_address = |line: &str| line.starts_with("http://") || line.starts_with("https://");
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.next().is_none_or(is_address) {
        return ("RSS-Bridge", Ok(bridge::read(text)));
    }
    ("html2rss", html2rss::read(text))
}

fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
    let mut file = opened.with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes()).with_context(|| path.display().to_string())
}
