//! The list found without a recipe: the repeated block that scores best, and why.

use super::blocks::{self, Block};
use super::infer;
use super::links::{self, Link};
use super::row::{Reader, Row};
use super::score::{self, Score};
use crate::model::{ListRules, MOST_LINKS, Note, Traits, mark};
use crate::page::text;

/// A best block below this is no list.
const MIN_SCORE: f64 = 0.8;
/// Blocks scored, those with the most and longest titles.
const SCORED: usize = 48;
/// Runners-up told.
const TOLD: usize = 4;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub(super) rows: Vec<Row<'a>>,
    pub(super) explanation: Vec<String>,
    pub(super) rules: ListRules,
    pub(super) traits: Traits,
    /// Whether it stands beside a list.
    pub(super) is_aside: bool,
    /// All links of the page that were looked at.
    pub(super) links: Vec<Link<'a>>,
}

/// Looks for the list on a page.
pub(super) fn detect<'a>(reader: &Reader<'a>, notes: &mut Vec<Note>) -> Found<'a> {
    let links = links::of_page(reader.page, notes);
    let mut blocks = blocks::of_page(reader, &links);
    let placed = blocks::placed(reader).filter(|_| reader.is_older);
    blocks.extend(placed.filter(|placed| !blocks.iter().any(|block| block.place() == placed.place())));
    blocks.sort_by(|a, b| score::worth_of_titles(b).total_cmp(&score::worth_of_titles(a)));
    let mut scored: Vec<(Score, Block<'a>)> = blocks
        .into_iter()
        .take(SCORED)
        .map(|block| (score::score(&block, reader), block))
        .filter(|(score, _)| score.total() > 0.0)
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total().total_cmp(&a.total()));
    let mut explanation: Vec<String> = Vec::new();
    for (rank, (score, block)) in scored.iter().take(TOLD).enumerate() {
        let verb = if rank == 0 { "took" } else { "passed over" };
        explanation.push(tell(verb, score, block));
    }
    let Some((score, block)) = scored.into_iter().next().filter(|(score, _)| score.total() >= MIN_SCORE)
    else {
        explanation.insert(0, format!("no repeated block of headlines among {} links", links.len()));
        return Found { explanation, links, ..Found::default() };
    };
    let rules = infer::rules(reader, &block);
    let mut marks: Vec<u32> = links.iter().take(MOST_LINKS).map(|link| mark(link.key.as_str())).collect();
    marks.sort_unstable();
    marks.dedup();
    let shape = score::shapes(&block, reader).0;
    let traits = Traits { place: Some(block.place()), shape, links: marks, ..Traits::default() };
    Found { rows: block.rows, explanation, rules, traits, is_aside: score.is_aside(), links }
}

fn tell(verb: &str, score: &Score, block: &Block<'_>) -> String {
    let widths: Vec<usize> = block.rows.iter().map(|row| text::width(&row.headline.title)).collect();
    let mean = widths.iter().sum::<usize>() / widths.len().max(1);
    let place = block.place();
    format!("{verb} `{place}`: {} rows, titles {mean} wide on average, score {score}", block.rows.len())
}
