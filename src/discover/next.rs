//! The next page of a list: a link that says so, or a paging script.

use super::links;
use super::words;
use crate::model::PageUrl;
use crate::page::{Page, text};

/// Finds the next list page. The second value says where it was read.
pub(super) fn find(page: &Page) -> Option<(PageUrl, &'static str)> {
    let fits = |url: &PageUrl| url.same_site(page.url()) && url.key() != page.url().key();
    let by_head = page.links("next").map(|(_, url)| url).find(&fits);
    if let Some(url) = by_head {
        return Some((url, "link rel=next"));
    }
    let mut older = None;
    for node in page.body().descendants().filter(|node| node.name() == "a") {
        let Some(url) = node.attr("href").and_then(|href| page.join(href)).filter(&fits) else { continue };
        let rel = node.attr("rel").unwrap_or_default();
        if rel.split_ascii_whitespace().any(|r| r.eq_ignore_ascii_case("next")) {
            return Some((url, "a rel=next"));
        }
        let picture = || node.descendants().find_map(|n| n.attr("alt"));
        let shown = Some(node.text()).filter(|shown| !shown.is_empty());
        let words = shown
            .or_else(|| ["title", "aria-label"].into_iter().find_map(|a| node.attr(a)).map(str::to_owned));
        let words = words.or_else(|| picture().map(str::to_owned)).unwrap_or_default();
        if text::width(&words) > 40 {
            continue;
        }
        if words::is_next(&words) {
            return Some((url, "a link that says next"));
        }
        if older.is_none() && words::is_older(&words) && pages_this_list(&url, page.url()) {
            older = Some(url);
        }
    }
    older
        .map(|url| (url, "a link to older articles"))
        .or_else(|| by_script(page).map(|url| (url, "a paging script")))
}

/// Whether an address is a further page of the list at `own`.
fn pages_this_list(url: &PageUrl, own: &PageUrl) -> bool {
    links::is_page_of_list(url)
        || (url.as_url().path() == own.as_url().path() && url.as_url().query().is_some())
}

/// Paging scripts of TRS WCM. `createPageHTML(total, current, "index", "html")` counts from 0 and names page
/// n `index_n.html`; the form with a leading element name counts from 1.
fn by_script(page: &Page) -> Option<PageUrl> {
    page.root()
        .descendants()
        .filter(|node| node.name() == "script" && node.attr("src").is_none())
        .map(crate::page::Node::raw_text)
        .filter(|script| script.len() < 100_000)
        .find_map(|script| page_named(&script))
        .and_then(|name| page.url().join(&name).ok())
        .filter(|url| url.same_site(page.url()) && url.key() != page.url().key())
}

fn page_named(script: &str) -> Option<String> {
    let call =
        script.split("createPageHTML(").skip(1).find(|rest| !rest.trim_start().starts_with(['_', 'n']))?;
    let written = call.split(')').next()?;
    let arguments: Vec<&str> = written.split(',').map(|a| a.trim().trim_matches(['"', '\''])).collect();
    let number = |at: usize| arguments.get(at).and_then(|argument| numeral(argument, script));
    if let (Some(total), Some(current)) = (number(0), number(1)) {
        let (name, extension) = (arguments.get(2)?, arguments.get(3)?);
        let next = current.checked_add(1).filter(|next| *next < total)?;
        return file(name, next, extension);
    }
    let (total, current) = (number(1)?, number(2)?);
    let (name, extension) = (arguments.get(3)?, arguments.get(4)?);
    let next = current.checked_add(1).filter(|next| *next <= total)?;
    file(name, next, extension)
}

fn file(name: &str, number: u32, extension: &str) -> Option<String> {
    let plain = |part: &str| {
        !part.is_empty()
            && part.len() < 100
            && part.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c))
    };
    (plain(name) && plain(extension)).then(|| format!("{name}_{number}.{extension}"))
}

/// A number, or the number a script's variable was set to.
fn numeral(argument: &str, script: &str) -> Option<u32> {
    if let Ok(number) = argument.parse() {
        return Some(number);
    }
    if argument.is_empty() || !argument.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    script.split(argument).skip(1).find_map(|rest| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paging_scripts_count_in_their_own_way() {
        let of = |script: &str| page_named(script);
        assert_eq!(of("createPageHTML(4, 0, \"index\", \"html\");").as_deref(), Some("index_1.html"));
        assert_eq!(of("createPageHTML(4, 3, 'index', 'html')"), None);
        assert_eq!(
            of("createPageHTML('page_div', 9, 1, 'list', 'shtml', 180)").as_deref(),
            Some("list_2.shtml")
        );
        assert_eq!(
            of("var countPage=25; var currentPage = 0; createPageHTML(countPage, currentPage, 'index', 'htm')").as_deref(),
            Some("index_1.htm")
        );
        assert_eq!(of("function createPageHTML(_nPageCount, _nCurrIndex){}"), None);
    }
}
