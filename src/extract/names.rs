//! What may be the name of a writer or a paper, and what names nobody.

use crate::page::text::{fold, width};

use super::person;
use super::trim::squeeze;

/// One field about who or where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Author,
    Source,
}

/// Names that name nobody.
const NOBODY: [&str; 37] = [
    "未知",
    "佚名",
    "不详",
    "无",
    "匿名",
    "网络",
    "互联网",
    "本站",
    "本网",
    "原创",
    "本站原创",
    "本网原创",
    "网络整理",
    "综合",
    "转载",
    "admin",
    "administrator",
    "editor",
    "webmaster",
    "root",
    "管理员",
    "系统管理员",
    "超级管理员",
    "小编",
    "编辑",
    "搜索",
    "登录",
    "注册",
    "首页",
    "原创稿",
    "author",
    "unknown",
    "test",
    "user",
    "no author",
    "guest",
    "super user",
];

/// Sources that are no paper, and still where an article came from.
const GATHERED: [&str; 3] = ["网络整理", "网络综合", "互联网"];

/// Names that mean the portal itself.
const ITSELF: [&str; 8] = ["本站", "本网", "本站原创", "本网原创", "本网站", "原创", "本网讯", "本站讯"];

/// Why a name that means the portal itself is refused.
pub(super) const ITS_OWN: &str = "the portal itself";

/// A text that may be a name of this field, or why not.
pub(super) fn accepted(field: Field, raw: &str, title: Option<&str>) -> Result<String, &'static str> {
    let name = fold(raw.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | ',' | '|' | '/' | '(' | ')' | '（' | '）')
    }));
    let name = [
        "Scritto da ",
        "Written by ",
        "Posted by ",
        "Escrito por ",
        "Publié par ",
        "Geschrieben von ",
        "By ",
        "by ",
        "BY ",
        "Von ",
        "von ",
        "Par ",
        "par ",
        "来源：",
        "来源:",
        "作者：",
        "作者:",
    ]
    .iter()
    .fold(name, |name, label| name.strip_prefix(label).map_or(name.clone(), fold));
    // what follows a name on the page's own line of data
    let name = [" Submitted", " Posted", " Published", " 發布", " 发布"]
        .iter()
        .fold(name, |name, word| name.strip_suffix(word).map_or(name.clone(), str::to_owned));
    let lower = name.to_lowercase();
    if name.is_empty() {
        return Err("empty");
    }
    if width(name.split(", ").next().unwrap_or_default()) > person::MOST_WIDTH
        || width(&name) > person::MOST_WIDTH * 4
    {
        return Err("too long for a name");
    }
    if name.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
        return Err("a number, no name");
    }
    if ITSELF.contains(&name.as_str()) {
        return Err(ITS_OWN);
    }
    if NOBODY.contains(&lower.as_str()) && !(field == Field::Source && GATHERED.contains(&lower.as_str())) {
        return Err("names nobody");
    }
    if name.contains("://")
        || name.contains('@') && name.contains('.')
        || name.starts_with('@') && name.len() < 3
        || lower.starts_with("www.") && field == Field::Author
    {
        return Err("an address, no name");
    }
    if title.is_some_and(|title| squeeze(title) == squeeze(&name)) {
        return Err("the title");
    }
    Ok(name)
}
