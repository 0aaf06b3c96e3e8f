//! The last resort: which charset the bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_16BE, UTF_16LE};

use super::trial::Trial;

/// How many telling bytes the detector is shown.
const SAMPLE_BYTES: usize = 16 * 1024;

/// So many bytes show whether every second one is nothing.
const SAMPLE_ZEROS: usize = 1024;
/// Fewer show nothing.
const FEW_BYTES: usize = 32;

/// UTF-16 without its mark, by the zeros of its ASCII characters: on one side of the pairs many, on the other next to none.
pub(super) fn of_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = bytes.get(..bytes.len().min(SAMPLE_ZEROS))?.as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair.get(at) == Some(&0)).count();
    let (high, low) = (zeros(0), zeros(1));
    // a few characters end in a zero themselves: 一, the ideographic space
    let is_side = |many: usize, few: usize| many * 4 >= pairs.len() && few * 8 <= many;
    match bytes.len() {
        ..FEW_BYTES => None,
        _ if is_side(low, high) => Some(UTF_16LE),
        _ => is_side(high, low).then_some(UTF_16BE),
    }
}

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
