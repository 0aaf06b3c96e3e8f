//! The portal's own forms, in strftime notation.

use std::ops::Range;

use chrono::format::{Parsed, StrftimeItems, parse_and_remainder};
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use super::context::{Context, Kind};
use super::formats;
use crate::model::Precision;

/// A form is looked for in the beginning of a text only: it is tried at every place.
const MAX_BYTES: usize = 4096;

/// A date in one of the portal's own forms.
pub(super) struct Own {
    pub(super) local: NaiveDateTime,
    pub(super) precision: Precision,
    pub(super) offset: Option<FixedOffset>,
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

/// The dates of a text in the portal's own forms, in order.
pub(super) fn find(text: &str, context: &Context<'_>) -> Vec<Own> {
    let mut found = Vec::new();
    if context.rules.formats.is_empty() {
        return found;
    }
    let mut end = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < MAX_BYTES) {
        let inside = before.is_ascii_digit() && c.is_ascii_digit();
        before = c;
        if at < end || inside || c.is_whitespace() {
            continue;
        }
        let Some(rest) = text.get(at..) else { break };
        if let Some((own, length)) = context.rules.formats.iter().find_map(|form| read(rest, form, context)) {
            end = at + length;
            found.push(Own { span: at..end, ..own });
        }
    }
    found
}

fn read(text: &str, form: &str, context: &Context<'_>) -> Option<(Own, usize)> {
    let mut parsed = Parsed::new();
    let rest = parse_and_remainder(&mut parsed, text, StrftimeItems::new(form.trim())).ok()?;
    let length = text.len() - rest.len();
    if length == 0 {
        return None;
    }
    let (date, kind) = day(&parsed, context)?;
    let time = time(&parsed);
    let precision = match (parsed.second(), parsed.minute(), time) {
        (Some(_), ..) => Precision::Second,
        (None, Some(_), _) => Precision::Minute,
        (None, None, Some(_)) => Precision::Hour,
        _ => Precision::Day,
    };
    let offset = parsed.offset().and_then(FixedOffset::east_opt);
    let local = date.and_time(time.unwrap_or_default());
    Some((Own { local, precision, offset, span: 0..length, kind }, length))
}

fn day(parsed: &Parsed, context: &Context<'_>) -> Option<(NaiveDate, Kind)> {
    if let Some(seconds) = parsed.timestamp() {
        let at = chrono::DateTime::from_timestamp(seconds, 0)?.with_timezone(&context.zone);
        return Some((at.date_naive(), Kind::Full));
    }
    if parsed.year().is_none() && parsed.year_mod_100().is_none() {
        return formats::yearless(parsed.month()?, parsed.day()?, context);
    }
    // A wrong weekday is the portal's mistake, not another date.
    let mut plain = Parsed::new();
    if let Some(year) = parsed.year() {
        plain.set_year(i64::from(year)).ok()?;
    } else {
        let short = parsed.year_mod_100()?;
        plain.set_year(i64::from(if short > 69 { 1900 + short } else { 2000 + short })).ok()?;
    }
    match (parsed.month(), parsed.day(), parsed.ordinal()) {
        (Some(month), Some(day), _) => {
            plain.set_month(i64::from(month)).ok()?;
            plain.set_day(i64::from(day)).ok()?;
        }
        (_, _, Some(ordinal)) => {
            plain.set_ordinal(i64::from(ordinal)).ok()?;
        }
        _ => return None,
    }
    plain.to_naive_date().ok().map(|date| (date, Kind::Full))
}

fn time(parsed: &Parsed) -> Option<NaiveTime> {
    let twelve = parsed.hour_mod_12()?;
    let hour = twelve + 12 * parsed.hour_div_12().unwrap_or(0);
    NaiveTime::from_hms_opt(hour, parsed.minute().unwrap_or(0), parsed.second().unwrap_or(0).min(59))
}
