//! Values only a machine writes: epochs, digits without marks, the dates of Java and of mail.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeZone};
use regex::Regex;

use super::context::Context;
use super::{words, zone};
use crate::model::{Precision, Stamp};

/// `20210311`, `202103110911`, `20210311091143`, `20210311T091143+0800`.
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:[t ]?([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?(.*))?$",
    )
    .ok()
});

/// `Thu Mar 11 09:11:43 CST 2021`.
static JAVA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[a-z]{3} ([a-z]{3}) ([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})((?: [a-z]+[+-]?[0-9:]*)?) ([0-9]{4})").ok()
});

/// Epochs before 1990 and after 2100 are other numbers.
const EPOCHS: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// A text that is a machine's date and nothing else, and whether it named its zone.
pub(super) fn read(text: &str, context: &Context<'_>) -> Option<(Stamp, bool)> {
    let text = text.trim();
    if text.len() < 8 || text.len() > 64 || !text.is_ascii() {
        return None;
    }
    let number = whole(text);
    if number.bytes().all(|b| b.is_ascii_digit()) && matches!(number.len(), 9 | 10 | 13) {
        return epoch(number, context).map(|stamp| (stamp, true));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        let is_meant = (1900..=2100).contains(&at.year());
        return is_meant.then_some((Stamp { at, precision: Precision::Second }, true));
    }
    let lower = text.to_ascii_lowercase();
    digits(&lower, context).or_else(|| java(&lower, context))
}

/// The number of an epoch: `/Date(1615425103000+0800)/` of .NET, `1615425103.25` of Python.
fn whole(text: &str) -> &str {
    let inner = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let dotted = || {
        text.split_once('.')
            .filter(|(whole, rest)| whole.len() == 10 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    match inner {
        Some(inner) => inner.split(['+', '-']).next().unwrap_or_default(),
        None => dotted().map_or(text, |(whole, _)| whole),
    }
}

fn epoch(text: &str, context: &Context<'_>) -> Option<Stamp> {
    let number: i64 = text.parse().ok()?;
    let seconds = if text.len() == 13 { number / 1000 } else { number };
    if !EPOCHS.contains(&seconds) {
        return None;
    }
    let at = DateTime::from_timestamp(seconds, 0)?.with_timezone(&context.zone).fixed_offset();
    Some(Stamp { at, precision: Precision::Second })
}

fn digits(text: &str, context: &Context<'_>) -> Option<(Stamp, bool)> {
    let found = DIGITS.as_ref()?.captures(text)?;
    let part = |n| found.get(n).and_then(|m| m.as_str().parse::<u32>().ok());
    let day = NaiveDate::from_ymd_opt(i32::try_from(part(1)?).ok()?, part(2)?, part(3)?)?;
    let naive = day.and_hms_opt(part(4).unwrap_or(0), part(5).unwrap_or(0), part(6).unwrap_or(0))?;
    let tail = found.get(7).map_or("", |m| m.as_str());
    let offset = match zone::offset(tail, context) {
        Some((offset, _)) => offset,
        None if tail.trim().is_empty() => None,
        None => return None,
    };
    let precision = match (part(4), part(6)) {
        (_, Some(_)) => Precision::Second,
        (Some(_), None) => Precision::Minute,
        _ => Precision::Day,
    };
    finish(naive, offset, precision, context)
}

fn java(text: &str, context: &Context<'_>) -> Option<(Stamp, bool)> {
    let found = JAVA.as_ref()?.captures(text)?;
    let part = |n| found.get(n).and_then(|m| m.as_str().parse::<u32>().ok());
    let month = words::month(found.get(1)?.as_str())?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(part(7)?).ok()?, month, part(2)?)?;
    let naive = day.and_hms_opt(part(3)?, part(4)?, part(5)?)?;
    let offset = zone::offset(found.get(6)?.as_str(), context).and_then(|(offset, _)| offset);
    finish(naive, offset, Precision::Second, context)
}

fn finish(
    naive: chrono::NaiveDateTime,
    offset: Option<FixedOffset>,
    precision: Precision,
    context: &Context<'_>,
) -> Option<(Stamp, bool)> {
    let at = match offset {
        Some(offset) => offset.from_local_datetime(&naive).single()?,
        None => zone::local(context.zone, naive)?,
    };
    Some((Stamp { at, precision }, offset.is_some()))
}
