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

/// The evidence of all fields, by the field's name as in `extract --json` (`title`, `published` …).
pub type Evidence = BTreeMap<String, FieldEvidence>;
