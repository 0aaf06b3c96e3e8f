//! A written date to instants: spans lie in the text, in order, apart from each other.

#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use tidings::date::{Context, find, in_url, trap};
use tidings::model::{DateRules, PageUrl};

fuzz_target!(|data: &str| {
    let (now, rules) = (DateTime::from_timestamp(1_615_430_000, 0).expect("a fixed time"), DateRules::default());
    for (zone, lang) in [(chrono_tz::Asia::Shanghai, Some("zh-CN")), (chrono_tz::Europe::Berlin, None)] {
        let context = Context { now, zone, lang, rules: &rules };
        let found = find(data, &context);
        let mut end = 0;
        for one in &found {
            assert!(data.get(one.span.clone()).is_some_and(|span| !span.is_empty()), "{:?}", one.span);
            assert!(one.span.start >= end, "{:?} begins before {end}", one.span);
            end = one.span.end;
        }
        assert_eq!(found, find(data, &context));
    }
    let _ = trap(data, &rules);
    if let Ok(url) = PageUrl::parse(&format!("http://city.example/{data}")) {
        let _ = in_url(&url);
    }
});
