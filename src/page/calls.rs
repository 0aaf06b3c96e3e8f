//! Links that call a script: the address that the script would open, read and never run.
//!
//! `javascript:view(31)` with `function view(id) { window.open("show.asp?id=" + id) }` leads to `show.asp?id=31`. Texts and the
//! function's own arguments are put together; whatever else a script does is not understood, and then there is no address.

use crate::model::PageUrl;

use super::document::Page;
use super::node::Node;
use super::openers::{Opener, arguments, opener, put, sent_to};

/// A longer script is a library.
const MOST_SCRIPT: usize = 100_000;
/// Functions of a page that are looked at, and so much of each.
const MOST_FUNCTIONS: usize = 200;
const MOST_BODY: usize = 2000;
impl Page {
    /// The address that a link opens by a script, where its own leads nowhere.
    #[must_use]
    pub fn called_by(&self, link: Node<'_>) -> Option<PageUrl> {
        let href = link.attr("href").map(str::trim).unwrap_or_default();
        let scheme = href.get(..11).filter(|start| start.eq_ignore_ascii_case("javascript:"));
        let in_href = scheme.and_then(|_| href.get(11..)).filter(|call| call.contains(['(', '=']));
        let leads_nowhere = href.is_empty() || href.starts_with('#') || scheme.is_some();
        let click = link.attr("onclick").filter(|_| leads_nowhere);
        in_href.into_iter().chain(click).find_map(|call| self.called(call))
    }

    /// The address that a call opens: by what it says itself, or by the function of the page that it calls.
    #[must_use]
    pub fn called(&self, call: &str) -> Option<PageUrl> {
        if let Some(pieces) = sent_to(call) {
            return self.join(&put(&pieces, &[], &[])?);
        }
        let (name, rest) = call.trim_start().trim_start_matches("return ").split_once('(')?;
        let arguments = arguments(rest);
        let openers = self.openers.get_or_init(|| openers(self));
        let opener = openers.iter().find(|opener| opener.name == name.trim())?;
        self.join(&put(&opener.pieces, &opener.parameters, &arguments)?)
    }
}

/// The functions of a page's own scripts that open an address.
fn openers(page: &Page) -> Vec<Opener> {
    let is_own = |node: &Node<'_>| node.name() == "script" && node.attr("src").is_none();
    let scripts = page.root().descendants().filter(is_own).map(Node::raw_text);
    let mut found = Vec::new();
    for script in scripts.filter(|script| script.len() < MOST_SCRIPT) {
        let starts: Vec<usize> = script.match_indices("function ").map(|(at, _)| at).collect();
        for (number, at) in starts.iter().enumerate().take(MOST_FUNCTIONS) {
            let end = starts.get(number + 1).copied().unwrap_or(script.len()).min(at + MOST_BODY);
            let text =
                script.get(at + "function ".len()..script.floor_char_boundary(end)).unwrap_or_default();
            found.extend(opener(text));
        }
    }
    found.truncate(MOST_FUNCTIONS);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_tells_where_a_link_leads() {
        let script = "<script>function view(id){ if(!id) return; window.open(\"show.asp?type=2&id=\"+id); }\
             function go(t, n) { var url = '/n/' + t + '/' + n + '.html'; location.href = url; }\
             function share(to){ window.open(address(to)); }\
             function all(u){ window.location = u; }</script>";
        for (link, expected) in [
            ("<a href='javascript:view(31)'>x</a>", Some("/a/show.asp?type=2&id=31")),
            ("<a href=\"javascript:view('k-3');\">x</a>", Some("/a/show.asp?type=2&id=k-3")),
            ("<a href='#' onclick=\"go('city', 7); return false\">x</a>", Some("/n/city/7.html")),
            (
                "<a href='javascript:void(0)' onclick=\"window.open('9.html','_blank')\">x</a>",
                Some("/a/9.html"),
            ),
            ("<a href='javascript:;' onclick=\"location.href='/n/4.html'\">x</a>", Some("/n/4.html")),
            ("<a onclick=\"all('/n/5.html')\">x</a>", Some("/n/5.html")),
            ("<a href='javascript:share(1)'>x</a>", None),
            ("<a href='javascript:void(0)'>x</a>", None),
            ("<a href='javascript:gone(3)'>x</a>", None),
            ("<a href='/b.html' onclick='view(3)'>x</a>", None),
            ("<a href='mailto:a@b.example' onclick='view(3)'>x</a>", None),
        ] {
            let url = PageUrl::parse("http://town.example/a/list.asp").unwrap();
            let page = Page::parse(&format!("<body>{script}{link}"), url);
            let node = page.body().descendants().find(|node| node.name() == "a").unwrap();
            let found = page.called_by(node).map(|url| url.path_and_query().to_owned());
            assert_eq!(found.as_deref(), expected, "{link}");
        }
    }
}
