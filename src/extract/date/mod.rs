//! The date of publication: every candidate with where it stood, ranked; the others refused with the reason.

mod choice;
mod finder;
mod places;

use crate::page::{Node, Page};

use super::meta::JsonLd;
use super::near::{FAR, Near};

pub use finder::Earlier;
use finder::{FAR_OFF, Finder, GIVEN, LIST, Seen};
pub(super) use finder::{Known, SURER, Times};

/// A body may begin with a subtitle and a caption before its dateline.
const LEAD_LINES: usize = 3;

/// What a page says where dates are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) page: &'a Page,
    pub(super) ld: &'a JsonLd,
    pub(super) near: &'a [Near],
    pub(super) headline: Option<Node<'a>>,
    /// The lines of the body.
    pub(super) lead: &'a [String],
    /// What a configured selector found.
    pub(super) given: Option<&'a str>,
}

/// Reads the date of an article.
pub(super) fn read(places: Places<'_>, known: &Known<'_>) -> Times {
    let Places { page, ld, near, headline, lead, given } = places;
    let mut finder = Finder::new(known);
    if let Some(given) = given {
        finder.machine("selector", given, GIVEN);
    }
    finder.head(page, ld);
    finder.elements(page, headline);
    for line in near.iter().filter(|line| line.distance < FAR) {
        finder.line(line, 0);
    }
    if let Some(stamp) = finder.listed() {
        let (from, raw, kind) = ("list".to_owned(), stamp.to_rfc3339(), crate::date::Kind::Full);
        finder.add(Seen { stamp, from, raw, rank: LIST, zoned: false, kind });
    }
    lead.iter().take(LEAD_LINES).for_each(|line| finder.dateline(line));
    if finder.seen.is_empty() {
        finder.scripts(page);
    }
    if finder.seen.is_empty() {
        near.iter().filter(|line| line.distance >= FAR).for_each(|line| finder.line(line, FAR_OFF));
    }
    finder.choose(page.url())
}
