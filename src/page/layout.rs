//! Where every element stands and how much text it holds: one walk over the tree, asked many times.

use std::hash::{Hash, Hasher};

use scraper::{Html, Node};

use super::text;

pub(super) type Id = <scraper::HtmlTreeSink as html5ever::tree_builder::TreeSink>::Handle;

/// How much an element holds. Text of scripts, styles, `noscript`, templates and selects does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    /// Length of its text in half widths, white space aside: a Chinese character counts 2, a Latin letter 1.
    pub text: usize,
    /// The same of the text inside links.
    pub linked: usize,
    /// Links (`a` with `href`).
    pub links: usize,
    /// Marks that end or divide sentences: `。，！？；：、` and `.,!?;:` outside links.
    pub punctuation: usize,
    /// Paragraphs (`p`) with text of their own outside links.
    pub paragraphs: usize,
    /// Pictures.
    pub images: usize,
}

impl Measure {
    /// The share of the text that is inside links, 0 to 1; 0 without text.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "at most a few million")]
    pub fn link_density(&self) -> f64 {
        if self.text == 0 { 0.0 } else { self.linked as f64 / self.text as f64 }
    }

    fn add(&mut self, other: Self) {
        self.text += other.text;
        self.linked += other.linked;
        self.links += other.links;
        self.punctuation += other.punctuation;
        self.paragraphs += other.paragraphs;
        self.images += other.images;
    }
}

/// Where one element stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// Position among all elements in document order.
    pub(super) order: usize,
    /// The order of its last descendant, its own when it has none.
    pub(super) last: usize,
    /// How many elements enclose it.
    pub(super) depth: usize,
    pub(super) measure: Measure,
}

/// The places of all elements of a page, by the numbers of their nodes.
#[derive(Debug, Default)]
pub(super) struct Layout {
    places: Vec<Packed>,
}

/// A [`Place`] as kept: order, last, depth, then the measure's fields. Counts of one page fit in 32 bits.
type Packed = [u32; 9];

fn pack(place: Place) -> Packed {
    let m = place.measure;
    let fields = [
        place.order,
        place.last,
        place.depth,
        m.text,
        m.linked,
        m.links,
        m.punctuation,
        m.paragraphs,
        m.images,
    ];
    fields.map(|field| u32::try_from(field).unwrap_or(u32::MAX))
}

fn unpack(packed: Packed) -> Place {
    let [order, last, depth, text, linked, links, punctuation, paragraphs, images] =
        packed.map(|field| field as usize);
    Place { order, last, depth, measure: Measure { text, linked, links, punctuation, paragraphs, images } }
}

/// No tree has so many nodes: a greater number is none.
const MOST_NODES: usize = 1 << 22;

/// The number of a node: small, dense, and told to hashers alone.
fn number(id: Id) -> usize {
    let mut told = Told(0);
    id.hash(&mut told);
    told.0
}

/// A hasher that keeps the last number it is told.
struct Told(usize);

impl Hasher for Told {
    fn finish(&self) -> u64 {
        self.0 as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().rev() {
            self.0 = self.0 << 8 | usize::from(*byte);
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = number;
    }
}

/// Elements whose text nobody reads.
pub(super) fn is_silent(name: &str) -> bool {
    matches!(name, "script" | "style" | "noscript" | "template" | "select" | "textarea" | "iframe" | "head")
}

impl Layout {
    pub(super) fn of(html: &Html) -> Self {
        let mut layout = Self { places: vec![Packed::default(); html.tree.values().len() + 2] };
        let mut open: Vec<Open> = Vec::new();
        let mut order = 0;
        let mut at = html.tree.root();
        loop {
            enter(&mut open, &mut order, at.id(), at.value());
            if let Some(child) = at.first_child() {
                at = child;
                continue;
            }
            loop {
                layout.leave(&mut open, at.id(), order);
                if let Some(next) = at.next_sibling() {
                    at = next;
                    break;
                }
                let Some(parent) = at.parent() else { return layout };
                at = parent;
            }
        }
    }

    pub(super) fn place(&self, id: Id) -> Place {
        self.places.get(number(id)).copied().map(unpack).unwrap_or_default()
    }

    fn leave(&mut self, open: &mut Vec<Open>, id: Id, order: usize) {
        if open.last().is_none_or(|top| top.id != id) {
            return;
        }
        let Some(mut done) = open.pop() else { return };
        done.place.last = order.saturating_sub(1);
        if let Some(parent) = open.last_mut() {
            parent.place.measure.add(done.place.measure);
        }
        let number = number(id);
        if number >= self.places.len() && number < MOST_NODES {
            self.places.resize(number + 1, Packed::default());
        }
        if let Some(place) = self.places.get_mut(number) {
            *place = pack(done.place);
        }
    }
}

fn enter(open: &mut Vec<Open>, order: &mut usize, id: Id, node: &Node) {
    let (silent, linked) = open.last().map_or((false, false), |o| (o.silent, o.linked));
    match node {
        Node::Element(element) => {
            let mut measure = Measure::default();
            let name = element.name();
            let is_link = name == "a" && element.attr("href").is_some();
            if !silent {
                measure.links = usize::from(is_link);
                measure.images = usize::from(name == "img");
            }
            let place = Place { order: *order, last: *order, depth: open.len(), measure };
            *order += 1;
            open.push(Open {
                id,
                place,
                silent: silent || is_silent(name),
                linked: linked || is_link,
                paragraph: name == "p",
            });
        }
        Node::Text(words) if !silent => {
            if let Some(top) = open.last_mut() {
                let width = text::width(words);
                top.place.measure.text += width;
                if linked {
                    top.place.measure.linked += width;
                } else if width > 0 {
                    top.place.measure.punctuation += text::punctuation(words);
                    if top.paragraph {
                        top.place.measure.paragraphs = 1;
                    }
                }
            }
        }
        _ => {}
    }
}

/// An element whose children are being walked over.
struct Open {
    id: Id,
    place: Place,
    silent: bool,
    linked: bool,
    paragraph: bool,
}
