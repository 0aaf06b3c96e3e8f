//! A body's tree written anew: paragraphs, lists, tables and pictures, nothing else.
//!
//! Old portals write text as bare lines with two `br` between, in layout tables, fonts and centres. Feed
//! readers want paragraphs. One walk gives the markup, the plain lines, the pictures and the documents.

use crate::model::{Attachment, Image, PageUrl};
use crate::page::text::{fold, visible};
use crate::page::{Child, Node, Page};

use super::images::{self, Attributes};
use super::links::{self, Target};
use super::roles::{Inside, Role, role};
use super::sanitise::push_escaped;

/// More pictures or documents than this are no article's.
pub(super) const MOST_IMAGES: usize = 200;

/// Inline markup nested deeper than this was left open by mistake: what is inside stays, its tags go.
const MOST_INLINE: usize = 16;

/// Letters of a picture's description: a longer one is none.
const MOST_ALT: usize = 1000;

/// So much may stand around the link of a document: `Download:`, its kind and size.
const DOCUMENT_LABEL: usize = 36;

/// So much markup an article has at most; feeds would carry no more of it.
pub(super) const MOST_HTML: usize = 1 << 20;

/// What one walk over a body gives.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// Clean markup with absolute links.
    pub(super) html: String,
    /// The text, a line a paragraph, without empty ones and captions.
    pub(super) lines: Vec<String>,
    /// What stands under pictures.
    pub(super) captions: Vec<String>,
    /// In page order, each once.
    pub(super) images: Vec<Image>,
    /// In page order, each once.
    pub(super) attachments: Vec<Attachment>,
    /// Whether there was more than an article may have.
    pub(super) is_cut: bool,
}

impl Flow {
    /// Writes a body anew, `room` bytes of it; references are resolved against `base`.
    pub(super) fn of(page: &Page, base: &PageUrl, room: usize) -> Self {
        let mut writer = Writer {
            base,
            room,
            flow: Self::default(),
            run: Run::default(),
            wrap: vec![Wrap::Paragraph],
            content: 0,
            bare_end: usize::MAX,
            captions: 0,
            flushes: 0,
        };
        writer.children(page.body());
        writer.flush();
        let mut flow = writer.flow;
        if flow.lines.is_empty() {
            flow.lines = std::mem::take(&mut flow.captions);
        }
        flow
    }
}

impl Attributes for Node<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.attr(name)
    }
}

/// What a run of text becomes when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrap {
    /// A paragraph of its own.
    Paragraph,
    /// A heading.
    Heading(&'static str),
    /// Nothing: it stands in a cell or item; further ones are parted by a line break.
    Bare,
    /// Text as it stands, white space too.
    Verbatim,
}

/// Text and inline markup that belong together, until a block begins or ends.
#[derive(Debug, Default)]
struct Run {
    html: String,
    text: String,
    /// Line breaks seen since the last content: one is kept, two make a paragraph.
    breaks: usize,
    has_content: bool,
    /// Characters of links to documents.
    documents: usize,
    /// White space seen since the last content.
    blank: bool,
    /// Inline elements that are open, with their start tags.
    open: Vec<(&'static str, String)>,
}

struct Writer<'a> {
    base: &'a PageUrl,
    /// Bytes of markup that may be written.
    room: usize,
    flow: Flow,
    run: Run,
    wrap: Vec<Wrap>,
    /// Pieces of text and pictures written so far: tells whether a container got any.
    content: usize,
    /// Where the last bare run ended in the markup: another one right behind it needs a line break.
    bare_end: usize,
    /// Runs ended so far.
    flushes: usize,
    /// Captions that are open.
    captions: usize,
}

impl Writer<'_> {
    fn children(&mut self, node: Node<'_>) {
        for child in node.contents() {
            match child {
                Child::Text(text) => self.text(text),
                Child::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, node: Node<'_>) {
        match role(node.name()) {
            Role::Drop => {}
            Role::Through => self.children(node),
            Role::Block => {
                self.flush();
                self.children(node);
                self.flush();
            }
            Role::Heading(tag) => {
                self.flush();
                self.wrapped(Wrap::Heading(tag), node);
            }
            Role::Keep(tag, inside) => self.keep(tag, &inside, node),
            Role::Inline(tag) => self.inline(tag, format!("<{tag}>"), node),
            Role::Link => self.link(node),
            Role::Break => self.run.breaks += 1,
            Role::Rule => {
                self.flush();
                self.flow.html.push_str("<hr>");
            }
            Role::Image => {
                let alt = fold(node.attr("alt").unwrap_or_default()).chars().take(MOST_ALT).collect();
                if let Some(url) = images::address(self.base, &node) {
                    self.image(url, alt);
                }
            }
            Role::Noscript => {
                // the twin of a lazy picture: only of use when the picture itself told no address
                let twin = images::in_noscript(self.base, &node.inner_html());
                if let Some(url) = twin.filter(|url| !self.flow.images.iter().any(|image| image.url == *url))
                {
                    self.image(url, String::new());
                }
            }
        }
    }

    fn wrapped(&mut self, wrap: Wrap, node: Node<'_>) {
        self.wrap.push(wrap);
        self.children(node);
        self.flush();
        self.wrap.pop();
    }

    /// A block that is kept, unless nothing is in it.
    fn keep(&mut self, tag: &'static str, inside: &Inside, node: Node<'_>) {
        self.flush();
        let (start, before) = (self.flow.html.len(), self.content);
        self.flow.html.push('<');
        self.flow.html.push_str(tag);
        let attributes: &[&str] = match tag {
            "td" | "th" => &["colspan", "rowspan"],
            "ol" => &["start"],
            _ => &[],
        };
        for name in attributes {
            if let Some(number) =
                node.attr(name).and_then(|value| value.trim().parse::<u16>().ok()).filter(|n| *n > 1)
            {
                self.flow.html.push_str(&format!(" {name}=\"{number}\""));
            }
        }
        self.flow.html.push('>');
        self.captions += usize::from(tag == "figcaption");
        self.wrapped(
            match inside {
                Inside::Blocks | Inside::Bare => Wrap::Bare,
                Inside::Paragraphs => Wrap::Paragraph,
                Inside::Verbatim => Wrap::Verbatim,
            },
            node,
        );
        self.captions -= usize::from(tag == "figcaption");
        if self.content == before && !matches!(tag, "td" | "th") {
            self.flow.html.truncate(start);
        } else {
            self.flow.html.push_str(&format!("</{tag}>"));
        }
    }

    fn inline(&mut self, tag: &'static str, start_tag: String, node: Node<'_>) {
        // each is written again in every paragraph inside it
        if self.run.open.len() >= MOST_INLINE || self.left(start_tag.len()) == 0 {
            return self.children(node);
        }
        self.settle_breaks();
        let (html_end, text_end, blank, before) =
            (self.run.html.len(), self.run.text.len(), self.run.blank, self.content);
        let flushes = self.flushes;
        self.settle_blank();
        self.run.html.push_str(&start_tag);
        self.run.open.push((tag, start_tag));
        self.children(node);
        if self.run.open.pop().is_none() {
            return;
        }
        if self.content == before && self.flushes != flushes {
            // a block without content ended the run: the new one has but its start tags
            self.run.html = self.run.open.iter().map(|(_, start_tag)| start_tag.as_str()).collect();
        } else if self.content == before {
            // nothing was in it: as if it had not been there, but for white space
            self.run.html.truncate(html_end);
            self.run.text.truncate(text_end);
            self.run.blank |= blank;
        } else {
            self.run.html.push_str(&format!("</{tag}>"));
        }
    }

    fn link(&mut self, node: Node<'_>) {
        let target = node.attr("href").and_then(|href| links::target(self.base, href));
        let Some(target) = target else { return self.children(node) };
        let href = match &target {
            Target::Web(url) => url.as_str().to_owned(),
            Target::Mail(address) => address.clone(),
        };
        let mut handed_out = 0;
        if let Target::Web(url) = &target {
            let known = self.flow.attachments.iter().any(|document| document.url == *url);
            let label = fold(&node.text());
            let document = links::attachment(url, &label);
            handed_out = document.as_ref().map_or(0, |_| label.chars().count());
            if let Some(document) = document.filter(|_| !known && self.flow.attachments.len() < MOST_IMAGES) {
                self.flow.attachments.push(document);
            }
        }
        let mut start_tag = String::from("<a href=\"");
        push_escaped(&mut start_tag, &href);
        start_tag.push_str("\">");
        self.inline("a", start_tag, node);
        self.run.documents += handed_out;
    }

    /// How many of some bytes still find room; that some do not is told.
    fn left(&mut self, wanted: usize) -> usize {
        let left = self.room.saturating_sub(self.flow.html.len() + self.run.html.len());
        self.flow.is_cut |= left < wanted;
        left
    }

    fn image(&mut self, url: PageUrl, alt: String) {
        if self.left(url.as_str().len()) == 0 {
            return;
        }
        self.settle_breaks();
        self.settle_blank();
        self.run.html.push_str("<img src=\"");
        push_escaped(&mut self.run.html, url.as_str());
        self.run.html.push_str("\" alt=\"");
        push_escaped(&mut self.run.html, &alt);
        self.run.html.push_str("\">");
        self.run.has_content = true;
        self.content += 1;
        if self.flow.images.len() < MOST_IMAGES && !self.flow.images.iter().any(|image| image.url == url) {
            self.flow.images.push(Image { url, alt });
        }
    }

    fn text(&mut self, text: &str) {
        let left = self.left(text.len());
        let text = text.get(..text.floor_char_boundary(left)).unwrap_or(text);
        if self.wrap.last() == Some(&Wrap::Verbatim) {
            push_escaped(&mut self.run.html, text);
            self.run.text.push_str(text);
            let has_content = !text.trim().is_empty();
            self.run.has_content |= has_content;
            self.content += usize::from(has_content);
            return;
        }
        for (place, word) in text.split(|c: char| c.is_whitespace() || c.is_control()).enumerate() {
            self.run.blank |= place > 0;
            // zero-width characters part no words, they vanish
            let word = visible(word);
            if word.is_empty() {
                continue;
            }
            self.settle_breaks();
            self.settle_blank();
            push_escaped(&mut self.run.html, &word);
            self.run.text.push_str(&word);
            self.run.has_content = true;
            self.content += 1;
        }
    }

    /// Before content: what the line breaks since the last content mean.
    fn settle_breaks(&mut self) {
        match std::mem::take(&mut self.run.breaks) {
            1 if self.run.has_content => {
                self.run.html.push_str("<br>");
                self.run.text.push('\n');
                self.run.blank = false;
            }
            0 | 1 => {}
            _ => self.flush(),
        }
    }

    /// Before content: white space between words is one blank, at the beginning of a run none.
    fn settle_blank(&mut self) {
        if std::mem::take(&mut self.run.blank) && self.run.has_content && !self.run.text.ends_with('\n') {
            self.run.html.push(' ');
            self.run.text.push(' ');
        }
    }

    /// Ends a run: closes its inline elements, wraps it, opens them again for the next.
    fn flush(&mut self) {
        self.flushes += 1;
        let mut run = std::mem::take(&mut self.run);
        self.run.open.clone_from(&run.open);
        self.run.html = run.open.iter().map(|(_, start_tag)| start_tag.as_str()).collect();
        if !run.has_content {
            return;
        }
        for (tag, start_tag) in run.open.iter().rev() {
            // one that has just begun goes on in the next run
            match run.html.strip_suffix(start_tag.as_str()) {
                Some(rest) => run.html.truncate(rest.strip_suffix(' ').unwrap_or(rest).len()),
                None => run.html.push_str(&format!("</{tag}>")),
            }
        }
        let html = &mut self.flow.html;
        match self.wrap.last().copied().unwrap_or(Wrap::Paragraph) {
            Wrap::Paragraph => html.push_str(&format!("<p>{}</p>", run.html)),
            Wrap::Heading(tag) => html.push_str(&format!("<{tag}>{}</{tag}>", run.html)),
            Wrap::Bare => {
                if html.len() == self.bare_end {
                    html.push_str("<br>");
                }
                html.push_str(&run.html);
                self.bare_end = html.len();
            }
            Wrap::Verbatim => html.push_str(&run.html),
        }
        // a line that hands out a document is no text; the document is told beside it
        let is_document = run.documents > 0 && run.text.chars().count() <= run.documents + DOCUMENT_LABEL;
        if is_document && !run.text.contains(['。', '，']) {
            return;
        }
        let lines = run.text.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        if self.captions > 0 { self.flow.captions.extend(lines) } else { self.flow.lines.extend(lines) }
    }
}
