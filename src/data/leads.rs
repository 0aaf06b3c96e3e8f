//! Where a page leads by itself: where it sends its readers on, and its frames.

use super::literal;
use crate::model::PageUrl;
use crate::page::{Node, Page, text};

/// A page that sends on later than this is read itself, in seconds.
const LATE: u32 = 30;
/// Half widths of a page whose scripts make it.
const BARE: usize = 400;
/// Bytes of one script that are read.
const MOST_SCRIPT: usize = 1 << 20;
/// Frames that hold something else, by their addresses or names.
const ASIDE: [&str; 15] = [
    "top", "head", "banner", "left", "menu", "nav", "foot", "bottom", "ad", "ads", "player", "video", "map",
    "weather", "tianqi",
];
/// Whether a page shows next to nothing without its scripts.
#[must_use]
pub fn is_bare(page: &Page) -> bool {
    text::width(&page.body().text()) < BARE
}

/// The inline scripts of a page.
pub fn scripts(page: &Page) -> impl Iterator<Item = String> {
    page.root().descendants().filter(|node| node.name() == "script" && node.attr("src").is_none()).map(
        |node| {
            let mut text = node.raw_text();
            text.truncate(text.floor_char_boundary(MOST_SCRIPT));
            text
        },
    )
}

/// Where a page sends its readers on by itself: `<meta http-equiv=refresh>`, or a script that does nothing else.
#[must_use]
pub fn sent_on(page: &Page) -> Vec<PageUrl> {
    let metas = page.root().descendants().filter(|node| {
        node.name() == "meta"
            && node.attr("http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"))
    });
    let told = metas.filter_map(|node| refresh(node.attr("content")?)).find_map(|to| page.join(&to));
    let found = told.or_else(|| {
        let scripts = scripts(page).filter(|_| is_bare(page));
        scripts.filter_map(|script| location(&script)).find_map(|to| page.join(&to))
    });
    found.filter(|url| url.same_site(page.url()) && url.key() != page.url().key()).into_iter().collect()
}

/// `0; url=…` (HTML, shared declarative refresh steps).
fn refresh(content: &str) -> Option<String> {
    let content = content.trim();
    let digits = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
    let seconds: u32 = content.get(..digits)?.parse().unwrap_or(0);
    let rest = content.get(digits..)?.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start().trim_start_matches([';', ',']).trim_start();
    let is_url = rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("url"));
    let to = if is_url { rest.get(3..)?.trim_start().strip_prefix('=').unwrap_or(rest) } else { rest };
    let to = to.trim().trim_matches(['"', '\'']).trim();
    (seconds <= LATE && !to.is_empty()).then(|| to.to_owned())
}

/// The address that a script goes to.
fn location(script: &str) -> Option<String> {
    let mut rest = script;
    while let Some(at) = rest.find("location") {
        rest = rest.get(at + "location".len()..)?;
        let after = rest.trim_start();
        let after = after.strip_prefix(".href").unwrap_or(after).trim_start();
        let called = [".replace(", ".assign("].iter().find_map(|call| after.strip_prefix(call));
        let assigned = after.strip_prefix('=').filter(|after| !after.starts_with('='));
        let value = called.or(assigned).map(str::trim_start).filter(|value| value.starts_with(['"', '\'']));
        if let Some((value, length)) = value.and_then(literal::value) {
            // an address that is put together is known to the script alone
            let behind =
                called.or(assigned).and_then(|all| all.trim_start().get(length..)).unwrap_or_default();
            if let Some(to) = value.as_str().filter(|_| !behind.trim_start().starts_with('+')) {
                return Some(to.to_owned());
            }
        }
    }
    None
}

/// The frames of the page's own site, the likeliest first.
#[must_use]
pub fn frames(page: &Page) -> Vec<PageUrl> {
    let is_frame = |node: &Node<'_>| matches!(node.name(), "frame" | "iframe");
    let mut found: Vec<(bool, PageUrl)> = Vec::new();
    for node in page.root().descendants().filter(is_frame) {
        let Some(url) = node.attr("src").and_then(|src| page.join(src.trim())) else { continue };
        let small = |name: &str| {
            let size =
                node.attr(name).and_then(|size| size.trim().trim_end_matches("px").parse::<u32>().ok());
            size.is_some_and(|size| size < 60)
        };
        if !url.same_site(page.url()) || node.is_hidden() || small("width") || small("height") {
            continue;
        }
        let name = [node.attr("name"), node.id()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
            .to_ascii_lowercase();
        let file = url.as_url().path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let words = || {
            name.split(|c: char| !c.is_ascii_alphabetic())
                .chain(file.split(|c: char| !c.is_ascii_alphabetic()))
        };
        let is_aside = words().any(|word| {
            ASIDE.contains(&word) || ASIDE.iter().any(|aside| aside.len() > 3 && word.starts_with(aside))
        });
        found.push((is_aside, url));
    }
    found.sort_by_key(|(is_aside, _)| *is_aside);
    let best = found.iter().filter(|(is_aside, _)| !is_aside).count();
    found.truncate(if best > 0 { best } else { found.len() });
    found.into_iter().map(|(_, url)| url).collect()
}
