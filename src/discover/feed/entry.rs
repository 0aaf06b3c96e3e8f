//! One entry of a feed to a candidate.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use feed_rs::model::Entry;

use crate::model::{Candidate, Given, PageUrl, Precision, Stamp};
use crate::page::text;

/// Stamps by the instants that the parser was given: it keeps neither offset nor precision.
pub(super) type Said = HashMap<DateTime<Utc>, Stamp>;

/// What the entries of one feed are read with.
pub(super) struct Reader<'a> {
    /// The feed's own address.
    pub(super) url: &'a PageUrl,
    pub(super) said: &'a Said,
}

impl Reader<'_> {
    /// None for an entry that leads nowhere or says nothing.
    pub(super) fn candidate(&self, entry: &Entry) -> Option<Candidate> {
        let link = entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
        let href = link.map_or(entry.id.as_str(), |link| link.href.as_str());
        let url = self.url.join(href).ok()?;
        let title = entry.title.as_ref().map(|title| text::fold(&title.content)).unwrap_or_default();
        let stamp = |at: DateTime<Utc>| {
            let plain = Stamp { at: at.fixed_offset(), precision: Precision::Second };
            self.said.get(&at).copied().unwrap_or(plain)
        };
        let body = entry.content.as_ref().and_then(|content| content.body.clone());
        let summary = entry.summary.as_ref().map(|summary| summary.content.clone());
        let given = Given {
            id: Some(entry.id.clone()),
            is_whole: body.is_some(),
            html: body.or_else(|| summary.clone()).unwrap_or_default(),
            ..Given::default()
        };
        Some(Candidate {
            url,
            title,
            published: entry.published.or(entry.updated).map(stamp),
            summary,
            given: Some(Box::new(given)),
        })
    }
}
