//! The further pages of an article: where the next one is, told by its address.
//!
//! What a link says is no proof: `next` is another article as often as another page. The address is: a further
//! page has the article's own address with a number put to it.

use crate::data;
use crate::model::{ArticleRules, PageUrl};
use crate::page::{Node, Page, Picker};

/// Links looked at.
const MAX_LINKS: usize = 2000;
/// No article has more pages.
const MAX_NUMBER: u32 = 99;
/// Query parameters that count the pages of an article.
const PARAMETERS: [&str; 26] = [
    "page",
    "p",
    "pg",
    "pn",
    "paged",
    "pageno",
    "pageindex",
    "pagenum",
    "page_no",
    "currentpage",
    "cur_page",
    "seite",
    "pagina",
    "sayfa",
    "str",
    "part",
    "teil",
    "bild",
    "foto",
    "photo",
    "picture",
    "pic",
    "image",
    "img",
    "imagen",
    "slide",
];
/// What may stand before the number in the name of a page: `53-p2.html`, `53_page2.html`.
const COUNTERS: [&str; 7] = ["page", "seite", "part", "teil", "pg", "p", "s"];
/// Query parameters that may ask for the whole text.
const WHOLE_NAMES: [&str; 8] = ["page", "p", "pg", "paged", "view", "show", "seite", "pagination"];
/// Links to the whole text on one page, without blanks.
const WHOLE: [&str; 27] = [
    "全文",
    "单页",
    "查看全部",
    "全文を読む",
    "viewfullarticle",
    "fullarticle",
    "showall",
    "surunepageseule",
    "阅读全文",
    "閱讀全文",
    "在本页阅读全文",
    "在本頁閱讀全文",
    "单页阅读",
    "显示全文",
    "全文阅读",
    "查看全文",
    "余下全文",
    "全文表示",
    "1ページで表示",
    "viewall",
    "singlepage",
    "viewassinglepage",
    "viewononepage",
    "aufeinerseitelesen",
    "artikelaufeinerseite",
    "surunepage",
    "enunasolapágina",
];

/// The page after this one of the article that begins at `first`: by selector where one is given, else the
/// link whose address is the article's with the next number, or with the whole text.
#[must_use]
pub fn next_page(page: &Page, first: &PageUrl, rules: &ArticleRules) -> Option<PageUrl> {
    let is_other =
        |url: &PageUrl| url.same_site(first) && url.key() != page.url().key() && url.key() != first.key();
    if let Some(picker) = rules.next.as_deref().and_then(|selector| Picker::parse(selector).ok()) {
        return page.select(&picker).into_iter().find_map(|node| {
            let reference = node.attr(picker.attr().unwrap_or("href"))?;
            page.join(reference).filter(is_other)
        });
    }
    let here = number(first, page.url()).unwrap_or(0);
    let mut next: Option<(u32, PageUrl)> = None;
    let links = page.root().descendants().filter(|node| matches!(node.name(), "a" | "link" | "option"));
    for node in links.take(MAX_LINKS) {
        let Some(reference) = node.attr("href").or_else(|| node.attr("value")) else { continue };
        if reference.to_ascii_lowercase().contains("comment") {
            continue;
        }
        let Some(url) = page.join(reference).filter(is_other) else { continue };
        if here == 0 && (is_whole(node) && extends(first, &url) || asks_for_all(first, &url)) {
            return Some(url);
        }
        let Some(found) = number(first, &url) else { continue };
        // a link that shows 1 leads to the first page under another name
        if found == 1 && node.name() != "link" && node.text() == "1" {
            continue;
        }
        let is_after = found > here && found <= here + if here == 0 { 2 } else { 1 };
        if is_after && next.as_ref().is_none_or(|(known, _)| found < *known) {
            next = Some((found, url));
        }
    }
    // a paging script of the article, as TRS has them
    let by_script = || {
        let url = data::next_by_script(page).filter(is_other)?;
        number(first, &url).filter(|found| *found > here).map(|_| url)
    };
    next.map(|(_, url)| url).or_else(by_script)
}

fn is_whole(node: Node<'_>) -> bool {
    if node.name() != "a" || node.measure().text > 40 {
        return false;
    }
    let said: String = node.text().to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    WHOLE.contains(&said.as_str())
}

/// Whether an address is the first one's with nothing put to it but the wish for all of it: `?all=1`, `?page=all`.
fn asks_for_all(first: &PageUrl, other: &PageUrl) -> bool {
    let (first, other) = (first.as_url(), other.as_url());
    if first.path() != other.path() {
        return false;
    }
    let known: Vec<_> = first.query_pairs().collect();
    let added: Vec<_> = other.query_pairs().filter(|pair| !known.contains(pair)).collect();
    let [(name, value)] = added.as_slice() else { return false };
    let (name, value) = (name.to_ascii_lowercase(), value.to_ascii_lowercase());
    known.len() + 1 == other.query_pairs().count()
        && (matches!(value.as_str(), "all" | "full" | "single") && WHOLE_NAMES.contains(&name.as_str())
            || matches!(value.as_str(), "1" | "true" | "yes")
                && matches!(name.as_str(), "all" | "showall" | "singlepage" | "fullpage"))
}

/// Whether an address is the first one's with something put to it: `1047_all.html`, `?id=5&show=all`.
fn extends(first: &PageUrl, other: &PageUrl) -> bool {
    let (stem, extension) = split(first.as_url().path());
    let (longer, other_extension) = split(other.as_url().path());
    let same_query = first.as_url().query() == other.as_url().query();
    extension == other_extension
        && longer.starts_with(stem)
        && (longer.len() > stem.len() && same_query || longer == stem && !same_query)
}

/// Which page of the article that begins at `first` an address names: 0 or 1 for the first itself under its own
/// numbering; None for another article's.
fn number(first: &PageUrl, other: &PageUrl) -> Option<u32> {
    let (first, other) = (first.as_url(), other.as_url());
    if first.path() == other.path() {
        return by_query(first, other);
    }
    if first.query() != other.query() {
        return None;
    }
    let (stem, extension) = split(first.path());
    let (longer, other_extension) = split(other.path());
    let bare = without_number(stem);
    let in_folder = || {
        // `/slug/` and `/slug/2/`, `/slug/page/2`, `/slug/index_2.html`
        let rest = other.path().strip_prefix(first.path().trim_end_matches('/'))?.strip_prefix('/')?;
        let rest = rest.trim_end_matches('/');
        let bare = COUNTERS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        let rest = bare.strip_prefix(['/', '-', '_']).unwrap_or(bare);
        let rest =
            if first.path().ends_with('/') { rest.strip_prefix("index_").unwrap_or(rest) } else { rest };
        small(split(rest).0)
    };
    if extension != other_extension {
        return in_folder();
    }
    let put_to = |stem: &str| {
        let rest = longer.strip_prefix(stem)?;
        let rest = rest.strip_prefix(['_', '-', ','])?;
        let bare = COUNTERS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        small(bare.trim_start_matches(['_', '-']))
    };
    put_to(stem).or_else(|| bare.and_then(put_to)).or_else(in_folder)
}

/// Addresses of one path whose queries differ in nothing but a page's number.
fn by_query(first: &url::Url, other: &url::Url) -> Option<u32> {
    let is_page = |name: &str| PARAMETERS.contains(&name.to_ascii_lowercase().as_str());
    let rest = |url: &url::Url| -> Vec<(String, String)> {
        let pairs = url.query_pairs().filter(|(name, _)| !is_page(name));
        let mut pairs: Vec<_> = pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        pairs.sort();
        pairs
    };
    if rest(first) != rest(other) {
        return None;
    }
    let page = other.query_pairs().find(|(name, _)| is_page(name)).map(|(_, value)| value.into_owned());
    page.map_or(Some(0), |value| small(&value))
}

/// `/a/1047_1` to `/a/1047`, where the first page counts itself. `/news/show-1` is the first article, not a first page.
fn without_number(stem: &str) -> Option<&str> {
    let bare = ["_1", "-1", "_01", "_0"].iter().find_map(|end| stem.strip_suffix(end))?;
    let name = bare.rsplit('/').next().unwrap_or_default();
    name.bytes().any(|b| b.is_ascii_digit()).then_some(bare)
}

fn small(digits: &str) -> Option<u32> {
    let is_small = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| is_small && *number <= MAX_NUMBER)
}

/// A path and its extension, without the dot.
fn split(path: &str) -> (&str, &str) {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path.get(name..).and_then(|last| last.rfind('.')) {
        Some(dot) => path.split_at(name + dot),
        None => (path, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> PageUrl {
        PageUrl::parse(&format!("http://a.example{path}")).unwrap()
    }

    #[test]
    fn a_further_page_has_the_same_address_and_a_number() {
        for (first, other, expected) in [
            ("/a/2021/1047.html", "/a/2021/1047_2.html", Some(2)),
            ("/a/t20210311_118.html", "/a/t20210311_118_1.html", Some(1)),
            ("/c/content_123.htm", "/c/content_123_2.htm", Some(2)),
            ("/s/9_1.shtml", "/s/9_2.shtml", Some(2)),
            ("/s/9.shtml", "/s/9_02.shtml", Some(2)),
            ("/show.asp?id=5", "/show.asp?id=5&page=2", Some(2)),
            ("/2021/new-roof/", "/2021/new-roof/2/", Some(2)),
            ("/2021/new-roof", "/2021/new-roof/page/3", Some(3)),
            ("/2021/new-roof", "/2021/new-roof/seite-2", Some(2)),
            ("/2021/new-roof/", "/2021/new-roof/p2/", Some(2)),
            ("/2021/new-roof/", "/2021/new-roof/photos/", None),
            ("/a/1047.html", "/a/1047,2.html", Some(2)),
            ("/2021/new-roof/", "/2021/new-roof/index_2.html", Some(2)),
            ("/n/53.html", "/n/53-p2.html", Some(2)),
            ("/n/53-roof.html", "/n/53-roof-page-3.html", Some(3)),
            ("/n/53-roof", "/n/53-roof?bild=2", Some(2)),
            ("/n/53.html", "/n/53-picnic2.html", None),
            ("/show.asp?id=5", "/show.asp?id=6", None),
            ("/a/2021/1047.html", "/a/2021/1048.html", None),
            ("/art/art_1621_303.html", "/art/art_1621_304.html", None),
            ("/a/1047.html", "/a/1047_2021.html", None),
            ("/a/1047.html", "/b/1047_2.html", None),
            ("/a/show-1.html", "/a/show-2.html", None),
        ] {
            assert_eq!(number(&url(first), &url(other)), expected, "{first} {other}");
        }
    }

    fn next(from: &str, markup: &str) -> Option<String> {
        let page = Page::parse(markup, url(from));
        let first = url("/a/1047.html");
        next_page(&page, &first, &ArticleRules::default()).map(|url| url.path_and_query().to_owned())
    }

    #[test]
    fn the_next_page_is_found_and_the_next_article_is_not() {
        let pager = "<a href='1047.html'>1</a> <a href='1047_2.html'>2</a> <a href='1047_3.html'>3</a>";
        assert_eq!(next("/a/1047.html", pager).as_deref(), Some("/a/1047_2.html"));
        assert_eq!(next("/a/1047_2.html", pager).as_deref(), Some("/a/1047_3.html"));
        assert_eq!(next("/a/1047_3.html", pager), None);
        assert_eq!(next("/a/1047.html", "下一篇：<a href='1048.html'>下一页</a>"), None);
        assert_eq!(next("/a/1047.html", "<link rel=next href='/a/1048.html'>"), None);
        assert_eq!(next("/a/1047.html", "<a href='1047.html?page=2#comments'>2</a>"), None);
    }

    #[test]
    fn a_paging_script_leads_to_the_next_page() {
        let script = |current: u32| {
            format!("<script>\n<!--\ncreatePageHTML(3, {current}, \"1047\", \"html\");\n//-->\n</script>")
        };
        assert_eq!(next("/a/1047.html", &script(0)).as_deref(), Some("/a/1047_1.html"));
        assert_eq!(next("/a/1047_1.html", &script(1)).as_deref(), Some("/a/1047_2.html"));
        assert_eq!(next("/a/1047_2.html", &script(2)), None);
        // the script of a list beside the article
        assert_eq!(next("/a/1047.html", "<script>createPageHTML(9, 0, 'index', 'html')</script>"), None);
    }

    #[test]
    fn the_whole_text_on_one_page_comes_before_its_parts() {
        let pager = "<a href='1047_2.html'>2</a> <a href='1047_all.html'>在本页阅读全文</a>";
        assert_eq!(next("/a/1047.html", pager).as_deref(), Some("/a/1047_all.html"));
        assert_eq!(next("/a/1047.html", "<a href='2000.html'>阅读全文</a>"), None);
        for all in ["?all=1", "?page=all", "?view=full"] {
            let pager = format!("<a href='1047_2.html'>2</a> <a href='1047.html{all}'>x</a>");
            assert_eq!(next("/a/1047.html", &pager), Some(format!("/a/1047.html{all}")));
        }
        assert_eq!(next("/a/1047.html", "<a href='1047.html?view=print'>x</a>"), None);
    }
}
