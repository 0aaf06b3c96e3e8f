//! Which feed a request asks for: a name, and what narrows it.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::model::{FeedSpec, PageUrl};

/// Entries a narrowed feed may ask for.
const LIMITS: std::ops::RangeInclusive<usize> = 1..=200;

/// A category is at most so long, in bytes.
const MAX_TAG: usize = 256;

/// What stays bare in a query value.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A feed's name and what narrows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FeedKey {
    pub(super) name: String,
    limit: Option<usize>,
    tag: Option<String>,
}

/// Why a query is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum QueryError {
    #[error("limit must be a number from 1 to 200")]
    Limit,
    #[error("tag must be a category of at most 256 bytes")]
    Tag,
    #[error("searching with q is not supported yet")]
    Search,
}

impl FeedKey {
    /// The whole feed.
    pub(super) fn whole(name: &str) -> Self {
        Self { name: name.to_owned(), limit: None, tag: None }
    }

    /// Reads `limit` and `tag`; the first of each counts, what else stands there is nobody's business.
    pub(super) fn read(name: &str, query: Option<&str>) -> Result<Self, QueryError> {
        let mut values: HashMap<&str, String> = HashMap::new();
        for pair in query.unwrap_or_default().split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            values.entry(key).or_insert_with(|| {
                percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned()
            });
        }
        if values.contains_key("q") {
            return Err(QueryError::Search);
        }
        let limit = match values.remove("limit") {
            Some(text) => Some(text.parse().ok().filter(|n| LIMITS.contains(n)).ok_or(QueryError::Limit)?),
            None => None,
        };
        let tag = values.remove("tag").map(|tag| tag.trim().to_owned());
        if tag.as_ref().is_some_and(|tag| tag.is_empty() || tag.len() > MAX_TAG) {
            return Err(QueryError::Tag);
        }
        Ok(Self { name: name.to_owned(), limit, tag })
    }

    /// Whether it is less than the whole feed.
    pub(super) fn is_narrowed(&self) -> bool {
        self.limit.is_some() || self.tag.is_some()
    }

    /// What narrows it, in one spelling: `limit=5&tag=%E6%95%99%E8%82%B2`.
    pub(super) fn query(&self) -> Option<String> {
        let limit = self.limit.map(|limit| format!("limit={limit}"));
        let tag = self.tag.as_ref().map(|tag| format!("tag={}", utf8_percent_encode(tag, QUERY)));
        let parts: Vec<String> = limit.into_iter().chain(tag).collect();
        (!parts.is_empty()).then(|| parts.join("&"))
    }

    /// The key in one string; two keys are equal when their texts are.
    pub(super) fn text(&self) -> String {
        match self.query() {
            Some(query) => format!("{}?{query}", self.name),
            None => self.name.clone(),
        }
    }

    /// Takes the key back from [`FeedKey::text`].
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (name, query) = text.split_once('?').map_or((text, None), |(name, query)| (name, Some(query)));
        Self::read(name, query).ok()
    }

    /// Narrows the specification of the whole feed.
    pub(super) fn narrow(&self, mut spec: FeedSpec) -> FeedSpec {
        spec.limit = self.limit.unwrap_or(spec.limit);
        spec.category = self.tag.clone().or(spec.category);
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
            ("q=x", QueryError::Search),
        ] {
            assert_eq!(FeedKey::read("town", Some(query)), Err(error), "{query}");
        }
    }
}
