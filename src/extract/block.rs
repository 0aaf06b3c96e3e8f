//! The article's own block: where the sentences are and the links are not.
//!
//! Every line speaks for the containers around it, the nearer ones louder, as in the Readability family of
//! scorers; what stands beside the winner joins it when it reads like the same text.

use std::collections::HashMap;

use crate::page::text::punctuation;
use crate::page::{Node, Page};

use super::around::{self, Found, LEVELS, SENTENCE_WIDTH, containers};
use super::blocks;
use super::pieces::Line;

/// How much a line of links counts against a block, as a multiple of its width.
const LINK_WEIGHT: f64 = 1.0;
/// A block that calls itself the article is worth so much more.
const NAMED: f64 = 1.3;

/// Finds the article's block on a page by all lines of it. None when no line of it reads like a sentence and no block is named
/// for an article.
pub(super) fn find<'a>(
    page: &'a Page,
    lines: &[Line<'a>],
    headline: Option<Node<'a>>,
    learnt: Option<&str>,
) -> Option<Found<'a>> {
    let mut worth: HashMap<Node<'a>, f64> = HashMap::new();
    let mut own: HashMap<Node<'a>, f64> = HashMap::new();
    let mut best_line: Option<(f64, Node<'a>)> = None;
    for line in lines.iter().filter(|line| !line.is_beside) {
        let value = value(line);
        if value > 0.0 && best_line.is_none_or(|(best, _)| value > best) {
            best_line = Some((value, line.block));
        }
        *own.entry(line.block).or_default() += value;
        for (level, block) in containers(line.block).take(LEVELS).enumerate() {
            *worth.entry(block).or_default() += value * share(level);
        }
    }
    for (block, worth) in &mut worth {
        if blocks::is_body(*block) {
            *worth *= NAMED;
        }
        if learnt.is_some_and(|learnt| learnt == super::title::describe(*block)) {
            *worth *= NAMED;
        }
    }
    let best = worth
        .iter()
        .filter(|(_, worth)| **worth > 0.0)
        // equal worth: the inner one, which holds nothing beside it, then the first
        .max_by(|(a, m), (b, n)| {
            m.total_cmp(n).then(a.depth().cmp(&b.depth())).then(b.order().cmp(&a.order()))
        })
        .map(|(block, _)| *block);
    let Some(best) = best else {
        return best_line.map(|(_, block)| block).or_else(|| picture_block(page, headline)).map(Found::from);
    };
    let found = around::gathered(best, &own)
        .map_or_else(|| around::joined(around::widened(best, headline), &worth, headline), Found::from);
    let lead =
        headline.map(|headline| around::lead(page, headline, (best, &found), lines)).unwrap_or_default();
    let picture = headline.and_then(|headline| around::picture(headline, (best, &found)));
    Some(Found { lead, picture, ..found })
}

/// How loud a line speaks for its container, and for those around it.
fn share(level: usize) -> f64 {
    match level {
        0 => 1.0,
        1 => 0.5,
        2 => 0.17,
        3 => 0.11,
        4 => 0.08,
        _ => 0.06,
    }
}

/// What a line says for its block: its width when it reads like a sentence, against it when it is links.
fn value(line: &Line<'_>) -> f64 {
    let width = as_f64(line.width());
    if line.is_links() {
        return -width * LINK_WEIGHT;
    }
    if line.is_caption {
        return 0.0;
    }
    if line.edge().is_some() {
        return -width / 2.0;
    }
    let marks = punctuation(&line.text);
    let is_sentence = line.width() >= SENTENCE_WIDTH && (marks > 0 || line.width() >= 3 * SENTENCE_WIDTH);
    if is_sentence { width + as_f64(marks) * 4.0 } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "at most a few million")]
fn as_f64(number: usize) -> f64 {
    number as f64
}

/// An article of pictures alone: the block named for the article, else the one that holds most pictures.
fn picture_block<'a>(page: &'a Page, headline: Option<Node<'a>>) -> Option<Node<'a>> {
    let named = page.body().descendants().filter(|node| blocks::is_body(*node) && !blocks::is_chrome(*node));
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
