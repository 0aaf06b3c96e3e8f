//! An article page to a [`Draft`]: each reader asked, the evidence kept.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::model::{Candidate, Draft, Note, Recipe};
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
    /// What the list said of this article.
    pub candidate: Option<&'a Candidate>,
}

/// Reads an article page. Notes tell which configured selectors found nothing.
#[must_use]
pub fn article(_page: &Page, _context: &Context<'_>) -> (Draft, Vec<Note>) {
    todo!()
}
