//! Head and tail of a body: lines that are about the article, not of it. Whole lines go, never words.

use super::pieces::Line;
use super::words::{self, Edge};

/// So many lines from either end may be data or tools.
const EDGE_LINES: usize = 12;
/// A wider line is no label.
const LABEL_WIDTH: usize = 40;
/// The headline stands among the first lines of a block or not at all.
const HEADLINE_LINES: usize = 30;

/// Which lines belong to the article.
pub(super) fn keep(lines: &[Line<'_>], title: Option<&str>) -> Vec<bool> {
    let squeezed_title = title.map(squeeze).filter(|title| !title.is_empty());
    let is_title = |line: &Line<'_>| squeezed_title.as_deref() == Some(squeeze(&line.text).as_str());
    let mut keep = vec![true; lines.len()];
    let start = headline(lines, is_title);
    let mut cut_from = lines.len();
    let (links_from, late_from) = (links_from(lines), late_from(lines));
    let reads = lines.iter().filter(|line| !line.is_links() && words::ends_sentence(&line.text)).count() >= 5;
    for (number, line) in lines.iter().enumerate() {
        let is_early = number < start + EDGE_LINES;
        let from_end = lines.len() - number;
        let goes = match line.edge() {
            Some(Edge::Related) => {
                // a list of other articles ends the body when nothing but links and edges follows
                if number >= links_from {
                    cut_from = cut_from.min(number);
                }
                true
            }
            Some(Edge::Tool | Edge::Note) => true,
            Some(Edge::Close) => {
                if number >= late_from {
                    cut_from = cut_from.min(number);
                }
                true
            }
            Some(Edge::Data) => {
                is_early && (words::is_dated(&line.text) || only_labels_before(lines, &keep, number))
                    || from_end <= EDGE_LINES && only_edges_after(lines, number)
            }
            None if is_pointer(line) && reads || line.is_links() && words::is_related(&line.text) => true,
            None => {
                is_early
                    && (is_title(line)
                        || line.images == 0 && (words::is_scrap(&line.text) || words::is_dated(&line.text)))
                    && only_edges_before(lines, &keep, number)
            }
        };
        if let Some(kept) = keep.get_mut(number) {
            *kept = !goes && number < cut_from && number >= start;
        }
    }
    drop_labels_before_data(lines, &mut keep);
    drop_link_tail(lines, &mut keep);
    drop_scraps(lines, &mut keep);
    keep
}

/// Whether a line is one link and nothing else, as papers put between paragraphs to lead to another article.
fn is_pointer(line: &Line<'_>) -> bool {
    let is_part = matches!(line.block.name(), "p" | "div" | "section" | "aside");
    is_part
        && line.images == 0
        && line.linked * 20 >= line.width() * 17
        && !line.has_document
        && !words::names_document(&line.text)
}

/// Where the article begins: behind its headline, when the block holds that near its beginning and no
/// sentence stands before it.
fn headline(lines: &[Line<'_>], is_title: impl Fn(&Line<'_>) -> bool) -> usize {
    let place = lines.iter().take(HEADLINE_LINES).rposition(is_title);
    let text = |line: &&Line<'_>| words::ends_sentence(&line.text) && line.width() > 60 && !line.is_links();
    place.filter(|place| !lines.iter().take(*place).any(|line| text(&line))).map_or(0, |place| place + 1)
}

/// From which line on most of the text stands before: only then a line can end the article.
fn late_from(lines: &[Line<'_>]) -> usize {
    let is_text =
        |line: &Line<'_>| !line.is_links() && words::ends_sentence(&line.text) && line.edge().is_none();
    let widths: Vec<usize> = lines.iter().map(|line| if is_text(line) { line.width() } else { 0 }).collect();
    let (mut before, mut after) = (0, widths.iter().sum::<usize>());
    for (number, width) in widths.iter().enumerate() {
        if before >= after {
            return number;
        }
        before += width;
        after -= width;
    }
    lines.len()
}

/// Digits and marks alone at the very end: a pager, a counter.
fn drop_scraps(lines: &[Line<'_>], keep: &mut [bool]) {
    for (line, kept) in lines.iter().zip(keep).rev() {
        if !*kept || line.text.is_empty() && line.images == 0 {
            continue;
        }
        if !words::is_scrap(&line.text) || line.images > 0 {
            return;
        }
        *kept = false;
    }
}

fn only_edges_before(lines: &[Line<'_>], keep: &[bool], number: usize) -> bool {
    lines.iter().zip(keep).take(number).all(|(line, kept)| !kept || line.text.is_empty())
}

/// Before this line nothing is kept but short lines that end like no sentence: names, kickers, places.
fn only_labels_before(lines: &[Line<'_>], keep: &[bool], number: usize) -> bool {
    let is_label = |line: &Line<'_>| {
        line.text.is_empty() || line.width() <= LABEL_WIDTH && !words::ends_sentence(&line.text)
    };
    lines.iter().zip(keep).take(number).all(|(line, kept)| !kept || is_label(line))
}

/// Short lines over data about the article are data too.
fn drop_labels_before_data(lines: &[Line<'_>], keep: &mut [bool]) {
    let is_data = |line: &Line<'_>| line.edge() == Some(Edge::Data);
    let early = lines.iter().take(EDGE_LINES);
    let Some(last) = early
        .enumerate()
        .rev()
        .find(|(number, line)| is_data(line) && only_labels_before(lines, keep, *number))
    else {
        return;
    };
    for (line, kept) in lines.iter().zip(keep).take(last.0) {
        *kept &= line.images > 0;
    }
}

fn only_edges_after(lines: &[Line<'_>], number: usize) -> bool {
    lines.iter().skip(number + 1).all(|line| {
        line.edge().is_some()
            || line.is_links()
            || line.text.is_empty()
            || words::is_scrap(&line.text) && line.images == 0
    })
}

/// From which line on nothing but links, data and tools follows.
fn links_from(lines: &[Line<'_>]) -> usize {
    let is_text = |line: &Line<'_>| {
        !line.text.is_empty() && !line.is_links() && words::ends_sentence(&line.text) && line.edge().is_none()
    };
    lines.iter().rposition(is_text).unwrap_or(0)
}

/// Two or more lines of links at the very end are a list of other pages; documents are not.
fn drop_link_tail(lines: &[Line<'_>], keep: &mut [bool]) {
    let is_list = |line: &Line<'_>| line.is_links() && line.images == 0 && !words::names_document(&line.text);
    let tail: Vec<usize> = lines
        .iter()
        .enumerate()
        .rev()
        .filter(|(number, _)| keep.get(*number).copied().unwrap_or(false))
        .take_while(|(_, line)| is_list(line))
        .map(|(number, _)| number)
        .collect();
    let kept = keep.iter().filter(|kept| **kept).count();
    if tail.len() >= 2 && tail.len() < kept {
        for number in tail {
            if let Some(kept) = keep.get_mut(number) {
                *kept = false;
            }
        }
    }
}

/// Without white space, for comparing.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
