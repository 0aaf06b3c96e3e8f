//! The bounded parse: markup to a tree that can be neither too large, nor too deep, nor too slow to build.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use ego_tree::Tree;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, QualName, TokenizerResult};
use scraper::{Html, HtmlTreeSink, Node};

use super::raw;
use crate::model::Class;

/// Markup beyond so many bytes is not read.
const MAX_BYTES: usize = 4 << 20;
/// A tree holds at most so many nodes, counted when they are made.
const MAX_NODES: u32 = 50_000;
/// Parsing ends after so many tokens: each `<` and `&` that begins nothing is one, and costs as much as an element.
const MAX_TOKENS: u32 = 250_000;
/// An element deeper than this becomes a sibling of the one above it.
const MAX_DEPTH: u32 = 512;
/// Parsing ends where elements stay open so deep: every further tag walks over all of them.
const MAX_OPEN: u32 = 1024;
/// Parsing ends when the depths of all elements add up to this: the tree builder's work is of that order.
const MAX_WALK: u64 = 10_000_000;
/// Attributes of one element.
const MAX_ATTRIBUTES: usize = 1000;
/// Attributes of all elements together.
const MAX_ALL_ATTRIBUTES: usize = 250_000;
/// What could be attribute names since the last token: the tokenizer compares each with all before it.
const MAX_PENDING: usize = 8000;
/// Markup is handed to the tokenizer in pieces of this size.
const PIECE: usize = 8 << 10;

type InnerHandle = <HtmlTreeSink as TreeSink>::Handle;

/// Parses markup; what was cut is told beside the tree.
pub(super) fn parse(markup: &str) -> (Html, Vec<(Class, String)>) {
    let kept = floor_boundary(markup, MAX_BYTES);
    let sink = CountingSink::new(kept);
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let guard = Guard {
        builder: TreeBuilder::new(sink, options),
        attributes: Cell::new(0),
        tokens: Cell::new(0),
        raw: Cell::new(None),
    };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let mut pending = 0;
    let mut rest = kept;
    while !rest.is_empty() && !tokenizer.sink.sink().stopped() {
        let piece = raw::until_opened(floor_boundary(rest, PIECE));
        let before = tokenizer.sink.tokens.get();
        feed(&tokenizer, piece);
        rest = rest.get(piece.len()..).unwrap_or_default();
        if let Some(content) = tokenizer.sink.raw.take().and_then(|name| raw::content(rest, name)) {
            let text = Token::CharacterTokens(StrTendril::from_slice(content));
            let _ = tokenizer.sink.process_token(text, 0);
            rest = rest.get(content.len()..).unwrap_or_default();
        }
        pending = if tokenizer.sink.tokens.get() == before { pending + separators(piece) } else { 0 };
        if pending > MAX_PENDING {
            tokenizer.sink.sink().stop(Class::TooMany, "a tag or comment without an end");
        }
    }
    tokenizer.end();
    let sink = tokenizer.sink.builder.sink;
    let mut cuts = sink.cuts.take();
    if kept.len() < markup.len() {
        cuts.push((Class::Truncated, format!("markup cut at {MAX_BYTES} of {} bytes", markup.len())));
    }
    let is_moved = sink.moved.get();
    let html = sink.finish();
    (if is_moved { prune(html) } else { html }, cuts)
}

fn feed(tokenizer: &Tokenizer<Guard>, piece: &str) {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(piece));
    // Anything but Done is a pause of the tokenizer for a script or an encoding, neither of which is ours.
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
}

fn floor_boundary(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

/// How many attribute names a piece may hold at most, roughly.
fn separators(piece: &str) -> usize {
    let is_gap = |b: u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'');
    piece.as_bytes().windows(2).filter(|w| is_gap(w[0]) && !is_gap(w[1])).count()
}

/// Takes out what re-parenting left deeper than it was counted. Only hostile markup gets there.
fn prune(mut html: Html) -> Html {
    let mut deep = Vec::new();
    let mut depth = 0;
    let mut at = html.tree.root();
    loop {
        let down = if depth <= MAX_DEPTH { at.first_child() } else { None };
        if down.is_none() && depth > MAX_DEPTH {
            deep.push(at.id());
        }
        if let Some(child) = down {
            (at, depth) = (child, depth + 1);
            continue;
        }
        while at.next_sibling().is_none() && depth > 0 {
            let Some(parent) = at.parent() else { break };
            (at, depth) = (parent, depth - 1);
        }
        if depth == 0 {
            break;
        }
        let Some(next) = at.next_sibling() else { break };
        at = next;
    }
    for id in deep {
        if let Some(mut node) = html.tree.get_mut(id) {
            node.detach();
        }
    }
    html
}

/// Passes tokens on to the tree builder until the sink has had enough.
struct Guard {
    builder: TreeBuilder<Handle, CountingSink>,
    attributes: Cell<usize>,
    /// Tokens seen, parse errors aside: a piece of markup without one lies inside a tag or comment.
    tokens: Cell<u32>,
    /// The element just opened, when its content is text without marks.
    raw: Cell<Option<raw::Name>>,
}

impl Guard {
    fn sink(&self) -> &CountingSink {
        &self.builder.sink
    }
}

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, mut token: Token, line: u64) -> TokenSinkResult<Handle> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get().saturating_add(1));
        if self.tokens.get() > MAX_TOKENS {
            self.sink().stop(Class::TooMany, "more than 250000 pieces of markup");
        }
        self.raw.set(None);
        if self.sink().stopped() && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &mut token {
            if tag.attrs.len() > MAX_ATTRIBUTES {
                tag.attrs.truncate(MAX_ATTRIBUTES);
                self.sink().note(Class::TooMany, "attributes of one element cut at 1000");
            }
            self.attributes.set(self.attributes.get() + tag.attrs.len());
            if self.attributes.get() > MAX_ALL_ATTRIBUTES {
                self.sink().stop(Class::TooMany, "more than 250000 attributes");
            }
        }
        let opened = raw::Name::of(&token);
        let result = self.builder.process_token(token, line);
        if matches!(result, TokenSinkResult::RawData(_)) {
            self.raw.set(opened);
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// A node of the tree, and where its depth is written down.
#[derive(Clone)]
struct Handle {
    id: InnerHandle,
    slot: usize,
}

/// scraper's own sink, counted.
struct CountingSink {
    inner: HtmlTreeSink,
    /// The depth of each node that was made, by its slot: as nested in the markup, not as flattened.
    depths: RefCell<Vec<u32>>,
    walk: Cell<u64>,
    stopped: Cell<bool>,
    /// Whether nodes went elsewhere than where they were first placed.
    moved: Cell<bool>,
    cuts: RefCell<Vec<(Class, String)>>,
}

impl CountingSink {
    /// Takes room for about as many nodes as `markup` makes: an element and a text for each tag that begins.
    fn new(markup: &str) -> Self {
        let tags = memchr::memchr_iter(b'<', markup.as_bytes()).count();
        let mut html = Html::new_document();
        html.tree = Tree::with_capacity(Node::Document, (tags + tags / 4).min(MAX_NODES as usize));
        Self {
            inner: HtmlTreeSink::new(html),
            depths: RefCell::new(vec![0]),
            walk: Cell::new(0),
            stopped: Cell::new(false),
            moved: Cell::new(false),
            cuts: RefCell::default(),
        }
    }

    fn stopped(&self) -> bool {
        self.stopped.get()
    }

    fn stop(&self, class: Class, why: &str) {
        if !self.stopped.replace(true) {
            self.note(class, &format!("markup cut: {why}"));
        }
    }

    fn note(&self, class: Class, detail: &str) {
        let mut cuts = self.cuts.borrow_mut();
        if !cuts.iter().any(|(_, known)| known == detail) {
            cuts.push((class, detail.to_owned()));
        }
    }

    fn born(&self, id: InnerHandle) -> Handle {
        let mut depths = self.depths.borrow_mut();
        depths.push(0);
        let made = u32::try_from(depths.len()).unwrap_or(u32::MAX);
        let slot = depths.len() - 1;
        drop(depths);
        if made > MAX_NODES {
            self.stop(Class::TooMany, "more than 50000 nodes");
        }
        Handle { id, slot }
    }

    fn depth(&self, handle: &Handle) -> u32 {
        self.depths.borrow().get(handle.slot).copied().unwrap_or(0)
    }

    fn set_depth(&self, handle: &Handle, depth: u32) {
        if let Some(slot) = self.depths.borrow_mut().get_mut(handle.slot) {
            *slot = depth;
        }
    }

    /// Writes down how deep a node comes to lie below `parent`, and stops where that is too deep.
    fn place(&self, parent: &Handle, child: &NodeOrText<Handle>) {
        let NodeOrText::AppendNode(child) = child else { return };
        let depth = self.depth(parent).saturating_add(1);
        self.set_depth(child, depth);
        self.walk.set(self.walk.get() + u64::from(depth));
        if depth > MAX_DEPTH {
            self.note(Class::TooDeep, "elements nested deeper than 512 were flattened");
        }
        if depth > MAX_OPEN || self.walk.get() > MAX_WALK {
            self.stop(Class::TooDeep, "elements nested too deeply");
        }
    }

    /// Where children of `parent` really go: beside it, once it lies at the greatest depth.
    fn host(&self, parent: &Handle) -> InnerHandle {
        if self.depth(parent) < MAX_DEPTH {
            return parent.id;
        }
        let html = self.inner.0.borrow();
        html.tree.get(parent.id).and_then(|node| node.parent()).map_or(parent.id, |node| node.id())
    }
}

fn inner(child: NodeOrText<Handle>) -> NodeOrText<InnerHandle> {
    match child {
        NodeOrText::AppendNode(node) => NodeOrText::AppendNode(node.id),
        NodeOrText::AppendText(text) => NodeOrText::AppendText(text),
    }
}

impl TreeSink for CountingSink {
    type Handle = Handle;
    type Output = Html;
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn finish(self) -> Html {
        self.inner.finish()
    }

    fn parse_error(&self, _msg: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn get_document(&self) -> Handle {
        Handle { id: self.inner.get_document(), slot: 0 }
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Self::ElemName<'a> {
        self.inner.elem_name(&target.id)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.born(self.inner.create_element(name, attrs, flags))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.born(self.inner.create_comment(text))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.born(self.inner.create_pi(target, data))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.place(parent, &child);
        self.inner.append(&self.host(parent), inner(child));
    }

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &new_node {
            self.moved.set(true);
            self.set_depth(node, self.depth(sibling));
        }
        self.inner.append_before_sibling(&sibling.id, inner(new_node));
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        prev_element: &Handle,
        child: NodeOrText<Handle>,
    ) {
        self.place(prev_element, &child);
        let prev = self.host(prev_element);
        self.inner.append_based_on_parent_node(&element.id, &prev, inner(child));
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.inner.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let depth = self.depth(target).saturating_add(1);
        let contents = self.born(self.inner.get_template_contents(&target.id));
        self.set_depth(&contents, depth);
        contents
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        let has = {
            let html = self.inner.0.borrow();
            let node = html.tree.get(target.id);
            node.and_then(|n| n.value().as_element()).map_or(0, |e| e.attrs.len())
        };
        if has + attrs.len() <= MAX_ATTRIBUTES {
            self.inner.add_attrs_if_missing(&target.id, attrs);
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.moved.set(true);
        self.inner.remove_from_parent(&target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.moved.set(true);
        self.inner.reparent_children(&node.id, &new_parent.id);
    }
}
