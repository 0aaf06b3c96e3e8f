//! Bytes to text: which charset, and why.

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
    /// Valid UTF-8 with a byte over 127.
    ValidUtf8,
    /// The `Content-Type` header.
    Header,
    /// The page's `meta` (HTML Standard, prescan of a byte stream).
    Meta,
    /// Statistics over a prefix.
    Statistics,
    /// Nothing but ASCII.
    Ascii,
}

/// Decodes a page. Never fails: what cannot be decoded is counted in `errors`.
#[must_use]
pub fn decode(_bytes: &[u8], _hints: Hints<'_>) -> Text {
    todo!()
}

/// Whether a label names a charset (WHATWG Encoding Standard section 4.2).
#[must_use]
pub fn is_known(_label: &str) -> bool {
    todo!()
}

/// Text to GBK bytes, unmappable characters as numeric references; for the sample portal.
#[must_use]
pub fn encode_gbk(_text: &str) -> Vec<u8> {
    todo!()
}
