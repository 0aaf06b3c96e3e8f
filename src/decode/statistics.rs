//! The last resort: which charset the bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, GBK, SHIFT_JIS};

use super::trial::Trial;

/// How many telling bytes the detector is shown.
const SAMPLE_BYTES: usize = 16 * 1024;

/// Guesses the charset and decodes with it.
pub(super) fn guess(bytes: &[u8]) -> Trial {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let mut left = SAMPLE_BYTES;
    for piece in pieces(bytes) {
        let piece = piece.get(..left).unwrap_or(piece);
        detector.feed(piece, false);
        left = left.saturating_sub(piece.len());
        if left == 0 {
            break;
        }
    }
    let guess = Trial::run(detector.guess(None, Utf8Detection::Allow), bytes);
    if guess.is_plausible() {
        return guess;
    }
    // Half a character rules a charset out for the detector; here the one with the fewest faults wins.
    [GBK, BIG5, SHIFT_JIS, EUC_KR, EUC_JP]
        .into_iter()
        .map(|encoding| Trial::run(encoding, bytes))
        .min_by_key(Trial::faults)
        .filter(Trial::is_bearable)
        .unwrap_or(guess)
}

/// The pieces between `<` and `>` that hold more than ASCII, or an escape. Neither mark is ever the second
/// byte of a character, so every piece ends where a character ends.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split_inclusive(|byte| matches!(byte, b'<' | b'>'))
        .filter(|piece| !piece.is_ascii() || piece.contains(&0x1b))
}
