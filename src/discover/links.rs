//! The links of a page that could lead to articles, and what their addresses look like.

use std::collections::HashSet;

use crate::model::{Class, Note, PageUrl, UrlKey};
use crate::page::{Node, Page};

/// Links looked at on one page.
const MAX_LINKS: usize = 2000;
/// Query parameters that count pages.
const PAGE_PARAMETERS: [&str; 13] = [
    "page",
    "p",
    "pg",
    "pn",
    "paged",
    "pageno",
    "pageindex",
    "pagenum",
    "currentpage",
    "start",
    "offset",
    "seite",
    "pageid",
];
/// Query parameters that say where a page of a list begins.
const PLACES: [&str; 3] = ["updated-max", "cursor", "max_id"];
/// Path segments of pages that are about articles and are none.
const NO_ARTICLE: [&str; 29] = [
    "tag",
    "tags",
    "category",
    "categories",
    "author",
    "authors",
    "search",
    "login",
    "register",
    "user",
    "users",
    "member",
    "feed",
    "rss",
    "page",
    "about",
    "contact",
    "impressum",
    "datenschutz",
    "privacy",
    "kontakt",
    "archive",
    "archives",
    "ad",
    "ads",
    "sponsored",
    "sitemap",
    "topics",
    "bbs",
];

/// A link that could lead to an article.
#[derive(Debug, Clone)]
pub(super) struct Link<'a> {
    pub(super) node: Node<'a>,
    pub(super) url: PageUrl,
    pub(super) key: UrlKey,
}

/// The links of a page that are shown and lead to another page, in page order.
pub(super) fn of_page<'a>(page: &'a Page, notes: &mut Vec<Note>) -> Vec<Link<'a>> {
    let own = page.url().key();
    let mut hidden_until = 0;
    let mut links = Vec::new();
    for node in page.body().descendants() {
        if node.order() < hidden_until {
            continue;
        }
        if node.is_hidden() || matches!(node.name(), "noscript" | "template") {
            hidden_until = node.span().end() + 1;
            continue;
        }
        if let Some(link) = of_node(node).filter(|link| link.key != own) {
            if links.len() == MAX_LINKS {
                let detail = format!("links beyond the first {MAX_LINKS} were not looked at");
                notes.push(Note { class: Class::TooMany, detail, url: Some(page.url().clone()) });
                break;
            }
            links.push(link);
        }
    }
    links
}

/// One element as a link, unless it leads nowhere, to the site's front page, or is paid for.
pub(super) fn of_node(node: Node<'_>) -> Option<Link<'_>> {
    if node.name() != "a" && node.name() != "area" {
        return None;
    }
    let page = node.page();
    let url = node.attr("href").and_then(|href| page.join(href)).or_else(|| page.called_by(node))?;
    let url = url.without_tracking();
    if url.path_and_query() == "/" {
        return None;
    }
    let rel = node.attr("rel").unwrap_or_default().to_ascii_lowercase();
    if rel.split_ascii_whitespace().any(|r| matches!(r, "sponsored" | "author" | "tag" | "category")) {
        return None;
    }
    let key = url.key();
    Some(Link { node, url, key })
}

/// The links inside an element, itself included, each address once.
pub(super) fn inside(node: Node<'_>) -> Vec<Link<'_>> {
    std::iter::once(node).chain(node.descendants()).filter_map(of_node).collect()
}

/// Whether an address looks like an article's: a number, a day or a long name at its end, and no word for
/// something else.
pub(super) fn is_article(url: &PageUrl) -> bool {
    let url = url.as_url();
    let segments: Vec<String> = url
        .path_segments()
        .into_iter()
        .flatten()
        .map(str::to_ascii_lowercase)
        .filter(|s| !s.is_empty())
        .collect();
    if segments.iter().any(|s| NO_ARTICLE.contains(&s.as_str())) || is_pager(url) {
        return false;
    }
    let numbered = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let named = |text: &str| {
        let stem = text.rsplit_once('.').map_or(text, |(stem, _)| stem);
        stem.split(['-', '_']).filter(|w| !w.is_empty()).count() > 2 || stem.len() >= 16
    };
    let last = segments.last();
    last.is_some_and(|s| numbered(s) || named(s))
        || url.query_pairs().any(|(_, value)| numbered(&value) || value.len() >= 16)
}

/// Whether an address names a page of a list: `?page=2`, `/page/2/`, `index_2.html`, `list_3_2.html`.
pub(super) fn is_page_of_list(url: &PageUrl) -> bool {
    let url = url.as_url();
    let last = url.path_segments().into_iter().flatten().rfind(|s| !s.is_empty()).unwrap_or_default();
    let name = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let listed = ["index", "list", "default", "page", "p"].iter().any(|word| {
        name.strip_prefix(word).is_some_and(|rest| {
            (rest.len() > 1 || word.len() > 1 && !rest.is_empty())
                && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '-'))
        })
    });
    listed || is_pager(url) || url.query_pairs().any(|(name, _)| PLACES.contains(&&*name))
}

fn is_pager(url: &url::Url) -> bool {
    number_in(url).is_some()
}

/// The number of a page of a list that an address says: 2 of `?page=2`, `/page/2/`, `index_2.html` and `list_3_2.html`.
pub(super) fn number_of_page(url: &PageUrl) -> Option<u32> {
    let in_name = || {
        let last = url.as_url().path_segments()?.rfind(|s| !s.is_empty())?;
        let name = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        name.rsplit(|c: char| !c.is_ascii_digit()).next().and_then(counted).filter(|_| is_page_of_list(url))
    };
    number_in(url.as_url()).or_else(in_name)
}

fn number_in(url: &url::Url) -> Option<u32> {
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    let in_path = segments.windows(2).find_map(|pair| match pair {
        ["page" | "seite", number] => counted(number),
        _ => None,
    });
    let counts = |name: &str| PAGE_PARAMETERS.contains(&name.to_ascii_lowercase().as_str());
    in_path
        .or_else(|| url.query_pairs().filter(|(name, _)| counts(name)).find_map(|(_, value)| counted(&value)))
}

fn counted(digits: &str) -> Option<u32> {
    let is_number = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// Whether a link may stand in a list that was detected: on the site, or clearly an article elsewhere.
pub(super) fn is_welcome(link: &Link<'_>, page: &Page) -> bool {
    link.url.same_site(page.url()) || is_article(&link.url)
}

/// Drops links to an address that came before.
pub(super) fn once<T>(items: Vec<T>, key: impl Fn(&T) -> &UrlKey) -> Vec<T> {
    let mut seen = HashSet::new();
    items.into_iter().filter(|item| seen.insert(key(item).clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PageUrl {
        PageUrl::parse(text).unwrap()
    }

    #[test]
    fn an_article_has_a_number_or_a_long_name() {
        for yes in [
            "/show.asp?id=7",
            "/2021/03/11/t1.html",
            "/new-roof-for-the-hall/",
            "/s/Xk3vQ0aWQz8mNQ",
            "/content_52.htm",
        ] {
            assert!(is_article(&url(&format!("http://a.example{yes}"))), "{yes}");
        }
        for no in [
            "/",
            "/news/",
            "/category/news/",
            "/list.php?page=2",
            "/author/a-b-c-d",
            "/page/2/",
            "/about.asp?page=1",
        ] {
            assert!(!is_article(&url(&format!("http://a.example{no}"))), "{no}");
        }
    }
}
