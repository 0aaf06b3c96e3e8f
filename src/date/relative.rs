//! Times told from now: `刚刚`, `5分钟前`, `昨天 12:30`, `vor 3 Stunden`.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use regex::{Regex, RegexSet};

use super::context::Context;

/// A wider text (in half widths) is a sentence that speaks of a time.
const MAX_WIDTH: usize = 96;

/// What a relative form means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// An instant, to the minute.
    Minute(DateTime<Utc>),
    /// An instant, to the hour.
    Hour(DateTime<Utc>),
    /// A calendar day of the portal; a time may follow.
    Day(NaiveDate),
}

/// A relative form in a plain text.
pub(super) struct Told {
    pub(super) when: When,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Stands alone or has a time behind it, else it is a word of a sentence.
    pub(super) alone: bool,
}

static AGO: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let count = "(?P<n>[0-9]{1,4}|几|幾|半|数|一|two|an?|one|une?|uno?|una|um|uma|einer|einem|eine)";
    [
        format!(r"{count}\s*个?個?\s*(?P<u>秒钟|秒鐘|秒|分钟|分鐘|分|小时|小時|时|時間|天|日|周|星期|週|週間|个月|個月|月|ヶ月)\s*(?:之前|以前|前)"),
        format!(r"\b{count}\s*(?P<u>seconds?|secs?|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|months?)\s+ago\b"),
        format!(r"\bvor\s+{count}\s*(?P<u>sekunden?|minuten?|min|stunden?|std|tag(?:en)?|wochen?|monat(?:en)?)\b"),
        format!(r"\bil\s+y\s+a\s+{count}\s*(?P<u>secondes?|minutes?|min|heures?|h|jours?|semaines?|mois)\b"),
        format!(r"\b(?:hace|há)\s+{count}\s*(?P<u>segundos?|minutos?|min|horas?|d[ií]as?|semanas?|mes(?:es)?|m[êe]s)\b"),
        format!(r"\b{count}\s*(?P<u>secondi|minut[oi]|or[ae]|giorn[oi]|settiman[ae])\s+fa\b"),
        r"(?P<n>[0-9]{1,4})\s*(?P<u>секунд[уы]?|минут[уы]?|мин|час(?:а|ов)?|дн(?:я|ей)|день|недел[юи]|недель)\.?\s+назад".to_owned(),
    ]
    .iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// All of them at once, the named ones last: which of them a text may have anything of. The borders of words are
/// left to the forms themselves: without them one pass over the text tells.
static ANY: LazyLock<RegexSet> = LazyLock::new(|| {
    let forms = AGO.iter().chain(NAMED.iter());
    RegexSet::new(forms.map(|form| form.as_str().replace(r"\b", ""))).unwrap_or_default()
});

static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<now>刚刚|剛剛|刚才|たった今|\bjust now\b|\bgerade eben\b|\bà l'instant\b)|(?P<half>半个?小时前|半個?小時前)|(?P<d0>今天|今日|\btoday\b|\bheute\b|\baujourd'hui\b|\bhoy\b|\boggi\b|\bhoje\b|сегодня)|(?P<night>昨晚|昨夜)|(?P<d2>前天|\bvorgestern\b|\bavant-hier\b|\banteayer\b|позавчера|一昨日)|(?P<d1>昨天|昨日|\byesterday\b|\bgestern\b|\bhier\b|\bayer\b|\bieri\b|\bontem\b|вчера)|(?:周|星期|週|禮拜|礼拜)(?P<w>[一二三四五六日天])",
    )
    .ok()
});

/// The relative forms of a short plain text.
pub(super) fn told(text: &str, context: &Context<'_>) -> Vec<Told> {
    if text.chars().map(|c| 1 + usize::from(c >= '\u{1100}')).sum::<usize>() > MAX_WIDTH {
        return Vec::new();
    }
    let there = ANY.matches(text);
    if !there.matched_any() {
        return Vec::new();
    }
    let forms = AGO.iter().enumerate().filter(|(row, _)| there.matched(*row)).map(|(_, form)| form);
    let mut all: Vec<Told> = forms
        .flat_map(|form| form.captures_iter(text))
        .filter_map(|found| {
            let whole = found.get(0)?;
            let when = ago(found.name("n")?.as_str(), found.name("u")?.as_str(), context)?;
            Some(Told { when, start: whole.start(), end: whole.end(), alone: false })
        })
        .collect();
    if there.matched(AGO.len()) {
        let forms = NAMED.iter().flat_map(|form| form.captures_iter(text));
        all.extend(forms.filter_map(|found| named(&found, context)));
    }
    all.sort_by_key(|told| told.start);
    let mut end = 0;
    all.retain(|told| {
        let apart = told.start >= end;
        end = end.max(told.end);
        apart
    });
    all
}

fn ago(count: &str, unit: &str, context: &Context<'_>) -> Option<When> {
    let half = count == "半";
    let n: i64 = match count {
        "几" | "幾" | "数" => 3,
        "two" => 2,
        _ => count.parse().unwrap_or(1),
    };
    let first = unit.chars().next()?;
    let starts = |words: &[&str]| words.iter().any(|word| unit.starts_with(word));
    let days = |n: i64| context.today().checked_sub_signed(TimeDelta::try_days(n)?).map(When::Day);
    if starts(&["秒", "sec", "sek", "seg", "сек"]) {
        return Some(When::Minute(context.now - TimeDelta::try_seconds(n)?));
    }
    if starts(&["个月", "個月", "月", "ヶ月", "month", "monat", "mois", "mes", "mês"]) {
        return days(n * 30);
    }
    if first == '分' || starts(&["min", "m", "мин"]) {
        return Some(When::Minute(context.now - TimeDelta::try_minutes(n)?));
    }
    if starts(&["小", "时", "時", "h", "std", "stund", "or", "час"]) {
        if half {
            return Some(When::Minute(context.now - TimeDelta::minutes(30)));
        }
        return Some(When::Hour(context.now - TimeDelta::try_hours(n)?));
    }
    if starts(&["周", "星期", "週", "w", "sem", "sett", "нед"]) {
        return days(n * 7);
    }
    days(n)
}

fn named(found: &regex::Captures<'_>, context: &Context<'_>) -> Option<Told> {
    let whole = found.get(0)?;
    let today = context.today();
    let back = |days: i64| today.checked_sub_signed(TimeDelta::try_days(days)?).map(When::Day);
    let has = |name| found.name(name).is_some();
    let (when, alone) = if has("now") {
        (Some(When::Minute(context.now)), false)
    } else if has("half") {
        (Some(When::Minute(context.now - TimeDelta::minutes(30))), false)
    } else if has("d0") {
        (back(0), true)
    } else if has("d1") || has("night") {
        (back(1), true)
    } else if has("d2") {
        (back(2), true)
    } else {
        let day = found.name("w")?.as_str().chars().next()?;
        let wanted = "一二三四五六日".chars().position(|c| c == day).unwrap_or(6);
        let now = i64::from(today.weekday().num_days_from_monday());
        let past = (now - i64::try_from(wanted).ok()?).rem_euclid(7);
        (back(past), true)
    };
    // `昨晚8点` is read on as `晚8点` of yesterday.
    let end = if has("night") { whole.start() + "昨".len() } else { whole.end() };
    Some(Told { when: when?, start: whole.start(), end, alone })
}
