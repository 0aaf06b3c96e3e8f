//! The APIs that a page names in its attributes and scripts, or a script file in its strings.

use crate::data;
use crate::model::PageUrl;
use crate::page::Page;

/// Addresses taken.
const MOST: usize = 4;
/// Bytes of one script that are read, and places of it looked at.
const MOST_SCRIPT: usize = 1 << 20;
/// Strings of a page's scripts that are looked at.
const MOST_PLACES: usize = 20_000;
/// What the addresses of APIs have in them.
const WORDS: [&str; 16] = [
    "api",
    "json",
    "list",
    "ajax",
    "query",
    "news",
    "article",
    "interface",
    "servlet",
    "rest",
    "feed",
    "data",
    "content",
    "search",
    "page",
    "post",
];
/// What stands before an address that a script asks for.
const ASKS: [&str; 12] = [
    "fetch(", ".get(", "getJSON(", ".load(", "axios(", "request(", "ajax(", "\"GET\",", "'GET',", "url:",
    "url :", "src=",
];
/// Attributes that name an API.
const ATTRIBUTES: [&str; 14] = [
    "data-url",
    "data-api",
    "data-source",
    "data-list-url",
    "data-ajax",
    "data-ajax-url",
    "data-endpoint",
    "data-load",
    "data-json",
    "data-json-url",
    "data-remote",
    "data-feed",
    "data-href",
    "data-src",
];
/// Files that hold no lists.
const FILES: [&str; 16] = [
    ".js", ".css", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2", ".mp4", ".webp",
    ".pdf", ".map", ".ttf", ".swf",
];

/// The APIs that attributes and scripts of the page name.
pub(super) fn named_by(page: &Page) -> Vec<PageUrl> {
    let mut found: Vec<(i32, PageUrl)> = Vec::new();
    for node in page.root().descendants() {
        for (name, value) in
            node.attrs().filter(|(name, _)| ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name)))
        {
            let is_picture = matches!(node.name(), "img" | "source" | "video" | "audio" | "a");
            let asks = if name.eq_ignore_ascii_case("data-href") { 0 } else { 2 };
            if let Some(worth) = worth(value, asks).filter(|_| !is_picture) {
                found.extend(page.join(value.trim()).map(|url| (worth, url)));
            }
        }
    }
    let mut left = MOST_PLACES;
    for script in data::scripts(page) {
        found.extend(named(&script, &|told| page.join(told), &mut left).gets);
    }
    best(found, page.url())
}

/// The addresses that the scripts of a page send something to: these are left alone, and told.
pub(super) fn posted_by(page: &Page) -> Vec<PageUrl> {
    let mut left = MOST_PLACES;
    let found =
        data::scripts(page).flat_map(|script| named(&script, &|told| page.join(told), &mut left).posts);
    best(found.collect(), page.url())
}

/// The APIs that a script file names. `url` is its address; what it names is read as the page would, from the root.
pub(super) fn of_script(text: &str, url: &PageUrl) -> Vec<PageUrl> {
    let text = text.get(..text.floor_char_boundary(MOST_SCRIPT)).unwrap_or(text);
    let root = url.join("/").ok();
    best(named(text, &|told| root.as_ref()?.join(told).ok(), &mut { MOST_PLACES }).gets, url)
}

fn best(mut found: Vec<(i32, PageUrl)>, own: &PageUrl) -> Vec<PageUrl> {
    found.retain(|(_, url)| data::is_own(url, own));
    found.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    let mut all: Vec<PageUrl> = Vec::new();
    for (_, url) in found {
        if all.len() < MOST && all.iter().all(|known| known.key() != url.key()) {
            all.push(url);
        }
    }
    all
}

/// How likely a text is the address of an API; None when it is none.
fn worth(told: &str, asked: i32) -> Option<i32> {
    let told = told.trim();
    let lower = told.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let is_reference = told.starts_with('/')
        || told.starts_with('.')
        || lower.starts_with("http")
        || path.contains('/')
        || asked >= 2;
    let is_plain = (3..500).contains(&told.len())
        && !told.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '{' | '\\' | ','));
    if !is_reference
        || !is_plain
        || FILES.iter().any(|file| path.ends_with(file))
        || lower.starts_with("javascript")
    {
        return None;
    }
    let words: i32 = WORDS.iter().map(|word| i32::from(path.contains(word))).sum();
    let is_json = i32::from(path.ends_with(".json") || path.contains("/api/") || path.contains("dataproxy"));
    (asked > 0 || is_json > 0).then_some(asked * 2 + words.min(3) + is_json * 2).filter(|worth| *worth >= 3)
}

/// The addresses in the strings of a script, with what stands before each; `left` is how many strings are looked at yet.
fn named(script: &str, join: &dyn Fn(&str) -> Option<PageUrl>, left: &mut usize) -> Named {
    let mut found = Named::default();
    let mut at = 0;
    while *left > 0 {
        *left -= 1;
        let Some(begin) =
            script.get(at..).and_then(|rest| rest.find(['"', '\'', '`'])).map(|place| at + place)
        else {
            break;
        };
        let quote = script.get(begin..).and_then(|rest| rest.chars().next()).unwrap_or('"');
        let Some(end) =
            script.get(begin + 1..).and_then(|rest| rest.find([quote, '\n'])).map(|place| begin + 1 + place)
        else {
            break;
        };
        let told = script.get(begin + 1..end).unwrap_or_default();
        let before = script
            .get(script.floor_char_boundary(begin.saturating_sub(NEAR))..begin)
            .unwrap_or_default()
            .trim_end();
        let behind = script.get(end + 1..script.floor_char_boundary(end + 400)).unwrap_or_default();
        at = end + 1;
        let asked = 2 * i32::from(ASKS.iter().any(|ask| bare(before).ends_with(ask)));
        let told = counted(told, behind);
        if worth(&told, 2).is_none() {
            continue;
        }
        let is_posted = is_posted(before, behind);
        let Some(worth) = worth(&told, if is_posted { 2 } else { asked }) else { continue };
        let Some(mut url) = join(&told) else { continue };
        if is_posted {
            found.posts.push((worth, url));
            continue;
        }
        if asked > 0 {
            url = with_parameters(url, behind);
        }
        found.gets.push((worth, url));
    }
    found
}

/// What stands before an address, without the name of the root that it is put behind: `url: ctx + "/news/list.do"`.
fn bare(before: &str) -> &str {
    let Some(root) = before.strip_suffix('+') else { return before };
    let is_named = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    root.trim_end().trim_end_matches(is_named).trim_end()
}

/// An address whose last parameter is counted by the script: its first page.
fn counted(told: &str, behind: &str) -> String {
    let mut out = String::new();
    let mut rest = told;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        out.push('1');
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    if out.ends_with('=') && behind.trim_start().starts_with('+') {
        out.push('1');
    }
    out
}

/// What a script names, with how likely each is the address of an API.
#[derive(Debug, Default)]
struct Named {
    gets: Vec<(i32, PageUrl)>,
    posts: Vec<(i32, PageUrl)>,
}

/// Bytes before an address that say how it is asked.
const NEAR: usize = 120;

/// Whether a script sends something to an address: that is nothing for us.
fn is_posted(before: &str, behind: &str) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'');
        kept.collect::<String>().to_ascii_lowercase()
    };
    let says = |text: &str| text.contains("method:post") || text.contains("type:post");
    let behind = behind.get(..behind.floor_char_boundary(160)).unwrap_or_default();
    // up to where something else is asked for
    let ends = [";", "fetch(", ".get(", "ajax(", "axios", "getJSON("];
    let end = ends.iter().filter_map(|end| behind.find(end)).min().unwrap_or(behind.len());
    let behind = behind.get(..end).unwrap_or_default();
    // in the same object
    let own = before.rsplit(['{', ';']).next().unwrap_or_default();
    before.ends_with(".post(") || says(&plain(behind)) || before.contains('{') && says(&plain(own))
}

/// The address with the parameters that stand beside it: `data: {page: 1}`, `params: {…}`.
fn with_parameters(url: PageUrl, behind: &str) -> PageUrl {
    let near = behind.get(..behind.floor_char_boundary(200)).unwrap_or_default();
    let place = ["data:", "params:", "data :", "params :"]
        .iter()
        .find_map(|word| near.find(word).map(|at| at + word.len()));
    let bare = near
        .trim_start()
        .strip_prefix(',')
        .map(str::trim_start)
        .filter(|rest| rest.starts_with('{') && !rest.contains(':'));
    let object = place
        .and_then(|at| near.get(at..))
        .or(bare)
        .map(str::trim_start)
        .filter(|rest| rest.starts_with('{'));
    let Some((serde_json::Value::Object(map), _)) = object.and_then(data::value) else { return url };
    let mut out = url.as_url().clone();
    {
        let mut query = out.query_pairs_mut();
        for (name, value) in map.iter().take(12) {
            let value = match value {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Number(number) => number.to_string(),
                serde_json::Value::Bool(is) => is.to_string(),
                // a name that the script counts with
                serde_json::Value::Null if name.to_ascii_lowercase().contains("page") => "1".to_owned(),
                _ => continue,
            };
            query.append_pair(name, &value);
        }
    }
    if out.query() == Some("") {
        out.set_query(None);
    }
    PageUrl::parse(out.as_str()).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_its_api() {
        let url = PageUrl::parse("http://quay.example/js/app.js").unwrap();
        let found = of_script(
            "!function(){var e={list:\"/api/news/page?pageNo=1&pageSize=20\",t:\"text/html\"};return fetch(e.list)}()",
            &url,
        );
        assert_eq!(
            found.iter().map(|url| url.path_and_query().to_owned()).collect::<Vec<_>>(),
            ["/api/news/page?pageNo=1&pageSize=20"]
        );
        let found = of_script("$.ajax({type: 'get', url: ctx + '/news/list.do', success: show})", &url);
        assert_eq!(found.iter().map(|url| url.path_and_query()).collect::<Vec<_>>(), ["/news/list.do"]);
        let other = of_script("fetch('http://api.quay.example/news/list?page=1')", &url);
        assert_eq!(other.len(), 1);
        assert!(of_script("fetch('http://api.other.example/news/list?page=1')", &url).is_empty());
        for text in
            ["\"".repeat(100_000), "fetch('".repeat(50_000), "location=".repeat(50_000), "`${".repeat(50_000)]
        {
            let _ = of_script(&text, &url);
        }
    }
}
