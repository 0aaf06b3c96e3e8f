//! What subscribers send to the hub: a wish within its bounds, or why not.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::hub::read;

fuzz_target!(|data: &[u8]| {
    let Ok(wish) = read(data, |topic| topic.len() < 100) else { return };
    assert!(wish.topic.len() < 100);
    let callback = wish.callback.as_str();
    assert!(callback.starts_with("http://") || callback.starts_with("https://"), "{callback}");
    assert_eq!(wish, read(data, |topic| topic.len() < 100).expect("it was read before"));
});
