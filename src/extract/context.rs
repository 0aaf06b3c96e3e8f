//! What is known beside an article page.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::date::Earlier;
use crate::model::{Candidate, Recipe, Traits};

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
    /// What an earlier visit made of the page.
    pub earlier: Option<Earlier>,
    /// What earlier visits learnt of the portal's pages.
    pub learnt: Option<&'a Traits>,
}

impl<'a> Context<'a> {
    /// What is known when a page comes alone: how to read the site, and when the page was fetched.
    #[must_use]
    pub fn new(recipe: &'a Recipe, now: DateTime<Utc>) -> Self {
        Self { recipe, now, zone: None, charset: None, candidate: None, earlier: None, learnt: None }
    }
}
