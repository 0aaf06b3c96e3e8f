//! Whose page a request comes from, as far as browsers tell: what changes something heeds no page of somebody else's.

use http::HeaderMap;
use http::header::{HeaderName, ORIGIN};

use crate::model::PageUrl;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a browser says that the request comes from a page of another origin. Programs say nothing of the kind.
pub(super) fn is_foreign(headers: &HeaderMap, base: &PageUrl) -> bool {
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    if sites.any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none")) {
        return true;
    }
    headers.get_all(ORIGIN).iter().any(|origin| {
        let origin = origin.to_str().ok().and_then(|text| PageUrl::parse(text).ok());
        origin.is_none_or(|origin| !origin.same_origin(base))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn every_line_of_a_header_is_heeded() {
        let base = PageUrl::parse("http://feeds.example/").unwrap();
        for (lines, foreign) in [
            (vec![], false),
            (vec![("origin", "http://feeds.example")], false),
            (vec![("origin", "http://feeds.example:80"), ("sec-fetch-site", "same-origin")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("origin", "http://feeds.example"), ("origin", "http://evil.example")], true),
            (vec![("origin", "https://feeds.example")], true),
            (vec![("origin", "null")], true),
            (vec![("origin", "")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")], true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in &lines {
                headers.append(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_foreign(&headers, &base), foreign, "{lines:?}");
        }
    }
}
