//! What a page says of itself in its head: title, meta tags, language, links, JSON-LD.

use super::document::Page;
use super::node::Node;
use super::text;
use crate::model::PageUrl;

/// So many letters show the script of a page.
const SAMPLE: usize = 2000;
/// A page with more headings of the first rank has none that tells anything.
const MOST_HEADINGS: usize = 8;

/// A longer text is no language tag (RFC 5646 section 4.4.1 counts 35 characters for the longest in use).
const MOST_TAG: usize = 64;

/// Whether a text may be a language tag (BCP 47): templates write charsets there.
fn is_tag(text: &str) -> bool {
    if text.len() > MOST_TAG {
        return false;
    }
    let primary = text.split(['-', '_']).next().unwrap_or_default();
    matches!(primary.len(), 2 | 3)
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && !["utf", "gbk", "iso", "big"].iter().any(|charset| charset.eq_ignore_ascii_case(primary))
}

impl Page {
    /// The `title` element, folded to one line.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        let title = self.node(self.index().title?)?;
        Some(text::fold(&title.raw_text())).filter(|title| !title.is_empty())
    }

    /// The content of the first non-empty `meta` whose `name`, `property`, `itemprop` or `http-equiv` is
    /// `name`, in any case, wherever it stands.
    #[must_use]
    pub fn meta(&self, name: &str) -> Option<&str> {
        self.metas().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, content)| content)
    }

    /// Every `meta` with a name and a content, in page order: `(name as written, content trimmed)`.
    pub fn metas(&self) -> impl Iterator<Item = (&str, &str)> {
        self.index().metas.iter().map(|(key, content)| (key.as_str(), content.as_str()))
    }

    /// `<html lang>` (or `xml:lang`) as written, else the `Content-Language` meta.
    #[must_use]
    pub fn lang(&self) -> Option<&str> {
        let root = self.root();
        ["lang", "xml:lang"]
            .into_iter()
            .filter_map(|name| root.attr(name))
            .chain(self.meta("content-language"))
            .map(str::trim)
            .find(|lang| is_tag(lang))
    }

    /// The language the page is written in, as far as its zone hangs on it: what it says, unless the script of
    /// its text says otherwise. Templates say `en` on Chinese pages, and old ones say nothing.
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.language.get_or_init(|| self.written()).as_deref()
    }

    fn written(&self) -> Option<String> {
        let said = self.lang();
        let text = self.title().unwrap_or_default() + &self.body().beginning(SAMPLE * 2);
        let (mut han, mut kana, mut letters) = (0_usize, 0_usize, 0_usize);
        for c in text.chars().filter(|c| c.is_alphabetic()).take(SAMPLE) {
            letters += 1;
            match c {
                '\u{3040}'..='\u{30ff}' => kana += 1,
                '\u{3400}'..='\u{9fff}' => han += 1,
                _ => {}
            }
        }
        let is_east_asian = said.is_some_and(|lang| {
            ["zh", "ja", "ko"]
                .iter()
                .any(|tag| lang.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(tag)))
        });
        if is_east_asian || (han + kana) * 3 < letters || han + kana == 0 {
            said.map(str::to_owned)
        } else if kana * 20 > han {
            Some("ja".to_owned())
        } else {
            Some("zh".to_owned())
        }
    }

    /// The addresses of `link` elements of one relation, in page order, absolute.
    pub fn links(&self, rel: &str) -> impl Iterator<Item = (Node<'_>, PageUrl)> {
        self.index().links.iter().filter_map(|id| self.node(*id)).filter_map(move |node| {
            let named = node.attr("rel")?.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case(rel));
            if named { Some((node, self.join(node.attr("href")?)?)) } else { None }
        })
    }

    /// The first headings of the first rank (`h1`), in page order.
    pub fn headings(&self) -> impl Iterator<Item = Node<'_>> {
        self.index().headings.iter().take(MOST_HEADINGS).filter_map(|id| self.node(*id))
    }

    /// `link rel=canonical`, absolute.
    #[must_use]
    pub fn canonical(&self) -> Option<PageUrl> {
        self.links("canonical").next().map(|(_, url)| url)
    }

    /// The texts of the JSON-LD scripts, unread.
    #[must_use]
    pub fn json_ld(&self) -> Vec<String> {
        self.index()
            .scripts
            .iter()
            .filter_map(|id| self.node(*id))
            .filter(|node| {
                let kind = node.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
                kind.split(';').next().is_some_and(|k| k.trim_end() == "application/ld+json")
            })
            .map(Node::raw_text)
            .collect()
    }
}
