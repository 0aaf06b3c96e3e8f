//! What a blog's program writes under every text of its feed, in whatever language: "The post T appeared first on S.",
//! "Continue reading T".

use crate::model::PageUrl;
use crate::page::text::width;
use crate::page::{Node, Page};

/// A longer paragraph is no such line, in bytes: its addresses are in it twice.
const MOST_BYTES: usize = 2000;
/// More words beside its links make a sentence of somebody.
const MOST_WORDS: usize = 60;
/// Such lines of one text.
const MOST_LINES: usize = 3;

/// Cuts the last paragraphs of a text that say no more than where the text stands. `url` is the article's address.
pub(super) fn cut(mut html: String, url: &PageUrl) -> String {
    for _ in 0..MOST_LINES {
        html.truncate(without_pixel(&html).len());
        let end = html.trim_end().len();
        let Some(start) = html.get(..end).and_then(last_paragraph) else { break };
        let line = html.get(start..end).unwrap_or_default();
        if line.len() > MOST_BYTES || !says_where(line, url) {
            break;
        }
        html.truncate(start);
    }
    html
}

/// A text without the picture at its end that only counts who reads it.
fn without_pixel(html: &str) -> &str {
    let end = html.trim_end();
    let Some(at) = end.rfind('<') else { return html };
    let is_small = |name: &str| {
        ["", "\"", "'"].iter().any(|quote| {
            end.get(at..)
                .unwrap_or_default()
                .contains(&format!(" {name}={quote}1{}", if quote.is_empty() { " " } else { quote }))
        })
    };
    let is_picture = end.get(at..).is_some_and(|tag| tag.starts_with("<img ") && tag.ends_with('>'));
    if is_picture && is_small("width") && is_small("height") { end.get(..at).unwrap_or(html) } else { html }
}

/// Where the paragraph begins that a text ends with.
fn last_paragraph(html: &str) -> Option<usize> {
    let name = ["p", "div"].into_iter().find(|name| html.ends_with(&format!("</{name}>")))?;
    let at = html.rfind(&format!("<{name}"))?;
    let inner = html.get(at..html.len() - name.len() - 3)?;
    if !inner.get(1 + name.len()..)?.starts_with(['>', ' ', '\n']) {
        return None;
    }
    // blocks within a block are more than a line
    let is_line =
        ["<p", "<div", "</p", "</div"].iter().all(|tag| !inner.get(1..).unwrap_or_default().contains(tag));
    is_line.then_some(at)
}

/// Whether a line is made of a link to the article itself, one to the site's front page, and few words.
fn says_where(line: &str, url: &PageUrl) -> bool {
    let page = Page::parse(line, url.clone());
    let body = page.body();
    let links: Vec<Node<'_>> = body.descendants().filter(|node| node.name() == "a").collect();
    let leads = |node: &Node<'_>| node.attr("href").and_then(|href| page.join(href));
    let is_own = |to: &PageUrl| to.key() == url.key();
    let is_front = |to: &PageUrl| to.same_site(url) && to.as_url().path().trim_matches('/').is_empty();
    let all: Vec<Option<PageUrl>> = links.iter().map(leads).collect();
    let own = all.iter().flatten().filter(|to| is_own(to)).count();
    let front = all.iter().flatten().filter(|to| is_front(to) && !is_own(to)).count();
    let linked: usize = links.iter().map(|node| width(&node.text())).sum();
    let has_media =
        body.descendants().any(|node| matches!(node.name(), "img" | "video" | "audio" | "iframe"));
    own == 1
        && front == 1
        && all.len() == 2
        && !has_media
        && width(&body.text()).saturating_sub(linked) <= MOST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_says_where_a_text_stands_is_no_part_of_it() {
        let url = PageUrl::parse("http://tal.example/bruecke/").unwrap();
        let line = |words: [&str; 3]| {
            let [before, between, behind] = words;
            format!(
                "<p>{before}<a href=\"http://tal.example/bruecke/\">Brücke</a>{between}<a href=\"http://tal.example\">Tal</a>{behind}</p>\n"
            )
        };
        for words in [
            ["The post ", " appeared first on ", "."],
            ["Der Beitrag ", " erschien zuerst auf ", "."],
            ["投稿 ", " は ", " に最初に表示されました。"],
        ] {
            assert_eq!(cut(format!("<p>Text.</p>\n{}", line(words)), &url), "<p>Text.</p>\n");
        }
        let counted = "<img src=\"http://count.example/b.gif?x=1\" width=\"1\" height=\"1\" alt=\"\">";
        assert_eq!(
            cut(format!("<p>Text.</p>\n{}{counted}", line(["", " on ", "."])), &url),
            "<p>Text.</p>\n"
        );
        for text in [
            "<p>Text.</p><img src=\"a.jpg\" width=\"100\" height=\"1\">".to_owned(),
            "<p>Text.</p><p>Mehr im <a href=\"http://tal.example/plan/\">Plan</a> und <a href=\"/\">hier</a>.</p>".to_owned(),
            format!("<div><p>Text.</p>{}</div>", line(["", "", ""]).trim_end()),
            "<p>Text <a href=\"/bruecke/\">hier</a>.</p>".to_owned(),
            "</p>".to_owned(),
            "Text".to_owned(),
        ] {
            assert_eq!(cut(text.clone(), &url), text);
        }
    }
}
