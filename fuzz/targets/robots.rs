//! robots.txt to rules: whatever stands there, every question has the same answer each time.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::fetch::robots::Robots;

fuzz_target!(|data: &[u8]| {
    // the first line is the path that is asked for
    let text = String::from_utf8_lossy(data);
    let (path, file) = text.split_once('\n').unwrap_or(("/", &text));
    let robots = Robots::parse(file, "tidings");
    assert_eq!(robots, Robots::parse(file, "Tidings"));
    assert_eq!(robots.allows(path), robots.allows(path));
    // our own way to its rules is always open (RFC 9309 section 2.2.2)
    assert!(robots.allows("/robots.txt"));
    let _ = (robots.crawl_delay(), robots.sitemaps());
});
