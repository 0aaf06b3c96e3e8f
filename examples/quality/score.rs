//! The figures of a set.
//!
//! - `body`: rows of four words (a Chinese character is a word) in the truth's body and in the text read. `p`,
//!   precision, is the mean over pages with any text, `r`, recall, over pages with any truth, `f1` their harmonic
//!   mean; `acc` the share of pages whose words are the truth's to the last; `word_f1` the mean F1 of single words.
//! - `seg`: sentences that must be in the text (`inc`, the share found) and that must not (`exc`, the share kept
//!   out), of all pages together.
//! - `date`: the day as printed. `acc` is the share of judged pages that are right, one known to show no date when
//!   none is given; `wrong` and `none` count the others; `min` is the share of right minutes where the truth has a
//!   time.
//! - `title`: the same letters and digits (`exact`), or one holding the other (`loose`).
//! - `author`, `source`: `rate` is the share of pages given one of the true names; `clean`, of pages that name no
//!   author, of those given none. A source may also stand as author.

use std::fmt;

use serde::Deserialize;

use crate::names;
use crate::tokens::{self, Overlap};

/// One line of a `truth.jsonl`. A field that is not there is not judged; one that is null is known to be none.
#[derive(Debug, Deserialize)]
pub(crate) struct Truth {
    pub(crate) id: String,
    pub(crate) url: Option<String>,
    pub(crate) file: Option<String>,
    pub(crate) split: Option<String>,
    body: Option<String>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    title: Option<String>,
    time: Option<String>,
    #[serde(default, deserialize_with = "present")]
    date: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    author: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    source: Option<Option<String>>,
}

/// Tells a null from what is not there.
fn present<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What was read from a page.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) title: Option<String>,
    /// As RFC 3339, in the zone it was read in.
    pub(crate) published: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) text: Option<String>,
}

/// How a day was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    Right,
    Wrong,
    Missing,
    /// None is shown, none was given.
    RightlyNone,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Body {
    precision: Option<f64>,
    recall: Option<f64>,
    exact: bool,
    words: f64,
}

/// How one page was judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Judged {
    body: Option<Body>,
    /// Found and missing of what must be there, found and missing of what must not.
    segments: Option<[usize; 4]>,
    day: Option<Day>,
    minute: Option<bool>,
    title: Option<(bool, bool)>,
    author: Option<bool>,
    nobody: Option<bool>,
    source: Option<bool>,
}

impl Judged {
    /// Whether a page of two sets was judged alike in all that both judge.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        alike(&self.body, &other.body)
            && alike(&self.segments, &other.segments)
            && alike(&self.day, &other.day)
            && alike(&self.minute, &other.minute)
            && alike(&self.title, &other.title)
            && alike(&self.author, &other.author)
            && alike(&self.nobody, &other.nobody)
            && alike(&self.source, &other.source)
    }

    /// Judges what was read by the truth.
    pub(crate) fn of(truth: &Truth, read: &Read) -> Self {
        let text = read.text.as_deref().unwrap_or_default();
        let published = read.published.as_deref();
        let author = truth.author.as_ref().map(|a| names::name(a.as_deref(), read.author.as_deref()));
        let named = matches!(truth.author, Some(Some(_)));
        Self {
            body: truth.body.as_deref().map(|body| judge_body(body, text)),
            segments: judge_segments(truth, text),
            day: truth.date.as_ref().map(|date| judge_day(date.as_deref(), published.and_then(day))),
            minute: truth
                .time
                .as_deref()
                .filter(|time| !time.is_empty() && truth.date.is_some())
                .map(|time| minute(time) == published.and_then(minute)),
            title: truth
                .title
                .as_deref()
                .filter(|title| !title.is_empty())
                .map(|title| names::title(title, read.title.as_deref().unwrap_or_default())),
            author: author.filter(|_| named),
            nobody: author.filter(|_| !named),
            source: truth.source.as_ref().map(|source| {
                let is = |found: &Option<String>| names::name(source.as_deref(), found.as_deref());
                is(&read.source) || is(&read.author)
            }),
        }
    }
}

fn alike<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn judge_body(truth: &str, text: &str) -> Body {
    let (truth, found) = (tokens::words(truth), tokens::words(text));
    let rows = Overlap::of(&tokens::shingles(&truth), &tokens::shingles(&found));
    let (given, due) = (rows.both + rows.surplus, rows.both + rows.missing);
    let share = |of: usize| (of > 0).then(|| ratio(rows.both, of));
    Body {
        // a page without a text, of which none was read, is a right one
        precision: if due == 0 && given == 0 { Some(1.0) } else { share(given) },
        recall: share(due),
        exact: truth == found,
        words: Overlap::of(&tokens::bag(&truth), &tokens::bag(&found)).f1(),
    }
}

fn judge_segments(truth: &Truth, text: &str) -> Option<[usize; 4]> {
    if truth.include.is_empty() && truth.exclude.is_empty() {
        return None;
    }
    let text = squeezed(text);
    let found = |of: &[String]| of.iter().filter(|segment| text.contains(&squeezed(segment))).count();
    let (kept, let_in) = (found(&truth.include), found(&truth.exclude));
    Some([kept, truth.include.len() - kept, let_in, truth.exclude.len() - let_in])
}

/// Runs of white space as one blank, none at the ends.
fn squeezed(text: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}');
    text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn judge_day(truth: Option<&str>, found: Option<String>) -> Day {
    match (truth, found) {
        (None, None) => Day::RightlyNone,
        (Some(_), None) => Day::Missing,
        (Some(truth), Some(found)) if truth == found => Day::Right,
        _ => Day::Wrong,
    }
}

/// The day of an ISO date or date and time.
fn day(text: &str) -> Option<String> {
    let day = text.trim_start().get(..10)?;
    let mut parts = day.split('-');
    let mut digits = |n| parts.next().is_some_and(|p| p.len() == n && p.bytes().all(|b| b.is_ascii_digit()));
    (digits(4) && digits(2) && digits(2)).then(|| day.to_owned())
}

/// The day, hour and minute of an ISO date and time.
fn minute(text: &str) -> Option<String> {
    let text = text.trim_start();
    day(text)?;
    text.get(..16).filter(|minute| minute.is_char_boundary(11)).map(|minute| minute.replace(' ', "T"))
}

/// The harmonic mean of precision and recall; 1 where nothing is and nothing should be.
pub(crate) fn f1(both: usize, surplus: usize, missing: usize) -> f64 {
    if both + surplus + missing == 0 { 1.0 } else { ratio(2 * both, 2 * both + surplus + missing) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[expect(clippy::cast_precision_loss, reason = "counts of pages")]
fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

fn share(values: impl Iterator<Item = bool>) -> Option<f64> {
    mean(values.map(f64::from))
}

/// What a figure is worth.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value {
    Share(f64),
    Count(usize),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => write!(f, "{share:.3}"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

/// A figure: what of, which, its value, over how many pages.
pub(crate) type Figure = (&'static str, &'static str, Value, usize);

/// The figures of a set, in the order of the head.
pub(crate) fn figures(pages: &[Judged]) -> Vec<Figure> {
    let mut all = Vec::new();
    bodies(pages, &mut all);
    segments(pages, &mut all);
    days(pages, &mut all);
    let mut add = |of, which, values: Vec<bool>| {
        let count = values.len();
        all.extend(share(values.into_iter()).map(|value| (of, which, Value::Share(value), count)));
    };
    add("title", "exact", pages.iter().filter_map(|p| p.title).map(|(exact, _)| exact).collect());
    add("title", "loose", pages.iter().filter_map(|p| p.title).map(|(_, loose)| loose).collect());
    let authors: Vec<bool> = pages.iter().filter_map(|p| p.author).collect();
    if !authors.is_empty() {
        add("author", "rate", authors);
        add("author", "clean", pages.iter().filter_map(|p| p.nobody).collect());
    }
    add("source", "rate", pages.iter().filter_map(|p| p.source).collect());
    all
}

fn bodies(pages: &[Judged], all: &mut Vec<Figure>) {
    let bodies: Vec<Body> = pages.iter().filter_map(|page| page.body).collect();
    let Some(recall) = mean(bodies.iter().filter_map(|body| body.recall)) else { return };
    let precision = mean(bodies.iter().filter_map(|body| body.precision)).unwrap_or(0.0);
    let sum = precision + recall;
    let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
    let exact = share(bodies.iter().map(|body| body.exact)).unwrap_or(0.0);
    let words = mean(bodies.iter().map(|body| body.words)).unwrap_or(0.0);
    let figures = [("f1", f1), ("p", precision), ("r", recall), ("acc", exact), ("word_f1", words)];
    all.extend(figures.map(|(which, value)| ("body", which, Value::Share(value), bodies.len())));
}

fn segments(pages: &[Judged], all: &mut Vec<Figure>) {
    let judged: Vec<[usize; 4]> = pages.iter().filter_map(|page| page.segments).collect();
    let sum = |place: usize| judged.iter().filter_map(|counts| counts.get(place)).sum::<usize>();
    let (kept, lost, let_in, out) = (sum(0), sum(1), sum(2), sum(3));
    let mut add = |which, part, of| {
        if of > 0 {
            all.push(("seg", which, Value::Share(ratio(part, of)), judged.len()));
        }
    };
    add("f1", 2 * kept, 2 * kept + let_in + lost);
    add("inc", kept, kept + lost);
    add("exc", out, out + let_in);
    add("p", kept, kept + let_in);
    add("acc", kept + out, kept + lost + let_in + out);
}

fn days(pages: &[Judged], all: &mut Vec<Figure>) {
    let days: Vec<Day> = pages.iter().filter_map(|page| page.day).collect();
    if days.is_empty() {
        return;
    }
    let count = |of: Day| days.iter().filter(|day| **day == of).count();
    let (right, wrong, missing) = (count(Day::Right), count(Day::Wrong), count(Day::Missing));
    let accuracy = ratio(right + count(Day::RightlyNone), days.len());
    let figures = [
        ("acc", Value::Share(accuracy)),
        ("f1", Value::Share(f1(right, wrong, missing))),
        ("wrong", Value::Count(wrong)),
        ("none", Value::Count(missing)),
    ];
    all.extend(figures.map(|(which, value)| ("date", which, value, days.len())));
    let minutes: Vec<bool> = pages.iter().filter_map(|page| page.minute).collect();
    let count = minutes.len();
    all.extend(share(minutes.into_iter()).map(|value| ("date", "min", Value::Share(value), count)));
}
