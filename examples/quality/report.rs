//! The figures told: a line a set while it runs, a table at the end, the document around it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;

use crate::pages::Set;
use crate::score::{self, Judged};

/// Everything from here on is written anew.
const MARK: &str = "<!-- figures: written by the command above -->";

/// One set on one line.
pub(crate) fn line(set: &Set) -> String {
    let mut told = format!("{}: {} pages", set.name, set.judged.len());
    let mut last = "";
    for (of, which, value, _) in figures(set) {
        if of != last {
            told.push_str(&format!(" | {of}"));
            last = of;
        }
        told.push_str(&format!(" {which} {value}"));
    }
    told
}

fn figures(set: &Set) -> Vec<score::Figure> {
    let judged: Vec<Judged> = set.judged.iter().map(|(_, judged)| judged.clone()).collect();
    score::figures(&judged)
}

/// Quality, cost and the sets that share pages, as Markdown.
pub(crate) fn markdown(sets: &[Set], day: NaiveDate) -> String {
    let mut told = String::from("| date | set | figure | value | pages |\n|---|---|---|---|---|\n");
    // writing to a String cannot fail
    for set in sets {
        for (of, which, value, pages) in figures(set) {
            let _always = writeln!(told, "| {day} | {} | {of} {which} | {value} | {pages} |", set.name);
        }
    }
    told.push_str(
        "\n| date | set | pages | pages/CPU-s | slowest page ms | peak MiB |\n|---|---|---|---|---|---|\n",
    );
    for set in sets {
        let seconds = set.time.as_secs_f64();
        let pages = u32::try_from(set.judged.len()).unwrap_or(u32::MAX);
        let rate = if seconds > 0.0 { f64::from(pages) / seconds } else { 0.0 };
        let (slowest, name) = (set.slowest.1.as_secs_f64() * 1000.0, &set.name);
        let peak = set.peak_mib;
        let _always = writeln!(told, "| {day} | {name} | {pages} | {rate:.0} | {slowest:.0} | {peak:.0} |");
    }
    for twins in shared(sets) {
        let _always = write!(told, "\n{twins}\n");
    }
    told
}

/// What sets say of pages that two of them have: the same pages in another charset, say.
fn shared(sets: &[Set]) -> Vec<String> {
    let mut told = Vec::new();
    for (place, one) in sets.iter().enumerate() {
        let known: HashMap<&str, &Judged> = one.judged.iter().map(|(id, j)| (id.as_str(), j)).collect();
        for other in sets.iter().skip(place + 1) {
            let both: Vec<(&str, &Judged, &Judged)> = other
                .judged
                .iter()
                .filter_map(|(id, judged)| Some((id.as_str(), *known.get(id.as_str())?, judged)))
                .collect();
            if both.is_empty() {
                continue;
            }
            let unlike: Vec<&str> =
                both.iter().filter(|(_, a, b)| !a.agrees(b)).map(|(id, ..)| *id).collect();
            let mut said = format!(
                "{} and {} share {} pages; all that both judge is equal on {}",
                one.name,
                other.name,
                both.len(),
                both.len() - unlike.len()
            );
            said.push_str(&if unlike.is_empty() {
                ".".to_owned()
            } else {
                format!(", not on {}.", unlike.join(", "))
            });
            told.push(said);
        }
    }
    told
}

/// The file as it is, with the figures after its mark written anew; a new file has a head.
pub(crate) fn document(file: &Path, table: &str) -> anyhow::Result<String> {
    let old = if file.exists() { fs::read_to_string(file)? } else { include_str!("head.md").to_owned() };
    let head = old.split_once(MARK).map_or(old.as_str(), |(head, _)| head).trim_end();
    Ok(format!("{head}\n\n{MARK}\n\n{}\n", table.trim_end()))
}
