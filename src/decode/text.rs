//! What goes in and what comes out.

/// What is known beside the bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// A charset label fixed by configuration.
    pub fixed: Option<&'a str>,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
}

/// Decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text; what could not be decoded is U+FFFD.
    pub text: String,
    /// The charset's WHATWG name, as `GBK` or `UTF-8`.
    pub charset: &'static str,
    /// Why this one.
    pub why: Why,
    /// Characters that could not be decoded.
    pub errors: usize,
}

/// What decided the charset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Fixed by configuration.
    Fixed,
    /// A byte order mark.
    Bom,
    /// UTF-8 with a byte over 127; at most one sequence in eleven broken.
    ValidUtf8,
    /// The `Content-Type` header.
    Header,
    /// The page's `meta` (HTML Standard, prescan of a byte stream) or XML declaration.
    Meta,
    /// Statistics over a prefix.
    Statistics,
    /// Nothing but ASCII; `charset` is the declared one, else UTF-8.
    Ascii,
}
