//! One row of a list to a candidate: its headline link, title, date and teaser.

use super::known::Known;
use super::links::{self, Link};
use super::{days, onward, words};
use crate::date;
use crate::model::{Candidate, Stamp, Traits};
use crate::page::{Node, Page, text};

/// A line wider than this holds sentences, not a date beside a headline.
const MAX_DATE_LINE: usize = 60;
/// An element that holds more elements is no row and stands beside none.
const MAX_ROW: usize = 2000;
/// A link with so much text (in half widths) is no headline.
const MAX_HEADLINE: usize = 1000;
/// An element of its own that holds a date is no wider.
const MAX_DATE_PART: usize = 24;
/// A line at least so wide can be a teaser.
const MIN_TEASER: usize = 30;
/// Teasers are cut at so many characters.
const MAX_TEASER: usize = 500;

/// What reading rows needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) page: &'a Page,
    pub(super) dates: date::Context<'a>,
    pub(super) learnt: Option<&'a Traits>,
    /// What the list had at the last visit.
    pub(super) known: &'a Known,
    /// Whether it is an older page of the list that was learnt.
    pub(super) is_older: bool,
}

/// The headline of a row: the link, the element its title stands in, the title.
#[derive(Debug, Clone)]
pub(super) struct Headline<'a> {
    pub(super) link: Link<'a>,
    pub(super) place: Node<'a>,
    pub(super) title: String,
    /// True when the title was taken from `title=`.
    pub(super) by_attribute: bool,
}

/// One row: an element of the repeated kind, and its headline.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub(super) node: Node<'a>,
    pub(super) headline: Headline<'a>,
}

impl<'a> Reader<'a> {
    /// The date of each row: inside it, or where rows have none, in what stands between them.
    pub(super) fn row_dates(&self, rows: &[Row<'a>]) -> Vec<Option<Stamp>> {
        let inside: Vec<_> =
            rows.iter().map(|row| self.date_in(row.node, Some(row.headline.place))).collect();
        let count = |dates: &[Option<Stamp>]| dates.iter().flatten().count();
        if count(&inside) * 2 >= rows.len() {
            return inside;
        }
        let mut orders: Vec<usize> = rows.iter().map(|row| row.node.order()).collect();
        orders.sort_unstable();
        let is_row = |node: Node<'a>| {
            let span = node.span();
            let first = orders.partition_point(|order| order < span.start());
            orders.get(first).is_some_and(|order| order <= span.end())
        };
        let beside = |row: &Row<'a>, step: fn(Node<'a>) -> Option<Node<'a>>| {
            std::iter::successors(step(row.node), |node| step(*node))
                .take(4)
                .take_while(|node| !is_row(*node))
                .find_map(|node| self.date_in(node, None))
        };
        let before: Vec<_> = rows.iter().map(|row| beside(row, Node::previous)).collect();
        let after: Vec<_> = rows.iter().map(|row| beside(row, Node::next)).collect();
        let outside = if count(&after) > count(&before) { after } else { before };
        let told = if count(&outside) <= count(&inside) {
            inside
        } else {
            inside.into_iter().zip(outside).map(|(inner, outer)| inner.or(outer)).collect()
        };
        if count(&told) * 2 >= rows.len() {
            return told;
        }
        // the day that they stand under
        let headed = rows.iter().map(|row| days::above(&self.dates, row.node));
        told.into_iter().zip(headed).map(|(own, day)| own.or(day)).collect()
    }

    /// The date a row shows: a `datetime` attribute, else the shortest line that holds one.
    pub(super) fn date_in(&self, scope: Node<'a>, headline: Option<Node<'a>>) -> Option<Stamp> {
        if scope.size() > MAX_ROW {
            return None;
        }
        let machine = std::iter::once(scope)
            .chain(scope.descendants())
            .filter_map(|node| node.attr("datetime"))
            .find_map(|written| self.date(written));
        if machine.is_some() {
            return machine;
        }
        let mut lines = scope.lines_without(|node| Some(node) == headline);
        lines.retain(|line| text::width(line) <= MAX_DATE_LINE && line.chars().any(is_dated));
        lines.sort_by_key(|line| text::width(line));
        // `3 comments 11-13`: a form too short to be believed in company may stand in an element of its own.
        lines.iter().find_map(|line| self.date(line)).or_else(|| {
            let alone = |node: &Node<'a>| node.children().next().is_none() && Some(*node) != headline;
            let parts = scope.descendants().filter(alone).map(Node::text);
            parts
                .filter(|part| text::width(part) <= MAX_DATE_PART && part.chars().any(is_dated))
                .find_map(|part| self.date(&part))
        })
    }

    /// The first date of a text, unless the text is a trap.
    pub(super) fn date(&self, written: &str) -> Option<Stamp> {
        if date::trap(written, self.dates.rules).is_some() {
            return None;
        }
        date::read(written, &self.dates)
    }
}

/// The candidates of rows whose dates are known.
pub(super) fn candidates(rows: &[Row<'_>], dates: &[Option<Stamp>]) -> Vec<Candidate> {
    let candidate = |(at, row): (usize, &Row<'_>)| Candidate {
        url: row.headline.link.url.clone(),
        title: row.headline.title.clone(),
        published: dates.get(at).copied().flatten(),
        summary: teaser(row),
        given: None,
    };
    rows.iter().enumerate().map(candidate).collect()
}

/// The headline among the links of a row; None where no link has words of its own.
pub(super) fn headline(row: Node<'_>) -> Option<Headline<'_>> {
    let mut best: Option<(usize, Headline<'_>)> = None;
    if row.size() > MAX_ROW {
        return None;
    }
    for link in links::inside(row) {
        let Some(headline) = headline_of(link) else { continue };
        let score = rank(&headline, row);
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, headline));
        }
    }
    best.map(|(_, headline)| headline)
}

/// The teaser of a row: its widest line of running words, links aside.
fn teaser(row: &Row<'_>) -> Option<String> {
    let place = row.headline.place;
    let lines = row.node.lines_without(|node| {
        node == place || node.name() == "time" || (node.name() == "a" && !node.holds(place))
    });
    let line = lines.into_iter().max_by_key(|line| text::width(line))?;
    let title = row.headline.title.trim_end_matches(['.', '…']);
    if text::width(&line) < MIN_TEASER || text::punctuation(&line) == 0 || line.starts_with(title) {
        return None;
    }
    Some(line.chars().take(MAX_TEASER).collect())
}

/// Whether a character can be part of a written date.
fn is_dated(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, '０'..='９' | '刚' | '剛' | '前' | '今' | '昨' | '半' | '元' | '一'..='七' | '〇')
        || c == '日'
}

/// A link with its title; None where it has no words or only says that there is more.
pub(super) fn headline_of(link: Link<'_>) -> Option<Headline<'_>> {
    let node = link.node;
    if node.size() > MAX_ROW {
        return None;
    }
    let place = title_place(node);
    if place.measure().text > MAX_HEADLINE {
        return None;
    }
    let shown = title_text(place);
    let (title, by_attribute) = whole(&shown, node);
    let title = if title.is_empty() {
        node.descendants().find_map(|n| n.attr("alt")).map(text::fold).unwrap_or_default()
    } else {
        title
    };
    if words::is_more(&title) || onward::is_next(&title) || text::width(&title) < 2 {
        return None;
    }
    Some(Headline { link, place, title, by_attribute })
}

/// Where inside a link the title stands: a heading, or an element that calls itself title.
fn title_place(link: Node<'_>) -> Node<'_> {
    let heading = link.descendants().find(|n| matches!(n.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
    let named = || {
        link.descendants().find(|n| {
            let is_title = |c: &str| {
                let c = c.to_ascii_lowercase();
                c.split(['-', '_']).any(|t| matches!(t, "title" | "tit" | "tt" | "headline" | "bt"))
            };
            n.classes().any(is_title) && n.measure().text > 0
        })
    };
    heading.filter(|n| n.measure().text > 0).or_else(named).unwrap_or(link)
}

/// The text of a title, without bullets and without parts that are nothing but numbers of a date.
fn title_text(place: Node<'_>) -> String {
    let numbers = |node: Node<'_>| {
        let inner = node.text();
        let part = |c: char| !c.is_alphabetic() || matches!(c, '年' | '月' | '日' | '时' | '分' | 'T' | 'Z');
        inner.bytes().filter(u8::is_ascii_digit).count() >= 3
            && inner.contains(['-', '/', '.', ':', '月'])
            && inner.chars().all(part)
    };
    let dated = place.descendants().any(numbers);
    let shown = if dated { place.lines_without(numbers).join(" ") } else { place.text() };
    shown
        .trim_start_matches(['·', '•', '▪', '■', '◆', '●', '>', '»', '-', ' ', '・', '☆', '★'])
        .trim()
        .to_owned()
}

/// The full title: `title=` of the link (or of an element around its words) where the text shown is its beginning.
fn whole(shown: &str, link: Node<'_>) -> (String, bool) {
    let stem = shown.trim_end_matches(['.', '…', '⋯', ' ']);
    let attribute =
        std::iter::once(link).chain(link.descendants()).find_map(|node| node.attr("title")).map(text::fold);
    match attribute {
        Some(full) if stem.is_empty() || (full.starts_with(stem) && full.len() >= stem.len()) => {
            let longer = full != shown;
            (full, longer)
        }
        _ => (shown.to_owned(), false),
    }
}

/// How likely a link is the headline of its row.
fn rank(headline: &Headline<'_>, row: Node<'_>) -> usize {
    let node = headline.link.node;
    let mut score = text::width(&headline.title).min(80);
    let in_heading = std::iter::once(headline.place)
        .chain(node.ancestors().take_while(|a| row.holds(*a)))
        .any(|n| matches!(n.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"));
    if in_heading {
        score += 60;
    }
    if links::is_article(&headline.link.url) {
        score += 40;
    }
    let bracketed =
        headline.title.starts_with(['[', '【', '［']) && headline.title.ends_with([']', '】', '］']);
    if bracketed { score / 4 } else { score }
}
