//! The article's own block: where the sentences are and the links are not.

use std::collections::HashSet;

use crate::page::Node;

use super::pieces::{Pieces, Skip};
use super::trim;

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
