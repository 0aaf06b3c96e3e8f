//! A text as words, and how much of one text is in another.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::LazyLock;

use regex::Regex;

use crate::names::case_folded;

/// In scripts that write no blanks every character is a word of its own; elsewhere a run of letters, digits
/// and underscores is.
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let alone = r"\u{1100}-\u{11ff}\u{3040}-\u{30ff}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ac00}-\u{d7af}\u{f900}-\u{faff}\u{20000}-\u{3134f}";
    let pattern = format!(r"[{alone}]|[[\p{{L}}\p{{N}}_]--[{alone}]]+");
    Regex::new(&pattern).unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
});

/// Words in a row that make one shingle.
const ROW: usize = 4;

/// The words of a text, in order.
pub(crate) fn words(text: &str) -> Vec<&str> {
    WORD.find_iter(text).map(|found| found.as_str()).collect()
}

/// How often each thing is there.
pub(crate) type Counts<T> = HashMap<T, usize>;

fn count<T: Hash + Eq>(things: impl Iterator<Item = T>) -> Counts<T> {
    let mut counts = Counts::new();
    for thing in things {
        *counts.entry(thing).or_default() += 1;
    }
    counts
}

/// The rows of four words; of a shorter text the whole.
pub(crate) fn shingles<'w>(words: &'w [&'w str]) -> Counts<&'w [&'w str]> {
    if words.is_empty() { Counts::new() } else { count(words.windows(ROW.min(words.len()))) }
}

/// The words whatever their case.
pub(crate) fn bag(words: &[&str]) -> Counts<String> {
    count(words.iter().map(|word| case_folded(word)))
}

/// What was found of what should be, and what else.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Overlap {
    pub(crate) both: usize,
    pub(crate) surplus: usize,
    pub(crate) missing: usize,
}

impl Overlap {
    pub(crate) fn of<T: Hash + Eq>(truth: &Counts<T>, found: &Counts<T>) -> Self {
        let both = truth.iter().map(|(thing, n)| (*n).min(found.get(thing).copied().unwrap_or(0))).sum();
        let all = |counts: &Counts<T>| counts.values().sum::<usize>();
        Self { both, surplus: all(found) - both, missing: all(truth) - both }
    }

    /// The harmonic mean of precision and recall; 1 where nothing is and nothing should be.
    pub(crate) fn f1(self) -> f64 {
        crate::score::f1(self.both, self.surplus, self.missing)
    }
}
