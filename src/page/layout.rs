//! Where every element stands and how much text it holds: one walk over the tree, asked many times.

use std::cell::Cell;
use std::hash::{Hash, Hasher};

use html5ever::local_name;
use scraper::node::Element;
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
    /// What its attributes tell: [`NAME`], [`HIDDEN`], [`MEANING`], [`NUMBER`].
    pub(super) has: usize,
    pub(super) measure: Measure,
}

// What an element's attributes tell, one bit each: most elements have none, and are asked no further.
/// A name: `id` or `class`.
pub(super) const NAME: usize = 1 << 0;
/// It is not shown.
pub(super) const HIDDEN: usize = 1 << 1;
/// What it means to machines: `rel`, `itemprop`, `role`.
pub(super) const MEANING: usize = 1 << 2;
/// A value with six digits or more in an attribute for machines: `datetime`, `content`, `title`, `data-…`.
pub(super) const NUMBER: usize = 1 << 3;

/// The places of all elements of a page, by the numbers of their nodes.
#[derive(Debug, Default)]
pub(super) struct Layout {
    places: Vec<Packed>,
    /// All elements in document order.
    pub(super) elements: Vec<Id>,
    /// What readers found out of the elements' names, by their order.
    pub(super) notes: Vec<Cell<u16>>,
}

/// A [`Place`] as kept: order, last, depth, attributes, then the measure's fields. Counts of one page fit in 32
/// bits.
type Packed = [u32; 10];

fn pack(place: Place) -> Packed {
    let m = place.measure;
    let fields = [
        place.order,
        place.last,
        place.depth,
        place.has,
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
    let [order, last, depth, has, text, linked, links, punctuation, paragraphs, images] =
        packed.map(|field| field as usize);
    Place {
        order,
        last,
        depth,
        has,
        measure: Measure { text, linked, links, punctuation, paragraphs, images },
    }
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
        let nodes = html.tree.values().len();
        let mut layout = Self {
            places: vec![Packed::default(); nodes + 2],
            elements: Vec::with_capacity(nodes / 2),
            notes: Vec::new(),
        };
        let mut open: Vec<Open> = Vec::new();
        let mut at = html.tree.root();
        loop {
            enter(&mut open, &mut layout.elements, at.id(), at.value());
            if let Some(child) = at.first_child() {
                at = child;
                continue;
            }
            loop {
                layout.leave(&mut open, at.id());
                if let Some(next) = at.next_sibling() {
                    at = next;
                    break;
                }
                let Some(parent) = at.parent() else {
                    layout.notes = vec![Cell::new(0); layout.elements.len()];
                    return layout;
                };
                at = parent;
            }
        }
    }

    /// The position of an element among all, and of the last one in it.
    pub(super) fn span(&self, id: Id) -> (usize, usize) {
        let at = |packed: &Packed| (packed[0] as usize, packed[1] as usize);
        self.places.get(number(id)).map(at).unwrap_or_default()
    }

    /// Which attributes an element has.
    pub(super) fn has(&self, id: Id) -> usize {
        self.places.get(number(id)).map_or(0, |packed| packed[3] as usize)
    }

    pub(super) fn place(&self, id: Id) -> Place {
        self.places.get(number(id)).copied().map(unpack).unwrap_or_default()
    }

    fn leave(&mut self, open: &mut Vec<Open>, id: Id) {
        if open.last().is_none_or(|top| top.id != id) {
            return;
        }
        let Some(mut done) = open.pop() else { return };
        done.place.last = self.elements.len().saturating_sub(1);
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

fn enter(open: &mut Vec<Open>, elements: &mut Vec<Id>, id: Id, node: &Node) {
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
            let order = elements.len();
            let place = Place { order, last: order, depth: open.len(), has: told(element), measure };
            elements.push(id);
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

/// What an element's attributes tell.
fn told(element: &Element) -> usize {
    let mut told = 0;
    for (name, value) in &element.attrs {
        told |= match name.local {
            local_name!("id") | local_name!("class") => NAME,
            local_name!("rel") | local_name!("itemprop") | local_name!("role") => MEANING,
            local_name!("hidden") => HIDDEN,
            local_name!("style") if hides(value) => HIDDEN,
            local_name!("href") | local_name!("src") | local_name!("alt") | local_name!("style") => 0,
            _ if value.len() >= 6 && value.bytes().filter(u8::is_ascii_digit).take(6).count() == 6 => NUMBER,
            _ => 0,
        };
    }
    told
}

/// Whether a style says that its element is not shown.
fn hides(style: &str) -> bool {
    // both say it with a `y`, and most styles have none
    if !style.bytes().any(|b| matches!(b, b'y' | b'Y')) {
        return false;
    }
    let plain: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    plain.contains("display:none") || plain.contains("visibility:hidden")
}

/// An element whose children are being walked over.
struct Open {
    id: Id,
    place: Place,
    silent: bool,
    linked: bool,
    paragraph: bool,
}
