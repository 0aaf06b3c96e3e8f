//! The parsed page: HTML read once, bounded, with the questions readers ask of it.
//!
//! Bytes never come here, only decoded text; the tree never leaves a [`Page`]. What other rooms hold is a
//! [`Node`], a copyable reference, and a [`Picker`], a compiled selector.

mod calls;
mod document;
mod form;
mod head;
mod walk;

mod node;

pub mod names;

mod select;

mod index;

mod flow;
mod layout;
mod openers;
mod raw;
mod sink;

pub mod text;

pub use document::Page;
pub use form::{Control, LoginForm};
pub use layout::Measure;
pub use node::{Child, Node};
pub use select::{Picker, SelectError};

#[cfg(test)]
mod tests;
