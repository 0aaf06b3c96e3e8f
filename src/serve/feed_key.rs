//! Which feed a request asks for: a name, and what narrows it.

use std::collections::HashMap;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::compose::{self, SEARCH, UNRESERVED};
use crate::model::{FeedSpec, Mix, PageUrl, Portal, STATUS};

/// Entries a narrowed feed may ask for.
const LIMITS: std::ops::RangeInclusive<usize> = 1..=200;

/// A category, and what is searched for, is at most so long, in bytes.
const MAX_TEXT: usize = 256;

/// A feed's name and what narrows it, or a page of its archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FeedKey {
    pub(super) name: String,
    pub(super) page: Option<u32>,
    /// Only so many articles of the page, those archived first.
    pub(super) upto: Option<u32>,
    /// Only what a version of this name lacks.
    pub(super) since: Option<String>,
    limit: Option<usize>,
    tag: Option<String>,
    words: Option<String>,
}

/// Why a query is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum QueryError {
    #[error("limit must be a number from 1 to 200")]
    Limit,
    #[error("tag must be a category of at most 256 bytes")]
    Tag,
    #[error("q must be words to look for, at most 256 bytes")]
    Words,
    #[error("a search needs words: ?q=…")]
    NoWords,
}

impl FeedKey {
    /// The whole feed.
    pub(super) fn whole(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// A page of a feed's archive.
    pub(super) fn archive(name: &str, page: u32, query: Option<&str>) -> Self {
        let upto = query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("upto="));
        Self { page: Some(page), upto: upto.and_then(|text| text.parse().ok()), ..Self::whole(name) }
    }

    /// What a version of the whole feed lacks.
    pub(super) fn since(name: &str, version: &str) -> Self {
        Self { since: Some(version.to_owned()), ..Self::whole(name) }
    }

    /// Reads `limit`, `tag` and `q`; the first of each counts, what else stands there is nobody's business.
    pub(super) fn read(name: &str, query: Option<&str>) -> Result<Self, QueryError> {
        let mut values: HashMap<&str, String> = HashMap::new();
        for pair in query.unwrap_or_default().split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            values.entry(key).or_insert_with(|| {
                percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
            });
        }
        let limit = match values.remove("limit") {
            Some(text) => Some(text.parse().ok().filter(|n| LIMITS.contains(n)).ok_or(QueryError::Limit)?),
            None => None,
        };
        let mut text = |key: &str, error: QueryError| match values
            .remove(key)
            .map(|text| text.trim().to_owned())
        {
            Some(text) if text.is_empty() || text.len() > MAX_TEXT || text.chars().any(char::is_control) => {
                Err(error)
            }
            other => Ok(other),
        };
        let (tag, words) = (text("tag", QueryError::Tag)?, text("q", QueryError::Words)?);
        if name == SEARCH && words.is_none() {
            return Err(QueryError::NoWords);
        }
        Ok(Self { limit, tag, words, ..Self::whole(name) })
    }

    /// Whether it is less than the whole feed.
    pub(super) fn is_narrowed(&self) -> bool {
        let parts = [self.limit.is_some(), self.tag.is_some(), self.words.is_some()];
        parts.contains(&true) || self.page.is_some() || self.since.is_some()
    }

    /// Whether it depends on words of the client's: of such feeds there is no end.
    pub(super) fn is_search(&self) -> bool {
        self.limit.is_some() || self.tag.is_some() || self.words.is_some()
    }

    /// What narrows it, in one spelling: `limit=5&tag=%E6%95%99%E8%82%B2`.
    pub(super) fn query(&self) -> Option<String> {
        let limit = self.limit.map(|limit| format!("limit={limit}"));
        let tag = self.tag.as_ref().map(|tag| format!("tag={}", utf8_percent_encode(tag, UNRESERVED)));
        let words = self.words.as_ref().map(|words| format!("q={}", utf8_percent_encode(words, UNRESERVED)));
        let parts: Vec<String> = limit.into_iter().chain(tag).chain(words).collect();
        (!parts.is_empty()).then(|| parts.join("&"))
    }

    /// What an address of it ends in, behind the path: `?limit=5`, `?upto=7`, or nothing.
    pub(super) fn suffix(&self) -> String {
        let query = self.query().or_else(|| self.upto.map(|upto| format!("upto={upto}")));
        query.map(|query| format!("?{query}")).unwrap_or_default()
    }

    /// The key in one string; two keys are equal when their texts are.
    pub(super) fn text(&self) -> String {
        let mut text = utf8_percent_encode(&self.name, UNRESERVED).to_string();
        if let Some(page) = self.page {
            text.push_str(&format!("/{page}"));
            if let Some(upto) = self.upto {
                text.push_str(&format!("-{upto}"));
            }
        }
        if let Some(since) = &self.since {
            text.push_str(&format!("/since/{since}"));
        }
        if let Some(query) = self.query() {
            text.push('?');
            text.push_str(&query);
        }
        text
    }

    /// Takes the key back from [`FeedKey::text`].
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (name, query) = text.split_once('?').map_or((text, None), |(name, query)| (name, Some(query)));
        let (name, part) = name.split_once('/').map_or((name, None), |(name, part)| (name, Some(part)));
        let name = percent_decode_str(name).decode_utf8().ok()?;
        let since = part.and_then(|part| part.strip_prefix("since/")).map(str::to_owned);
        let (page, upto) =
            part.map_or(("", None), |part| part.split_once('-').map_or((part, None), |(p, u)| (p, Some(u))));
        let (page, upto) = (page.parse().ok(), upto.and_then(|upto| upto.parse().ok()));
        Some(Self { page, upto, since, ..Self::read(&name, query).ok()? })
    }

    /// What the whole feed asks for: its specification.
    pub(super) fn spec(&self, portals: &[Portal], mixes: &[Mix]) -> Option<FeedSpec> {
        if self.name == STATUS {
            return Some(compose::status());
        }
        match &self.words {
            Some(words) if self.name == SEARCH => Some(compose::search(words)),
            _ => compose::spec_for(&self.name, portals, mixes),
        }
    }

    /// Narrows the specification of the whole feed.
    pub(super) fn narrow(&self, mut spec: FeedSpec) -> FeedSpec {
        spec.limit = self.limit.unwrap_or(spec.limit);
        spec.category = self.tag.clone().or(spec.category);
        spec.words = self.words.clone().or(spec.words);
        spec
    }

    /// The whole feed's address with what narrows this one.
    pub(super) fn address(&self, whole: &PageUrl) -> PageUrl {
        let Some(query) = self.query() else { return whole.clone() };
        PageUrl::parse(&format!("{whole}?{query}")).unwrap_or_else(|_| whole.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_one_spelling() {
        let key =
            FeedKey::read("town", Some("utm_source=x&tag=%E6%95%99+%E8%82%B2&limit=5&limit=7&x")).unwrap();
        assert_eq!(key.text(), "town?limit=5&tag=%E6%95%99%20%E8%82%B2");
        assert_eq!(FeedKey::from_text(&key.text()), Some(key.clone()));
        let whole = PageUrl::parse("http://a.example/feeds/town").unwrap();
        assert_eq!(
            key.address(&whole).as_str(),
            "http://a.example/feeds/town?limit=5&tag=%E6%95%99%20%E8%82%B2"
        );
        assert!(!FeedKey::read("town", Some("utm_source=x")).unwrap().is_narrowed());
        for key in [
            FeedKey::archive("town", 12, None),
            FeedKey::archive("town", 12, Some("x&upto=7")),
            FeedKey::since("town", "0a1b"),
            FeedKey::whole("tag-唐山/?x"),
            FeedKey::read("search", Some("q=%22town+hall%22%26")).unwrap(),
        ] {
            assert_eq!(FeedKey::from_text(&key.text()), Some(key.clone()), "{}", key.text());
        }
        assert_eq!(FeedKey::read("search", None), Err(QueryError::NoWords));
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        let long = format!("tag={}", "x".repeat(257));
        for (query, error) in [
            ("limit=0", QueryError::Limit),
            ("limit=201", QueryError::Limit),
            ("limit=", QueryError::Limit),
            ("limit=-1", QueryError::Limit),
            ("limit=99999999999999999999", QueryError::Limit),
            ("tag=", QueryError::Tag),
            (long.as_str(), QueryError::Tag),
            ("q=", QueryError::Words),
            ("q=%00", QueryError::Words),
        ] {
            assert_eq!(FeedKey::read("town", Some(query)), Err(error), "{query}");
        }
    }
}
