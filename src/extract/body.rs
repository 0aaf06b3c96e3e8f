//! The article's own block: where the sentences are and the links are not.

use std::collections::{HashMap, HashSet};

use crate::page::text::punctuation;
use crate::page::{Node, Page};

use super::pieces::{Line, Pieces, Skip};
use super::trim;
use super::words;

/// A line narrower than this, without a mark, is a label and no sentence.
const SENTENCE_WIDTH: usize = 24;
/// How much a line of links counts against a block, as a multiple of its width.
const LINK_WEIGHT: i64 = 2;
/// A block that calls itself the article is worth so many half widths more.
const NAMED_BONUS: i64 = 120;

/// The block chosen, and its markup without what is not the article's.
#[derive(Debug)]
pub(super) struct Body<'a> {
    pub(super) block: Node<'a>,
    pub(super) html: String,
    /// The lines kept.
    pub(super) lines: Vec<String>,
    /// The lines at its edges that were dropped: data about the article may stand there.
    pub(super) dropped: Vec<String>,
}

/// Cuts a given block down to the article.
pub(super) fn within<'a>(block: Node<'a>, title: Option<&str>, removed: &[Node<'a>]) -> Body<'a> {
    let pieces = Pieces::of(block, Skip::Chrome, removed);
    let keep = trim::keep(&pieces.lines, title);
    let is_kept = |line: usize| keep.get(line).copied().unwrap_or(false);
    let (mut lines, mut dropped) = (Vec::new(), Vec::new());
    for (number, line) in pieces.lines.iter().enumerate().filter(|(_, line)| !line.text.is_empty()) {
        if is_kept(number) { lines.push(line.text.clone()) } else { dropped.push(line.text.clone()) }
    }
    Body { block, html: pieces.to_html(is_kept), lines, dropped }
}

/// The article's markup in a block of a further page, without the lines that are known already.
pub(super) fn beyond(
    block: Node<'_>,
    title: Option<&str>,
    removed: &[Node<'_>],
    known: &HashSet<String>,
) -> String {
    let pieces = Pieces::of(block, Skip::Chrome, removed);
    let keep = trim::keep(&pieces.lines, title);
    let is_new = |line: usize| pieces.lines.get(line).is_none_or(|line| !known.contains(&line.text));
    pieces.to_html(|line| keep.get(line).copied().unwrap_or(false) && is_new(line))
}

/// Finds the article's block on a page. None when no line of it reads like a sentence and no block is named
/// for an article.
pub(super) fn find<'a>(page: &'a Page, headline: Option<Node<'a>>, removed: &[Node<'a>]) -> Option<Node<'a>> {
    let lines = Pieces::lines_of(page.body(), Skip::Chrome, removed);
    let mut worth: HashMap<Node<'a>, i64> = HashMap::new();
    let mut best_line: Option<(i64, Node<'a>)> = None;
    for line in &lines {
        let value = value(line);
        if value > 0 && best_line.is_none_or(|(best, _)| value > best) {
            best_line = Some((value, line.block));
        }
        for block in std::iter::once(line.block).chain(line.block.ancestors()) {
            *worth.entry(block).or_default() += value;
        }
    }
    let named = |block: &Node<'a>| if words::is_body(*block) { NAMED_BONUS } else { 0 };
    let best = worth
        .iter()
        .filter(|(block, worth)| {
            **worth > 0 && !matches!(block.name(), "html" | "p" | "li" | "tr" | "a" | "span")
        })
        // equal worth: the inner one, which holds nothing beside it
        .max_by_key(|(block, worth)| (**worth + named(block), block.depth()))
        .map(|(block, _)| *block);
    let Some(best) = best.or_else(|| best_line.map(|(_, block)| block)) else {
        return picture_block(page, headline);
    };
    Some(widened(best, &worth, headline))
}

/// What a line says for its block: its width when it reads like a sentence, against it when it is links.
fn value(line: &Line<'_>) -> i64 {
    let width = i64::try_from(line.width()).unwrap_or(i64::MAX);
    if line.is_links() {
        return -width * LINK_WEIGHT;
    }
    if line.edge().is_some() {
        return -width / 2;
    }
    let marks = punctuation(&line.text);
    let is_sentence = line.width() >= SENTENCE_WIDTH && (marks > 0 || line.width() >= 3 * SENTENCE_WIDTH);
    if is_sentence { width + i64::try_from(marks).unwrap_or(0) * 4 } else { 0 }
}

/// A block around the best one that costs nothing and does not reach the headline: it may hold the pictures
/// and short lines of the article.
fn widened<'a>(best: Node<'a>, worth: &HashMap<Node<'a>, i64>, headline: Option<Node<'a>>) -> Node<'a> {
    let of = |block: Node<'a>| worth.get(&block).copied().unwrap_or(0);
    let mut chosen = best;
    while let Some(parent) = chosen.parent() {
        let reaches = headline.is_some_and(|headline| parent.holds(headline) && !chosen.holds(headline));
        if words::is_body(chosen)
            || reaches
            || matches!(parent.name(), "body" | "html")
            || of(parent) < of(chosen)
        {
            break;
        }
        chosen = parent;
    }
    chosen
}

/// An article of pictures alone: the block named for the article, else the one that holds most pictures.
fn picture_block<'a>(page: &'a Page, headline: Option<Node<'a>>) -> Option<Node<'a>> {
    let named = page.body().descendants().filter(|node| words::is_body(*node) && !words::is_chrome(*node));
    let named = named
        .filter(|node| node.measure().images > 0 || node.measure().text > 0)
        .min_by_key(|node| node.order());
    named.or_else(|| {
        let after = headline?.order();
        let pictured = page.body().descendants().filter(|node| node.order() > after && node.is_block());
        pictured
            .filter(|node| node.measure().images > 0 && node.measure().links == 0)
            .min_by_key(|node| node.order())
    })
}
