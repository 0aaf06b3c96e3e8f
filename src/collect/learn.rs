//! What a visit learns of a portal's pages: for the next visit, and for a person who tries an address.

use std::collections::HashMap;

use crate::model::{ArticleRules, Class, Note};
use crate::store::{ListCopy, PageOutcome};

/// What fewer articles show is chance.
const LEARNT_FROM: usize = 3;

/// Most of the articles read show where bodies and dates stand: the next visit knows.
pub(super) fn learn(mut copies: Vec<ListCopy>, pages: &[PageOutcome]) -> Vec<ListCopy> {
    let read = || {
        pages.iter().filter_map(|page| match page {
            PageOutcome::Read(read) => Some(&read.article.evidence),
            _ => None,
        })
    };
    let common = |field: &str| {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for evidence in
            read().filter_map(|evidence| evidence.get(field)).filter(|found| !found.from.is_empty())
        {
            *places.entry(evidence.from.as_str()).or_default() += 1;
        }
        let most = places.into_iter().max_by(|(a, m), (b, n)| m.cmp(n).then_with(|| b.cmp(a)));
        most.filter(|(_, count)| *count >= LEARNT_FROM && count * 3 > read().count() * 2)
            .map(|(place, _)| place.to_owned())
    };
    let (body, date) = (common("text"), common("published"));
    for copy in &mut copies {
        copy.traits.body = body.clone().or(copy.traits.body.take());
        copy.traits.date = date.clone().or(copy.traits.date.take());
    }
    copies
}

/// The selectors that every article tried agrees on; what the portal's own recipe gives is left as long as it
/// finds something.
pub(super) fn shared(found: &[ArticleRules], written: &ArticleRules, notes: &[Note]) -> ArticleRules {
    let agreed = |of: fn(&ArticleRules) -> &Option<String>| {
        let first = found.first().and_then(|rules| of(rules).clone());
        first.filter(|first| found.iter().all(|rules| of(rules).as_ref() == Some(first)))
    };
    let fails = |field: &str| {
        let about = format!("article.{field} ");
        notes.iter().any(|note| note.class == Class::Selector && note.detail.starts_with(&about))
    };
    let or = |field: &str, written: &Option<String>, found: Option<String>| {
        if fails(field) { found.or_else(|| written.clone()) } else { written.clone().or(found) }
    };
    ArticleRules {
        title: or("title", &written.title, agreed(|rules| &rules.title)),
        body: or("body", &written.body, agreed(|rules| &rules.body)),
        date: or("date", &written.date, agreed(|rules| &rules.date)),
        ..written.clone()
    }
}
