//! The texts and numbers that a script gives a name.

use std::collections::HashMap;

/// Constants of one script that are known.
const MOST_VALUES: usize = 8000;
/// A longer text is no address and no part of one.
const LONG: usize = 500;

/// The constants that a script gives a name: texts and numbers. A name may be given several times.
#[derive(Debug, Default)]
pub struct Values(HashMap<String, Vec<(usize, String)>>);

impl Values {
    pub(super) fn of(script: &str) -> Self {
        let mut values = Self::default();
        for at in memchr::memchr2_iter(b'=', b':', script.as_bytes()).take(MOST_VALUES * 8) {
            if values.0.len() >= MOST_VALUES {
                break;
            }
            let Some((name, told)) = constant(script, at) else { continue };
            values.0.entry(name.to_owned()).or_default().push((at, told));
        }
        values
    }

    /// What a name stands for at a place: what it was given last before, else what it is given first.
    #[must_use]
    pub fn at(&self, name: &str, place: usize) -> Option<&str> {
        let given = self.0.get(name)?;
        let before = given.iter().rev().find(|(at, _)| *at < place);
        before.or(given.first()).map(|(_, told)| told.as_str())
    }
}

/// The name and the constant on both sides of a sign: `o="/api"`, `size: 20`.
fn constant(script: &str, at: usize) -> Option<(&str, String)> {
    let before = script.get(..at)?.trim_end();
    let name = before
        .get(before.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$')).len()..)?;
    let after = script.get(at + 1..)?.trim_start();
    if name.is_empty() || name.len() > 60 || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (told, rest) = match quote {
        Some(quote) => {
            let inner = after.get(1..)?;
            let end = inner.find([quote, '\n', '\\'])?;
            (inner.get(..end)?, inner.get(end..)?.strip_prefix(quote)?)
        }
        None => {
            let end = after.find(|c: char| !c.is_ascii_digit()).filter(|end| (1..10).contains(end))?;
            (after.get(..end)?, after.get(end..)?)
        }
    };
    // the beginning of something longer is no constant
    let is_all = rest.trim_start().starts_with([',', ';', '}', ')', '\r']) || rest.starts_with('\n');
    (is_all && told.len() < LONG).then(|| (name, told.to_owned()))
}
