//! Elements that may be headings: how much each is one by itself, and which stand beside the article.

use std::collections::HashMap;

use crate::page::Node;
use crate::page::text::{fold, is_cjk, width};

use super::blocks;
use super::words;

/// A heading's text; PHPCMS keeps the line of data inside, behind a line break.
pub(super) fn heading_text(node: Node<'_>) -> String {
    let lines = node.lines();
    if lines.len() < 2 {
        return lines.into_iter().next().unwrap_or_default();
    }
    let texts: Vec<&String> = lines.iter().filter(|line| words::edge(line, width(line)).is_none()).collect();
    match texts.as_slice() {
        [] => fold(&node.text()),
        some => fold(&some.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(" ")),
    }
}

pub(super) fn is_heading(node: Node<'_>) -> bool {
    rank(node) > 0
}

/// How much an element is a heading by itself.
pub(super) fn rank(node: Node<'_>) -> i64 {
    match node.name() {
        "h1" => 40,
        "h2" => 25,
        "h3" => 12,
        "font"
            if node
                .attr("size")
                .is_some_and(|size| matches!(size.trim(), "4" | "5" | "6" | "7" | "+1" | "+2" | "+3")) =>
        {
            8
        }
        "h4" => 6,
        "h5" | "h6" => 3,
        "strong" | "b" => 2,
        "div" | "td" | "p" | "span" | "dt" if blocks::is_headline(node) && node.measure().links == 0 => 10,
        _ => 0,
    }
}

/// Whether a block around a heading stands beside the article; headings share most of theirs.
pub(super) fn is_inside_beside<'a>(node: Node<'a>, known: &mut HashMap<Node<'a>, bool>) -> bool {
    let mut passed = Vec::new();
    let mut found = false;
    for block in node.ancestors() {
        // what is known of a block holds for all around it too
        if let Some(known) = known.get(&block) {
            found = *known;
            break;
        }
        passed.push(block);
        if is_beside(block) {
            found = true;
            break;
        }
    }
    known.extend(passed.into_iter().map(|block| (block, found)));
    found
}

fn is_beside(node: Node<'_>) -> bool {
    matches!(node.name(), "nav" | "aside" | "footer") || blocks::is_chrome(node)
}

/// Whether a heading is a link to the front page of the site, or of the part of it: its name, not the headline's.
pub(super) fn is_home(node: Node<'_>) -> bool {
    let page = node.page();
    let Some(link) = node.descendants().take(8).chain(node.parent()).find(|one| one.name() == "a") else {
        return false;
    };
    let own = page.url().path_and_query();
    link.attr("href").and_then(|href| page.join(href)).is_some_and(|url| {
        let path = url.path_and_query();
        let folder =
            path.strip_suffix("index.html").or_else(|| path.strip_suffix("index.php")).unwrap_or(path);
        url.host() == page.url().host() && own != path && own.starts_with(folder) && folder.ends_with('/')
    })
}

/// Whether a heading is one of a list's.
pub(super) fn is_in_list(node: Node<'_>) -> bool {
    node.ancestors().take(8).any(|block| matches!(block.name(), "li" | "nav" | "footer" | "aside"))
}

/// Whether what follows a heading is a line of data with a date.
pub(super) fn leads_data(node: Node<'_>) -> bool {
    let Some(next) = node.next() else { return false };
    next.measure().text < 160 && {
        let text = next.text();
        text.bytes().filter(u8::is_ascii_digit).count() >= 6
            && text.chars().any(is_cjk)
            && words::edge(&text, width(&text)) == Some(words::Edge::Data)
    }
}
