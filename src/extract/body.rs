//! The article's own block: where the sentences are and the links are not.

use std::collections::HashSet;

use crate::page::Node;

use super::around::Found;
use super::pieces::{Line, Pieces, Skip};
use super::trim;
use super::words::Edge;

/// The block chosen, and its markup without what is not the article's.
#[derive(Debug)]
pub(super) struct Body<'a> {
    pub(super) block: Node<'a>,
    pub(super) html: String,
    /// The lines kept.
    pub(super) lines: Vec<String>,
    /// The order of the last element that holds a line of it.
    pub(super) end: usize,
    /// The lines at its edges that were dropped: data about the article may stand there.
    pub(super) dropped: Vec<String>,
}

/// Cuts a block that was found down to the article.
pub(super) fn within<'a>(found: &Found<'a>, title: Option<&str>, removed: &[Node<'a>]) -> Body<'a> {
    let removed = [removed, &found.beside].concat();
    let pieces = Pieces::of(found.block, Skip::Chrome, &removed);
    let keep = trim::keep(&pieces.lines, title);
    let is_kept = |line: usize| keep.get(line).copied().unwrap_or(false);
    let (mut lines, mut dropped) = (Vec::new(), Vec::new());
    let text = |line: &Line<'_>| !line.text.is_empty() && !line.is_caption;
    for (number, line) in pieces.lines.iter().enumerate().filter(|(_, line)| text(line)) {
        if is_kept(number) {
            lines.push(line.text.clone());
        } else if !line.is_links() && matches!(line.edge(), None | Some(Edge::Data | Edge::Close)) {
            dropped.push(line.text.clone());
        }
    }
    let kept = pieces.lines.iter().enumerate().filter(|(number, _)| is_kept(*number));
    let end = kept.map(|(_, line)| line.block.order()).max().unwrap_or_else(|| found.block.order());
    let mut html = String::new();
    let leads = found.lead.iter().map(|node| (Pieces::of(*node, Skip::Chrome, &removed), node.text()));
    let new = leads.filter(|(_, text)| !lines.contains(text)).collect::<Vec<_>>();
    for (lead, _) in &new {
        html.push_str("<p>");
        html.push_str(&lead.to_html(|_| true));
        html.push_str("</p>");
    }
    let body = pieces.to_html(is_kept);
    if let Some(picture) = found.picture.filter(|_| !body.contains("<img")) {
        html.push_str(&figure(picture));
    }
    lines.splice(0..0, new.into_iter().map(|(_, text)| text));
    html.push_str(&body);
    Body { block: found.block, html, lines, end, dropped }
}

/// The markup of the picture over an article.
pub(super) fn figure(picture: Node<'_>) -> String {
    format!("<figure>{}</figure>", Pieces::of(picture, Skip::Chrome, &[]).to_html(|_| true))
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
