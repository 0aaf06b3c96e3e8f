//! Days, times and offsets put together to instants.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};

use super::clock::{self, Clock};
use super::context::{Context, Found, Kind};
use super::plain::Plain;
use super::relative::{self, Told, When};
use super::{custom, formats, machine, words, zone};
use crate::model::{Precision, Stamp};

/// Every date in a text, in order: those in the portal's own forms first, if there are any.
#[must_use]
pub fn find(text: &str, context: &Context<'_>) -> Vec<Found> {
    let own = own_forms(text, context);
    if !own.is_empty() {
        return own;
    }
    if let Some((stamp, zoned)) = machine::read(text, context) {
        return vec![Found { stamp, span: 0..text.len(), zoned, kind: Kind::Full }];
    }
    let plain = Plain::of(text);
    let mut found = absolute(&plain, context);
    for told in relative::told(&plain.text, context) {
        let apart = |other: &Found| {
            plain.origin(told.end) <= other.span.start || other.span.end <= plain.origin(told.start)
        };
        if found.iter().all(apart) {
            found.extend(relative_found(&plain, &told, context));
        }
    }
    found.sort_by_key(|found| found.span.start);
    found
}

/// The first date of a text that is a machine's (ISO 8601, RFC 2822, epoch) or a person's.
#[must_use]
pub fn read(text: &str, context: &Context<'_>) -> Option<Stamp> {
    find(text, context).first().map(|found| found.stamp)
}

fn own_forms(text: &str, context: &Context<'_>) -> Vec<Found> {
    custom::find(text, context)
        .into_iter()
        .filter_map(|own| {
            let at = match own.offset {
                Some(offset) => offset.from_local_datetime(&own.local).single()?,
                None => zone::local(context.zone, own.local)?,
            };
            let stamp = Stamp { at, precision: own.precision };
            Some(Found { stamp, span: own.span, zoned: own.offset.is_some(), kind: own.kind })
        })
        .collect()
}

fn absolute(plain: &Plain, context: &Context<'_>) -> Vec<Found> {
    let text = plain.text.as_str();
    if !text.bytes().any(|b| b.is_ascii_digit()) && !text.contains('年') {
        return Vec::new();
    }
    let days = formats::days(text, context);
    let mut found: Vec<Found> = Vec::new();
    let mut sure = days.iter().filter(|day| !day.alone).map(|day| day.start).peekable();
    let mut taken = 0;
    for day in &days {
        // What may be a day only when alone, as `9.11`, may as well be the time of the day before it.
        if day.alone && day.start < taken {
            continue;
        }
        while sure.next_if(|next| *next <= day.start).is_some() {}
        let until = sure.peek().copied().unwrap_or(text.len());
        let (mut start, mut end) = (day.start, day.end);
        let mut time = text.get(end..until).and_then(|rest| clock::after(rest, context));
        if let Some((_, length)) = time {
            end += length;
        } else if let Some((clock, at)) = text.get(taken..start).and_then(|rest| clock::before(rest, context))
        {
            start = taken + at;
            time = Some((clock, 0));
        }
        let mut offset_only = None;
        if time.is_none() && day.alone && !is_whole(text, start, end) && !follows_weekday(text, start) {
            continue;
        }
        if time.is_none()
            && let Some((Some(offset), length)) =
                text.get(end..until).and_then(|rest| zone::offset(rest, context))
            && length > 3
        {
            offset_only = Some(offset);
            end += length;
        }
        end = start + text.get(start..end).map_or(0, |found| found.trim_end().len());
        taken = end;
        let clock = time.map(|(clock, _)| clock);
        let offset = clock.and_then(|clock| clock.offset).or(offset_only);
        if let Some(stamp) = stamp(day.date, clock, offset, context) {
            let span = plain.origin(start)..plain.origin(end);
            found.push(Found { stamp, span, zoned: offset.is_some(), kind: day.kind });
        }
    }
    found
}

fn relative_found(plain: &Plain, told: &Told, context: &Context<'_>) -> Option<Found> {
    let text = plain.text.as_str();
    let mut end = told.end;
    let in_zone = |at: DateTime<Utc>| at.with_timezone(&context.zone).fixed_offset();
    let stamp = match told.when {
        When::Minute(at) => {
            Stamp { at: in_zone(at).with_second(0)?.with_nanosecond(0)?, precision: Precision::Minute }
        }
        When::Hour(at) => {
            let at = in_zone(at).with_minute(0)?.with_second(0)?.with_nanosecond(0)?;
            Stamp { at, precision: Precision::Hour }
        }
        When::Day(day) => {
            let time = text.get(end..).and_then(|rest| clock::after(rest, context));
            end += time.map_or(0, |(_, length)| length);
            if told.alone && time.is_none() && !is_whole(text, told.start, end) {
                return None;
            }
            let clock = time.map(|(clock, _)| clock);
            stamp(day, clock, clock.and_then(|clock| clock.offset), context)?
        }
    };
    let span = plain.origin(told.start)..plain.origin(end);
    Some(Found { stamp, span, zoned: false, kind: Kind::Relative })
}

/// Whether the name of a weekday stands right before a match: `Do., 17.09.`, `jeudi 17 septembre`.
fn follows_weekday(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end_matches(|c: char| !c.is_alphanumeric());
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    words::WEEKDAYS.contains(&word.as_str())
}

/// Whether a match is all a text says, brackets and dividing marks aside.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let mark = |c: char| !c.is_alphanumeric();
    text.get(..start).is_some_and(|t| t.chars().all(mark))
        && text.get(end..).is_some_and(|t| t.chars().all(mark))
}

/// Day, time and offset as one instant; the page's zone where there is no offset.
fn stamp(
    day: NaiveDate,
    clock: Option<Clock>,
    offset: Option<FixedOffset>,
    context: &Context<'_>,
) -> Option<Stamp> {
    let seconds = clock.map_or(0, |clock| clock.seconds);
    let naive = day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::seconds(i64::from(seconds)))?;
    let at = match offset {
        Some(offset) => offset.from_local_datetime(&naive).single()?,
        None => zone::local(context.zone, naive)?,
    };
    Some(Stamp { at, precision: clock.map_or(Precision::Day, |clock| clock.precision) })
}
