//! A feed cut into its head and its items, so that one that is broken costs itself alone.

use std::borrow::Cow;

use super::super::scan::{Scan, Tag, Token};
use super::names::Names;

/// What stands outside the items is the head; none is longer.
const MOST_HEAD: usize = 64 << 10;
/// A longer item is cut: its text would be too.
const MOST_ITEM: usize = 2 << 20;

/// One item as it stands in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    /// Its attributes as written.
    pub(super) attrs: &'a str,
    pub(super) inner: &'a str,
    /// Whether the document ended within it.
    pub(super) is_cut: bool,
}

/// A feed in its pieces.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    pub(super) names: Names,
    /// Everything but the items and the outer elements.
    pub(super) head: String,
    pub(super) items: Vec<Piece<'a>>,
    /// `xml:base` and `xml:lang` of the outer elements.
    pub(super) base: Option<&'a str>,
    pub(super) lang: Option<&'a str>,
    /// Whether the document ends before its root does.
    pub(super) is_cut: bool,
}

/// A document whose sections are marked as the format asks: `<![cdata[` is written, too.
pub(super) fn with_sections(text: &str) -> Cow<'_, str> {
    let is_odd = |at: &usize| {
        let mark = text.get(at + 3..at + 9);
        mark.is_some_and(|mark| mark.eq_ignore_ascii_case("CDATA[") && mark != "CDATA[")
    };
    let mut odd = text.match_indices("<![").map(|(at, _)| at).filter(is_odd).peekable();
    if odd.peek().is_none() {
        return text.into();
    }
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for at in odd {
        out.push_str(slice(text, from, at));
        out.push_str("<![CDATA[");
        from = at + 9;
    }
    out.push_str(slice(text, from, text.len()));
    out.into()
}

/// Cuts a document; None when it is no feed. At most `most` items are looked for.
pub(super) fn cut(text: &str, most: usize) -> Option<Pieces<'_>> {
    let mut scan = Scan::new(text);
    let mut begin = 0;
    let (root, names) = loop {
        if let Token::Open(tag) = scan.next()?
            && let Some(names) = Names::of(&tag)
        {
            break (tag, names);
        }
        begin = scan.at;
    };
    let mut pieces =
        Pieces { names, head: String::new(), items: Vec::new(), base: None, lang: None, is_cut: true };
    pieces.outer(&root);
    // what lost its first element may begin with an item
    let end = if is_item(&pieces.names, root.name) {
        scan.at = begin;
        None
    } else {
        Some(root.name)
    };
    let gap = scan.at;
    Cutter { text, scan, pieces, open: None, gap, has_ended: false }.run(end, most)
}

struct Cutter<'a> {
    text: &'a str,
    scan: Scan<'a>,
    pieces: Pieces<'a>,
    /// The item that is open, and where its inside begins.
    open: Option<(Tag<'a>, usize)>,
    /// Where what stands between the items begins.
    gap: usize,
    /// Whether the root has ended: what stands behind it and is no item says nothing.
    has_ended: bool,
}

impl<'a> Cutter<'a> {
    /// Walks to the end of the root, whose name is given.
    fn run(mut self, root: Option<&str>, most: usize) -> Option<Pieces<'a>> {
        let mut before = self.scan.at;
        while let Some(token) = self.scan.next() {
            match token {
                Token::Open(tag) if is_item(&self.pieces.names, tag.name) => {
                    self.leave(before, false);
                    self.open = Some((tag, self.scan.at)).filter(|_| !tag.is_empty);
                }
                Token::Open(tag) if self.open.is_none() && self.pieces.names.plain(tag.name) == "channel" => {
                    self.pieces.outer(&tag);
                }
                Token::Close(name) if is_item(&self.pieces.names, name) && self.open.is_some() => {
                    self.leave(before, false);
                }
                // some write items behind it, or a second document
                Token::Close(name) if root.is_some_and(|root| name.eq_ignore_ascii_case(root)) => {
                    self.leave(before, false);
                    self.pieces.is_cut = false;
                    self.has_ended = true;
                }
                _ => {}
            }
            if self.pieces.items.len() >= most {
                self.pieces.is_cut = false;
                return Some(self.pieces);
            }
            before = self.scan.at;
        }
        if !self.has_ended || self.open.is_some() {
            self.pieces.is_cut = true;
            self.leave(self.text.len(), true);
        }
        Some(self.pieces)
    }

    /// Ends the item that is open, else what stands between two.
    fn leave(&mut self, at: usize, is_cut: bool) {
        match self.open.take() {
            Some((tag, from)) => self.pieces.add(tag, slice(self.text, from, at), is_cut),
            None if self.has_ended => {}
            None => self.pieces.keep(slice(self.text, self.gap, at)),
        }
        self.gap = self.scan.at;
    }
}

fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

fn is_item(names: &Names, name: &str) -> bool {
    names.plain(name) == names.item()
}

impl<'a> Pieces<'a> {
    fn outer(&mut self, tag: &Tag<'a>) {
        self.names.declare(tag);
        self.base = tag.attribute("xml:base").or(self.base);
        self.lang = tag.attribute("xml:lang").or(self.lang);
    }

    fn add(&mut self, tag: Tag<'a>, inner: &'a str, is_cut: bool) {
        let end = inner.floor_char_boundary(MOST_ITEM);
        let is_long = end < inner.len();
        let inner = inner.get(..end).unwrap_or(inner);
        self.items.push(Piece { attrs: tag.attrs, inner, is_cut: is_cut || is_long });
    }

    fn keep(&mut self, gap: &str) {
        let room = MOST_HEAD.saturating_sub(self.head.len());
        if !gap.trim().is_empty() {
            self.head.push_str(gap.get(..gap.floor_char_boundary(room)).unwrap_or_default());
        }
    }
}
