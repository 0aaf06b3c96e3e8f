//! A list to its items, whatever it is written in: HTML by selectors or detection, feeds, sitemaps, JSON.

mod read;

mod api;
mod asks;
mod beside;
mod detail;
mod document;
mod feed;
mod form;
mod html;
mod json;
mod shell;
mod sitemap;
mod state;

mod markup;
mod records;
mod refs;
mod scan;
mod script;
mod turn;
mod twin;
mod whole;

mod recipe;

mod detect;

mod infer;

mod score;

mod blocks;
mod days;

mod row;

mod links;

mod called;
mod loader;
mod next;
mod numbers;
mod onward;
mod pager;
mod posted;

mod words;

mod inline;

mod known;

mod listing;

mod remains;

pub use self::detail::{Details, of_page as details, of_script as details_of_script};
pub use self::document::Document;
pub use self::form::Form;
pub use self::html::list;
pub use self::listing::{Context, Learnt, Listing, Remains};
pub use self::read::read;
pub use self::twin::of as twin;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod shapes_tests;

#[cfg(test)]
mod learnt_tests;

#[cfg(test)]
mod programs_tests;
