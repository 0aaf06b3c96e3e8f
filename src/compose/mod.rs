//! Stored articles to feeds: what a name asks for, what its document shows, what its archive pages hold.

mod advice;
mod feed;
mod history;
mod sieve;
mod spec;
mod status;

#[cfg(test)]
mod tests;

pub use feed::{Archived, Desk, title_of};
pub use history::Writing;
pub use spec::{ALL, DEFAULT_LIMIT, MOST, Place, SEARCH, TAG, UNRESERVED, names, search, spec_for, status};
