//! Where a value was read, and what was seen and refused instead.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A value that a reader saw and did not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Where it stood: `footer`, `meta[name=maketime]`.
    pub from: String,
    /// The text as written.
    pub raw: String,
    /// Why not: `page generation time`.
    pub why: String,
}

/// How one field was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldEvidence {
    /// Where the value stood: a selector, `json-ld`, `list`; empty when nothing was found.
    pub from: String,
    /// The text as written there.
    pub raw: String,
    /// What else was seen and why it was not taken.
    pub refused: Vec<Refused>,
}

/// So much of a written text is evidence enough; a page may have megabytes of it.
const MOST_CHARS: usize = 300;
/// More values than this are passed over without a word.
const MOST_REFUSED: usize = 50;

impl FieldEvidence {
    /// The same with texts of 300 characters and 50 refused values at most.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let cut = |text: &mut String| {
            if let Some((at, _)) = text.char_indices().nth(MOST_CHARS) {
                text.truncate(at);
                text.push('…');
            }
        };
        self.refused.truncate(MOST_REFUSED);
        let refused = self.refused.iter_mut().flat_map(|one| [&mut one.from, &mut one.raw]);
        refused.chain([&mut self.from, &mut self.raw]).for_each(cut);
        self
    }
}

/// The evidence of all fields, by the field's name as in `extract --json` (`title`, `published` …).
pub type Evidence = BTreeMap<String, FieldEvidence>;
