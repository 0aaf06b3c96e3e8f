//! The built-in sample portal: a small invented town's site in the founding portal's manner.
//!
//! It lets anybody see the whole way from a page to a feed without a network, and it is a fair trial:
//! GBK bytes under a `gb2312` label, titles cut in the list, side columns, a visit counter and a
//! generation time that move at every request. An article, once shown, never changes, not even over a
//! restart: all dates follow from fixed schedules, none from the moment the program started.

mod site;

mod markup;

mod calendar;

mod articles;
mod notices;

mod picture;

#[cfg(test)]
mod tests;

pub use site::{Answer, Site};
