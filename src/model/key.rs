//! What the spellings of one page's address share.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::url::{PageUrl, site};

/// What keys of names begin with; no host does.
const NAME: &str = "id:";
/// Parameters that ask for another view of the same page, with the values that do; none means any.
const VIEWS: [(&str, &[&str]); 12] = [
    ("print", &[]),
    ("printable", &[]),
    ("printview", &[]),
    ("printer", &[]),
    ("amp", &[]),
    ("mobile", &[]),
    ("ismobile", &[]),
    ("view", &["print", "mobile", "amp"]),
    ("format", &["print", "mobile", "amp"]),
    ("action", &["print", "printable"]),
    ("do", &["print"]),
    ("outputtype", &["amp"]),
];
/// Last or first parts of a path that ask for another view of the page that the rest names.
const VIEW_PARTS: [&str; 3] = ["print", "amp", "printable"];

/// What the spellings of one page's address share.
///
/// No scheme, no `www.`, `m.` or `wap.`, no tracking parameters or sessions, parameters sorted, no trailing slash,
/// nothing that asks for a page to be printed or for its AMP form.
/// Two addresses with one key name one article.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UrlKey(String);

impl UrlKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of a portal's own name for an article (`guid`, `atom:id`), for what several addresses may lead to.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let hash = Sha256::digest(name.trim());
        let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("{NAME}{digits}"))
    }

    /// Whether this is a portal's own name for an article.
    #[must_use]
    pub fn is_name(&self) -> bool {
        self.0.starts_with(NAME)
    }

    /// Takes a key back from the store.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl PageUrl {
    /// Whether this asks for another view of a page, to be printed or in its AMP form, and not for the page itself.
    #[must_use]
    pub fn is_other_view(&self) -> bool {
        let path = self.as_url().path();
        let query = self.as_url().query().unwrap_or_default();
        query.split('&').any(is_view) || page_path(path).len() < path.trim_end_matches('/').len()
    }

    /// What two spellings of one page's address share: see [`UrlKey`].
    #[must_use]
    pub fn key(&self) -> UrlKey {
        let clean = self.without_tracking();
        let url = clean.as_url();
        let mut pairs: Vec<&str> = url
            .query()
            .into_iter()
            .flat_map(|q| q.split('&'))
            .filter(|p| !p.is_empty() && !is_view(p))
            .collect();
        pairs.sort_unstable();
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        let path = page_path(url.path());
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        let mark = self.mark().map(|mark| format!("#{mark}")).unwrap_or_default();
        UrlKey(format!("{}{port}{path}{query}{mark}", site(url.host_str().unwrap_or_default())))
    }
}

fn is_view(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let is = |known: &str, text: &str| known.eq_ignore_ascii_case(text);
    let is_off = matches!(value, "0" | "false" | "no");
    VIEWS.iter().any(|(known, values)| {
        is(known, name) && if values.is_empty() { !is_off } else { values.iter().any(|one| is(one, value)) }
    })
}

/// A path without trailing slash and the part that asks for another view of the page. That part only goes
/// where what is left names a page by a number: `/news/print` may be a section.
fn page_path(path: &str) -> &str {
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let is_view = |part: &str| VIEW_PARTS.iter().any(|view| view.eq_ignore_ascii_case(part));
    let is_numbered =
        |rest: &&str| rest.rsplit('/').next().is_some_and(|name| name.contains(|c: char| c.is_ascii_digit()));
    if let Some((rest, _)) = path.rsplit_once('/').filter(|(rest, last)| is_view(last) && is_numbered(rest)) {
        return rest;
    }
    let first = path.strip_prefix('/').and_then(|path| path.split_once('/'));
    match first.filter(|(first, rest)| is_view(first) && is_numbered(rest)) {
        // with the slash before it
        Some((first, _)) => path.get(first.len() + 1..).unwrap_or(path),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PageUrl {
        PageUrl::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_one_page_share_a_key() {
        let key = url("https://www.city.example/show.asp?id=7&c=2").key();
        for same in [
            "http://city.example/show.asp?c=2&id=7",
            "https://m.city.example/show.asp?id=7&c=2&utm_source=list",
            "http://wap.city.example/show.asp?from=index&id=7&c=2#top",
            "http://www.city.example/show.asp?id=7&c=2&print=1&ASPSESSIONIDQQ=A1",
            "http://www.city.example/show.asp;jsessionid=0A1B?id=7&c=2&view=print",
        ] {
            assert_eq!(url(same).key(), key, "{same}");
        }
        assert_ne!(url("https://www.city.example/show.asp?id=8&c=2").key(), key);
        assert_ne!(url("https://www.city.example:8080/show.asp?id=7&c=2").key(), key);
        assert_eq!(url("http://a.example/b/").key(), url("http://a.example/b").key());
        let key = url("http://a.example/news/7.html").key();
        for same in ["news/7.html/print", "news/7.html/amp/", "amp/news/7.html", "Print/news/7.html?amp"] {
            let view = url(&format!("http://a.example/{same}"));
            assert!(view.key() == key && view.is_other_view(), "{same}");
        }
        assert!(
            !url("http://a.example/news/7.html?print=0").is_other_view()
                && !url("http://a.example/").is_other_view()
        );
        for other in ["news/print", "amp/", "news/7.html/map", "news/7.html?print=0", "news/7.html?view=full"]
        {
            let plain = url(&format!("http://a.example/{other}"));
            assert!(plain.key().as_str().contains(other.trim_end_matches('/')), "{other}");
        }
    }
}
