//! What `[[feed]]` tables include and exclude: words and regular expressions held against an article. Pure.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use crate::model::{Article, Field, Filter};

/// A compiled expression takes at most so many bytes: a configuration may not eat the memory.
const REGEX_BYTES: usize = 1 << 20;
/// Letters of a text that are looked at; articles are shorter.
const MOST_TEXT: usize = 400_000;

/// A filter ready to be held against articles.
#[derive(Debug)]
pub struct Compiled {
    any: Vec<Pattern>,
    within: Vec<Field>,
}

#[derive(Debug)]
enum Pattern {
    /// Folded.
    Words(String),
    Expression(Regex),
}

/// Checks a pattern as written: words, or an expression between slashes.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check(pattern: &str) -> Result<(), String> {
    match expression(pattern) {
        Some(expression) => compiled(expression).map(|_| ()),
        None if folded(pattern).trim().is_empty() => Err("it is empty".to_owned()),
        None => Ok(()),
    }
}

impl Compiled {
    /// Makes a filter ready. A pattern that [`check`] refuses finds nothing.
    #[must_use]
    pub fn of(filter: &Filter) -> Self {
        let pattern = |text: &String| match expression(text) {
            Some(expression) => compiled(expression).ok().map(Pattern::Expression),
            None => Some(Pattern::Words(folded(text).trim().to_owned())).filter(|_| check(text).is_ok()),
        };
        Self { any: filter.any.iter().filter_map(pattern).collect(), within: filter.within.clone() }
    }

    /// Whether one of the patterns finds something in one of the parts.
    #[must_use]
    pub fn finds(&self, article: &Article) -> bool {
        let whole = |text: &str| self.any.iter().any(|pattern| pattern.finds(text));
        self.within.iter().any(|field| match field {
            Field::Title => whole(&article.title),
            Field::Body => whole(&article.text),
            Field::Author => article.author.as_deref().is_some_and(whole),
            Field::Source => article.source.as_deref().is_some_and(whole),
            Field::Category => article.categories.iter().any(|category| whole(category)),
        })
    }
}

impl Pattern {
    fn finds(&self, text: &str) -> bool {
        let text = text.get(..text.floor_char_boundary(MOST_TEXT)).unwrap_or(text);
        match self {
            Self::Expression(regex) => regex.is_match(text),
            Self::Words(words) => holds(&folded(text), words),
        }
    }
}

/// The expression between slashes.
fn expression(pattern: &str) -> Option<&str> {
    pattern.strip_prefix('/')?.strip_suffix('/').filter(|inner| !inner.is_empty())
}

fn compiled(expression: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(expression).size_limit(REGEX_BYTES).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        // the last line says what is wrong, those before show where
        other => other.to_string().lines().last().unwrap_or_default().trim().to_owned(),
    })
}

/// NFKC and without case: upper case first, so that `ß` is `ss` and both sigmas are one.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Owned(text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect())
}

/// Whether a folded text holds folded words: as a part of it in Chinese, Japanese and Korean, as whole words
/// elsewhere.
fn holds(text: &str, words: &str) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
    let (first, last) = (in_word(words.chars().next()), in_word(words.chars().next_back()));
    text.match_indices(words).any(|(at, found)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let behind = text.get(at + found.len()..).and_then(|text| text.chars().next());
        !(first && in_word(before) || last && in_word(behind))
    })
}

/// Scripts that put no blank between words.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11ff | 0x2e80..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parts_in_chinese_and_whole_elsewhere() {
        for (text, words, found) in [
            ("唐山市教育局通知", "教育", true),
            ("A new Bridge.", "bridge", true),
            ("Footbridges", "bridge", false),
            ("the ＢＲＩＤＧＥ", "bridge", true),
            ("Straße gesperrt", "STRASSE", true),
            ("第5届book节", "book", true),
            ("bookstore", "book", false),
            ("a b  c", "b", true),
        ] {
            assert_eq!(holds(&folded(text), &folded(words)), found, "{text} {words}");
        }
    }

    #[test]
    fn expressions_stand_between_slashes() {
        assert!(check("/第\\d+届/").is_ok() && check("招聘").is_ok() && check("a/b").is_ok());
        assert!(check("/(/").unwrap_err().contains("unclosed"));
        assert!(check(" ").is_err());
        assert_eq!(check("/\\w{100000}/").unwrap_err(), "it is too large");
        let filter =
            Filter { any: vec!["/第\\d+届/".to_owned(), "/(/".to_owned()], within: vec![Field::Title] };
        assert!(Compiled::of(&filter).any[0].finds("第12届灯会"));
        assert_eq!(Compiled::of(&filter).any.len(), 1);
    }
}
