//! What became of the articles of one visit so far, and what of it can be believed.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::fetch::FetchError;
use crate::model::{Class, Fault, Stamp};
use crate::store::PageOutcome;

use super::article;
use super::plan;
use super::whole::Wanted;

/// What a visit reads is in memory until it is stored; after so many bytes of articles the others wait for the next one.
const MOST_BYTES: usize = 4 << 20;

/// When so many pages say for the first time that they are gone and no page is there, it is the portal that
/// is broken.
const TOO_MANY_GONE: usize = 3;

/// When so many pages of one visit have one title, text and time, none of them is an article's.
const TOO_MANY_ALIKE: usize = 3;

/// So often in a row.
const MOST_DUE: u32 = 5;

/// What a page says: title, text and time.
type Said<'a> = (&'a str, &'a str, Option<Stamp>);

/// What a page that was read says; None where there is no text to compare.
fn said_by(page: &PageOutcome) -> Option<Said<'_>> {
    let PageOutcome::Read(read) = page else { return None };
    let article = &read.article;
    // a time that the list, the address or an earlier visit tells is none of the page's words
    let from = article.evidence.get("published").map(|evidence| evidence.from.as_str()).unwrap_or_default();
    let from = from.split([',', ';']).next().unwrap_or_default();
    let published = article.published.filter(|_| !matches!(from, "list" | "address" | "as read before"));
    (!article.text.is_empty()).then_some((&article.title, &article.text, published))
}

/// What became of the articles so far.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) pages: Vec<PageOutcome>,
    pub(super) good: usize,
    /// Pages that gave neither an article nor the word that it is gone.
    pub(super) failed: usize,
    pub(super) left: usize,
    /// Whether no article of the list was ever read.
    pub(super) is_blind: bool,
    /// Bytes of the articles read.
    bytes: usize,
    pub(super) error: Option<FetchError>,
    pub(super) first_fault: Option<FetchError>,
    /// What is remembered of the pages that said they are gone, should that not be believed.
    doubted: Vec<(usize, PageOutcome)>,
    /// How many of those asked for said so for the first time.
    newly_gone: usize,
}

impl Work {
    /// Of a visit that failed before it came to the articles, if it did.
    pub(super) fn failing(error: Option<FetchError>) -> Self {
        Self { error, ..Self::default() }
    }

    /// Whether so much was read that it should be stored before more is.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MOST_BYTES
    }

    pub(super) fn add(&mut self, page: PageOutcome) {
        if let PageOutcome::Read(read) = &page {
            self.bytes += read.article.html.len() + read.article.text.len();
        }
        self.pages.push(page);
        self.left = self.left.saturating_sub(1);
    }

    /// Takes a page that gave no article.
    pub(super) fn add_failed(&mut self, wanted: &Wanted, error: FetchError, now: DateTime<Utc>) {
        let failed = article::failed(wanted, now);
        let says_gone = article::says_gone(&error);
        let was_gone = wanted.known.as_ref().is_some_and(|known| known.gone_at.is_some());
        self.newly_gone += usize::from(says_gone && !was_gone);
        self.first_fault.get_or_insert(error);
        match article::gone(wanted, now).filter(|_| says_gone) {
            Some(gone) => {
                self.doubted.push((self.pages.len(), failed));
                self.add(gone);
            }
            None => {
                self.failed += 1;
                self.add(failed);
            }
        }
    }

    /// Holds back pages that all say the same: it is not the articles that answer. What to tell of it.
    pub(super) fn hold_back(&mut self, now: DateTime<Utc>) -> Option<Fault> {
        let mut said: HashMap<Said<'_>, usize> = HashMap::new();
        for one in self.pages.iter().filter_map(said_by) {
            *said.entry(one).or_default() += 1;
        }
        let is_alike =
            |page: &PageOutcome| said_by(page).is_some_and(|one| said.get(&one) >= Some(&TOO_MANY_ALIKE));
        let alike: Vec<usize> =
            (0..).zip(&self.pages).filter(|(_, page)| is_alike(page)).map(|(at, _)| at).collect();
        let mut told = None;
        for at in &alike {
            if let Some(page) = self.pages.get_mut(*at)
                && let PageOutcome::Read(read) = page
                && let Some(key) = read.keys.first().cloned()
            {
                let url = read.article.url.clone();
                let detail = format!("{} articles say the same and were held back", alike.len());
                let error = FetchError::new(Class::Suspect, &url, detail);
                told = Some(error.fault.clone());
                self.first_fault = Some(error);
                *page = PageOutcome::Failed { key, url, retry_at: Some(plan::retry_at(1, now)) };
                self.good = self.good.saturating_sub(1);
                self.failed += 1;
            }
        }
        told
    }

    /// Has the pages of a visit that failed as a whole asked for again at the next one, which comes later each time: what
    /// stands before all of them is not theirs. Where others were read before, for some time only: these may be what fails.
    pub(super) fn stay_due(&mut self, now: DateTime<Utc>) {
        for page in &mut self.pages {
            if let PageOutcome::Failed { retry_at: Some(at), .. } = page
                && (self.is_blind || *at <= plan::retry_at(MOST_DUE, now))
            {
                *at = now;
            }
        }
    }

    /// Takes back that articles are gone when all of a portal's pages say so at once.
    pub(super) fn doubt(&mut self) {
        if self.good > 0 || self.newly_gone < TOO_MANY_GONE {
            return;
        }
        for (place, failed) in self.doubted.drain(..) {
            if let Some(page) = self.pages.get_mut(place) {
                *page = failed;
                self.failed += 1;
            }
        }
    }
}
