//! Titles and names compared: whatever their case, width, blanks and marks.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// Lower case in the way of comparing: `ß` is `ss`, both sigmas are one.
pub(crate) fn case_folded(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.contains(['ß', 'ς']) { lower.replace('ß', "ss").replace('ς', "σ") } else { lower }
}

/// Letters and digits alone, in one form and case.
pub(crate) fn folded(text: &str) -> Vec<char> {
    let plain: String = text.nfkc().collect();
    case_folded(&plain).chars().filter(|c| is_letter_or_digit(*c)).collect()
}

fn is_letter_or_digit(c: char) -> bool {
    static KEPT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[\p{L}\p{N}]$").unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
    });
    c.is_ascii_alphanumeric() || !c.is_ascii() && KEPT.is_match(c.encode_utf8(&mut [0; 4]))
}

fn holds(whole: &[char], part: &[char]) -> bool {
    part.is_empty() || whole.windows(part.len()).any(|window| window == part)
}

/// Whether a title is the true one, and whether it is nearly: one holds the other, and a third is missing at
/// most.
pub(crate) fn title(truth: &str, found: &str) -> (bool, bool) {
    let (truth, found) = (folded(truth), folded(found));
    if found.is_empty() {
        return (false, false);
    }
    let exact = truth == found;
    let (short, long) = (truth.len().min(found.len()), truth.len().max(found.len()));
    let near = (holds(&truth, &found) || holds(&found, &truth)) && short * 3 >= long * 2;
    (exact, exact || near)
}

/// Whether a name is the true one or one of several, or none is given where there is none.
pub(crate) fn name(truth: Option<&str>, found: Option<&str>) -> bool {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[;,、/]|\s+(?:and|und|et|&)\s+")
            .unwrap_or_else(|error| unreachable!("a fixed pattern: {error}"))
    });
    let found = folded(found.unwrap_or_default());
    let Some(truth) = truth else { return found.is_empty() };
    if found.is_empty() {
        return false;
    }
    let whole = folded(truth);
    if holds(&whole, &found) && found.len() * 2 >= whole.len().min(8) {
        return true;
    }
    PARTS.split(truth).map(folded).any(|part| part.len() > 1 && holds(&found, &part))
}
