//! What stands around the winner and belongs to the article: neighbours, the lead, boxes of a page builder.

use std::collections::HashMap;

use crate::page::{Node, Page};

use super::blocks;
use super::pieces::Line;
use super::trim::squeeze;
use super::words;

/// A line narrower than this, without a mark, is a label and no sentence.
pub(super) const SENTENCE_WIDTH: usize = 24;
/// Containers around a line that it speaks for.
pub(super) const LEVELS: usize = 6;
/// A neighbour with this share of the winner's worth is part of the article.
const JOINS: f64 = 0.2;
/// Text around the winner is part of it when it is so much more than the winner itself.
const GATHERS: f64 = 2.0;
/// The same, where the winner calls itself the article.
const GATHERS_NAMED: f64 = 2.6;
/// A lead is at least so wide,
const LEAD_WIDTH: usize = 40;
/// stands among the first lines behind the headline,
const LEAD_LINES: usize = 20;
/// and has so many lines at most.
const MOST_LEADS: usize = 3;
/// More link text than this in a neighbour, and it is a list of other articles.
const MOST_LINKS: f64 = 0.3;

/// The block found, and what inside it is not the article's.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) block: Node<'a>,
    pub(super) beside: Vec<Node<'a>>,
    /// What stands between the headline and the block and opens the article, in page order.
    pub(super) lead: Vec<Node<'a>>,
    /// The picture between the headline and the block.
    pub(super) picture: Option<Node<'a>>,
}

impl<'a> From<Node<'a>> for Found<'a> {
    fn from(block: Node<'a>) -> Self {
        Self { block, beside: Vec::new(), lead: Vec::new(), picture: None }
    }
}

/// The containers around a line: what only wraps another one counts as the same level and is passed over.
pub(super) fn containers<'a>(block: Node<'a>) -> impl Iterator<Item = Node<'a>> {
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
}

/// The block around text that page builders spread over boxes of their own: each speaks for itself alone, and
/// none for what holds them all.
pub(super) fn gathered<'a>(best: Node<'a>, own: &HashMap<Node<'a>, f64>) -> Option<Node<'a>> {
    let total = |node: Node<'a>| -> f64 {
        own.iter().filter(|(block, _)| node == **block || node.holds(**block)).map(|(_, value)| value).sum()
    };
    let mut held = total(best);
    let mut chosen = None;
    let least = if blocks::is_body(best) { GATHERS_NAMED } else { GATHERS };
    for around in containers(best).skip(1).take(2 * LEVELS) {
        let more = total(around);
        if more > held * least && around.measure().link_density() < MOST_LINKS {
            (chosen, held) = (Some(around), more);
        }
    }
    chosen
}

/// The picture that stands between the headline and the block, in a figure or in a box named for it.
pub(super) fn picture<'a>(headline: Node<'a>, (best, found): (Node<'a>, &Found<'a>)) -> Option<Node<'a>> {
    let parent = headline.ancestors().find(|around| around.holds(best))?;
    let between = headline.order()..best.order();
    let is_picture = |node: &Node<'a>| {
        between.contains(&node.order())
            && node.measure().images > 0
            && !node.holds(best)
            && (node.name() == "figure" || blocks::is_picture(*node))
            && (!found.block.holds(*node)
                || found.beside.iter().any(|beside| beside.holds(*node) || beside == node))
    };
    parent
        .descendants()
        .skip_while(|node| node.order() < between.start)
        .take_while(|node| node.order() < between.end)
        .find(is_picture)
        .filter(|picture| {
            !std::iter::once(*picture)
                .chain(picture.ancestors().take_while(|around| *around != parent))
                .any(blocks::is_chrome)
        })
}

/// The lines between the headline and the block that read like the beginning of the article.
pub(super) fn lead<'a>(
    page: &'a Page,
    headline: Node<'a>,
    (best, found): (Node<'a>, &Found<'a>),
    lines: &[Line<'a>],
) -> Vec<Node<'a>> {
    let is_beside = |node: Node<'a>| {
        !found.block.holds(node) || found.beside.iter().any(|beside| beside.holds(node) || *beside == node)
    };
    if best.order() <= headline.order() || best.holds(headline) {
        return Vec::new();
    }
    // English papers put a summary for their front page there, Chinese and Japanese ones a list of links
    let is_summary =
        |tag: &str| page.language().is_some_and(|lang| lang.to_ascii_lowercase().starts_with(tag));
    if ["zh", "ja", "ko"].into_iter().any(is_summary) {
        return Vec::new();
    }
    let is_english = is_summary("en");
    let said = ["og:description", "description"].into_iter().filter_map(|name| page.meta(name));
    let said: Vec<String> = said.map(squeeze).collect();
    let is_said = |line: &str| {
        let line = squeeze(line);
        said.iter().any(|said| said.starts_with(&line) || line.starts_with(said.as_str()))
    };
    let between = headline.order()..best.order();
    let opens = |line: &&Line<'a>| {
        let (is_named, ends) = (blocks::is_lead(line.block), words::ends_sentence(&line.text));
        let is_text = if is_english {
            line.block.name() == "p"
                && ends
                && line.width() >= 3 * LEAD_WIDTH
                && !is_named
                && !is_said(&line.text)
        } else {
            ends || is_named || is_said(&line.text)
        };
        is_text
            && line.images == 0
            && !line.is_links()
            && !line.is_caption
            && line.edge().is_none()
            && (LEAD_WIDTH..LEAD_WIDTH * 20).contains(&line.width())
            && !line.block.holds(best)
            && is_beside(line.block)
            && !blocks::is_aside(line.block)
    };
    let within = lines.iter().filter(|line| {
        !line.is_beside
            && between.contains(&line.block.order())
            && !headline.holds(line.block)
            && line.block != headline
    });
    let found: Vec<Node<'a>> = within.take(LEAD_LINES).filter(opens).map(|line| line.block).collect();
    if found.len() > MOST_LEADS { Vec::new() } else { found }
}

/// A block around the best one that adds no sentence and no link, and does not reach the headline: it may hold
/// the pictures and short lines of the article.
pub(super) fn widened<'a>(best: Node<'a>, headline: Option<Node<'a>>) -> Node<'a> {
    let mut chosen = best;
    while let Some(parent) = chosen.parent() {
        let reaches = headline.is_some_and(|headline| parent.holds(headline) && !chosen.holds(headline));
        let own = chosen.measure();
        let more = parent.measure();
        if blocks::is_body(chosen)
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
pub(super) fn joined<'a>(
    best: Node<'a>,
    worth: &HashMap<Node<'a>, f64>,
    headline: Option<Node<'a>>,
) -> Found<'a> {
    let Some((inner, parent)) = holder(best) else { return best.into() };
    let of = |node: Node<'a>| worth.get(&node).copied().unwrap_or(0.0);
    let least = of(best) * JOINS;
    let joins = |node: Node<'a>| {
        if node == inner || node.holds(best) {
            return true;
        }
        let measure = node.measure();
        if blocks::is_chrome(node)
            || headline.is_some_and(|headline| node == headline || node.holds(headline))
            || measure.link_density() > MOST_LINKS
        {
            return false;
        }
        let is_text = matches!(node.name(), "p" | "blockquote" | "ul" | "ol")
            && measure.punctuation > 0
            && measure.text >= 2 * SENTENCE_WIDTH;
        is_text || std::iter::once(node).chain(node.descendants()).map(of).fold(0.0, f64::max) >= least
    };
    let children: Vec<(Node<'a>, bool)> = parent.children().map(|child| (child, joins(child))).collect();
    if !children.iter().any(|(child, joins)| *joins && *child != inner) {
        return best.into();
    }
    let first = children.iter().position(|(_, joins)| *joins).unwrap_or(0);
    let last = children.iter().rposition(|(_, joins)| *joins).unwrap_or(0);
    let beside = children
        .iter()
        .enumerate()
        .filter(|(place, (child, joins))| {
            let is_between = (first..last).contains(place) && is_plain(*child);
            !(*joins || is_between)
        })
        .map(|(_, (child, _))| *child)
        .collect();
    Found { block: parent, beside, lead: Vec::new(), picture: None }
}

/// The nearest container that holds anything beside a block, and what of it holds the block.
fn holder(block: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let mut inner = block;
    loop {
        let parent = inner.parent().filter(|parent| parent.name() != "html")?;
        if parent.measure().text > inner.measure().text {
            return Some((inner, parent));
        }
        inner = parent;
    }
}

/// What stands in the flow of an article between its paragraphs.
fn is_plain(node: Node<'_>) -> bool {
    const PLAIN: [&str; 20] = [
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "figure",
        "img",
        "table",
        "ul",
        "ol",
        "br",
        "hr",
        "pre",
        "strong",
        "b",
        "em",
        "i",
        "a",
        "span",
        "blockquote",
    ];
    PLAIN.contains(&node.name()) && node.measure().link_density() <= MOST_LINKS
}
