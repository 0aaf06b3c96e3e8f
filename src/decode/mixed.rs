//! Documents put together from pieces in several charsets: UTF-8 but for a title or a text that was copied as it was.

use encoding_rs::Encoding;

use super::statistics;
use super::trial::Trial;

/// Decodes a document that is nearly UTF-8, its foreign pieces by themselves; None when it has none. The second value
/// counts what could not be decoded. `labels` are the charsets that it is said to be in.
pub(super) fn mend(bytes: &[u8], labels: &[&'static Encoding]) -> Option<(String, usize)> {
    // what ends at a mark ends where a character ends, in all charsets of the web
    let pieces = || bytes.split_inclusive(|byte| matches!(byte, b'<' | b'>'));
    let foreign: Vec<u8> = pieces().filter(|piece| is_foreign(piece)).flatten().copied().collect();
    if foreign.is_empty() {
        return None;
    }
    let said = labels.iter().map(|encoding| Trial::run(encoding, &foreign)).find(Trial::is_faultless);
    let encoding = said.or_else(|| Some(statistics::guess(&foreign)).filter(Trial::is_faultless))?.encoding();
    let (mut text, mut errors) = (String::with_capacity(bytes.len()), 0);
    for piece in pieces() {
        match str::from_utf8(piece) {
            Ok(piece) => text.push_str(piece),
            Err(_) if is_foreign(piece) => text.push_str(&encoding.decode_without_bom_handling(piece).0),
            Err(_) => {
                errors += piece.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
                text.push_str(&String::from_utf8_lossy(piece));
            }
        }
    }
    Some((text, errors))
}

/// Whether a piece is no UTF-8: it has more faults than characters of several bytes. A single fault may be a character
/// that was cut, unless a letter follows.
fn is_foreign(piece: &[u8]) -> bool {
    // halves of a pair of UTF-16, each written as if it were a character
    let is_half = |three: &[u8]| matches!(three, [0xed, 0xa0..=0xbf, 0x80..=0xbf]);
    if str::from_utf8(piece).is_ok() || piece.windows(3).any(is_half) {
        return false;
    }
    let (mut faults, mut wide, mut is_within) = (0_usize, 0_usize, false);
    for chunk in piece.utf8_chunks() {
        is_within |= faults > 0 && chunk.valid().starts_with(|c: char| c.is_ascii_alphabetic());
        wide += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    faults > wide && (faults > 1 || is_within)
}
