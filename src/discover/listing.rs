//! What is known before a list is read, and what reading it gives.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::form::Form;
use crate::model::{Candidate, Note, PageUrl, Recipe, Traits};

pub use super::remains::Remains;

/// Items taken from one list.
pub(super) const MAX_ITEMS: usize = 500;

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
    /// What earlier visits learnt of the page.
    pub learnt: Option<Learnt<'a>>,
}

/// What earlier visits learnt of a list page: hints, and what it listed.
#[derive(Debug, Clone, Copy)]
pub struct Learnt<'a> {
    /// Its ways.
    pub traits: &'a Traits,
    /// The items it had last.
    pub items: &'a [Candidate],
    /// Whether the page at hand is an older page of that list.
    pub is_older: bool,
}

/// What a list page holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// What the document is.
    pub form: Form,
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
    /// What a next visit may learn from this one.
    pub traits: Traits,
    /// What is left of the list that was there last, where it was looked for.
    pub remains: Remains,
    /// Why the page is no list but a wall, where it shows none.
    pub wall: Option<&'static str>,
    /// Whether its rows stand beside a list: a ranking, picks, a side column, without a day.
    pub is_aside: bool,
    /// Other documents that belong to the list and are read beside it: frames, a feed, an API.
    pub parts: Vec<PageUrl>,
    /// A document that says the same in other words: of each item the better word is taken.
    pub beside: Option<PageUrl>,
    /// Why nothing could be read at all, for documents that must be well-formed to some degree.
    pub fault: Option<String>,
}

impl Listing {
    /// A listing without anything.
    pub(super) fn empty() -> Self {
        Self {
            form: Form::Html,
            items: Vec::new(),
            next: None,
            title: None,
            lang: None,
            fallback: false,
            explanation: Vec::new(),
            inferred: Recipe::default(),
            notes: Vec::new(),
            traits: Traits::default(),
            remains: Remains::Unknown,
            wall: None,
            is_aside: false,
            parts: Vec::new(),
            beside: None,
            fault: None,
        }
    }
}
