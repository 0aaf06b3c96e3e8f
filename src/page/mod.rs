//! The parsed page: HTML read once, bounded, with the questions readers ask of it.

mod document;
mod select;
pub mod text;

pub use document::{Node, Page};
pub use select::{Picker, SelectError};
