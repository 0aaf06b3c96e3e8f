//! A [`Draft`] to an [`Article`], or a [`Reject`] with its reason.

mod flow;
mod images;
mod join;
mod links;
mod roles;
mod sanitise;
mod text;

use crate::model::{Article, Candidate, Class, Draft, Evidence, Image, MOST_BODY, Note, Reject, RejectClass};
use crate::page::Page;
use crate::page::text::fold;

use flow::{Flow, MOST_HTML};

/// A longer title is cut here: no headline has so many characters, a broken page may.
const TITLE_CHARS: usize = 1024;
/// A longer author or source is no name.
const NAME_CHARS: usize = 200;
/// More categories than this are no breadcrumb.
const CATEGORIES: usize = 20;

/// Cleans a draft: sanitised HTML, absolute links, white space, summary, language.
///
/// # Errors
/// When the page is no article: the reader rejected it, or it has no title, or nothing is left of its body.
pub fn article(draft: Draft) -> Result<(Article, Vec<Note>), Reject> {
    if let Some(reject) = draft.reject {
        return Err(reject);
    }
    let reject = |class, detail: &str| Reject { class, detail: detail.to_owned() };
    let mut notes = Vec::new();
    let url = draft.url.without_tracking();
    let mut title = fold(draft.title.as_deref().unwrap_or_default());
    if title.is_empty() {
        return Err(reject(RejectClass::NoTitle, "the page shows no headline"));
    }
    if title.chars().nth(TITLE_CHARS).is_some() {
        title = title.chars().take(TITLE_CHARS).collect();
        let detail = format!("title cut at {TITLE_CHARS} characters");
        notes.push(Note { class: Class::Truncated, detail, url: Some(url.clone()) });
    }
    let page = Page::parse(&draft.body_html, draft.base.clone());
    notes.extend(page.notes().iter().cloned());
    let mut flow = Flow::of(&page, &draft.base, MOST_HTML);
    flow.is_cut |= draft.body_html.len() >= MOST_BODY;
    for part in &draft.further {
        let page = Page::parse(&part.html, part.base.clone());
        notes.extend(page.notes().iter().cloned());
        let room = MOST_HTML.saturating_sub(flow.html.len());
        flow.extend(Flow::of(&page, &part.base, room));
    }
    if flow.is_cut {
        let detail = format!("the article was cut at {MOST_HTML} bytes");
        notes.push(Note { class: Class::Truncated, detail, url: Some(url.clone()) });
    }
    let is_empty = flow.lines.is_empty() && flow.images.is_empty() && flow.attachments.is_empty();
    if is_empty && draft.attachments.is_empty() {
        return Err(reject(RejectClass::NoBody, "the page shows no text, picture or document of an article"));
    }
    let text = flow.lines.join("\n");
    let mut images = flow.images;
    add_new(&mut images, draft.lead_images, |image: &Image| image.url.clone());
    let mut attachments = flow.attachments;
    let beside = draft.documents.iter().filter_map(|link| links::attachment(&link.url, &link.text)).collect();
    add_new(&mut attachments, beside, |attachment| attachment.url.clone());
    add_new(&mut attachments, draft.attachments, |attachment| attachment.url.clone());
    let canonical_url = draft.canonical_url.filter(|other| other.same_site(&url) && *other != url);
    let article = Article {
        canonical_url,
        lang: text::language(draft.lang.as_deref(), &title, &text),
        summary: text::summary(&text),
        html: sanitise::clean(&flow.html),
        published: draft.published,
        modified: draft.modified,
        author: draft.author.as_deref().and_then(name),
        source: draft.source.as_deref().and_then(name),
        categories: draft.categories.iter().filter_map(|category| name(category)).take(CATEGORIES).collect(),
        evidence: draft.evidence,
        url,
        title,
        text,
        images,
        attachments,
    };
    Ok((article, notes))
}

/// An article of what the list says alone, for portals whose pages are not read, and for feeds that hold all of it.
#[must_use]
pub fn from_candidate(candidate: &Candidate) -> Article {
    let url = candidate.url.without_tracking();
    let said = candidate.given.as_deref().cloned().unwrap_or_default();
    let summary = candidate.summary.as_deref().map(fold).unwrap_or_default();
    let draft = Draft {
        base: said.base.unwrap_or_else(|| url.clone()),
        url,
        canonical_url: None,
        title: Some(candidate.title.clone()),
        published: candidate.published,
        modified: said.modified,
        author: said.author,
        source: said.source,
        categories: said.categories,
        body_html: if said.html.is_empty() {
            format!("<p>{}</p>", sanitise::escape(&summary))
        } else {
            said.html
        },
        lang: said.lang,
        further: Vec::new(),
        lead_images: said.images,
        documents: Vec::new(),
        attachments: said.attachments,
        evidence: Evidence::new(),
        reject: None,
    };
    let bare = draft.clone();
    // a list may say no more than a title
    article(draft).map_or_else(|_| title_alone(bare), |(article, _)| article)
}

/// An article of which no more is known than how it is called.
fn title_alone(draft: Draft) -> Article {
    let title: String = fold(draft.title.as_deref().unwrap_or_default()).chars().take(TITLE_CHARS).collect();
    Article {
        url: draft.url,
        canonical_url: None,
        lang: text::language(draft.lang.as_deref(), &title, ""),
        title,
        published: draft.published,
        modified: draft.modified,
        author: draft.author.as_deref().and_then(name),
        source: draft.source.as_deref().and_then(name),
        categories: draft.categories.iter().filter_map(|category| name(category)).take(CATEGORIES).collect(),
        html: String::new(),
        text: String::new(),
        summary: String::new(),
        images: Vec::new(),
        attachments: Vec::new(),
        evidence: draft.evidence,
    }
}

/// One folded line that may be a name; None when it is empty or too long for one.
fn name(raw: &str) -> Option<String> {
    let folded = fold(raw);
    (!folded.is_empty() && folded.chars().count() <= NAME_CHARS).then_some(folded)
}

fn add_new<T, K: PartialEq>(list: &mut Vec<T>, more: Vec<T>, key: impl Fn(&T) -> K) {
    for item in more {
        if !list.iter().any(|known| key(known) == key(&item)) {
            list.push(item);
        }
    }
}

#[cfg(test)]
mod tests;
