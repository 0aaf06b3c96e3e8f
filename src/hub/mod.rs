//! The WebSub hub (W3C Recommendation of 23 January 2018): subscribers get a feed's document when it changes.
//!
//! What is asked for and what is owed are rows of the store: nothing is lost by a restart, and serving and visiting
//! may be two processes. Every request to a subscriber goes through the fetch guard. Feeds elsewhere that name a hub
//! are followed through it.

mod dispatch;

mod calls;
mod flights;
mod follow;
mod form;
mod papers;
mod parts;
mod plan;
mod ration;
mod signature;
mod topic;

#[cfg(test)]
mod tests;

pub use dispatch::Hub;
pub use follow::{denied, follow, granted};
pub use form::{Refusal, read};
pub use parts::Parts;
pub use signature::is_signed;
pub use topic::{Topic, of as topic};
