//! A list page to its items: by selectors where given, by detection where not.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::model::{Candidate, Note, PageUrl, Recipe};
use crate::page::Page;

/// What is known beside the page.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// How to read the site.
    pub recipe: &'a Recipe,
    /// When the page was fetched.
    pub now: DateTime<Utc>,
    /// The portal's zone; None is inferred from the page.
    pub zone: Option<Tz>,
    /// The charset the page was decoded from.
    pub charset: Option<&'a str>,
}

/// What a list page holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// In page order, each address once.
    pub items: Vec<Candidate>,
    /// The next list page.
    pub next: Option<PageUrl>,
    /// The site's title, as far as the page shows one.
    pub title: Option<String>,
    /// The page's language.
    pub lang: Option<String>,
    /// True when a configured selector found nothing and detection stepped in.
    pub fallback: bool,
    /// What was chosen and why, for `tidings try`: one sentence a line, best first.
    pub explanation: Vec<String>,
    /// The selectors that would find the same items, for the ready `[[portal]]` block.
    pub inferred: Recipe,
    /// What was cut, repaired or not found.
    pub notes: Vec<Note>,
}

/// Reads a list page.
#[must_use]
pub fn list(_page: &Page, _context: &Context<'_>) -> Listing {
    todo!()
}
