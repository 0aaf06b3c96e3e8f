//! OPML to subscriptions; what was read is written, read again and the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::render::{Outline, opml, read_opml};

fuzz_target!(|data: &str| {
    let Ok(found) = read_opml(data) else { return };
    let outlines: Vec<Outline> = found.outlines.into_iter().map(|(_, outline)| outline).collect();
    let written = String::from_utf8(opml("all", &outlines)).expect("what we write is UTF-8");
    let again = read_opml(&written).expect("what we write can be read");
    assert_eq!(again.outlines.len() + again.left_out.len(), outlines.len());
});
