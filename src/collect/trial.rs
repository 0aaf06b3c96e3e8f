//! A visit that keeps nothing, for a person who tries an address: the lists as a visit reads them, and the first articles.

use std::sync::Arc;

use crate::discover::{Form, Listing};
use crate::extract;
use crate::fetch::FetchError;
use crate::model::{Candidate, Class, Fault, Portal};
use crate::normalise;
use crate::runtime::Stop;

use super::gate::Claims;
use super::learn;
use super::listing;
use super::lists::Lists;
use super::reading::Reading;
use super::report::Trial;
use super::round::Round;
use super::visit::Collector;
use super::whole::{self, Wanted, Whole};

/// Articles that a trial reads, to show what a visit would make of them.
const TRIED: usize = 3;

impl Collector {
    /// Visits a portal without keeping anything: its lists, and the first articles of them.
    ///
    /// # Errors
    /// When no list can be fetched, or what answers cannot be read.
    pub async fn try_out(&self, portal: &Arc<Portal>) -> Result<Trial, Fault> {
        let mut round = self.round(Arc::clone(portal), None, Claims::None, Stop::new());
        if portal.lists.is_empty() {
            let detail = "the portal has no address".to_owned();
            return Err(Fault { class: Class::EmptyList, detail, url: None });
        }
        let lists = listing::read(&mut round).await;
        let Reading { url, mut listing, charset } = told(&mut round, lists)?;
        let (mut articles, mut rules) = (Vec::new(), Vec::new());
        for candidate in listing.items.iter().take(TRIED) {
            if candidate.is_whole() || !portal.recipe.article.read {
                let said = candidate.clone();
                let read = round
                    .parse(&candidate.url, 0, move || normalise::from_candidate(&extract::told(&said)))
                    .await;
                articles.push((candidate.clone(), read.map_err(|error| error.fault)));
                continue;
            }
            let read = try_article(&mut round, candidate).await;
            rules.extend(read.as_ref().ok().and_then(|read| read.rules.clone()));
            articles.push((candidate.clone(), read.map(|read| read.article).map_err(|error| error.fault)));
        }
        listing.inferred.article = learn::shared(&rules, &portal.recipe.article, &round.notes);
        let mut notes = std::mem::take(&mut round.notes);
        notes.append(&mut round.turns.notes);
        let requests = round.counts.requests + round.turns.requests;
        Ok(Trial { url, charset, listing, articles, notes, requests })
    }
}

/// The lists as one: how the first document was read that has items, with the items of all.
fn told(round: &mut Round<'_>, lists: Lists) -> Result<Reading, Fault> {
    let is_read = lists.good > 0;
    let mut readings = lists.readings;
    // what is no list is told with what was weighed; what could not be read at all, or is none of the site's, as an error
    if let Some(error) = lists.error.filter(|_| !is_read) {
        if readings.is_empty() || !matches!(error.fault.class, Class::EmptyList | Class::Selector) {
            return Err(error.fault);
        }
        round.notes.push(error.fault);
    }
    let place = readings.iter().position(|reading| !reading.listing.items.is_empty()).unwrap_or(0);
    let is_one = readings.len() == 1;
    let mut why = Vec::new();
    for reading in &readings {
        let of = |line: &String| if is_one { line.clone() } else { format!("{}: {line}", reading.url) };
        why.extend(reading.listing.explanation.iter().map(of));
    }
    if readings.is_empty() {
        let detail = "no list was read".to_owned();
        return Err(Fault { class: Class::EmptyList, detail, url: round.portal.lists.first().cloned() });
    }
    let first = readings.first().map(|reading| reading.url.clone());
    let Reading { url, listing, charset } = readings.swap_remove(place);
    // a frame is a page like others; files of sitemaps and answers of APIs come and go
    let url = first.filter(|_| listing.form != Form::Html).unwrap_or(url);
    let title = lists.title.or_else(|| listing.title.clone());
    let listing = Listing { items: lists.items, explanation: why, notes: Vec::new(), title, ..listing };
    Ok(Reading { url, listing, charset })
}

async fn try_article(round: &mut Round<'_>, candidate: &Candidate) -> Result<Whole, FetchError> {
    let reply = round.get_article(&candidate.url, None).await?;
    let wanted = Wanted {
        url: candidate.url.clone(),
        key: candidate.url.key(),
        candidate: Some(candidate.clone()),
        known: None,
    };
    let mut whole = whole::read(round, &wanted, reply).await?;
    round.notes.append(&mut whole.notes);
    Ok(whole)
}
