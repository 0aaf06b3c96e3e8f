//! Links made absolute and clean; documents told from pages.

use percent_encoding::percent_decode_str;

use crate::model::{Attachment, PageUrl};

/// File endings of documents people attach to articles, and their media types.
const DOCUMENTS: [(&str, &str); 17] = [
    ("pdf", "application/pdf"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("wps", "application/vnd.ms-works"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("et", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("rtf", "application/rtf"),
    ("ofd", "application/ofd"),
    ("zip", "application/zip"),
    ("rar", "application/vnd.rar"),
    ("7z", "application/x-7z-compressed"),
    ("epub", "application/epub+zip"),
];

/// Scripts that hand out a document named in the query: `downfile.jsp?filename=a.pdf`.
const DOWNLOADS: [&str; 4] = ["downfile", "download", "downloadfile", "attach"];

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A page or document.
    Web(PageUrl),
    /// A mail address, `mailto:` included.
    Mail(String),
}

/// Reads a reference of an article; None for scripts, anchors on the page itself and other schemes.
pub(super) fn target(base: &PageUrl, href: &str) -> Option<Target> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    if href.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        return Some(Target::Mail(href.to_owned()));
    }
    base.join(href).ok().map(|url| Target::Web(url.without_tracking()))
}

/// The document a link leads to, if it leads to one.
pub(super) fn attachment(url: &PageUrl, label: &str) -> Option<Attachment> {
    let path = url.as_url().path();
    let by_query = || {
        let script = path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        let hands_out = DOWNLOADS.contains(&script.to_ascii_lowercase().as_str());
        hands_out.then(|| url.as_url().query_pairs().find_map(|(_, value)| media_type(&value))).flatten()
    };
    let media_type = media_type(path).or_else(by_query)?;
    let title = if label.is_empty() { file_name(path) } else { label.to_owned() };
    Some(Attachment { url: url.clone(), media_type: media_type.to_owned(), title, length: None })
}

fn media_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    DOCUMENTS.iter().find(|(known, _)| *known == ending).map(|(_, media_type)| *media_type)
}

fn file_name(path: &str) -> String {
    percent_decode_str(path.rsplit('/').next().unwrap_or_default()).decode_utf8_lossy().into_owned()
}
