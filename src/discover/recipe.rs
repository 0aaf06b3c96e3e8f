//! Rows by the recipe's selectors; what a selector does not give is detected inside the row.

use super::links::{self, Link};
use super::row::{self, Headline, Reader, Row, headline_of};
use crate::model::{Class, ListRules, Note, PageUrl, Stamp};
use crate::page::{Node, Page, Picker};

/// The selectors of a list, compiled; what was wrong with them or found nothing is told.
#[derive(Debug, Default)]
pub(super) struct Pickers {
    item: Option<Picker>,
    link: Option<Picker>,
    title: Option<Picker>,
    date: Option<Picker>,
    pub(super) next: Option<Picker>,
}

/// What a selector that found nothing is reported as.
pub(super) fn missed(page: &Page, key: &str, selector: &str) -> Note {
    let detail = format!("list.{key} `{selector}` finds nothing");
    Note { class: Class::Selector, detail, url: Some(page.url().clone()) }
}

impl Pickers {
    pub(super) fn of(rules: &ListRules, page: &Page, notes: &mut Vec<Note>) -> Self {
        let mut compile = |key: &str, written: &Option<String>| {
            let written = written.as_deref()?;
            Picker::parse(written)
                .map_err(|error| {
                    let detail = format!("list.{key}: {error}");
                    notes.push(Note { class: Class::Selector, detail, url: Some(page.url().clone()) });
                })
                .ok()
        };
        Self {
            item: compile("item", &rules.item),
            link: compile("link", &rules.link),
            title: compile("title", &rules.title),
            date: compile("date", &rules.date),
            next: compile("next", &rules.next),
        }
    }

    /// Whether rows are given by selector.
    pub(super) fn gives_rows(&self) -> bool {
        self.item.is_some() || self.link.is_some()
    }

    /// The rows the selectors give; none when `item` (or `link`) finds nothing.
    pub(super) fn rows<'a>(&self, reader: &Reader<'a>, notes: &mut Vec<Note>) -> Vec<Row<'a>> {
        let nodes = self.nodes(reader.page);
        if nodes.is_empty() {
            let given = [("item", &self.item), ("link", &self.link)];
            let first = given.into_iter().find_map(|(key, picker)| picker.as_ref().map(|p| (key, p)));
            notes.extend(first.map(|(key, picker)| missed(reader.page, key, picker.as_str())));
            return Vec::new();
        }
        let mut linked = false;
        let mut rows = Vec::new();
        for node in nodes {
            let by_selector = self.link.as_ref().and_then(|picker| link_of(node, picker));
            linked |= by_selector.is_some();
            let headline = match by_selector {
                Some(link) => headline_of(link.clone()).or_else(|| Some(bare(link))),
                None => row::headline(node),
            };
            rows.extend(headline.map(|headline| Row { node, headline }));
        }
        if let Some(picker) = self.link.as_ref().filter(|_| !linked) {
            notes.push(missed(reader.page, "link", picker.as_str()));
        }
        if let Some(picker) = self.item.as_ref().filter(|_| rows.is_empty()) {
            let detail = format!("list.item `{}` finds nothing with a link in it", picker.as_str());
            notes.push(Note { class: Class::Selector, detail, url: Some(reader.page.url().clone()) });
        }
        let own = reader.page.url().key();
        rows.retain(|row| row.headline.link.key != own);
        self.entitle(reader, &mut rows, notes);
        links::once(rows, |row| &row.headline.link.key)
    }

    fn nodes<'a>(&self, page: &'a Page) -> Vec<Node<'a>> {
        match (&self.item, &self.link) {
            (Some(item), _) => page.select(item),
            (None, Some(link)) => around(&page.select(link)),
            (None, None) => Vec::new(),
        }
    }

    /// Titles by selector, where given and found; the full one of `title=` still wins over its own beginning.
    fn entitle(&self, reader: &Reader<'_>, rows: &mut [Row<'_>], notes: &mut Vec<Note>) {
        let mut found = self.title.is_none() || rows.is_empty();
        for row in rows.iter_mut() {
            if let Some(picker) = &self.title {
                let node =
                    row.node.select_first(picker).or_else(|| row.node.matches(picker).then_some(row.node));
                if let Some((node, title)) = node.and_then(|node| Some((node, picker.take(node)?))) {
                    found = true;
                    let stem = title.trim_end_matches(['.', '…', ' ']);
                    if !row.headline.by_attribute || !row.headline.title.starts_with(stem) {
                        row.headline.title = title;
                    }
                    row.headline.place = node;
                }
            }
        }
        for row in rows.iter_mut().filter(|row| row.headline.title.is_empty()) {
            if let Some(headline) = row::headline(row.node) {
                row.headline.title = headline.title;
            }
        }
        if let Some(picker) = self.title.as_ref().filter(|_| !found) {
            notes.push(missed(reader.page, "title", picker.as_str()));
        }
    }

    /// The dates of rows: by selector where given and found, else as rows show them.
    pub(super) fn dates(
        &self,
        reader: &Reader<'_>,
        rows: &[Row<'_>],
        notes: &mut Vec<Note>,
    ) -> Vec<Option<Stamp>> {
        let Some(picker) = &self.date else { return reader.row_dates(rows) };
        let mut found = false;
        let given: Vec<Option<Stamp>> = rows
            .iter()
            .map(|row| {
                let node =
                    row.node.select_first(picker).or_else(|| row.node.matches(picker).then_some(row.node))?;
                found = true;
                let machine = if picker.attr().is_none() { node.attr("datetime") } else { None };
                machine
                    .and_then(|m| reader.date(m))
                    .or_else(|| picker.take(node).and_then(|text| reader.date(&text)))
            })
            .collect();
        if found || rows.is_empty() {
            return given;
        }
        notes.push(missed(reader.page, "date", picker.as_str()));
        reader.row_dates(rows)
    }

    /// The next page by selector.
    pub(super) fn next_page(&self, page: &Page) -> Option<Option<PageUrl>> {
        let picker = self.next.as_ref()?;
        let found = page.select(picker);
        let url = found.into_iter().find_map(|node| {
            let reference = picker.attr().map_or_else(|| reference(node), |name| node.attr(name))?;
            page.join(reference).filter(|url| url.key() != page.url().key())
        });
        Some(url)
    }
}

/// The link of a row: below it, or the row itself.
fn link_of<'a>(row: Node<'a>, picker: &Picker) -> Option<Link<'a>> {
    let found = row.select(picker);
    let own = row.matches(picker).then_some(row);
    found.into_iter().chain(own).find_map(|node| {
        let reference = picker.attr().map_or_else(|| reference(node), |name| node.attr(name))?;
        let url: PageUrl = node.page().join(reference)?.without_tracking();
        Some(Link { node, key: url.key(), url })
    })
}

/// The address an element gives: its own `href`, else that of the link around its words or inside it.
fn reference(node: Node<'_>) -> Option<&str> {
    let inside = || node.descendants().find_map(|n| n.attr("href").filter(|_| n.name() == "a"));
    let around = || node.ancestors().take(4).find_map(|n| n.attr("href").filter(|_| n.name() == "a"));
    node.attr("href").or_else(inside).or_else(around)
}

/// A link without words that the headline reader would not take.
fn bare(link: Link<'_>) -> Headline<'_> {
    Headline { place: link.node, title: link.node.text(), by_attribute: false, link }
}

/// The rows around links: the largest element around each that holds no other of them.
fn around<'a>(links: &[Node<'a>]) -> Vec<Node<'a>> {
    let mut rows = Vec::new();
    for (at, link) in links.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| links.get(at));
        let others: Vec<Node<'a>> = before.into_iter().chain(links.get(at + 1)).copied().collect();
        let alone = |node: &Node<'a>| node.name() != "body" && !others.iter().any(|other| node.holds(*other));
        rows.push(link.ancestors().take_while(alone).last().unwrap_or(*link));
    }
    rows
}
