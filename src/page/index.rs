//! Where the elements stand that tell of the page itself: one walk over the tree, asked many times.

use scraper::node::Element;
use scraper::{ElementRef, Html};

use super::layout::Id;

/// Elements of a page by their names, each list in document order.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Each `meta` with a name and a content: name as written, content trimmed.
    pub(super) metas: Vec<(String, String)>,
    pub(super) links: Vec<Id>,
    pub(super) scripts: Vec<Id>,
    /// Headings of the first rank.
    pub(super) headings: Vec<Id>,
    /// The first one outside pictures.
    pub(super) title: Option<Id>,
    /// The `href` of the first `base` that has one.
    pub(super) base: Option<String>,
}

impl Index {
    pub(super) fn of(html: &Html) -> Self {
        let mut index = Self::default();
        for node in html.root_element().descendants() {
            let Some(element) = node.value().as_element() else { continue };
            match element.name() {
                "meta" => index.metas.extend(meta(element)),
                "link" => index.links.push(node.id()),
                "script" => index.scripts.push(node.id()),
                "h1" => index.headings.push(node.id()),
                "title" if index.title.is_none() => {
                    let mut above = node.ancestors().filter_map(ElementRef::wrap);
                    if !above.any(|element| element.value().name() == "svg") {
                        index.title = Some(node.id());
                    }
                }
                "base" if index.base.is_none() => index.base = element.attr("href").map(str::to_owned),
                _ => {}
            }
        }
        index
    }
}

fn meta(element: &Element) -> Option<(String, String)> {
    let key = ["name", "property", "itemprop", "http-equiv"].into_iter().find_map(|k| element.attr(k))?;
    let content = element.attr("content")?.trim();
    (!content.is_empty()).then(|| (key.trim().to_owned(), content.to_owned()))
}
