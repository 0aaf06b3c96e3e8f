//! Lists that are grouped by day: the day as a heading, then its articles.

use crate::date;
use crate::model::Stamp;
use crate::page::Node;

/// A longer text says more than a day.
const MOST_TEXT: usize = 40;
/// Elements that a block may begin with around its heading.
const DEEPEST: usize = 4;
/// Articles of one day that are passed on the way to it.
const MOST_BEFORE: usize = 200;

/// Whether an element says a day and nothing else.
pub(super) fn is_day(dates: &date::Context<'_>, node: Node<'_>) -> bool {
    let measure = node.measure();
    (1..=MOST_TEXT).contains(&measure.text) && measure.links == 0 && date::read(&node.text(), dates).is_some()
}

/// Whether a block begins with a day and goes on behind it.
pub(super) fn begins_with_day(dates: &date::Context<'_>, block: Node<'_>) -> bool {
    let mut at = block;
    for _ in 0..DEEPEST {
        let Some(first) = at.children().find(|child| child.measure().text > 0) else { return false };
        if is_day(dates, first) {
            return true;
        }
        at = first;
    }
    false
}

/// The day that an element stands under: the last one said before it, beside it or beside a block around it.
pub(super) fn above(dates: &date::Context<'_>, row: Node<'_>) -> Option<Stamp> {
    let mut blocks = std::iter::once(row).chain(row.ancestors()).take(DEEPEST);
    blocks.find_map(|block| {
        let before = std::iter::successors(block.previous(), |node| node.previous()).take(MOST_BEFORE);
        let mut days = before.filter(|node| is_day(dates, *node));
        days.next().and_then(|day| date::read(&day.text(), dates))
    })
}

/// The rows of headlines, each with how far it reaches over its link: where some days have one article and some have
/// several, the one of a day would be the day's whole block. It is as high as the others instead.
pub(super) fn level<'a>(dates: &date::Context<'_>, rows: &mut [(Node<'a>, Node<'a>)]) {
    let height = |link: Node<'a>, row: Node<'a>| {
        std::iter::once(link).chain(link.ancestors()).position(|node| node == row).unwrap_or(0)
    };
    let heights: Vec<usize> = rows.iter().map(|(link, row)| height(*link, *row)).collect();
    let Some(least) = heights.iter().min().copied() else { return };
    for ((link, row), height) in rows.iter_mut().zip(heights) {
        let heading = std::iter::successors(row.previous(), |node| node.previous())
            .find(|node| node.measure().text > 0);
        let is_headed = heading.is_some_and(|heading| is_day(dates, heading));
        if height > least && (is_headed || begins_with_day(dates, *row)) {
            *row = std::iter::once(*link).chain(link.ancestors()).nth(least).unwrap_or(*row);
        }
    }
}
