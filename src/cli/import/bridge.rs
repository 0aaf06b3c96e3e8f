//! RSS-Bridge: addresses of its selector bridges, one a line.

use url::Url;

use super::found::{Found, Imported, parted};
use super::times;

/// Whether an address is one of RSS-Bridge.
pub(super) fn is_one(address: &str) -> bool {
    address.contains("bridge=") && address.contains("action=display")
}

/// Reads a text with an address a line; what begins with `#` is none.
pub(super) fn read(text: &str) -> Found {
    let mut found = Found::default();
    for (line, written) in (1..).zip(text.lines()) {
        let written = written.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        match address(&mut found, line, written) {
            Some(portal) => found.portals.push(portal),
            None if !is_one(written) => found
                .tell(line, "it is no address of RSS-Bridge; a site's own address needs no more than `url`"),
            None => {}
        }
    }
    found
}

/// One address as a portal.
pub(super) fn address(found: &mut Found, line: usize, written: &str) -> Option<Imported> {
    let url = Url::parse(written).ok().filter(|_| is_one(written))?;
    let pairs: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.trim().to_owned())).collect();
    let of = |name: &str| {
        pairs
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    };
    let bridge = of("bridge").unwrap_or_default();
    let mut portal = match bridge.strip_suffix("Bridge").unwrap_or(bridge) {
        "CssSelector" => simple(found, line, &of),
        "CssSelectorComplex" => complex(found, line, &of),
        "XPath" => xpath(found, line, &of),
        "CssSelectorFeedExpander" => whole(found, line, "feed", &of),
        "Sitemap" => Imported { kind: Some("sitemap"), ..whole(found, line, "site_map", &of) },
        other => {
            let what = format!(
                "the bridge `{other}` has rules of its own: give the site's address as `url` of a portal, or this one to follow its feed"
            );
            found.tell(line, what);
            return None;
        }
    };
    for (name, value) in
        pairs.iter().filter(|(name, value)| !value.is_empty() && !READ.contains(&name.as_str()))
    {
        let what = match name.as_str() {
            "limit" => "how many a feed shows is said by `limit` of a `[[feed]]`",
            "discard_thumbnail" | "thumbnail_as_header" => {
                "pictures are read from the article; nothing to do"
            }
            "fix_encoding" => "charsets are found out; nothing to do",
            "_noproxy" => "a portal has no proxy unless `fetch.proxy` names one; nothing to do",
            _ => "it has no counterpart",
        };
        found.tell(line, format!("{name} `{value}`: {what}"));
    }
    if portal.url.is_empty() {
        found.tell(line, "the bridge names no page (`home_page`, `url`) and is left out");
        return None;
    }
    let kept = of("_cache_timeout").and_then(|seconds| seconds.parse::<u64>().ok());
    portal.every = kept.filter(|seconds| (LEAST_KEPT..=MOST_KEPT).contains(seconds));
    Some(portal)
}

/// Seconds that an answer is kept, as they may stand in `every`.
const LEAST_KEPT: u64 = 60;
const MOST_KEPT: u64 = 365 * 86_400;

/// Parameters that are read, or told of by those who read them; the rest of an address says nothing of the portal.
const READ: [&str; 32] = [
    "action",
    "bridge",
    "context",
    "format",
    "home_page",
    "url",
    "url_selector",
    "url_pattern",
    "content_selector",
    "content_cleanup",
    "title_cleanup",
    "title_selector",
    "time_selector",
    "time_format",
    "cookie",
    "cat_regex",
    "entry_element_selector",
    "use_article_pages",
    "article_page_content_selector",
    "author_selector",
    "category_selector",
    "item",
    "title",
    "content",
    "uri",
    "author",
    "timestamp",
    "enclosures",
    "categories",
    "_cache_timeout",
    "feed",
    "site_map",
];

type Of<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

fn simple<'a>(found: &mut Found, line: usize, of: &Of<'a>) -> Imported {
    let mut portal =
        Imported { line, url: of("home_page").unwrap_or_default().to_owned(), ..Imported::default() };
    // links, or what holds one
    let selector = found.css(line, "url_selector", of("url_selector"));
    if selector.as_deref().is_some_and(picks_links) {
        portal.recipe.list.link = selector;
    } else {
        portal.recipe.list.item = selector;
    }
    portal.recipe.article.body = found.css(line, "content_selector", of("content_selector"));
    portal.recipe.article.date = found.css(line, "time_selector", of("time_selector"));
    cleanup(found, line, of, &mut portal);
    format(found, line, of, &mut portal);
    for key in ["url_pattern", "title_cleanup", "cookie", "cat_regex"] {
        left(found, line, key, of);
    }
    portal
}

/// Whether the last part of every selector is an `a`.
fn picks_links(selector: &str) -> bool {
    parted(selector).iter().all(|one| {
        let last = one.rsplit([' ', '>', '+', '~']).next().unwrap_or_default();
        last == "a" || ["a.", "a#", "a[", "a:"].iter().any(|begin| last.starts_with(begin))
    })
}

fn complex<'a>(found: &mut Found, line: usize, of: &Of<'a>) -> Imported {
    let mut portal =
        Imported { line, url: of("home_page").unwrap_or_default().to_owned(), ..Imported::default() };
    portal.recipe.list.item = found.css(line, "entry_element_selector", of("entry_element_selector"));
    portal.recipe.list.link = found.css(line, "url_selector", of("url_selector"));
    let title = found.css(line, "title_selector", of("title_selector"));
    let date = found.css(line, "time_selector", of("time_selector"));
    if of("use_article_pages").is_some() {
        let article = &mut portal.recipe.article;
        (article.title, article.date) = (title, date);
        article.body = found.css(line, "article_page_content_selector", of("article_page_content_selector"));
        article.author = found.css(line, "author_selector", of("author_selector"));
        article.category = found.css(line, "category_selector", of("category_selector"));
    } else {
        (portal.recipe.list.title, portal.recipe.list.date) = (title, date);
        for key in ["author_selector", "category_selector"] {
            left(found, line, key, of);
        }
    }
    found.within_items(&mut portal, of("entry_element_selector").is_some());
    cleanup(found, line, of, &mut portal);
    format(found, line, of, &mut portal);
    for key in ["url_pattern", "title_cleanup", "cookie"] {
        left(found, line, key, of);
    }
    portal
}

/// A bridge that takes its items from another place, named by `key`, and has their pages read.
fn whole<'a>(found: &mut Found, line: usize, key: &str, of: &Of<'a>) -> Imported {
    let url = of(key).or_else(|| of("home_page")).unwrap_or_default().to_owned();
    let mut portal = Imported { line, url, ..Imported::default() };
    portal.recipe.article.body = found.css(line, "content_selector", of("content_selector"));
    cleanup(found, line, of, &mut portal);
    for key in ["url_pattern", "title_cleanup", "cookie"] {
        left(found, line, key, of);
    }
    portal
}

fn xpath<'a>(found: &mut Found, line: usize, of: &Of<'a>) -> Imported {
    let mut portal = Imported { line, url: of("url").unwrap_or_default().to_owned(), ..Imported::default() };
    // the bridge takes its expressions encoded a second time, too
    let twice = |name: &str| {
        let text = of(name)?;
        let decoded = url::form_urlencoded::parse(text.as_bytes()).map(|(name, value)| {
            if value.is_empty() { name.into_owned() } else { format!("{name}={value}") }
        });
        Some(if text.contains("%2F") { decoded.collect::<Vec<_>>().join("&") } else { text.to_owned() })
    };
    portal.recipe.list.item = found.xpath(line, "item", twice("item").as_deref());
    portal.recipe.list.title = found.xpath(line, "title", twice("title").as_deref());
    portal.recipe.list.link = found.xpath(line, "uri", twice("uri").as_deref());
    portal.recipe.list.date = found.xpath(line, "timestamp", twice("timestamp").as_deref());
    found.within_items(&mut portal, of("item").is_some());
    for key in ["content", "author", "enclosures", "categories"] {
        left(found, line, key, of);
    }
    portal
}

fn cleanup<'a>(found: &mut Found, line: usize, of: &Of<'a>, portal: &mut Imported) {
    for selector in of("content_cleanup").map(parted).unwrap_or_default() {
        portal.recipe.article.remove.extend(found.css(line, "content_cleanup", Some(&selector)));
    }
}

fn format<'a>(found: &mut Found, line: usize, of: &Of<'a>, portal: &mut Imported) {
    match of("time_format").map(times::of_php) {
        Some(Ok(format)) => portal.recipe.dates.formats.push(format),
        Some(Err(letter)) => {
            found.tell(line, format!("time_format: `{letter}` has no counterpart; most dates are read without one, else write `dates.formats`"));
        }
        None => {}
    }
}

/// Tells of a parameter that has no counterpart, where it says something.
fn left<'a>(found: &mut Found, line: usize, key: &str, of: &Of<'a>) {
    let Some(value) = of(key) else { return };
    let what = match key {
        "url_pattern" => "a `[[feed]]` may leave articles out by words; or make the selector narrower",
        "title_cleanup" => "the site's name is taken off titles anyway; nothing to do",
        "cookie" => "put it in a file and name that in `fetch.cookie_file`",
        _ => "it is read from the article; nothing to do",
    };
    found.tell(line, format!("{key} `{value}`: {what}"));
}
