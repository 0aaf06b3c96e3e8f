//! Atom 1.0 (RFC 4287).

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{
    Category, Content, Entry, Feed as Document, Generator, Link, Person, Source, Text, WriteConfig,
};
use chrono::{DateTime, SecondsFormat, Utc};

use crate::model::Feed;

use super::format::Format;
use super::parts::{GENERATOR, Item, Origin, Parts};
use super::xml::escape_html;

/// The crate's own declaration names no encoding.
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// RFC 5005, Feed Paging and Archiving.
const HISTORY: &str = "http://purl.org/syndication/history/1.0";

const MEDIA_TYPE: &str = "application/atom+xml";

/// Writes Atom 1.0.
pub(super) fn write(feed: &Feed) -> Vec<u8> {
    let parts = Parts::of(feed, Format::Atom.extension());
    let mut namespaces = BTreeMap::from([
        ("dc".to_owned(), "http://purl.org/dc/elements/1.1/".to_owned()),
        ("fh".to_owned(), HISTORY.to_owned()),
        ("media".to_owned(), "http://search.yahoo.com/mrss/".to_owned()),
    ]);
    let mut links =
        vec![link("self", parts.address, MEDIA_TYPE, None), link("alternate", parts.home, "text/html", None)];
    links.extend(parts.hub.map(|href| Link { href, rel: "hub".to_owned(), ..Link::default() }));
    links.extend(parts.pages.links().map(|(rel, page)| link(rel, page.clone(), MEDIA_TYPE, None)));
    let mut extensions = ExtensionMap::default();
    if parts.pages.current.is_some() {
        let archive = BTreeMap::from([("archive".to_owned(), vec![mark("fh:archive")])]);
        extensions.insert("fh".to_owned(), archive);
    }
    if !parts.tombstones.is_empty() {
        namespaces.insert("at".to_owned(), "http://purl.org/atompub/tombstones/1.0".to_owned());
        let gone = parts.tombstones.into_iter().map(deleted).collect();
        extensions.insert("at".to_owned(), BTreeMap::from([("deleted-entry".to_owned(), gone)]));
    }
    let document = Document {
        title: Text::plain(parts.title.clone()),
        id: parts.id,
        updated: parts.updated.fixed_offset(),
        authors: vec![person(parts.title)],
        generator: Some(Generator { value: GENERATOR.to_owned(), uri: None, version: None }),
        links,
        extensions,
        icon: parts.icon,
        subtitle: Some(Text::plain(parts.description)),
        entries: parts.entries.into_iter().map(entry).collect(),
        namespaces,
        lang: Some(parts.lang),
        ..Document::default()
    };
    let config = WriteConfig { write_document_declaration: false, indent_size: None };
    // writing to memory cannot fail
    document.write_with_config(DECLARATION.to_vec(), config).unwrap_or_default()
}

fn entry(item: Item) -> Entry {
    let mut links = vec![link("alternate", item.url, "text/html", None)];
    links.extend(item.attachments.into_iter().map(|d| Link {
        length: d.length.map(|length| length.to_string()),
        ..link("enclosure", d.url, &d.media_type, d.title)
    }));
    // `source` and `dc:source` exclude each other: where the page names its origin, the portal is the publisher
    let named = item.source.is_some();
    let mut extensions = ExtensionMap::default();
    let mut terms = BTreeMap::new();
    if let Some(origin) = item.source {
        terms.insert("source".to_owned(), vec![element("dc:source", origin)]);
        if item.origin.is_some() {
            terms.insert("publisher".to_owned(), vec![element("dc:publisher", item.portal.1.clone())]);
        }
        extensions.insert("dc".to_owned(), terms);
    }
    let media: Vec<Extension> = item.images.iter().map(|url| image(url)).collect();
    if !media.is_empty() {
        extensions.insert("media".to_owned(), BTreeMap::from([("content".to_owned(), media)]));
    }
    let category = |term| Category { term, scheme: None, label: None };
    Entry {
        title: Text::plain(item.title),
        id: item.id,
        updated: item.updated.fixed_offset(),
        authors: item.author.into_iter().map(person).collect(),
        categories: item.categories.into_iter().map(category).collect(),
        links,
        published: Some(item.published),
        source: item.origin.filter(|_| !named).map(|origin| source(origin, item.portal.1)),
        summary: Some(item.summary).filter(|s| !s.is_empty()).map(Text::plain),
        content: Some(Content {
            value: Some(item.html),
            lang: item.lang,
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        extensions,
        ..Entry::default()
    }
}

fn source(origin: Origin, title: String) -> Source {
    Source {
        title: Text::plain(title.clone()),
        id: origin.id,
        updated: origin.updated.fixed_offset(),
        authors: vec![person(title)],
        links: vec![link("self", origin.address, "application/atom+xml", None)],
        ..Source::default()
    }
}

fn person(name: String) -> Person {
    Person { name, ..Person::default() }
}

fn link(rel: &str, href: String, media_type: &str, title: Option<String>) -> Link {
    Link { href, rel: rel.to_owned(), mime_type: Some(media_type.to_owned()), title, ..Link::default() }
}

fn mark(name: &str) -> Extension {
    Extension { name: name.to_owned(), ..Extension::default() }
}

fn element(name: &str, value: String) -> Extension {
    Extension { name: name.to_owned(), value: Some(value), ..Extension::default() }
}

/// `at:deleted-entry` (RFC 6721 section 3). Bare, as its only needed parts are these.
fn deleted((id, at): (String, DateTime<Utc>)) -> Extension {
    let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let attrs = [("ref".to_owned(), escape_html(&id)), ("when".to_owned(), at)];
    Extension { name: "at:deleted-entry".to_owned(), attrs: BTreeMap::from(attrs), ..Extension::default() }
}

/// `media:content` (Media RSS 1.5). Bare: some readers take a `media:title` for the title of the entry.
/// The crate writes attributes of extensions as they come: escaped here.
fn image(url: &str) -> Extension {
    let attrs = [("url".to_owned(), escape_html(url)), ("medium".to_owned(), "image".to_owned())];
    Extension { name: "media:content".to_owned(), attrs: BTreeMap::from(attrs), ..Extension::default() }
}
