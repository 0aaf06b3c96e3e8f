//! Bytes to text: which charset, and why.
//!
//! What is asked, in order: a fixed label, a byte order mark, whether the bytes are UTF-8 anyway, the
//! `Content-Type` header, the page's own `meta`, statistics. A label that the bytes contradict is refused and
//! the next is asked: portals often declare what their template said, not what their editor saved.

mod text;

mod mixed;
mod prescan;
mod statistics;
mod trial;

use encoding_rs::{Encoding, GBK, UTF_8};

pub use text::{Hints, Text, Why};
use trial::Trial;

/// Decodes a page. Never fails: what cannot be decoded is counted in `errors`.
#[must_use]
pub fn decode(bytes: &[u8], hints: Hints<'_>) -> Text {
    if let Some(encoding) = hints.fixed.and_then(known) {
        let body = Encoding::for_bom(bytes)
            .filter(|(bom, _)| *bom == encoding)
            .and_then(|(_, length)| bytes.get(length..))
            .unwrap_or(bytes);
        return Trial::run(encoding, body).into_text(Why::Fixed);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Trial::run(encoding, bytes.get(length..).unwrap_or_default()).into_text(Why::Bom);
    }
    if let Some(encoding) = statistics::of_zeros(bytes) {
        let trial = Trial::run(encoding, bytes);
        if trial.is_plausible() {
            return trial.into_text(Why::Statistics);
        }
    }
    let labels = [
        (Why::Header, hints.content_type.and_then(prescan::charset_of).and_then(known)),
        (Why::Meta, prescan::declared(bytes).and_then(|label| known(&label)).map(readable_as_ascii)),
    ];
    let labels = labels.into_iter().filter_map(|(why, encoding)| Some((why, encoding?)));
    if bytes.is_ascii() && !has_iso_2022_escapes(bytes) && !bytes.contains(&0) {
        let charset = labels.map(|(_, encoding)| encoding).find(|e| e.is_ascii_compatible()).unwrap_or(UTF_8);
        return Trial::run(charset, bytes).into_text(Why::Ascii);
    }
    by_evidence(bytes, &labels.collect::<Vec<_>>())
}

/// Whether a label names a charset (WHATWG Encoding Standard section 4.2).
#[must_use]
pub fn is_known(label: &str) -> bool {
    known(label).is_some()
}

/// Text to GBK bytes, unmappable characters as numeric references; for the sample portal.
#[must_use]
pub fn encode_gbk(text: &str) -> Vec<u8> {
    GBK.encode(text).0.into_owned()
}

/// Text to the bytes of a charset, as forms are sent (HTML, form submission): unmappable characters as numeric references,
/// UTF-8 where the label names none.
#[must_use]
pub fn encode(text: &str, label: &str) -> Vec<u8> {
    known(label).unwrap_or(UTF_8).encode(text).0.into_owned()
}

/// The charset of a label; those the standard only keeps to refuse (`hz-gb-2312`) are not known.
fn known(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label_no_replacement(label.trim().as_bytes())
}

/// A `meta` that could be read byte by byte cannot mean UTF-16 (HTML Standard section 13.2.3.2).
fn readable_as_ascii(encoding: &'static Encoding) -> &'static Encoding {
    if encoding.is_ascii_compatible() || encoding.name() == "ISO-2022-JP" { encoding } else { UTF_8 }
}

fn by_evidence(bytes: &[u8], labels: &[(Why, &'static Encoding)]) -> Text {
    if !has_iso_2022_escapes(bytes) && may_be_utf8(bytes) {
        let trial = Trial::run(UTF_8, bytes);
        if trial.is_nearly_clean() {
            let why = if trial.errors == 0 {
                None
            } else {
                labels.iter().find(|(_, encoding)| *encoding == UTF_8).map(|(why, _)| *why)
            };
            return utf_8(trial, why.unwrap_or(Why::ValidUtf8), bytes, labels);
        }
    }
    let mut refused: Vec<(Why, Trial)> = Vec::new();
    for (why, encoding) in labels.iter().copied() {
        let trial = Trial::run(encoding, bytes);
        if trial.is_plausible() {
            return if encoding == UTF_8 { utf_8(trial, why, bytes, labels) } else { trial.into_text(why) };
        }
        refused.push((why, trial));
    }
    let guess = statistics::guess(bytes);
    // A label with a fault in every tenth character at most is still better evidence than statistics, which
    // rule a charset out at its first fault.
    match refused.into_iter().filter(|(_, trial)| trial.is_bearable()).min_by_key(|(_, t)| t.errors) {
        Some((why, trial)) if !guess.is_plausible() || trial.is_multibyte() => trial.into_text(why),
        _ => guess.into_text(Why::Statistics),
    }
}

/// A document in UTF-8, its pieces in another charset by themselves.
fn utf_8(trial: Trial, why: Why, bytes: &[u8], labels: &[(Why, &'static Encoding)]) -> Text {
    let mend = || {
        let others = labels.iter().map(|(_, encoding)| *encoding).filter(|encoding| *encoding != UTF_8);
        mixed::mend(bytes, &others.collect::<Vec<_>>())
    };
    let mended = if trial.errors > 0 { mend() } else { None };
    let text = trial.into_text(why);
    match mended {
        Some((mended, errors)) => Text { text: mended, errors, ..text },
        None => text,
    }
}

/// Whether a trial of UTF-8 is worth its time: with a fault to every tenth character it would fail, and a page
/// in another charset has thousands, each of which costs.
fn may_be_utf8(bytes: &[u8]) -> bool {
    if str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut faults, mut wide) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        faults += usize::from(!chunk.invalid().is_empty() && !chunk.valid().is_empty());
    }
    faults <= 1 || faults <= wide
}

/// Escape sequences that shift ISO-2022-JP to another character set (Encoding Standard section 12.2.1).
fn has_iso_2022_escapes(bytes: &[u8]) -> bool {
    bytes.contains(&0x1b)
        && bytes.windows(3).any(|w| matches!(w, [0x1b, b'$', b'@' | b'B'] | [0x1b, b'(', b'J' | b'I']))
}

#[cfg(test)]
mod tests;
