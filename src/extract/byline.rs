//! Who wrote an article and where it came from: labelled lines, meta elements, JSON-LD.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{FieldEvidence, Refused};
use crate::page::Page;
use crate::page::text::{fold, is_cjk, narrow, width};

use super::beside;
use super::meta::{self, JsonLd};
use super::trim::squeeze;
use super::words;

/// A longer text is no name of a person or paper.
const MOST_WIDTH: usize = 60;

/// One field about who or where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Author,
    Source,
}

static AUTHOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: (?:文章|本文)?作\s*者 | 本报记者 | 本网记者 | 特约记者 | 见习记者 | 实习记者 | 记\s*者 | 通讯员 | 撰\s*文 | 撰\s*稿(?:人)? | 供\s*稿(?:人)? | 文\s*/(?:图|摄)? | 图文\s*/ | 文字\s*/ | 原创作者 | 著者 | 執筆 | 筆者 | 文責 )\s*[:：︱丨]?\s*
        | (?i: (?:^|[|·•,]\s*|\s) (?:by | von | par | por | di | autor(?:in)? | author | auteur | written\s+by | posted\s+by | redaktion ) [\s:]+ )",
    )
    .ok()
});

static SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: (?:信息|文章|稿件|新闻|消息|内容|资料|图片)?来\s*源(?:于)? | 稿\s*源 | 出\s*处 | 來\s*源 | 转载自 | 摘自 | 発信元 | 出典 )\s*[:：]\s*
        | (?i: (?:^|[|·•,]\s*|\s) (?: quelle | source | fuente | fonte )\s*:\s* )",
    )
    .ok()
});

/// Labels of other fields, counters and tools: a value ends before them.
static NEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \s*[|丨│┃·•〡】\]）)〕] | \s{2,} | \s*(?:发布|发表|更新|修改|上传|添加|录入|创建|发稿|浏览|点击|阅读|访问|信息|文章|稿件|发文)(?:时间|日期|次数|数|量|率|来源|作者|单位|机构|者)?\s*[:：] | \s*(?:来源|作者|记者|通讯员|编辑|责编|时间|日期|浏览|点击|阅读|字体|字号|人气|审核|校对|分享|打印|评论|摄影|点赞|关键词|标签|分类|发布|发表|更新|责任编辑|编审|浏览量|访问量|原标题|責任|声明|收藏|文号)(?:\s*[:：/]|次数|量|数|于|$) | \s*\d{2,4}\s*[-/年.] | \s+\d{1,2}[.:/]\d | \s*[,;，；。]\s | [，；。]",
    )
    .ok()
});

/// Names that name nobody.
const NOBODY: [&str; 34] = [
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
];
/// Names that mean the portal itself.
const ITSELF: [&str; 8] = ["本站", "本网", "本站原创", "本网原创", "本网站", "原创", "本网讯", "本站讯"];

/// What the readers look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    /// Lines around the headline and those dropped from the body's edges: data may stand there.
    pub(super) near: &'a [String],
    /// The body's own lines.
    pub(super) body: &'a [String],
}

/// Reads one field of a page.
pub(super) fn read(
    field: Field,
    page: &Page,
    ld: &JsonLd,
    lines: Lines<'_>,
    title: Option<&str>,
) -> (Option<String>, FieldEvidence) {
    let mut refused = Vec::new();
    let mut candidates: Vec<(String, String)> = Vec::new();
    candidates.extend(
        lines.near.iter().filter_map(|line| labelled(field, line)).map(|name| ("line".to_owned(), name)),
    );
    if field == Field::Author {
        candidates.extend(signed(lines.body).map(|name| ("signature".to_owned(), name)));
        if !ld.authors.is_empty() {
            candidates.insert(0, ("json-ld".to_owned(), ld.authors.join(", ")));
        }
    }
    let names: &[&str] = match field {
        Field::Author => &[
            "article:author_name",
            "author",
            "Author",
            "byl",
            "dc.creator",
            "DC.creator",
            "parsely-author",
            "sailthru.author",
        ],
        Field::Source => &["ContentSource", "source", "Source", "og:article:source", "article:source"],
    };
    candidates.extend(
        names
            .iter()
            .filter_map(|name| meta::first(page, &[name]))
            .map(|(name, text)| (format!("meta[{name}]"), text)),
    );
    if field == Field::Author {
        candidates.extend(linked_author(page).map(|name| ("a[rel=author]".to_owned(), name)));
    } else {
        candidates.extend(
            lines
                .near
                .iter()
                .filter_map(|line| beside::source(line))
                .map(|name| ("beside the date".to_owned(), name)),
        );
    }
    for (from, raw) in candidates {
        match accepted(field, &raw, title) {
            Ok(name) => return (Some(name), FieldEvidence { from, raw, refused }),
            Err(why) => refused.push(Refused { from, raw, why: why.to_owned() }),
        }
    }
    (None, FieldEvidence { refused, ..FieldEvidence::default() })
}

/// Reads a field from a text that a selector found: behind its label, else the whole of it.
pub(super) fn read_given(field: Field, raw: &str) -> Option<String> {
    let text = labelled(field, raw);
    // a line of other data says nothing of this field
    let is_other = || {
        let line = narrow(raw);
        has_label(Field::Author, &line) || has_label(Field::Source, &line) || words::edge(&line).is_some()
    };
    let whole = || (!is_other()).then(|| fold(raw));
    accepted(field, &text.or_else(whole)?, None).ok()
}

fn label(field: Field) -> Option<&'static Regex> {
    match field {
        Field::Author => AUTHOR.as_ref(),
        Field::Source => SOURCE.as_ref(),
    }
}

fn has_label(field: Field, line: &str) -> bool {
    label(field).is_some_and(|label| label.is_match(&narrow(line)))
}

/// The value behind a label on a line of data.
fn labelled(field: Field, line: &str) -> Option<String> {
    let line = narrow(line);
    if width(&line) > 300 {
        return None;
    }
    let label = label(field)?.find(&line)?;
    // 责任编辑 and 来源于 inside a sentence are no labels: what stands before must end a field
    let before = line.get(..label.start()).unwrap_or_default().chars().next_back();
    if before.is_some_and(|c| is_cjk(c) && !matches!(c, '】' | '）' | '：' | '、' | '。'))
        && !label.as_str().contains(['：', ':'])
        // `河边晚报记者 张三`: a blank parts the office from the name
        && !(label.as_str().ends_with(' ') && label.as_str().trim_end().ends_with(['者', '员']))
    {
        return None;
    }
    let rest = line.get(label.end()..)?;
    let end = NEXT.as_ref()?.find(rest).map_or(rest.len(), |next| next.start());
    let value = rest
        .get(..end)?
        .trim()
        .trim_matches(['"', '“', '”', ':', '：', '-', '—', '【', '（', '(', '[', '《', '》']);
    let value = fold(value);
    // `记者` without a colon is a word of a sentence unless a name follows
    if field == Field::Author && label.as_str().trim_end().ends_with(is_cjk) && !is_han_name(&value) {
        return None;
    }
    let value = beside::without_date(&value);
    // a Chinese name ends at a blank unless another name follows
    let value = if value.chars().next().is_some_and(is_cjk) { chinese(field, &value) } else { value };
    (!value.is_empty()).then_some(value)
}

/// Whether a value begins with a Chinese name and nothing that makes a sentence of it.
fn is_han_name(value: &str) -> bool {
    let first = value.split([' ', '、', '/']).next().unwrap_or_default();
    (2..=4).contains(&first.chars().count())
        && first.chars().all(is_cjk)
        && !first.starts_with([
            '在', '从', '了', '获', '采', '走', '看', '来', '到', '对', '就', '日', '昨', '今', '近', '还',
            '也', '又', '发', '问', '注', '跟', '随', '向', '与', '和', '说', '得', '为', '通', '招', '站',
            '协', '团', '会', '证',
        ])
}

fn chinese(field: Field, value: &str) -> String {
    let words: Vec<&str> = value.split(' ').collect();
    match field {
        Field::Source => words.first().copied().unwrap_or_default().to_owned(),
        Field::Author => {
            let is_label = |word: &str| {
                matches!(word, "记者" | "通讯员" | "摄影" | "报道" | "编辑" | "文图" | "见习记者" | "实习生")
            };
            let is_name = |word: &&&str| {
                (2..=4).contains(&word.chars().count()) && word.chars().all(is_cjk) && !is_label(word)
            };
            let names: Vec<&str> = words.iter().take_while(is_name).copied().collect();
            if names.is_empty() {
                words.first().copied().unwrap_or_default().to_owned()
            } else {
                names.join(" ")
            }
        }
    }
}

/// `（记者 张三 通讯员 李四）` at an end of the body, or a line of its own.
fn signed(body: &[String]) -> Option<String> {
    let ends = body.iter().take(2).chain(body.iter().rev().take(2));
    for line in ends {
        let plain = narrow(line);
        for opened in plain.split(['(', '（']).skip(1) {
            let inner = opened.split([')', '）']).next().unwrap_or_default();
            if let Some(name) = labelled(Field::Author, inner).filter(|_| width(inner) <= 80) {
                return Some(name);
            }
        }
        if width(&plain) <= 50
            && let Some(name) = labelled(Field::Author, &plain)
        {
            return Some(name);
        }
    }
    None
}

fn linked_author(page: &Page) -> Option<String> {
    let is_author = |value: Option<&str>| {
        value.is_some_and(|value| value.split_whitespace().any(|one| one.eq_ignore_ascii_case("author")))
    };
    let node = page
        .body()
        .descendants()
        .filter(|node| is_author(node.attr("rel")) || is_author(node.attr("itemprop")))
        .find(|node| !node.text().is_empty())?;
    Some(node.text())
}

/// A text that may be a name of this field, or why not.
fn accepted(field: Field, raw: &str, title: Option<&str>) -> Result<String, &'static str> {
    let name = fold(raw.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | ',' | '|' | '/' | '(' | ')' | '（' | '）')
    }));
    let name = ["By ", "by ", "BY ", "Von ", "von ", "Par ", "par ", "来源：", "来源:", "作者：", "作者:"]
        .iter()
        .fold(name, |name, label| name.strip_prefix(label).map_or(name.clone(), fold));
    let lower = name.to_lowercase();
    if name.is_empty() {
        return Err("empty");
    }
    if width(&name) > MOST_WIDTH {
        return Err("too long for a name");
    }
    if name.chars().all(|c| c.is_ascii_digit() || c.is_ascii_punctuation()) {
        return Err("a number, no name");
    }
    if ITSELF.contains(&name.as_str()) {
        return Err("the portal itself");
    }
    if NOBODY.contains(&lower.as_str()) {
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
