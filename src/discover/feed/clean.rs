//! One piece of a feed to XML that a strict reader takes.

use std::borrow::Cow;

use super::super::refs;
use super::super::scan::{Scan, Tag, Token};
use super::base64;
use super::names::{Dialect, Names};
use super::raw;
use crate::decode;
use crate::model::PageUrl;

/// Feeds nest a handful of elements; what is deeper says nothing.
const MOST_DEPTH: usize = 16;
/// No entry has so many elements.
const MOST_ELEMENTS: usize = 1000;
/// Categories of an entry that are kept from a foreign element.
const MOST_CATEGORIES: usize = 20;

/// A piece as it is handed on.
#[derive(Debug, Default)]
pub(super) struct Clean {
    pub(super) xml: String,
    pub(super) beside: Beside,
}

/// What an entry says that the parser behind leaves unread.
#[derive(Debug, Default, Clone)]
pub(super) struct Beside {
    /// Where it came from: the text of `source`.
    pub(super) source: Option<String>,
    /// When it was changed, as RSS has no word of its own for it.
    pub(super) updated: Option<String>,
    /// A link as an attribute, in formats that write it as text.
    pub(super) href: Option<String>,
    /// A name that is the article's address, written without its host.
    pub(super) permalink: Option<String>,
    /// A title under the name of another format, for an entry that has none of its own.
    pub(super) title: Option<String>,
    /// What it is about, as Atom has an element of its own for it.
    pub(super) categories: Vec<String>,
    pub(super) lang: Option<String>,
    /// What relative references in its text are resolved against.
    pub(super) base: Option<PageUrl>,
    /// Whether the document ended within it.
    pub(super) is_cut: bool,
}

/// Cleans a piece: every element of it closed, every text escaped. Of one that is `cut`, the last element is left out.
pub(super) fn clean(piece: &str, names: &Names, url: &PageUrl, cut: bool) -> Clean {
    let cleaner = Cleaner {
        names,
        url,
        scan: Scan::new(piece),
        done: Clean::default(),
        open: Vec::new(),
        mark: 0,
        endless: Vec::new(),
    };
    cleaner.run(cut)
}

struct Cleaner<'a> {
    names: &'a Names,
    url: &'a PageUrl,
    scan: Scan<'a>,
    done: Clean,
    /// Elements that are open: as written, and as handed on.
    open: Vec<(&'a str, String)>,
    /// Where the outermost open element began.
    mark: usize,
    /// Names of elements that end nowhere behind this place: looked for in vain once.
    endless: Vec<&'a str>,
}

impl<'a> Cleaner<'a> {
    fn run(mut self, cut: bool) -> Clean {
        let mut elements = 0;
        let mut lost = false;
        while let Some(token) = self.scan.next() {
            match token {
                Token::Text(text) => self.text(&refs::resolve(text)),
                Token::CData(text) => self.text(text),
                Token::Open(tag) if elements < MOST_ELEMENTS => {
                    elements += 1;
                    lost |= !self.element(&tag, cut);
                }
                Token::Open(_) => {}
                Token::Close(name) => self.close(name),
            }
        }
        if cut && !self.open.is_empty() {
            self.done.xml.truncate(self.mark);
            self.open.clear();
        }
        while let Some((_, name)) = self.open.pop() {
            end(&mut self.done.xml, &name);
        }
        self.done.beside.is_cut = cut || lost;
        self.done
    }

    fn text(&mut self, text: &str) {
        // between elements stand blanks, or nothing that belongs there
        if !self.open.is_empty() {
            refs::escape(&mut self.done.xml, text);
        }
    }

    /// Takes an element; false when its text was cut off.
    fn element(&mut self, tag: &Tag<'a>, cut: bool) -> bool {
        let name = self.names.name(tag);
        if matches!(name.as_str(), "channel" | "rdf:RDF" | "RDF" | "x:RDF" | "rss" | "feed")
            || self.open.len() >= MOST_DEPTH
        {
            return true;
        }
        if !tag.is_empty && self.names.holds_text(&name) {
            let rest = self.scan.rest();
            let is_endless = self.endless.contains(&tag.name);
            let inner = if is_endless { raw::unclosed(rest, tag.name) } else { raw::inner(rest, tag.name) };
            if !inner.has_end && !is_endless {
                self.endless.push(tag.name);
            }
            self.scan.at += inner.length;
            if cut && !inner.is_closed && self.scan.rest().is_empty() {
                return false;
            }
            let (text, is_markup) = raw::text(inner.raw);
            self.leaf(tag, &name, &text, is_markup);
            return true;
        }
        if tag.is_empty && name == "link" && self.names.dialect == Dialect::Rss || name == "atom:link" {
            self.link(tag);
        }
        if self.open.is_empty() {
            self.mark = self.done.xml.len();
        }
        self.start(&name, tag, None);
        if tag.is_empty || matches!(name.as_str(), "atom:link" | "enclosure") {
            end(&mut self.done.xml, &name);
        } else {
            self.open.push((tag.name, name));
        }
        true
    }

    /// An element that holds text.
    fn leaf(&mut self, tag: &Tag<'_>, name: &str, text: &str, is_markup: bool) {
        let is_own = self.open.is_empty();
        let is_source = self.open.last().is_some_and(|(_, name)| name == "source");
        let told = || Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let beside = &mut self.done.beside;
        match name {
            "source" if is_own => beside.source = told(),
            "title" if is_source => beside.source = told(),
            "x:updated" => beside.updated = told(),
            "guid" if is_own && is_path(text.trim()) => {
                let is_name = tag.attribute("isPermaLink").is_some_and(|is| is.eq_ignore_ascii_case("false"));
                beside.permalink = told().filter(|_| !is_name);
            }
            "x:title" | "itunes:title" if is_own => beside.title = beside.title.take().or_else(told),
            "x:category" if is_own && beside.categories.len() < MOST_CATEGORIES => {
                beside.categories.extend(told());
            }
            "dc:language" if is_own => beside.lang = told(),
            "link" if text.trim().is_empty() => self.link(tag),
            _ => {}
        }
        if name.starts_with("x:") {
            return;
        }
        if self.names.dialect == Dialect::Atom {
            return self.atom_leaf(tag, name, text, is_markup);
        }
        // the time may stand between blanks and words, as all else
        let text =
            if matches!(name, "title" | "description" | "content:encoded") { text } else { text.trim() };
        let text = if matches!(name, "author" | "dc:creator") { name_within(text) } else { text };
        self.start(name, tag, None);
        refs::escape(&mut self.done.xml, text);
        end(&mut self.done.xml, name);
    }

    /// A text of Atom has a type; those of 0.3 are written otherwise, and of unknown ones the text costs itself alone.
    fn atom_leaf(&mut self, tag: &Tag<'_>, name: &str, text: &str, is_markup: bool) {
        if !matches!(name, "title" | "summary" | "content" | "subtitle" | "rights") {
            self.start(name, tag, None);
            refs::escape(&mut self.done.xml, text.trim());
            return end(&mut self.done.xml, name);
        }
        let declared = tag.attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
        let is_coded = tag.attribute("mode").is_some_and(|mode| mode.trim().eq_ignore_ascii_case("base64"));
        let decoded = base64::decode(text).filter(|_| is_coded);
        let decoded = decoded.map(|bytes| decode::decode(&bytes, decode::Hints::default()).text);
        let text = decoded.as_deref().unwrap_or(text);
        let is_xhtml = matches!(declared.as_str(), "xhtml" | "application/xhtml+xml");
        let is_html = is_xhtml || matches!(declared.as_str(), "html" | "text/html");
        let plain = if is_xhtml { without_prefixes(text) } else { text.into() };
        let text = &*plain;
        let kind = match declared.as_str() {
            _ if is_html => "html",
            "" | "text" => {
                if is_markup {
                    "html"
                } else {
                    "text"
                }
            }
            known if known.starts_with("text/") && known != "text/xml" => {
                if is_markup {
                    "html"
                } else {
                    "text"
                }
            }
            // a picture, another program's data
            _ if name == "content" => return,
            _ => {
                if is_markup {
                    "html"
                } else {
                    "text"
                }
            }
        };
        if name == "content" {
            // a text that stands elsewhere is none
            if tag.attribute("src").is_some() {
                return;
            }
            self.done.beside.base = tag
                .attribute("xml:base")
                .and_then(|base| self.url.join(&refs::resolve(base)).ok())
                .or(self.done.beside.base.take());
        }
        self.start(name, tag, Some(kind));
        refs::escape(&mut self.done.xml, text);
        end(&mut self.done.xml, name);
    }

    /// A start tag with its attributes; name spaces aside, those are the root's.
    fn start(&mut self, name: &str, tag: &Tag<'_>, kind: Option<&str>) {
        let out = &mut self.done.xml;
        out.push('<');
        out.push_str(name);
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in tag.attributes() {
            let is_name =
                key.starts_with(|c: char| c.is_alphabetic()) && !key.contains(['"', '\'', '<', '&', '>']);
            let is_other = key.contains(':')
                || key == "xmlns"
                || kind.is_some() && matches!(key, "type" | "mode" | "src");
            if !is_name || is_other || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            attribute(out, key, &refs::resolve(value));
        }
        if let Some(kind) = kind {
            attribute(out, "type", kind);
        }
        if let Some(base) =
            tag.attribute("xml:base").and_then(|base| self.url.join(&refs::resolve(base)).ok())
        {
            attribute(out, "xml:base", base.as_str());
        }
        out.push('>');
    }

    fn link(&mut self, tag: &Tag<'_>) {
        let is_alternate =
            tag.attribute("rel").is_none_or(|rel| rel.trim().eq_ignore_ascii_case("alternate"));
        if let Some(href) = tag.attribute("href").filter(|_| is_alternate && self.open.is_empty()) {
            self.done.beside.href.get_or_insert_with(|| refs::resolve(href));
        }
    }

    fn close(&mut self, name: &str) {
        let Some(place) = self.open.iter().rposition(|(written, _)| *written == name) else { return };
        while self.open.len() > place {
            if let Some((_, name)) = self.open.pop() {
                end(&mut self.done.xml, &name);
            }
        }
    }
}

/// Who is meant where a format that writes a person as a text has one with elements: `<name>A. Lee</name>`.
fn name_within(text: &str) -> &str {
    let mut scan = Scan::new(text);
    let is_name =
        |token: Token<'_>| matches!(token, Token::Open(tag) if tag.name.rsplit(':').next() == Some("name"));
    while let Some(token) = scan.next() {
        if is_name(token)
            && let Some(Token::Text(name) | Token::CData(name)) = scan.next()
        {
            return name.trim();
        }
    }
    text
}

/// Whether a name is the path of a page: `/news/1.html`, `../1/`, `news/1.html`.
fn is_path(name: &str) -> bool {
    let is_rooted = ["/", "./", "../"].iter().any(|start| name.starts_with(start));
    let file = name.split(['?', '#']).next().unwrap_or_default();
    let is_file = [".html", ".htm", ".shtml", ".php", ".asp", ".aspx"].iter().any(|end| file.ends_with(end));
    (is_rooted || is_file) && !name.contains([' ', ':', '<'])
}

/// XHTML whose elements have a prefix (`<h:p>`), as HTML, which knows none.
fn without_prefixes(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices('<') {
        let name = at + 1 + usize::from(text.get(at + 1..).is_some_and(|rest| rest.starts_with('/')));
        let rest = text.get(name..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let is_prefix = length > 0 && rest.get(length..).is_some_and(|rest| rest.starts_with(':'));
        if is_prefix && name >= from {
            out.push_str(text.get(from..name).unwrap_or_default());
            from = name + length + 1;
        }
    }
    if from == 0 {
        return text.into();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out.into()
}

fn end(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    refs::escape(out, value);
    out.push('"');
}

/// A cleaned item within its own element, with what the element itself says.
pub(super) fn item(attrs: &str, names: &Names, xml: &str, url: &PageUrl, beside: &mut Beside) -> String {
    let tag = Tag { name: names.item(), attrs, is_empty: false };
    beside.lang = beside.lang.take().or_else(|| tag.attribute("xml:lang").map(refs::resolve));
    let base = tag.attribute("xml:base").and_then(|base| url.join(&refs::resolve(base)).ok());
    let mut out = String::with_capacity(xml.len() + 64);
    out.push('<');
    out.push_str(tag.name);
    if let Some(base) = base {
        attribute(&mut out, "xml:base", base.as_str());
        beside.base = beside.base.take().or(Some(base));
    }
    out.push('>');
    // RDF names an item in its own attribute
    if let Some(about) = tag.attribute("rdf:about").filter(|_| names.dialect == Dialect::Rss) {
        out.push_str("<guid>");
        refs::escape(&mut out, &refs::resolve(about));
        out.push_str("</guid>");
    }
    out.push_str(xml);
    end(&mut out, tag.name);
    out
}
