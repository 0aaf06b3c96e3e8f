//! What the values of one page, or of one document, may cost: they are held together, and a few bytes of text can make
//! a hundred of memory.

use serde_json::Value;

/// Values of a page or a document, each in the room of a plain one (some eighty bytes with its key). A thousand articles
/// with forty fields each take half of it; the worst that can be written stays under 20 MiB.
pub(super) const MOST_VALUES: usize = 100_000;
/// Bytes of texts of a page: a large one, read twice where programs stand in programs.
const MOST_OF_PAGE: usize = 8 << 20;
/// Bytes of texts of a document: as much as an answer may hold.
const MOST_OF_DOCUMENT: usize = 16 << 20;
/// Room for eleven fields is made with the first one, and for four members of a list.
pub(super) const OBJECT: usize = 8;
pub(super) const LIST: usize = 2;
/// Deeper than any value is read, and one in its place within another.
const MOST_DEPTH: usize = 300;

/// What may still be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget {
    values: usize,
    bytes: usize,
}

impl Budget {
    /// For all values of a page.
    pub(super) fn page() -> Self {
        Self { values: MOST_VALUES, bytes: MOST_OF_PAGE }
    }

    /// For a document.
    pub(super) fn document() -> Self {
        Self { values: MOST_VALUES, bytes: MOST_OF_DOCUMENT }
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.values == 0 || self.bytes == 0
    }

    /// Takes room for values and their texts; where there is not so much, all is spent.
    pub(super) fn take(&mut self, values: usize, bytes: usize) -> Option<()> {
        let left = self.values.checked_sub(values).zip(self.bytes.checked_sub(bytes));
        (self.values, self.bytes) = left.unwrap_or_default();
        left.map(|_| ())
    }

    /// The same with no more bytes than these.
    pub(super) fn at_most(self, bytes: usize) -> Self {
        Self { bytes: self.bytes.min(bytes), ..self }
    }

    /// What is left behind others have spent of a part that was cut from it.
    pub(super) fn less(&mut self, part: Self, rest: Self) {
        let _ =
            self.take(part.values - rest.values.min(part.values), part.bytes - rest.bytes.min(part.bytes));
    }

    /// Gives back what a value took that is held no more.
    pub(super) fn give_back(&mut self, value: &Value) {
        let (values, bytes) = cost(value);
        self.values = self.values.saturating_add(values).min(MOST_VALUES);
        self.bytes = self.bytes.saturating_add(bytes).min(MOST_OF_DOCUMENT);
    }
}

/// What a value takes: room and bytes of texts.
pub(super) fn cost(value: &Value) -> (usize, usize) {
    let mut all = (0, 0);
    add(value, 0, &mut all);
    all
}

fn add(value: &Value, depth: usize, all: &mut (usize, usize)) {
    if depth > MOST_DEPTH {
        return;
    }
    all.0 += 1;
    match value {
        Value::String(text) => all.1 += text.len(),
        Value::Array(list) => {
            all.0 += LIST - 1;
            list.iter().for_each(|value| add(value, depth + 1, all));
        }
        Value::Object(map) => {
            all.0 += OBJECT - 1;
            for (name, value) in map {
                all.1 += name.len();
                add(value, depth + 1, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
