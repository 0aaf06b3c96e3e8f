//! What the finders of a list's next page share: what a link shows, and the number in it.

use crate::page::Node;

/// A longer text is no name of a page.
pub(super) const MOST_WORDS: usize = 40;
/// Links looked at.
pub(super) const MAX_LINKS: usize = 4000;

/// What a link shows: its words, else the words for who cannot see its picture.
pub(super) fn shown(node: Node<'_>) -> String {
    let told = Some(node.text()).filter(|told| !told.is_empty());
    let told =
        told.or_else(|| ["title", "aria-label"].into_iter().find_map(|a| node.attr(a)).map(str::to_owned));
    told.or_else(|| node.descendants().find_map(|n| n.attr("alt")).map(str::to_owned)).unwrap_or_default()
}

/// A number that a link or the page's own place in a pager shows: `3`, `[3]`, `第3页`.
pub(super) fn numeral(words: &str) -> Option<u32> {
    let bare = words.trim().trim_matches(['[', ']', '(', ')', '第', '页', '頁', ' ']);
    (1..=4).contains(&bare.len()).then(|| bare.parse().ok()).flatten().filter(|number| *number > 0)
}
