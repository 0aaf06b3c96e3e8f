//! Categories: the path from the front page to the article, as 您的位置 and its kin tell it.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::FieldEvidence;
use crate::page::text::{fold, narrow, width};
use crate::page::{Child, Node, Page};

use super::meta::{self, JsonLd};
use super::title::describe;
use super::trim::squeeze;

/// A longer part of a path is no category.
const MOST_WIDTH: usize = 60;
/// Front pages are called by short words.
const HOME_WIDTH: usize = 18;
/// A path without a label or a name is shorter than this.
const PATH_TEXT: usize = 160;
/// A longer path is a menu.
const MOST_PARTS: usize = 8;

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*(您?(当前|目前|现在)?(所在|所处)?的?(当前|目前|现在)?位置(是|为)?|你(现在)?的?位置|当前(所在)?(的)?位置|目前(的)?位置|现在(的)?位置|所在位置|位置|現在位置|現在地|您的所在位置|sie sind hier|sie befinden sich hier|vous êtes ici|you are here|usted está aquí|sei qui|location)\s*[:：]?",
    )
    .ok()
});

/// What parts the items of a list, as the `>` of a path does.
const ITEM_END: &str = "\u{1f}";

/// What front pages are called.
const HOMES: [&str; 24] = [
    "portada",
    "página inicial",
    "página principal",
    "pagina iniziale",
    "home page",
    "на главную",
    "首页",
    "主页",
    "网站首页",
    "本站首页",
    "首頁",
    "返回首页",
    "home",
    "homepage",
    "start",
    "startseite",
    "accueil",
    "inicio",
    "トップ",
    "ホーム",
    "トップページ",
    "главная",
    "front page",
    "index",
];
/// What the last part is called when it is the article itself.
const SELVES: [&str; 18] = [
    "記事",
    "記事詳細",
    "內文",
    "本文",
    "查看内容",
    "文章正文",
    "正文",
    "内容",
    "详情",
    "详细内容",
    "文章内容",
    "信息内容",
    "浏览文章",
    "查看文章",
    "新闻内容",
    "内容页",
    "article",
    "detail",
];

/// The categories of a page, from the wide to the narrow.
pub(super) fn read(page: &Page, ld: &JsonLd, title: Option<&str>) -> (Vec<String>, FieldEvidence) {
    let found = |from: &str, raw: String, parts: Vec<String>| {
        (parts, FieldEvidence { from: from.to_owned(), raw, refused: Vec::new() })
    };
    if let Some((node, parts)) = on_page(page, title) {
        return found(&describe(node), fold(&node.text()), parts);
    }
    let ends = |parts: &[String]| {
        trimmed(parts.iter().map(|name| (name.clone(), false)).collect(), page, title, false)
    };
    let listed = ends(&ld.breadcrumbs);
    if !listed.is_empty() {
        return found("json-ld BreadcrumbList", ld.breadcrumbs.join(" > "), listed);
    }
    if let Some((name, text)) = meta::first(page, &["ColumnName", "article:section"]) {
        return found(&format!("meta[{name}]"), text.clone(), vec![text]);
    }
    let tagged: Vec<String> = page
        .body()
        .descendants()
        .filter(|node| node.has_meaning() && node.name() == "a" && has_rel(*node, "category"))
        .map(|node| node.text())
        .filter(|text| !text.is_empty())
        .take(MOST_PARTS)
        .collect();
    if !tagged.is_empty() {
        return found("a[rel=category]", tagged.join(", "), tagged);
    }
    if !ld.section.is_empty() {
        return found("json-ld", ld.section.join(", "), ld.section.clone());
    }
    (Vec::new(), FieldEvidence::default())
}

fn has_rel(node: Node<'_>, wanted: &str) -> bool {
    node.attr("rel").is_some_and(|rel| rel.split_whitespace().any(|one| one.eq_ignore_ascii_case(wanted)))
}

/// The shortest block that begins with a label or is named for a path.
fn on_page<'a>(page: &'a Page, title: Option<&str>) -> Option<(Node<'a>, Vec<String>)> {
    let mut best: Option<(usize, Node<'a>, Vec<String>)> = None;
    for node in page.body().descendants() {
        // a path is more than one link or letter
        if matches!(
            node.name(),
            "a" | "li"
                | "i"
                | "b"
                | "em"
                | "strong"
                | "img"
                | "br"
                | "input"
                | "script"
                | "style"
                | "option"
                | "svg"
                | "path"
        ) {
            continue;
        }
        let measure = node.measure();
        if measure.text == 0 || measure.text > 400 {
            continue;
        }
        let is_named = is_named(node);
        let label = may_be_labelled(node)
            .then(|| LABEL.as_ref()?.find(&node.text()).map(|found| found.end()))
            .flatten();
        let from_home = || {
            measure.text <= PATH_TEXT
                && measure.links > 0
                && (measure.links > 1 && begins_at_home(node) || begins_with_home(node))
        };
        if label.is_none() && !is_named && !from_home() || node.is_hidden() {
            continue;
        }
        let parts = trimmed(parts(node), page, title, label.is_some());
        if parts.is_empty() || parts.len() > MOST_PARTS {
            continue;
        }
        // a label is surer than a name; of nested blocks the inner one says it without its neighbours
        let rank = usize::from(label.is_none()) * 10_000
            + usize::from(label.is_none() && !is_named) * 10_000
            + measure.text;
        if best.as_ref().is_none_or(|(least, ..)| rank < *least) {
            best = Some((rank, node, parts));
        }
    }
    best.map(|(_, node, parts)| (node, parts))
}

/// Whether a block is a row of short links from the front page on, with a mark between them that points onward.
fn begins_at_home(node: Node<'_>) -> bool {
    let Some(first) = first_link(node) else { return false };
    let leads_home = first.attr("href").is_some_and(|href| {
        let is_root = href.len() <= 3 || href.contains("//") && href.matches('/').count() <= 3;
        is_root && node.page().join(href).is_some_and(|url| url.path_and_query() == "/")
    });
    if !leads_home && first.measure().text > HOME_WIDTH {
        return false;
    }
    let text = first.text();
    if !(leads_home && !text.is_empty() || HOMES.contains(&text.to_lowercase().as_str())) {
        return false;
    }
    let mut pieces = Vec::new();
    collect(node, &mut |piece, link| pieces.push((fold(piece), link)));
    let links = pieces.iter().filter(|(_, link)| link.is_some()).count();
    let points = |text: &str| text.chars().any(|c| matches!(c, '>' | '»' | '›' | '→' | '＞' | '≫'));
    let begins = pieces.iter().find(|(text, _)| !text.is_empty()).is_some_and(|(_, link)| link.is_some());
    begins && links > 1 && pieces.iter().any(|(text, link)| link.is_none() && points(text))
}

/// Whether a block begins with what front pages are called, without a link, and points onward twice: `首页 > 新闻 > 要闻`.
fn begins_with_home(node: Node<'_>) -> bool {
    if !first_letter(node).is_some_and(|c| "首主网本hHsSaA".contains(c)) {
        return false;
    }
    let text = narrow(&node.text());
    let parts: Vec<&str> = text.split(['>', '»', '›', '→']).collect();
    let first = parts.first().map(|part| part.trim().to_lowercase()).unwrap_or_default();
    parts.len() > 2 && HOMES.contains(&first.as_str())
}

/// The link that a block begins with.
fn first_link(block: Node<'_>) -> Option<Node<'_>> {
    let mut at = block;
    loop {
        at = at.contents().find_map(|child| match child {
            Child::Text(text) if text.trim().is_empty() => None,
            Child::Text(_) => Some(None),
            Child::Element(element) if element.measure().text == 0 => None,
            Child::Element(element) => Some(Some(element)),
        })??;
        if at.name() == "a" {
            return Some(at);
        }
    }
}

/// Whether a block's first letter is one that a label begins with: its text is read only then.
fn may_be_labelled(node: Node<'_>) -> bool {
    first_letter(node).is_some_and(|c| "您你当目现所位現sSvVyYuUlL".contains(c))
}

fn first_letter(node: Node<'_>) -> Option<char> {
    node.contents().find_map(|child| match child {
        Child::Text(text) => text.chars().find(|c| c.is_alphanumeric() || *c == '_'),
        Child::Element(element) if element.measure().text == 0 => None,
        Child::Element(element) => first_letter(element),
    })
}

fn is_named(node: Node<'_>) -> bool {
    if !node.is_named() {
        return false;
    }
    let named = [node.id(), node.attr("class")];
    named.into_iter().flatten().any(names_path)
}

fn names_path(names: &str) -> bool {
    const WHOLE: [&str; 6] = ["crumb", "crumbs", "bread", "pfad", "weizhi", "pathway"];
    const PART: &[u8] = b"breadcrumb";
    names.split(|c: char| !c.is_ascii_alphanumeric()).any(|name| {
        WHOLE.iter().any(|whole| whole.eq_ignore_ascii_case(name))
            || name.as_bytes().windows(PART.len()).any(|window| window.eq_ignore_ascii_case(PART))
    })
}

/// The parts of a path: its links and the texts between them; whether a link leads to the front page.
fn parts(node: Node<'_>) -> Vec<(String, bool)> {
    let page = node.page();
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut texts: Vec<String> = vec![String::new()];
    let mut homes: Vec<bool> = vec![false];
    collect(node, &mut |piece, link| match link {
        Some(link) => {
            let is_home = link
                .attr("href")
                .and_then(|href| page.join(href))
                .is_some_and(|url| url.path_and_query() == "/");
            texts.extend([fold(piece), String::new()]);
            homes.extend([is_home, false]);
        }
        None => {
            if let Some(last) = texts.last_mut() {
                last.push_str(piece);
            }
        }
    });
    for (text, is_home) in texts.iter().zip(homes) {
        let plain = narrow(text);
        let plain = LABEL.as_ref().map_or(plain.clone(), |label| label.replace(&plain, "").into_owned());
        for part in
            plain.split(['\u{1f}', '>', '»', '›', '→', '/', '\\', '|', '＞', '≫', '┊', '·', '：', ':'])
        {
            let part =
                fold(part.trim_matches(|c: char| {
                    c == '-' || c == '<' || c == '[' || c == ']' || c.is_whitespace()
                }));
            if !part.is_empty() {
                parts.push((part, is_home));
            }
        }
    }
    parts
}

fn collect<'a>(node: Node<'a>, tell: &mut impl FnMut(&str, Option<Node<'a>>)) {
    for child in node.contents() {
        match child {
            Child::Text(text) => tell(text, None),
            Child::Element(element) if element.name() == "a" => {
                tell(&element.text(), Some(element));
            }
            Child::Element(element) if super::words::is_silent(element.name()) => {}
            Child::Element(element) => {
                collect(element, tell);
                // list items are parts of their own
                if element.is_block() {
                    tell(ITEM_END, None);
                }
            }
        }
    }
}

/// Without the front page, the article itself, and what is too long for a category.
fn trimmed(parts: Vec<(String, bool)>, page: &Page, title: Option<&str>, labelled: bool) -> Vec<String> {
    let title = title.map(squeeze).unwrap_or_default();
    let site = page.title().map(|title| squeeze(&title)).unwrap_or_default();
    let count = parts.len();
    parts
        .into_iter()
        .enumerate()
        .filter(|(place, (part, is_home))| {
            let lower = part.to_lowercase();
            let is_front = *is_home
                || HOMES.contains(&lower.as_str())
                // a labelled path begins at the front page, under the name the title element ends with
                || *place == 0 && labelled && count > 1 && (site.ends_with(&squeeze(part)) || site.starts_with(&squeeze(part)));
            let squeezed = squeeze(part);
            let is_self = SELVES.contains(&lower.as_str())
                || (!title.is_empty() && (title == squeezed || (width(&squeezed) > 12 && title.starts_with(squeezed.trim_end_matches(['.', '…'])))));
            !is_front && !is_self && width(part) <= MOST_WIDTH
        })
        .map(|(_, (part, _))| part)
        .collect()
}
