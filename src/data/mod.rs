//! What programs write for programs: JSON and the literals of JavaScript to values, values to records of articles. Pure:
//! scripts are read, never run.

mod literal;

mod fields;
mod flat;
mod frames;
mod islands;
mod leads;
mod onward;
mod paging;
mod path;
mod pattern;
mod records;
mod within;

pub use frames::{is_own, main_of as main_frame, of as frames};
pub use islands::{Island, of_page as islands};
pub use leads::{is_bare, scripts};
pub use literal::{arguments, value};
pub use onward::of as sent_on;
pub use paging::{find as next_by_script, put_together};
pub use path::Path;
pub use pattern::{Pattern, of_page as patterns, of_script as patterns_of};
pub use records::{Record, Signs, all as records, body as article, one as record, told};
pub use within::{markup, unfolded};

#[cfg(test)]
mod tests;
