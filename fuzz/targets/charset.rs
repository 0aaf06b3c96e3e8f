//! Bytes to text: whatever they are, the same text each time, and no more faults than bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::decode::{Hints, decode};

fuzz_target!(|data: &[u8]| {
    // the first line is the header, when it looks like one
    let (header, body) = match data.iter().position(|b| *b == b'\n') {
        Some(end) if data.starts_with(b"text/") => (str::from_utf8(&data[..end]).ok(), &data[end + 1..]),
        _ => (None, data),
    };
    let hints = Hints { fixed: None, content_type: header };
    let text = decode(body, hints);
    assert!(text.errors <= body.len());
    assert!(text.errors <= text.text.matches(char::REPLACEMENT_CHARACTER).count());
    assert_eq!(text, decode(body, hints));
    if text.errors == 0 && str::from_utf8(body).is_ok_and(|utf8| !utf8.is_ascii() && !body.contains(&0x1b)) {
        assert_eq!((text.charset, body.contains(&0)), ("UTF-8", body.contains(&0)));
    }
});
