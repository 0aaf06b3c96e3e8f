//! A visit, as it is written.

use std::sync::Arc;

use rusqlite::{Connection, params};

use crate::model::{Kind, PageUrl};

use super::super::contract::StoreError;
use super::super::shapes::{Committed, Outcome};
use super::failure::failure;
use super::hosts;
use super::incidents;
use super::pages::{Fresh, Verdict, Visit};
use super::rows::{json, ms};
use super::walks;

/// Notes kept of a visit.
const NOTES: usize = 50;

/// The work of writing a visit, and whether it may wait for others: it tells nobody anything.
pub(super) fn work(
    authority: Arc<str>,
    outcome: Outcome,
) -> (impl FnOnce(&Connection) -> Result<Committed, StoreError> + Send + 'static, bool) {
    let is_quiet = is_quiet(&outcome);
    (move |transaction: &Connection| finish(transaction, &authority, &outcome), is_quiet)
}

/// Writes a visit within a transaction: all of it, or nothing. Nothing is written when the lease is not the visit's own any
/// more.
fn finish(transaction: &Connection, authority: &str, outcome: &Outcome) -> Result<Committed, StoreError> {
    let mine: bool = transaction
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM portal WHERE name = ?1 AND lease_node = ?2 AND lease_until = ?3)",
        )
        .and_then(|mut sql| {
            sql.query_row(
                params![outcome.portal.as_str(), outcome.lease.node, ms(outcome.lease.until)],
                |row| row.get(0),
            )
        })
        .map_err(failure)?;
    if !mine {
        return Err(StoreError::LeaseLost(outcome.portal.clone()));
    }
    let mut counts = outcome.counts;
    let mut fresh: Vec<Fresh> = Vec::new();
    let mut relinked = false;
    let visit = Visit::new(transaction, authority, outcome);
    // of equal dates the one higher on the list is newer: it gets the higher number
    for page in outcome.pages.iter().rev() {
        match visit.page(page)? {
            Verdict::New(article) => {
                counts.new += 1;
                fresh.push(article);
            }
            Verdict::Changed(article) => {
                counts.changed += 1;
                fresh.push(article);
            }
            Verdict::Moved => relinked = true,
            Verdict::Same => {}
        }
    }
    // after the others: one that was read under another address is not gone
    for page in &outcome.pages {
        counts.withdrawn += u64::from(visit.gone(page)?);
    }
    let left_or_back = counts.withdrawn > 0 || visit.restored.get();
    fresh.sort_by_key(|article| std::cmp::Reverse((article.dated, article.number)));
    let fresh = fresh.into_iter().map(|article| article.id).collect();
    let mut committed = Committed { counts, fresh, is_still: false };
    visit.hosts()?;
    if let Some(walk) = &outcome.walk {
        walks::write(&visit, walk, relinked || left_or_back)?;
        return Ok(committed);
    }
    visit.lists()?;
    let is_told = incidents::note(&visit)?;
    let settled = walks::turns(transaction, &outcome.portal)? > 0;
    let feeds_changed = relinked || left_or_back || settled || !committed.fresh.is_empty();
    committed.is_still = !feeds_changed && !is_told && is_quiet(outcome);
    visit.portal(&committed, feeds_changed, left_or_back)?;
    Ok(committed)
}

/// Whether the visit read nothing anew and found nothing amiss.
fn is_quiet(outcome: &Outcome) -> bool {
    let has_news = outcome.title.is_some() || outcome.lang.is_some() || outcome.error.is_some();
    outcome.pages.is_empty() && outcome.lists.is_empty() && outcome.notes.is_empty() && !has_news
}

impl Visit<'_> {
    fn lists(&self) -> Result<(), StoreError> {
        for list in &self.outcome.lists {
            // what feeds say of the site is told anew
            self.execute(
                "UPDATE portal SET revision = revision + 1 WHERE name = ?1 AND EXISTS (
                     SELECT 1 FROM list WHERE portal = ?1 AND url = ?2 AND json_valid(traits)
                     AND (json_extract(traits, '$.about') IS NOT ?3 OR json_extract(traits, '$.icon') IS NOT ?4))",
                params![
                    self.name(),
                    list.url.as_str(),
                    list.traits.about,
                    list.traits.icon.as_ref().map(PageUrl::as_str)
                ],
            )?;
            self.execute(
                "INSERT OR REPLACE INTO list (portal, url, etag, last_modified, items, next, traits)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    self.name(),
                    list.url.as_str(),
                    list.etag,
                    list.last_modified,
                    json(&list.items)?,
                    list.next.as_ref().map(PageUrl::as_str),
                    json(&list.traits)?
                ],
            )?;
        }
        for list in &self.outcome.lists {
            self.follow(&list.url, list.traits.hub.as_ref())?;
        }
        Ok(())
    }

    fn hosts(&self) -> Result<(), StoreError> {
        let lease = &self.outcome.lease;
        for (key, row) in &self.outcome.hosts {
            hosts::release(self.transaction, &self.outcome.portal, key, lease, row)?;
        }
        // a host that was claimed and not spoken of is given back too
        self.execute(
            "UPDATE host SET lease_portal = NULL, lease_node = NULL, lease_until = NULL
             WHERE lease_portal = ?1 AND lease_node = ?2 AND lease_until = ?3",
            params![self.name(), lease.node, ms(lease.until)],
        )?;
        Ok(())
    }

    /// Writes how the portal fares, and moves its revision when a feed would change.
    fn portal(
        &self,
        committed: &Committed,
        feeds_changed: bool,
        left_or_back: bool,
    ) -> Result<(), StoreError> {
        let outcome = self.outcome;
        let notes: Vec<_> = outcome.notes.iter().take(NOTES).collect();
        let error = outcome.error.as_ref().map(json).transpose()?;
        // as the first list with items was recognised
        let kind =
            outcome.lists.iter().filter(|list| !list.items.is_empty()).find_map(|list| list.traits.kind);
        self.execute(
            "UPDATE portal SET
                 revision = revision + (?2 OR (?3 IS NOT NULL AND ?3 IS NOT title) OR (?4 IS NOT NULL AND ?4 IS NOT lang)),
                 title = coalesce(?3, title), lang = coalesce(?4, lang), due_at = ?5, asked = 0,
                 lease_node = NULL, lease_until = NULL, last_visit = ?6,
                 last_ok = CASE WHEN ?7 IS NULL THEN ?6 ELSE last_ok END,
                 failures = CASE WHEN ?7 IS NULL THEN 0 ELSE failures + 1 END,
                 since = CASE WHEN ?7 IS NULL THEN NULL ELSE coalesce(since, ?6) END,
                 degraded = CASE WHEN ?7 IS NULL THEN ?8 ELSE degraded END,
                 error = ?7, counts = ?9, notes = ?10,
                 moved = CASE WHEN ?11 THEN max(coalesce(moved, 0), ?6) ELSE moved END,
                 kind = coalesce(?12, kind)
             WHERE name = ?1",
            params![
                self.name(),
                feeds_changed,
                outcome.title,
                outcome.lang,
                ms(outcome.next_due),
                ms(outcome.ended),
                error,
                outcome.degraded,
                json(&committed.counts)?,
                json(&notes)?,
                left_or_back,
                kind.map(Kind::as_str)
            ],
        )?;
        Ok(())
    }
}
