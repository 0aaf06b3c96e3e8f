//! `tidings opml`: subscriptions in and out.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context;

use super::block::Block;
use super::exit::End;
use super::input;
use super::options::Options;
use super::out;
use crate::app;
use crate::model::PageUrl;
use crate::render::{self, Outline};

/// What `tidings opml` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    way: Way,
}

/// In or out.
#[derive(Debug, clap::Subcommand)]
enum Way {
    /// Print the subscriptions of an OPML file as portal tables, ready to paste into feeds.toml
    Import {
        /// An OPML file, as feed readers export it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Print our feeds as an OPML file that feed readers import
    Export,
}

/// Prints blocks or OPML.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    match &args.way {
        Way::Import { file } => {
            let outlines = render::read_opml(&input::from_file(file)?);
            let outlines = outlines.with_context(|| file.display().to_string())?;
            out::print(&blocks(&outlines, &file.display().to_string()))?;
        }
        Way::Export => {
            let config = options.load()?;
            out::bytes(&render::opml("tidings", &app::outlines(&config)))?;
        }
    }
    Ok(End::Done)
}

/// A block for each outline with an address that can be visited; the others are named.
fn blocks(outlines: &[Outline], file: &str) -> String {
    let count = out::count(outlines.len(), "subscription");
    let mut text = format!(
        "# {count} of {}. tidings reads the sites themselves, so each block names the page for\n\
         # people where the file has one. Paste into feeds.toml, then run `tidings check`.\n",
        out::line(file)
    );
    for outline in outlines {
        let pages = [outline.html_url.as_deref(), Some(outline.xml_url.as_str())];
        let title = outline.title.trim();
        // writing to a String cannot fail
        let _always = match pages.into_iter().flatten().find_map(|url| PageUrl::parse(url).ok()) {
            Some(url) => {
                let tags: Vec<String> = outline.folder.iter().cloned().collect();
                let title = (!title.is_empty()).then_some(title);
                let block = Block { title, url: url.as_str(), tags: &tags, ..Block::default() };
                write!(text, "\n{}", block.to_toml())
            }
            None => {
                let address = out::line(&outline.xml_url);
                writeln!(text, "\n# left out: {}: `{address}` is no http or https address", out::line(title))
            }
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subscription_becomes_a_block_of_its_page() {
        let outline = |title: &str, xml: &str, html: Option<&str>| Outline {
            title: title.to_owned(),
            xml_url: xml.to_owned(),
            html_url: html.map(str::to_owned),
            folder: Some("河北".to_owned()),
        };
        let told = blocks(
            &[
                outline("唐山", "http://a.example/rss", Some("http://a.example/news/")),
                outline("", "https://b.example/feed", None),
                outline("c\nd", "ftp://c.example/", None),
            ],
            "reader.opml",
        );
        let read: toml::Table = told.parse().unwrap();
        let portals = read["portal"].as_array().unwrap();
        assert_eq!(portals.len(), 2, "{told}");
        assert_eq!(portals[0]["url"].as_str(), Some("http://a.example/news/"));
        assert_eq!(portals[1]["url"].as_str(), Some("https://b.example/feed"));
        assert_eq!(portals[0]["tags"][0].as_str(), Some("河北"));
        assert!(told.contains("# left out: c d: `ftp://c.example/`"), "{told}");
    }
}
