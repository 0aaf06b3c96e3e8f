//! The notations of a day: one table, one row a form.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use regex::{Captures, Regex, RegexSet};

use super::context::{Context, Kind};
use super::words;

/// Which calendar the year of a form counts in, and which of its parts comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    /// Year of four digits, month, day.
    Western,
    /// Two-digit year, month, day, as East Asian portals write it; a year of three digits is Taiwan's.
    ShortYearFirst,
    /// Day and month in the order of the language, then the year.
    ByLanguage,
    /// Day, month, year whatever the language.
    DayFirst,
    /// Years since 1911 (Taiwan).
    Minguo,
    /// Japanese era and year; year 1 is 元.
    Era,
    /// Month by name.
    Named,
    /// Month and day alone.
    Yearless,
    /// Day and month alone, in the order of the language.
    YearlessByLanguage,
}

/// One notation of a day.
struct Form {
    pattern: Regex,
    read: Read,
    /// Only as the whole of a text, brackets aside, or with a time behind it: too common elsewhere.
    alone: bool,
}

/// A day read from a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// Must stand alone or have a time behind it.
    pub(super) alone: bool,
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let months = words::month_pattern();
    let rows: Vec<(String, Read, bool)> = vec![
        (r"(?:中華)?(?:中华)?(?:民國|民国)\s*(?P<y>[0-9]{2,3}|元)\s*[年/.-]\s*(?P<m>[0-9]{1,2})\s*[月/.-]\s*(?P<d>[0-9]{1,2})\s*[日號号]?".into(), Read::Minguo, false),
        (r"(?P<era>令和|平成|昭和|大正)\s*(?P<y>[0-9]{1,2}|元)\s*[年/.-]\s*(?P<m>[0-9]{1,2})\s*[月/.-]\s*(?P<d>[0-9]{1,2})\s*日?".into(), Read::Era, false),
        (r"\b(?P<era>[rhst])\s?(?P<y>[0-9]{1,2})\s?[./-]\s?(?P<m>[0-9]{1,2})\s?[./-]\s?(?P<d>[0-9]{1,2})".into(), Read::Era, false),
        (r"(?P<y>[0-9]{2,4})\s*[年년]\s*(?P<m>[0-9]{1,2})\s*[月월]\s*(?P<d>[0-9]{1,2})\s*[日號号일]?".into(), Read::ShortYearFirst, false),
        (r"(?P<y>[〇零○一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日".into(), Read::Western, false),
        (r"(?P<y>[0-9]{4})\s?(?P<s1>[-/._])\s?(?P<m>[0-9]{1,2})\s?(?P<s2>[-/._])\s?(?P<d>[0-9]{1,2})".into(), Read::Western, false),
        (r"(?P<m>[0-9]{1,2})\s?(?P<s1>[-/])\s?(?P<d>[0-9]{1,2})\s?(?P<s2>[-/])\s?(?P<y>[0-9]{4})".into(), Read::ByLanguage, false),
        (r"(?P<d>[0-9]{1,2})\s?(?P<s1>\.)\s?(?P<m>[0-9]{1,2})\s?(?P<s2>\.)\s?(?P<y>[0-9]{4})".into(), Read::DayFirst, false),
        (r"(?P<y>[0-9]{2,3})(?P<s1>[-/.])(?P<m>[0-9]{1,2})(?P<s2>[-/.])(?P<d>[0-9]{1,2})".into(), Read::ShortYearFirst, false),
        (format!(r"(?P<d>[0-9]{{1,2}})(?:\s?(?:st|nd|rd|th|er|re|º|ª|°|\.))?[\s-]*(?:of\s+|de\s+|d')?(?P<mon>{months})\b\.?[\s,-]*(?:de\s+|del\s+|of\s+|')?(?P<y>[0-9]{{4}}|[0-9]{{2}}\b)"), Read::Named, false),
        (format!(r"\b(?P<mon>{months})\b\.?[\s-]*(?P<d>[0-9]{{1,2}})(?:\s?(?:st|nd|rd|th))?\s*[,.\s-]\s*(?P<y>[0-9]{{4}})"), Read::Named, false),
        (format!(r"(?P<y>[0-9]{{4}})[\s,./-]*(?P<mon>{months})\b\.?[\s-]*(?P<d>[0-9]{{1,2}})"), Read::Named, false),
        (r"(?P<m>[0-9]{1,2})\s?[月월]\s?(?P<d>[0-9]{1,2})\s?[日號号일]?".into(), Read::Yearless, false),
        (format!(r"(?P<d>[0-9]{{1,2}})(?:\s?(?:st|nd|rd|th|er|º|\.))?\s*(?:de\s+)?(?P<mon>{months})\b\.?"), Read::Named, true),
        (format!(r"\b(?P<mon>{months})\b\.?\s*(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?"), Read::Named, true),
        (r"(?P<m>[0-9]{1,2})(?P<s1>[-/.])(?P<d>[0-9]{1,2})\.?".into(), Read::YearlessByLanguage, true),
    ];
    rows.into_iter()
        .filter_map(|(pattern, read, alone)| Some(Form { pattern: Regex::new(&pattern).ok()?, read, alone }))
        .collect()
});

/// All rows at once: which of them a text may have anything of. Most lines have nothing of any. The borders of
/// words are left to the rows themselves: without them one pass over the text tells.
static ANY: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(FORMS.iter().map(|form| form.pattern.as_str().replace(r"\b", ""))).unwrap_or_default()
});

/// Every day a plain text names, in order, without overlaps: the earlier, then the row above, wins.
pub(super) fn days(text: &str, context: &Context<'_>) -> Vec<Day> {
    let mut found: Vec<(usize, Day)> = Vec::new();
    let there = ANY.matches(text);
    for (row, form) in FORMS.iter().enumerate().filter(|(row, _)| there.matched(*row)) {
        let mut from = 0;
        while let Some(captures) = form.pattern.captures_at(text, from) {
            let Some(whole) = captures.get(0) else { break };
            match day(form, &captures, text, context) {
                Some(day) => {
                    from = day.end.max(from + 1);
                    found.push((row, day));
                }
                None => from = step(text, whole.start()),
            }
            if from >= text.len() {
                break;
            }
        }
    }
    found.sort_by_key(|(row, day)| (*row, day.start));
    let mut kept: BTreeMap<usize, Day> = BTreeMap::new();
    for (_, day) in found {
        let clear_behind = kept.range(..=day.start).next_back().is_none_or(|(_, left)| left.end <= day.start);
        let clear_ahead = kept.range(day.start..).next().is_none_or(|(_, right)| day.end <= right.start);
        if clear_behind && clear_ahead {
            kept.insert(day.start, day);
        }
    }
    kept.into_values().collect()
}

/// Past the digits a refused match began with: from there nothing of it can begin again.
fn step(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    start + digits.max(rest.chars().next().map_or(1, char::len_utf8))
}

fn day(form: &Form, captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Day> {
    let whole = captures.get(0)?;
    let group = |name: &str| captures.name(name).map(|part| part.as_str());
    if group("s1").is_some() && group("s2").is_some() && group("s1") != group("s2") {
        return None;
    }
    if !stands_free(text, whole.start(), whole.end()) {
        return None;
    }
    if let Some(day) = glued(form, captures, text, context) {
        return Some(day);
    }
    let (date, kind) = read(form.read, captures, context)?;
    let alone = form.alone && kind == Kind::Yearless;
    Some(Day { date, start: whole.start(), end: whole.end(), kind, alone })
}

/// `28.09.1912:44`: a year of two digits and the hour behind it, without a blank.
fn glued(form: &Form, captures: &Captures<'_>, text: &str, context: &Context<'_>) -> Option<Day> {
    let (whole, year) = (captures.get(0)?, captures.name("y")?);
    let rest = text.get(whole.end()..)?.as_bytes();
    let is_clock = matches!(rest, [b':', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit());
    if form.read != Read::DayFirst || !is_clock || year.end() != whole.end() {
        return None;
    }
    let number = |name: &str| captures.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
    let (hour, end) = (year.as_str().get(2..)?.parse::<u32>().ok()?, whole.end() - 2);
    let short = century(2, year.as_str().get(..2)?.parse().ok()?, context)?;
    let date = NaiveDate::from_ymd_opt(short, number("m")?, number("d")?).filter(|_| hour < 24)?;
    Some(Day { date, start: whole.start(), end, kind: Kind::Full, alone: false })
}

/// Whether a match is no part of a longer number: `1.2021-03-11`, `2021-03-110`, `10.12.20.1`.
fn stands_free(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let inner = text.get(start..end).unwrap_or_default();
    if inner.starts_with(|c: char| c.is_ascii_digit()) {
        let mut back = before.chars().rev();
        match back.next() {
            Some(c) if c.is_ascii_digit() => return false,
            Some('-' | '/' | '.' | ':' | '_') if back.next().is_some_and(|c| c.is_ascii_digit()) => {
                return false;
            }
            _ => {}
        }
    }
    if !inner.ends_with(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let mut ahead = after.chars();
    match ahead.next() {
        Some(c) if c.is_ascii_digit() || matches!(c, '%' | '年' | '月') => false,
        Some(c @ ('-' | '/' | '.')) if ahead.next().is_some_and(|c| c.is_ascii_digit()) => !inner.contains(c),
        _ => true,
    }
}

fn read(read: Read, captures: &Captures<'_>, context: &Context<'_>) -> Option<(NaiveDate, Kind)> {
    let group = |name: &str| captures.name(name).map(|part| part.as_str());
    let number = |name: &str| group(name).and_then(numeral);
    let (y, m, d) = (number("y"), number("m"), number("d"));
    let full = |y: i32, m: u32, d: u32| NaiveDate::from_ymd_opt(y, m, d).map(|date| (date, Kind::Full));
    let year = || y.and_then(|y| i32::try_from(y).ok());
    match read {
        Read::Western | Read::DayFirst => full(within(year()?)?, m?, d?),
        Read::Minguo => full(1911 + year()?, m?, d?),
        Read::Era => full(era(group("era")?, year()?, context)?, m?, d?),
        Read::ShortYearFirst => short_year_first(group("y")?.len(), year()?, m?, d?, context),
        Read::ByLanguage => {
            let (m, d) = ordered(m?, d?, month_first(context));
            full(within(year()?)?, m, d)
        }
        Read::Named => {
            let m = words::month(group("mon")?)?;
            match group("y") {
                Some(written) => full(century(written.len(), year()?, context)?, m, d?),
                None => yearless(m, d?, context),
            }
        }
        Read::Yearless => yearless(m?, d?, context),
        Read::YearlessByLanguage => {
            let asian = is_east_asian(context);
            let first = asian || (group("s1") != Some(".") && month_first(context));
            let is_dotted = captures.get(0)?.as_str().ends_with('.');
            // `4.2` is a mark; a day is `4.2.` in German, `4.02` elsewhere
            if group("s1") == Some(".") && (asian || !is_dotted) && group("d")?.len() < 2 {
                return None;
            }
            let (m, d) = ordered(m?, d?, first);
            yearless(m, d, context)
        }
    }
}

/// Two or three digits, year first: only East Asian portals write so, and three digits are Taiwan's. Elsewhere
/// the day comes first and the last part is the year.
fn short_year_first(
    digits: usize,
    y: i32,
    m: u32,
    d: u32,
    context: &Context<'_>,
) -> Option<(NaiveDate, Kind)> {
    let full = |y: i32, m: u32, d: u32| NaiveDate::from_ymd_opt(y, m, d).map(|date| (date, Kind::Full));
    match digits {
        4 => full(within(y)?, m, d),
        3 if context.zone == Tz::Asia__Taipei => full(1911 + y, m, d),
        2 if is_east_asian(context) => full(century(2, y, context)?, m, d),
        2 => {
            let (month, day) = ordered(u32::try_from(y).ok()?, m, month_first(context));
            full(century(2, i32::try_from(d).ok()?, context)?, month, day)
        }
        _ => None,
    }
}

fn is_east_asian(context: &Context<'_>) -> bool {
    matches!(context.language().as_str(), "zh" | "ja" | "ko")
        || matches!(
            context.zone,
            Tz::Asia__Shanghai
                | Tz::Asia__Taipei
                | Tz::Asia__Hong_Kong
                | Tz::Asia__Tokyo
                | Tz::Asia__Seoul
                | Tz::PRC
        )
}

/// Whether the month comes before the day: in the United States and where their zone or English of no
/// country is all that is known.
fn month_first(context: &Context<'_>) -> bool {
    let english = matches!(context.language().as_str(), "en" | "");
    let zone = context.zone.name();
    let american = zone.starts_with("America/") || zone.starts_with("US/") || zone == "Asia/Manila";
    let unknown = context.zone == Tz::UTC && context.language() == "en" && {
        let lang = context.lang.unwrap_or_default().to_ascii_lowercase();
        !lang.contains('-') || lang.contains("us")
    };
    english && (american || unknown) || is_east_asian(context) && context.language() != "en"
}

/// Month and day of two numbers; what cannot be a month is the day.
fn ordered(first: u32, second: u32, month_first: bool) -> (u32, u32) {
    let month_first = if first > 12 { false } else { month_first || second > 12 };
    if month_first { (first, second) } else { (second, first) }
}

fn era(name: &str, year: i32, context: &Context<'_>) -> Option<i32> {
    let japanese = context.zone == Tz::Asia__Tokyo || context.language() == "ja";
    Some(
        year + match name {
            "令和" => 2018,
            "平成" => 1988,
            "昭和" => 1925,
            "大正" => 1911,
            "r" if japanese => 2018,
            "h" if japanese => 1988,
            "s" if japanese => 1925,
            _ => return None,
        },
    )
}

/// Years that a portal may mean.
fn within(year: i32) -> Option<i32> {
    (1900..=2100).contains(&year).then_some(year)
}

/// A year of two digits lies in this century unless that is more than a year ahead.
fn century(digits: usize, year: i32, context: &Context<'_>) -> Option<i32> {
    match digits {
        4 => within(year),
        2 if 2000 + year > context.today().year() + 1 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

/// The latest such day that is not after the fetch.
pub(super) fn yearless(month: u32, day: u32, context: &Context<'_>) -> Option<(NaiveDate, Kind)> {
    let today = context.today();
    // Eight years: 29 February may be that far back.
    (0..=8)
        .filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, month, day))
        .find(|date| *date <= today)
        .map(|date| (date, Kind::Yearless))
}

/// A number in Arabic or Chinese digits; 元 is 1.
fn numeral(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let digit = |c: char| match c {
        '〇' | '零' | '○' => Some(0),
        '元' => Some(1),
        _ => "一二三四五六七八九".chars().position(|n| n == c).and_then(|n| u32::try_from(n + 1).ok()),
    };
    let mut total = 0;
    let mut last = 0;
    for c in text.chars() {
        if c == '十' {
            total += last.max(1) * 10;
            last = 0;
        } else {
            last = last * 10 + digit(c)?;
        }
    }
    Some(total + last)
}
