//! RSS 2.0, by the Advisory Board's specification and best-practice profile.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Category, Channel, Enclosure, Guid, Source};

use crate::model::Feed;

use super::format::Format;
use super::parts::{GENERATOR, Item, Parts};
use super::xml::escape_html;

/// Writes RSS 2.0.
pub(super) fn write(feed: &Feed) -> Vec<u8> {
    let parts = Parts::of(feed, Format::Rss.extension());
    let mut links = vec![link("self", parts.address)];
    links.extend(parts.hub.map(|href| Link { href, rel: "hub".to_owned(), ..Link::default() }));
    links.extend(parts.pages.links().map(|(rel, page)| link(rel, page.clone())));
    let namespaces = [
        ("fh".to_owned(), "http://purl.org/syndication/history/1.0".to_owned()),
        ("media".to_owned(), "http://search.yahoo.com/mrss/".to_owned()),
    ];
    let mut extensions = ExtensionMap::default();
    if parts.pages.current.is_some() {
        let archive = Extension { name: "fh:archive".to_owned(), ..Extension::default() };
        extensions.insert("fh".to_owned(), BTreeMap::from([("archive".to_owned(), vec![archive])]));
    }
    let channel = Channel {
        title: parts.title,
        link: parts.home,
        description: parts.description,
        language: Some(parts.lang),
        last_build_date: Some(date(&parts.updated.fixed_offset())),
        generator: Some(GENERATOR.to_owned()),
        atom_ext: Some(AtomExtension { links }),
        namespaces: BTreeMap::from(namespaces),
        extensions,
        items: parts.entries.into_iter().map(item).collect(),
        ..Channel::default()
    };
    // writing to memory cannot fail
    channel.write_to(Vec::new()).unwrap_or_default()
}

fn link(rel: &str, href: String) -> Link {
    let mime_type = Some("application/rss+xml".to_owned());
    Link { href, rel: rel.to_owned(), mime_type, ..Link::default() }
}

fn item(entry: Item) -> rss::Item {
    let summary = if entry.summary.is_empty() { &entry.title } else { &entry.summary };
    // `source` and `dc:source` exclude each other: where the page names its origin, the portal is the publisher
    let named = entry.source.is_some();
    let source = entry.origin.as_ref().filter(|_| !named);
    let terms = DublinCoreExtension {
        creators: entry.author.into_iter().collect(),
        sources: entry.source.into_iter().collect(),
        publishers: entry.origin.iter().filter(|_| named).map(|_| entry.portal.1.clone()).collect(),
        languages: entry.lang.into_iter().collect(),
        ..DublinCoreExtension::default()
    };
    let mut documents = entry.attachments.into_iter();
    // readers take one enclosure an item (best-practice profile); 0 stands for an unknown length
    let enclosure = documents.next().map(|d| Enclosure {
        url: d.url,
        length: d.length.unwrap_or(0).to_string(),
        mime_type: d.media_type,
    });
    let images = entry.images.into_iter().map(|url| media(url, "image", None));
    let others = documents.map(|d| media(d.url, "document", Some(d.media_type)));
    let mut extensions = ExtensionMap::default();
    let media: Vec<Extension> = images.chain(others).collect();
    if !media.is_empty() {
        extensions.insert("media".to_owned(), BTreeMap::from([("content".to_owned(), media)]));
    }
    if entry.updated.timestamp() != entry.published.timestamp() {
        let updated = Extension {
            name: "atom:updated".to_owned(),
            value: Some(entry.updated.to_rfc3339()),
            ..Extension::default()
        };
        extensions.insert("atom".to_owned(), BTreeMap::from([("updated".to_owned(), vec![updated])]));
    }
    rss::Item {
        description: Some(escape_html(summary)),
        title: Some(entry.title),
        link: Some(entry.url),
        categories: entry.categories.into_iter().map(|name| Category { name, domain: None }).collect(),
        enclosure,
        guid: Some(Guid { value: entry.id, permalink: false }),
        pub_date: Some(date(&entry.published)),
        source: source.map(|o| Source { url: o.address.clone(), title: Some(entry.portal.1.clone()) }),
        content: Some(entry.html),
        extensions,
        dublin_core_ext: (terms != DublinCoreExtension::default()).then_some(terms),
        ..rss::Item::default()
    }
}

/// `media:content` (Media RSS 1.5). Bare: some readers take a `media:title` for the title of the item.
fn media(url: String, medium: &str, media_type: Option<String>) -> Extension {
    let mut attrs = BTreeMap::from([("url".to_owned(), url), ("medium".to_owned(), medium.to_owned())]);
    attrs.extend(media_type.map(|t| ("type".to_owned(), t)));
    Extension { name: "media:content".to_owned(), attrs, ..Extension::default() }
}

/// RFC 822 with a year of four digits and a numeric zone.
fn date(at: &DateTime<FixedOffset>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}
