//! HTML parsed once: its addresses, its base, what was cut.

use std::cell::OnceCell;

use scraper::Html;

use super::index::Index;
use super::layout::Layout;
use super::openers::Opener;
use super::sink;
use crate::model::{Note, PageUrl};

/// A parsed page. Not `Send`: it never crosses an await.
#[derive(Debug)]
pub struct Page {
    html: Html,
    url: PageUrl,
    base: PageUrl,
    notes: Vec<Note>,
    index: Index,
    layout: OnceCell<Layout>,
    /// Found out when first asked for.
    pub(super) language: OnceCell<Option<String>>,
    pub(super) openers: OnceCell<Vec<Opener>>,
}

impl Page {
    /// Parses a page within the bounds (4 MiB, 50,000 nodes, 250,000 tokens, depth 512); what was cut is in the notes.
    ///
    /// `url` is the address it was read from, after redirects.
    #[must_use]
    pub fn parse(html: &str, url: PageUrl) -> Self {
        let (html, cuts) = sink::parse(html);
        let notes =
            cuts.into_iter().map(|(class, detail)| Note { class, detail, url: Some(url.clone()) }).collect();
        let index = Index::of(&html);
        let base =
            index.base.as_deref().filter(|href| !href.trim().is_empty()).and_then(|href| url.join(href).ok());
        let base = base.filter(|base| !is_stray(base, &url)).unwrap_or_else(|| url.clone());
        Self {
            html,
            url,
            base,
            notes,
            index,
            layout: OnceCell::new(),
            language: OnceCell::new(),
            openers: OnceCell::new(),
        }
    }

    /// What was cut while parsing.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The address the page was read from.
    #[must_use]
    pub fn url(&self) -> &PageUrl {
        &self.url
    }

    /// What its comments say, in document order: some systems write there what a script of theirs reads.
    pub fn comments(&self) -> impl Iterator<Item = &str> {
        self.html.tree.values().filter_map(|node| node.as_comment().map(|comment| &**comment))
    }

    /// What its relative references are resolved against: the first `<base href>`, else its own address. A base that was
    /// left from where the page was made (`http://localhost/`, `http://10.0.0.8/`) is none.
    #[must_use]
    pub fn base(&self) -> &PageUrl {
        &self.base
    }

    /// A reference found on the page as an absolute address; None for an empty reference, one that only names
    /// a place on the page (`#top`), and one that is not http or https.
    #[must_use]
    pub fn join(&self, reference: &str) -> Option<PageUrl> {
        let reference = reference.trim();
        if reference.is_empty() || reference.starts_with('#') {
            return None;
        }
        self.base.join(reference).ok()
    }

    pub(super) fn tree(&self) -> &Html {
        &self.html
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(&self.html))
    }
}

/// Whether an address is one of the machine or the house where a page was made, and the page came from elsewhere.
fn is_stray(base: &PageUrl, page: &PageUrl) -> bool {
    let is_near = match base.as_url().host() {
        Some(url::Host::Domain(name)) => name == "localhost" || !name.contains('.'),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_unspecified(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        None => true,
    };
    is_near && base.host() != page.host()
}
