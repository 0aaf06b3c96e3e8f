//! What a list page leads to, beside its items.

use crate::fetch::FetchError;
use crate::model::PageUrl;
use crate::store::ListCopy;

/// What a list page leads to.
pub(super) struct After {
    /// The next page of the list.
    pub(super) next: Option<PageUrl>,
    /// Documents that belong to it.
    pub(super) parts: Vec<PageUrl>,
    /// One that says the same in other words.
    pub(super) beside: Option<PageUrl>,
    /// Of a page that lists nothing itself.
    pub(super) shell: Option<Shell>,
}

/// A page that lists nothing itself.
pub(super) struct Shell {
    /// What is remembered of it when what it leads to does list something.
    pub(super) copy: ListCopy,
    pub(super) is_new: bool,
    /// Whether its articles may be listed in a place that it does not name: nothing is known of it yet.
    pub(super) may_be_elsewhere: bool,
    /// Whether what it leads to has listed articles before.
    pub(super) is_proven: bool,
    /// What is amiss with it.
    pub(super) error: Option<FetchError>,
}
