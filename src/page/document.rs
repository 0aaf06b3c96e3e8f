//! HTML parsed once, its base address, walks over it.
use crate::model::{Note, PageUrl};

/// A parsed page. Not `Send`: it never crosses an await.
#[derive(Debug)]
pub struct Page;

/// An element of a page.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a>(std::marker::PhantomData<&'a ()>);

impl Page {
    /// Parses a page within the bounds (4 MiB, 100,000 nodes, depth 512); what was cut is in the notes.
    #[must_use]
    pub fn parse(_html: &str, _url: PageUrl) -> Self {
        todo!()
    }

    /// What was cut while parsing.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        todo!()
    }
}
