//! Base64 (RFC 4648 section 4), as Atom 0.3 may write a text.

/// The bytes that a text stands for, blanks aside; None when it is none.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff).try_into().ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn what_is_written_in_base64_is_read() {
        assert_eq!(decode("PHA+aGk8\n L3A+"), Some(b"<p>hi</p>".to_vec()));
        assert_eq!(decode("aGkh aA=="), Some(b"hi!h".to_vec()));
        assert_eq!(decode("<p>"), None);
    }
}
