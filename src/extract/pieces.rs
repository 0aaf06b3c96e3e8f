//! A page as a row of pieces and lines: what stands on one line for a reader, and where.

use std::cell::OnceCell;

use crate::model::MOST_BODY;
use crate::page::text::{fold, width};
use crate::page::{Child, Node};

use super::blocks;
use super::words::{self, Edge};

/// A piece of the row.
#[derive(Debug, Clone)]
enum Piece<'a> {
    /// An element begins.
    Start(Node<'a>),
    /// A caption begins, whatever element holds it.
    Caption,
    /// An element of this name ends.
    End(&'a str),
    Text(&'a str),
    /// A picture: content without text.
    Image(Node<'a>),
}

/// A line as a reader sees it: text between two block borders or line breaks.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Folded.
    pub(super) text: String,
    /// The block it stands in.
    pub(super) block: Node<'a>,
    /// Half widths of its text that is inside links.
    pub(super) linked: usize,
    pub(super) images: usize,
    /// Whether a link on it leads to a document.
    pub(super) has_document: bool,
    /// Whether it stands in a block beside the article, or in one that is passed over.
    pub(super) is_beside: bool,
    /// Whether it stands under a picture and tells of that.
    pub(super) is_caption: bool,
    width: usize,
    edge: OnceCell<Option<Edge>>,
}

impl Line<'_> {
    /// Half widths of its text.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// What it is when it is no text of an article; asked many times, found out once.
    pub(super) fn edge(&self) -> Option<Edge> {
        *self.edge.get_or_init(|| words::edge(&self.text, self.width))
    }

    /// Whether most of it is links.
    pub(super) fn is_links(&self) -> bool {
        self.linked * 3 > self.width() * 2
    }
}

/// A part of a page, in pieces.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    pieces: Vec<(Piece<'a>, usize)>,
    pub(super) lines: Vec<Line<'a>>,
}

/// What a walk leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    /// Only what nobody sees; lines beside the article are marked.
    Hidden,
    /// Also blocks that are no part of an article: navigation, side columns, share tools.
    Chrome,
}

impl<'a> Pieces<'a> {
    /// Walks what is inside `node`. Blocks in `removed` are passed over, as `skip` says.
    pub(super) fn of(node: Node<'a>, skip: Skip, removed: &[Node<'a>]) -> Self {
        let mut walk = Walk { pieces: Some(Vec::new()), ..Walk::new(skip, removed) };
        walk.inside(node, node);
        walk.end_line(node);
        Self { pieces: walk.pieces.unwrap_or_default(), lines: walk.lines }
    }

    /// The lines alone, where the markup is not asked for.
    pub(super) fn lines_of(node: Node<'a>, skip: Skip, removed: &[Node<'a>]) -> Vec<Line<'a>> {
        let mut walk = Walk::new(skip, removed);
        walk.inside(node, node);
        walk.end_line(node);
        walk.lines
    }

    /// The markup of the lines that are kept; the tags of the others stay, empty. It ends at about [`MOST_BODY`].
    pub(super) fn to_html(&self, keep: impl Fn(usize) -> bool) -> String {
        let mut html = String::new();
        for (piece, line) in &self.pieces {
            if html.len() > MOST_BODY {
                break;
            }
            match piece {
                Piece::Start(node) => start_tag(&mut html, *node),
                Piece::Caption => html.push_str("<figcaption>"),
                Piece::End(name) => {
                    html.push_str("</");
                    html.push_str(name);
                    html.push('>');
                }
                Piece::Text(text) if keep(*line) => escape(&mut html, text),
                Piece::Image(node) if keep(*line) => start_tag(&mut html, *node),
                Piece::Text(_) | Piece::Image(_) => {}
            }
        }
        html
    }
}

#[derive(Debug, Default)]
struct Open {
    text: String,
    linked: usize,
    images: usize,
    has_document: bool,
}

struct Walk<'a, 'r> {
    /// None where nobody asks for them.
    pieces: Option<Vec<(Piece<'a>, usize)>>,
    lines: Vec<Line<'a>>,
    line: Open,
    skip: Skip,
    removed: &'r [Node<'a>],
    /// Links around the place of the walk.
    links: usize,
    /// Captions around the place of the walk.
    captions: usize,
    /// Blocks beside the article around the place of the walk.
    beside: usize,
}

impl<'a, 'r> Walk<'a, 'r> {
    fn new(skip: Skip, removed: &'r [Node<'a>]) -> Self {
        Self {
            pieces: None,
            lines: Vec::new(),
            line: Open::default(),
            skip,
            removed,
            links: 0,
            captions: 0,
            beside: 0,
        }
    }

    fn push(&mut self, piece: Piece<'a>) {
        if let Some(pieces) = &mut self.pieces {
            pieces.push((piece, self.lines.len()));
        }
    }

    fn end_line(&mut self, block: Node<'a>) {
        let text = fold(&self.line.text);
        self.line.text.clear();
        let (linked, images) = (std::mem::take(&mut self.line.linked), std::mem::take(&mut self.line.images));
        if text.is_empty() && images == 0 {
            // nothing was on it: what little was pushed belongs to the next one
            return;
        }
        let width = width(&text);
        let (is_caption, has_document) = (self.captions > 0, std::mem::take(&mut self.line.has_document));
        let (edge, is_beside) = (OnceCell::new(), self.beside > 0);
        self.lines.push(Line {
            text,
            block,
            linked,
            images,
            has_document,
            is_beside,
            is_caption,
            width,
            edge,
        });
    }

    fn inside(&mut self, node: Node<'a>, block: Node<'a>) {
        for child in node.contents() {
            match child {
                Child::Text(text) => {
                    if self.links > 0 {
                        self.line.linked += width(text);
                    }
                    self.line.text.push_str(text);
                    self.push(Piece::Text(text));
                }
                Child::Element(element) => self.element(element, block),
            }
        }
    }

    fn element(&mut self, node: Node<'a>, block: Node<'a>) {
        let is_beside = self.removed.contains(&node) || self.may_be_chrome(node) && blocks::is_chrome(node);
        if words::is_silent(node.name())
            || node.is_hidden()
            || is_notice(node)
            || self.skip == Skip::Chrome && is_beside
        {
            // a table cell that is left out is still a border between its neighbours
            if node.is_block() {
                self.end_line(block);
            }
            return;
        }
        if is_beside {
            self.end_line(block);
        }
        self.beside += usize::from(is_beside);
        self.enter(node, block);
        if is_beside {
            self.end_line(node);
        }
        self.beside -= usize::from(is_beside);
    }

    /// Within a line, and where lines are marked already, it makes no difference.
    fn may_be_chrome(&self, node: Node<'a>) -> bool {
        self.skip == Skip::Chrome || self.beside == 0 && node.is_block()
    }

    fn enter(&mut self, node: Node<'a>, block: Node<'a>) {
        match node.name() {
            "br" | "hr" => {
                self.end_line(block);
                self.push(Piece::Start(node));
            }
            "img" => {
                self.line.images += 1;
                self.push(Piece::Image(node));
            }
            name => {
                let is_caption = self.captions == 0 && self.beside == 0 && blocks::is_caption(node);
                let is_block = is_caption || node.is_block();
                if is_block {
                    self.end_line(block);
                }
                self.captions += usize::from(is_caption);
                if is_caption {
                    self.push(Piece::Caption);
                }
                let is_link = name == "a" && node.attr("href").is_some();
                self.links += usize::from(is_link);
                self.line.has_document |= is_link && node.attr("href").is_some_and(words::names_document);
                self.push(Piece::Start(node));
                self.inside(node, if is_block { node } else { block });
                if is_block {
                    self.end_line(node);
                }
                self.links -= usize::from(is_link);
                self.push(Piece::End(name));
                if is_caption {
                    self.push(Piece::End("figcaption"));
                }
                self.captions -= usize::from(is_caption);
            }
        }
    }
}

fn start_tag(html: &mut String, node: Node<'_>) {
    html.push('<');
    html.push_str(node.name());
    let is_kept = |name: &str| !name.starts_with("on") && !matches!(name, "style" | "class");
    for (name, value) in node.attrs().filter(|(name, _)| is_kept(name)) {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape(html, value);
        html.push('"');
    }
    html.push('>');
}

fn escape(out: &mut String, text: &str) {
    let room = MOST_BODY.saturating_sub(out.len());
    let mut rest = text.get(..text.floor_char_boundary(room)).unwrap_or(text);
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (plain, marked) = rest.split_at(at);
        out.push_str(plain);
        if out.len() > MOST_BODY {
            return;
        }
        let mut marks = marked.chars();
        out.push_str(match marks.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&quot;",
        });
        rest = marks.as_str();
    }
    out.push_str(rest);
}

/// Bytes of what a page without scripts has to say of that; a longer one may be the article.
const NOTICE: usize = 600;

/// Whether an element only tells those whose scripts do not run that they should. One with a picture is the picture's
/// twin.
fn is_notice(node: Node<'_>) -> bool {
    node.name() == "noscript"
        && !node.descendants().any(|inner| matches!(inner.name(), "img" | "video" | "iframe"))
        && node.inner_html().len() < NOTICE
}
