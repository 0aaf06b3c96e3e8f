//! What a page shows without its scripts, and these.

use crate::page::{Page, text};

/// Half widths of a page whose scripts make it.
const BARE: usize = 400;
/// Bytes of one script that are read.
const MOST_SCRIPT: usize = 1 << 20;

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
