//! A visit written in one transaction: all of it, or nothing.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use crate::model::{Article, ArticleId, Evidence, PortalId, UrlKey};

use super::super::contract::{Committed, Outcome, PageOutcome, ReadPage, StoreError};
use super::failure::failure;
use super::portals::begin;
use super::rows::{from_json, json, ms};

/// Notes kept of a visit.
const NOTES: usize = 50;

/// An article's row, as far as it decides what becomes of a page.
struct Row {
    number: i64,
    id: String,
    key: String,
    fingerprint: String,
    dropped: bool,
    updated: i64,
}

const ROW: &str =
    "article.number, article.id, article.key, article.fingerprint, article.dropped, article.updated";

/// What became of a page.
enum Verdict {
    New(ArticleId),
    Changed(ArticleId),
    /// The same article under a changed address.
    Moved,
    Same,
}

/// Writes a visit. Nothing is written when the lease is not the visit's own any more.
pub(super) fn finish(
    connection: &mut Connection,
    authority: &str,
    outcome: &Outcome,
) -> Result<Committed, StoreError> {
    let transaction = begin(connection)?;
    let mine: bool = transaction
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM portal WHERE name = ?1 AND lease_node = ?2 AND lease_until = ?3)",
            params![outcome.portal.as_str(), outcome.lease.node, ms(outcome.lease.until)],
            |row| row.get(0),
        )
        .map_err(failure)?;
    if !mine {
        return Err(StoreError::LeaseLost(outcome.portal.clone()));
    }
    let mut committed = Committed { counts: outcome.counts, fresh: Vec::new() };
    let mut moved = false;
    let visit = Visit { transaction: &transaction, authority, outcome, own: own_keys(outcome) };
    // of equal dates the one higher on the list is newer: it gets the higher number
    for page in outcome.pages.iter().rev() {
        match visit.page(page)? {
            Verdict::New(id) => {
                committed.counts.new += 1;
                committed.fresh.push(id);
            }
            Verdict::Changed(id) => {
                committed.counts.changed += 1;
                committed.fresh.push(id);
            }
            Verdict::Moved => moved = true,
            Verdict::Same => {}
        }
    }
    committed.fresh.reverse();
    visit.lists()?;
    visit.hosts()?;
    visit.portal(&committed, moved || !committed.fresh.is_empty())?;
    transaction.commit().map_err(failure)?;
    Ok(committed)
}

/// The keys that pages of this visit were asked for by: each leads to an article of its own.
fn own_keys(outcome: &Outcome) -> HashSet<&str> {
    outcome
        .pages
        .iter()
        .filter_map(|page| match page {
            PageOutcome::Read(page) => page.keys.first().map(UrlKey::as_str),
            PageOutcome::Same { key, .. } => Some(key.as_str()),
            PageOutcome::Failed { .. } => None,
        })
        .collect()
}

struct Visit<'a> {
    transaction: &'a Transaction<'a>,
    authority: &'a str,
    outcome: &'a Outcome,
    own: HashSet<&'a str>,
}

impl Visit<'_> {
    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, StoreError> {
        self.transaction.prepare_cached(sql).and_then(|mut sql| sql.execute(values)).map_err(failure)
    }

    fn name(&self) -> &str {
        self.outcome.portal.as_str()
    }

    fn page(&self, page: &PageOutcome) -> Result<Verdict, StoreError> {
        match page {
            PageOutcome::Read(page) => self.read(page),
            PageOutcome::Same { key, next_visit } => {
                self.execute(
                    "UPDATE page SET next_visit = ?3, visits = visits + 1 WHERE portal = ?1 AND key = ?2",
                    params![self.name(), key.as_str(), next_visit.map(ms)],
                )?;
                Ok(Verdict::Same)
            }
            PageOutcome::Failed { key, url, retry_at } => {
                self.execute(
                    "INSERT INTO page (portal, key, url, next_visit, visits) VALUES (?1, ?2, ?3, ?4, 1)
                     ON CONFLICT (portal, key) DO UPDATE SET next_visit = ?4, visits = visits + 1",
                    params![self.name(), key.as_str(), url.as_str(), retry_at.map(ms)],
                )?;
                Ok(Verdict::Same)
            }
        }
    }

    fn read(&self, page: &ReadPage) -> Result<Verdict, StoreError> {
        let Some(first) = page.keys.first() else { return Ok(Verdict::Same) };
        let (row, by_story) = match self.by_keys(&page.keys)? {
            Some(row) => (Some(row), false),
            None => (self.by_story(page)?, true),
        };
        let Some(row) = row else {
            let (number, id) = self.mint(first, page)?;
            self.addresses(page, number, page.next_visit_changed, true)?;
            return Ok(Verdict::New(id));
        };
        let is_primary = page.keys.iter().any(|key| key.as_str() == row.key);
        // another address of it that is on the list as well tells nothing new
        let is_alias = by_story || (!is_primary && self.own.contains(row.key.as_str()));
        if is_alias || row.dropped {
            self.addresses(page, row.number, None, false)?;
            return Ok(Verdict::Same);
        }
        let is_changed = row.fingerprint != page.fingerprint;
        let next = if is_changed { page.next_visit_changed } else { page.next_visit };
        self.addresses(page, row.number, next, is_changed)?;
        if is_changed {
            self.replace(&row, first, page)?;
            return Ok(Verdict::Changed(ArticleId::from_stored(row.id)));
        }
        if self.relink(&row, first, page)? { Ok(Verdict::Moved) } else { Ok(Verdict::Same) }
    }

    fn by_keys(&self, keys: &[UrlKey]) -> Result<Option<Row>, StoreError> {
        let sql = format!(
            "SELECT {ROW} FROM page JOIN article ON article.number = page.article WHERE page.portal = ?1 AND page.key = ?2"
        );
        for key in keys {
            let row = self.row(&sql, params![self.name(), key.as_str()])?;
            if row.is_some() {
                return Ok(row);
            }
        }
        Ok(None)
    }

    /// An article that came back under another address; never one that this visit has seen under its own.
    fn by_story(&self, page: &ReadPage) -> Result<Option<Row>, StoreError> {
        let Some(story) = &page.story else { return Ok(None) };
        let sql =
            format!("SELECT {ROW} FROM article WHERE portal = ?1 AND story = ?2 ORDER BY number LIMIT 1");
        let row = self.row(&sql, params![self.name(), story])?;
        Ok(row.filter(|row| !self.own.contains(row.key.as_str())))
    }

    fn row(&self, sql: &str, values: impl rusqlite::Params) -> Result<Option<Row>, StoreError> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut sql| {
                sql.query_row(values, |row| {
                    Ok(Row {
                        number: row.get(0)?,
                        id: row.get(1)?,
                        key: row.get(2)?,
                        fingerprint: row.get(3)?,
                        dropped: row.get(4)?,
                        updated: row.get(5)?,
                    })
                })
                .optional()
            })
            .map_err(failure)
    }

    fn mint(&self, key: &UrlKey, page: &ReadPage) -> Result<(i64, ArticleId), StoreError> {
        let seen = self.outcome.ended;
        let id = mint(self.authority, seen, &self.outcome.portal, key);
        let article = &page.article;
        let said = [article.published, article.modified].into_iter().flatten().map(|stamp| stamp.utc()).max();
        let updated = said.map_or(seen, |said| said.min(seen));
        let (doc, evidence) = parts(article)?;
        self.execute(
            "INSERT INTO article (id, key, portal, dated, first_seen, updated, fingerprint, story, doc, evidence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                id.as_str(),
                key.as_str(),
                self.name(),
                ms(dated(article, seen)),
                ms(seen),
                ms(updated),
                page.fingerprint,
                page.story,
                doc,
                evidence
            ],
        )?;
        Ok((self.transaction.last_insert_rowid(), id))
    }

    fn replace(&self, row: &Row, key: &UrlKey, page: &ReadPage) -> Result<(), StoreError> {
        let (doc, evidence) = parts(&page.article)?;
        // `updated` never goes back, whatever the clock does
        let updated = ms(self.outcome.ended).max(row.updated);
        let published = page.article.published.map(|stamp| ms(stamp.utc()));
        self.execute(
            "UPDATE article SET key = ?2, dated = coalesce(?3, first_seen), updated = ?4, fingerprint = ?5, story = ?6,
                 doc = ?7, evidence = ?8 WHERE number = ?1",
            params![row.number, key.as_str(), published, updated, page.fingerprint, page.story, doc, evidence],
        )?;
        Ok(())
    }

    /// Follows an address that changed its spelling (a port, https); says whether the served link changed.
    fn relink(&self, row: &Row, key: &UrlKey, page: &ReadPage) -> Result<bool, StoreError> {
        let doc: String = self
            .transaction
            .query_row("SELECT doc FROM article WHERE number = ?1", [row.number], |row| row.get(0))
            .map_err(failure)?;
        let mut article: Article = from_json(&doc)?;
        if article.url == page.article.url {
            return Ok(false);
        }
        article.url = page.article.url.clone();
        article.html.clone_from(&page.article.html);
        article.images.clone_from(&page.article.images);
        article.attachments.clone_from(&page.article.attachments);
        self.execute(
            "UPDATE article SET key = ?2, doc = ?3 WHERE number = ?1",
            params![row.number, key.as_str(), json(&article)?],
        )?;
        Ok(true)
    }

    /// Every key of the page leads to its article; the first carries validators and plan.
    fn addresses(
        &self,
        page: &ReadPage,
        number: i64,
        next: Option<DateTime<Utc>>,
        is_changed: bool,
    ) -> Result<(), StoreError> {
        for (place, key) in page.keys.iter().enumerate() {
            let first = place == 0;
            self.execute(
                "INSERT INTO page (portal, key, url, article, etag, last_modified, next_visit, visits)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)
                 ON CONFLICT (portal, key) DO UPDATE SET
                     article = coalesce(article, ?4),
                     url = CASE WHEN ?8 THEN ?3 ELSE url END,
                     etag = CASE WHEN ?8 THEN ?5 ELSE etag END,
                     last_modified = CASE WHEN ?8 THEN ?6 ELSE last_modified END,
                     next_visit = CASE WHEN ?8 THEN ?7 ELSE next_visit END,
                     visits = CASE WHEN NOT ?8 THEN visits WHEN ?9 OR article IS NULL THEN 0 ELSE visits + 1 END",
                params![
                    self.name(),
                    key.as_str(),
                    page.article.url.as_str(),
                    number,
                    page.etag.as_deref().filter(|_| first),
                    page.last_modified.as_deref().filter(|_| first),
                    next.filter(|_| first).map(ms),
                    first,
                    is_changed
                ],
            )?;
        }
        Ok(())
    }

    fn lists(&self) -> Result<(), StoreError> {
        for list in &self.outcome.lists {
            self.execute(
                "INSERT OR REPLACE INTO list (portal, url, etag, last_modified, items, next) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    self.name(),
                    list.url.as_str(),
                    list.etag,
                    list.last_modified,
                    json(&list.items)?,
                    list.next.as_ref().map(crate::model::PageUrl::as_str)
                ],
            )?;
        }
        Ok(())
    }

    fn hosts(&self) -> Result<(), StoreError> {
        let lease = &self.outcome.lease;
        for (key, row) in &self.outcome.hosts {
            self.execute(
                "UPDATE host SET next_at = ?5, rest_until = ?6, robots_at = ?7, robots_status = ?8, robots_body = ?9,
                     lease_portal = NULL, lease_node = NULL, lease_until = NULL
                 WHERE name = ?1 AND lease_portal = ?2 AND lease_node = ?3 AND lease_until = ?4",
                params![
                    key.as_str(),
                    self.name(),
                    lease.node,
                    ms(lease.until),
                    row.next_at.map(ms),
                    row.rest_until.map(ms),
                    row.robots_at.map(ms),
                    row.robots_status,
                    row.robots_body
                ],
            )?;
        }
        Ok(())
    }

    /// Writes how the portal fares, and moves its revision when a feed would change.
    fn portal(&self, committed: &Committed, feeds_changed: bool) -> Result<(), StoreError> {
        let outcome = self.outcome;
        let notes: Vec<_> = outcome.notes.iter().take(NOTES).collect();
        let error = outcome.error.as_ref().map(json).transpose()?;
        self.execute(
            "UPDATE portal SET
                 revision = revision + (?2 OR (?3 IS NOT NULL AND ?3 IS NOT title) OR (?4 IS NOT NULL AND ?4 IS NOT lang)),
                 title = coalesce(?3, title), lang = coalesce(?4, lang), due_at = ?5, asked = 0,
                 lease_node = NULL, lease_until = NULL, last_visit = ?6,
                 last_ok = CASE WHEN ?7 IS NULL THEN ?6 ELSE last_ok END,
                 failures = CASE WHEN ?7 IS NULL THEN 0 ELSE failures + 1 END,
                 since = CASE WHEN ?7 IS NULL THEN NULL ELSE coalesce(since, ?6) END,
                 degraded = CASE WHEN ?7 IS NULL THEN ?8 ELSE degraded END,
                 error = ?7, counts = ?9, notes = ?10
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
                json(&notes)?
            ],
        )?;
        Ok(())
    }
}

fn dated(article: &Article, seen: DateTime<Utc>) -> DateTime<Utc> {
    article.published.map_or(seen, |stamp| stamp.utc())
}

/// The article without its evidence, and the evidence: feeds never ask for it.
fn parts(article: &Article) -> Result<(String, String), StoreError> {
    let evidence = json(&article.evidence)?;
    let doc = Article { evidence: Evidence::new(), ..article.clone() };
    Ok((json(&doc)?, evidence))
}

/// RFC 4151: the specific part is 64 bits of the portal and the first address it was seen under.
fn mint(authority: &str, seen: DateTime<Utc>, portal: &PortalId, key: &UrlKey) -> ArticleId {
    let hash = Sha256::digest(format!("{portal}\n{}", key.as_str()));
    let specific: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    ArticleId::mint(authority, seen.date_naive(), portal, &specific)
}

/// The evidence of an article, put back.
pub(super) fn evidence(connection: &Connection, number: i64) -> Result<Evidence, StoreError> {
    let text: Option<String> = connection
        .query_row("SELECT evidence FROM article WHERE number = ?1", [number], |row| row.get(0))
        .optional()
        .map_err(failure)?;
    text.as_deref().map_or_else(|| Ok(BTreeMap::new()), from_json)
}
