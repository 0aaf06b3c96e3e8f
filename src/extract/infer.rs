//! Selectors that find again what was detected on an article page, for a block that a person may write down.

use crate::model::{ArticleRules, Draft};
use crate::page::names::names;
use crate::page::text::fold;
use crate::page::{Node, Page, Picker};

/// Enclosing elements tried as the anchor of a selector.
const ANCHORS: usize = 6;
/// A headline or a line of data stands in an element with no more text.
const MOST_TEXT: usize = 400;

/// The selectors of what was detected; a field whose element has no name that tells it from others is left out.
#[must_use]
pub fn rules(page: &Page, draft: &Draft) -> ArticleRules {
    let from =
        |field: &str| draft.evidence.get(field).map(|evidence| evidence.from.as_str()).unwrap_or_default();
    let raw =
        |field: &str| draft.evidence.get(field).map(|evidence| evidence.raw.as_str()).unwrap_or_default();
    let title = draft.title.as_deref().and_then(|title| saying(page, title)).and_then(|node| selector(node));
    let date = from("published").starts_with("line").then(|| saying(page, raw("published"))).flatten();
    ArticleRules {
        title,
        body: body(page, from("text")),
        date: date.and_then(|node| selector(node)),
        ..ArticleRules::default()
    }
}

/// The body's selector: what it is called, if nothing else on the page is called so.
fn body(page: &Page, called: &str) -> Option<String> {
    let found = page.select(&Picker::parse(called).ok()?);
    let node = found.into_iter().max_by_key(|node| node.measure().text)?;
    selector(node)
}

/// The innermost element that says exactly a text; headings first.
fn saying<'a>(page: &'a Page, text: &str) -> Option<Node<'a>> {
    let wanted = fold(text);
    let says = |node: &Node<'a>| node.measure().text <= MOST_TEXT && node.text() == wanted;
    let found: Vec<Node<'a>> =
        page.body().descendants().filter(|node| node.name() != "a").filter(says).collect();
    let is_heading = |node: &&Node<'a>| matches!(node.name(), "h1" | "h2" | "h3");
    found.iter().find(is_heading).or_else(|| found.iter().max_by_key(|node| node.depth())).copied()
}

/// The shortest selector by names whose first find is the element, and whose only one unless it is a lone heading.
fn selector(node: Node<'_>) -> Option<String> {
    let is_only = |css: &String| {
        Picker::parse(css)
            .is_ok_and(|picker| matches!(node.page().select(&picker).as_slice(), [one] if *one == node))
    };
    let is_named = |name: &String| name.contains(['.', '#']);
    let own = names(node);
    let lone = own.first().filter(|_| node.name() == "h1").cloned();
    let mut tried: Vec<String> =
        own.iter().rev().filter(|name| is_named(name)).cloned().chain(lone).collect();
    for anchor in node.ancestors().take(ANCHORS) {
        for name in names(anchor).into_iter().rev().filter(is_named) {
            tried.extend(own.iter().rev().map(|own| format!("{name} {own}")));
        }
    }
    tried.into_iter().find(is_only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Context, article};
    use crate::model::{PageUrl, Recipe};

    #[test]
    fn what_was_detected_is_found_again_by_names() {
        let page = Page::parse(
            "<html lang=de><body><div class=kopf><h2>Bote</h2></div><div id=inhalt><h2 class=titel>Neue Brücke über die Rau</h2>\
             <p class=meta>Veröffentlicht am 11.03.2021, 09:11 Uhr</p><div class=text><p>Die Brücke über die Rau wird \
             im Herbst neu gebaut, teilte die Gemeinde am Montag mit.</p><p>Die alte ist seit dem Hochwasser gesperrt, \
             Fußgänger nehmen den Steg am Wehr.</p></div></div></body></html>",
            PageUrl::parse("http://bote.example/a/7.html").unwrap(),
        );
        let recipe = Recipe::default();
        let now = "2026-11-23T08:00:00Z".parse().unwrap();
        let context = Context {
            recipe: &recipe,
            now,
            zone: None,
            charset: None,
            candidate: None,
            earlier: None,
            learnt: None,
        };
        let found = rules(&page, &article(&page, &context).0);
        assert_eq!(found.title.as_deref(), Some("h2.titel"));
        assert_eq!(found.body.as_deref(), Some("div.text"));
        assert_eq!(found.date.as_deref(), Some("p.meta"));
    }

    #[test]
    fn an_element_without_a_name_of_its_own_is_named_by_what_holds_it() {
        let page = Page::parse(
            "<div class=a><p>one</p></div><div class=b><p>two</p></div>",
            PageUrl::parse("http://a.example/").unwrap(),
        );
        assert_eq!(saying(&page, "two").and_then(|node| selector(node)).as_deref(), Some("div.b p"));
    }
}
