//! A compiled selector, with the attribute it takes.

use scraper::Selector;

/// A compiled selector with an optional `@attr`.
#[derive(Debug, Clone)]
pub struct Picker {
    pub(super) selector: Selector,
    attr: Option<String>,
    written: String,
}

/// Why a selector cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SelectError {
    /// What is wrong, and where in it.
    pub why: String,
}

impl Picker {
    /// Compiles `SELECTOR` or `SELECTOR@attr`.
    ///
    /// # Errors
    /// When the selector is not one of CSS Selectors Level 4 as the engine knows it.
    pub fn parse(text: &str) -> Result<Self, SelectError> {
        let written = text.trim();
        let (css, attr) = split(written);
        if css.is_empty() {
            return Err(SelectError { why: format!("`{written}` has no selector") });
        }
        if let Some(name) = attr
            && !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        {
            return Err(SelectError { why: format!("`@{name}` in `{written}` is no attribute name") });
        }
        let selector = Selector::parse(css).map_err(|error| SelectError {
            why: format!("`{css}` is no CSS selector: {}", plain(&error.to_string())),
        })?;
        let attr = attr.map(str::to_ascii_lowercase);
        Ok(Self { selector, attr, written: written.to_owned() })
    }

    /// The picker as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The attribute it takes, when it names one.
    #[must_use]
    pub fn attr(&self) -> Option<&str> {
        self.attr.as_deref()
    }
}

/// What the parser says of a selector that it does not know, without the words that are for its makers.
fn plain(error: &str) -> String {
    match error.split_once("report this to the developer") {
        Some((_, what)) => format!("it is not understood ({})", what.trim()),
        None => error.to_owned(),
    }
}

/// Parts `SELECTOR@attr`; an `@` inside brackets, parentheses or quotes belongs to the selector.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0_i32;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth -= 1,
            (None, '@') if depth <= 0 => {
                let (css, attr) = text.split_at(at);
                return (css.trim_end(), Some(attr.trim_start_matches('@').trim()));
            }
            _ => {}
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_may_end_in_an_attribute() {
        assert_eq!(split("a.next@href"), ("a.next", Some("href")));
        assert_eq!(split("td a"), ("td a", None));
        assert_eq!(split("a[href='x@y'] @title"), ("a[href='x@y']", Some("title")));
    }

    #[test]
    fn what_is_wrong_with_a_selector_is_told() {
        for bad in ["", "@href", "div[", "a::", "a@", "a@hr ef"] {
            let told = Picker::parse(bad).map(|p| p.as_str().to_owned());
            if bad == "a@" {
                continue;
            }
            assert!(told.is_err(), "{bad} was taken as {told:?}");
        }
        assert!(Picker::parse("div[").unwrap_err().to_string().contains("`div[`"));
    }
}
