//! What makes a repeated block a news list, as named factors that can be told to a person.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::blocks::Block;
use super::links;
use super::row::Reader;
use super::words::{self, Part};
use crate::model::{Traits, mark, shape};
use crate::page::{Node, text};

/// Rows beyond this add nothing: a long link list is no better list.
const ROWS_COUNTED: usize = 40;
/// What a block gains that has all the articles which the list had at the last visit.
const KNOWN: f64 = 1.5;
/// What the place of the list is worth on an older page of it.
const OLDER: f64 = 3.0;
/// Rows whose dates are looked at.
const ROWS_DATED: usize = 12;

/// Factors that tell what stands beside a list.
const DATES: &str = "dates";
const ZONE: &str = "frame or side";
const HEADING: &str = "heading";

/// One property of a block and what it multiplies the score by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Factor {
    pub(super) name: &'static str,
    pub(super) value: f64,
}

/// The score of a block: the worth of its titles times its factors.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Score {
    /// Titles, each by its length, up to 1.3.
    pub(super) titles: f64,
    pub(super) factors: Vec<Factor>,
}

impl Score {
    pub(super) fn total(&self) -> f64 {
        self.factors.iter().fold(self.titles, |product, factor| product * factor.value)
    }
}

impl Score {
    /// Whether a block is called what stands beside lists, and has no days that would say otherwise.
    pub(super) fn is_aside(&self) -> bool {
        let is_below =
            |name: &str| self.factors.iter().any(|factor| factor.name == name && factor.value < 1.0);
        let has_dates = self.factors.iter().any(|factor| factor.name == DATES && factor.value > 1.0);
        !has_dates && (is_below(ZONE) || is_below(HEADING))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} = titles {:.1}", self.total(), self.titles)?;
        for factor in self.factors.iter().filter(|factor| (factor.value - 1.0).abs() > 0.01) {
            write!(f, ", {} ×{:.2}", factor.name, factor.value)?;
        }
        Ok(())
    }
}

/// Scores a block.
pub(super) fn score(block: &Block<'_>, reader: &Reader<'_>) -> Score {
    let factors = vec![
        Factor { name: "distinct titles", value: distinct(block) },
        Factor { name: DATES, value: 1.0 + 1.5 * dated(block, reader) },
        Factor { name: "one address pattern", value: 0.4 + 0.6 * common_shape(block, reader) },
        Factor {
            name: "article addresses",
            value: 0.6 + 0.6 * share(block, |row| links::is_article(&row.headline.link.url)),
        },
        Factor {
            name: "on this site",
            value: 0.2 + 0.8 * share(block, |row| row.headline.link.url.same_site(reader.page.url())),
        },
        Factor { name: "place on the page", value: place(block, reader) },
        Factor { name: ZONE, value: zone(block, reader) },
        Factor { name: HEADING, value: heading(block) },
        Factor { name: "as at the last visit", value: as_learnt(block, reader) },
        Factor { name: "new since the last visit", value: fresh(block, reader) },
        Factor { name: "articles known", value: 1.0 + KNOWN * known(block, reader) },
        Factor { name: "few rows", value: few(block, reader) },
    ];
    Score {
        titles: block.rows.iter().take(ROWS_COUNTED).map(|row| worth(&row.headline.title)).sum(),
        factors,
    }
}

/// What a block may be worth at the most, by its titles alone: quick, to choose which blocks are scored.
pub(super) fn worth_of_titles(block: &Block<'_>) -> f64 {
    block.rows.iter().take(ROWS_COUNTED).map(|row| worth(&row.headline.title)).sum()
}

/// A headline is long: 24 half widths are worth 1, a menu word next to nothing.
fn worth(title: &str) -> f64 {
    (count(text::width(title).saturating_sub(6)) / 18.0).min(1.3)
}

#[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
fn count(number: usize) -> f64 {
    number as f64
}

fn share(block: &Block<'_>, is: impl Fn(&super::row::Row<'_>) -> bool) -> f64 {
    count(block.rows.iter().filter(|row| is(row)).count()) / count(block.rows.len().max(1))
}

fn distinct(block: &Block<'_>) -> f64 {
    let titles: HashSet<&str> = block.rows.iter().map(|row| row.headline.title.as_str()).collect();
    count(titles.len()) / count(block.rows.len().max(1))
}

fn dated(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let rows = block.rows.get(..ROWS_DATED).unwrap_or(&block.rows);
    let dates = reader.row_dates(rows);
    count(dates.iter().flatten().count()) / count(rows.len().max(1))
}

/// The place and the addresses of the list that was found last: a hint, that a clearly better block outweighs.
fn as_learnt(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let Some(learnt) = reader.learnt else { return 1.0 };
    let is_place = is_at(block, learnt);
    let shape = shapes(block, reader).0;
    let is_shape = learnt.shape.is_some() && learnt.shape == shape;
    let placed = if reader.is_older { OLDER } else { 1.2 };
    (if is_place { placed } else { 1.0 }) * (if is_shape { 1.15 } else { 1.0 })
}

/// Whether a block stands where the list was found last.
fn is_at(block: &Block<'_>, learnt: &Traits) -> bool {
    learnt.place.is_some() && learnt.place.as_deref() == Some(block.place().as_str())
}

/// A list is no shorter than that, but on its last page.
fn few(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let is_last = || reader.is_older && reader.learnt.is_some_and(|learnt| is_at(block, learnt));
    if block.rows.len() < 3 && !is_last() { 0.5 } else { 1.0 }
}

/// The share of the articles listed last that stand in a block.
fn known(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let rows = block.rows.iter().map(|row| (&row.headline.link.key, row.headline.title.as_str()));
    reader.known.share(rows)
}

/// News moves: some rows are new since the last visit, in a menu none is, in an advert all are.
fn fresh(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let Some(learnt) = reader.learnt.filter(|learnt| !learnt.links.is_empty()) else { return 1.0 };
    let is_new = |row: &super::row::Row<'_>| learnt.knew(mark(row.headline.link.key.as_str())) == Some(false);
    match share(block, is_new) {
        // what stood on the first page too is no part of an older one
        0.0 if reader.is_older => 1.0 / OLDER,
        0.0 => 0.95,
        some if some <= 0.6 => 1.15,
        _ => 1.0,
    }
}

/// The commonest shape of a block's addresses, and how many rows have it.
pub(super) fn shapes(block: &Block<'_>, reader: &Reader<'_>) -> (Option<String>, usize) {
    let mut shapes: HashMap<String, usize> = HashMap::new();
    for row in &block.rows {
        *shapes.entry(shape(&row.headline.link.url, reader.page.url())).or_default() += 1;
    }
    // of equally common ones always the same
    let commonest = shapes.into_iter().max_by(|(a, m), (b, n)| m.cmp(n).then_with(|| b.cmp(a)));
    commonest.map_or((None, 0), |(shape, rows)| (Some(shape), rows))
}

fn common_shape(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    count(shapes(block, reader).1) / count(block.rows.len().max(1))
}

/// The content stands before the footer and rarely at the very top.
fn place(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let all = *reader.page.root().span().end();
    let at = block.rows.first().map_or(0, |row| row.node.order());
    1.0 - 0.3 * count(at) / count(all.max(1))
}

/// Inside navigation, header, footer, side column or pager a block counts little. What holds most of the page
/// is no part of its frame, whatever its name.
fn zone(block: &Block<'_>, reader: &Reader<'_>) -> f64 {
    let Some(row) = block.rows.first() else { return 1.0 };
    let all = reader.page.body().measure().text;
    let around =
        row.node.ancestors().take_while(|node| node.name() != "body" && node.measure().text * 10 < all * 7);
    around
        .map(|node| match words::part(node) {
            Part::Frame => 0.3,
            Part::Aside => 0.5,
            Part::Plain => 1.0,
        })
        .fold(1.0, f64::min)
}

/// A heading right before the block that announces rankings, picks or links.
fn heading(block: &Block<'_>) -> f64 {
    let Some(container) = block.containers.first() else { return 1.0 };
    if heading_of(*container).is_some_and(|words| words::is_aside_heading(&words)) { 0.35 } else { 1.0 }
}

/// The short line right before a container, or before the element that holds nothing but it.
pub(super) fn heading_of(container: Node<'_>) -> Option<String> {
    let mut at = container;
    for _ in 0..4 {
        if let Some(before) = at.previous() {
            let measure = before.measure();
            let short = measure.text > 0 && measure.text <= 40 && measure.links <= 1;
            return short.then(|| before.text());
        }
        at = at.parent().filter(|parent| parent.name() != "body")?;
    }
    None
}
