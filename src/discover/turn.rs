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
/// Parameters that count items, with those that say how many a page has.
const OFFSETS: [&str; 4] = ["offset", "start", "from", "skip"];
const SIZES: [&str; 8] = ["limit", "size", "count", "num", "rows", "pagesize", "per_page", "ps"];
/// Fields that name the next page: by its address, or by a word that a parameter of the same name takes.
const NEXT: [&str; 8] =
    ["next", "nextpage", "next_page", "nexturl", "next_url", "nextpageurl", "next_page_url", "nextlink"];
const CURSORS: [&str; 10] = [
    "cursor",
    "nextcursor",
    "next_cursor",
    "endcursor",
    "end_cursor",
    "after",
    "nextpagetoken",
    "continuation",
    "lastid",
    "last_id",
];
/// Fields that say that there is more, or that there is not.
const MORE: [&str; 8] =
    ["hasmore", "has_more", "hasnext", "has_next", "hasnextpage", "more", "islast", "last"];

/// The next page of a document. `param` is the parameter that the configuration names, `has_items` whether this one
/// had any, `count` how many.
pub(super) fn next(url: &PageUrl, document: &Value, param: Option<&str>, count: usize) -> Option<PageUrl> {
    let told = Told::of(document);
    if count == 0 || told.more == Some(false) {
        return None;
    }
    if let Some(next) = &told.address {
        return url.join(next).ok().filter(|next| next.key() != url.key());
    }
    if let Some(cursor) = &told.cursor {
        let named = param.map(str::to_owned).or_else(|| {
            parameters(url)
                .into_iter()
                .map(|(name, _)| name)
                .find(|name| CURSORS.contains(&name.to_ascii_lowercase().as_str()))
        });
        if let Some(name) = named {
            return with(url, &name, cursor);
        }
    }
    counted(url, param, count)
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
    cursor: Option<String>,
    more: Option<bool>,
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
                    told.take(&name.to_ascii_lowercase(), value);
                    below.push(value);
                }
            }
            level = below;
        }
        told
    }

    fn take(&mut self, name: &str, value: &Value) {
        let text = || value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|n| n.to_string()));
        let is_address = |text: &String| text.contains('/') || text.starts_with('?');
        if NEXT.contains(&name) {
            self.address = self.address.take().or_else(|| text().filter(is_address));
            if value.is_null() || value == &Value::Bool(false) {
                self.more = self.more.or(Some(false));
            }
        }
        if CURSORS.contains(&name) {
            self.cursor = self.cursor.take().or_else(|| text().filter(|text| !text.is_empty()));
        }
        if let Some(is_so) = value.as_bool().filter(|_| MORE.contains(&name)) {
            self.more = self.more.or(Some(is_so != name.contains("last")));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
