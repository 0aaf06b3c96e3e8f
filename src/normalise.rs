//! A [`Draft`] to an [`Article`], or a [`Reject`] with its reason.

use crate::model::{Article, Candidate, Draft, Note, Reject};

/// Cleans a draft: sanitised HTML, absolute links, white space, summary, language.
///
/// # Errors
/// When the page is no article.
pub fn article(_draft: Draft) -> Result<(Article, Vec<Note>), Reject> {
    todo!()
}

/// An article of what the list says alone, for portals whose pages are not read.
#[must_use]
pub fn from_candidate(_candidate: &Candidate) -> Article {
    todo!()
}
