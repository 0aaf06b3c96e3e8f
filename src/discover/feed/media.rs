//! What a feed names beside an entry's text: sounds, films, documents, pictures.

use feed_rs::model::Entry;

use crate::model::{Attachment, Image, PageUrl};

/// Media types by the ends of file names; the feed's own word goes before.
const TYPES: [(&str, &str); 20] = [
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/opus"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("mov", "video/quicktime"),
    ("webm", "video/webm"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("svg", "image/svg+xml"),
];
/// Files of one entry; a longer row is no article's.
const MOST_FILES: usize = 50;

/// A file as it is named: address, media type, bytes, title.
type Named = (PageUrl, Option<String>, Option<u64>, Option<String>);

/// The files and the pictures of an entry. `url` is what their addresses are resolved against.
pub(super) fn of(entry: &Entry, url: &PageUrl) -> (Vec<Attachment>, Vec<Image>) {
    let links = entry.links.iter().filter(|link| is_file(link));
    let mut named: Vec<Named> = links
        .filter_map(|link| {
            Some((url.join(&link.href).ok()?, link.media_type.clone(), link.length, link.title.clone()))
        })
        .collect();
    for media in &entry.media {
        let title = media.title.as_ref().map(|title| title.content.clone());
        named.extend(media.content.iter().filter_map(|file| {
            let kind = file.content_type.as_ref().map(ToString::to_string);
            Some((url.join(file.url.as_ref()?.as_str()).ok()?, kind, file.size, title.clone()))
        }));
    }
    let (mut files, mut images): (Vec<Attachment>, Vec<Image>) = (Vec::new(), Vec::new());
    for (url, kind, length, title) in named.into_iter().take(MOST_FILES) {
        let media_type = kind
            .filter(|kind| kind.contains('/'))
            .or_else(|| by_name(&url))
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        let title = title.map(|title| crate::page::text::fold(&title)).filter(|title| !title.is_empty());
        // of a page that plays a film, the film is none of ours
        if media_type.starts_with("text/") {
            continue;
        }
        if media_type.starts_with("image/") {
            add(&mut images, Image { url, alt: title.unwrap_or_default() }, |image| &image.url);
        } else {
            let title = title.unwrap_or_else(|| name(&url));
            // 0 stands for an unknown length
            let length = length.filter(|length| *length > 0);
            add(&mut files, Attachment { url, media_type, title, length }, |file| &file.url);
        }
    }
    let thumbnails = entry.media.iter().flat_map(|media| &media.thumbnails);
    for url in thumbnails.filter_map(|thumbnail| url.join(&thumbnail.image.uri).ok()).take(MOST_FILES) {
        if images.is_empty() {
            add(&mut images, Image { url, alt: String::new() }, |image| &image.url);
        }
    }
    (files, images)
}

/// Whether a link leads to a file and not to the article.
pub(super) fn is_file(link: &feed_rs::model::Link) -> bool {
    match link.rel.as_deref() {
        Some(rel) => rel.trim().eq_ignore_ascii_case("enclosure"),
        // JSON Feed's attachments
        None => link.media_type.is_some(),
    }
}

fn add<T>(all: &mut Vec<T>, one: T, url: impl Fn(&T) -> &PageUrl) {
    if !all.iter().any(|known| url(known) == url(&one)) {
        all.push(one);
    }
}

fn name(url: &PageUrl) -> String {
    url.as_url().path().rsplit('/').next().unwrap_or_default().to_owned()
}

fn by_name(url: &PageUrl) -> Option<String> {
    let name = name(url).to_ascii_lowercase();
    let end = name.rsplit_once('.')?.1;
    TYPES.iter().find(|(known, _)| *known == end).map(|(_, kind)| (*kind).to_owned())
}
