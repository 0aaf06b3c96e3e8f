//! The next page of a list whose address counts pages: by a parameter, or by what an API says of it.

use serde_json::Value;

use crate::model::PageUrl;

/// Parameters that count pages.
const PAGES: [&str; 14] = [
    "page",
    "pageno",
    "pagenum",
    "pageindex",
    "pagenumber",
    "currentpage",
    "curpage",
    "current",
    "pn",
    "p",
    "paged",
    "page_no",
    "page_num",
    "pi",
];
/// Parameters that differ from request to request.
const FLEETING: [&str; 7] = ["_", "t", "ts", "time", "timestamp", "rand", "random"];
/// Parameters that count items, with those that say how many a page has.
const OFFSETS: [&str; 4] = ["offset", "start", "from", "skip"];
const SIZES: [&str; 8] = ["limit", "size", "count", "num", "rows", "pagesize", "per_page", "ps"];
/// Fields that name the next page: by its address, or by a word that a parameter of the same name takes.
const NEXT: [&str; 8] =
    ["next", "nextpage", "next_page", "nexturl", "next_url", "nextpageurl", "next_page_url", "nextlink"];
const CURSORS: [&str; 14] = [
    "cursor",
    "nextcursor",
    "next_cursor",
    "endcursor",
    "end_cursor",
    "after",
    "nextpagetoken",
    "next_page_token",
    "pagetoken",
    "page_token",
    "continuation",
    "lastid",
    "last_id",
    "max_id",
];
/// Fields that say that there is more, or that there is not.
const MORE: [&str; 11] = [
    "hasmore",
    "has_more",
    "hasnext",
    "has_next",
    "hasnextpage",
    "more",
    "islast",
    "last",
    "lastpage",
    "islastpage",
    "isend",
];
/// Fields that say how many pages there are, and how many items on all.
const PAGES_IN_ALL: [&str; 8] =
    ["totalpages", "totalpage", "total_pages", "pagecount", "page_count", "pages", "last_page", "maxpage"];
const ITEMS_IN_ALL: [&str; 7] =
    ["total", "totalcount", "total_count", "totalelements", "totalrecord", "totalrecords", "totalnum"];

/// The next page of a document. `param` is the parameter that the configuration names, `has_items` whether this one
/// had any, `count` how many.
pub(super) fn next(url: &PageUrl, document: &Value, param: Option<&str>, count: usize) -> Option<PageUrl> {
    let told = Told::of(document);
    if count == 0 || told.more == Some(false) {
        return None;
    }
    if let Some(next) = &told.address {
        return on_site(url, url.join(next).ok()?).filter(|next| next.key() != url.key());
    }
    if let Some((field, cursor)) = &told.cursor {
        let named = param.map(str::to_owned).or_else(|| {
            parameters(url)
                .into_iter()
                .map(|(name, _)| name)
                .find(|name| CURSORS.contains(&name.to_ascii_lowercase().as_str()))
        });
        // an answer may name the place where it stands
        let is_next = field.to_ascii_lowercase().contains("next") || told.more == Some(true);
        if let Some(name) = named.or_else(|| parameter_of(field).filter(|_| is_next)) {
            return with(url, &name, cursor).filter(|next| next != url);
        }
    }
    let next = counted(url, param, count)?;
    (!told.ends_at(url, param)).then_some(next)
}

/// An address that an API gives of itself. Behind a proxy it names a host that is not the portal's: then the same path of
/// the portal's is meant.
fn on_site(url: &PageUrl, next: PageUrl) -> Option<PageUrl> {
    if next.same_site(url) {
        return Some(next);
    }
    let is_same = next.as_url().path() == url.as_url().path();
    let query = next.as_url().query().filter(|_| is_same)?;
    url.join(&format!("?{query}")).ok()
}

/// The next page of an address that counts pages or items itself. Public to the room: HTML lists have such too.
pub(super) fn counted(url: &PageUrl, param: Option<&str>, count: usize) -> Option<PageUrl> {
    let all = parameters(url);
    let is = |name: &str, known: &[&str]| known.contains(&name.to_ascii_lowercase().as_str());
    if let Some(param) = param {
        let number = all
            .iter()
            .find(|(name, _)| name == param)
            .map_or(Some(1), |(_, value)| value.parse::<u64>().ok())?;
        let step = if is(param, &OFFSETS) { u64::try_from(count).ok()? } else { 1 };
        return with(url, param, &number.checked_add(step)?.to_string());
    }
    let size = all.iter().find(|(name, _)| is(name, &SIZES)).and_then(|(_, value)| value.parse::<u64>().ok());
    if let Some((name, value)) = all.iter().find(|(name, _)| is(name, &OFFSETS)) {
        let number: u64 = value.parse().ok()?;
        return with(url, name, &number.checked_add(size.unwrap_or(u64::try_from(count).ok()?))?.to_string());
    }
    let (name, value) = all.iter().find(|(name, value)| is(name, &PAGES) && value.parse::<u64>().is_ok())?;
    with(url, name, &value.parse::<u64>().ok()?.checked_add(1)?.to_string())
}

/// Whether a name, in lower case, counts pages.
pub(super) fn is_page(name: &str) -> bool {
    let plain = name.to_ascii_lowercase();
    PAGES.contains(&plain.as_str()) || plain.contains("page") && !plain.contains("size") && !is_size(&plain)
}

/// Whether a name, in lower case, counts items.
pub(super) fn is_offset(name: &str) -> bool {
    OFFSETS.contains(&name)
}

/// Whether a name, in lower case, says how many items a page has.
pub(super) fn is_size(name: &str) -> bool {
    SIZES.contains(&name) || name.contains("pagesize") || name.contains("page_size")
}

/// The parameter that takes what a field says: `nextPageToken` is for `pageToken`, `endCursor` for `after`.
fn parameter_of(field: &str) -> Option<String> {
    let bare = field.strip_prefix("next").or_else(|| field.strip_prefix("Next")).unwrap_or(field);
    let bare = bare.trim_start_matches('_');
    if bare.to_ascii_lowercase().starts_with("end") {
        return Some("after".to_owned());
    }
    let mut signs = bare.chars();
    let first = signs.next()?;
    Some(first.to_lowercase().chain(signs).collect())
}

/// The address of a list whichever of its pages it is, and whenever it is asked.
pub(super) fn whole(url: &PageUrl) -> PageUrl {
    let all = parameters(url);
    let is_kept = |(name, _): &&(String, String)| {
        let name = name.to_ascii_lowercase();
        ![&PAGES[..], &OFFSETS, &FLEETING].iter().any(|known| known.contains(&&*name))
    };
    let kept: Vec<_> = all.iter().filter(is_kept).collect();
    if kept.len() == all.len() {
        return url.clone();
    }
    let mut out = url.as_url().clone();
    out.set_query(None);
    if !kept.is_empty() {
        out.query_pairs_mut().extend_pairs(kept);
    }
    PageUrl::parse(out.as_str()).unwrap_or_else(|_| url.clone())
}

fn parameters(url: &PageUrl) -> Vec<(String, String)> {
    url.as_url().query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The address with a parameter set.
fn with(url: &PageUrl, name: &str, value: &str) -> Option<PageUrl> {
    let mut out = url.as_url().clone();
    let mut all = parameters(url);
    match all.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => value.clone_into(old),
        None => all.push((name.to_owned(), value.to_owned())),
    }
    out.query_pairs_mut().clear().extend_pairs(all);
    PageUrl::parse(out.as_str()).ok()
}

/// What a document says of its next page.
#[derive(Debug, Default)]
struct Told {
    address: Option<String>,
    /// The field that names it, as written, and what it says.
    cursor: Option<(String, String)>,
    more: Option<bool>,
    pages: Option<u64>,
    items: Option<u64>,
}

impl Told {
    /// Looks at the upper levels: what stands among the items is theirs.
    fn of(document: &Value) -> Self {
        let mut told = Self::default();
        let mut level: Vec<&Value> = vec![document];
        for _ in 0..4 {
            let mut below = Vec::new();
            for map in level.iter().filter_map(|value| value.as_object()) {
                for (name, value) in map {
                    told.take(name, value);
                    below.push(value);
                }
            }
            level = below;
        }
        told
    }

    /// Whether the page that an address counts is the last one.
    fn ends_at(&self, url: &PageUrl, param: Option<&str>) -> bool {
        let all = parameters(url);
        let number = |known: &[&str]| {
            let own = |name: &str| param == Some(name) || known.contains(&name.to_ascii_lowercase().as_str());
            all.iter().find(|(name, _)| own(name)).and_then(|(_, value)| value.parse::<u64>().ok())
        };
        if param.is_some_and(|param| OFFSETS.contains(&param)) {
            return false;
        }
        let Some(page) = number(&PAGES) else { return false };
        let sizes = all.iter().find(|(name, _)| SIZES.contains(&name.to_ascii_lowercase().as_str()));
        let size = sizes.and_then(|(_, value)| value.parse::<u64>().ok());
        let is_past = |(items, size): (u64, u64)| page.saturating_mul(size) >= items;
        self.pages.is_some_and(|pages| pages > 0 && page >= pages)
            || self.items.filter(|items| *items > 0).zip(size).is_some_and(is_past)
    }

    fn take(&mut self, written: &str, value: &Value) {
        let name = &*written.to_ascii_lowercase();
        let text = || value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|n| n.to_string()));
        let is_address = |text: &String| text.contains('/') || text.starts_with('?');
        if NEXT.contains(&name) {
            self.address = self.address.take().or_else(|| text().filter(is_address));
            if value.is_null() || value == &Value::Bool(false) {
                self.more = self.more.or(Some(false));
            }
        }
        if CURSORS.contains(&name) {
            let told = || Some((written.to_owned(), text().filter(|text| !text.is_empty())?));
            self.cursor = self.cursor.take().or_else(told);
        }
        let is_so = value.as_bool().or_else(|| value.as_u64().filter(|n| *n < 2).map(|n| n == 1));
        if let Some(is_so) = is_so.filter(|_| MORE.contains(&name)) {
            self.more = self.more.or(Some(is_so != (name.contains("last") || name.contains("end"))));
        }
        let number = || value.as_u64().or_else(|| value.as_str()?.parse().ok());
        if PAGES_IN_ALL.contains(&name) {
            self.pages = self.pages.or_else(number);
        }
        if ITEMS_IN_ALL.contains(&name) {
            self.items = self.items.or_else(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_the_same_on_each_of_its_pages_and_at_any_time() {
        let whole = |url: &str| super::whole(&PageUrl::parse(url).unwrap()).path_and_query().to_owned();
        assert_eq!(whole("http://a.example/l?pageNo=2&cat=7&_=1700000000"), "/l?cat=7");
        assert_eq!(whole("http://a.example/l?page=1"), "/l");
        assert_eq!(whole("http://a.example/l?cat=%E4%B8%AD&x"), "/l?cat=%E4%B8%AD&x");
    }

    #[test]
    fn the_next_page_is_found() {
        let next = |url: &str, document: Value, param: Option<&str>| {
            super::next(&PageUrl::parse(url).unwrap(), &document, param, 10)
                .map(|url| url.path_and_query().to_owned())
        };
        for (url, document, param, expected) in [
            ("http://a.example/l?pageNo=1&pageSize=10", json!([]), None, Some("/l?pageNo=2&pageSize=10")),
            ("http://a.example/l?pageNo=1", json!({"data": {"hasNext": false}}), None, None),
            ("http://a.example/l?offset=20&limit=10", json!({}), None, Some("/l?offset=30&limit=10")),
            ("http://a.example/l?start=0", json!({}), None, Some("/l?start=10")),
            ("http://a.example/l", json!({}), None, None),
            ("http://a.example/l", json!({}), Some("pn"), Some("/l?pn=2")),
            ("http://a.example/l?x=1", json!({"links": {"next": "/l?x=2"}}), None, Some("/l?x=2")),
            ("http://a.example/l", json!({"next": "http://10.0.0.5:8080/l?page=2"}), None, Some("/l?page=2")),
            ("http://a.example/l", json!({"next": "http://b.example/other?page=2"}), None, None),
            (
                "http://a.example/l?cursor=a",
                json!({"nextCursor": "b=", "has_more": true}),
                None,
                Some("/l?cursor=b%3D"),
            ),
            ("http://a.example/l", json!({"cursor": "b"}), Some("after"), Some("/l?after=b")),
            ("http://a.example/l?page=1", json!({"next": null}), None, None),
        ] {
            assert_eq!(next(url, document.clone(), param).as_deref(), expected, "{url} {document}");
        }
        assert_eq!(
            super::next(&PageUrl::parse("http://a.example/l?page=9").unwrap(), &json!([]), None, 0),
            None
        );
    }
}
