//! Where a page sends its readers on by itself: `<meta http-equiv=refresh>`, or a script that does nothing else. Scripts are
//! read, never run.

use super::frames;
use super::leads;
use super::literal;
use crate::model::PageUrl;
use crate::page::Page;

/// A page that sends on later than this is read itself, in seconds.
const LATE: u32 = 30;
/// A script that sends on and is longer does something else beside.
const MOST_SCRIPT: usize = 4000;
/// What scripts use that stand before a site to see who comes: they are nobody's way.
const CHECKS: [&str; 8] = [
    "cookie",
    "eval",
    "atob",
    "unescape",
    "fromcharcode",
    "settimeout(function(){location.reload",
    "webdriver",
    "crypto",
];
/// First labels of hosts, and first folders, that serve small screens.
const SMALL: [&str; 7] = ["m", "wap", "3g", "mobile", "touch", "h5", "mip"];

/// Where a page sends on to, without words of its own; never back to itself.
#[must_use]
pub fn of(page: &Page) -> Option<PageUrl> {
    let other = |to: String| page.join(&to).filter(|url| url != page.url());
    let told = metas(page).filter_map(refresh).find_map(other);
    // who goes to another site is no portal any more, and who went there is asked by its new address
    told.or_else(|| by_script(page)).filter(|url| leads::is_bare(page) && frames::is_own(url, page.url()))
}

/// Whether a page means its readers to wait for nothing but to be sent on.
fn metas(page: &Page) -> impl Iterator<Item = &str> {
    page.root()
        .descendants()
        .filter(|node| node.name() == "meta")
        .filter(|node| {
            node.attr("http-equiv").is_some_and(|name| name.trim().eq_ignore_ascii_case("refresh"))
        })
        .filter_map(|node| node.attr("content"))
}

/// The address of `0; url=…` (HTML, shared declarative refresh steps), quoted in whatever way.
fn refresh(content: &str) -> Option<String> {
    let content = content.trim();
    let digits = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
    let (seconds, rest) = content.split_at(digits);
    let seconds: u32 = if seconds.is_empty() { 0 } else { seconds.parse().ok()? };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '，' | '；'));
    let is_url = rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("url"));
    let after = rest.get(3..).map(str::trim_start).filter(|_| is_url);
    let to = after.and_then(|after| after.strip_prefix('=')).unwrap_or(rest).trim();
    let quote = to.chars().next().filter(|c| matches!(c, '"' | '\''));
    let to = match quote {
        Some(quote) => to.trim_start_matches(quote).split(quote).next().unwrap_or_default(),
        None => to,
    };
    let to = to.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '”' | '“'));
    (seconds <= LATE && !to.is_empty()).then(|| to.to_owned())
}

/// The address that the scripts of a page go to, when they do nothing that looks like a check.
fn by_script(page: &Page) -> Option<PageUrl> {
    let scripts: Vec<String> =
        leads::scripts(page).chain(page.body().attr("onload").map(str::to_owned)).collect();
    let plain = scripts.iter().flat_map(|script| script.chars()).filter(|c| !c.is_whitespace());
    let plain: String = plain.take(MOST_SCRIPT + 1).flat_map(char::to_lowercase).collect();
    if plain.len() > MOST_SCRIPT || CHECKS.iter().any(|check| plain.contains(check)) {
        return None;
    }
    let all = scripts.iter().flat_map(|script| locations(script));
    let all: Vec<PageUrl> = all.filter_map(|to| page.join(&to)).filter(|url| url != page.url()).collect();
    // who asks for the screen names two: the other one is ours
    all.iter().find(|url| !is_small(url)).or(all.first()).cloned()
}

/// The addresses that a script goes to, as far as they stand in it as they are.
fn locations(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    // within a text that is run later the quotes are marked
    let script = script.replace("\\\"", "'").replace("\\'", "'");
    let mut rest = script.as_str();
    while let Some(at) = rest.find("location") {
        rest = rest.get(at + "location".len()..).unwrap_or_default();
        let member = rest.trim_start().strip_prefix('.').map(str::trim_start);
        let called = ["replace", "assign"].iter().find_map(|name| member?.strip_prefix(name));
        let called = called.and_then(|after| after.trim_start().strip_prefix('('));
        let after = member.map_or(rest, |member| member.strip_prefix("href").unwrap_or(member)).trim_start();
        let assigned = after.strip_prefix('=').filter(|after| !after.starts_with('='));
        let Some(value) = called.or(assigned).map(str::trim_start) else { continue };
        if !value.starts_with(['"', '\'']) {
            continue;
        }
        // an address that is put together is known to the script alone
        if let Some((told, length)) = literal::value(value)
            && let Some(to) = told.as_str()
            && !value.get(length..).unwrap_or_default().trim_start().starts_with('+')
        {
            found.push(to.to_owned());
        }
    }
    found
}

/// Whether an address is one for small screens.
fn is_small(url: &PageUrl) -> bool {
    let label = url.host().split('.').next().unwrap_or_default();
    let folder = url.as_url().path_segments().and_then(|mut parts| parts.next()).unwrap_or_default();
    SMALL.contains(&label) || SMALL.contains(&folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(html: &str) -> Option<String> {
        let page = Page::parse(html, PageUrl::parse("http://quay.example/news/index.html").unwrap());
        of(&page).map(|url| url.as_str().trim_start_matches("http://quay.example").to_owned())
    }

    #[test]
    fn a_page_sends_on() {
        for (html, led) in [
            ("<meta http-equiv='Refresh' content='0; URL=\"/a/\"'>", "/a/"),
            ("<META HTTP-EQUIV=REFRESH CONTENT=\"0;URL=&#39;main.asp&#39;\">", "/news/main.asp"),
            ("<meta http-equiv=refresh content='3;url=list.html'><p>loading</p>", "/news/list.html"),
            ("<meta http-equiv=refresh content='0.5 , url = \"list.html'>", "/news/list.html"),
            ("<meta http-equiv=refresh content=';/x/'>", "/x/"),
            (
                "<meta http-equiv=refresh content='0;url=http://www.quay.example/'>",
                "http://www.quay.example/",
            ),
            ("<script>window.location.href='/b/';</script>", "/b/"),
            ("<script>if (top != self) { top.location . replace( \"/c/\") }</script>", "/c/"),
            ("<script>setTimeout(\"location.href=\\'/d/\\'\", 500)</script>", "/d/"),
            ("<body onload=\"self.location='/e/'\">", "/e/"),
            (
                "<script>if(/Android/i.test(navigator.userAgent)){location.href='http://m.quay.example/'}else{location.href='/pc/'}</script>",
                "/pc/",
            ),
        ] {
            assert_eq!(to(html).as_deref(), Some(led), "{html}");
        }
    }

    #[test]
    fn a_page_that_stays_or_checks_who_comes_sends_nobody_on() {
        let story = "<p>Der Rat hat gestern den Haushalt beschlossen.</p>".repeat(12);
        for html in [
            "<meta http-equiv=refresh content=300>",
            "<meta http-equiv=refresh content='60;url=/a/'>",
            "<meta http-equiv=refresh content='0;url=index.html'>",
            "<meta http-equiv=refresh content='99999999999999;url=/a/'>",
            "<meta http-equiv=refresh content='0;url=javascript:x()'>",
            "<meta http-equiv=refresh content='0;url=http://other.example/'>",
            "<script>location.href = '/x?' + id</script>",
            "<script>if (location.href == '/x') {}</script>",
            "<script>document.cookie='__jsl=1'; location.href='/b/'</script>",
            "<script>eval(atob('bG9j')); location='/b/'</script>",
            &format!("<meta http-equiv=refresh content='0;url=/a/'>{story}"),
            "location",
        ] {
            assert_eq!(to(html), None, "{html}");
        }
    }
}
