//! `tidings discover`: one list page to its items.

use std::fmt::Write as _;

use super::exit::End;
use super::input::{self, Beside};
use super::items;
use super::out;
use super::reading::{self, Given, Item};
use crate::model::PageUrl;

/// What `tidings discover` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where the page was fetched from
    #[arg(long, value_name = "URL", value_parser = input::address)]
    url: PageUrl,
    /// Print the items as a JSON array
    #[arg(long)]
    json: bool,
    /// Tell which blocks were weighed and why this one was chosen
    #[arg(long, conflicts_with = "json")]
    explain: bool,
    #[command(flatten)]
    beside: Beside,
}

/// Reads the list page on standard input.
pub(super) fn run(args: &Args) -> anyhow::Result<End> {
    let bytes = input::from_stdin()?;
    let listing = reading::list(&Given {
        bytes: &bytes,
        url: &args.url,
        content_type: args.beside.content_type.as_deref(),
        now: args.beside.now(),
    });
    if args.json {
        let items: Vec<Item<'_>> = listing.items.iter().map(Item::from).collect();
        out::print(&format!("{}\n", serde_json::to_string_pretty(&items)?))?;
        return Ok(End::Done);
    }
    let mut text = String::new();
    // writing to a String cannot fail
    let _always =
        writeln!(text, "{}\n{}", out::count(listing.items.len(), "item"), items::table(&listing.items));
    if args.explain {
        for why in &listing.explanation {
            out::field(&mut text, "why", why);
        }
    }
    // a page that lists nothing itself may name where its list is
    for part in &listing.parts {
        out::field(&mut text, "leads to", part.as_str());
    }
    out::field(&mut text, "next page", listing.next.as_ref().map_or("", PageUrl::as_str));
    for note in &listing.notes {
        out::field(&mut text, "note", &note.to_string());
    }
    out::print(&text)?;
    Ok(End::Done)
}
