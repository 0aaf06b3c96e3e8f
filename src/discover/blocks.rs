//! Repeated blocks: links whose places on the page have the same build, and the rows around them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::links::{self, Link};
use super::row::{self, Headline, Reader, Row, headline_of};
use super::{days, words};
use crate::model::shape;
use crate::page::names;
use crate::page::{Node, Picker, text};

/// A title at least so wide (in half widths) can found a block; shorter ones join it later.
const MIN_FOUNDING_CJK: usize = 8;
const MIN_FOUNDING: usize = 14;

/// Rows of one block.
const MAX_ROWS: usize = 600;
/// Rows whose dates are looked at to learn whether rows have dates.
const SAMPLE: usize = 12;

/// A block that repeats: rows of one build in one container, or in containers side by side.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    pub(super) containers: Vec<Node<'a>>,
    pub(super) rows: Vec<Row<'a>>,
}

impl Block<'_> {
    /// The block and its rows as a person would name them: `ul.news > li`.
    pub(super) fn place(&self) -> String {
        named(self.containers.first().copied(), self.rows.first().map(|row| row.node))
    }
}

/// The place of rows that were not found as a block.
pub(super) fn place_of(rows: &[Row<'_>]) -> Option<String> {
    let first = rows.first()?.node;
    Some(named(first.parent(), Some(first)))
}

fn named(container: Option<Node<'_>>, row: Option<Node<'_>>) -> String {
    let named = |node: Option<Node<'_>>| node.map(names::describe).unwrap_or_default();
    format!("{} > {}", named(container), named(row))
}

/// What was found of rows, by their place on the page: links of many builds may share their rows.
#[derive(Debug, Default)]
struct Looked<'a> {
    headlines: HashMap<usize, Option<Headline<'a>>>,
    paid: HashMap<usize, bool>,
}

impl<'a> Looked<'a> {
    fn headline(&mut self, row: Node<'a>) -> Option<Headline<'a>> {
        self.headlines.entry(row.order()).or_insert_with(|| row::headline(row)).clone()
    }

    fn is_paid(&mut self, row: Node<'a>) -> bool {
        *self.paid.entry(row.order()).or_insert_with(|| is_paid_row(row))
    }
}

/// The repeated blocks of a page, in page order. Blocks may overlap: a card's headline and its picture found two.
pub(super) fn of_page<'a>(reader: &Reader<'a>, links: &[Link<'a>]) -> Vec<Block<'a>> {
    let mut groups: BTreeMap<String, Vec<Headline<'a>>> = BTreeMap::new();
    for link in links.iter().filter(|link| links::is_welcome(link, reader.page)) {
        let Some(headline) = headline_of(link.clone()) else { continue };
        if founds(&headline.title) {
            groups.entry(build(link.node)).or_default().push(headline);
        }
    }
    let mut looked = Looked::default();
    let mut blocks: Vec<Block<'a>> =
        groups.into_values().flat_map(|group| blocks_of(reader, &group, &mut looked)).collect();
    blocks.sort_by_key(|block| block.rows.first().map(|row| row.node.order()));
    blocks
}

/// The block at the place that was learnt, however few rows an older page of the list has there: the last one may have a
/// single article.
pub(super) fn placed<'a>(reader: &Reader<'a>) -> Option<Block<'a>> {
    let (container, row) = reader.learnt?.place.as_deref()?.split_once(" > ")?;
    // a place without a name of its own may be anywhere
    let picker =
        Picker::parse(&format!("{container} > {row}")).ok().filter(|_| container.contains(['.', '#']))?;
    let nodes = reader.page.select(&picker).into_iter().filter(|node| !node.is_hidden()).take(MAX_ROWS);
    let rows = nodes.filter_map(|node| row::headline(node).map(|headline| Row { node, headline }));
    let rows: Vec<Row<'a>> = rows.filter(|row| founds(&row.headline.title)).collect();
    let containers = vec![rows.first()?.node.parent()?];
    Some(Block { rows: links::once(rows, |row| &row.headline.link.key), containers })
}

fn founds(title: &str) -> bool {
    let least = if title.chars().any(text::is_cjk) { MIN_FOUNDING_CJK } else { MIN_FOUNDING };
    text::width(title) >= least
}

/// The build of a link's place: the tags from it up to the body, and its own classes.
fn build(link: Node<'_>) -> String {
    let mut path = String::new();
    for class in link.classes().filter(|c| !c.bytes().any(|b| b.is_ascii_digit())) {
        path.push('.');
        path.push_str(class);
    }
    for node in link.ancestors() {
        path.push('<');
        path.push_str(node.name());
    }
    path
}

/// The blocks of one group: each headline's row is the largest element that holds no other headline.
fn blocks_of<'a>(reader: &Reader<'a>, group: &[Headline<'a>], looked: &mut Looked<'a>) -> Vec<Block<'a>> {
    let mut rows: Vec<(Node<'a>, Node<'a>)> = Vec::new();
    for (at, headline) in group.iter().enumerate() {
        let same = |other: &&Headline<'a>| other.link.key == headline.link.key;
        let before = group.iter().take(at).rev().find(|other| !same(other));
        let after = group.iter().skip(at + 1).find(|other| !same(other));
        let alone = |node: &Node<'a>| {
            !before.into_iter().chain(after).any(|other| node.holds(other.link.node)) && node.name() != "body"
        };
        let row = headline.link.node.ancestors().take_while(alone).last().unwrap_or(headline.link.node);
        rows.push((headline.link.node, row));
    }
    days::level(&reader.dates, &mut rows);
    let mut containers: Vec<(Node<'a>, Vec<Node<'a>>)> = Vec::new();
    for (_, row) in rows {
        let Some(container) = row.parent() else { continue };
        match containers.iter_mut().rev().find(|(known, _)| *known == container) {
            Some((_, rows)) if rows.last() == Some(&row) => {}
            Some((_, rows)) => rows.push(row),
            None => containers.push((container, vec![row])),
        }
    }
    let mut merged: Vec<(Vec<Node<'a>>, Vec<Node<'a>>)> = Vec::new();
    for (container, rows) in containers {
        match merged.last_mut() {
            Some((known, all)) if known.last().is_some_and(|last| continues(reader, *last, container)) => {
                known.push(container);
                all.extend(rows);
            }
            _ => merged.push((vec![container], rows)),
        }
    }
    merged
        .into_iter()
        .map(|(containers, founding)| Block {
            rows: rows_of(reader, &containers, &founding, looked),
            containers,
        })
        .filter(|block| !block.rows.is_empty())
        .collect()
}

/// Whether `next` goes on where `last` ended: siblings with no heading between them but a day, or each in a block of its
/// own that begins with its day.
fn continues<'a>(reader: &Reader<'a>, last: Node<'a>, next: Node<'a>) -> bool {
    let is_heading = |n: &Node<'_>| matches!(n.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let follows = |last: Node<'a>, next: Node<'a>| {
        last.parent() == next.parent()
            && std::iter::successors(last.next(), |n| n.next())
                .take(20)
                .take_while(|n| !is_heading(n) || days::is_day(&reader.dates, *n))
                .any(|n| n == next)
    };
    let is_day_of = |last: Node<'a>, next: Node<'a>| {
        last.name() == next.name()
            && last.attr("class") == next.attr("class")
            && follows(last, next)
            && days::begins_with_day(&reader.dates, next)
    };
    follows(last, next)
        || last.parent().zip(next.parent()).is_some_and(|(last, next)| last != next && is_day_of(last, next))
}

/// All rows of the containers: the founding ones, and their siblings of the same tag that lead to articles too.
fn rows_of<'a>(
    reader: &Reader<'a>,
    containers: &[Node<'a>],
    founding: &[Node<'a>],
    looked: &mut Looked<'a>,
) -> Vec<Row<'a>> {
    let site = reader.page.url();
    let shapes: HashSet<String> = founding
        .iter()
        .filter_map(|node| looked.headline(*node))
        .map(|headline| shape(&headline.link.url, site))
        .collect();
    let Some(tag) = founding.first().map(|node| node.name()) else { return Vec::new() };
    let founders: HashSet<usize> = founding.iter().map(|node| node.order()).collect();
    let nodes: Vec<Node<'a>> = containers
        .iter()
        .flat_map(|container| container.children())
        .filter(|node| node.name() == tag && !node.is_hidden() && node.measure().links > 0)
        .collect();
    let paid: Vec<bool> = nodes.iter().map(|node| looked.is_paid(*node)).collect();
    // Where most rows bear such a name it says something else here.
    let believed = paid.iter().filter(|paid| **paid).count() * 2 < nodes.len();
    let mut rows = Vec::new();
    for (node, paid) in nodes.into_iter().zip(paid) {
        if rows.len() == MAX_ROWS {
            break;
        }
        let Some(headline) = looked.headline(node).filter(|_| !(paid && believed)) else { continue };
        let fits = || {
            shapes.contains(&shape(&headline.link.url, site)) && !links::is_page_of_list(&headline.link.url)
        };
        if founders.contains(&node.order()) || fits() {
            rows.push(Row { node, headline });
        }
    }
    let rows = links::once(rows, |row| &row.headline.link.key);
    without_strangers(reader, rows)
}

/// Whether a row is paid for: it says so by a class, or by a line of its own.
fn is_paid_row(row: Node<'_>) -> bool {
    words::is_paid(row)
        || row.children().any(|child| words::is_paid(child) && child.measure().links > 0)
        || row
            .descendants()
            .filter(|node| node.measure().text <= 24 && node.measure().links == 0)
            .any(|node| words::is_paid_label(&node.text()))
}

/// Drops rows whose address has another shape than nearly all others and that lack the date all others have:
/// adverts and columns among articles.
fn without_strangers<'a>(reader: &Reader<'a>, rows: Vec<Row<'a>>) -> Vec<Row<'a>> {
    if rows.len() < 5 {
        return rows;
    }
    let shapes: Vec<String> =
        rows.iter().map(|row| shape(&row.headline.link.url, reader.page.url())).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for shape in &shapes {
        *counts.entry(shape).or_default() += 1;
    }
    let Some((common, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return rows };
    if count * 10 < rows.len() * 7 {
        return rows;
    }
    let dated = |rows: &[Row<'a>]| reader.row_dates(rows).iter().flatten().count();
    let sample = rows.get(..SAMPLE).unwrap_or(&rows);
    if dated(sample) * 10 < sample.len() * 8 {
        return rows;
    }
    let keep: Vec<bool> = rows
        .iter()
        .zip(&shapes)
        .map(|(row, shape)| shape == common || dated(std::slice::from_ref(row)) > 0)
        .collect();
    rows.into_iter().zip(keep).filter_map(|(row, keep)| keep.then_some(row)).collect()
}
