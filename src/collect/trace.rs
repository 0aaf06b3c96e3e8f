//! What a visit saw of its list pages: which ones stood as they were, and what was answered and not read yet.

use std::collections::HashMap;

use crate::drift;
use crate::fetch::{FetchError, Reply, Validators};
use crate::model::{Class, Note, PageUrl};
use crate::store::ListCopy;

/// A list page that was said not to have changed.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) url: PageUrl,
    pub(super) validators: Validators,
    /// What was amiss when it was read still is.
    pub(super) missed: Vec<Note>,
    pub(super) pace: Vec<u32>,
}

/// The list pages of one visit.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Those that stand, in the order asked for.
    pub(super) standing: Vec<Standing>,
    /// Whether another one changed, or could not be had.
    pub(super) has_moved: bool,
    /// What is asked for now is the last of the visit, as far as can be known.
    pub(super) is_last: bool,
    /// What was asked for already.
    pub(super) answers: HashMap<PageUrl, Result<Reply, FetchError>>,
}

impl Trace {
    /// A page that stands as it was when `copy` was made of it.
    pub(super) fn stands(&mut self, copy: &ListCopy) {
        let (url, traits) = (copy.url.clone(), &copy.traits);
        let validators = validators(copy);
        let (missed, pace) = (traits.missed.clone(), traits.pace.clone());
        self.standing.push(Standing { url, validators, missed, pace });
    }
}

/// What a page is asked for with, when a copy of it is at hand.
pub(super) fn validators(copy: &ListCopy) -> Validators {
    Validators { etag: copy.etag.clone(), last_modified: copy.last_modified.clone() }
}

/// Adds the time of an answer to those before it; the note is of one that took far longer than usual.
pub(super) fn paced(before: &[u32], url: &PageUrl, reply: &Reply) -> (Vec<u32>, Option<Note>) {
    let took = u32::try_from(reply.took.as_millis()).unwrap_or(u32::MAX);
    let (pace, slow) = drift::pace(before, took);
    let note = slow.map(|median| {
        let detail = format!("the list took {took} ms, {median} ms are usual");
        Note { class: Class::Slow, detail, url: Some(url.clone()) }
    });
    (pace, note)
}
