//! The dates that a page shows: each with where it stood and how far it is trusted, the others with the reason.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use regex::Regex;

use crate::date::{self, Found};
use crate::model::{Candidate, DateRules, FieldEvidence, Precision, Refused, Stamp};
use crate::page::text::{is_cjk, narrow, width};

use super::super::labels::{BEHIND, CHANGES, LABELS, OTHERS, POSTED};
use super::super::near::{FAR, Near};
use super::super::words;

/// A page that was published later than this after its fetch shows another time.
const FUTURE: TimeDelta = TimeDelta::days(1);
/// A time so much later than the first reading of a page is none of its publication.
const LATER: TimeDelta = TimeDelta::minutes(10);
/// Lines looked at after the headline, and before it.
const AFTER: i64 = 14;
const BEFORE: i64 = 6;
/// A wider line is a sentence, and a date in it is of an event.
const DATA_WIDTH: usize = 160;
/// Half widths before the date of a dateline: `Lindau, den `.
const DATELINE: usize = 24;
/// Characters before a date in which its label stands, and behind it.
const LABEL_CHARS: usize = 16;

/// Ranks, surest first. Lines far from the article come [`FAR_OFF`] behind.
pub(super) const GIVEN: u8 = 0;
pub(super) const MACHINE: u8 = 1;
pub(super) const LABELLED: u8 = 2;
pub(super) const BESIDE: u8 = 3;
pub(super) const BEFORE_HEADLINE: u8 = 4;
pub(super) const LIST: u8 = 5;
pub(super) const VAGUE: u8 = 6;
pub(super) const FAR_OFF: u8 = 5;

/// Why a date that would do was not taken.
pub(crate) const SURER: &str = "another date is surer";

/// What an earlier visit made of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// When it was published, as read then.
    pub published: Option<Stamp>,
    /// When the page was first read.
    pub seen: DateTime<Utc>,
}

/// What is known beside the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) now: DateTime<Utc>,
    pub(crate) zone: Tz,
    pub(crate) lang: Option<&'a str>,
    pub(crate) rules: &'a DateRules,
    pub(crate) candidate: Option<&'a Candidate>,
    /// How the zone was found, for the evidence.
    pub(crate) zone_from: &'a str,
    pub(crate) first: Option<Earlier>,
    /// Where the dates of the portal's articles stood so far.
    pub(crate) place: Option<&'a str>,
}

/// One date seen, and how much it is trusted.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) stamp: Stamp,
    pub(super) from: String,
    pub(super) raw: String,
    /// Smaller is surer.
    pub(super) rank: u8,
    pub(super) zoned: bool,
    pub(super) kind: date::Kind,
}

/// What the page tells of its times.
#[derive(Debug, Default)]
pub(crate) struct Times {
    pub(crate) published: Option<Stamp>,
    pub(crate) evidence: FieldEvidence,
    pub(crate) modified: Option<Stamp>,
    pub(crate) modified_evidence: FieldEvidence,
}

/// Gathers what a page shows.
pub(super) struct Finder<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) seen: Vec<Seen>,
    pub(super) refused: Vec<Refused>,
    pub(super) changes: Vec<Seen>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(known: &'a Known<'a>) -> Self {
        Self { known, seen: Vec::new(), refused: Vec::new(), changes: Vec::new() }
    }

    /// The time that the list says; one in UTC, as feeds write it, by the clock of the portal, whose day the page shows.
    pub(super) fn listed(&self) -> Option<Stamp> {
        let stamp = self.known.candidate?.published?;
        let is_utc = stamp.at.offset().local_minus_utc() == 0 && stamp.precision <= Precision::Minute;
        let at = || stamp.at.with_timezone(&self.known.zone).fixed_offset();
        Some(if is_utc { Stamp { at: at(), ..stamp } } else { stamp })
    }

    /// The first date of a text.
    pub(super) fn first_of(&self, text: &str) -> Option<date::Found> {
        date::find(text, &self.context()).into_iter().next()
    }

    fn context(&self) -> date::Context<'_> {
        let Known { now, zone, lang, rules, .. } = *self.known;
        date::Context { now, zone, lang, rules }
    }

    pub(super) fn refuse(&mut self, from: &str, raw: &str, why: &str) {
        let raw: String = raw.chars().take(120).collect();
        if self.refused.len() < 20 {
            self.refused.push(Refused { from: from.to_owned(), raw, why: why.to_owned() });
        }
    }

    pub(super) fn add(&mut self, seen: Seen) {
        let at = seen.stamp.utc();
        if at > self.known.now + FUTURE {
            return self.refuse(&seen.from, &seen.raw, "in the future");
        }
        let moved = |first: &Earlier| at > first.seen + LATER && first.published != Some(seen.stamp);
        if self.known.first.as_ref().is_some_and(moved) {
            return self.refuse(
                &seen.from,
                &seen.raw,
                "later than the page was first read: page time, or a change",
            );
        }
        self.seen.push(seen);
    }

    /// A text that is a date as a whole: a meta element, an attribute, what a selector found.
    pub(super) fn machine(&mut self, from: &str, text: &str, rank: u8) {
        match self.first_of(text) {
            Some(found) => self.add(Seen {
                stamp: found.stamp,
                from: from.to_owned(),
                raw: text.to_owned(),
                rank,
                zoned: found.zoned,
                kind: found.kind,
            }),
            None => self.refuse(from, text, "no date"),
        }
    }

    /// A date that the page itself calls one of a change.
    pub(super) fn change(&mut self, from: &str, text: &str, rank: u8) {
        let Some(found) = self.first_of(text) else { return };
        let (from, raw) = (from.to_owned(), text.to_owned());
        let Found { stamp, zoned, kind, .. } = found;
        self.changes.push(Seen { stamp, from, raw, rank, zoned, kind });
    }

    /// A line of the page; `worse` is added to its rank.
    pub(super) fn line(&mut self, line: &Near, worse: u8) {
        let is_close = (-BEFORE..=AFTER).contains(&line.distance);
        if !is_close && line.distance < FAR {
            return;
        }
        let found = date::find(&line.text, &self.context());
        let Some(first) = found.first() else { return };
        if let Some(why) = self.why_not(&line.text, first) {
            return self.refuse("line", &line.text, why);
        }
        for found in &found {
            let (label, is_change) = label(&line.text, found);
            let from = label.map_or_else(|| "line".to_owned(), |label| format!("line, label `{label}`"));
            let seen = |rank| Seen {
                stamp: found.stamp,
                from: from.clone(),
                raw: line.text.clone(),
                rank,
                zoned: found.zoned,
                kind: found.kind,
            };
            if is_change {
                self.changes.push(seen(LABELLED + worse));
                continue;
            }
            // without a year, or as a part of a heading, it may be the day of an event
            let is_vague = found.kind == date::Kind::Yearless
                || line.distance == 0 && found.span.len() * 2 < line.text.len();
            if label.is_none() && found.span != first.span {
                continue;
            }
            let rank = match label {
                Some(_) => LABELLED,
                None if is_vague => VAGUE,
                None if line.distance >= 0 => BESIDE,
                None => BEFORE_HEADLINE,
            };
            self.add(seen(rank + worse));
        }
    }

    /// Why no date of a line is the article's.
    fn why_not(&self, line: &str, first: &Found) -> Option<&'static str> {
        if let Some(why) = date::trap(line, self.known.rules) {
            return Some(why);
        }
        let lower = narrow(line).to_lowercase();
        let is_other = OTHERS.iter().any(|word| lower.contains(word));
        if is_other && !LABELS.iter().take(6).any(|word| lower.contains(word)) {
            return Some("date of something else");
        }
        let is_sentence = width(line) > DATA_WIDTH || (words::ends_sentence(line) && width(line) > 60);
        if is_sentence && !is_said_to_be_posted(line, first) {
            return Some("inside a sentence");
        }
        let is_labelled = label(line, first).0.is_some();
        (!is_labelled && HOURS.as_ref().is_some_and(|hours| hours.is_match(&lower)))
            .then_some("time of an event")
    }

    /// The day that the text itself begins with, as agencies write it: `Lindau, 11.03.2021. …`, `(11 March 2021) …`.
    pub(super) fn dateline(&mut self, lead: &str) {
        let head: String = lead.chars().take(80).collect();
        if head.chars().take(40).any(is_cjk) {
            return;
        }
        let Some(found) = self.first_of(&head).filter(|found| found.kind == date::Kind::Full) else { return };
        let before = head.get(..found.span.start).unwrap_or_default().trim_end();
        let is_place = before.is_empty()
            || before.ends_with([',', '(', '[', '|', '–', '—', ':'])
            || before.ends_with("den");
        let written = head.get(found.span.clone()).unwrap_or_default();
        let behind = head.get(found.span.end..).unwrap_or_default();
        let is_closed = behind.trim_start().starts_with([')', ']', '.', '–', '—', '-', ':', '|', '/'])
            || written.ends_with('.')
            || before.is_empty() && !written.chars().any(char::is_alphabetic);
        if is_place && is_closed && width(before) <= DATELINE {
            let Found { stamp, zoned, kind, .. } = found;
            self.add(Seen { stamp, from: "dateline".to_owned(), raw: head, rank: LIST, zoned, kind });
        }
    }
}

/// From one hour to another, as of an event.
static HOURS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[0-9]\s*(?:-|–|bis|to|until|à|a|до)\s*[0-9]{1,2}(?:[:.][0-9]{2})?\s*(?:uhr|h\b|am\b|pm\b|a\.m|p\.m|ч)").ok()
});
/// A longer sentence tells more than when it was posted.
const POSTED_WIDTH: usize = 320;

fn is_said_to_be_posted(line: &str, found: &Found) -> bool {
    let around = |text: &str, is_end: bool| {
        let chars: Vec<char> = text.to_lowercase().chars().collect();
        let part = if is_end {
            chars.get(chars.len().saturating_sub(40)..)
        } else {
            chars.get(..chars.len().min(40))
        };
        part.map(|part| part.iter().collect::<String>()).unwrap_or_default()
    };
    let before = around(line.get(..found.span.start).unwrap_or_default(), true);
    let behind = around(line.get(found.span.end..).unwrap_or_default(), false);
    width(line) <= POSTED_WIDTH && POSTED.iter().any(|word| before.contains(word) || behind.contains(word))
}

/// The word before a date that names it, or the words behind it; and whether they name a change.
fn label(line: &str, found: &Found) -> (Option<&'static str>, bool) {
    let before = narrow(line.get(..found.span.start).unwrap_or_default()).to_lowercase();
    let skip = before.chars().count().saturating_sub(LABEL_CHARS);
    let tail: String = before.chars().skip(skip).collect();
    let named = |words: &[&'static str], text: &str| words.iter().find(|word| text.contains(*word)).copied();
    if let Some(label) = named(&CHANGES, &tail) {
        return (Some(label), true);
    }
    if let Some(label) = named(&LABELS, &tail) {
        return (Some(label), false);
    }
    let behind = narrow(line.get(found.span.end..).unwrap_or_default()).to_lowercase();
    let behind = behind.trim_start_matches([' ', '|', '-', '–', '·', ',', '(']);
    match BEHIND.iter().find(|(word, _)| behind.starts_with(word)) {
        Some((word, is_change)) => (Some(word), *is_change),
        None => (None, false),
    }
}
