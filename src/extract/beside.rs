//! What stands beside a date on a line without labels: `新京报 2019-09-07 09:59`, `Anna Berg on March 3, 2021`.

use std::ops::Range;

use crate::date;
use crate::model::DateRules;
use crate::page::text::{is_cjk, width};

/// A wider line says more than a name and a time.
const LINE_WIDTH: usize = 80;
/// Parts of words that name no paper: counters, tools, labels, the weather.
const NO_NAMES: [&str; 31] = [
    "实习生",
    "时间",
    "日期",
    "阅读",
    "浏览",
    "点击",
    "评论",
    "编辑",
    "作者",
    "来源",
    "发布",
    "更新",
    "记者",
    "收藏",
    "举报",
    "字体",
    "字号",
    "星期",
    "分享",
    "打印",
    "首页",
    "今天",
    "天气",
    "感兴趣",
    "访问",
    "人气",
    "关注",
    "回复",
    "播放",
    "农历",
    "正文",
];

/// The paper on a line that holds its name and a date and no labels.
pub(super) fn source(line: &str) -> Option<String> {
    if width(line) > LINE_WIDTH {
        return None;
    }
    let rest = match dates(line).into_iter().next() {
        Some(span) => format!("{} | {}", line.get(..span.start)?, line.get(span.end..)?),
        // `04-08` is a day only where it stands alone
        None => without_day(line)?,
    };
    if rest.contains([':', '：', '。', '，']) {
        return None;
    }
    let names = rest.split(|c: char| c.is_whitespace() || matches!(c, '|' | '·' | '丨' | '｜' | '/' | '•'));
    // `河边晚报[整理]`
    let names = names.map(|name| name.split(['[', '(', '（', '【']).next().unwrap_or_default());
    names.map(str::trim).find(|name| is_paper(name)).map(str::to_owned)
}

/// A line of parts one of which is a day, without that.
fn without_day(line: &str) -> Option<String> {
    let parts: Vec<&str> = line.split(['|', '·', '丨', '｜', '•']).map(str::trim).collect();
    let is_day = |part: &&str| part.bytes().any(|b| b.is_ascii_digit()) && !dates(part).is_empty();
    let day = parts.iter().position(is_day)?;
    let others = parts.iter().enumerate().filter(|(place, _)| *place != day);
    Some(others.map(|(_, part)| *part).collect::<Vec<_>>().join(" | "))
}

fn is_paper(name: &str) -> bool {
    // towns call their accounts so: `河湾发布`
    match name.strip_suffix("发布").filter(|town| town.chars().count() > 1) {
        Some(town) => is_plain(&format!("{town}市")),
        None => is_plain(name),
    }
}

fn is_plain(name: &str) -> bool {
    let letters = name.chars().count();
    (3..=14).contains(&letters)
        && name.chars().filter(|c| is_cjk(*c)).count() >= 2
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '《' | '》'))
        // `第3版` is where it was printed
        && !name.starts_with('第')
        && !NO_NAMES.iter().any(|word| name.contains(word))
}

/// A name without the date behind it and the words that led to that.
pub(super) fn without_date(name: &str) -> String {
    let Some(span) = dates(name).into_iter().next().filter(|span| span.start > 0) else {
        return name.to_owned();
    };
    let mut kept = name.get(..span.start).unwrap_or_default();
    loop {
        let shorter = kept
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|' | ',' | '·'));
        let shorter = [" on", " am", " at", " vom", " le", " el", " posted", " published"]
            .iter()
            .find_map(|word| shorter.strip_suffix(word))
            .unwrap_or(shorter);
        if shorter == kept {
            return kept.to_owned();
        }
        kept = shorter;
    }
}

/// Whether a text holds a date.
pub(super) fn is_dated(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit()) && !dates(text).is_empty()
}

fn dates(line: &str) -> Vec<Range<usize>> {
    let rules = DateRules::default();
    let context = date::Context {
        now: chrono::DateTime::UNIX_EPOCH,
        zone: chrono_tz::Tz::UTC,
        lang: None,
        rules: &rules,
    };
    date::find(line, &context).into_iter().map(|found| found.span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_stands_beside_the_date() {
        for (line, paper) in [
            ("新京报 2019-09-07 09:59:22", Some("新京报")),
            ("2021-03-11 09:11　河湾发布", Some("河湾发布")),
            ("2021-03-11 09:11 发布", None),
            ("2019年09月11日01:53 河边科技 收藏本文", Some("河边科技")),
            ("云溪播报 · 15分钟前 · 1364阅读", Some("云溪播报")),
            ("云溪播报 · 刚刚 · 0阅读", Some("云溪播报")),
            ("云溪播报 · 3小时前 · 93阅读", Some("云溪播报")),
            ("云溪播报 · 今天 08:10 · 93阅读", Some("云溪播报")),
            ("云溪播报 · 昨天 08:10 · 93阅读", Some("云溪播报")),
            ("云溪播报 · 前天 08:10 · 93阅读", Some("云溪播报")),
            ("云溪播报 · 5天前 · 93阅读", Some("云溪播报")),
            ("云溪播报 · 11-03 · 93阅读", Some("云溪播报")),
            ("2019-09-05 11:10 河边晚报[整理]", Some("河边晚报")),
            ("云溪播报 · 04-08 · 713阅读", Some("云溪播报")),
            ("第3版 | 04-08", None),
            ("发布时间:2021/3/11 9:11:43 | 人感兴趣", None),
            ("2021/3/11 9:11:43 | 人感兴趣", None),
            ("2021年3月11日 星期四", None),
            ("市里3月10日召开会议，部署工作", None),
        ] {
            assert_eq!(source(line).as_deref(), paper, "{line}");
        }
    }

    #[test]
    fn a_name_ends_before_its_date() {
        assert_eq!(without_date("Anna Berg on January 20, 2020"), "Anna Berg");
        assert_eq!(without_date("Emil Stein 8 January 2020"), "Emil Stein");
        assert_eq!(without_date("Emil Stein"), "Emil Stein");
    }
}
