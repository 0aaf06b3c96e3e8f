//! Faults of a configuration: where, what is wrong, what to write instead.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// One fault of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes of the file it is about; None for a fault of a flag or of the file as a whole.
    pub span: Option<Range<usize>>,
    /// The key it is about, with dots: `portal.list.item`; empty where there is none.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub cure: String,
    /// Another place that belongs to it, and what stands there.
    pub also: Option<(Range<usize>, String)>,
}

impl Fault {
    /// A fault at a place.
    pub(super) fn at(
        span: Range<usize>,
        key: impl Into<String>,
        what: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { span: Some(span), key: key.into(), what: what.into(), cure: cure.into(), also: None }
    }

    /// A fault without a place.
    pub(super) fn of(key: impl Into<String>, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { span: None, key: key.into(), what: what.into(), cure: cure.into(), also: None }
    }

    /// Names a second place.
    pub(super) fn and(mut self, span: Range<usize>, label: &str) -> Self {
        self.also = Some((span, label.to_owned()));
        self
    }
}

/// All faults of one file, in the order of their places.
#[derive(Clone, PartialEq, Eq)]
pub struct Faults {
    path: String,
    text: String,
    list: Vec<Fault>,
}

impl Faults {
    /// Sorts the faults of a text and drops repetitions.
    pub(super) fn new(path: &str, text: &str, mut list: Vec<Fault>) -> Self {
        let start = |fault: &Fault| fault.span.as_ref().map_or(0, |span| span.start);
        list.sort_by_key(start);
        let mut seen = std::collections::HashSet::new();
        list.retain(|fault| seen.insert((fault.span.clone(), fault.what.clone())));
        Self { path: path.to_owned(), text: text.to_owned(), list }
    }

    /// The file could not be read.
    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let shown = std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
        let fault = if error.kind() == io::ErrorKind::NotFound {
            Fault::of(
                "",
                format!("there is no configuration at {shown}"),
                "one portal is enough to begin: write a file with the two lines `[[portal]]` and \
                 `url = \"https://news.example-city.cn/\"`, or name another file by --config FILE",
            )
        } else {
            Fault::of(
                "",
                format!("{shown} cannot be read: {error}"),
                "let the user that tidings runs as read it, or name another file by --config FILE",
            )
        };
        Self::new(&shown, "", vec![fault])
    }

    /// The file is no UTF-8.
    pub(super) fn not_utf8(bytes: &[u8], path: &str, error: std::str::Utf8Error) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let start = error.valid_up_to();
        let fault = Fault::at(
            start..start + char::REPLACEMENT_CHARACTER.len_utf8(),
            "",
            "this is not UTF-8",
            "save the file as UTF-8 (iconv -f GB18030 -t UTF-8 turns a Chinese one)",
        );
        Self::new(path, &text, vec![fault])
    }

    /// The file, as the faults call it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The faults, in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.list.iter()
    }

    /// How many there are, at least one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Line and column (both from 1, columns in characters) of a fault.
    #[must_use]
    pub fn place(&self, fault: &Fault) -> Option<(usize, usize)> {
        let start = fault.span.as_ref()?.start;
        let before = self.text.get(..self.whole(&(start..start)).start)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        Some((before.matches('\n').count() + 1, before.get(line..)?.chars().count() + 1))
    }

    /// For people: each fault with file, line, caret, what is wrong and the cure.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(160);
        let told: Vec<String> =
            self.list.iter().map(|fault| renderer.render(&[self.report(fault)])).collect();
        told.join("\n\n")
    }

    fn report<'a>(&'a self, fault: &'a Fault) -> Group<'a> {
        let title = Level::ERROR.primary_title(fault.what.as_str());
        let mut group = if let Some(span) = &fault.span {
            let span = self.whole(span);
            let also = fault.also.as_ref().map(|(span, label)| (self.whole(span), label.as_str()));
            let lines = self.lines(&span, also.as_ref().map_or(&span, |(also, _)| also));
            let here = |span: &Range<usize>| span.start - lines.start..span.end - lines.start;
            let first = self.text.get(..lines.start).unwrap_or_default().matches('\n').count() + 1;
            title.element(
                Snippet::source(self.text.get(lines.clone()).unwrap_or_default())
                    .line_start(first)
                    .path(self.path.as_str())
                    .annotation(AnnotationKind::Primary.span(here(&span)))
                    .annotations(
                        also.iter()
                            .map(|(span, label)| AnnotationKind::Context.span(here(span)).label(*label)),
                    ),
            )
        } else {
            Group::with_title(title)
        };
        if !fault.cure.is_empty() {
            group = group.element(Level::HELP.message(fault.cure.as_str()));
        }
        group
    }

    /// The whole lines from one place to another. Only they are handed to the renderer: a long file with
    /// many faults is not read once for each.
    fn lines(&self, one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
        let (first, last) = (one.start.min(other.start), one.end.max(other.end));
        let before = self.text.get(..first).and_then(|before| before.rfind('\n'));
        let behind = self.text.get(last..).and_then(|behind| behind.find('\n'));
        before.map_or(0, |at| at + 1)..behind.map_or(self.text.len(), |at| last + at)
    }

    /// A span inside the text that cuts no character.
    fn whole(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end.clamp(start, self.text.len()));
        start..end
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The faults, not the whole file.
impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("path", &self.path).field("list", &self.list).finish_non_exhaustive()
    }
}

impl std::error::Error for Faults {}
