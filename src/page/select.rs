//! A compiled selector and what to take from what it finds.
/// A compiled selector with an optional `@attr`.
#[derive(Debug, Clone)]
pub struct Picker;

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
    pub fn parse(_text: &str) -> Result<Self, SelectError> {
        todo!()
    }
}
