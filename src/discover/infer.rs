//! Selectors that find again what was detected: ids and stable classes, no counting of children.

use std::collections::HashSet;

use super::blocks::Block;
use super::row::{self, Reader, Row};
use crate::model::ListRules;
use crate::page::names::{is_stable, names};
use crate::page::{Node, Picker};

/// Enclosing elements tried as the anchor of a selector.
const ANCHORS: usize = 6;

/// Selectors tried, at the most: each is looked for in the whole page.
const TRIED: usize = 40;
/// Rows looked at to find where rows have their dates.
const SAMPLE: usize = 12;

/// The rules that read the same rows; a field that detection reads anyway is left out.
pub(super) fn rules(reader: &Reader<'_>, block: &Block<'_>) -> ListRules {
    let item = item(reader, block);
    let (link, title) = if item.is_some() { link_and_title(&block.rows) } else { (None, None) };
    let date = if item.is_some() { date(reader, &block.rows) } else { None };
    ListRules { item, link, title, date, ..ListRules::default() }
}

/// The shortest selector that finds the rows and nothing else that would be read as an item.
fn item(reader: &Reader<'_>, block: &Block<'_>) -> Option<String> {
    let first = block.rows.first()?.node;
    let container = block.containers.first().copied()?;
    let rows: Vec<Node<'_>> = block.rows.iter().map(|row| row.node).collect();
    let shared: Vec<String> =
        names(first).into_iter().filter(|name| rows.iter().all(|row| names(*row).contains(name))).collect();
    let mut tried: Vec<String> = shared.iter().rev().filter(|n| n.contains(['.', '#'])).cloned().collect();
    let own = names(container);
    for row in &shared {
        tried.extend(own.iter().rev().filter(|n| n.contains(['.', '#'])).map(|n| format!("{n} > {row}")));
    }
    for anchor in container.ancestors().take(ANCHORS) {
        for name in names(anchor).iter().rev().filter(|name| name.contains(['.', '#'])) {
            for row in &shared {
                tried.extend(own.iter().rev().map(|n| format!("{name} {n} > {row}")));
            }
        }
    }
    for row in &shared {
        tried.extend(own.iter().rev().map(|n| format!("{n} > {row}")));
    }
    tried.truncate(TRIED);
    tried.into_iter().find_map(|css| exactly(reader, css, &rows))
}

/// The selector, when it finds the rows and nothing else that has a headline; where what it finds beside them
/// has a class of its own, as adverts do, with that class excepted.
fn exactly(reader: &Reader<'_>, css: String, rows: &[Node<'_>]) -> Option<String> {
    let found = reader.page.select(&Picker::parse(&css).ok()?);
    if found.len() < rows.len() || found.len() > rows.len() * 2 + 20 {
        return None;
    }
    let known: HashSet<usize> = rows.iter().map(|node| node.order()).collect();
    let read: Vec<Node<'_>> = found.into_iter().filter(|node| row::headline(*node).is_some()).collect();
    let (kept, strangers): (Vec<Node<'_>>, Vec<Node<'_>>) =
        read.into_iter().partition(|node| known.contains(&node.order()));
    if kept != rows {
        return None;
    }
    let Some(stranger) = strangers.first() else { return Some(css) };
    let has = |node: &Node<'_>, class: &str| node.classes().any(|c| c == class);
    stranger
        .classes()
        .find(|class| {
            is_stable(class)
                && strangers.iter().all(|node| has(node, class))
                && !rows.iter().any(|node| has(node, class))
        })
        .map(|class| format!("{css}:not(.{class})"))
}

/// A link selector where the row has several links; `@title` where the full titles stand there.
fn link_and_title(rows: &[Row<'_>]) -> (Option<String>, Option<String>) {
    let Some(first) = rows.first() else { return (None, None) };
    let all = |css: &str| {
        Picker::parse(css).is_ok_and(|picker| {
            rows.iter().all(|row| {
                row.node == row.headline.link.node
                    || row.node.select_first(&picker) == Some(row.headline.link.node)
            })
        })
    };
    if first.node == first.headline.link.node {
        return (None, None);
    }
    let link = first.headline.link.node;
    let mut tried: Vec<String> = names(link).into_iter().skip(1).collect();
    if let Some(parent) = link.parent().filter(|parent| *parent != first.node) {
        tried.extend(names(parent).iter().rev().map(|name| format!("{name} > a")));
    }
    let alone = rows.iter().all(|row| row.node.measure().links == 1);
    tried.insert(if alone { 0 } else { tried.len() }, "a".to_owned());
    let Some(link) = tried.into_iter().find(|css| all(css)) else { return (None, None) };
    let title = rows.iter().any(|row| row.headline.by_attribute).then(|| format!("{link}@title"));
    (Some(link), title)
}

/// A date selector, when one short element of each row holds the date.
fn date(reader: &Reader<'_>, rows: &[Row<'_>]) -> Option<String> {
    let rows = rows.get(..SAMPLE).unwrap_or(rows);
    let wanted = reader.row_dates(rows);
    if wanted.iter().any(Option::is_none) {
        return None;
    }
    let first = rows.first()?;
    let small = |node: &Node<'_>| {
        let text = node.measure().text;
        text > 0 && text <= 40 && !node.holds(first.headline.link.node)
    };
    let mut places: Vec<Node<'_>> = first.node.descendants().filter(small).collect();
    places.sort_by_key(|node| node.children().count());
    let mut tried: Vec<String> = Vec::new();
    for node in places {
        if node.attr("datetime").is_some_and(|machine| reader.date(machine).is_some()) {
            tried.extend(names(node).iter().map(|name| format!("{name}@datetime")));
        }
        tried.extend(names(node).into_iter().rev());
    }
    tried.truncate(TRIED);
    tried.into_iter().find(|css| {
        Picker::parse(css).is_ok_and(|picker| {
            rows.iter().zip(&wanted).all(|(row, wanted)| {
                let written = row.node.select_first(&picker).and_then(|node| picker.take(node));
                written.and_then(|written| reader.date(&written)) == *wanted
            })
        })
    })
}
