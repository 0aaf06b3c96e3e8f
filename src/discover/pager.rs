//! What the finders of a list's next page share: what a link shows, the number in it, whether it pages the list.

use super::links;
use crate::model::PageUrl;
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

/// The script that an address calls: `javascript:goPage(2)`.
pub(super) fn scripted(href: &str) -> Option<&str> {
    let scheme = href.get(..11).filter(|start| start.eq_ignore_ascii_case("javascript:"));
    scheme.and_then(|_| href.get(11..))
}

/// A number that a link or the page's own place in a pager shows: `3`, `[3]`, `第3页`.
pub(super) fn numeral(words: &str) -> Option<u32> {
    let bare = words.trim().trim_matches(['[', ']', '(', ')', '第', '页', '頁', ' ']);
    (1..=4).contains(&bare.len()).then(|| bare.parse().ok()).flatten().filter(|number| *number > 0)
}

/// What the name of a picture says that stands in a link without words: `2` of `p2on.gif`, `next` of `btn_next.gif`.
pub(super) fn pictured(node: Node<'_>) -> Option<String> {
    let mut pictures = node.descendants().filter(|inner| inner.name() == "img");
    let (picture, None) = (pictures.next()?, pictures.next()) else { return None };
    if !shown(node).is_empty() {
        return None;
    }
    let file = picture.attr("src")?.split(['?', '#']).next()?.rsplit('/').next()?;
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_ascii_lowercase();
    let mut numbers = stem.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    match (numbers.next(), numbers.next()) {
        (Some(number), None) => Some(number.trim_start_matches('0').to_owned()),
        (None, _) => stem.split(|c: char| !c.is_alphabetic()).find_map(|word| {
            let is_next = matches!(word, "next" | "nextpage" | "pagenext" | "nextbtn" | "xiayiye" | "xyy");
            is_next.then(|| "next".to_owned())
        }),
        _ => None,
    }
}

/// Whether an address is a further page of the list at `own`.
pub(super) fn pages_this_list(url: &PageUrl, own: &PageUrl) -> bool {
    links::is_page_of_list(url)
        || (url.as_url().path() == own.as_url().path() && url.as_url().query().is_some())
}
