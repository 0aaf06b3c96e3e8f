//! The number behind a page's own, among the links of its pager that show numbers.

use super::links;
use super::pager::{MAX_LINKS, MOST_WORDS, numeral, pages_this_list, pictured, shown};
use crate::model::PageUrl;
use crate::page::{Node, Page};

/// Classes of the number that stands for the page itself.
const CURRENT: [&str; 11] =
    ["current", "active", "cur", "on", "selected", "thisclass", "now", "this", "hover", "curr", "is-active"];

/// A link of a pager, and the number that it shows.
type Numbered<'a> = (u32, PageUrl, Node<'a>);

/// The page behind this one; the second value says whether pages are counted from the oldest: then it is the one with
/// the number before this page's.
pub(super) fn behind(page: &Page, from_oldest: bool) -> Option<(PageUrl, bool)> {
    let numbered = numbered(page);
    let own = own(page, &numbered);
    let told = links::number_of_page(page.url());
    // some count down: the newest page has the highest number
    let is_down = numbered.len() > 1 && numbered.windows(2).all(|pair| pair[0].0 > pair[1].0);
    if from_oldest || is_down {
        let before = own.or(told)?.checked_sub(1)?;
        return at(numbered, before).map(|url| (url, from_oldest));
    }
    // a front page that is the last of its pages: the first one is the oldest
    let is_last = told.is_none() && numbered.len() > 1 && {
        let counts = |url: &PageUrl| links::number_of_page(url).is_some();
        own.is_some_and(|own| numbered.iter().all(|(number, url, _)| *number < own && counts(url)))
    };
    if is_last {
        return at(numbered, own?.checked_sub(1)?).map(|url| (url, true));
    }
    let wanted = own.unwrap_or(1).checked_add(1)?;
    let by_steps = stepped(&numbered, own.unwrap_or(0));
    at(numbered, wanted).or(by_steps).map(|url| (url, false))
}

/// The page behind this one where pagers show how many items stand before each: `0 | 10 | 20`.
fn stepped(numbered: &[Numbered<'_>], own: u32) -> Option<PageUrl> {
    let step = numbered.iter().map(|(number, ..)| *number).fold(own, divisor);
    // an address that counts pages does not count items
    let counts_items = |url: &PageUrl| links::number_of_page(url).is_none();
    let are_steps = numbered.len() > 1 && step > 2 && numbered.iter().all(|(_, url, _)| counts_items(url));
    let behind = numbered.iter().filter(|(number, ..)| are_steps && *number > own);
    behind.min_by_key(|(number, ..)| *number).map(|(_, url, _)| url.clone())
}

fn at(numbered: Vec<Numbered<'_>>, wanted: u32) -> Option<PageUrl> {
    numbered.into_iter().find(|(number, ..)| *number == wanted).map(|(_, url, _)| url)
}

/// The greatest number that divides both.
fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The links that show numbers and page this list.
fn numbered(page: &Page) -> Vec<Numbered<'_>> {
    let nodes = page.body().descendants().filter(|node| matches!(node.name(), "a" | "option"));
    let mut found = Vec::new();
    for node in nodes.take(MAX_LINKS) {
        let reference = if node.name() == "a" { node.attr("href") } else { node.attr("value") };
        let Some(url) = reference.and_then(|reference| page.join(reference)) else { continue };
        let number = numeral(&shown(node)).or_else(|| {
            // a picture of a number
            links::number_of_page(&url).and_then(|_| numeral(&pictured(node)?))
        });
        let Some(number) = number.filter(|_| !is_day(&url)) else { continue };
        if url.same_site(page.url()) && (pages_this_list(&url, page.url()) || url.key() == page.url().key()) {
            found.push((number, url, node));
        }
    }
    found
}

/// Whether an address asks for a day or a month: calendars number theirs.
fn is_day(url: &PageUrl) -> bool {
    url.as_url()
        .query_pairs()
        .any(|(name, _)| matches!(name.to_ascii_lowercase().as_str(), "day" | "date" | "month" | "year"))
}

/// The number of the page itself: its own link's, or one that stands in the pager and leads nowhere.
fn own(page: &Page, numbered: &[Numbered<'_>]) -> Option<u32> {
    let linked = numbered.iter().find(|(_, url, _)| url.key() == page.url().key());
    if let Some((number, ..)) = linked {
        return Some(*number);
    }
    // a pager shows the page itself as a mere number, or marks it; a number that leads elsewhere says how many there are
    let (.., first) = numbered.first()?;
    let pager = first.parent().filter(|parent| parent.name() != "li").or_else(|| first.parent()?.parent())?;
    let leads_elsewhere = |number: u32| numbered.iter().any(|(linked, ..)| *linked == number);
    let mut marks: Vec<(bool, u32)> = pager
        .descendants()
        .filter(|node| node.measure().text <= MOST_WORDS)
        .filter_map(|node| Some((sureness(node)?, numeral(&node.text())?)))
        .filter(|(_, number)| !leads_elsewhere(*number))
        .collect();
    let told = links::number_of_page(page.url());
    if let Some((_, number)) = marks.iter().find(|(_, number)| Some(*number) == told) {
        return Some(*number);
    }
    marks.sort_by_key(|(is_sure, _)| !is_sure);
    let plain = marks.iter().find(|(is_sure, number)| !is_sure && *number == 1 && told.is_none());
    marks.iter().find(|(is_sure, _)| *is_sure).or(plain).or(marks.first()).map(|(_, number)| *number)
}

/// Whether an element marks the page itself, and whether it says so or is only set off.
fn sureness(node: Node<'_>) -> Option<bool> {
    let is_mark = |class: &str| CURRENT.contains(&class.to_ascii_lowercase().as_str());
    let says_so =
        node.classes().any(is_mark) || node.attr("aria-current").is_some() || node.attr("selected").is_some();
    let is_set_off = || {
        matches!(node.name(), "strong" | "b" | "em" | "span")
            && node.children().next().is_none()
            && !node.ancestors().any(|above| above.name() == "a")
    };
    if says_so { Some(true) } else { is_set_off().then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(at: &str, from_oldest: bool, body: &str) -> Option<(String, bool)> {
        let url = PageUrl::parse(&format!("http://a.example{at}")).unwrap();
        let page = Page::parse(&format!("<html><body>{body}</body></html>"), url);
        behind(&page, from_oldest).map(|(url, down)| (url.path_and_query().to_owned(), down))
    }

    #[test]
    fn pages_may_be_counted_from_the_oldest() {
        let front = "<p>Page 4 of 4: <a href='b.php?pg=3'>Previous</a> <a href='b.php?pg=1'>1</a> <a href='b.php?pg=2'>2</a> <a href='b.php?pg=3'>3</a> <span>4</span></p>";
        assert_eq!(next("/b.php", false, front), Some(("/b.php?pg=3".to_owned(), true)));
        let third = "<p><a href='?pg=1'>1</a> <a href='?pg=2'>2</a> <b>3</b> <a href='?pg=4'>4</a></p>";
        assert_eq!(next("/b.php?pg=3", true, third), Some(("/b.php?pg=2".to_owned(), true)));
        // the last of pages that are counted from the newest
        let last = "<p><a href='?pg=1'>1</a> <a href='?pg=2'>2</a> <b>3</b></p>";
        assert_eq!(next("/b.php?pg=3", false, last), None);
        // days of a calendar are no pages
        let days = "<table><tr><td><a href='?day=1'>1</a><td><a href='?day=2'>2</a><td class=now>3</table>";
        assert_eq!(next("/b.php", false, days), None);
    }

    #[test]
    fn how_many_pages_there_are_is_not_the_pages_own_number() {
        for pager in [
            "<div>共<b>5</b>页 <b>1</b> <a href='list_2.html'>2</a> <a href='list_5.html'>5</a></div>",
            "<div>共 <strong>12</strong> 页 <span class=on>1</span> <a href='list_2.html'>2</a></div>",
            "<ul><li><span>37</span>条</li><li class=thisclass>1</li><li><a href='list_2.html'>2</a></li></ul>",
        ] {
            assert_eq!(next("/n/", false, pager), Some(("/n/list_2.html".to_owned(), false)), "{pager}");
        }
    }

    #[test]
    fn numbers_may_count_items() {
        let pager = |own: u32| -> String {
            let link = |n: u32| {
                if n == own {
                    format!("<strong class='on'>{n}</strong> | ")
                } else {
                    format!("<a href='spip.php?rubrique2&amp;debut_articles={n}#p'>{n}</a> | ")
                }
            };
            [0, 10, 20, 30].into_iter().map(link).collect()
        };
        let place = |n: u32| Some((format!("/spip.php?rubrique2&debut_articles={n}"), false));
        assert_eq!(next("/spip.php?rubrique2", false, &pager(0)), place(10));
        assert_eq!(next("/spip.php?rubrique2&debut_articles=10", false, &pager(10)), place(20));
        assert_eq!(next("/spip.php?rubrique2&debut_articles=30", false, &pager(30)), None);
    }

    #[test]
    fn numbers_may_be_pictures() {
        let pager = "<a href='list.asp?lm=3&page=1'><img src='../images/p1on.gif'></a> <a href='list.asp?lm=3&page=2'><img src='../images/p2.gif'></a> <a href='list.asp?lm=3&page=3'><img src='../images/p3.gif'></a>";
        assert_eq!(
            next("/n/list.asp?lm=3", false, pager),
            Some(("/n/list.asp?lm=3&page=2".to_owned(), false))
        );
        assert_eq!(
            next("/n/list.asp?lm=3&page=2", false, pager),
            Some(("/n/list.asp?lm=3&page=3".to_owned(), false))
        );
        assert_eq!(next("/n/list.asp", false, "<a href='list.asp?id=7'><img src='/up/2.jpg'></a>"), None);
    }
}
