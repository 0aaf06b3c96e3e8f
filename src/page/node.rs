//! One element of a page: a copyable reference with the walks and questions readers need.

use std::fmt;
use std::hash::{Hash, Hasher};

use scraper::{ElementRef, Node as Inner};

use super::document::Page;
use super::flow::is_block;
use super::layout::{HIDDEN, MEANING, Measure, NAME, NUMBER, is_silent};
use super::select::Picker;
use super::text;

/// An element of a page. Copy; equal and hashed by identity, so two equal nodes are one place on the page.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pub(super) element: ElementRef<'a>,
    pub(super) page: &'a Page,
}

/// A child of an element: an element or a piece of text. Comments are passed over.
#[derive(Debug, Clone, Copy)]
pub enum Child<'a> {
    /// An element.
    Element(Node<'a>),
    /// Text as written, white space and all.
    Text(&'a str),
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.element.id() == other.element.id()
    }
}

impl Eq for Node<'_> {}

impl Hash for Node<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.element.id().hash(state);
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.element.value().fmt(f)
    }
}

impl<'a> Node<'a> {
    /// The tag's name in lower case.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.element.value().name()
    }

    /// The page it stands on.
    #[must_use]
    pub fn page(self) -> &'a Page {
        self.page
    }

    /// An attribute as written; its name in lower case.
    #[must_use]
    pub fn attr(self, name: &str) -> Option<&'a str> {
        // few elements have more than some attributes: looking through them is cheaper than making an atom
        let attrs = &self.element.value().attrs;
        attrs.iter().find(|(key, _)| &*key.local == name && key.ns.is_empty()).map(|(_, value)| &**value)
    }

    /// All attributes, sorted by name.
    pub fn attrs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.element.value().attrs()
    }

    /// The `id` attribute.
    #[must_use]
    pub fn id(self) -> Option<&'a str> {
        self.attr("id").filter(|id| !id.is_empty())
    }

    /// The classes, sorted, each once.
    pub fn classes(self) -> impl Iterator<Item = &'a str> {
        self.element.value().classes()
    }

    /// The enclosing element.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.element.parent().and_then(|node| self.wrap(ElementRef::wrap(node)))
    }

    /// The enclosing elements, the nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// The element children.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.element.children().filter_map(move |node| self.wrap(ElementRef::wrap(node)))
    }

    /// The children, text included.
    pub fn contents(self) -> impl Iterator<Item = Child<'a>> {
        self.element.children().filter_map(move |node| match node.value() {
            Inner::Text(words) => Some(Child::Text(words)),
            _ => self.wrap(ElementRef::wrap(node)).map(Child::Element),
        })
    }

    /// All elements below this one, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let layout = self.page.layout();
        let (order, last) = layout.span(self.element.id());
        let below = layout.elements.get(order + 1..=last).unwrap_or_default();
        below.iter().filter_map(move |id| self.page.node(*id))
    }

    /// The next element beside it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.element.next_siblings().find_map(|node| self.wrap(ElementRef::wrap(node)))
    }

    /// The previous element beside it.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.element.prev_siblings().find_map(|node| self.wrap(ElementRef::wrap(node)))
    }

    /// Its position among all elements, in document order.
    #[must_use]
    pub fn order(self) -> usize {
        self.page.layout().span(self.element.id()).0
    }

    /// The positions of it and of all inside it, in document order.
    #[must_use]
    pub fn span(self) -> std::ops::RangeInclusive<usize> {
        let (order, last) = self.page.layout().span(self.element.id());
        order..=last
    }

    /// How many elements it holds, itself included.
    #[must_use]
    pub fn size(self) -> usize {
        let span = self.span();
        span.end() - span.start() + 1
    }

    /// How many elements enclose it.
    #[must_use]
    pub fn depth(self) -> usize {
        self.page.layout().place(self.element.id()).depth
    }

    /// How much text, links, marks and pictures it holds; measured once for the whole page.
    #[must_use]
    pub fn measure(self) -> Measure {
        self.page.layout().place(self.element.id()).measure
    }

    /// Whether `other` is this element or lies inside it.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.span().contains(&other.order())
    }

    /// The text, white space folded; block elements and `br` part words. Scripts, styles, `noscript`,
    /// templates and selects are silent.
    #[must_use]
    pub fn text(self) -> String {
        text::fold(&self.collect(' ', None))
    }

    /// The text from its beginning, unfolded, until it is `most` bytes long or a little longer.
    pub(super) fn beginning(self, most: usize) -> String {
        let mut out = String::new();
        for node in self.element.descendants() {
            let Inner::Text(words) = node.value() else { continue };
            let parent = node.parent().and_then(|parent| parent.value().as_element());
            if parent.is_some_and(|parent| !is_silent(parent.name())) {
                out.push_str(words.trim());
                out.push(' ');
            }
            if out.len() >= most {
                break;
            }
        }
        out
    }

    /// The text line by line, as block elements and `br` part it; each folded, empty ones dropped.
    #[must_use]
    pub fn lines(self) -> Vec<String> {
        to_lines(&self.collect(LINE_END, None))
    }

    /// As [`Node::lines`], without the elements `skip` names (a line ends there), and with a space wherever an
    /// inline element begins or ends: `<i>2019-09-30</i><i>07:42</i>` becomes `2019-09-30 07:42`.
    #[must_use]
    pub fn lines_without(self, skip: impl Fn(Self) -> bool) -> Vec<String> {
        to_lines(&self.collect(LINE_END, Some(&skip)))
    }

    /// The text of its own text children alone, folded.
    #[must_use]
    pub fn own_text(self) -> String {
        let pieces: Vec<&str> = self
            .contents()
            .filter_map(|child| match child {
                Child::Text(words) => Some(words),
                Child::Element(_) => None,
            })
            .collect();
        text::fold(&pieces.join(" "))
    }

    /// The text as written, scripts and styles included: for reading a script's own content.
    #[must_use]
    pub fn raw_text(self) -> String {
        self.element.text().collect()
    }

    /// The markup inside it.
    #[must_use]
    pub fn inner_html(self) -> String {
        self.element.inner_html()
    }

    /// The markup of it and all inside it.
    #[must_use]
    pub fn outer_html(self) -> String {
        self.element.html()
    }

    /// The elements below it that a picker matches, in document order.
    #[must_use]
    pub fn select(self, picker: &Picker) -> Vec<Self> {
        self.element.select(&picker.selector).filter_map(|e| self.wrap(Some(e))).collect()
    }

    /// The first of [`Node::select`].
    #[must_use]
    pub fn select_first(self, picker: &Picker) -> Option<Self> {
        self.element.select(&picker.selector).next().and_then(|e| self.wrap(Some(e)))
    }

    /// Whether a picker matches this element.
    #[must_use]
    pub fn matches(self, picker: &Picker) -> bool {
        picker.selector.matches(&self.element)
    }

    /// Whether it says itself that it is not shown: `hidden`, `display:none`, `visibility:hidden`.
    #[must_use]
    pub fn is_hidden(self) -> bool {
        self.has(HIDDEN)
    }

    /// Whether it has an `id` or a `class`.
    #[must_use]
    pub fn is_named(self) -> bool {
        self.has(NAME)
    }

    /// Whether it says to machines what it means: it has a `rel`, `itemprop` or `role`.
    #[must_use]
    pub fn has_meaning(self) -> bool {
        self.has(MEANING)
    }

    /// Whether one of its attributes, address and style aside, holds six digits or more.
    #[must_use]
    pub fn has_number(self) -> bool {
        self.has(NUMBER)
    }

    fn has(self, bit: usize) -> bool {
        self.page.layout().has(self.element.id()) & bit != 0
    }

    /// What `find` makes of it, found out once: the page keeps it. One reader alone may keep something.
    #[must_use]
    pub fn kept(self, find: impl FnOnce(Self) -> u8) -> u8 {
        const KNOWN: u16 = 1 << 8;
        let Some(note) = self.page.layout().notes.get(self.order()) else { return find(self) };
        if note.get() & KNOWN == 0 {
            note.set(KNOWN | u16::from(find(self)));
        }
        note.get().to_le_bytes()[0]
    }

    /// Whether it begins a new line where it stands (HTML Standard section 15.3, flow content).
    #[must_use]
    pub fn is_block(self) -> bool {
        is_block(self.name())
    }

    fn wrap(self, element: Option<ElementRef<'a>>) -> Option<Self> {
        element.map(|element| Self { element, page: self.page })
    }

    /// Gathers the text; `part` stands where a line ends. With `skip`, inline elements are parted by a space.
    fn collect(self, part: char, skip: Option<&dyn Fn(Self) -> bool>) -> String {
        let mut out = String::new();
        let mut at = *self.element;
        loop {
            let mut down = None;
            if let Inner::Text(words) = at.value() {
                if words.contains(LINE_END) {
                    out.push_str(&words.replace(LINE_END, " "));
                } else {
                    out.push_str(words);
                }
            } else if let Some(node) = self.wrap(ElementRef::wrap(at)) {
                let skipped = node != self && skip.is_some_and(|skip| skip(node));
                if skipped || node.is_block() || node.name() == "br" {
                    out.push(part);
                } else if skip.is_some() {
                    out.push(' ');
                }
                if !skipped && (node == self || !is_silent(node.name())) {
                    down = at.first_child();
                }
            }
            if let Some(child) = down {
                at = child;
                continue;
            }
            loop {
                if at.id() == self.element.id() {
                    return out;
                }
                if let Some(element) = at.value().as_element() {
                    if is_block(element.name()) {
                        out.push(part);
                    } else if skip.is_some() {
                        out.push(' ');
                    }
                }
                if let Some(next) = at.next_sibling() {
                    at = next;
                    break;
                }
                let Some(parent) = at.parent() else { return out };
                at = parent;
            }
        }
    }
}

/// What [`Node::collect`] writes where a line ends: no page shows it.
const LINE_END: char = '\u{1}';

fn to_lines(gathered: &str) -> Vec<String> {
    gathered.split(LINE_END).map(text::fold).filter(|line| !line.is_empty()).collect()
}
