//! The next page of a list behind a button: what it says that it loads.

use super::pager::{MAX_LINKS, MOST_WORDS, numeral, pages_this_list, shown};
use super::{links, onward};
use crate::model::PageUrl;
use crate::page::{Node, Page};

/// Attributes in which a button names what it loads.
const LOADS: [&str; 14] = [
    "data-next",
    "data-next-url",
    "data-next-page",
    "data-next-href",
    "data-url",
    "data-href",
    "data-src",
    "data-ajax-url",
    "formaction",
    "data-endpoint",
    "data-load-url",
    "data-more-url",
    "hx-get",
    "data-hx-get",
];
/// Classes and ids of what loads more, in parts.
const LOADERS: [&str; 8] =
    ["load-more", "loadmore", "load_more", "more-btn", "btn-more", "infinite", "next-page", "show-more"];
/// Attributes in which it says how many pages there are.
const TOTALS: [&str; 6] = [
    "data-total-pages",
    "data-total-page",
    "data-max-page",
    "data-max-pages",
    "data-last-page",
    "data-pages",
];

/// What a button for more loads: an address of its own, or the page's own address with the next number.
pub(super) fn find(page: &Page) -> Option<PageUrl> {
    let nodes = page
        .body()
        .descendants()
        .filter(|node| matches!(node.name(), "a" | "button" | "div" | "span" | "li"));
    let counted = page.url().as_url().query_pairs().find(|(name, _)| matches!(&**name, "page" | "p"));
    let own = counted.and_then(|(_, value)| value.parse().ok()).unwrap_or(1);
    for node in nodes.take(MAX_LINKS) {
        let is_named = || {
            let named = node.classes().chain(node.id()).map(str::to_ascii_lowercase);
            let mut named = named.filter(|name| LOADERS.iter().any(|part| name.contains(part)));
            named.next().is_some()
        };
        let is_loader = || is_named() || (node.measure().text <= MOST_WORDS && says_more(&shown(node)));
        // a link that says `more` leads to an article as often
        let pages =
            |href: &&str| is_named() || page.join(href).is_some_and(|url| pages_this_list(&url, page.url()));
        let address = || {
            let href = node.attr("href").filter(|_| node.name() == "a").filter(pages);
            let mut all = LOADS.into_iter().filter_map(|name| node.attr(name)).chain(href);
            all.find(|value| {
                value.contains(['/', '?', '=']) || value.contains(".htm") || value.contains(".json")
            })
        };
        let has_place =
            |name: &str| name.starts_with("data-") || matches!(name, "href" | "formaction" | "hx-get");
        if !node.attrs().any(|(name, _)| has_place(name)) || !is_loader() {
            continue;
        }
        let number = number(node, own);
        let total = TOTALS.into_iter().filter_map(|name| node.attr(name)).find_map(numeral);
        if number.zip(total).is_some_and(|(number, total)| number > total) {
            return None;
        }
        let found = match (address(), number) {
            (Some(address), Some(number)) => numbered(page, address, number),
            (Some(address), None) => page.join(address),
            (None, Some(number)) => numbered(page, page.url().as_str(), number),
            (None, None) => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The number of the page that it loads: `data-page` may say the one that is shown.
fn number(node: Node<'_>, own: u32) -> Option<u32> {
    let named =
        ["data-next", "data-next-page"].into_iter().filter_map(|name| node.attr(name)).find_map(numeral);
    let shown = || numeral(node.attr("data-page")?);
    named.or_else(|| shown().map(|number| if number <= own { own.saturating_add(1) } else { number }))
}

fn says_more(words: &str) -> bool {
    !words.is_empty()
        && words.chars().any(char::is_alphanumeric)
        && (onward::is_older(words) || onward::is_next(words))
}

/// An address with a page's number: in its place where it has one, else as its `page`.
fn numbered(page: &Page, address: &str, number: u32) -> Option<PageUrl> {
    let written = number.to_string();
    for place in ["{page}", "{p}", "{{page}}", "%7Bpage%7D", "__PAGE__", "#page#", ":page"] {
        if address.contains(place) {
            return page.join(&address.replace(place, &written));
        }
    }
    if address.ends_with(['=', '_', '-']) {
        return page.join(&format!("{address}{written}"));
    }
    let url = page.join(address)?;
    if links::is_page_of_list(&url) && url.key() != page.url().key() {
        return Some(url);
    }
    let mut own = url.as_url().clone();
    let pairs: Vec<(String, String)> = own
        .query_pairs()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    own.query_pairs_mut().clear().extend_pairs(pairs).append_pair("page", &written);
    PageUrl::parse(own.as_str()).ok()
}
