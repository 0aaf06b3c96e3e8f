//! What a page says of itself for machines: meta elements and JSON-LD.

use std::collections::HashMap;

use serde_json::Value;

use crate::page::Page;
use crate::page::text::fold;

/// Deeper JSON-LD is no article's.
const DEPTH: usize = 12;

/// The article of the page's JSON-LD, as far as it says anything (schema.org `Article` and its kinds).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct JsonLd {
    pub(super) headline: Option<String>,
    pub(super) published: Option<String>,
    /// When the page, its picture or its recipe was, where no article is named.
    pub(super) page_published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) authors: Vec<String>,
    /// Who runs the site.
    pub(super) publisher: Option<String>,
    /// The authors of the page, where no article names its own.
    page_authors: Vec<String>,
    /// Names that stand under an identifier, which others refer to.
    named: HashMap<String, String>,
    pub(super) section: Vec<String>,
    pub(super) breadcrumbs: Vec<String>,
}

/// Reads the page's JSON-LD; what cannot be read is passed over.
pub(super) fn json_ld(page: &Page) -> JsonLd {
    let mut found = JsonLd::default();
    for text in page.json_ld() {
        // control characters inside strings are common and forbidden (RFC 8259 section 7)
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if let Ok(value) = serde_json::from_str::<Value>(clean.trim().trim_end_matches(';')) {
            visit(&value, &mut found, DEPTH);
        } else {
            // broken somewhere: its dates may still be told
            let date = |key| quoted(&clean, key).map(str::to_owned);
            found.page_published = found.page_published.take().or_else(|| date("datePublished"));
            found.modified = found.modified.take().or_else(|| date("dateModified"));
        }
    }
    if found.authors.is_empty() {
        found.authors = std::mem::take(&mut found.page_authors);
    }
    let named = &found.named;
    let known = |name: String| match name.strip_prefix(REFERENCE) {
        Some(id) => named.get(id).cloned(),
        None => Some(name),
    };
    found.publisher = found.publisher.take().and_then(known);
    let mut authors: Vec<String> = Vec::new();
    for name in std::mem::take(&mut found.authors).into_iter().filter_map(known) {
        if !name.is_empty() && !name.contains("://") && !authors.contains(&name) {
            authors.push(name);
        }
    }
    found.authors = authors;
    found
}

/// Before an identifier that stands for a name told elsewhere.
const REFERENCE: &str = "\u{0}";

fn visit(value: &Value, found: &mut JsonLd, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, found, depth)),
        Value::Object(object) => {
            if let (Some(id), Some(name)) =
                (value.get("@id").and_then(Value::as_str), value.get("name").and_then(Value::as_str))
            {
                found.named.entry(id.to_owned()).or_insert_with(|| fold(name));
            }
            if is_kind(value, &["WebPage"]) && found.page_authors.is_empty() {
                found.page_authors = names(value.get("author"));
            }
            if is_kind(
                value,
                &[
                    "Article",
                    "NewsArticle",
                    "BlogPosting",
                    "Report",
                    "ReportageNewsArticle",
                    "AnalysisNewsArticle",
                    "OpinionNewsArticle",
                    "LiveBlogPosting",
                    "SocialMediaPosting",
                    "TechArticle",
                ],
            ) {
                article(value, found);
            } else if let Some(date) = value.get("datePublished").and_then(Value::as_str) {
                found.page_published.get_or_insert_with(|| fold(date));
                let changed = value.get("dateModified").and_then(Value::as_str).map(fold);
                found.modified = found.modified.take().or(changed);
            } else if is_kind(value, &["BreadcrumbList"]) && found.breadcrumbs.is_empty() {
                found.breadcrumbs = breadcrumbs(value);
            }
            if let Some(graph) = object.get("@graph") {
                visit(graph, found, depth);
            }
            if let Some(main) = object.get("mainEntity") {
                visit(main, found, depth);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_kind(value: &Value, kinds: &[&str]) -> bool {
    match value.get("@type") {
        Some(Value::String(kind)) => kinds.contains(&kind.rsplit('/').next().unwrap_or_default()),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).any(|kind| kinds.contains(&kind)),
        _ => false,
    }
}

fn article(value: &Value, found: &mut JsonLd) {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(fold).filter(|text| !text.is_empty());
    found.headline = found.headline.take().or_else(|| text("headline").or_else(|| text("name")));
    found.published =
        found.published.take().or_else(|| text("datePublished").or_else(|| text("dateCreated")));
    found.modified = found.modified.take().or_else(|| text("dateModified"));
    if found.authors.is_empty() {
        found.authors = names(value.get("author").or_else(|| value.get("creator")));
    }
    if found.publisher.is_none() {
        found.publisher = names(value.get("publisher")).into_iter().next();
    }
    if found.section.is_empty() {
        found.section = names(value.get("articleSection"));
    }
}

/// A name, a thing with a name, or a list of them.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(name)) => vec![fold(name)],
        Some(Value::Array(all)) => all.iter().flat_map(|one| names(Some(one))).collect(),
        Some(Value::Object(thing)) => match (thing.get("name"), thing.get("@id").and_then(Value::as_str)) {
            (None, Some(id)) => vec![format!("{REFERENCE}{id}")],
            (name, _) => names(name),
        },
        _ => Vec::new(),
    }
}

fn breadcrumbs(value: &Value) -> Vec<String> {
    let items = value.get("itemListElement").and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(|item| item.get("name").or_else(|| item.get("item")?.get("name")))
        .filter_map(Value::as_str)
        .map(fold)
        .collect()
}

/// The first of some meta elements that says anything: its name and content.
pub(super) fn first<'a>(page: &'a Page, names: &[&'a str]) -> Option<(&'a str, String)> {
    names.iter().find_map(|name| {
        let content = fold(page.meta(name)?);
        (!content.is_empty()).then_some((*name, content))
    })
}

/// What the label of a fact for previews says when the fact is the author.
const WRITTEN_BY: [&str; 14] = [
    "written by",
    "by",
    "author",
    "verfasst von",
    "geschrieben von",
    "autor",
    "écrit par",
    "escrito por",
    "scritto da",
    "geschreven door",
    "napisane przez",
    "skrevet av",
    "作者",
    "автор",
];

/// Authors as meta elements name them, with the element.
pub(super) fn authors(page: &Page) -> Vec<(&str, String)> {
    const NAMES: [&str; 11] = [
        "article:author_name",
        "og:article:author",
        "citation_author",
        "author",
        "article:author",
        "byl",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "sailthru.author",
        "shareaholic:article_author_name",
    ];
    const MOST: usize = 12;
    let mut found: Vec<(&str, String)> = Vec::new();
    for name in NAMES {
        let all =
            page.metas().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, content)| fold(content));
        let mut all: Vec<String> =
            all.filter(|text| !text.is_empty() && !text.contains("://")).take(MOST).collect();
        all.dedup();
        let is_list = name.starts_with("citation") || name.ends_with("creator");
        all.truncate(if is_list { MOST } else { 1 });
        if !all.is_empty() {
            found.push((name, all.join(", ")));
        }
    }
    for (label, data) in [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")] {
        if let (Some(label), Some(text)) = (page.meta(label), page.meta(data))
            && WRITTEN_BY.contains(&label.trim().to_lowercase().as_str())
        {
            found.push((data, fold(text)));
        }
    }
    found
}

/// The text that stands behind a key in data of a script, whether or not its quotes are escaped; also a number.
pub(super) fn quoted<'a>(script: &'a str, key: &str) -> Option<&'a str> {
    const LONGEST: usize = 40;
    script.match_indices(key).take(8).find_map(|(at, _)| {
        let is_key = script.get(..at).is_some_and(|before| before.ends_with('"'));
        let rest = script.get(at + key.len()..).filter(|_| is_key)?;
        let rest =
            rest.trim_start_matches('\\').strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
        let rest = rest.trim_start_matches('\\').trim_start_matches('"');
        let end = rest.bytes().take(LONGEST).position(|b| matches!(b, b'"' | b'\\' | b',' | b'}'))?;
        rest.get(..end).filter(|value| value.bytes().filter(u8::is_ascii_digit).count() >= 6)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    fn page(html: &str) -> Page {
        Page::parse(html, PageUrl::parse("http://a.example/news/7").unwrap())
    }

    #[test]
    fn an_author_told_by_reference_is_looked_up() {
        let page = page(
            r##"<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"#eva"},"publisher":{"@id":"#bote"}},
            {"@type":"Person","@id":"#eva","name":"Eva Falk"},{"@type":"Organization","@id":"#bote","name":"Der Bote"}]}</script>"##,
        );
        let found = json_ld(&page);
        assert_eq!(
            (found.authors, found.publisher.as_deref()),
            (vec!["Eva Falk".to_owned()], Some("Der Bote"))
        );
    }

    #[test]
    fn meta_elements_name_authors_but_not_their_pages() {
        let page = page(
            "<meta property=article:author content='https://social.example/eva'><meta name=citation_author content='Eva Falk'>\
             <meta name=citation_author content='Emil Stein'><meta name=twitter:label1 content='Verfasst von'><meta name=twitter:data1 content='Max Weber'>",
        );
        let names: Vec<String> = authors(&page).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Eva Falk, Emil Stein", "Max Weber"]);
    }
}
