//! The time of day beside a date, and the offset behind it.

use std::sync::LazyLock;

use chrono::FixedOffset;
use regex::{Captures, Regex};

use super::context::Context;
use super::words::WEEKDAYS;
use super::zone;
use crate::model::Precision;

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Seconds since midnight; 86,400 for 24:00.
    pub(super) seconds: u32,
    pub(super) precision: Precision,
    pub(super) offset: Option<FixedOffset>,
}

const HALVES: &str = "上午|下午|中午|晚上|凌晨|清晨|早上|早晨|傍晚|夜间|午前|午後|오전|오후|晚|早|夜|am|pm";

/// What may part a day from its time.
static GAP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let weekdays = WEEKDAYS.join("|");
    Regex::new(&format!(
        r"^(?:\s|[,;|·•/\]\)】〕」t]|-(?:\s|$)|\s-|\(?\s*(?:(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|[日月火水木金土](?:曜日?)?\s*\)|(?:{weekdays})\b\.?)\s*[\)】]?|\b(?:at|um|à|a\s+las|alle|às|as|kl|om|in|il|в|o|の)\b\.?|时间:?|時間:?|<[^>]{{0,80}}>)*"
    ))
    .ok()
});

static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        format!(
            r"^(?P<half>{HALVES})?\s*(?P<h>[0-9]{{1,2}})\s?:\s?(?P<m>[0-9]{{1,2}})(?:\s?:\s?(?P<s>[0-9]{{1,2}})(?:[.,][0-9]{{1,9}})?)?\s*(?P<ap>[ap]\.?\s?m\b\.?|uhr\b|hrs?\b|h\b)?"
        ),
        format!(
            r"^(?P<half>{HALVES})?\s*(?P<h>[0-9]{{1,2}})\s?[时時点點시](?:\s?(?P<m>[0-9]{{1,2}})\s?[分분]?|(?P<mid>半))?(?:\s?(?P<s>[0-9]{{1,2}})\s?[秒초])?"
        ),
        r"^(?P<h>[0-9]{1,2})\s?(?:h|uhr)\s?(?P<m>[0-9]{2})?(?:min)?\b".to_owned(),
        r"^(?P<h>[0-9]{1,2})\.(?P<m>[0-9]{2})\s*(?:uhr|h)\b".to_owned(),
        r"^(?P<h>[0-9]{1,2})\s?(?P<ap>[ap]\.?m\b\.?)".to_owned(),
        // Italian papers write a point where others have a colon; only a word that says so makes it a time
        r"^(?:alle\s+)?ore\s+(?P<h>[0-9]{1,2})[.:](?P<m>[0-9]{2})\b".to_owned(),
    ]
    .iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// A time that stands before its day: `09:11, 11 March 2021`.
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let weekdays = WEEKDAYS.join("|");
    Regex::new(&format!(
        r"(?:^|[^0-9:.])(?P<h>[0-9]{{1,2}}):(?P<m>[0-9]{{2}})(?::(?P<s>[0-9]{{2}}))?\s*(?P<ap>[ap]\.?\s?m\b\.?|uhr\b|h\b)?\s*(?P<z>[a-z]{{3,4}}\b)?[\s,|·-]*(?:on\s+|(?:{weekdays})\b\.?,?\s*)?$"
    ))
    .ok()
});

/// The time that follows a day, and how many bytes it and the gap before it take.
pub(super) fn after(rest: &str, context: &Context<'_>) -> Option<(Clock, usize)> {
    let window = floor(rest, 96);
    let gap = GAP.as_ref()?.find(window).map_or(0, |found| found.end());
    let (clock, length) = at(window.get(gap..)?, context)?;
    Some((clock, gap + length))
}

/// The time a text begins with, and its length with the zone.
pub(super) fn at(text: &str, context: &Context<'_>) -> Option<(Clock, usize)> {
    let (mut clock, mut length) = FORMS.iter().find_map(|form| {
        let found = form.captures(text)?;
        let end = found.get(0)?.end();
        // `9:11:430`, `12:30:` of a longer number: not a time.
        let rest = text.get(end..)?;
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(rest.chars().next()) && text.get(..end)?.ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        Some((read(&found)?, end))
    })?;
    let rest = text.get(length..)?;
    if let Some((offset, taken)) = zone::offset(rest, context) {
        clock.offset = offset;
        length += taken;
    }
    Some((clock, length))
}

/// The time a text ends with, just before a day, and where it begins.
pub(super) fn before(text: &str, context: &Context<'_>) -> Option<(Clock, usize)> {
    let cut = text.len() - ceil_tail(text, 40).len();
    let found = BEFORE.as_ref()?.captures(text.get(cut..)?)?;
    let mut clock = read(&found)?;
    if let Some(name) = found.name("z") {
        clock.offset = zone::offset(name.as_str(), context)?.0;
    }
    Some((clock, cut + found.name("h")?.start()))
}

fn read(found: &Captures<'_>) -> Option<Clock> {
    let number = |name| found.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
    let text = |name| found.name(name).map_or("", |part| part.as_str());
    let (hour, minute, second) = (number("h")?, number("m"), number("s"));
    if text("m").len() == 1
        && second.is_none()
        && text("half").is_empty()
        && found.get(0)?.as_str().contains(':')
    {
        return None;
    }
    let minute = if text("mid").is_empty() { minute } else { Some(30) };
    let hour = halved(hour, text("half"), text("ap"))?;
    let (m, s) = (minute.unwrap_or(0), second.unwrap_or(0));
    if hour > 24 || m > 59 || s > 60 || (hour == 24 && m + s > 0) {
        return None;
    }
    let precision = match (minute, second) {
        (_, Some(_)) => Precision::Second,
        (Some(_), None) => Precision::Minute,
        (None, None) => Precision::Hour,
    };
    Some(Clock { seconds: hour * 3600 + m * 60 + s.min(59), precision, offset: None })
}

/// The hour of 24 that an hour of 12 means; hours over 12 speak for themselves.
fn halved(hour: u32, half: &str, ap: &str) -> Option<u32> {
    let morning = matches!(half, "上午" | "凌晨" | "清晨" | "早上" | "早晨" | "早" | "午前" | "오전" | "am")
        || ap.starts_with('a');
    let later = matches!(half, "下午" | "晚上" | "晚" | "傍晚" | "夜间" | "夜" | "午後" | "오후" | "pm")
        || ap.starts_with('p');
    let night = matches!(half, "晚上" | "晚" | "夜间" | "夜");
    Some(match hour {
        12 if morning => 0,
        // Midnight is `晚上12点` of the day that ends then.
        12 if night => 24,
        1..=11 if later => hour + 12,
        1..=3 if half == "中午" => hour + 12,
        0..=24 => hour,
        _ => return None,
    })
}

fn floor(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn ceil_tail(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}
