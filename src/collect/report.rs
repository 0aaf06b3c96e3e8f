//! What a visit is asked to do and what it tells.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::discover::Listing;
use crate::model::{Article, Candidate, Fault, Note, PageUrl, Portal};
use crate::runtime::Stop;
use crate::store::{Claim, Outcome};

/// One visit to make.
#[derive(Debug)]
pub struct Job {
    /// Where to.
    pub portal: Arc<Portal>,
    /// The right to go there.
    pub claim: Claim,
    /// When it is given, the visit ends with what it has.
    pub stop: Stop,
    /// Told of each step.
    pub watch: Watch,
    /// How much of it is made.
    pub reach: Reach,
}

/// How much of a visit is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Lists and articles.
    #[default]
    Whole,
    /// The lists alone: a walk takes the articles, and remembers each.
    Lists,
}

/// A visit that was made, ready to be stored once the next one is planned.
#[derive(Debug)]
pub struct Report {
    /// What to store; `next_due` is still the end of the visit.
    pub outcome: Outcome,
    /// Article pages that were left for the next visit.
    pub left: usize,
    /// The portal asked to be left alone for so long.
    pub retry_after: Option<Duration>,
}

/// A step of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The list was read: so many article pages will be asked for.
    Listed(usize),
    /// One article page is done.
    Article,
    /// One older list page was read: which one behind the first.
    Page(u32),
}

/// Who is told of the steps of a visit.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<dyn Fn(Step) + Send + Sync>>);

impl Watch {
    /// Tells `listener` of each step; it must not block.
    pub fn new(listener: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// Tells a step.
    pub fn tell(&self, step: Step) {
        if let Some(listener) = &self.0 {
            listener(step);
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watch(on)" } else { "Watch(off)" })
    }
}

/// A visit that stores nothing, for a person who tries an address.
#[derive(Debug)]
pub struct Trial {
    /// The list page that answered, after redirects.
    pub url: PageUrl,
    /// Its charset and why that one.
    pub charset: String,
    /// What it holds.
    pub listing: Listing,
    /// The first articles of it, as read.
    pub articles: Vec<(Candidate, Result<Article, Fault>)>,
    /// What was cut, repaired or not found.
    pub notes: Vec<Note>,
    /// Requests sent, robots.txt and redirects included.
    pub requests: u64,
}
