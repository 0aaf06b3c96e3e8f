//! How well pages are read: the library's own answers scored against known truth.
//!
//! `cargo run --release --example quality -- FOLDER [--split NAME] [--write FILE]`: every sub-folder of FOLDER
//! with a `truth.jsonl` is a set; a page lies beside it as `ID.html.gz`, or as the line's `file` says. Each page
//! goes the way of `tidings extract --batch`; the figures are told in `score`.

#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod cost;
mod names;
mod pages;
mod report;
mod score;
mod tokens;

use std::path::PathBuf;

use anyhow::{Context, bail};
use tidings::runtime::Clock;

use pages::Set;

struct Asked {
    folder: PathBuf,
    split: Option<String>,
    write: Option<PathBuf>,
}

impl Asked {
    fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let (mut folder, mut split, mut write) = (None, None, None);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--split" => split = Some(words.next().context("--split needs a name")?),
                "--write" => write = Some(words.next().context("--write needs a file")?.into()),
                _ if word.starts_with('-') => {
                    bail!("{word} is not known: FOLDER [--split NAME] [--write FILE]")
                }
                _ => folder = Some(word.into()),
            }
        }
        Ok(Self { folder: folder.context("say which FOLDER holds the sets")?, split, write })
    }
}

fn main() -> anyhow::Result<()> {
    let asked = Asked::parse(std::env::args().skip(1))?;
    let now = Clock::system().now();
    let mut sets = Vec::new();
    for (name, folder) in pages::folders(&asked.folder)? {
        let set = Set::read(name, &folder, asked.split.as_deref(), now)?;
        println!("{}", report::line(&set));
        sets.push(set);
    }
    if sets.is_empty() {
        bail!("{} holds no set: no sub-folder has a truth.jsonl", asked.folder.display());
    }
    let table = report::markdown(&sets, now.date_naive());
    println!("\n{table}");
    if let Some(file) = asked.write {
        std::fs::write(&file, report::document(&file, &table)?)
            .with_context(|| file.display().to_string())?;
    }
    Ok(())
}
