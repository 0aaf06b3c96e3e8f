//! JSON Feed 1.1.

use serde::Serialize;

use crate::model::Feed;

use super::format::Format;
use super::parts::{Item, Parts};

#[derive(Serialize)]
struct Document {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    /// Older articles: the archive page before this document.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub>,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<String>,
    authors: [Author; 1],
    language: String,
    items: Vec<Entry>,
}

/// Who tells of changes (section "Subscribing to Real-time Notifications").
#[derive(Serialize)]
struct Hub {
    r#type: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    url: String,
    title: String,
    content_html: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: String,
    date_modified: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attached>,
    #[serde(rename = "_tidings")]
    extra: Extra,
}

#[derive(Serialize)]
struct Attached {
    url: String,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

/// What JSON Feed has no word for (section "Extensions").
#[derive(Serialize)]
struct Extra {
    /// Where the article came from (来源).
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    portal: String,
    portal_title: String,
    /// How exactly the portal told `date_published`.
    precision: &'static str,
}

/// Writes JSON Feed 1.1.
pub(super) fn write(feed: &Feed) -> Vec<u8> {
    let parts = Parts::of(feed, Format::Json.extension());
    let document = Document {
        version: "https://jsonfeed.org/version/1.1",
        authors: [Author { name: parts.title.clone() }],
        title: parts.title,
        home_page_url: parts.home,
        feed_url: parts.address,
        next_url: parts.pages.previous,
        hubs: parts.hub.into_iter().map(|url| Hub { r#type: "WebSub", url }).collect(),
        description: parts.description,
        favicon: parts.icon,
        language: parts.lang,
        items: parts.entries.into_iter().map(entry).collect(),
    };
    // strings and lists alone: writing them to memory cannot fail
    serde_json::to_vec(&document).unwrap_or_default()
}

fn entry(item: Item) -> Entry {
    let documents = item.attachments.into_iter();
    Entry {
        id: item.id,
        url: item.url,
        title: item.title,
        content_html: item.html,
        summary: item.summary,
        image: item.images.into_iter().next(),
        date_published: item.published.to_rfc3339(),
        date_modified: item.updated.to_rfc3339(),
        authors: item.author.into_iter().map(|name| Author { name }).collect(),
        tags: item.categories,
        language: item.lang,
        attachments: documents
            .map(|d| Attached {
                url: d.url,
                mime_type: d.media_type,
                title: d.title,
                size_in_bytes: d.length,
            })
            .collect(),
        extra: Extra {
            source: item.source,
            portal: item.portal.0,
            portal_title: item.portal.1,
            precision: item.precision,
        },
    }
}
