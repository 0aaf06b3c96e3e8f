//! The frames of a page that may hold what it is about.

use crate::model::PageUrl;
use crate::page::{Node, Page};

/// Frames that hold something else, by their addresses or names.
const ASIDE: [&str; 25] = [
    "top",
    "head",
    "banner",
    "left",
    "menu",
    "nav",
    "foot",
    "bottom",
    "ad",
    "ads",
    "player",
    "video",
    "map",
    "weather",
    "tianqi",
    "login",
    "comment",
    "pinglun",
    "share",
    "count",
    "counter",
    "vote",
    "search",
    "guestbook",
    "piaofu",
];
/// A frame smaller than this, in pixels, shows nothing: counters, and what is filled later.
const SMALL: u32 = 60;
/// A longer script is a library.
const MOST_SCRIPT: usize = 100_000;
/// So wide and so high, in pixels, is a frame with a list.
const WIDE: u32 = 480;
const HIGH: u32 = 300;
/// The only frame of a row beside others: it holds what they lead to.
const MAIN: [&str; 5] = ["main", "content", "body", "list", "right"];

/// The frames of the page's own site, the likeliest first; those that hold something else only where there are no others.
#[must_use]
pub fn of(page: &Page) -> Vec<PageUrl> {
    let mut found: Vec<(u8, PageUrl)> = Vec::new();
    for node in page.root().descendants().filter(|node| matches!(node.name(), "frame" | "iframe")) {
        let sources = ["src", "data-src"].into_iter().filter_map(|name| node.attr(name));
        let Some(url) = sources.filter_map(|src| page.join(src)).find(|url| url != page.url()) else {
            continue;
        };
        if is_own(&url, page.url()) && !is_unseen(node) {
            found.push((rank(node, &url), url));
        }
    }
    if found.is_empty() {
        found.extend(written(page).map(|url| (1, url)));
    }
    found.sort_by_key(|(rank, _)| *rank);
    let best = found.iter().filter(|(rank, _)| *rank < 2).count();
    found.truncate(if best > 0 { best } else { found.len() });
    found.into_iter().map(|(_, url)| url).collect()
}

/// The frame that a script writes into the page, or fills where it stands empty.
fn written(page: &Page) -> Option<PageUrl> {
    let has_empty = || {
        let mut frames = page.root().descendants().filter(|node| matches!(node.name(), "frame" | "iframe"));
        frames.any(|node| node.attr("src").is_none_or(|src| matches!(src.trim(), "" | "about:blank" | "#")))
    };
    let fits = |address: &str| page.join(address).filter(|url| url != page.url() && is_own(url, page.url()));
    super::leads::scripts(page).filter(|script| script.len() < MOST_SCRIPT).find_map(|script| {
        let plain = script.replace("\\\"", "'").replace("\\'", "'");
        let mut tags = plain.match_indices("<iframe").chain(plain.match_indices("<frame "));
        let tag = tags.find_map(|(at, _)| {
            let tag = plain.get(at..)?.split('>').next()?;
            fits(quoted(tag.split_once("src=")?.1)?)
        });
        tag.or_else(|| {
            let set = [".src=", ".src =", ".attr(\"src\",", ".attr('src',"];
            let mut set = set.iter().filter_map(|set| Some(plain.split_once(set)?.1));
            set.find_map(|value| fits(quoted(value)?)).filter(|url| has_empty() && !is_picture(url))
        })
    })
}

/// What stands in quotes at the beginning, whole: an address that is put together is known to the script alone.
fn quoted(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = text.get(1..)?.split_once(quote)?;
    (!value.is_empty() && !value.contains(['+', '<']) && !rest.trim_start().starts_with('+')).then_some(value)
}

fn is_picture(url: &PageUrl) -> bool {
    let path = url.as_url().path().to_ascii_lowercase();
    [".gif", ".png", ".jpg", ".jpeg", ".webp", ".js", ".svg"].iter().any(|end| path.ends_with(end))
}

/// The one frame that takes up the page, as far as its size tells: what the page is about may stand there, whatever stands
/// around it.
#[must_use]
pub fn main_of(page: &Page) -> Option<PageUrl> {
    let mut found = page.root().descendants().filter(|node| node.name() == "iframe").filter_map(|node| {
        let url = node.attr("src").and_then(|src| page.join(src))?;
        let fits = url != *page.url() && is_own(&url, page.url()) && !is_unseen(node) && rank(node, &url) < 2;
        let is_aside = url.as_url().path_segments()?.any(|folder| ASIDE.contains(&folder));
        (fits && !is_aside && takes_up(node)).then_some(url)
    });
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// Whether a frame is as wide as its column, and as high as a list is or as what it holds.
fn takes_up(node: Node<'_>) -> bool {
    let pixels = |value: &str| value.trim().trim_end_matches("px").parse::<u32>().ok();
    let styled = |name: &str| {
        let style = node.attr("style")?.to_ascii_lowercase();
        let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
        rules.find(|(own, _)| own.trim() == name).map(|(_, value)| value.trim().to_owned())
    };
    let size = |name: &str| node.attr(name).map(str::to_owned).or_else(|| styled(name));
    let is_wide = size("width")
        .is_some_and(|width| width.trim() == "100%" || pixels(&width).is_some_and(|width| width >= WIDE));
    let is_high = match size("height") {
        Some(height) => pixels(&height).is_none_or(|height| height >= HIGH),
        None => true,
    };
    is_wide && (is_high || node.attr("onload").is_some())
}

/// Whether a frame is of the page's own site, or of a host below or above it.
#[must_use]
pub fn is_own(url: &PageUrl, page: &PageUrl) -> bool {
    let bare = |host: &str| format!(".{}", host.strip_prefix("www.").unwrap_or(host));
    let (its, own) = (bare(url.host()), bare(page.host()));
    // a bare top-level domain is no site, and neither has a host of figures hosts below it
    let dots = |host: &str| host.matches('.').count() > 1;
    url.same_site(page)
        || dots(&own) && its.ends_with(&own) && !page.host().ends_with(|c: char| c.is_ascii_digit())
        || dots(&its) && own.ends_with(&its) && !url.host().ends_with(|c: char| c.is_ascii_digit())
}

fn is_unseen(node: Node<'_>) -> bool {
    let is_small = |name: &str| {
        let size = node.attr(name).and_then(|size| size.trim().trim_end_matches("px").parse::<u32>().ok());
        size.is_some_and(|size| size < SMALL)
    };
    // a row of frames is sized by its set
    node.name() == "iframe" && (node.is_hidden() || is_small("width") || is_small("height"))
}

/// 0 for what says that it is the page's matter, 2 for what says that it is not.
fn rank(node: Node<'_>, url: &PageUrl) -> u8 {
    let name = [node.attr("name"), node.id()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let file = url.as_url().path().rsplit('/').next().unwrap_or_default();
    let is_in = |text: &str, known: &[&str]| {
        let text = text.to_ascii_lowercase();
        text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
            known
                .iter()
                .any(|one| word == *one || one.len() > 3 && (word.starts_with(one) || word.ends_with(one)))
        })
    };
    match () {
        () if is_in(&name, &MAIN) => 0,
        () if is_in(&name, &ASIDE) => 2,
        () if is_in(file, &ASIDE) => 2,
        () => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_that_takes_up_a_page_is_told() {
        let of = |html: &str| -> Option<String> {
            let page = Page::parse(html, PageUrl::parse("http://www.quay.example/news/").unwrap());
            main_of(&page).map(|url| url.path_and_query().to_owned())
        };
        for (html, led) in [
            (
                "<iframe name=main src='list.aspx?c=2' width='100%' height=900></iframe>",
                Some("/news/list.aspx?c=2"),
            ),
            ("<iframe src=l.html style='width:740px;border:0' onload='fit()' height=20></iframe>", None),
            (
                "<iframe src=l.html style='width: 740px; height: 800px'></iframe><iframe src=/tianqi.html width=200 height=60></iframe>",
                Some("/news/l.html"),
            ),
            ("<iframe src=l.html width='100%' onload='fit()' height=100></iframe>", Some("/news/l.html")),
            ("<iframe src=l.html width=300 height=250></iframe>", None),
            ("<iframe src=/video/1.html width='100%' height=400></iframe>", None),
            ("<iframe src=a.html width='100%'></iframe><iframe src=b.html width='100%'></iframe>", None),
            ("<iframe src='http://other.example/' width='100%' height=900></iframe>", None),
        ] {
            assert_eq!(of(html).as_deref(), led, "{html}");
        }
    }

    #[test]
    fn frames_that_may_hold_the_list_are_told() {
        let of = |html: &str| -> Vec<String> {
            let page = Page::parse(html, PageUrl::parse("http://www.quay.example/news/").unwrap());
            super::of(&page).iter().map(|url| url.as_str().to_owned()).collect()
        };
        let at = |path: &str| format!("http://www.quay.example{path}");
        for (html, led) in [
            (
                "<frameset cols='20,80'><frame src=left.html><frameset rows='9,*'><frame src=top.asp><frame src=main.asp name=main></frameset></frameset>",
                vec![at("/news/main.asp")],
            ),
            (
                "<frameset rows='0,*'><frame src='about:blank'><frame src='/cms/index.do'><noframes><p>x</noframes></frameset>",
                vec![at("/cms/index.do")],
            ),
            (
                "<iframe src='/list/1.html' width='100%' height=600></iframe><iframe src='/count' height=0></iframe><iframe src='http://ads.example/x'></iframe><iframe style='display:none' src='/h'></iframe>",
                vec![at("/list/1.html")],
            ),
            (
                "<iframe data-src='//list.quay.example/a' src=''></iframe>",
                vec!["http://list.quay.example/a".to_owned()],
            ),
            ("<frameset><frame src=menu.html></frameset>", vec![at("/news/menu.html")]),
            (
                "<div><script>document.write('<iframe id=\\'l\\' src=\\'list/1.html\\' width=\\'100%\\'></iframe>');</script></div>",
                vec![at("/news/list/1.html")],
            ),
            (
                "<iframe id=main></iframe><script>document.getElementById('main').src = \"list.asp?c=3\";</script>",
                vec![at("/news/list.asp?c=3")],
            ),
            ("<script>img.src='/hit.asp'; document.write('<iframe src=' + u + '>')</script>", vec![]),
            ("<iframe id=main></iframe><script>new Image().src='/count.gif';</script>", vec![]),
            (
                "<iframe src='http://otherquay.example/'></iframe><iframe src='http://example/'></iframe>",
                vec![],
            ),
        ] {
            assert_eq!(of(html), led, "{html}");
        }
    }
}
