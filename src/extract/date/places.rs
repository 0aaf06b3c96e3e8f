//! Where machines read a date: meta elements, JSON-LD, `time` and marked elements, data in scripts.

use crate::page::{Node, Page};

use super::super::labels::{MODIFIED, PUBLISHED};
use super::super::meta::{self, JsonLd};
use super::finder::{BESIDE, Finder, LABELLED, LIST, MACHINE, VAGUE};

/// Marked elements looked at.
const MARKED: usize = 40;
/// Attributes that hold a date in a form for machines.
const ATTRIBUTES: [&str; 8] = [
    "datetime",
    "content",
    "title",
    "data-date",
    "data-time",
    "data-datetime",
    "data-timestamp",
    "data-published",
];
/// What a meta element of publication is called, letters alone, whatever stands before.
const NAMES: [&str; 17] = [
    "published",
    "publishdate",
    "publisheddate",
    "publishedat",
    "publishedon",
    "publishedtime",
    "publishtime",
    "pubdate",
    "pubtime",
    "publicationdate",
    "datepublished",
    "dateissued",
    "articledate",
    "postdate",
    "uploaded",
    "releasedate",
    "createdate",
];
/// Keys of data in scripts, in quotes.
const KEYS: [&str; 13] = [
    "datePublished",
    "published_at",
    "publishedAt",
    "published_time",
    "publishDate",
    "publish_date",
    "publishedDate",
    "publicationDate",
    "firstPublished",
    "publishTime",
    "publish_time",
    "pubDate",
    "releaseTime",
];
/// A longer script is a program.
const MOST_SCRIPT: usize = 2_000_000;

impl Finder<'_> {
    /// Meta elements and JSON-LD.
    pub(super) fn head(&mut self, page: &Page, ld: &JsonLd) {
        let metas: Vec<(&str, &str)> = page.metas().collect();
        let first = |name: &str| metas.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        for name in PUBLISHED {
            if let Some((_, text)) = first(name) {
                let rank = if name == "date" || name == "DC.date" { BESIDE } else { MACHINE };
                self.machine(&format!("meta[{name}]"), text, rank);
            }
        }
        for (key, text) in &metas {
            let letters: String =
                key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            let is_known = PUBLISHED.iter().any(|name| name.eq_ignore_ascii_case(key));
            if !is_known && NAMES.iter().any(|name| letters.ends_with(name)) {
                self.machine(&format!("meta[{key}]"), text, LABELLED);
            }
        }
        for name in ["maketime", "generatetime", "generated"] {
            if let Some((_, text)) = first(name) {
                self.refuse(&format!("meta[{name}]"), text, "page generation time");
            }
        }
        if let Some(text) = &ld.published {
            self.machine("json-ld", text, MACHINE);
        }
        if let Some(text) = &ld.page_published {
            self.machine("json-ld of the page", text, LABELLED);
        }
        for name in MODIFIED {
            if let Some((_, text)) = first(name) {
                self.change(&format!("meta[{name}]"), text, MACHINE);
                break;
            }
        }
        if let Some(text) = &ld.modified {
            self.change("json-ld", text, MACHINE);
        }
    }

    /// `time` elements and others that are marked as dates, those after the headline first.
    pub(super) fn elements(&mut self, page: &Page, headline: Option<Node<'_>>) {
        let after = headline.map_or(0, Node::order);
        let mut is_first = headline.is_some();
        for (node, names) in page.body().descendants().filter_map(marked).take(MARKED) {
            let from =
                if node.name() == "time" { "time".to_owned() } else { format!("{}[{names}]", node.name()) };
            let raw = machine_text(node).map_or_else(|| node.text(), str::to_owned);
            if names.contains("modif") || names.contains("updat") {
                self.change(&from, &raw, LABELLED);
                continue;
            }
            let is_beside = node.ancestors().any(|block| matches!(block.name(), "aside" | "footer" | "nav"));
            let is_marked = names.contains("publish") || node.attr("pubdate").is_some();
            if is_beside && !is_marked {
                self.refuse(&from, &raw, "beside the article");
                continue;
            }
            let is_next = is_first && node.order() > after;
            is_first &= !is_next;
            let is_time = node.name() == "time" || names.contains("datepublished");
            let rank = match is_marked || is_next {
                true if is_time => LABELLED,
                true => BESIDE,
                false => VAGUE,
            };
            self.machine(&from, &raw, rank);
        }
    }

    /// Data that a script unfolds into the page; only where the page shows no date of its own.
    pub(super) fn scripts(&mut self, page: &Page) {
        let scripts =
            page.root().descendants().filter(|node| node.name() == "script" && node.attr("src").is_none());
        for script in scripts.map(Node::raw_text).filter(|script| script.len() < MOST_SCRIPT) {
            for key in KEYS {
                if let Some(value) = meta::quoted(&script, key) {
                    self.machine(&format!("script, key `{key}`"), value, LIST);
                }
            }
            if !self.seen.is_empty() {
                return;
            }
        }
    }
}

/// An element marked as a date, and what its marks say.
fn marked(node: Node<'_>) -> Option<(Node<'_>, String)> {
    if node.name() != "time" && !node.has_meaning() && !(node.has_number() && node.is_named()) {
        return None;
    }
    let property = node.attr("itemprop").unwrap_or_default();
    // when it was created in the office is not when it appeared
    let is_time = node.name() == "time" && !property.eq_ignore_ascii_case("datecreated");
    let is_property =
        property.eq_ignore_ascii_case("datepublished") || property.eq_ignore_ascii_case("datemodified");
    if !is_time && !is_property {
        // others count by an attribute alone: what they show is a line
        let text = machine_text(node)?;
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if !(6..=20).contains(&digits)
            || text.len() > 40
            || matches!(node.name(), "meta" | "a" | "img" | "input")
        {
            return None;
        }
        let says = |class: &str| {
            let class = class.to_ascii_lowercase();
            class.split(['-', '_']).any(|part| {
                matches!(
                    part,
                    "date"
                        | "time"
                        | "published"
                        | "updated"
                        | "posted"
                        | "timestamp"
                        | "dateline"
                        | "pubdate"
                        | "datetime"
                )
            })
        };
        if !node.classes().chain(node.id()).any(says) {
            return None;
        }
    }
    let names = format!("{} {property}", node.attr("class").unwrap_or_default()).trim().to_ascii_lowercase();
    Some((node, names))
}

fn machine_text(node: Node<'_>) -> Option<&str> {
    ATTRIBUTES.iter().find_map(|name| node.attr(name)).map(str::trim).filter(|text| !text.is_empty())
}
