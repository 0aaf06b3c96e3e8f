//! Everything that outlives the process, behind one enum over the back ends.

mod contract;
mod settings;

pub use contract::{
    Asked, Backend, Claim, Committed, Due, HostRow, Known, Lease, ListCopy, Outcome, PageOutcome, Query,
    ReadPage, Seed, StoreError,
};
pub use settings::Settings;

/// The store, opened by its address. Cheap to clone; it implements every call of [`Backend`] as an
/// inherent method, so that callers need no trait in scope.
#[derive(Debug, Clone)]
pub enum Store {}
