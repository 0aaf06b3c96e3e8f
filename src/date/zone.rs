//! Offsets and zone names behind a time; the zone of a page that names none.

use std::sync::LazyLock;

use chrono::{FixedOffset, Offset, TimeZone};
use chrono_tz::Tz;
use regex::Regex;

use super::context::Context;

static NUMERIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[\s(]*(?:(?:utc|gmt)\s*)?(?P<sign>[+-])(?P<h>[0-9]{1,2})(?::?(?P<m>[0-9]{2}))?(?:[^0-9:.]|$)",
    )
    .ok()
});

/// Names that mean one offset everywhere, in minutes east of Greenwich. Those that do not (IST, BST, AST)
/// are left to the page's own zone, and so is CST but in America.
const NAMES: &[(&str, i32)] = &[
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("wet", 0),
    ("west", 60),
    ("cet", 60),
    ("mez", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("hkt", 480),
    ("jst", 540),
    ("kst", 540),
    ("est", -300),
    ("edt", -240),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("brt", -180),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
];

/// Names that mean the page's own zone where they are used there.
const LOCAL: &[&str] =
    &["cst", "ist", "bst", "ast", "hst", "akst", "sgt", "myt", "pht", "wib", "pkt", "art", "uhr"];

/// An offset or zone name a text begins with: the offset (None when it names the page's own zone) and its
/// length. None when there is neither.
pub(super) fn offset(text: &str, context: &Context<'_>) -> Option<(Option<FixedOffset>, usize)> {
    if let Some(found) = NUMERIC.as_ref().and_then(|form| form.captures(text)) {
        let part = |name| found.name(name).and_then(|m| m.as_str().parse::<i32>().ok());
        // `+0800` is read as the hour 08 and the minute 00; `+8` as the hour alone.
        let (hours, minutes) = (part("h")?, part("m").unwrap_or(0));
        let named = found.get(0)?.as_str().contains(['u', 'g']);
        let exact = found.name("m").is_some() && found.name("h")?.len() == 2;
        // `9:11 - 12` is no offset: one without a name is written in full.
        if hours <= 14 && minutes < 60 && (named || exact) {
            let sign = if found.name("sign")?.as_str() == "-" { -1 } else { 1 };
            let end = found.name("m").or(found.name("h"))?.end();
            return Some((FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)), end));
        }
    }
    let start = text.find(|c: char| !matches!(c, ' ' | '('))?;
    let rest = text.get(start..)?;
    let name = rest.split(|c: char| !c.is_alphabetic()).next()?;
    let end = start + name.len();
    if name == "cst" {
        return Some((american(context, -360), end));
    }
    if LOCAL.contains(&name) {
        return Some((None, end));
    }
    let minutes = NAMES.iter().find(|(known, _)| *known == name)?.1;
    if start == 0 || name != "z" { Some((FixedOffset::east_opt(minutes * 60), end)) } else { None }
}

/// CST is US Central on American pages and on those of no known zone; else it is the page's own.
fn american(context: &Context<'_>, minutes: i32) -> Option<FixedOffset> {
    let western = context.zone.name().starts_with("America/") || context.zone == Tz::UTC;
    let chinese = context.language() == "zh";
    if western && !chinese { FixedOffset::east_opt(minutes * 60) } else { None }
}

/// A local time in a zone: the earlier of two, and the hour that spring skips read with the offset before.
pub(super) fn local(zone: Tz, naive: chrono::NaiveDateTime) -> Option<chrono::DateTime<FixedOffset>> {
    use chrono::LocalResult;
    match zone.from_local_datetime(&naive) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.fixed_offset()),
        LocalResult::None => {
            let before = naive.checked_sub_signed(chrono::TimeDelta::hours(3))?;
            let offset = zone.from_local_datetime(&before).earliest()?.offset().fix();
            let instant = offset.from_local_datetime(&naive).single()?;
            Some(instant.with_timezone(&zone).fixed_offset())
        }
    }
}
