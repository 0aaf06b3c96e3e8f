//! Items of several documents that list the same articles: each article once, the better word of both.

use std::collections::HashMap;

use crate::model::{Candidate, PageUrl, UrlKey};

/// Where each article stands among the items.
#[derive(Debug, Default)]
pub(super) struct Merged(HashMap<UrlKey, usize>);

impl Merged {
    /// Takes what a document beside the list says better of an item; one that is not there is left out.
    pub(super) fn enrich(&self, items: &mut [Candidate], key: &UrlKey, mut item: Candidate) {
        // the list is the portal's own choice, and its pages say more than a feed
        if let Some(given) = &mut item.given {
            given.set_whole(false);
        }
        if let Some(known) = self.0.get(key).and_then(|at| items.get_mut(*at)) {
            better(known, item);
        }
    }

    /// Takes back the items behind the first so many.
    pub(super) fn keep(&mut self, items: &mut Vec<Candidate>, first: usize) {
        items.truncate(first);
        self.0.retain(|_, at| *at < first);
    }

    /// Adds an item, or what it says better than the one that is there.
    pub(super) fn add(&mut self, items: &mut Vec<Candidate>, key: UrlKey, item: Candidate) {
        match self.0.get(&key).and_then(|at| items.get_mut(*at)) {
            Some(known) => better(known, item),
            None => {
                self.0.insert(key, items.len());
                items.push(item);
            }
        }
    }
}

/// So many articles that are all said to be changed at once were not: the file's own time stands at each.
const TOO_MANY_TOUCHED: usize = 5;

/// The articles that a list says were changed since it was read last.
pub(super) fn touched<'a>(last: &[Candidate], now: &'a [Candidate]) -> Vec<&'a PageUrl> {
    let time = |item: &Candidate| item.given.as_ref().and_then(|given| given.touched);
    let before: HashMap<&PageUrl, _> =
        last.iter().filter_map(|item| Some((&item.url, time(item)?))).collect();
    let stand = now.iter().filter(|item| before.contains_key(&item.url)).count();
    let moved =
        |item: &&Candidate| time(item) > before.get(&item.url).copied() && before.contains_key(&item.url);
    let touched: Vec<&PageUrl> = now.iter().filter(moved).map(|item| &item.url).collect();
    if touched.len() >= TOO_MANY_TOUCHED && touched.len() * 2 > stand { Vec::new() } else { touched }
}

fn better(known: &mut Candidate, other: Candidate) {
    if known.is_cut() && !other.is_cut() {
        known.title = other.title;
    }
    known.published = match (known.published, other.published) {
        // of one day the finer time; of two days the list's own
        (Some(own), Some(its))
            if its.precision < own.precision && its.at.date_naive() == own.at.date_naive() =>
        {
            Some(its)
        }
        (own, its) => own.or(its),
    };
    known.summary = known.summary.take().or(other.summary);
    known.given = known.given.take().or(other.given);
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{PageUrl, Precision, Stamp};

    fn item(title: &str, precision: Option<Precision>) -> Candidate {
        let at = DateTime::parse_from_rfc3339("2026-11-23T09:11:43+08:00").unwrap();
        Candidate {
            url: PageUrl::parse("http://town.example/1").unwrap(),
            title: title.to_owned(),
            published: precision.map(|precision| Stamp { at, precision }),
            summary: None,
            given: None,
        }
    }

    #[test]
    fn the_better_word_of_both_is_kept() {
        let (mut merged, mut items) = (Merged::default(), Vec::new());
        let key = PageUrl::parse("http://town.example/1").unwrap().key();
        for (title, precision) in [
            ("河堤步道本周…", Some(Precision::Day)),
            ("河堤步道本周末开放", None),
            ("河堤步道", Some(Precision::Second)),
            ("...", Some(Precision::Minute)),
        ] {
            merged.add(&mut items, key.clone(), item(title, precision));
        }
        assert_eq!(items, [item("河堤步道本周末开放", Some(Precision::Second))]);
        let other = PageUrl::parse("http://town.example/2").unwrap().key();
        merged.enrich(&mut items, &other, item("another", None));
        assert_eq!(items.len(), 1);
    }
}
