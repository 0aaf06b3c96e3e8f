//! The twin of a page for small screens, as the page names it.

use crate::data;
use crate::model::PageUrl;
use crate::page::Page;

/// The address of the same article for small screens: `<link rel=alternate media=handheld>`, or a `mobile-agent` meta
/// (`format=html5; url=…`). None for a front page: templates name one for all.
#[must_use]
pub fn of(page: &Page) -> Option<PageUrl> {
    let is_small = |media: &str| {
        let media = media.to_ascii_lowercase();
        media.contains("handheld") || media.contains("max-width")
    };
    let linked = page.links("alternate").find(|(node, _)| node.attr("media").is_some_and(is_small));
    let named = || {
        let written = page.meta("mobile-agent")?;
        let (_, url) = written.split_once("url=")?;
        page.join(url.split(';').next().unwrap_or_default())
    };
    linked
        .map(|(_, url)| url)
        .or_else(named)
        .filter(|url| data::is_own(url, page.url()) && !url.is_front() && url != page.url())
}
