//! A written date to a [`Stamp`](crate::model::Stamp), or why not. Pure: the time now is an argument.

mod context;
mod find;

mod custom;
mod formats;
mod machine;
mod relative;

mod clock;
mod plain;
mod words;
mod zone;

mod address;
mod place;
mod traps;

pub use address::in_url;
pub use context::{Context, Found, Kind};
pub use find::{find, read};
pub use place::zone_of;
pub use traps::trap;

#[cfg(test)]
mod tests;
