//! The words of articles: each Chinese character is one, so that phrases of any length are found.

use rusqlite::{Connection, params};
use unicode_normalization::UnicodeNormalization;

use crate::model::Article;

use super::super::contract::StoreError;
use super::failure::failure;
use super::rows::{from_json, readable};

/// Letters of an article that are indexed: its beginning, for the longest of them.
const MOST_TEXT: usize = 100_000;
/// Words and phrases of a search; further ones are left out.
const MOST_PHRASES: usize = 16;

/// Indexes an article under its number; what stood there is replaced.
pub(super) fn index(connection: &Connection, number: i64, article: &Article) -> Result<(), StoreError> {
    let named = [article.author.as_deref(), article.source.as_deref()].into_iter().flatten();
    let parts = std::iter::once(article.title.as_str())
        .chain(named)
        .chain(article.categories.iter().map(String::as_str))
        .chain([article.text.as_str()]);
    let mut words = String::new();
    for part in parts {
        words.push_str(&spaced(part.get(..part.floor_char_boundary(MOST_TEXT)).unwrap_or(part)));
        words.push('\n');
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO search (rowid, words) VALUES (?1, ?2)")
        .and_then(|mut sql| sql.execute(params![number, words]))
        .map(|_| ())
        .map_err(failure)
}

/// Takes an article out of the index.
pub(super) fn forget(connection: &Connection, number: i64) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM search WHERE rowid = ?1")
        .and_then(|mut sql| sql.execute([number]))
        .map(|_| ())
        .map_err(failure)
}

/// Indexes all articles of a store that had no index.
pub(super) fn fill(connection: &Connection) -> Result<(), StoreError> {
    let mut last = 0;
    loop {
        let next: Vec<(i64, String)> = connection
            .prepare_cached(
                "SELECT number, doc FROM article WHERE number > ?1 AND dropped = 0 ORDER BY number LIMIT 200",
            )
            .and_then(|mut sql| sql.query_map([last], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(failure)?;
        let Some((number, _)) = next.last() else { return Ok(()) };
        last = *number;
        for (number, doc) in &next {
            let Some(article) = readable("an article", from_json(doc)) else { continue };
            index(connection, *number, &article)?;
        }
    }
}

/// What a person asks for as an expression of the index: every word and every phrase in quotes must be there.
/// None when nothing is asked for.
pub(super) fn expression(asked: &str) -> Option<String> {
    let asked = asked.replace(['“', '”', '„', '«', '»', '「', '」'], "\"");
    let mut phrases = Vec::new();
    for (place, part) in asked.split('"').enumerate() {
        // between quotes a phrase, outside of them words
        let quoted = place % 2 == 1;
        let whole = quoted.then_some(part);
        phrases
            .extend(whole.into_iter().chain(part.split_whitespace().filter(|_| !quoted)).filter_map(phrase));
    }
    phrases.truncate(MOST_PHRASES);
    (!phrases.is_empty()).then(|| phrases.join(" "))
}

/// A phrase in the index's own words; None without a letter or digit.
fn phrase(text: &str) -> Option<String> {
    let words: String = spaced(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    (!words.is_empty()).then(|| format!("\"{}\"", words.join(" ")))
}

/// NFKC, with blanks around each character of a script that puts none between words.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.nfkc() {
        if matches!(u32::from(c), 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x20000..=0x3ffff) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_must_all_be_there_and_phrases_together() {
        assert_eq!(expression("经济 news").unwrap(), "\"经 济\" \"news\"");
        assert_eq!(expression("\"town hall\" 开放").unwrap(), "\"town hall\" \"开 放\"");
        assert_eq!(expression("“town hall” O'Neil").unwrap(), "\"town hall\" \"O Neil\"");
        assert_eq!(expression("a\" OR b*").unwrap(), "\"a\" \"OR b\"");
        assert_eq!(expression(" \"\" - "), None);
    }
}
