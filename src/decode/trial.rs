//! One charset tried on the bytes: the text and how well it fits.

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::text::{Text, Why};

/// An error this near to the end is a page cut within a character.
const TAIL_BYTES: usize = 4;

/// What one charset makes of the bytes.
pub(super) struct Trial {
    encoding: &'static Encoding,
    text: String,
    pub(super) errors: usize,
    /// Faults, each of one error or several side by side, but for a cut at the very end.
    inner_errors: usize,
    /// Characters over 127 that were decoded.
    wide: usize,
    /// Control characters U+0080 to U+009F: what single-byte charsets make of bytes they do not have.
    controls: usize,
    /// Bytes over 127, and those of them beside another; counted for Latin charsets alone.
    high: (usize, usize),
    zeros: usize,
    length: usize,
}

impl Trial {
    pub(super) fn run(encoding: &'static Encoding, bytes: &[u8]) -> Self {
        if encoding == UTF_8
            && let Ok(text) = str::from_utf8(bytes)
        {
            return Self::clean(encoding, bytes, text.to_owned());
        }
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut text = String::with_capacity(bytes.len() + bytes.len() / 2 + 16);
        let (mut errors, mut inner_errors, mut at) = (0, 0, 0_usize);
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            text.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(16));
            let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
            at += read;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    errors += 1;
                    // The bytes of one broken character are one fault.
                    let apart = !text.ends_with(char::REPLACEMENT_CHARACTER);
                    inner_errors += usize::from(apart && at + TAIL_BYTES < bytes.len());
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        Self::counted(encoding, bytes, text, (errors, inner_errors))
    }

    /// UTF-8 without a fault: there is nothing to weigh up but whether it says more than ASCII does.
    fn clean(encoding: &'static Encoding, bytes: &[u8], text: String) -> Self {
        let zeros = if bytes.contains(&0) { bytes.iter().filter(|b| **b == 0).count() } else { 0 };
        Self {
            encoding,
            wide: usize::from(!text.is_ascii()),
            text,
            errors: 0,
            inner_errors: 0,
            controls: 0,
            high: (0, 0),
            zeros,
            length: bytes.len(),
        }
    }

    fn counted(
        encoding: &'static Encoding,
        bytes: &[u8],
        text: String,
        (errors, inner_errors): (usize, usize),
    ) -> Self {
        // in UTF-8 every character over 127 has one byte of at least 0xc0; those to U+009F are 0xc2 and 0x80..=0x9f
        let wide = text.bytes().filter(|b| *b >= 0xc0).count() - errors;
        let pairs = text.as_bytes().iter().zip(text.as_bytes().iter().skip(1));
        let controls = pairs.filter(|(lead, next)| **lead == 0xc2 && **next < 0xa0).count();
        Self {
            encoding,
            text,
            errors,
            inner_errors,
            wide,
            controls,
            high: if is_latin(encoding) { high_bytes(bytes) } else { (0, 0) },
            zeros: bytes.iter().filter(|b| **b == 0).count(),
            length: bytes.len(),
        }
    }

    /// UTF-8 but for a slip: no other charset looks like UTF-8 by chance over ten sequences to a fault.
    pub(super) fn is_nearly_clean(&self) -> bool {
        self.zeros * 8 < self.length.max(1)
            && self.wide > 0
            && (self.inner_errors == 0 || self.inner_errors * 10 <= self.wide)
    }

    /// Whether a declared charset may be believed.
    pub(super) fn is_plausible(&self) -> bool {
        if self.encoding == UTF_8 {
            // A declared UTF-8 with a slip or two is UTF-8 still: sequences do not arise by chance.
            return self.wide > self.inner_errors * 2;
        }
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            return self.inner_errors == 0 && self.length > 1 && self.zeros * 8 > self.length;
        }
        if is_latin(self.encoding) {
            let (high, beside) = self.high;
            return self.controls * 20 <= high && !(high >= 8 && beside * 2 > high);
        }
        // Cut titles leave half a character now and then.
        self.inner_errors * 100 <= self.wide && self.controls * 20 <= self.wide
    }

    /// Whether a declared charset that was refused is better than none.
    pub(super) fn is_bearable(&self) -> bool {
        // Nearly any bytes are UTF-16 without a fault.
        self.encoding.is_ascii_compatible()
            && self.inner_errors * 10 <= self.wide
            && self.controls * 20 <= self.wide
    }

    /// Whether a piece of a document may be in this charset.
    pub(super) fn is_faultless(&self) -> bool {
        self.errors == 0 && self.is_plausible()
    }

    pub(super) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// A charset with characters of several bytes, which bytes of another seldom fit.
    pub(super) fn is_multibyte(&self) -> bool {
        !self.encoding.is_single_byte()
    }

    /// Faults in a hundred characters, for choosing among guesses.
    pub(super) fn faults(&self) -> usize {
        (self.inner_errors + self.controls) * 1000 / (self.wide + self.inner_errors).max(1)
    }

    pub(super) fn into_text(self, why: Why) -> Text {
        Text { text: self.text, charset: self.encoding.name(), why, errors: self.errors }
    }
}

/// Bytes over 127, and those of them that stand beside another.
fn high_bytes(bytes: &[u8]) -> (usize, usize) {
    let (mut high, mut beside, mut run) = (0, 0, 0);
    for byte in bytes.iter().copied().chain([0]) {
        if byte > 127 {
            run += 1;
        } else {
            high += run;
            beside += if run > 1 { run } else { 0 };
            run = 0;
        }
    }
    (high, beside)
}

/// Latin charsets, in which bytes over 127 stand alone between ASCII letters.
fn is_latin(encoding: &'static Encoding) -> bool {
    encoding == WINDOWS_1252
        || matches!(
            encoding.name(),
            "windows-1250"
                | "windows-1254"
                | "windows-1257"
                | "windows-1258"
                | "ISO-8859-2"
                | "ISO-8859-3"
                | "ISO-8859-4"
                | "ISO-8859-10"
                | "ISO-8859-13"
                | "ISO-8859-14"
                | "ISO-8859-15"
                | "ISO-8859-16"
                | "macintosh"
        )
}
