//! What the portal's own selectors find, and which of them find nothing.

use crate::model::{ArticleRules, Class, FieldEvidence, Note};
use crate::page::{Node, Page, Picker};

use super::byline;
use super::names::Field;

/// What the portal's own selectors find on one page.
#[derive(Debug)]
pub(super) struct Given<'a> {
    page: &'a Page,
    rules: &'a ArticleRules,
    notes: Vec<Note>,
}

impl<'a> Given<'a> {
    pub(super) fn new(page: &'a Page, rules: &'a ArticleRules) -> Self {
        Self { page, rules, notes: Vec::new() }
    }

    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes
    }

    pub(super) fn title(&mut self) -> Option<(String, String)> {
        self.text("title", self.rules.title.as_deref())
    }

    pub(super) fn date(&mut self) -> Option<String> {
        let selector = self.rules.date.clone();
        self.text("date", selector.as_deref()).map(|(_, text)| text)
    }

    pub(super) fn author(&mut self) -> Option<(String, String)> {
        self.line(Field::Author, self.rules.author.as_deref())
    }

    pub(super) fn source(&mut self) -> Option<(String, String)> {
        self.line(Field::Source, self.rules.source.as_deref())
    }

    pub(super) fn body(&mut self) -> Option<Node<'a>> {
        let selector = self.rules.body.as_deref()?;
        let found = self.found("body", selector);
        found.into_iter().max_by_key(|node| node.measure().text)
    }

    /// Blocks to be taken out; one that is not on this page is no fault.
    pub(super) fn removed(&self) -> Vec<Node<'a>> {
        let pickers = self.rules.remove.iter().filter_map(|selector| Picker::parse(selector).ok());
        pickers.flat_map(|picker| self.page.select(&picker)).collect()
    }

    pub(super) fn categories(&mut self) -> Option<(Vec<String>, FieldEvidence)> {
        let selector = self.rules.category.as_deref()?;
        let picker = Picker::parse(selector).ok()?;
        let names: Vec<String> =
            self.found("category", selector).into_iter().filter_map(|node| picker.take(node)).collect();
        let evidence =
            FieldEvidence { from: selector.to_owned(), raw: names.join(" | "), refused: Vec::new() };
        (!names.is_empty()).then_some((names, evidence))
    }

    fn text(&mut self, field: &str, selector: Option<&str>) -> Option<(String, String)> {
        let selector = selector?;
        let picker = Picker::parse(selector).ok()?;
        let text = self.found(field, selector).into_iter().find_map(|node| picker.take(node))?;
        Some((selector.to_owned(), text))
    }

    /// Of several elements the first that the field's reader understands, else the first.
    fn line(&mut self, field: Field, selector: Option<&str>) -> Option<(String, String)> {
        let selector = selector?;
        let picker = Picker::parse(selector).ok()?;
        let name = match field {
            Field::Author => "author",
            Field::Source => "source",
        };
        let texts: Vec<String> =
            self.found(name, selector).into_iter().filter_map(|node| picker.take(node)).collect();
        let understood = texts.iter().find(|text| byline::read_given(field, text).is_some());
        understood.or_else(|| texts.first()).map(|text| (selector.to_owned(), text.clone()))
    }

    fn found(&mut self, field: &str, selector: &str) -> Vec<Node<'a>> {
        // selectors were checked when the configuration was read
        let found = Picker::parse(selector).map(|picker| self.page.select(&picker)).unwrap_or_default();
        if found.is_empty() {
            let detail = format!(
                "article.{field} = \"{selector}\" finds nothing on this page; it is detected instead"
            );
            self.notes.push(Note { class: Class::Selector, detail, url: Some(self.page.url().clone()) });
        }
        found
    }
}
