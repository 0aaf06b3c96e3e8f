//! The headline: where the page's own heading, its title element and its meta elements agree.

use std::collections::HashMap;

use crate::model::{Candidate, FieldEvidence, Refused};
use crate::page::text::{fold, width};
use crate::page::{Node, Page};

use super::blocks;
use super::meta::{self, JsonLd};
use super::trim::squeeze;
use super::words;

/// A shorter text is agreed with by chance.
const LEAST: usize = 6;
/// A longer heading is a paragraph.
const MOST: usize = 400;
/// Between a headline and the site's name in a title element. Dashes without blanks are words' own.
const SEPARATORS: [&str; 16] =
    ["_", "|", "｜", " - ", " – ", " — ", "--", " :: ", " · ", " » ", " « ", " / ", "-", "–", "—", " • "];

/// The headline and where it stands.
#[derive(Debug)]
pub(super) struct Title<'a> {
    pub(super) text: Option<String>,
    pub(super) node: Option<Node<'a>>,
    pub(super) evidence: FieldEvidence,
}

/// Reads the headline.
pub(super) fn read<'a>(page: &'a Page, ld: &JsonLd, candidate: Option<&Candidate>) -> Title<'a> {
    let said = Said::of(page, ld, candidate);
    let mut headings: Vec<(i64, Node<'a>, String)> = Vec::new();
    let mut beside: HashMap<Node<'a>, bool> = HashMap::new();
    for (place, node) in page.body().descendants().filter(|node| is_heading(*node)).take(60).enumerate() {
        let text = heading_text(node);
        let wide = width(&text);
        if text.is_empty() || wide > MOST || node.is_hidden() || is_inside_beside(node, &mut beside) {
            continue;
        }
        let place = i64::try_from(place).unwrap_or(0);
        headings.push((said.agreement(&text) + rank(node) - place.min(20), node, text));
    }
    headings.sort_by_key(|(score, node, _)| (-score, node.order()));
    let best = headings.into_iter().find(|(score, _, text)| *score > 0 && !said.is_site(text));
    let refused =
        |raw: &str, why: &str| Refused { from: "title".to_owned(), raw: raw.to_owned(), why: why.to_owned() };
    if let Some((score, node, text)) = best
        && (score >= AGREED || matches!(node.name(), "h1" | "h2"))
    {
        let full = said.completed(&text);
        let mut evidence = FieldEvidence { from: describe(node), raw: text, refused: Vec::new() };
        evidence.refused.extend(
            said.page_title
                .iter()
                .filter(|title| **title != full)
                .map(|title| refused(title, "holds the site's name")),
        );
        return Title { text: Some(full), node: Some(node), evidence };
    }
    let (from, text) = said.without_heading();
    Title {
        evidence: FieldEvidence { from, raw: text.clone().unwrap_or_default(), refused: Vec::new() },
        text,
        node: None,
    }
}

/// What agreement with the title element is worth: more than any rank of a heading.
const AGREED: i64 = 60;

/// What the page and the list say of the headline elsewhere.
struct Said {
    page_title: Option<String>,
    /// Headlines for machines, with where they stand.
    meta: Vec<(String, String)>,
    list: Option<String>,
    site: Vec<String>,
}

impl Said {
    fn of(page: &Page, ld: &JsonLd, candidate: Option<&Candidate>) -> Self {
        let site = meta::first(page, &["og:site_name", "SiteName", "application-name"])
            .map(|(_, name)| squeeze(&name));
        let mut named = Vec::new();
        if let Some((from, text)) = meta::first(page, &["ArticleTitle"]) {
            named.push((format!("meta[{from}]"), text));
        }
        named.extend(ld.headline.iter().map(|text| ("json-ld".to_owned(), text.clone())));
        if let Some((from, text)) = meta::first(page, &["og:title", "twitter:title", "headline", "DC.title"])
        {
            named.push((format!("meta[{from}]"), text));
        }
        let mut said = Self {
            page_title: page.title(),
            meta: named,
            list: candidate.map(|candidate| fold(&candidate.title)).filter(|title| !title.is_empty()),
            site: site.into_iter().collect(),
        };
        said.site.extend(said.home_name(page));
        said
    }

    /// The site's name as the link to its front page calls it, when the title element names it too.
    fn home_name(&self, page: &Page) -> Option<String> {
        let title = squeeze(self.page_title.as_deref()?);
        let links = page.body().descendants().filter(|node| node.name() == "a").take(40);
        let may_be_home =
            |href: &&str| href.len() <= 3 || href.contains("//") && href.matches('/').count() <= 3;
        links
            .filter(|node| {
                node.attr("href")
                    .filter(may_be_home)
                    .and_then(|href| page.join(href))
                    .is_some_and(|url| url.path_and_query() == "/")
            })
            .map(|node| squeeze(&node.text()))
            .find(|name| width(name) >= LEAST && title.contains(name.as_str()) && title != *name)
    }

    fn is_site(&self, text: &str) -> bool {
        self.site.contains(&squeeze(text))
    }

    /// How well a heading agrees with what is said elsewhere.
    fn agreement(&self, heading: &str) -> i64 {
        let heading = squeeze(heading);
        if width(&heading) < LEAST {
            return if self
                .page_title
                .as_deref()
                .is_some_and(|title| parts(title).iter().any(|part| squeeze(part) == heading))
            {
                AGREED
            } else {
                -20
            };
        }
        // a few words of a headline, in bold, are no headline
        let holds = |whole: &str| {
            let text = squeeze(whole);
            let is_most = width(&heading) * 5 >= width(&text) * 2;
            let is_part = || parts(whole).iter().any(|part| squeeze(part) == heading);
            text.contains(&heading) && (is_most || is_part())
                || (width(&text) >= LEAST && heading.contains(&text))
        };
        let weight = |agrees: bool, worth: i64| if agrees { worth } else { 0 };
        weight(self.page_title.as_deref().is_some_and(holds), AGREED)
            + weight(self.meta.iter().any(|(_, text)| holds(text)), AGREED)
            + weight(self.list.as_deref().is_some_and(|list| begins_alike(list, &heading)), AGREED)
            // one title element for all pages of a column agrees with the column's heading; the list knows better
            + weight(self.list.as_deref().is_some_and(|list| squeeze(list) == heading), AGREED / 2)
    }

    /// A heading that is cut, completed from where the whole one stands.
    fn completed(&self, heading: &str) -> String {
        let Some(head) = cut_head(heading) else { return heading.to_owned() };
        let whole = self.meta.iter().map(|(_, text)| text).chain(self.list.iter());
        whole
            .filter(|text| cut_head(text).is_none() && squeeze(text).starts_with(&squeeze(head)))
            .min_by_key(|text| text.len())
            .map_or_else(|| heading.to_owned(), |text| self.without_site(text))
    }

    /// The headline of a page whose body shows none.
    fn without_heading(&self) -> (String, Option<String>) {
        let whole_list = self.list.as_deref().filter(|list| cut_head(list).is_none());
        if let Some((from, text)) = self.meta.first() {
            return (from.clone(), Some(self.without_site(text)));
        }
        if let Some(list) = whole_list {
            return ("list".to_owned(), Some(list.to_owned()));
        }
        match &self.page_title {
            Some(title) => ("title".to_owned(), Some(self.without_site(title))),
            None => (String::new(), self.list.clone()),
        }
    }

    /// A title without the site's name at either end.
    fn without_site(&self, title: &str) -> String {
        let parts = parts(title);
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return title.to_owned() };
        if parts.len() < 2 {
            return title.to_owned();
        }
        if self.is_site(first) {
            return last.clone();
        }
        // the site's name follows more often than it leads; of two parts the longer one is the headline
        let is_tail = self.is_site(last) || width(first) >= width(last);
        let is_short = |part: &String| width(part) < 4;
        if is_tail && !is_short(first) {
            first.clone()
        } else {
            parts.iter().max_by_key(|part| width(part)).cloned().unwrap_or_default()
        }
    }
}

/// The parts of a title element; the first separator that divides it counts.
fn parts(title: &str) -> Vec<String> {
    for separator in SEPARATORS {
        // a bare dash divides only between Chinese words: elsewhere it joins them
        let is_bare_dash = matches!(separator, "-" | "–" | "—");
        if title.contains(separator) && (!is_bare_dash || title.chars().any(crate::page::text::is_cjk)) {
            return title.split(separator).map(fold).filter(|part| !part.is_empty()).collect();
        }
    }
    vec![fold(title)]
}

/// The beginning of a text that was cut with an ellipsis.
fn cut_head(text: &str) -> Option<&str> {
    let head = text.trim_end().trim_end_matches(['…', '.', '⋯']);
    let cut = text.trim_end().len() - head.len();
    (cut >= 3).then_some(head.trim_end())
}

fn begins_alike(list: &str, heading: &str) -> bool {
    let list = squeeze(cut_head(list).unwrap_or(list));
    !list.is_empty()
        && (heading.starts_with(&list) || (list.starts_with(heading) && width(heading) * 2 >= width(&list)))
}

/// A heading's text; PHPCMS keeps the line of data inside, behind a line break.
fn heading_text(node: Node<'_>) -> String {
    let lines = node.lines();
    if lines.len() < 2 {
        return lines.into_iter().next().unwrap_or_default();
    }
    let texts: Vec<&String> = lines.iter().filter(|line| words::edge(line, width(line)).is_none()).collect();
    match texts.as_slice() {
        [] => fold(&node.text()),
        some => fold(&some.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(" ")),
    }
}

fn is_heading(node: Node<'_>) -> bool {
    rank(node) > 0
}

/// How much an element is a heading by itself.
fn rank(node: Node<'_>) -> i64 {
    match node.name() {
        "h1" => 40,
        "h2" => 25,
        "h3" => 12,
        "font"
            if node
                .attr("size")
                .is_some_and(|size| matches!(size.trim(), "4" | "5" | "6" | "7" | "+1" | "+2" | "+3")) =>
        {
            8
        }
        "h4" => 6,
        "h5" | "h6" => 3,
        "strong" | "b" => 2,
        "div" | "td" | "p" | "span" | "dt" if blocks::is_headline(node) && node.measure().links == 0 => 10,
        _ => 0,
    }
}

/// Whether a block around a heading stands beside the article; headings share most of theirs.
fn is_inside_beside<'a>(node: Node<'a>, known: &mut HashMap<Node<'a>, bool>) -> bool {
    let mut passed = Vec::new();
    let mut found = false;
    for block in node.ancestors() {
        // what is known of a block holds for all around it too
        if let Some(known) = known.get(&block) {
            found = *known;
            break;
        }
        passed.push(block);
        if is_beside(block) {
            found = true;
            break;
        }
    }
    known.extend(passed.into_iter().map(|block| (block, found)));
    found
}

fn is_beside(node: Node<'_>) -> bool {
    matches!(node.name(), "nav" | "aside" | "footer") || blocks::is_chrome(node)
}

/// An element as a selector a person recognises.
pub(super) fn describe(node: Node<'_>) -> String {
    if let Some(id) = node.id().filter(|id| !id.is_empty()) {
        return format!("{}#{id}", node.name());
    }
    node.classes().next().map_or_else(|| node.name().to_owned(), |class| format!("{}.{class}", node.name()))
}
