//! References to addresses: http or https, stable when read again, and cleaning twice is cleaning once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::model::PageUrl;

fuzz_target!(|data: &str| {
    let base = PageUrl::parse("http://city.example/news/list.asp?id=3").expect("a fixed address");
    for url in [PageUrl::parse(data), base.join(data)].into_iter().flatten() {
        assert!(url.as_str().starts_with("http://") || url.as_str().starts_with("https://"), "{url}");
        assert!(!url.as_str().contains(|c: char| c.is_control() || c == ' '), "{url}");
        assert_eq!(PageUrl::parse(url.as_str()).as_ref().map(PageUrl::as_str), Ok(url.as_str()));
        let clean = url.without_tracking();
        assert_eq!(clean, clean.without_tracking());
        assert!(url.same_origin(&url) && url.same_site(&url) && clean.same_origin(&url));
        let _ = (url.host(), url.path_and_query(), url.is_front(), url.as_folder(), url.host_key());
    }
});
