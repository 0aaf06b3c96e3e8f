//! Who wrote an article and where it came from: labelled lines, meta elements, JSON-LD.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{FieldEvidence, Refused};
use crate::page::Page;
use crate::page::text::{fold, is_cjk, narrow, width};

use super::beside;
use super::marked::Marked;
use super::meta::{self, JsonLd};
use super::names::{Field, ITS_OWN, accepted};
use super::person;
use super::words;

static AUTHOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: (?:文章|本文)?作\s*者 | 本报记者 | 本网记者 | 特约记者 | 见习记者 | 实习记者 | 实习生 | 记\s*者 | 通讯员 | 撰\s*文 | 撰\s*稿(?:人)? | 供\s*稿(?:人)? | 文\s*/(?:图|摄)? | 图文\s*/ | 文字\s*/ | 原创作者 | 著者 | 執筆 | 筆者 | 文責 | 文・写真 | 取材・文 | 記\s*者 | Автор(?:\s+текста)?\s*: | Текст\s*: )\s*[:：︱丨]?\s*",
    )
    .ok()
});

/// Who put it on the page: the source of what an office tells itself.
const OFFICES: [&str; 7] = ["发布单位", "发布机构", "發布單位", "發佈單位", "发布部门", "公開部署", "担当課"];

static SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: (?:信息|文章|稿件|新闻|消息|内容|资料|图片)?来\s*源(?:于|单位|部门)? | 稿\s*源 | 出\s*处 | 來\s*源 | 转载自 | 摘自 | 来自 | 発信元 | 出典 | (?:情報)?提供 | Источник )\s*[:：]\s*
        | (?i: (?:^|[|·•,]\s*|\s) (?: quelle | source | fuente | fonte )\s*:\s* )",
    )
    .ok()
});

/// Labels of other fields, counters and tools: a value ends before them.
static NEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \s*[|丨│┃·•〡】\]）)〕] | \s{2,} | \s*(?:发布|發布|發佈|发表|更新|修改|上传|添加|录入|创建|发稿|浏览|點閱|点击|阅读|访问|信息|文章|稿件|发文)(?:时间|日期|次数|数|量|率|来源|作者|单位|机构|者)?\s*[:：] | \s*(?:来源|資料來源|作者|记者|通讯员|编辑|责编|时间|日期|浏览|点击|阅读|字体|字号|人气|审核|校对|分享|打印|评论|摄影|点赞|关键词|标签|分类|发表|更新|责任编辑|编审|浏览量|访问量|原标题|責任|声明|收藏|文号)(?:\s*[:：/]|次数|量|数|于|$) | \s*发布(?:\s*[:：/]|次数|量|数|于) | \s+发布$ | \s*\d{2,4}\s*[-/年.] | \s+\d{1,2}[.:/]\d | \s*[,;，；。]\s | [，；。]",
    )
    .ok()
});

/// Whoever writes there: a person named elsewhere is surer.
const STAFF: [&str; 8] = [
    "redaktion",
    "staff",
    "newsdesk",
    "editorialteam",
    "editorialstaff",
    "webredaktion",
    "onlineredaktion",
    "redazione",
];

/// What the readers look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a> {
    /// Lines around the headline and those dropped from the body's edges: data may stand there.
    pub(super) near: &'a [String],
    /// The body's own lines.
    pub(super) body: &'a [String],
}

/// What is known of a page when it is asked who wrote it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) page: &'a Page,
    pub(super) ld: &'a JsonLd,
    pub(super) lines: Lines<'a>,
    pub(super) marked: &'a Marked,
    pub(super) title: Option<&'a str>,
}

/// Reads one field of a page.
pub(super) fn read(field: Field, asked: &Asked<'_>) -> (Option<String>, FieldEvidence) {
    let found = match field {
        Field::Author => authors(asked),
        Field::Source => sources(asked),
    };
    let mut refused = Vec::new();
    for (from, raw) in found {
        match accepted(field, &raw, asked.title) {
            Ok(name) => return (Some(name), FieldEvidence { from, raw, refused }),
            Err(why) => refused.push(Refused { from, raw, why: why.to_owned() }),
        }
        // a page that says it wrote the article itself names no other source
        if refused.last().is_some_and(|last| field == Field::Source && last.why == ITS_OWN) {
            break;
        }
    }
    (None, FieldEvidence { refused, ..FieldEvidence::default() })
}

/// Names of authors with where they stand, the surest first. Templates name the site as the author of all
/// pages: whoever is named elsewhere is surer.
fn authors(asked: &Asked<'_>) -> Vec<(String, String)> {
    let Asked { page, ld, lines, marked, .. } = *asked;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |from: &str, name: String| found.push((from.to_owned(), name));
    if !ld.authors.is_empty() {
        add("json-ld", ld.authors.join(", "));
    }
    lines.near.iter().filter_map(|line| labelled(Field::Author, line)).for_each(|name| add("line", name));
    signed(lines.body).into_iter().for_each(|name| add("signature", name));
    // templates name the makers of the software
    let software =
        page.meta("generator").and_then(|made| made.split_whitespace().next()).filter(|name| name.len() > 3);
    let is_maker = |name: &str| software.is_some_and(|software| name.contains(software));
    let said = meta::authors(page)
        .into_iter()
        .filter(|(_, name)| !person::is_paper(name, page.lang()) && !is_maker(name));
    said.for_each(|(from, name)| add(&format!("meta[{from}]"), name));
    marked.people().into_iter().for_each(|name| add(&marked.from, name));
    lines.near.iter().filter_map(|line| person::byline(line)).for_each(|name| add("line", name));
    let ends = lines.body.iter().take(3).chain(lines.body.iter().rev().take(3));
    ends.filter_map(|line| person::byline(line)).for_each(|name| add("signature", name));
    found.sort_by_key(|(_, name)| is_site(page, ld, name));
    found
}

/// Names of sources with where they stand, the surest first.
fn sources(asked: &Asked<'_>) -> Vec<(String, String)> {
    let Asked { page, lines, marked, .. } = *asked;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |from: &str, name: String| found.push((from.to_owned(), name));
    lines.near.iter().filter_map(|line| labelled(Field::Source, line)).for_each(|name| add("line", name));
    ["ContentSource", "source", "og:article:source", "article:source"]
        .iter()
        .filter_map(|name| meta::first(page, &[name]))
        .for_each(|(name, text)| add(&format!("meta[{name}]"), text));
    lines.near.iter().filter_map(|line| beside::source(line)).for_each(|name| add("beside the date", name));
    marked.paper().into_iter().for_each(|name| add(&marked.from, name));
    // a paper that stands where the author would
    let authors = lines.near.iter().filter_map(|line| labelled(Field::Author, line));
    authors.filter(|name| person::is_paper(name, page.lang())).for_each(|name| add("line", name));
    lines.near.iter().filter_map(|line| office(line)).for_each(|name| add("line", name));
    found
}

/// Whether a name is the site's own.
fn is_site(page: &Page, ld: &JsonLd, name: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let name = plain(name);
    let host = page.url().host().trim_start_matches("www.");
    let label = host.split('.').next().unwrap_or_default();
    meta::first(page, &["og:site_name", "application-name"]).is_some_and(|(_, site)| plain(&site) == name)
        || ld.publisher.as_deref().is_some_and(|publisher| plain(publisher) == name)
        || plain(host) == name
        || plain(label) == name
        || STAFF.contains(&name.as_str())
}

/// Reads a field from a text that a selector found: behind its label, else the whole of it.
pub(super) fn read_given(field: Field, raw: &str) -> Option<String> {
    let named = || person::byline(raw).filter(|_| field == Field::Author);
    let text = labelled(field, raw).or_else(named);
    // a line of other data says nothing of this field
    let is_other = || {
        let line = narrow(raw);
        has_label(Field::Author, &line)
            || has_label(Field::Source, &line)
            || words::edge(&line, width(&line)).is_some()
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
    let word = label.as_str().trim_end();
    if field == Field::Author && word.ends_with(is_cjk) {
        let first = value.split([' ', '、', '/']).next().unwrap_or_default();
        let is_name =
            if word.ends_with("作者") { person::is_chinese_person(first) } else { is_han_name(&value) };
        if !is_name {
            return None;
        }
    }
    let value = beside::without_date(&value);
    // a Chinese name ends at a blank unless another name follows
    let value = if value.chars().next().is_some_and(is_cjk) { chinese(field, &value) } else { value };
    (!value.is_empty()).then_some(value)
}

/// The office behind its label on a line of data.
fn office(line: &str) -> Option<String> {
    let line = narrow(line);
    let (label, at) = OFFICES.iter().find_map(|label| Some((label, line.find(label)?)))?;
    let rest = line.get(at + label.len()..)?.trim_start().strip_prefix(':')?.trim_start();
    let end = NEXT.as_ref()?.find(rest).map_or(rest.len(), |next| next.start());
    Some(fold(rest.get(..end)?)).filter(|name| !name.is_empty())
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
    // `张三/河边报道`: the office and the place stand behind the name
    let value =
        if field == Field::Author { value.split(['/', '／']).next().unwrap_or(value) } else { value };
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
            // `通讯员 赵家明`: what somebody is may stand before the name
            let roles = words.iter().take_while(|word| is_label(word)).count();
            let names = words.iter().skip(roles).take_while(is_name).count();
            if names == 0 {
                words.first().copied().unwrap_or_default().to_owned()
            } else {
                words.into_iter().take(roles + names).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

/// `（记者 张三 通讯员 李四）` at an end of the body, or a line of its own.
fn signed(body: &[String]) -> Option<String> {
    // share buttons may stand before the lead
    const LEAD: usize = 6;
    let ends = body.iter().enumerate();
    let ends = ends.clone().take(LEAD).chain(ends.rev().take(2));
    for (number, line) in ends {
        let plain = narrow(line);
        for opened in plain.split(['(', '（']).skip(1) {
            let inner = opened.split([')', '）']).next().unwrap_or_default();
            if let Some(name) = labelled(Field::Author, inner).filter(|_| width(inner) <= 80) {
                return Some(name);
            }
        }
        if width(&plain) <= 50
            && (number < 2 || number + 2 >= body.len())
            && let Some(name) = labelled(Field::Author, &plain)
        {
            return Some(name);
        }
    }
    // `…开门迎客。（张三 李四）`: papers print full-width brackets, editors of portals type others
    let inner = body.last()?.trim_end().strip_suffix('）')?.rsplit_once('（')?.1;
    let mut names = inner.split([' ', '、']).filter(|name| !name.is_empty());
    names.clone().next()?;
    names.all(person::is_chinese_person).then(|| fold(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_signed_in_brackets_names_its_writer() {
        let body = |last: &str| vec!["渡口的灯修好了，夜里过河的人放了心。".to_owned(), last.to_owned()];
        for (last, name) in [
            ("老人们说灯亮了。（王小河）", Some("王小河")),
            ("老人们说灯亮了。（王小河 李渡）", Some("王小河 李渡")),
            ("老人们说灯亮了。（完）", None),
            ("老人们说灯亮了。（图片由渡口提供）", None),
        ] {
            assert_eq!(signed(&body(last)).as_deref(), name, "{last}");
        }
    }

    #[test]
    fn a_labelled_line_names_a_person_or_nobody() {
        assert_eq!(labelled(Field::Author, "作者：王小河 来源：河边晚报").as_deref(), Some("王小河"));
        assert_eq!(labelled(Field::Author, "作者最新文章"), None);
        assert_eq!(labelled(Field::Author, "作者：通讯员 赵渡").as_deref(), Some("通讯员 赵渡"));
        // accounts of towns are called so
        assert_eq!(labelled(Field::Source, "来源：河湾发布").as_deref(), Some("河湾发布"));
        assert_eq!(labelled(Field::Source, "来源单位：河湾晚报 发布").as_deref(), Some("河湾晚报"));
    }
}
