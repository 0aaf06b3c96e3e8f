//! The article's own block: where the sentences are and the links are not.
//!
//! Every line speaks for the containers around it, the nearer ones louder, as in the Readability family of
//! scorers; what stands beside the winner joins it when it reads like the same text.

use std::collections::HashMap;

use crate::page::text::punctuation;
use crate::page::{Node, Page};

use super::pieces::{Line, Pieces, Skip};
use super::words;

/// A line narrower than this, without a mark, is a label and no sentence.
const SENTENCE_WIDTH: usize = 24;
/// How much a line of links counts against a block, as a multiple of its width.
const LINK_WEIGHT: f64 = 1.0;
/// Containers around a line that it speaks for.
const LEVELS: usize = 6;
/// A block that calls itself the article is worth so much more.
const NAMED: f64 = 1.3;
/// A neighbour with this share of the winner's worth is part of the article.
const JOINS: f64 = 0.2;
/// More link text than this in a neighbour, and it is a list of other articles.
const MOST_LINKS: f64 = 0.3;

/// The block found, and what inside it is not the article's.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) block: Node<'a>,
    pub(super) beside: Vec<Node<'a>>,
}

impl<'a> From<Node<'a>> for Found<'a> {
    fn from(block: Node<'a>) -> Self {
        Self { block, beside: Vec::new() }
    }
}

/// Finds the article's block on a page. None when no line of it reads like a sentence and no block is named
/// for an article.
pub(super) fn find<'a>(
    page: &'a Page,
    headline: Option<Node<'a>>,
    removed: &[Node<'a>],
    learnt: Option<&str>,
) -> Option<Found<'a>> {
    let lines = Pieces::lines_of(page.body(), Skip::Chrome, removed);
    let mut worth: HashMap<Node<'a>, f64> = HashMap::new();
    let mut best_line: Option<(f64, Node<'a>)> = None;
    for line in &lines {
        let value = value(line);
        if value > 0.0 && best_line.is_none_or(|(best, _)| value > best) {
            best_line = Some((value, line.block));
        }
        for (level, block) in containers(line.block).enumerate() {
            *worth.entry(block).or_default() += value * share(level);
        }
    }
    for (block, worth) in &mut worth {
        if words::is_body(*block) {
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
    match best {
        Some(best) => Some(joined(widened(best, headline), &worth, headline)),
        None => best_line.map(|(_, block)| block).or_else(|| picture_block(page, headline)).map(Found::from),
    }
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

/// The containers around a line: what only wraps another one counts as the same level and is passed over.
fn containers<'a>(block: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    let is_part = |node: &Node<'a>| {
        matches!(
            node.name(),
            "p" | "li"
                | "ul"
                | "ol"
                | "dl"
                | "dt"
                | "dd"
                | "blockquote"
                | "pre"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "tr"
                | "tbody"
                | "thead"
                | "figure"
                | "figcaption"
                | "a"
                | "span"
        )
    };
    let mut held = 0;
    std::iter::once(block)
        .chain(block.ancestors())
        .filter(move |node| !is_part(node) && node.name() != "html")
        .filter(move |node| {
            let text = node.measure().text;
            let is_more = text > held + held / 50;
            if is_more {
                held = text;
            }
            is_more
        })
        .take(LEVELS)
}

/// What a line says for its block: its width when it reads like a sentence, against it when it is links.
fn value(line: &Line<'_>) -> f64 {
    let width = as_f64(line.width());
    if line.is_links() {
        return -width * LINK_WEIGHT;
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

/// A block around the best one that adds no sentence and no link, and does not reach the headline: it may hold
/// the pictures and short lines of the article.
fn widened<'a>(best: Node<'a>, headline: Option<Node<'a>>) -> Node<'a> {
    let mut chosen = best;
    while let Some(parent) = chosen.parent() {
        let reaches = headline.is_some_and(|headline| parent.holds(headline) && !chosen.holds(headline));
        let own = chosen.measure();
        let more = parent.measure();
        if words::is_body(chosen)
            || reaches
            || matches!(parent.name(), "body" | "html")
            || more.linked > own.linked
            || more.text > own.text + own.text / 10 + 40
            || more.punctuation > own.punctuation
        {
            break;
        }
        chosen = parent;
    }
    chosen
}

/// The winner with the neighbours that read like the same text. The result is the block around them, and what in
/// it is passed over.
fn joined<'a>(best: Node<'a>, worth: &HashMap<Node<'a>, f64>, headline: Option<Node<'a>>) -> Found<'a> {
    let of = |node: Node<'a>| worth.get(&node).copied().unwrap_or(0.0);
    // the nearest container that holds anything beside it
    let mut inner = best;
    let parent = loop {
        let Some(parent) = inner.parent() else { return best.into() };
        if parent.name() == "html" {
            return best.into();
        }
        if parent.measure().text > inner.measure().text {
            break parent;
        }
        inner = parent;
    };
    let least = of(best) * JOINS;
    let joins = |node: Node<'a>| {
        if node == inner || node.holds(best) {
            return true;
        }
        if words::is_chrome(node) || headline.is_some_and(|headline| node == headline || node.holds(headline))
        {
            return false;
        }
        let measure = node.measure();
        if measure.link_density() > MOST_LINKS {
            return false;
        }
        let is_text = matches!(node.name(), "p" | "blockquote" | "ul" | "ol")
            && measure.punctuation > 0
            && measure.text >= 2 * SENTENCE_WIDTH;
        let most = std::iter::once(node).chain(node.descendants()).map(of).fold(0.0, f64::max);
        is_text || most >= least
    };
    let children: Vec<Node<'a>> = parent.children().collect();
    if !children.iter().any(|child| *child != inner && joins(*child)) {
        return best.into();
    }
    let first = children.iter().position(|child| joins(*child)).unwrap_or(0);
    let last = children.iter().rposition(|child| joins(*child)).unwrap_or(0);
    let is_between = |place: usize| place > first && place < last;
    let plain = |node: Node<'a>| {
        matches!(
            node.name(),
            "h2" | "h3"
                | "h4"
                | "h5"
                | "p"
                | "figure"
                | "img"
                | "table"
                | "ul"
                | "ol"
                | "br"
                | "hr"
                | "pre"
                | "strong"
                | "b"
                | "em"
                | "i"
                | "a"
                | "span"
        ) && node.measure().link_density() <= MOST_LINKS
    };
    let beside = children
        .iter()
        .enumerate()
        .filter(|(place, child)| !joins(**child) && !(is_between(*place) && plain(**child)))
        .map(|(_, child)| *child)
        .collect();
    Found { block: parent, beside }
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
