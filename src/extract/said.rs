//! What a feed or an API said of an article fills the gaps that its page leaves.

use crate::model::{Draft, Given};

/// Where such a value was read.
const FROM: &str = "the feed or API that lists it";

/// So many categories are sections that the article stands in.
const SECTIONS: usize = 3;

/// Fills what the page does not say. What it says is never replaced; sections that it does not name are added.
pub(super) fn fill(draft: &mut Draft, said: &Given) {
    let mut told = |field: &str, raw: String| {
        let evidence = draft.evidence.entry(field.to_owned()).or_default();
        (evidence.from, evidence.raw) = (FROM.to_owned(), raw);
    };
    if let (None, Some(author)) = (&draft.author, &said.author) {
        told("author", author.clone());
        draft.author = Some(author.clone());
    }
    if let (None, Some(source)) = (&draft.source, &said.source) {
        told("source", source.clone());
        draft.source = Some(source.clone());
    }
    // of many words most are tags: they only serve where the page names nothing
    let is_sections = said.categories.len() <= SECTIONS;
    if (draft.categories.is_empty() || is_sections) && !said.categories.is_empty() {
        let added: Vec<String> =
            said.categories.iter().filter(|name| !draft.categories.contains(name)).cloned().collect();
        if draft.categories.is_empty() {
            told("categories", added.join(", "));
        }
        draft.categories.extend(added);
    }
    draft.modified = draft.modified.or(said.modified);
    draft.lang = draft.lang.take().or_else(|| said.lang.clone());
    if draft.lead_images.is_empty() {
        draft.lead_images.clone_from(&said.images);
    }
    draft.attachments.clone_from(&said.attachments);
}
