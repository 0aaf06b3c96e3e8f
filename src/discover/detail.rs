//! Where the article stands of a page that shows none without its scripts: an API that it, or a program of its, names.

use super::api;
use super::shell;
use crate::data;
use crate::model::PageUrl;
use crate::page::Page;

/// Where the article of a page may stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Addresses that answer an article, `{id}` in place of its name, the likeliest first.
    pub ways: Vec<String>,
    /// Programs of the page, which may name such.
    pub scripts: Vec<PageUrl>,
}

/// Where the article of a page may stand that shows none.
#[must_use]
pub fn of_page(page: &Page) -> Details {
    let ways = api::details_of(page);
    let scripts = if data::is_bare(page) { shell::scripts(page) } else { Vec::new() };
    Details { ways, scripts }
}

/// The ways that a program names. `url` is its address.
#[must_use]
pub fn of_script(text: &str, url: &PageUrl) -> Vec<String> {
    api::details_of_script(text, url)
}
