//! The APIs that a page names in its attributes and scripts, or a script file in its strings.

use std::cell::Cell;

use super::asks::{self, Around, Asks};
use crate::data;
use crate::model::PageUrl;
use crate::page::Page;

/// Addresses taken.
const MOST: usize = 4;
/// Names that a script reads from its page which are looked for there.
const MOST_LOOKS: u32 = 24;
/// Scripts of a page that are looked at.
const MOST_SCRIPTS: usize = 100;
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

/// The APIs that attributes and scripts of the page name.
pub(super) fn named_by(page: &Page) -> Vec<PageUrl> {
    let mut found: Vec<(i32, PageUrl)> = attributes(page).collect();
    let left = Cell::new(MOST_LOOKS);
    for script in data::scripts(page).take(MOST_SCRIPTS) {
        found.extend(asked_by(page, &script, &left).gets);
    }
    best(found, page.url())
}

/// The addresses that the scripts of a page send something to: these are left alone, and told.
pub(super) fn posted_by(page: &Page) -> Vec<PageUrl> {
    let left = Cell::new(MOST_LOOKS);
    let scripts = data::scripts(page).take(MOST_SCRIPTS);
    let found = scripts.flat_map(|script| asked_by(page, &script, &left).posts);
    best(found.collect(), page.url())
}

/// Addresses that answer the one article which a page is about, as its attributes and scripts name them: `{id}` in place of
/// the article's name.
pub(super) fn details_of(page: &Page) -> Vec<String> {
    let name = data::name_of(page.url());
    let left = Cell::new(MOST_LOOKS);
    let mut found: Vec<(i32, String)> = data::scripts(page)
        .take(MOST_SCRIPTS)
        .flat_map(|script| asked_by(page, &script, &left).details)
        .collect();
    // one that names the article as it is
    let name = name.filter(|name| name.len() > 1);
    let own = attributes(page).filter(|(_, url)| url != page.url()).filter_map(|(worth, url)| {
        let name = name.as_deref().filter(|name| url.as_str().contains(name))?;
        Some((worth + 8, url.as_str().replacen(name, "{id}", 1)))
    });
    found.extend(own);
    details(found, page.url())
}

/// The APIs that a script file names. `url` is its address, `from` that of the page that led to it; what it names is read
/// as the page would, from the root.
pub(super) fn of_script(text: &str, url: &PageUrl, from: Option<&PageUrl>) -> Vec<PageUrl> {
    best(asked_by_file(text, url, from).gets, url)
}

/// The addresses of one article that a script file names.
pub(super) fn details_of_script(text: &str, url: &PageUrl) -> Vec<String> {
    details(asked_by_file(text, url, None).details, url)
}

fn attributes(page: &Page) -> impl Iterator<Item = (i32, PageUrl)> {
    page.root().descendants().flat_map(move |node| {
        // what a page says that it will ask for
        let is_preload = node.name() == "link"
            && node.attr("as").is_some_and(|kind| kind.eq_ignore_ascii_case("fetch"))
            && node.attr("rel").is_some_and(|rel| rel.to_ascii_lowercase().contains("preload"));
        let preload = node.attr("href").filter(|_| is_preload).map(|href| ("href", href));
        let is_picture = matches!(node.name(), "img" | "source" | "video" | "audio" | "a");
        let named = node.attrs().filter(move |(name, _)| {
            !is_picture && ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name))
        });
        named.chain(preload).filter_map(move |(name, value)| {
            let asks = if name.eq_ignore_ascii_case("data-href") { 0 } else { 2 };
            Some((asks::worth(value, asks)?, page.join(value.trim())?))
        })
    })
}

/// What a script of a page asks for; what it reads from the page's address and attributes is known.
fn asked_by(page: &Page, script: &str, left: &Cell<u32>) -> Asks {
    let given = given(page.url(), script);
    // each look is one over the whole page
    let looks = |name: &str| {
        left.set(left.get().saturating_sub(1));
        if left.get() > 0 { attribute(page, name) } else { None }
    };
    let told = |name: &str| parameter(page.url(), &given, name).or_else(|| looks(name));
    asks::of_script(script, &Around { join: &|told| page.join(told), told: &told, given: &given })
}

fn asked_by_file(text: &str, url: &PageUrl, from: Option<&PageUrl>) -> Asks {
    let root = url.join("/").ok();
    let given = from.map(|from| given(from, text)).unwrap_or_default();
    let told = |name: &str| parameter(from?, &given, name);
    asks::of_script(
        text,
        &Around { join: &|told| root.as_ref()?.join(told).ok(), told: &told, given: &given },
    )
}

/// Parameters of an address that are taken, and ways of a router that are looked at.
const MOST_GIVEN: usize = 12;
const MOST_WAYS: usize = 64;

/// What an address says by names: its parameters, and the parts of its path that a router of the script names
/// (`path: "/column/:id"`).
fn given(url: &PageUrl, script: &str) -> Vec<(String, String)> {
    let pairs = url.as_url().query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned()));
    let mut all: Vec<(String, String)> = pairs.collect();
    let own: Vec<&str> = url.as_url().path().trim_matches('/').split('/').collect();
    for (at, start) in script.match_indices("path:").take(MOST_WAYS) {
        let rest = script.get(at + start.len()..).unwrap_or_default().trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let way = quote.and_then(|quote| rest.get(1..)?.split(quote).next()).unwrap_or_default();
        let parts: Vec<&str> = way.trim_matches('/').split('/').take(own.len() + 1).collect();
        let fits = |(part, own): (&&str, &&str)| part.starts_with(':') || part == own;
        if way.contains(':') && parts.len() == own.len() && parts.iter().zip(&own).all(fits) {
            let named =
                parts.iter().zip(&own).filter_map(|(part, own)| Some((part.strip_prefix(':')?, *own)));
            all.extend(named.map(|(name, own)| (name.trim_end_matches('?').to_owned(), own.to_owned())));
        }
    }
    all.truncate(MOST_GIVEN);
    all
}

/// What a parameter of an address says.
fn parameter(url: &PageUrl, given: &[(String, String)], name: &str) -> Option<String> {
    let told = given.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
    // a router keeps the number of a column in the path
    let is_number = |told: &String| told.len() < 12 && told.chars().all(|c| c.is_ascii_digit());
    let in_path =
        || data::name_of(url).filter(is_number).filter(|_| name.to_ascii_lowercase().ends_with("id"));
    told.or_else(in_path)
}

/// What an attribute `data-NAME` says, or a hidden field of that name.
fn attribute(page: &Page, name: &str) -> Option<String> {
    let plain = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let wanted = plain(name);
    let is_value = |value: &&str| {
        (1..40).contains(&value.len())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    page.root().descendants().find_map(|node| {
        if node.name() == "input"
            && [node.attr("name"), node.id()].into_iter().flatten().any(|one| plain(one) == wanted)
        {
            return node.attr("value").filter(is_value).map(str::to_owned);
        }
        let mut named =
            node.attrs().filter(|(one, _)| one.strip_prefix("data-").is_some_and(|one| plain(one) == wanted));
        named.find_map(|(_, value)| is_value(&value).then(|| value.to_owned()))
    })
}

fn details(mut found: Vec<(i32, String)>, own: &PageUrl) -> Vec<String> {
    found.retain(|(_, told)| {
        PageUrl::parse(&told.replace("{id}", "0")).is_ok_and(|url| data::is_own(&url, own))
    });
    found.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    let mut all: Vec<String> = Vec::new();
    for (_, told) in found {
        if all.len() < MOST && !all.contains(&told) {
            all.push(told);
        }
    }
    all
}

fn best(mut found: Vec<(i32, PageUrl)>, own: &PageUrl) -> Vec<PageUrl> {
    found.retain(|(worth, url)| *worth > 0 && data::is_own(url, own));
    found.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    let mut all: Vec<PageUrl> = Vec::new();
    // the beginning of others is what they are put together with
    let is_beginning = |url: &PageUrl| {
        let begins = |other: &PageUrl| {
            other.as_str().strip_prefix(url.as_str()).is_some_and(|rest| rest.starts_with(['/', '?']))
        };
        found.iter().any(|(_, other)| begins(other))
    };
    for (_, url) in &found {
        if all.len() < MOST && !is_beginning(url) && all.iter().all(|known| known.key() != url.key()) {
            all.push(url.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_its_api() {
        let url = PageUrl::parse("http://quay.example/js/app.js").unwrap();
        let found = |script: &str, from: &str| {
            let from = PageUrl::parse(from).unwrap();
            let all = of_script(script, &url, Some(&from));
            all.iter().map(|url| url.path_and_query().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            found(
                "const G = { url: \"\", key: \"22e\" }; fetch(`${G.url}/ghost/api/content/posts/?key=${G.key}&include=authors,tags&limit=15`)",
                "http://quay.example/"
            ),
            ["/ghost/api/content/posts/?key=22e&include=authors,tags&limit=15"]
        );
        let bundle = "{o=\"/rmt-api/v1\";function c(e){return Object(r[\"a\"])({url:\"\".concat(o,\"/article/page\"),method:\"get\",params:{channelId:e.channelId,pageNo:e.pageNo,pageSize:e.pageSize||20}})}function u(e){return Object(r[\"a\"])({url:\"\".concat(o,\"/article/detail/\").concat(e),method:\"get\"})}function l(e){return Object(r[\"a\"])({url:\"\".concat(o,\"/user/login\"),method:\"post\",data:e})}}";
        assert_eq!(
            found(bundle, "http://quay.example/h5/list.html?channelId=1024"),
            ["/rmt-api/v1/article/page?channelId=1024&pageNo=1&pageSize=20"]
        );
        assert_eq!(details_of_script(bundle, &url), ["http://quay.example/rmt-api/v1/article/detail/{id}"]);
        assert_eq!(
            found(
                "var s=axios.create({baseURL:\"/prod-api\"});s.get(\"/news/list\",{params:{pageNum:t,size:10}})",
                "http://quay.example/"
            ),
            ["/prod-api/news/list?pageNum=1&size=10", "/news/list?pageNum=1&size=10"]
        );
        assert_eq!(
            found(
                "var api='/es/article/_search',SIZE=20,from=0;fetch(api + '?q=channel:local&size=' + SIZE + '&from=' + from)",
                "http://quay.example/"
            ),
            ["/es/article/_search?q=channel:local&size=20&from=0"]
        );
        let found = of_script(
            "!function(){var e={list:\"/api/news/page?pageNo=1&pageSize=20\",t:\"text/html\"};return fetch(e.list)}()",
            &url,
            None,
        );
        assert_eq!(
            found.iter().map(|url| url.path_and_query().to_owned()).collect::<Vec<_>>(),
            ["/api/news/page?pageNo=1&pageSize=20"]
        );
        let all = |script: &str| of_script(script, &url, None);
        let own = all("$.ajax({type: 'get', url: ctx + '/news/list.do', success: show})");
        assert_eq!(own.iter().map(PageUrl::path_and_query).collect::<Vec<_>>(), ["/news/list.do"]);
        assert_eq!(all("fetch('http://api.quay.example/news/list?page=1')").len(), 1);
        assert!(all("fetch('http://api.other.example/news/list?page=1')").is_empty());
        for text in
            ["\"".repeat(100_000), "fetch('".repeat(50_000), "location=".repeat(50_000), "`${".repeat(50_000)]
        {
            let _ = of_script(&text, &url, None);
        }
    }
}
