//! What programs write for programs: JSON and the literals of JavaScript to values, values to records of articles. Pure:
//! scripts are read, never run.

mod budget;
mod literal;

mod called;
mod constants;
mod fields;
mod flat;
mod flight;
mod frames;
mod groups;
mod guess;
mod islands;
mod joined;
mod leads;
mod onward;
mod paging;
mod path;
mod pattern;
mod record;
mod records;
mod rich;
mod routes;
mod within;

pub use constants::Values;
pub use frames::{is_own, main_of as main_frame, of as frames};
pub use islands::{Island, of_page as islands};
pub use joined::{Joined, Part, texts};
pub use leads::{is_bare, scripts};
pub use literal::{arguments, value};
pub use onward::of as sent_on;
pub use paging::{find as next_by_script, put_together};
pub use path::Path;
pub use pattern::{Pattern, of_script as patterns_of};
pub use record::{Record, Signs};
pub use records::{all as records, body as article, one as record, told};
pub use routes::{name_of, of_page as patterns};
pub use within::{answer, document, markup};

#[cfg(test)]
mod tests;
