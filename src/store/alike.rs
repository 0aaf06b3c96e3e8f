//! Whether two readings tell one article, when its address alone does not say so. Pure.

use std::collections::HashMap;

use crate::model::{Article, PageUrl};

/// A shorter body tells one article from another too badly; so does a shorter title.
const TEXT_LEAST: usize = 40;
const TITLE_LEAST: usize = 6;

/// Two titles are one, slightly edited, when so many of a hundred pairs of neighbouring characters agree.
const TITLE_PERCENT: usize = 60;

/// What a portal calls the parameter that numbers its articles, the surest first.
const NUMBERS: [&str; 14] = [
    "articleid",
    "article_id",
    "newsid",
    "news_id",
    "contentid",
    "content_id",
    "infoid",
    "docid",
    "postid",
    "aid",
    "nid",
    "tid",
    "id",
    "p",
];

/// Characters that count: a notice with another number is another notice.
const NUMERALS: &str = "零〇一二三四五六七八九十百千万两上中下甲乙丙丁东西南北";

/// Whether both say the same, and enough of it.
pub(super) fn is_same_text(one: &Article, other: &Article) -> bool {
    telling(&one.text).is_some_and(|text| text == squeezed(&other.text))
}

/// A text without white space, if it is long enough to tell articles apart.
pub(super) fn telling(text: &str) -> Option<String> {
    Some(squeezed(text)).filter(|text| text.chars().count() >= TEXT_LEAST)
}

/// Whether both have as many pictures and the same documents: a short text may only introduce them.
pub(super) fn has_same_parts(one: &Article, other: &Article) -> bool {
    let names = |article: &Article| -> Vec<String> {
        article.attachments.iter().map(|document| squeezed(&document.title)).collect()
    };
    one.images.len() == other.images.len() && names(one) == names(other)
}

/// Whether both were published on one day; None where one of them names none.
pub(super) fn is_same_day(one: &Article, other: &Article) -> Option<bool> {
    Some(one.published?.at.date_naive() == other.published?.at.date_naive())
}

/// Whether the titles are the same but for white space.
pub(super) fn is_same_title(one: &Article, other: &Article) -> bool {
    squeezed(&one.title) == squeezed(&other.title)
}

/// Whether one title is the other, slightly edited: most of it is the same, and all its numbers are.
pub(super) fn is_title_alike(one: &Article, other: &Article) -> bool {
    let (one, other) = (squeezed(&one.title).to_lowercase(), squeezed(&other.title).to_lowercase());
    if one == other {
        return true;
    }
    let (short, long) = if one.len() < other.len() { (&one, &other) } else { (&other, &one) };
    if short.chars().count() < TITLE_LEAST || numbers(short) != numbers(long) {
        return false;
    }
    let (pairs, among) = (pairs(short), pairs(long));
    let all: usize = pairs.values().chain(among.values()).sum();
    let shared: usize =
        pairs.iter().map(|(pair, count)| (*count).min(among.get(pair).copied().unwrap_or(0))).sum();
    long.contains(short.as_str()) || shared * 2 * 100 >= all * TITLE_PERCENT
}

/// The portal's own number of an article, from its address: `?id=7`, `/content/post_7.html`.
pub(super) fn own_number(url: &PageUrl) -> Option<String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let pairs: Vec<(String, String)> =
        url.as_url().query_pairs().map(|(name, value)| (name.to_lowercase(), value.into_owned())).collect();
    let named = |name: &&str| pairs.iter().find(|(known, value)| known == name && is_number(value));
    if let Some((_, number)) = NUMBERS.iter().find_map(named) {
        return Some(number.clone());
    }
    let name = url.as_url().path().trim_end_matches('/').rsplit('/').next()?;
    let stem = name.split('.').next()?;
    let number = stem.rsplit(|c: char| !c.is_ascii_digit()).next()?;
    (!number.is_empty()).then(|| number.to_owned())
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn numbers(text: &str) -> String {
    text.chars().filter(|c| c.is_numeric() || NUMERALS.contains(*c)).collect()
}

fn pairs(text: &str) -> HashMap<(char, char), usize> {
    let mut pairs = HashMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *pairs.entry(pair).or_default() += 1;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::tests::given::page;
    use super::*;

    fn titled(title: &str) -> Article {
        page("1", title, 0).article
    }

    #[test]
    fn a_slightly_edited_title_is_alike_and_another_number_is_another() {
        for (one, other) in [
            ("河堤步道本周开放", "河堤步道本周末开放"),
            ("青石桥封闭检修", "青石桥封闭检修（更正）"),
            ("Library opens an hour later", "Library opens one hour later"),
            ("第3期 通知", "第3期通知"),
        ] {
            assert!(is_title_alike(&titled(one), &titled(other)), "{one} {other}");
        }
        for (one, other) in [
            ("第3期停水通知", "第4期停水通知"),
            ("第三期停水通知", "第四期停水通知"),
            ("Weekly notice no. 3", "Weekly notice no. 4"),
            ("河东区停水通知书", "河西区停水通知书"),
            ("河堤步道本周开放", "图书馆延长闭馆时间"),
            ("通知", "公告"),
        ] {
            assert!(!is_title_alike(&titled(one), &titled(other)), "{one} {other}");
        }
    }

    #[test]
    fn a_portals_own_number_is_found_in_many_shapes() {
        let number = |path: &str| own_number(&PageUrl::parse(&format!("http://a.example/{path}")).unwrap());
        for path in
            ["show.asp?id=7123&c=2", "news/7123.html", "content/post_7123.html", "2026/03/t20260311_7123.htm"]
        {
            assert_eq!(number(path).as_deref(), Some("7123"), "{path}");
        }
        assert_eq!(number("show.asp?c=2&newsid=5&id=9").as_deref(), Some("5"));
        assert_eq!(number("news/bridge-opens/"), None);
    }
}
