//! What the addresses of the headlines on a page have in common: the place of the name in them, which a program fills for
//! others of the same make.

use std::collections::HashMap;

use super::pattern::{self, Pattern};
use crate::model::PageUrl;
use crate::page::{Page, text};

/// Links looked at, and makes told.
const MOST_LINKS: usize = 2000;
const MOST: usize = 2;
/// Half widths of a headline.
const TITLE: usize = 12;
/// The same link stands near: over a picture and beside it.
const NEAR: usize = 4;
/// Links of one make that show it.
const FEW: usize = 2;
/// Shorter numbers are pages and columns.
const SHORT: usize = 3;

/// How a page makes addresses of the names of its articles: what it says of that, then what its headlines show.
#[must_use]
pub fn of_page(page: &Page) -> Vec<Pattern> {
    let mut all = pattern::of_page(page);
    all.extend(of_links(page));
    all
}

/// The makes of the page's headlines, the commonest first.
fn of_links(page: &Page) -> Vec<Pattern> {
    let mut makes: Vec<(String, String, Vec<String>)> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for node in page.root().descendants().filter(|node| node.name() == "a").take(MOST_LINKS) {
        let url = node.attr("href").and_then(|href| page.join(href)).filter(|url| url.same_site(page.url()));
        let Some(url) = url.filter(|_| text::width(&node.text()) >= TITLE) else { continue };
        let Some((before, name, after)) = cut(url.as_str()) else { continue };
        let make = (before.to_owned(), after.to_owned());
        let at = *places.entry(make.clone()).or_insert_with(|| {
            makes.push((make.0, make.1, Vec::new()));
            makes.len() - 1
        });
        if let Some((.., names)) =
            makes.get_mut(at).filter(|(.., names)| !names.iter().rev().take(NEAR).any(|one| one == name))
        {
            names.push(name.to_owned());
        }
    }
    let is_one = |names: &[String]| {
        names.first().is_some_and(|sample| names.iter().all(|name| is_alike(name, sample)))
    };
    makes.retain(|(.., names)| names.len() >= FEW && is_one(names));
    makes.sort_by_key(|(.., names)| std::cmp::Reverse(names.len()));
    let makes = makes.iter().take(MOST);
    makes.filter_map(|(before, after, names)| Pattern::like(before, names.first()?, after)).collect()
}

/// An address around the name in it: the value of its last parameter, else its last folder or file without its end.
pub(super) fn cut(url: &str) -> Option<(&str, &str, &str)> {
    let url = url.split('#').next().unwrap_or_default();
    if let Some((_, query)) = url.split_once('?') {
        let value = query.rsplit('&').next().unwrap_or_default().split_once('=')?.1;
        let at = url.len() - value.len();
        return Some((url.get(..at)?, value, "")).filter(|(_, name, _)| !name.is_empty());
    }
    let path = url.strip_suffix('/').unwrap_or(url);
    let begin = path.rfind('/')? + 1;
    let file = path.get(begin..)?;
    let end = begin + file.find('.').unwrap_or(file.len());
    let name = url.get(begin..end).filter(|name| !name.is_empty())?;
    Some((url.get(..begin)?, name, url.get(end..)?))
}

/// Parameters that do not name an article, though they end like those that do.
const COLUMNS: [&str; 9] =
    ["cid", "tid", "classid", "channelid", "columnid", "categoryid", "siteid", "webid", "typeid"];

/// The name of the article that an address leads to: the value of its parameter `id`, or of one that ends so, else the
/// last part of it.
#[must_use]
pub fn name_of(url: &PageUrl) -> Option<String> {
    let pairs: Vec<(String, String)> = url
        .as_url()
        .query_pairs()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned()))
        .collect();
    let own = pairs.iter().find(|(name, _)| name == "id");
    let ends = || pairs.iter().find(|(name, _)| name.ends_with("id") && !COLUMNS.contains(&name.as_str()));
    let told = own.or_else(ends).map(|(_, value)| value.clone());
    told.or_else(|| cut(url.as_str()).map(|(_, name, _)| name.to_owned()))
        .filter(|name| !name.is_empty() && name.len() < 200)
}

/// Whether two names are of one make: numbers, keys, words joined by dashes.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let is_number = |name: &str| name.len() >= SHORT && name.chars().all(|c| c.is_ascii_digit());
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let has_digit = |name: &str| name.contains(|c: char| c.is_ascii_digit());
    let is_words =
        |name: &str| name.contains('-') && name.contains(|c: char| c.is_ascii_alphabetic()) && name.len() > 5;
    if is_number(one) || is_number(other) {
        return is_number(one) && is_number(other) && one.len().abs_diff(other.len()) <= 1;
    }
    let is_key = one.len() == other.len() && one.len() >= 8 && has_digit(one) && has_digit(other);
    is_name(one) && is_name(other) && (is_key || is_words(one) && is_words(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_show_how_addresses_are_made() {
        let of = |html: &str| -> Vec<String> {
            let page = Page::parse(html, PageUrl::parse("http://quay.example/news/").unwrap());
            of_links(&page).iter().map(Pattern::written).collect()
        };
        let rows = |first: &str, second: &str| {
            format!(
                "<a href='{first}'>城南水厂二期工程通过验收</a><a href='{second}'>老街旧书市集周末重新开张</a><a href='/c/1'>要闻</a>"
            )
        };
        for (first, second, written) in [
            ("/news/detail/7722", "/news/detail/7721", vec!["http://quay.example/news/detail/{~7722}"]),
            ("show.html?id=902", "show.html?id=903", vec!["http://quay.example/news/show.html?id={~902}"]),
            ("/a/3fa90681.html", "/a/3fa9065c.html", vec!["http://quay.example/a/{~3fa90681}.html"]),
            ("/story/a-new-dam/", "/story/the-old-dam/", vec!["http://quay.example/story/{~a-new-dam}/"]),
            ("/a/1", "/a/2", vec![]),
            ("/2021/a.html", "/2020/b.html", vec![]),
        ] {
            assert_eq!(of(&rows(first, second)), written, "{first}");
            assert!(written.iter().all(|one| Pattern::parse(one).is_some_and(|one| one.sample().is_some())));
        }
    }
}
