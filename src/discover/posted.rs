//! Pagers that nothing but a browser can follow: forms that are posted, and scripts whose way is not read.

use super::onward;
use super::pager::{MAX_LINKS, MOST_WORDS, numeral, scripted, shown};
use crate::page::{Node, Page, text};

/// A longer call is not shown whole.
const MOST_CALL: usize = 60;
const POSTED: &str = "its further pages are asked for by a form that is posted, which tidings leaves alone";

/// Why the further pages of a list, which it has, are not read; None where it shows none.
pub(super) fn why(page: &Page) -> Option<String> {
    let nodes = page.body().descendants();
    let nodes = nodes.filter(|node| matches!(node.name(), "a" | "button" | "input" | "span" | "li"));
    nodes.take(MAX_LINKS).find_map(of_node)
}

fn of_node(node: Node<'_>) -> Option<String> {
    let is_input = node.name() == "input";
    if node.measure().text > MOST_WORDS {
        return None;
    }
    let words = if is_input { node.attr("value").or(node.attr("alt"))?.to_owned() } else { shown(node) };
    if text::width(&words) > MOST_WORDS || !(onward::is_next(&words) || numeral(&words) == Some(2)) {
        return None;
    }
    let href = node.attr("href").map(str::trim).unwrap_or_default();
    let in_href = scripted(href);
    let leads_on = !href.is_empty() && !href.starts_with('#') && in_href.is_none();
    let calls = |call: &&str| call.contains('(') && !call.trim_start().starts_with("void(");
    let call = in_href.filter(calls).or_else(|| node.attr("onclick").filter(|_| !leads_on).filter(calls));
    if call.is_some_and(|call| call.contains("__doPostBack") || call.contains("submit(")) {
        return Some(POSTED.to_owned());
    }
    if let Some(call) = call {
        let call: String = call.trim().trim_start_matches("return ").chars().take(MOST_CALL).collect();
        return Some(format!("its further pages are called by a script that tidings does not run: {call}"));
    }
    // what says `next` and leads nowhere stands on last pages
    if node.name() == "a" && !leads_on && numeral(&words) == Some(2) {
        return Some("its further pages are loaded by a script that tidings does not run".to_owned());
    }
    let kind = node.attr("type").unwrap_or("submit");
    let is_button =
        is_input && matches!(kind, "submit" | "image") || node.name() == "button" && kind == "submit";
    let form = node.ancestors().find(|above| above.name() == "form").filter(|_| is_button)?;
    let is_posted = form.attr("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"));
    is_posted.then(|| POSTED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    fn told(body: &str) -> Option<String> {
        why(&Page::parse(&format!("<body>{body}"), PageUrl::parse("http://a.example/n/").unwrap()))
    }

    #[test]
    fn a_pager_that_is_not_followed_is_told() {
        for body in [
            "<a href=\"javascript:__doPostBack('AspNetPager1','2')\">2</a>",
            "<a onclick='document.forms[0].page.value=2;document.forms[0].submit()' href='#'>下一页</a>",
            "<form method=post><input type=hidden name=page value=2><input type=submit value='下一页'></form>",
            "<form method=POST action=list.do><button>Next</button></form>",
        ] {
            assert!(told(body).is_some_and(|why| why.contains("posted")), "{body}");
        }
        assert!(
            told("<li data-page=2><a href='javascript:;'>2</a>").is_some_and(|why| why.contains("script"))
        );
        let called = told("<a href='javascript:getPage(2)'>下一页</a>").unwrap();
        assert!(called.ends_with("getPage(2)"), "{called}");
        for body in [
            "<form method=post><input type=submit value=Search></form>",
            "<a href='javascript:history.back()'>zurück</a>",
            "<b>2</b> <a href='javascript:void(0)'>下一页</a> <a href='#'>下一页</a>",
            "<a href='?page=2'>2</a>",
            "<button onclick='top(2)'>^</button>",
        ] {
            assert_eq!(told(body), None, "{body}");
        }
    }
}
