//! Pagers whose links call a script: `javascript:goPage(2)`.
//!
//! The script is read, never run. Where it leads is told by a form that is sent as an address and has a field for the
//! page's number, or by the address that the script puts together.

use super::onward;
use super::pager::{MAX_LINKS, MOST_WORDS, numeral, scripted, shown};
use crate::data;
use crate::model::PageUrl;
use crate::page::{Node, Page, text};

/// Fields of a form that are sent, at most.
const MOST_FIELDS: usize = 30;
/// A longer script is a library.
const MOST_SCRIPT: usize = 100_000;
/// Names of fields that count pages, beside those that hold `page`.
const COUNTERS: [&str; 5] = ["pn", "pg", "p", "seite", "pi"];
/// What names that hold `page` say when they do not count pages.
const MEASURES: [&str; 6] = ["size", "count", "total", "per", "rows", "title"];

/// The next page by a link that calls a script.
pub(super) fn find(page: &Page) -> Option<PageUrl> {
    let sent = Sent::of(page);
    let in_address = page.url().as_url().query_pairs().find(|(name, _)| counts(name));
    let own = in_address.and_then(|(_, value)| value.parse().ok());
    let own: u32 = own.or(sent.as_ref().and_then(|form| form.own)).unwrap_or(1);
    let wanted = own.checked_add(1)?;
    let links =
        page.body().descendants().filter(|node| matches!(node.name(), "a" | "button" | "span" | "li"));
    let call = links.take(MAX_LINKS).find_map(|node| call(node, wanted))?;
    match sent {
        Some(form) => form.with(wanted),
        None => page.called(&call).or_else(|| by_script(page, &call, wanted)),
    }
}

/// The call of a link that leads to a page: by its words, and by its argument where it has one.
fn call(node: Node<'_>, wanted: u32) -> Option<String> {
    let href = node.attr("href").map(str::trim).unwrap_or_default();
    let in_href = scripted(href).filter(|call| call.contains('('));
    let leads_on = !href.is_empty() && href != "#" && in_href.is_none() && !href.starts_with("javascript:");
    let call = in_href.or_else(|| node.attr("onclick").filter(|_| !leads_on))?;
    if node.measure().text > MOST_WORDS {
        return None;
    }
    let words = shown(node);
    if text::width(&words) > MOST_WORDS || !(onward::is_next(&words) || numeral(&words) == Some(wanted)) {
        return None;
    }
    let (_, arguments) = call.split_once('(')?;
    let arguments = arguments.split(')').next().unwrap_or_default();
    let mut numbers = arguments.split(',').map(|one| one.trim().trim_matches(['"', '\'']).parse::<u32>());
    let fits = arguments.trim().is_empty() || numbers.any(|number| number == Ok(wanted));
    fits.then(|| call.to_owned())
}

/// The address that the called function puts together.
fn by_script(page: &Page, call: &str, wanted: u32) -> Option<PageUrl> {
    let before = call.split('(').next()?.trim();
    let name = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next()?;
    let scripts =
        page.root().descendants().filter(|node| node.name() == "script" && node.attr("src").is_none());
    scripts.map(Node::raw_text).filter(|script| script.len() < MOST_SCRIPT).find_map(|script| {
        let made = script.find(&format!("function {name}"))?;
        let (start, ending) = data::put_together(script.get(made..)?)?;
        page.url().join(&format!("{start}{wanted}{ending}")).ok()
    })
}

/// Whether a name is one for the number of a page.
fn counts(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    COUNTERS.contains(&name.as_str())
        || name.contains("page") && !MEASURES.iter().any(|measure| name.contains(measure))
}

/// A form that is sent as an address and counts pages.
#[derive(Debug)]
struct Sent {
    action: PageUrl,
    fields: Vec<(String, String)>,
    /// Which of the fields counts.
    counter: usize,
    /// The number that it holds.
    own: Option<u32>,
}

impl Sent {
    fn of(page: &Page) -> Option<Self> {
        let controls = page.controls();
        let forms = page.body().descendants().filter(|node| node.name() == "form");
        forms.into_iter().find_map(|form| {
            let method = form.attr("method").unwrap_or("get").trim();
            let mine = controls.iter().filter(|(owner, _)| *owner == Some(form)).map(|(_, node)| *node);
            let inputs = mine.filter(|node| {
                let kind = node.attr("type").unwrap_or("text").to_ascii_lowercase();
                node.name() == "input" && matches!(kind.as_str(), "hidden" | "text" | "number")
            });
            let fields: Vec<(String, String)> = inputs
                .filter_map(|node| {
                    Some((node.attr("name")?.to_owned(), node.attr("value").unwrap_or_default().to_owned()))
                })
                .take(MOST_FIELDS)
                .collect();
            let counter = fields.iter().position(|(name, _)| counts(name))?;
            let own = fields.get(counter).and_then(|(_, value)| value.trim().parse().ok());
            let action = form.attr("action").filter(|action| !action.trim().is_empty());
            let action = action.map_or_else(|| Some(page.url().clone()), |action| page.join(action))?;
            method.eq_ignore_ascii_case("get").then_some(Self { action, fields, counter, own })
        })
    }

    /// Its address with another number.
    fn with(mut self, number: u32) -> Option<PageUrl> {
        if let Some((_, value)) = self.fields.get_mut(self.counter) {
            *value = number.to_string();
        }
        let mut url = self.action.as_url().clone();
        url.query_pairs_mut().clear().extend_pairs(&self.fields);
        PageUrl::parse(url.as_str()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(at: &str, body: &str) -> Option<String> {
        let url = PageUrl::parse(&format!("http://a.example{at}")).unwrap();
        find(&Page::parse(&format!("<body>{body}"), url)).map(|url| url.path_and_query().to_owned())
    }

    #[test]
    fn a_form_or_a_script_tells_where_a_call_leads() {
        let form = "<form name=f action=list.jsp><input type=hidden name=cid value=3><input type=hidden name=pageNo value=2></form>";
        for (at, body, expected) in [
            ("/n/", format!("{form}<a href='javascript:go(3)'>下一页</a>"), Some("/n/list.jsp?cid=3&pageNo=3")),
            ("/n/", format!("{form}<a href='#' onclick=\"toPage('3');return false\">3</a>"), Some("/n/list.jsp?cid=3&pageNo=3")),
            ("/n/", format!("{form}<a href='javascript:nextPage()'>Next</a>"), Some("/n/list.jsp?cid=3&pageNo=3")),
            (
                "/n/a.asp?page=4",
                "<script>function go(n){location.href='a.asp?c=1&page='+n}</script><a href='javascript:go(5)'>后页</a>".to_owned(),
                Some("/n/a.asp?c=1&page=5"),
            ),
            ("/n/", format!("{form}<a href='javascript:go(1)'>上一页</a>"), None),
            // what is posted is not asked for
            ("/n/", form.replace("<form", "<form method=post") + "<a href='javascript:go(3)'>下一页</a>", None),
            ("/n/", "<form><input name=q><input name=pageSize value=2></form><a href='javascript:go(2)'>2</a>".to_owned(), None),
        ] {
            assert_eq!(next(at, &body).as_deref(), expected, "{at} {body}");
        }
    }
}
