//! What a person is told of visits and walks that a command makes.

use crate::model::{Fault, PageUrl, PortalId, VisitCounts};
use crate::schedule::Visited;

/// A step of a visit made for a person.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// The visit began.
    Begun(PortalId),
    /// The list was read: so many article pages will be asked for.
    Listed(PortalId, usize),
    /// One article page is done.
    Article(PortalId),
    /// One older list page was read: which one behind the first.
    Page(PortalId, u32),
    /// A walk over older list pages goes on behind this one.
    GoesOn(PortalId, u32),
    /// A walk over older list pages ended.
    Walked(Box<Walked>),
    /// The visit ended and was stored.
    Ended(Box<Visited>),
}

/// What a walk over the older pages of one list came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Walked {
    /// Whose list.
    pub portal: PortalId,
    /// Which list.
    pub list: PageUrl,
    /// Pages behind the first that were read, by this run and those before it.
    pub pages: u32,
    /// What this run saw and did.
    pub counts: VisitCounts,
    /// Why there is nothing further back, when that is so.
    pub end: Option<String>,
    /// The order to stop ended it before its end.
    pub is_stopped: bool,
    /// Why it ended before its end otherwise.
    pub error: Option<Fault>,
    /// It had come to its end before, and nothing was asked for.
    pub was_done: bool,
}
