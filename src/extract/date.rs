//! The date of publication: every candidate with where it stood, ranked; the others refused with the reason.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::date;
use crate::model::{Candidate, DateRules, FieldEvidence, Precision, Refused, Stamp};
use crate::page::text::{narrow, width};
use crate::page::{Node, Page};

use super::labels::{CHANGES, LABELS, MODIFIED, OTHERS, PUBLISHED};
use super::meta::{self, JsonLd};
use super::near::{FAR, Near};
use super::words;

/// A page that was published later than this after its fetch shows another time.
const FUTURE: TimeDelta = TimeDelta::days(1);
/// Lines looked at after the headline, and before it.
const AFTER: i64 = 14;
const BEFORE: i64 = 6;
/// A wider line is a sentence, and a date in it is of an event.
const DATA_WIDTH: usize = 160;

/// What is known beside the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) zone: Tz,
    pub(super) lang: Option<&'a str>,
    pub(super) rules: &'a DateRules,
    pub(super) candidate: Option<&'a Candidate>,
    /// How the zone was found, for the evidence.
    pub(super) zone_from: &'a str,
}

/// One date seen, and how much it is trusted.
#[derive(Debug, Clone)]
struct Seen {
    stamp: Stamp,
    from: String,
    raw: String,
    /// Smaller is surer.
    rank: u8,
    zoned: bool,
}

/// What the page tells of its times.
#[derive(Debug, Default)]
pub(super) struct Times {
    pub(super) published: Option<Stamp>,
    pub(super) evidence: FieldEvidence,
    pub(super) modified: Option<Stamp>,
    pub(super) modified_evidence: FieldEvidence,
}

/// Reads the date of an article. `given` is what a configured selector found.
pub(super) fn read(
    page: &Page,
    ld: &JsonLd,
    near: &[Near],
    headline: Option<Node<'_>>,
    given: Option<&str>,
    known: &Known<'_>,
) -> Times {
    let mut finder = Finder { known, seen: Vec::new(), refused: Vec::new(), changes: Vec::new() };
    if let Some(given) = given {
        finder.machine("selector", given, 0);
    }
    for name in PUBLISHED {
        if let Some((name, text)) = meta::first(page, &[name]) {
            finder.machine(
                &format!("meta[{name}]"),
                &text,
                if name == "date" || name == "DC.date" { 3 } else { 1 },
            );
        }
    }
    if let Some((name, text)) = meta::first(page, &["maketime", "generatetime", "generated"]) {
        finder.refuse(&format!("meta[{name}]"), &text, "page generation time");
    }
    if let Some(text) = &ld.published {
        finder.machine("json-ld", text, 1);
    }
    finder.elements(page, headline);
    for line in near.iter().filter(|line| line.distance < FAR) {
        finder.line(line, 0);
    }
    if let Some(stamp) = known.candidate.and_then(|candidate| candidate.published) {
        finder.add(Seen { stamp, from: "list".to_owned(), raw: stamp.to_rfc3339(), rank: 5, zoned: false });
    }
    if finder.seen.is_empty() {
        near.iter().filter(|line| line.distance >= FAR).for_each(|line| finder.line(line, 5));
    }
    finder.modified(page, ld);
    finder.choose(page)
}

struct Finder<'a> {
    known: &'a Known<'a>,
    seen: Vec<Seen>,
    refused: Vec<Refused>,
    changes: Vec<Seen>,
}

impl Finder<'_> {
    fn context(&self) -> date::Context<'_> {
        date::Context {
            now: self.known.now,
            zone: self.known.zone,
            lang: self.known.lang,
            rules: self.known.rules,
        }
    }

    fn refuse(&mut self, from: &str, raw: &str, why: &str) {
        let raw: String = raw.chars().take(120).collect();
        if self.refused.len() < 20 {
            self.refused.push(Refused { from: from.to_owned(), raw, why: why.to_owned() });
        }
    }

    fn add(&mut self, seen: Seen) {
        if seen.stamp.utc() > self.known.now + FUTURE {
            return self.refuse(&seen.from, &seen.raw, "in the future");
        }
        self.seen.push(seen);
    }

    /// A text that is a date as a whole: a meta element, an attribute, what a selector found.
    fn machine(&mut self, from: &str, text: &str, rank: u8) {
        match date::find(text, &self.context()).into_iter().next() {
            Some(found) => self.add(Seen {
                stamp: found.stamp,
                from: from.to_owned(),
                raw: text.to_owned(),
                rank,
                zoned: found.zoned,
            }),
            None => self.refuse(from, text, "no date"),
        }
    }

    /// `time` elements and `itemprop`, those after the headline first.
    fn elements(&mut self, page: &Page, headline: Option<Node<'_>>) {
        let after = headline.map_or(0, Node::order);
        let is_dated = |node: &Node<'_>| {
            node.name() == "time"
                || node.attr("itemprop").is_some_and(|prop| prop.eq_ignore_ascii_case("datepublished"))
        };
        let nodes: Vec<Node<'_>> = page.body().descendants().filter(is_dated).take(30).collect();
        for node in nodes {
            let is_beside = node.ancestors().any(|block| matches!(block.name(), "aside" | "footer" | "nav"));
            let names = format!(
                "{} {}",
                node.attr("class").unwrap_or_default(),
                node.attr("itemprop").unwrap_or_default()
            )
            .to_ascii_lowercase();
            let raw = node
                .attr("datetime")
                .or_else(|| node.attr("content"))
                .map_or_else(|| node.text(), str::to_owned);
            if names.contains("modif") || names.contains("updat") {
                if let Some(found) = date::find(&raw, &self.context()).into_iter().next() {
                    self.changes.push(Seen {
                        stamp: found.stamp,
                        from: "time".to_owned(),
                        raw,
                        rank: 2,
                        zoned: found.zoned,
                    });
                }
                continue;
            }
            let is_first = headline.is_some()
                && node.order() > after
                && !self.seen.iter().any(|seen| seen.from == "time");
            let is_marked = names.contains("publish") || node.attr("pubdate").is_some();
            if is_beside && !is_marked {
                self.refuse("time", &raw, "beside the article");
            } else {
                self.machine("time", &raw, if is_marked || is_first { 2 } else { 6 });
            }
        }
    }

    /// A line of the page; `worse` is added to its rank.
    fn line(&mut self, line: &Near, worse: u8) {
        let is_close = (-BEFORE..=AFTER).contains(&line.distance);
        if !is_close && line.distance < FAR {
            return;
        }
        let found = date::find(&line.text, &self.context());
        let Some(first) = found.first() else { return };
        let lower = narrow(&line.text).to_lowercase();
        if let Some(why) = date::trap(&line.text, self.known.rules) {
            return self.refuse("line", &line.text, why);
        }
        if OTHERS.iter().any(|word| lower.contains(word))
            && !LABELS.iter().take(6).any(|word| lower.contains(word))
        {
            return self.refuse("line", &line.text, "date of something else");
        }
        if width(&line.text) > DATA_WIDTH || (words::ends_sentence(&line.text) && width(&line.text) > 60) {
            return self.refuse("line", &line.text, "inside a sentence");
        }
        for found in &found {
            let before = narrow(line.text.get(..found.span.start).unwrap_or_default()).to_lowercase();
            let tail: String = before.chars().rev().take(16).collect::<Vec<_>>().into_iter().rev().collect();
            let seen = |rank| Seen {
                stamp: found.stamp,
                from: "line".to_owned(),
                raw: line.text.clone(),
                rank,
                zoned: found.zoned,
            };
            if CHANGES.iter().any(|word| tail.contains(word)) {
                self.changes.push(seen(2));
                continue;
            }
            let is_labelled = LABELS.iter().any(|word| tail.contains(word));
            let is_behind = line.distance >= 0;
            // without a year, or as a part of a heading, it may be the day of an event
            let is_vague = found.kind == date::Kind::Yearless
                || line.distance == 0 && found.span.len() * 2 < line.text.len();
            let is_first = found.span == first.span;
            if is_labelled || is_first {
                let rank = match (is_labelled, is_behind) {
                    (true, _) => 2,
                    (false, _) if is_vague => 6,
                    (false, true) => 3,
                    (false, false) => 4,
                };
                self.add(seen(rank + worse));
            }
        }
    }

    fn modified(&mut self, page: &Page, ld: &JsonLd) {
        let meta = MODIFIED
            .iter()
            .find_map(|name| meta::first(page, &[name]))
            .map(|(name, text)| (format!("meta[{name}]"), text));
        let said = meta.into_iter().chain(ld.modified.clone().map(|text| ("json-ld".to_owned(), text)));
        let found: Vec<Seen> = said
            .filter_map(|(from, raw)| {
                let found = date::find(&raw, &self.context()).into_iter().next()?;
                Some(Seen { stamp: found.stamp, from, raw, rank: 1, zoned: found.zoned })
            })
            .collect();
        self.changes.extend(found);
    }

    fn choose(mut self, page: &Page) -> Times {
        let in_url = date::in_url(page.url());
        // stable: of equal rank the one seen first
        self.seen.sort_by_key(|seen| seen.rank);
        let agrees =
            |seen: &Seen| in_url.is_none_or(|day| (seen.stamp.at.date_naive() - day).num_days().abs() <= 1);
        let confirmed = self.seen.iter().position(agrees);
        let first_is_sure = self.seen.first().is_some_and(|seen| seen.rank <= 1);
        // the address confirms or refuses; against a sure one it must itself be confirmed by a surer line
        let chosen = if first_is_sure {
            Some(0)
        } else {
            confirmed.or(if self.seen.is_empty() { None } else { Some(0) })
        };
        let Some(chosen) = chosen.filter(|place| *place < self.seen.len()) else {
            return self.nothing(in_url, page);
        };
        let mut best = self.seen.remove(chosen);
        self.correct(&mut best);
        self.refine(&mut best);
        let refused_days: Vec<Seen> = self
            .seen
            .iter()
            .filter(|seen| seen.stamp.at.date_naive() != best.stamp.at.date_naive())
            .cloned()
            .collect();
        for seen in refused_days {
            self.refuse(&seen.from, &seen.raw, "another date is surer");
        }
        let (modified, modified_evidence) = self.change(&best);
        let zone =
            if best.zoned { "zone as written".to_owned() } else { format!("zone: {}", self.known.zone_from) };
        let evidence = FieldEvidence {
            from: format!("{}; {zone}", best.from),
            raw: best.raw.chars().take(200).collect(),
            refused: self.refused,
        };
        Times { published: Some(best.stamp), evidence, modified, modified_evidence }
    }

    /// No date but the address's own: its day, if it names a past one.
    fn nothing(self, in_url: Option<chrono::NaiveDate>, page: &Page) -> Times {
        let midnight = in_url.and_then(|day| day.and_hms_opt(0, 0, 0));
        let at = midnight
            .and_then(|at| at.and_local_timezone(self.known.zone).earliest())
            .map(|at| at.fixed_offset());
        let at = at.filter(|at| at.to_utc() <= self.known.now + FUTURE);
        let stamp = at.map(|at| Stamp { at, precision: Precision::Day });
        let from =
            if stamp.is_some() { format!("address; zone: {}", self.known.zone_from) } else { String::new() };
        let raw = if stamp.is_some() { page.url().to_string() } else { String::new() };
        Times {
            published: stamp,
            evidence: FieldEvidence { from, raw, refused: self.refused },
            ..Times::default()
        }
    }

    /// A machine's time in UTC whose clock shows what a visible line shows in local time: the `Z` is wrong.
    fn correct(&mut self, best: &mut Seen) {
        if !best.zoned || best.rank > 1 || best.stamp.at.offset().local_minus_utc() != 0 {
            return;
        }
        let clock = best.stamp.at.naive_local();
        let same_clock = |seen: &&Seen| {
            !seen.zoned
                && seen.rank <= 4
                && seen.stamp.precision <= Precision::Minute
                && (seen.stamp.at.naive_local() - clock).num_seconds().abs() < 60
                && seen.stamp.at != best.stamp.at
        };
        if let Some(line) = self.seen.iter().find(same_clock).cloned() {
            self.refuse(&best.from.clone(), &best.raw.clone(), "local time written as UTC");
            *best = line;
        }
    }

    /// The day of one joined with the time of another that agrees on the day.
    fn refine(&self, best: &mut Seen) {
        let finer = self
            .seen
            .iter()
            .filter(|seen| {
                seen.stamp.precision < best.stamp.precision
                    && seen.stamp.at.date_naive() == best.stamp.at.date_naive()
            })
            .filter(|seen| {
                best.stamp.precision >= Precision::Hour
                    || (seen.stamp.at - best.stamp.at).num_seconds().abs() < 60
            })
            .min_by_key(|seen| (seen.rank, seen.stamp.precision));
        if let Some(finer) = finer {
            best.stamp = finer.stamp;
            best.zoned = finer.zoned;
            best.from = format!("{} and {}", best.from, finer.from);
            best.raw = format!("{} | {}", best.raw, finer.raw);
        }
    }

    fn change(&self, best: &Seen) -> (Option<Stamp>, FieldEvidence) {
        let limit = self.known.now + FUTURE;
        let real = self
            .changes
            .iter()
            .filter(|seen| seen.stamp.utc() >= best.stamp.utc() && seen.stamp.utc() <= limit);
        match real.min_by_key(|seen| seen.rank) {
            Some(seen) => {
                let evidence =
                    FieldEvidence { from: seen.from.clone(), raw: seen.raw.clone(), refused: Vec::new() };
                (Some(seen.stamp), evidence)
            }
            None => (None, FieldEvidence::default()),
        }
    }
}
