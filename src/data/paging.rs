//! Paging scripts: lists whose pages no link names.
//!
//! `createPageHTML(total, current, "index", "html")` of TRS WCM counts from 0 and names page n `index_n.html`; forms with a
//! leading element name, and those of 大汉 jcms, count from 1 or from 0. In all of them the next page has the number
//! behind the current one. Other scripts set the total and the current page as variables and put the name together.

use crate::model::PageUrl;
use crate::page::{Node, Page};

/// A longer script is a library.
const MOST_SCRIPT: usize = 100_000;
/// Arguments of a call that are looked at, and the bytes that they stand in.
const MOST_ARGUMENTS: usize = 12;
const MOST_WRITTEN: usize = 400;
/// Calls of a script that are looked at: it is told once or twice how many pages there are.
const MOST_CALLS: usize = 20;
/// Names that are looked up for the calls of a script.
const MOST_NAMES: usize = 12;
/// Variables that hold how many pages there are.
const TOTALS: [&str; 10] = [
    "countPage",
    "totalPage",
    "totalPages",
    "pageCount",
    "page_count",
    "pageTotal",
    "total_page",
    "nPageCount",
    "totalpage",
    "countpage",
];
/// Variables for how many items there are, and how many a page has.
const RECORDS: [&str; 4] = ["m_nRecordCount", "nRecordCount", "recordCount", "totalRecord"];
const SIZES: [&str; 4] = ["m_nPageSize", "nPageSize", "pageSize", "perPage"];
/// What widgets call the number of items, and of those on a page.
const WIDGETS: [(&str, &str); 3] = [("count", "limit"), ("items", "itemsOnPage"), ("total", "pageSize")];
/// Variables that hold which page this is.
const CURRENTS: [&str; 11] = [
    "m_nCurrPage",
    "nCurrPage",
    "currentPage",
    "curPage",
    "currPage",
    "pageIndex",
    "current_page",
    "nowPage",
    "nCurrIndex",
    "currentpage",
    "pageNo",
];

/// The next page by a script of the page, wherever it leads.
#[must_use]
pub fn find(page: &Page) -> Option<PageUrl> {
    page.root()
        .descendants()
        .filter(|node| node.name() == "script" && node.attr("src").is_none())
        .map(Node::raw_text)
        .filter(|script| script.len() < MOST_SCRIPT)
        .find_map(|script| {
            by_call(&script)
                .or_else(|| by_variables(&script, page.url()))
                .or_else(|| by_path(&script, page.url()))
        })
        .or_else(|| page.comments().filter(|said| said.len() < MOST_SCRIPT).find_map(by_call))
        .and_then(|name| page.url().join(&name).ok())
}

/// By a call of `createPageHTML`, `createPage` or a like name, in whichever form; its definition is none.
fn by_call(script: &str) -> Option<String> {
    let folded = script.to_ascii_lowercase();
    let mut names = MOST_NAMES;
    folded.match_indices("createpage").take(MOST_CALLS).find_map(|(at, start)| {
        let before = script.get(..at)?.trim_end();
        let is_made_here = before.ends_with("function") || before.ends_with("//");
        let rest = script.get(at + start.len()..).filter(|_| !is_made_here)?;
        let rest = rest.get(..rest.floor_char_boundary(MOST_WRITTEN))?;
        let written = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').trim_start();
        named(&arguments(written.strip_prefix('(')?), script, &mut names)
    })
}

/// The arguments of a call up to its closing parenthesis.
fn arguments(written: &str) -> Vec<&str> {
    let (mut depth, mut start, mut quote, mut found) = (0_u32, 0, None, Vec::new());
    for (at, c) in written.char_indices() {
        match (quote, c) {
            (Some(open), c) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') if depth > 0 => depth -= 1,
            (None, ',' | ')') if depth == 0 => {
                found.extend(written.get(start..at));
                start = at + 1;
                if c == ')' || found.len() >= MOST_ARGUMENTS {
                    break;
                }
            }
            _ => {}
        }
    }
    found.into_iter().map(|argument| argument.trim().trim_matches(['"', '\''])).collect()
}

/// The page behind the current one: total and current come as two numbers, the name and its ending behind them.
fn named(arguments: &[&str], script: &str, names: &mut usize) -> Option<String> {
    // one of the first two
    let numbers: Vec<Option<u32>> =
        arguments.iter().take(3).map(|argument| number(argument, script, names)).collect();
    let at = numbers.windows(2).position(|pair| matches!(pair, [Some(_), Some(_)])).filter(|at| *at <= 1)?;
    let (total, current) = (numbers.get(at).copied().flatten()?, numbers.get(at + 1).copied().flatten()?);
    let (name, ending) = (arguments.get(at + 2)?, arguments.get(at + 3)?);
    let next = current.checked_add(1)?;
    // a current page of nought is the first one: then the last has the number before the total
    let is_left = if at == 0 || current == 0 { next < total } else { next <= total };
    is_left.then(|| file(name, next, ending)).flatten()
}

fn file(name: &str, number: u32, ending: &str) -> Option<String> {
    let ending = ending.trim_start_matches('.');
    let plain = |part: &str| {
        !part.is_empty()
            && part.len() < 100
            && part.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c))
    };
    (plain(name) && plain(ending)).then(|| format!("{name}_{number}.{ending}"))
}

/// A number, the number a script's variable was set to, or a total divided by what a page holds.
fn number(argument: &str, script: &str, names: &mut usize) -> Option<u32> {
    let Some((_, inner)) = argument.split_once("ceil(") else { return plain(argument, script, names) };
    let (all, each) = inner.trim_end_matches(')').split_once('/')?;
    let (all, each) = (plain(all.trim(), script, names)?, plain(each.trim(), script, names)?);
    all.checked_add(each)?.checked_sub(1)?.checked_div(each)
}

/// A number, or the number a script's variable was set to.
fn plain(argument: &str, script: &str, names: &mut usize) -> Option<u32> {
    if let Ok(number) = argument.parse() {
        return Some(number);
    }
    let is_name = argument.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && argument.starts_with(|c: char| !c.is_ascii_digit());
    *names = names.checked_sub(usize::from(is_name))?;
    is_name.then(|| variable(argument, script)).flatten()
}

/// What a variable, or the member of an object, was set to.
fn variable(name: &str, script: &str) -> Option<u32> {
    script.match_indices(name).find_map(|(at, _)| {
        let before = script.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        let rest = script.get(at + name.len()..)?.trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix(['=', ':'])?.trim_start().trim_start_matches(['"', '\'']);
        let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

/// By variables for total and current page, and the name that the script puts together from them.
fn by_variables(script: &str, own: &PageUrl) -> Option<String> {
    let of = |names: &[&str]| names.iter().find_map(|name| variable(name, script));
    // widgets are told of items, and how many a page has
    let is_widget = || script.contains("laypage") || script.contains("agination");
    let of_widget = |(items, size)| {
        let (all, each): (u32, u32) = (variable(items, script)?, variable(size, script)?);
        all.checked_add(each)?.checked_sub(1)?.checked_div(each)
    };
    let counted = || WIDGETS.into_iter().find_map(of_widget).filter(|_| is_widget());
    let recorded = || {
        let (all, each) = (of(&RECORDS)?, of(&SIZES)?);
        all.checked_add(each)?.checked_sub(1)?.checked_div(each)
    };
    let total = of(&TOTALS).or_else(counted).or_else(recorded)?;
    let current = of(&CURRENTS).or_else(|| variable("curr", script).filter(|_| is_widget())).unwrap_or(1);
    let next = current.checked_add(1)?;
    // who takes one from the total counts from nought
    let plain: String = script.chars().filter(|c| !c.is_whitespace()).collect();
    let from_nought = current == 0 || TOTALS.iter().any(|name| plain.contains(&format!("{name}-1")));
    if next > total || from_nought && next >= total {
        return None;
    }
    let (before, after) = prefixed(script).or_else(|| put_together(script)).or_else(|| told_name(script))?;
    // without an ending of its own the name has the page's
    let name = format!("{before}{next}{after}");
    (own.join(&name).is_ok() && name.len() < 200).then_some(name)
}

/// The name of the files and their ending, as variables for a script elsewhere: TRS names them `m_sPageName`, `m_sPageExt`.
fn told_name(script: &str) -> Option<(String, String)> {
    let of = |names: &[&str]| {
        names.iter().find_map(|name| {
            let (_, rest) = script.split_once(name)?;
            let rest = rest.trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let value = rest.get(1..)?.split(quote).next()?;
            let is_plain = value.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c));
            (!value.is_empty() && value.len() < 100 && is_plain)
                .then(|| value.trim_start_matches('.').to_owned())
        })
    };
    Some((format!("{}_", of(&["sPageName", "pageName"])?), format!(".{}", of(&["sPageExt", "pageExt"])?)))
}

/// What a widget is told to put before the number and behind it.
fn prefixed(script: &str) -> Option<(String, String)> {
    let of = |name: &str| {
        let (_, rest) = script.split_once(name)?;
        let rest = rest.trim_start_matches(['"', '\'', ' ']).strip_prefix(':')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(rest.get(1..)?.split(quote).next()?.to_owned())
    };
    of("hrefTextPrefix").map(|before| (before, of("hrefTextSuffix").unwrap_or_default()))
}

/// The place for a number in an address that a script is told: `"path":"\/page\/%d\/"` of lists that grow when scrolled.
fn by_path(script: &str, own: &PageUrl) -> Option<String> {
    let (_, settings) = script.split_once("infiniteScroll")?;
    let (_, path) = settings.split_once("\"path\":\"")?;
    let path = path.split('"').next()?.replace("\\/", "/");
    let segments: Vec<&str> = own.as_url().path_segments().into_iter().flatten().collect();
    let shown = segments.windows(2).find_map(|pair| match pair {
        ["page", number] => number.parse::<u32>().ok(),
        _ => None,
    });
    let next = shown.unwrap_or(1).checked_add(1)?;
    path.contains("%d").then(|| path.replacen("%d", &next.to_string(), 1))
}

/// `"index_" + n + ".html"`, `'?page=' + n`: what stands before the number, and behind it.
#[must_use]
pub fn put_together(script: &str) -> Option<(String, String)> {
    let plain =
        |part: &str| part.len() < 100 && part.chars().all(|c| c.is_alphanumeric() || "_-./?=&".contains(c));
    for (quote, other) in [('"', "'"), ('\'', "\"")] {
        // a quote that is marked stands within the text: `"<a href=\\"index_" + n`
        let unmarked = script.replace("\\\"", other).replace("\\'", other);
        let parts: Vec<&str> = unmarked.split(quote).collect();
        // text stands at odd places, code between
        for (at, text) in parts.iter().enumerate().skip(1).step_by(2) {
            let code = parts.get(at + 1).map_or("", |code| code.trim());
            let name = text.rsplit(['\'', '"', ' ']).next().unwrap_or_default();
            let name = name.strip_prefix("href=").unwrap_or(name);
            if !code.starts_with('+') || !name.ends_with(['_', '=', '-']) || !plain(name) || name.len() < 2 {
                continue;
            }
            let ending = parts
                .get(at + 2)
                .map_or("", |next| next.split(['\'', '"', ' ', '\\', '>']).next().unwrap_or_default());
            let has_ending =
                code.len() > 1 && code.ends_with('+') && ending.starts_with('.') && plain(ending);
            if has_ending || name.ends_with('=') {
                let ending = if has_ending { ending } else { "" };
                return Some((name.to_owned(), ending.to_owned()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::quick;

    fn of(script: &str) -> Option<String> {
        let own = PageUrl::parse("http://a.example/n/").unwrap();
        by_call(script).or_else(|| by_variables(script, &own)).or_else(|| by_path(script, &own))
    }

    #[test]
    fn a_script_of_calls_is_read_once() {
        let nested = |times: usize| {
            format!("createPageHTML({}1{},0,'a','b')", "Math.ceil(1/".repeat(times), ")".repeat(times))
        };
        assert_eq!(of(&nested(40)), None);
        assert_eq!(of(&nested(8000)), None);
        let script = "createpage(".repeat(9000);
        let names = "createPageHTML(a,b,c)".repeat(4500);
        for script in [script, names] {
            let page = format!("<body>{}", format!("<script>{script}</script>").repeat(20));
            let page = Page::parse(&page, PageUrl::parse("http://a.example/n/").unwrap());
            quick("calls", || assert_eq!(find(&page), None));
        }
    }

    #[test]
    fn paging_scripts_count_in_their_own_way() {
        for (script, expected) in [
            ("createPageHTML(4, 0, \"index\", \"html\");", Some("index_1.html")),
            ("createPageHTML(4, 3, 'index', 'html')", None),
            ("createPageHTML('page_div', 9, 1, 'list', 'shtml', 180)", Some("list_2.shtml")),
            ("createPageHTML('x', 20, 0, 'index', 'shtml', 400)", Some("index_1.shtml")),
            ("createPageHTML('x', 20, 19, 'index', 'shtml', 400)", Some("index_20.shtml")),
            ("createPageHTML('x', 20, 20, 'index', 'shtml', 400)", None),
            ("createPageHTML(20,0,\"index\",\"html\",\"black\",'pager',7);", Some("index_1.html")),
            ("createPageHTML(\"20\",\"1\",\"index\",\".html\")", Some("index_2.html")),
            ("createPageHTML(Math.ceil(391/20), 0, 'index', 'html')", Some("index_1.html")),
            ("createPageHTML(Math.ceil(20/20), 0, 'index', 'html')", None),
            (
                "var countPage=25; var currentPage = 0; createPageHTML(countPage, currentPage, 'index', 'htm')",
                Some("index_1.htm"),
            ),
            (
                "function createPageHTML(_nPageCount, _nCurrIndex){} createPageHTML(3, 1, 'a', 'html')",
                Some("a_2.html"),
            ),
            ("function createPageHTML(nPageCount, nCurrIndex){}", None),
            (
                "var countPage = 25; var currentPage = 0; document.write('<a href=\"index_'+(currentPage+1)+'.html\">下一页</a>')",
                Some("index_1.html"),
            ),
        ] {
            assert_eq!(of(script).as_deref(), expected, "{script}");
        }
    }

    #[test]
    fn variables_and_widgets_tell_the_next_page() {
        for (script, expected) in [
            ("var totalPage = 7, curPage = 2; location.href = '?page=' + n;", Some("?page=3")),
            ("var totalPage = 7, curPage = 7; location.href = '?page=' + n;", None),
            ("var pageCount = 5;", None),
            (
                "var m_nRecordCount = \"96\"; var m_nCurrPage = 0; var m_nPageSize = 20; var m_sPageName = \"index\"; var m_sPageExt = \"shtml\";",
                Some("index_1.shtml"),
            ),
            (
                "var currentPage = 2;\nvar nextPage = currentPage+1;\nvar countPage = 4;//共多少页\nif(currentPage != (countPage-1))\n document.write(\"<a href=\\\"index_\" + nextPage + \".shtml\\\">下一页</a>\");",
                Some("index_3.shtml"),
            ),
            (
                "var currentPage = 3; var countPage = 4; if(currentPage != (countPage - 1)) document.write(\"<a href=\\\"index_\" + nextPage + \".shtml\\\">下一页</a>\");",
                None,
            ),
            (
                "laypage.render({elem: 'pager', count: 53, limit: 12, curr: 2, jump: function(obj, first){ if(!first){ location.href = \"/n?page=\" + obj.curr; } }});",
                Some("/n?page=3"),
            ),
            (
                "laypage.render({count: 24, limit: 12, curr: 2, jump: function(o){ location.href = \"/n?page=\" + o.curr }});",
                None,
            ),
            (
                "$('#p').pagination({ items: 40, itemsOnPage: 10, currentPage: 1, hrefTextPrefix: '/n/page-', cssStyle: 'light' });",
                Some("/n/page-2"),
            ),
            (
                "var infiniteScroll = {\"settings\":{\"history\":{\"host\":\"a.example\",\"path\":\"\\/page\\/%d\\/\"}}};",
                Some("/page/2/"),
            ),
            ("createPage(5, 0, \"index\", \"htm\");", Some("index_1.htm")),
            ("createPageHtml2 ('pages', 5, 4, 'index', 'htm', 75)", Some("index_5.htm")),
            (
                "var countPage = 5 //共多少页\nvar currentPage = 0;\nfor(;;) document.write(\"<a href=index_\"+i+\".html>\"+(i+1)+\"</a>\")",
                Some("index_1.html"),
            ),
        ] {
            assert_eq!(of(script).as_deref(), expected, "{script}");
        }
    }
}
