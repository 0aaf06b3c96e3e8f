//! One entry of a feed to a candidate.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed, Person};

use super::super::markup;
use super::super::whole::Said;
use super::clean::Beside;
use super::media;
use super::tail;
use super::title;
use crate::model::{Candidate, Given, PageUrl, Precision, Stamp};
use crate::page::{Page, text};

/// What shows without a word.
const FILMS: [&str; 5] = ["<img", "<video", "<audio", "<iframe", "<embed"];

/// Stamps by the instants that the parser was given: it keeps neither offset nor precision.
pub(super) type Stamps = HashMap<DateTime<Utc>, Stamp>;

/// What the entries of one feed are read with.
pub(super) struct Reader<'a> {
    /// The feed's own address.
    pub(super) url: &'a PageUrl,
    pub(super) head: &'a Feed,
    /// Whether texts have types, as Atom's have.
    pub(super) is_typed: bool,
}

/// An entry as read, before it is compared with the others.
pub(super) struct Item {
    pub(super) title: String,
    /// Where it leads; None for one that leads nowhere.
    pub(super) link: Option<PageUrl>,
    pub(super) published: Option<Stamp>,
    pub(super) summary: Option<String>,
    pub(super) given: Given,
    pub(super) said: Said,
}

impl Reader<'_> {
    /// None for an entry that leads nowhere and says nothing.
    pub(super) fn item(
        &self,
        entry: &Entry,
        beside: &Beside,
        stamps: &Stamps,
        updated: Option<Stamp>,
    ) -> Option<Item> {
        let stamp = |at: DateTime<Utc>| {
            let plain = Stamp { at: at.fixed_offset(), precision: Precision::Second };
            stamps.get(&at).copied().unwrap_or(plain)
        };
        let link = self.link(entry, beside);
        let base = link.as_ref().unwrap_or(self.url);
        let (html, said) = self.said(entry, base, beside.is_cut);
        let title = self.title(entry, beside, &said);
        let (attachments, images) = media::of(entry, self.url);
        if link.is_none() && title.is_empty() && attachments.is_empty() {
            return None;
        }
        let published = entry.published.or(entry.updated).map(stamp).or(updated);
        let modified = updated
            .or(entry.updated.map(stamp))
            .filter(|at| published.is_some_and(|first| first.utc() < at.utc()));
        let given = Given {
            touched: None,
            id: Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty()),
            html,
            is_whole: false,
            was_whole: false,
            author: self.author(entry),
            source: beside
                .source
                .as_deref()
                .map(text::fold)
                .filter(|name| !name.is_empty() && !name.contains("://")),
            categories: categories(entry, beside),
            modified,
            lang: beside
                .lang
                .clone()
                .or_else(|| entry.language.clone())
                .or_else(|| self.head.language.clone()),
            base: beside.base.clone(),
            images,
            attachments,
        };
        let summary = said.teaser.as_deref().map(text::fold).filter(|line| !line.is_empty());
        Some(Item { title, link, published, summary, given, said })
    }

    /// The body, else the teaser, as markup; and both as text.
    fn said(&self, entry: &Entry, base: &PageUrl, is_cut: bool) -> (String, Said) {
        let is_told = |text: &&str| !text.trim().is_empty();
        let body = entry.content.as_ref().and_then(|content| content.body.as_deref()).filter(is_told);
        let teaser = entry.summary.as_ref().map(|summary| summary.content.as_str()).filter(is_told);
        let (body, teaser) = (body.map(|body| self.markup(entry, body)), teaser.map(markup::of_text));
        let (body, teaser) =
            (body.map(|html| tail::cut(html, base)), teaser.map(|html| tail::cut(html, base)));
        let lines = |html: &String| Page::parse(html, base.clone()).body().lines().join("\n");
        let said = Said {
            body: body.as_ref().map(lines),
            teaser: teaser.as_ref().map(lines),
            is_cut,
            has_pictures: body.as_ref().is_some_and(|html| FILMS.iter().any(|tag| html.contains(tag))),
        };
        (body.or(teaser).unwrap_or_default(), said)
    }

    /// The title, else one under another format's name; of an entry that has none, the beginning of its text.
    fn title(&self, entry: &Entry, beside: &Beside, said: &Said) -> String {
        let is_markup = |told: &feed_rs::model::Text| told.content_type.subty().as_str() != "plain";
        let kind = entry.title.as_ref().filter(|_| self.is_typed).map(is_markup);
        let title = entry.title.as_ref().map(|told| title::plain(&told.content, kind)).unwrap_or_default();
        let foreign = || beside.title.as_deref().map(|told| title::plain(told, None));
        if let Some(title) = Some(title).filter(|title| !title.is_empty()).or_else(foreign) {
            return title;
        }
        let text = said.body.as_deref().or(said.teaser.as_deref()).unwrap_or_default();
        title::of_text(&text::fold(text.lines().next().unwrap_or_default()))
    }

    /// The article's address: the link, else a name that is one.
    fn link(&self, entry: &Entry, beside: &Beside) -> Option<PageUrl> {
        let is_page = |kind: Option<&str>| kind.is_none_or(|kind| kind.contains("html"));
        let links = || {
            entry.links.iter().filter(|link| {
                link.rel.as_deref().is_none_or(|rel| rel.trim().eq_ignore_ascii_case("alternate"))
                    && !media::is_file(link)
            })
        };
        let written = links()
            .filter(|link| is_page(link.media_type.as_deref()))
            .chain(links())
            .map(|link| link.href.as_str());
        let name = Some(entry.id.trim()).filter(|id| id.starts_with("http://") || id.starts_with("https://"));
        let all = written
            .filter(|href| !href.trim().is_empty())
            .chain(beside.href.as_deref())
            .chain(name)
            .chain(beside.permalink.as_deref());
        // no address means `&amp;`: it was escaped twice
        all.filter_map(|href| self.url.join(&href.replace("&amp;", "&")).ok()).next()
    }

    /// A body as markup: a plain one with its lines as paragraphs.
    fn markup(&self, entry: &Entry, body: &str) -> String {
        let is_plain =
            entry.content.as_ref().is_some_and(|content| content.content_type.subty().as_str() == "plain");
        if is_plain && self.is_typed { markup::paragraphs(body) } else { markup::of_text(body) }
    }

    fn author(&self, entry: &Entry) -> Option<String> {
        let own = if entry.authors.is_empty() && self.is_typed { &self.head.authors } else { &entry.authors };
        let mut names: Vec<String> = Vec::new();
        for name in own.iter().filter_map(name_of) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Some(names.join(", ")).filter(|names| !names.is_empty())
    }
}

/// Who a person is: `mail@host (Name)`, `Name <mail@host>`, a name alone; an address alone is nobody's name.
fn name_of(person: &Person) -> Option<String> {
    // what RSS calls an address stands under its element's name
    let written = match &person.email {
        Some(email) if matches!(person.name.as_str(), "author" | "unknown") => email,
        _ => &person.name,
    };
    let inside = written.split_once('(').and_then(|(before, rest)| Some((before, rest.split_once(')')?.0)));
    let name = match inside {
        Some((before, inside)) if before.contains('@') => inside,
        _ => written.split('<').next().unwrap_or_default(),
    };
    let name = text::fold(name);
    let is_address = name.contains('@') && !name.contains(' ');
    let is_name = !name.is_empty() && name != "unknown" && !is_address;
    is_name.then_some(name)
}

fn categories(entry: &Entry, beside: &Beside) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let own = entry.categories.iter().map(|category| category.label.as_ref().unwrap_or(&category.term));
    for written in own.chain(&beside.categories) {
        let name = title::plain(written, None);
        if !name.is_empty() && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

impl Item {
    /// As a candidate; `url` is where it leads.
    pub(super) fn candidate(self, url: PageUrl) -> Candidate {
        let Self { title, published, summary, given, .. } = self;
        Candidate { url, title, published, summary, given: Some(Box::new(given)) }
    }
}
