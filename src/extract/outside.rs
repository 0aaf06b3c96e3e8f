//! What stands outside the body and belongs to the article: documents under it, a picture named for sharing.

use crate::model::{Image, Linked, PageUrl};
use crate::page::{Node, Page};

use super::body::Body;
use super::meta;
use super::pieces::Line;

/// So many lines behind the body may hold its documents.
const LINES: usize = 14;
/// A longer list of documents is a library.
const MOST: usize = 30;

/// What a list of an article's documents is called, on the page or in its names.
const LABELS: [&str; 35] = [
    "pdf",
    "附件",
    "相關檔案",
    "相关附件",
    "附加檔案",
    "附檔",
    "下載",
    "下载",
    "文件下载",
    "添付",
    "ダウンロード",
    "関連資料",
    "資料",
    "attach",
    "document",
    "download",
    "file",
    "anhang",
    "anlage",
    "dokument",
    "joint",
    "télécharg",
    "fichier",
    "adjunt",
    "descarg",
    "allegat",
    "documenti",
    "anexo",
    "ficheiro",
    "файл",
    "скачать",
    "документ",
    "приложени",
    "fujian",
    "fj",
];

/// The documents under the body: links on lines that say so.
pub(super) fn documents(page: &Page, lines: &[Line<'_>], body: Option<&Body<'_>>) -> Vec<Linked> {
    let Some(body) = body else { return Vec::new() };
    let behind: Vec<&Line<'_>> =
        lines.iter().filter(|line| line.block.order() > body.end).take(LINES).collect();
    let mut found: Vec<Linked> = Vec::new();
    let mut labelled_at = None;
    if !behind.iter().any(|line| line.has_document) {
        return found;
    }
    for (number, line) in behind.iter().enumerate() {
        if says_documents(&line.text) || names_documents(line.block) {
            labelled_at = Some(number);
        }
        let is_near = labelled_at.is_some_and(|at| number <= at + MOST);
        if !line.has_document || !is_near {
            if !line.has_document && labelled_at.is_some_and(|at| number > at) {
                labelled_at = None;
            }
            continue;
        }
        let links = line.block.descendants().filter(|node| node.name() == "a");
        let linked = links.filter_map(|node| {
            let url = page.join(node.attr("href")?)?;
            Some(Linked { url, text: node.text() })
        });
        for link in linked {
            if found.len() < MOST && found.iter().all(|known| known.url != link.url) {
                found.push(link);
            }
        }
        labelled_at = Some(number);
    }
    found
}

fn says_documents(text: &str) -> bool {
    let text = text.to_lowercase();
    LABELS.iter().any(|label| label.len() > 2 && text.contains(label))
}

fn names_documents(block: Node<'_>) -> bool {
    let is_named = |names: &str| {
        let names = names.to_ascii_lowercase();
        let mut parts = names.split(|c: char| !c.is_alphanumeric());
        parts.any(|part| LABELS.iter().any(|label| part.starts_with(label)))
    };
    std::iter::once(block)
        .chain(block.ancestors().take(2))
        .filter(|node| node.is_named())
        .any(|node| node.id().is_some_and(is_named) || node.attr("class").is_some_and(is_named))
}

/// A picture named for sharing, when the body shows none.
pub(super) fn lead_images(page: &Page, body: Option<&Body<'_>>) -> Vec<Image> {
    if body.is_none_or(|body| body.html.contains("<img")) {
        return Vec::new();
    }
    let named = meta::first(page, &["og:image", "twitter:image"]).and_then(|(_, text)| page.join(&text));
    let is_logo = |url: &PageUrl| {
        let path = url.path_and_query().to_ascii_lowercase();
        ["logo", "default", "icon", "placeholder", "avatar"].iter().any(|mark| path.contains(mark))
    };
    named.filter(|url| !is_logo(url)).map(|url| Image { url, alt: String::new() }).into_iter().collect()
}
