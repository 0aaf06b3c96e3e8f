//! The next page of a list: a link that says so, the number behind this page's, a button, or a paging script.

use super::pager::{MAX_LINKS, MOST_WORDS, pages_this_list, pictured, shown};
use super::{called, links, loader, numbers, onward};
use crate::data;
use crate::model::PageUrl;
use crate::page::{Page, text};

/// What follows a list page.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// The next page, and where it was read.
    pub(super) page: Option<(PageUrl, &'static str)>,
    /// Whether pages are counted from the oldest: then the next one has the number before this page's.
    pub(super) from_oldest: bool,
}

impl Next {
    fn to(url: PageUrl, from: &'static str) -> Self {
        Self { page: Some((url, from)), from_oldest: false }
    }
}

/// Finds the next list page. Pages that are counted from the oldest are known by the front page, which is the last of
/// them; what says `next` leads to newer ones.
pub(super) fn find(page: &Page, from_oldest: bool) -> Next {
    let fits = |url: &PageUrl| url.same_site(page.url()) && url.key() != page.url().key();
    let by_number = |from_oldest| numbers::behind(page, from_oldest).filter(|(url, _)| fits(url));
    if from_oldest {
        let found = by_number(true).map(|(url, _)| (url, "the number before this page's"));
        return Next { page: found, from_oldest };
    }
    if let Some((url, from)) = said(page, &fits) {
        return Next::to(url, from);
    }
    if let Some(url) = data::next_by_script(page).filter(&fits) {
        return Next::to(url, "a paging script");
    }
    if let Some((url, from_oldest)) = by_number(false) {
        let from =
            if from_oldest { "the number before this page's" } else { "the number behind this page's" };
        return Next { page: Some((url, from)), from_oldest };
    }
    let found = called::find(page).filter(&fits).map(|url| (url, "a link that calls a script"));
    let found = found.or_else(|| loader::find(page).filter(&fits).map(|url| (url, "what a button loads")));
    Next { page: found, from_oldest: false }
}

/// The link that says that it leads to the next page, or to older articles.
fn said(page: &Page, fits: &impl Fn(&PageUrl) -> bool) -> Option<(PageUrl, &'static str)> {
    if let Some(url) = page.links("next").map(|(_, url)| url).find(fits) {
        return Some((url, "link rel=next"));
    }
    let (mut said, mut older) = (None, None);
    for node in page.body().descendants().filter(|node| node.name() == "a").take(MAX_LINKS) {
        let Some(url) = node.attr("href").and_then(|href| page.join(href)).filter(fits) else { continue };
        let rel = node.attr("rel").unwrap_or_default();
        if rel.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("next")) {
            return Some((url, "a rel=next"));
        }
        let words = shown(node);
        if text::width(&words) > MOST_WORDS {
            continue;
        }
        let pages = pages_this_list(&url, page.url());
        if onward::is_next(&words) {
            if pages {
                return Some((url, "a link that says next"));
            }
            said.get_or_insert(url);
        } else if pages && onward::is_older(&words) {
            older.get_or_insert(url);
        } else if pages
            && links::number_of_page(&url).is_some()
            && pictured(node).is_some_and(|name| onward::is_next(&name))
        {
            return Some((url, "a picture that says next"));
        }
    }
    said.map(|url| (url, "a link that says next"))
        .or_else(|| older.map(|url| (url, "a link to older articles")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(at: &str, body: &str) -> Option<String> {
        let url = PageUrl::parse(&format!("http://a.example{at}")).unwrap();
        let page = Page::parse(&format!("<html><body>{body}</body></html>"), url);
        find(&page, false).page.map(|(url, _)| url.path_and_query().to_owned())
    }

    #[test]
    fn the_next_page_is_named_in_many_ways() {
        for (at, body, expected) in [
            ("/news/", "<a href='/other/'>Next</a> <a href='?page=2'>Next</a>", "/news/?page=2"),
            ("/news/?page=2", "<a href='?page=1'>1</a> <b>2</b> <a href='?page=3'>3</a>", "/news/?page=3"),
            // the offset says another number than the link
            (
                "/t?start=20",
                "<div><a href='/t?start=0'>1</a><span class='cur'>2</span><a href='/t?start=40'>3</a></div>",
                "/t?start=40",
            ),
            (
                "/t",
                "<ul><li class=active><a href='/t'>1</a></li><li><a href='/t?offset=20'>2</a></li></ul>",
                "/t?offset=20",
            ),
            // counted from nought in the address
            (
                "/n/index_1.shtml",
                "<a href='index.shtml'>1</a> <a href='index_1.shtml'>2</a> <a href='index_2.shtml'>3</a>",
                "/n/index_2.shtml",
            ),
            ("/n/", "<a href='list_1_1.html'>1</a><a href='list_1_2.html'>[2]</a>", "/n/list_1_2.html"),
            (
                "/n/",
                "<select><option value='/n/' selected>1</option><option value='/n/list-2.shtml'>第2页</option></select>",
                "/n/list-2.shtml",
            ),
            (
                "/n",
                "<button class='load-more' data-url='/api/list' data-page='2'>mehr</button>",
                "/api/list?page=2",
            ),
            ("/n", "<button data-next='/n/more?cursor=abc1'>加载更多</button>", "/n/more?cursor=abc1"),
            ("/n", "<a class='btn-more' href='/n/part.html'>x</a>", "/n/part.html"),
            ("/n", "<div id='loadMore' data-url='/n/?p={page}' data-page='3'></div>", "/n/?p=3"),
            // counted down
            (
                "/n/",
                "<p>Seiten: <b>9</b> <a href='page8.html'>8</a> <a href='page7.html'>7</a></p>",
                "/n/page8.html",
            ),
            (
                "/n/page8.html",
                "<p><a href='page9.html'>9</a> <b>8</b> <a href='page7.html'>7</a></p>",
                "/n/page7.html",
            ),
            ("/n", "<button id=more data-page=1 data-total-pages=5>Load more articles</button>", "/n?page=2"),
            ("/n?page=2", "<button id=more data-page=2 data-total-pages=5>Load more</button>", "/n?page=3"),
            ("/n", "<div hx-get='/n/part?p=2' class='load-more'>…</div>", "/n/part?p=2"),
            ("/n/", "<a href='/n/?after=xk3'>Ältere Beiträge</a>", "/n/?after=xk3"),
        ] {
            assert_eq!(next(at, body).as_deref(), Some(expected), "{at} {body}");
        }
    }

    #[test]
    fn what_is_no_next_page_is_left_alone() {
        for (at, body) in [
            ("/n/", "<a href='/art/2.html'>2</a> <a href='/art/3.html'>3</a>"),
            ("/n/?page=3", "<a href='?page=1'>1</a> <a href='?page=2'>2</a> <b>3</b>"),
            ("/n/", "<button class='menu' data-url='/login'>Log in</button>"),
            ("/n/", "<a href='javascript:void(0)' class='load-more'>更多</a>"),
            ("/n/", "<a class='more' href='/n/detail/new-roof-9/'>Mehr</a>"),
            ("/n?page=5", "<button id=more data-page=5 data-total-pages=5>Load more</button>"),
        ] {
            assert_eq!(next(at, body), None, "{at} {body}");
        }
    }
}
