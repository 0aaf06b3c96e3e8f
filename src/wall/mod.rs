//! Walls: pages that stand before a site and say nothing of it.
//!
//! A check for persons, a maintenance notice, nothing but a script. They are told apart from pages that are merely short,
//! and never got around.

mod words;

use crate::page::text::width;
use crate::page::{Node, Page};

use words::{CHECKS, CONSENT, DOORS, LOGIN, PARTS, RESTS, WORDS};

/// A page with more text than this (in half widths) is no wall, whatever its words: an article about one.
const MOST_TEXT: usize = 900;
/// The same for pages whose title is a wall's.
const MOST_TITLED: usize = 3000;
/// A page with a form for logging in and no more text than this is that form's.
const MOST_DOOR: usize = 400;
/// A longer title is an article's.
const MOST_TITLE: usize = 60;
/// A page that leads to so many other pages is the site, not what stands before it.
const MOST_LINKS: usize = 15;
/// Less text than this is none.
const NOTHING: usize = 12;

/// Why a page is a wall, in words for a person; None when it is none.
///
/// A short article can read like one: ask only of a page that is not what it should be.
#[must_use]
pub fn of(page: &Page) -> Option<&'static str> {
    let body = page.body();
    let lines = body.lines();
    let shown: usize = lines.iter().map(|line| width(line)).sum();
    let links = body.descendants().filter(|node| node.name() == "a" && node.attr("href").is_some()).count();
    if links > MOST_LINKS || shown > MOST_TITLED {
        return None;
    }
    if [&CHECKS[..], &RESTS[..], &DOORS[..]].iter().any(|words| is_titled(page, words)) {
        return Some("its title says so");
    }
    if shown > MOST_TEXT {
        return None;
    }
    if page.root().descendants().any(is_part) {
        return Some("it asks for a check that only a person passes");
    }
    let lines: Vec<String> = lines.iter().map(|line| line.to_lowercase()).collect();
    let says = |words: &[&str]| lines.iter().any(|line| words.iter().any(|word| line.contains(word)));
    if says(&WORDS) {
        return Some(SAID);
    }
    if says(&CONSENT) {
        return Some("it asks for consent first");
    }
    if says(&LOGIN) || shown <= MOST_DOOR && page.login_form().is_some() {
        return Some(ASKS_WHO);
    }
    (shown < NOTHING && links == 0 && !is_shell(page)).then_some(NOTHING_SHOWN)
}

/// Whether a page is a check for persons or a refusal, and no notice of a site that rests.
#[must_use]
pub fn is_gate(page: &Page) -> bool {
    of(page).is_some() && (is_titled(page, &CHECKS) || page.root().descendants().any(is_part))
}

fn is_titled(page: &Page, words: &[&str]) -> bool {
    let title = page.title().unwrap_or_default().to_lowercase();
    width(&title) <= MOST_TITLE && words.iter().any(|word| title.contains(word))
}

/// The same of a page that sends its readers on: that they are to wait, and next to no words, are no sign then.
#[must_use]
pub fn of_sender(page: &Page) -> Option<&'static str> {
    let waits = || {
        let lines = page.body().lines();
        let is_other = |line: &String| {
            let line = WAIT.iter().fold(line.to_lowercase(), |line, words| line.replace(words, ""));
            WORDS.iter().any(|words| line.contains(words))
        };
        !lines.iter().any(is_other)
    };
    of(page).filter(|why| *why != NOTHING_SHOWN && !(*why == SAID && waits()))
}

/// The same of a page that came with an error: one with next to no words is an error's as a rule, and a wall's only with
/// a script.
#[must_use]
pub fn of_error(page: &Page) -> Option<&'static str> {
    // that one has to log in is what the status says
    of(page)
        .filter(|why| *why != ASKS_WHO)
        .filter(|why| *why != NOTHING_SHOWN || page.root().descendants().any(|node| node.name() == "script"))
}

/// Whether a field's name says that it is for a check which only a person passes.
#[must_use]
pub fn is_check(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_code = matches!(
        name.as_str(),
        "code" | "vcode" | "vericode" | "verify" | "imgcode" | "randcode" | "validatecode"
    );
    is_code || PARTS.iter().any(|part| name.contains(part))
}

/// What pages say that send on, too.
const WAIT: [&str; 3] = ["请稍后", "请稍候", "enable javascript"];
/// What is said of a page by its words.
const SAID: &str = "it asks to come later, or to pass a check";
/// What is said of a page for who has logged in.
const ASKS_WHO: &str = "it asks its readers to log in";
/// Of a page that shows nothing: a wall, unless it leads on by itself.
pub const NOTHING_SHOWN: &str = "it shows nothing at all";

/// Whether an element belongs to a check for persons.
fn is_part(node: Node<'_>) -> bool {
    let names: &[&str] = match node.name() {
        "script" | "iframe" => &["src", "id"],
        "input" | "img" | "div" => &["name", "id", "src", "class"],
        _ => return false,
    };
    let has = |text: &str| {
        let text = text.to_ascii_lowercase();
        PARTS.iter().any(|part| text.contains(part))
    };
    names.iter().filter_map(|name| node.attr(name)).any(has)
}

/// Whether a page is to be filled by a script of the site's own: an element with a name stands ready, and the script
/// does not send the browser on its way.
fn is_shell(page: &Page) -> bool {
    let scripts = || page.root().descendants().filter(|node| node.name() == "script");
    let sends_on = scripts().any(|script| {
        let text = script.raw_text();
        ["document.cookie", "location.reload", "location.href", "location.replace", "location="]
            .iter()
            .any(|words| text.contains(words))
    });
    // a page may only announce its program: the loader that stands in it fetches what was announced
    let is_announced = |node: Node<'_>| {
        let is = |name: &str, value: &str| {
            node.attr(name).is_some_and(|own| own.trim().eq_ignore_ascii_case(value))
        };
        node.name() == "link" && (is("rel", "modulepreload") || is("rel", "preload") && is("as", "script"))
    };
    let has_program = || {
        page.root()
            .descendants()
            .any(|node| is_announced(node) || node.name() == "script" && node.attr("src").is_some())
    };
    // `<app-root>`: an element of the site's own making
    let is_place =
        |node: Node<'_>| node.id().is_some() && node.name() != "input" || node.name().contains('-');
    let is_ready = page.body().children().any(is_place);
    is_ready && !sends_on && has_program()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PageUrl;

    fn wall(html: &str) -> Option<&'static str> {
        of(&Page::parse(html, PageUrl::parse("http://town.example/").unwrap()))
    }

    #[test]
    fn walls_of_every_kind_are_known() {
        for html in [
            "<title>Just a moment...</title><body><h1>town.example</h1><p>Needs to review the connection.</p>",
            "<title>青石网</title><body><form>请输入验证码 <input name=code></form>",
            "<title>提示</title><body><p>您的访问过于频繁</p>",
            "<title>青石网 系统维护公告</title><body><p>为了给您更好的服务，本站今晚停机。</p>",
            "<title>x</title><body><form><img src='/inc/CheckCode.asp'><input name=v></form>",
            "<title>x</title><body><p>Please wait</p><script src='/cdn-cgi/challenge-platform/a.js'></script>",
            "<script>document.cookie='__c=1';location.href=location.pathname</script>",
            "<title>Bürgerblatt</title><p>Wegen Wartungsarbeiten sind wir gleich wieder da.</p>",
            "",
            "<title>Making sure you're not a bot!</title><body><h1>Hold on</h1><p>Loading...</p>",
            "<title>x</title><body><p>…</p><script id=anubis_challenge type=application/json>{}</script>",
            // a field that only the script fills is no place for a list
            "<meta content='k3'><script>$_ts={};</script><script src='/a/b.js'></script><body><input type=hidden id=t>",
        ] {
            assert!(wall(html).is_some(), "{html}");
        }
    }

    #[test]
    fn sites_shells_and_articles_about_walls_are_none() {
        let menu = "<a href=/a>Rathaus und Verwaltung</a> ".repeat(20);
        let story = "<p>Die Stadtwerke kündigen an, dass ihre Seite wegen Wartungsarbeiten eine Nacht lang fehlt.</p>".repeat(12);
        for html in [
            format!("<title>Wartung am Wochenende</title><body>{menu}"),
            format!("<title>Stadtwerke</title><body>{story}"),
            "<title>Shell</title><body><div id=app></div><script src=/app.js></script>".to_owned(),
            "<body><app-root></app-root><script src=main.js type=module></script>".to_owned(),
            "<link rel=preload as=script href=/app.js><body><div id=app></div><script>run()</script>"
                .to_owned(),
            "<title>Gemeinde</title><p>Keine Meldungen.</p>".to_owned(),
        ] {
            assert_eq!(wall(&html), None, "{html}");
        }
    }
}
