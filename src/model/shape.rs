//! What the articles of a column share in their addresses, and what spellings of a title share.

use super::url::PageUrl;

/// What the addresses of one column share: `/xwzx/202103/t20210311_118.html` becomes `/xwzx/#/t#_#.html`.
#[must_use]
pub fn shape(url: &PageUrl, site: &PageUrl) -> String {
    let mut out = if url.same_site(site) { String::new() } else { format!("//{}", url.host()) };
    let url = url.as_url();
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().filter(|s| !s.is_empty()).collect();
    let last = segments.len().saturating_sub(1);
    for (at, segment) in segments.iter().enumerate() {
        out.push('/');
        let words = segment.split(['-', '_', '+']).filter(|w| !w.is_empty()).count();
        if at == last && (words > 2 || segment.contains('%')) {
            out.push('*');
            continue;
        }
        push_numbered(&mut out, segment);
    }
    for (at, (name, value)) in url.query_pairs().enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        out.push_str(&name);
        out.push('=');
        push_numbered(&mut out, &value);
    }
    out
}

/// Each run of digits as one `#`.
fn push_numbered(out: &mut String, text: &str) {
    for c in text.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
}

/// A title with fewer letters may stand over anything: `通知`, `News`.
const LEAST_LETTERS: usize = 5;

/// What the spellings of a title share: its letters and digits, in lower case. None for one that is too short to be
/// told from others.
#[must_use]
pub fn title_key(title: &str) -> Option<String> {
    let key: String = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    (key.chars().count() >= LEAST_LETTERS).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PageUrl {
        PageUrl::parse(text).unwrap()
    }

    #[test]
    fn addresses_of_one_column_share_a_shape() {
        let site = url("http://a.example/");
        let of = |text: &str| shape(&url(text), &site);
        assert_eq!(of("http://a.example/x/202103/t20210311_118.html"), "/x/#/t#_#.html");
        assert_eq!(of("http://a.example/show.asp?id=7"), of("http://www.a.example/show.asp?id=19"));
        assert_eq!(of("http://a.example/2021/3/council-approves-new-roof"), "/#/#/*");
        assert_ne!(of("http://b.example/1.html"), of("http://a.example/1.html"));
    }
}
