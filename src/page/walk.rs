//! From a page and a selector to elements, and from an element to what is taken of it.

use scraper::ElementRef;

use super::document::Page;
use super::layout::Id;
use super::node::Node;
use super::select::Picker;

impl Page {
    /// The `html` element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { element: self.tree().root_element(), page: self }
    }

    /// The element of a place in the tree.
    pub(super) fn node(&self, id: Id) -> Option<Node<'_>> {
        let element = self.tree().tree.get(id).and_then(ElementRef::wrap)?;
        Some(Node { element, page: self })
    }

    /// The `body` element; the root where there is none (a frame set).
    #[must_use]
    pub fn body(&self) -> Node<'_> {
        self.root().children().find(|node| node.name() == "body").unwrap_or_else(|| self.root())
    }

    /// The `head` element; the root where there is none.
    #[must_use]
    pub fn head(&self) -> Node<'_> {
        self.root().children().find(|node| node.name() == "head").unwrap_or_else(|| self.root())
    }

    /// The elements a picker matches, in document order.
    #[must_use]
    pub fn select(&self, picker: &Picker) -> Vec<Node<'_>> {
        let mut found = self.root().select(picker);
        if self.root().matches(picker) {
            found.insert(0, self.root());
        }
        found
    }
}

impl Picker {
    /// What it takes from an element it found: the attribute named, trimmed, else the folded text. None when
    /// that is empty.
    #[must_use]
    pub fn take(&self, node: Node<'_>) -> Option<String> {
        let taken = self
            .attr()
            .map_or_else(|| Some(node.text()), |name| node.attr(name).map(|value| value.trim().to_owned()));
        taken.filter(|text| !text.is_empty())
    }
}
