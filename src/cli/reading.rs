//! One page by hand: bytes to what the daemon would read from them, in the shape of `--json`.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::decode::{self, Hints};
use crate::discover::{self, Listing};
use crate::extract;
use crate::model::{
    Article, Attachment, Candidate, Class, Draft, Evidence, Fault, Image, Kind, Note, PageUrl, Precision,
    Recipe, Reject, Stamp,
};
use crate::normalise;
use crate::page::Page;

use super::out;

/// A page's bytes and what is known beside them.
#[derive(Debug)]
pub(super) struct Given<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) url: &'a PageUrl,
    pub(super) content_type: Option<&'a str>,
    pub(super) now: DateTime<Utc>,
}

/// An article as `extract --json` tells it. Of a page that is no article it holds what was read all the same.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    /// The caller's own name for the page, in a batch only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Value>,
    url: PageUrl,
    title: Option<String>,
    published: Option<String>,
    precision: Option<Precision>,
    modified: Option<String>,
    author: Option<String>,
    source: Option<String>,
    categories: Vec<String>,
    text: Option<String>,
    html: Option<String>,
    lang: Option<String>,
    canonical_url: Option<PageUrl>,
    images: Vec<Image>,
    attachments: Vec<Attachment>,
    evidence: Evidence,
    reject: Option<Reject>,
    /// Told to people only.
    #[serde(skip)]
    pub(super) notes: Vec<Note>,
}

/// An item of a list as `discover --json` and `try --json` tell it.
#[derive(Debug, Serialize)]
pub(super) struct Item<'a> {
    url: &'a PageUrl,
    title: &'a str,
    published: Option<String>,
    summary: Option<&'a str>,
}

impl<'a> From<&'a Candidate> for Item<'a> {
    fn from(of: &'a Candidate) -> Self {
        let published = of.published.as_ref().map(Stamp::to_rfc3339);
        Self { url: &of.url, title: &of.title, published, summary: of.summary.as_deref() }
    }
}

/// Reads an article page.
pub(super) fn article(given: &Given<'_>) -> Told {
    let (page, charset, mut notes) = open(given);
    let recipe = Recipe::default();
    let context = extract::Context {
        recipe: &recipe,
        now: given.now,
        zone: None,
        charset: Some(charset),
        candidate: None,
        earlier: None,
        learnt: None,
    };
    let (mut draft, more) = extract::article(&page, &context);
    notes.extend(more);
    let aside = clone_without_body(&mut draft);
    match normalise::article(draft) {
        Ok((article, more)) => {
            notes.extend(more);
            Told { notes, ..Told::from(article) }
        }
        Err(reject) => Told { notes, ..Told::refused(aside, reject) },
    }
}

/// A copy of a draft but for its body, which may be megabytes.
fn clone_without_body(draft: &mut Draft) -> Draft {
    let body = std::mem::take(&mut draft.body_html);
    let copy = draft.clone();
    draft.body_html = body;
    copy
}

/// Reads a document that lists articles, whatever it is written in.
pub(super) fn list(given: &Given<'_>) -> Listing {
    let text = decode::decode(given.bytes, Hints { fixed: None, content_type: given.content_type });
    let recipe = Recipe::default();
    let context = discover::Context {
        recipe: &recipe,
        now: given.now,
        zone: None,
        charset: Some(text.charset),
        learnt: None,
    };
    let document = discover::Document {
        text: &text.text,
        url: given.url,
        content_type: given.content_type,
        kind: Kind::Auto,
        ways: &[],
        from: None,
    };
    let mut listing = discover::read(&document, &context);
    let fault = listing.fault.take().map(|detail| Fault { class: Class::FeedParse, detail, url: None });
    listing.notes.extend(fault);
    listing.notes.extend(undecoded(&text));
    listing
}

fn undecoded(text: &decode::Text) -> Option<Note> {
    let detail = format!("{} do not decode as {}", out::count(text.errors, "character"), text.charset);
    (text.errors > 0).then_some(Fault { class: Class::Decode, detail, url: None })
}

fn open(given: &Given<'_>) -> (Page, &'static str, Vec<Note>) {
    let text = decode::decode(given.bytes, Hints { fixed: None, content_type: given.content_type });
    let page = Page::parse(&text.text, given.url.clone());
    let mut notes = page.notes().to_vec();
    notes.extend(undecoded(&text));
    (page, text.charset, notes)
}

impl From<Article> for Told {
    fn from(article: Article) -> Self {
        Self {
            id: None,
            url: article.url,
            title: Some(article.title),
            published: article.published.as_ref().map(Stamp::to_rfc3339),
            precision: article.published.map(|stamp| stamp.precision),
            modified: article.modified.as_ref().map(Stamp::to_rfc3339),
            author: article.author,
            source: article.source,
            categories: article.categories,
            text: Some(article.text).filter(|text| !text.is_empty()),
            html: Some(article.html).filter(|html| !html.is_empty()),
            lang: article.lang,
            canonical_url: article.canonical_url,
            images: article.images,
            attachments: article.attachments,
            evidence: article.evidence,
            reject: None,
            notes: Vec::new(),
        }
    }
}

impl Told {
    fn refused(draft: Draft, reject: Reject) -> Self {
        Self {
            id: None,
            url: draft.url,
            title: draft.title,
            published: draft.published.as_ref().map(Stamp::to_rfc3339),
            precision: draft.published.map(|stamp| stamp.precision),
            modified: draft.modified.as_ref().map(Stamp::to_rfc3339),
            author: draft.author,
            source: draft.source,
            categories: draft.categories,
            text: None,
            html: None,
            lang: draft.lang,
            canonical_url: draft.canonical_url,
            images: Vec::new(),
            attachments: Vec::new(),
            evidence: draft.evidence,
            reject: Some(reject),
            notes: Vec::new(),
        }
    }

    /// Where each field was read and what was refused.
    pub(super) fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// With the beginning of its text only.
    pub(super) fn shortened(mut self) -> Self {
        self.text = self.text.map(|text| brief(&text));
        self
    }

    /// For people: the article's fields, then its text.
    pub(super) fn rendered(&self) -> String {
        let mut told = String::new();
        if let Some(reject) = &self.reject {
            let class = serde_json::to_value(reject.class).unwrap_or_default();
            let class = class.as_str().unwrap_or_default().replace('_', " ");
            out::field(&mut told, "no article", &format!("{class}: {}", reject.detail));
        }
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        out::field(&mut told, "title", &text(&self.title));
        let precision = self.precision.map(|p| format!(" (to the {})", p.as_str())).unwrap_or_default();
        let published = self.published.as_ref().map(|at| format!("{at}{precision}"));
        out::field(&mut told, "published", &text(&published));
        out::field(&mut told, "modified", &text(&self.modified));
        out::field(&mut told, "author", &text(&self.author));
        out::field(&mut told, "source", &text(&self.source));
        out::field(&mut told, "categories", &self.categories.join(" / "));
        out::field(&mut told, "language", &text(&self.lang));
        out::field(&mut told, "address", self.url.as_str());
        out::field(&mut told, "canonical", self.canonical_url.as_ref().map_or("", PageUrl::as_str));
        for image in &self.images {
            out::field(&mut told, "image", &format!("{} {}", image.url, image.alt));
        }
        for file in &self.attachments {
            out::field(&mut told, "attachment", &format!("{} {}", file.url, file.title));
        }
        for note in &self.notes {
            out::field(&mut told, "note", &note.to_string());
        }
        if let Some(body) = &self.text {
            // a blank line between paragraphs; writing to a String cannot fail
            let _always = write!(told, "\n{}", out::lines(&body.replace('\n', "\n\n")));
        }
        told
    }
}

/// For people: where each field was read and what was refused.
pub(super) fn evidence(evidence: &Evidence) -> String {
    let mut told = String::new();
    for (field, of) in evidence {
        let found = if of.from.is_empty() {
            "not found".to_owned()
        } else {
            format!("{}: {}", of.from, brief(&of.raw))
        };
        out::field(&mut told, field, &found);
        for refused in &of.refused {
            let why = format!("not {}: {} ({})", refused.from, brief(&refused.raw), refused.why);
            out::field(&mut told, "", &why);
        }
    }
    told
}

/// The beginning of a text, as much as a line can bear.
fn brief(text: &str) -> String {
    const LIMIT: usize = 80;
    let mut short: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = short.char_indices().nth(LIMIT) {
        short.truncate(at);
        short.push('…');
    }
    short
}
