//! What is left of the list that was there at the last visit, when none is found, or another one.

use crate::model::{Traits, mark};
use crate::page::text::{self, width};
use crate::page::{Node, Page, Picker};

use super::links::Link;

/// What is left of the place where the list was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Remains {
    /// It was not looked for, or it has no name that could be looked for.
    #[default]
    Unknown,
    /// The place is there and holds no headlines: the list is empty.
    Stands,
    /// The place is gone: the page has changed.
    Missing,
}

/// A place with more headlines than this is not empty.
const FEW: usize = 1;
/// A link so wide (in half widths) is a headline; of a text in Chinese characters half of it.
const HEADLINE: usize = 14;
/// Of a page whose list has no name: so many of its links, in tenths, were there before, then the frame is the same.
const SAME_TENTHS: usize = 6;
/// Fewer links make no frame.
const FRAME: usize = 5;

/// By the name of the place that visits learnt: `ul.news > li`.
pub(super) fn of_place(page: &Page, traits: &Traits, links: &[Link<'_>]) -> Remains {
    let container = traits.place.as_deref().and_then(|place| place.split_once(" > ")).map(|(name, _)| name);
    match container.filter(|name| name.contains(['.', '#'])) {
        Some(name) => of_container(page, name),
        None => of_frame(traits, links),
    }
}

/// By a selector of rows: what stands before its last part.
pub(super) fn of_selector(page: &Page, selector: &str) -> Remains {
    let selector = selector.rsplit_once('@').map_or(selector, |(css, _)| css).trim();
    let cut = selector.rfind([' ', '>']).and_then(|at| selector.get(..at));
    let container = cut.map(|text| text.trim_end_matches([' ', '>'])).filter(|text| !text.is_empty());
    container.map_or(Remains::Unknown, |container| of_container(page, container))
}

fn of_container(page: &Page, css: &str) -> Remains {
    let Ok(picker) = Picker::parse(css) else { return Remains::Unknown };
    let found = page.select(&picker);
    if found.is_empty() {
        return Remains::Missing;
    }
    let headlines: usize = found.iter().map(|node| headlines(*node)).sum();
    if headlines <= FEW { Remains::Stands } else { Remains::Unknown }
}

fn headlines(node: Node<'_>) -> usize {
    let is_headline = |text: &str| {
        let least = if text.chars().any(text::is_cjk) { HEADLINE / 2 } else { HEADLINE };
        width(text) >= least
    };
    let links = node.descendants().filter(|node| node.name() == "a" && node.attr("href").is_some());
    links.filter(|link| is_headline(&link.text())).count()
}

fn of_frame(traits: &Traits, links: &[Link<'_>]) -> Remains {
    let known = links.iter().filter(|link| traits.knew(mark(link.key.as_str())) == Some(true)).count();
    if links.len() >= FRAME && known * 10 >= links.len() * SAME_TENTHS {
        Remains::Stands
    } else {
        Remains::Unknown
    }
}
