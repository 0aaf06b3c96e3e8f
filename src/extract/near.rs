//! The lines around the headline and at the edges of the body, where data about an article stands.

use std::collections::HashSet;

use crate::page::Node;

use super::body::Body;
use super::labels::POSTED;
use super::pieces::Line;
use super::words::Edge;

/// Lines from this distance on are neither near the headline nor at the edges of the body.
pub(super) const FAR: i64 = 1000;
/// A line of the page outside the body, and how far from the headline it stands.
#[derive(Debug, Clone)]
pub(super) struct Near {
    pub(super) text: String,
    /// Lines after the headline; negative before it.
    pub(super) distance: i64,
}

/// The lines around the headline and at the edges of the body, where data about the article stands.
pub(super) fn lines(lines: &[Line<'_>], headline: Option<Node<'_>>, body: Option<&Body<'_>>) -> Vec<Near> {
    let is_headline = |block: Node<'_>| {
        headline.is_some_and(|headline| {
            block == headline
                || headline.holds(block)
                || block.holds(headline) && block.measure().text < headline.measure().text * 2 + 40
        })
    };
    let body_from = |block: Node<'_>| body.is_some_and(|body| body.block == block || body.block.holds(block));
    let first = lines.iter().position(|line| is_headline(line.block));
    let first = first.or_else(|| lines.iter().position(|line| body_from(line.block))).unwrap_or(0);
    let last = lines.iter().rposition(|line| body_from(line.block)).unwrap_or(usize::MAX);
    let kept: HashSet<&str> =
        body.map_or(&[][..], |body| body.lines.as_slice()).iter().map(String::as_str).collect();
    let in_body = |line: &Line<'_>| body_from(line.block) && kept.contains(line.text.as_str());
    // what tells of a picture or leads elsewhere tells nothing of the article
    let is_apart = |line: &Line<'_>| {
        line.is_caption || body_from(line.block) && matches!(line.edge(), Some(Edge::Note | Edge::Related))
    };
    let mut near: Vec<Near> = Vec::new();
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| !is_apart(line)) {
        let distance = i64::try_from(number).unwrap_or(i64::MAX) - i64::try_from(first).unwrap_or(0);
        // the lines of the body itself are its text; what its edges dropped is added below
        let is_close = (-6..=14).contains(&distance) && number <= last.saturating_add(AFTER_BODY);
        if is_close && !in_body(line) && !line.text.is_empty() && (distance >= 0 || !line.is_links()) {
            near.push(Near { text: line.text.clone(), distance });
        } else if may_date(line) {
            // looked at last of all, those before the headline after those behind it
            let far = if distance < 0 { FAR * 2 - distance } else { FAR + distance };
            near.push(Near { text: line.text.clone(), distance: far });
        }
    }
    let dropped = body.map_or(&[][..], |body| body.dropped.as_slice());
    near.extend(dropped.iter().map(|text| Near { text: text.clone(), distance: 1 }));
    near.sort_by_key(|near| (near.distance < 0, near.distance.abs()));
    near
}

/// A short line with a number: it may be a date wherever it stands.
fn may_date(line: &Line<'_>) -> bool {
    let is_short = line.width() <= 80 || line.width() <= POSTED_WIDTH && says_posted(&line.text);
    !line.is_links() && line.text.bytes().any(|b| b.is_ascii_digit()) && is_short
}

/// Behind the body stand credits, and soon after them other things.
const AFTER_BODY: usize = 3;

/// A longer sentence tells more than when the article was posted.
const POSTED_WIDTH: usize = 320;

fn says_posted(text: &str) -> bool {
    let lower = text.to_lowercase();
    POSTED.iter().any(|word| lower.contains(word))
}
