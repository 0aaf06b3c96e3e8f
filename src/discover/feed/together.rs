//! The entries of one feed compared with each other: names and addresses that tell nothing, what is whole.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::super::whole;
use super::entry::Item;
use crate::model::{Candidate, PageUrl, UrlKey};

/// Entries to candidates, each address once. `url` is the feed's address, `home` the page that it stands for.
pub(super) fn candidates(mut items: Vec<Item>, url: &PageUrl, home: Option<&PageUrl>) -> Vec<Candidate> {
    let saids: Vec<_> = items.iter_mut().map(|item| std::mem::take(&mut item.said)).collect();
    let wholes = whole::judge(&saids);
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut titles: HashMap<UrlKey, HashSet<String>> = HashMap::new();
    for item in &items {
        if let Some(id) = &item.given.id {
            *ids.entry(id.clone()).or_default() += 1;
        }
        if let Some(link) = &item.link {
            titles.entry(link.key()).or_default().insert(item.title.clone());
        }
    }
    let mut seen = HashSet::new();
    let mut out = Vec::with_capacity(items.len());
    for (mut item, is_whole) in items.into_iter().zip(wholes) {
        // a name that several have is nobody's
        item.given.id = item.given.id.take().filter(|id| ids.get(id) == Some(&1));
        item.given.set_whole(is_whole);
        let own = item.link.take();
        let leads_away = own.as_ref().is_some_and(|link| {
            let key = link.key();
            let is_shared = titles.get(&key).is_some_and(|titles| titles.len() > 1);
            !is_shared && key != url.key() && home.is_none_or(|home| home.key() != key)
        });
        let address = match own {
            Some(link) if leads_away => link,
            // it leads nowhere of its own: all that is said of it stands in the feed
            link => {
                item.given.set_whole(true);
                link.as_ref().unwrap_or(url).with_mark(mark(&item))
            }
        };
        if seen.insert(address.key()) {
            out.push(item.candidate(address));
        }
    }
    out
}

/// What tells an entry without an address from the others: its name, else title and time.
fn mark(item: &Item) -> u64 {
    let told = match &item.given.id {
        Some(id) => format!("id\n{id}"),
        None => {
            format!("{}\n{}", item.title, item.published.map(|stamp| stamp.to_rfc3339()).unwrap_or_default())
        }
    };
    let hash = Sha256::digest(told);
    hash.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
