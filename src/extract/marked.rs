//! Elements marked as the author's: `rel`, `itemprop`, class names, links to pages of authors.

use std::sync::LazyLock;

use regex::Regex;

use crate::page::text::is_cjk;
use crate::page::{Node, Page};

use super::person;

/// Class parts of an element that holds an author's name and nothing else.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:author|byline|autor|writer|auteur)s?[_-]{0,2}(?:names?|link|title|value|txt)|(?:^|[\s_-])(?:p-author|byline-?author)").ok()
});
/// Class parts of an element that holds an author's name, perhaps with more.
static BLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?ix) (^|[\s_-]|article|post|entry) ( authors? | bylines? | autor(in|en)? | auteurs? | writers? | written-?by | contributors? ) ($|[\s_-])").ok()
});
/// Class parts of what stands beside an author's name.
static BESIDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?ix) bio | desc | avatar | image | img | photo | pic(ture)? | social | follow | archive | count | date | time | position | role | job | comment | bubble | tooltip | icon | thumb | website | email").ok()
});
/// Class parts of blocks that name authors of other things.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?ix) (^|[\s_-]) ( comments? | commentlist | respond | reviews? | related\w* | recommend\w* | sidebar | widget | popular | latest | trending | teasers? | cards? | newsletter | carousel | slider | swiper ) ($|[\s_-])").ok()
});
/// Parts of the paths of pages about authors.
const PATHS: [&str; 10] = [
    "/author/",
    "/authors/",
    "/autor/",
    "/autoren/",
    "/auteur/",
    "/auteurs/",
    "/contributor/",
    "/contributors/",
    "/newsteam/",
    "/?author=",
];

/// So many elements behind the end of the body an author's box still belongs to the article.
const BEHIND: usize = 150;
/// So many elements before the headline its line of data may stand.
const BEFORE: usize = 40;
/// More text than this is no name and its label.
const MOST_TEXT: usize = 220;
/// So many authors are named at most.
const MOST: usize = 6;

/// The names that elements of authors around the headline and the body hold, the likeliest first.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) names: Vec<String>,
    /// What the element is called.
    pub(super) from: String,
}

/// Reads the elements marked as the author's.
pub(super) fn read<'a>(page: &'a Page, headline: Option<Node<'a>>, block: Option<Node<'a>>) -> Marked {
    let skips = |node: Node<'a>| {
        (matches!(node.name(), "nav" | "footer") || names_match(&ELSEWHERE, node))
            && !headline.is_some_and(|headline| node.holds(headline))
            && !block.is_some_and(|block| node == block || node.holds(block) || block.holds(node))
    };
    let mut skipped = 0;
    let mut found: Vec<(i64, Node<'a>, String)> = Vec::new();
    let (from, to) = range(headline, block);
    for node in page.body().descendants() {
        if node.order() > to {
            break;
        }
        if node.order() < skipped {
            continue;
        }
        // nothing in it stands near enough
        if *node.span().end() < from {
            skipped = node.span().end() + 1;
            continue;
        }
        if skips(node) {
            skipped = node.span().end() + 1;
            continue;
        }
        let worth = worth(node);
        if worth == 0 || node.measure().text > MOST_TEXT {
            continue;
        }
        let place = place(node, headline, block);
        if place < 0 || found.len() > 60 {
            continue;
        }
        if let Some(name) = person::among(&node.lines()) {
            found.push((worth + place, node, name));
        }
    }
    let Some((best, first, _)) = found.iter().max_by_key(|(score, node, _)| (*score, -order(*node))).cloned()
    else {
        return Marked::default();
    };
    // others of the same kind in the same line wrote it too
    let line = first.ancestors().nth(1).or_else(|| first.parent());
    let mut names: Vec<String> = Vec::new();
    for (score, node, name) in found {
        let is_beside = line.is_some_and(|line| line.holds(node) && line.measure().text < MOST_TEXT);
        if (node == first || score == best && is_beside) && !names.contains(&name) && names.len() < MOST {
            names.push(name);
        }
    }
    Marked { names, from: super::title::describe(first) }
}

fn order(node: Node<'_>) -> i64 {
    i64::try_from(node.order()).unwrap_or(i64::MAX)
}

/// How sure an element is the author's by what it is called; 0 when it is not.
fn worth(node: Node<'_>) -> i64 {
    let says = |name: &str| {
        node.attr(name).is_some_and(|value| {
            value
                .split_whitespace()
                .any(|one| one.eq_ignore_ascii_case("author") || one.eq_ignore_ascii_case("creator"))
        })
    };
    if matches!(node.name(), "img" | "time" | "svg" | "form" | "input" | "meta" | "script" | "style") {
        return 0;
    }
    if node.has_meaning() && (says("rel") || says("itemprop")) {
        return 100;
    }
    let may_name = node.is_named() && [node.attr("class"), node.id()].into_iter().flatten().any(may_name);
    if may_name && names_match(&NAME, node) && !has_beside(node) {
        return 90;
    }
    let is_of_author =
        |href: &str| PATHS.iter().any(|path| href.find(path).is_some_and(|at| href.len() > at + path.len()));
    if node.name() == "a"
        && node.attr("href").is_some_and(is_of_author)
        && node.parent().is_some_and(|parent| parent.measure().text < MOST_TEXT)
    {
        return 80;
    }
    if may_name && names_match(&BLOCK, node) && !has_beside(node) { 70 } else { 0 }
}

/// Whether names hold what all names of authors' elements do: looked at first, as most hold nothing of it.
fn may_name(names: &str) -> bool {
    const PARTS: [&[u8]; 7] = [b"uthor", b"yline", b"utor", b"riter", b"uteur", b"ontribut", b"ritten"];
    let bytes = names.as_bytes();
    bytes.windows(4).enumerate().any(|(at, window)| {
        window.first().is_some_and(|first| matches!(first | 0x20, b'u' | b'y' | b'r' | b'o'))
            && PARTS.iter().any(|part| {
                bytes.get(at..at + part.len()).is_some_and(|found| found.eq_ignore_ascii_case(part))
            })
    })
}

/// The first and the last element that are near enough to the article.
fn range(headline: Option<Node<'_>>, block: Option<Node<'_>>) -> (usize, usize) {
    let start = headline.map_or_else(|| block.map_or(0, |block| *block.span().start()), |node| node.order());
    let end = block.map_or(usize::MAX, |block| *block.span().end());
    (start.saturating_sub(BEFORE), end.saturating_add(BEHIND))
}

/// What the place of an element is worth: negative where it is another article's.
fn place(node: Node<'_>, headline: Option<Node<'_>>, block: Option<Node<'_>>) -> i64 {
    let at = node.order();
    let start = headline.map_or_else(|| block.map_or(0, |block| *block.span().start()), |node| node.order());
    let end = block.map_or(usize::MAX, |block| *block.span().end());
    if at < start {
        return if at + BEFORE >= start { 5 } else { -1 };
    }
    if at <= end {
        // the first of several near the headline
        return if at < start + 60 { 20 } else { 10 };
    }
    if at <= end.saturating_add(BEHIND) { 0 } else { -1 }
}

fn names_match(regex: &LazyLock<Option<Regex>>, node: Node<'_>) -> bool {
    let Some(regex) = regex.as_ref().filter(|_| node.is_named()) else { return false };
    node.attr("class").is_some_and(|class| regex.is_match(class))
        || node.id().is_some_and(|id| regex.is_match(id))
}

fn has_beside(node: Node<'_>) -> bool {
    names_match(&BESIDE, node)
}

impl Marked {
    /// The people named, joined.
    pub(super) fn people(&self) -> Option<String> {
        let is_person = |name: &&String| !name.chars().any(is_cjk) || person::is_chinese_person(name);
        let people: Vec<&str> = self.names.iter().filter(is_person).map(String::as_str).collect();
        (!people.is_empty()).then(|| people.join(", "))
    }

    /// The account of a Chinese portal that is no person's: the paper.
    pub(super) fn paper(&self) -> Option<String> {
        self.names
            .iter()
            .find(|name| {
                name.chars().any(is_cjk)
                    && !person::is_chinese_person(name)
                    && !name.contains([' ', ':', '：'])
            })
            .cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    fn people(html: &str) -> Option<String> {
        let page = Page::parse(html, PageUrl::parse("http://a.example/news/7").unwrap());
        let headline = page.headings().next();
        let block = page.body().descendants().find(|node| node.id() == Some("text"));
        read(&page, headline, block).people()
    }

    #[test]
    fn an_element_called_author_names_one() {
        for (html, name) in [
            (
                "<h1>A bridge</h1><p class=author>Anna Berg<br>4 August 2010</p><div id=text><p>Text.</p></div>",
                Some("Anna Berg"),
            ),
            (
                "<h1>A bridge</h1><a href=/authors/anna-berg>Anna Berg</a><div id=text><p>Text.</p></div>",
                Some("Anna Berg"),
            ),
            (
                "<h1>A bridge</h1><div><span class=author-name>Anna Berg</span> <span class=author-name>Carl Dahl</span></div><div id=text><p>Text.</p></div>",
                Some("Anna Berg, Carl Dahl"),
            ),
            (
                "<h1>A bridge</h1><div id=text><p>Text.</p></div><div class=comments><b class=author>Emil Stein</b></div>",
                None,
            ),
            ("<h1>A bridge</h1><p class=author-date>August 28</p><div id=text><p>Text.</p></div>", None),
            (
                "<nav><a href=/authors/all>Authors</a></nav><h1>A bridge</h1><div id=text><p>Text.</p></div>",
                None,
            ),
        ] {
            assert_eq!(people(html).as_deref(), name, "{html}");
        }
    }

    #[test]
    fn an_account_that_is_no_person_is_the_paper() {
        let html = "<h1>渡口的灯修好了</h1><p class=author-name>河边播报</p><div id=text><p>正文。</p></div>";
        let page = Page::parse(html, PageUrl::parse("http://a.example/news/7").unwrap());
        let marked = read(&page, page.headings().next(), None);
        assert_eq!((marked.people(), marked.paper().as_deref()), (None, Some("河边播报")));
    }
}
