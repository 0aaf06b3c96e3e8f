//! What fields of records are that nobody's names tell: by what stands in them, over all records of a list.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::called::{self, Role};
use super::fields;
use super::record::{Record, Signs, is_file, looks_like_link};
use crate::page::text;

/// Fewer records say nothing of their fields.
const FEW: usize = 3;
/// Records looked at.
const LOOKED_AT: usize = 40;
/// Half widths of headlines, on average.
const TITLE: std::ops::Range<usize> = 14..200;
/// Names that are no dates of publication, whatever they hold.
const OTHER_TIMES: [&str; 6] = ["update", "modif", "edit", "expir", "end", "delet"];

/// Fields with a role that no record has by a name: a headline, a link, a date.
pub(super) fn roles(
    maps: &[&Map<String, Value>],
    records: &[Record],
    signs: &Signs<'_>,
) -> Vec<(String, Role)> {
    let mut found = Vec::new();
    if maps.len() < FEW {
        return found;
    }
    let lacks =
        |has: fn(&Record) -> bool| records.iter().filter(|record| has(record)).count() * 4 < maps.len();
    let (no_title, no_link, no_date) = (
        records.len() * 4 < maps.len(),
        lacks(|record| record.link.is_some()),
        lacks(|record| record.date.is_some()),
    );
    if !no_title && !no_link && !no_date {
        return found;
    }
    let columns = columns(maps);
    // what has neither a name of its own, nor a way, nor a day is no article: words of a body have none
    let is_article = |(name, told): (&String, &Vec<String>)| {
        let roles = called::roles(name);
        let is = |role: Role| roles.iter().any(|(one, _)| *one == role);
        is_all(told, |one| is_date(one, signs))
            || (is(Role::Id) || is(Role::Link) || name.ends_with("id") || is_all(told, looks_like_link))
                && is_distinct(told)
    };
    if no_title && !columns.iter().any(is_article) {
        return found;
    }
    if no_title {
        let widths = columns.iter().filter_map(|(name, told)| Some((headline(told, signs)?, name)));
        // a headline is shorter than what it stands above
        found.extend(widths.min().map(|(_, name)| (name.clone(), Role::Title)));
    }
    if no_link && !(no_title && found.is_empty()) {
        let link = columns.iter().find(|(name, told)| {
            !called::leads_elsewhere(name)
                && is_all(told, |one| looks_like_link(one) && !is_file(one) && (signs.is_link)(one))
                && is_distinct(told)
        });
        found.extend(link.map(|(name, _)| (name.clone(), Role::Link)));
    }
    if no_date && !(no_title && found.is_empty()) {
        let is_other = |name: &str| OTHER_TIMES.iter().any(|word| name.contains(word));
        let date =
            columns.iter().find(|(name, told)| !is_other(name) && is_all(told, |one| is_date(one, signs)));
        found.extend(date.map(|(name, _)| (name.clone(), Role::Date)));
    }
    found
}

/// What the fields say in records where they say something, by their names.
fn columns(maps: &[&Map<String, Value>]) -> BTreeMap<String, Vec<String>> {
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let looked_at = maps.len().min(LOOKED_AT);
    for map in maps.iter().take(looked_at) {
        for (name, value) in map.iter().filter(|(_, value)| value.is_string() || value.is_number()) {
            columns.entry(called::plain(name)).or_default().extend(fields::text(value));
        }
    }
    columns.retain(|_, told| told.len() * 3 >= looked_at * 2);
    columns
}

fn is_all(told: &[String], is: impl Fn(&str) -> bool) -> bool {
    told.iter().filter(|one| is(one)).count() * 5 >= told.len() * 4
}

fn is_distinct(told: &[String]) -> bool {
    told.iter().collect::<HashSet<_>>().len() * 5 >= told.len() * 4
}

/// How wide headlines are on average; None when a field holds none.
fn headline(told: &[String], signs: &Signs<'_>) -> Option<usize> {
    let is_words = |one: &str| {
        let is_other = one.contains("</p>") || looks_like_link(one) || one.len() < 40 && (signs.is_date)(one);
        !is_other && (one.contains(char::is_whitespace) || !one.is_ascii())
    };
    let width = told.iter().map(|one| text::width(one)).sum::<usize>() / told.len().max(1);
    (TITLE.contains(&width) && is_all(told, is_words) && is_distinct(told)).then_some(width)
}

/// A time, and no number that may be anything: years stand before 2100, and bare numbers are those of our days.
fn is_date(one: &str, signs: &Signs<'_>) -> bool {
    let is_number = one.chars().all(|c| c.is_ascii_digit());
    let is_epoch = matches!(one.len(), 10 | 13) && one.starts_with('1');
    one.len() < 40 && (!is_number || is_epoch) && (signs.is_date)(one)
}
