//! What becomes of one page of a visit: which article it is, and what of it is news.

use std::cell::Cell;
use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::model::{Article, ArticleId, Evidence, PortalId, UrlKey, Walk};

use super::super::contract::StoreError;
use super::super::shapes::{Outcome, PageOutcome, ReadPage};
use super::categories;
use super::days::Days;
use super::failure::failure;
use super::rows::{from_json, json, ms, readable};
use super::search;

/// An article's row, as far as it decides what becomes of a page.
pub(super) struct Row {
    pub(super) number: i64,
    id: String,
    /// The key it was asked for by last: the one that carries its validators and plan.
    pub(super) key: String,
    pub(super) fingerprint: String,
    pub(super) dropped: bool,
    updated: i64,
    /// It was withdrawn, or is about to be: another address that answers is the better one.
    is_gone: bool,
}

pub(super) const ROW: &str =
    "article.number, article.id, article.key, article.fingerprint, article.dropped, article.updated,
    article.withdrawn IS NOT NULL OR EXISTS (
        SELECT 1 FROM page AS own
        WHERE own.portal = article.portal AND own.key = article.key AND own.gone_at IS NOT NULL)";

/// How a page was told to be a known article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// One of its addresses.
    Address,
    /// Title, day and body: it came back under another address.
    Story,
    /// Day and body under a title that was edited, or day, title and the portal's own number.
    Likeness,
}

/// An article that is new or changed, with what it is ordered by.
pub(super) struct Fresh {
    pub(super) dated: i64,
    pub(super) number: i64,
    pub(super) id: ArticleId,
}

/// What became of a page.
pub(super) enum Verdict {
    New(Fresh),
    Changed(Fresh),
    /// The same article under a changed address.
    Moved,
    Same,
}

/// A visit that is being written.
pub(super) struct Visit<'a> {
    pub(super) transaction: &'a Connection,
    pub(super) outcome: &'a Outcome,
    authority: &'a str,
    /// Keys that pages of this visit were asked for by: no two of them are one article by story.
    pub(super) asked: HashSet<&'a str>,
    /// Keys that stand on the lists now, with those asked for.
    pub(super) current: HashSet<String>,
    /// Set when a withdrawn article came back.
    pub(super) restored: Cell<bool>,
    /// What articles of some days look like.
    pub(super) days: Days,
}

impl<'a> Visit<'a> {
    pub(super) fn new(transaction: &'a Connection, authority: &'a str, outcome: &'a Outcome) -> Self {
        let asked: HashSet<&str> = outcome
            .pages
            .iter()
            .filter_map(|page| match page {
                PageOutcome::Read(page) => page.keys.first().map(UrlKey::as_str),
                PageOutcome::Same { key, .. } => Some(key.as_str()),
                PageOutcome::Failed { .. } | PageOutcome::Gone { .. } => None,
            })
            .collect();
        let listed = outcome.lists.iter().flat_map(|list| &list.items);
        let current = listed
            .map(|item| item.url.key().as_str().to_owned())
            .chain(outcome.listed.iter().map(|key| key.as_str().to_owned()))
            .chain(asked.iter().map(|key| (*key).to_owned()))
            .collect();
        Self {
            transaction,
            outcome,
            authority,
            asked,
            current,
            restored: Cell::new(false),
            days: Days::default(),
        }
    }

    pub(super) fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, StoreError> {
        self.transaction.prepare_cached(sql).and_then(|mut sql| sql.execute(values)).map_err(failure)
    }

    pub(super) fn name(&self) -> &str {
        self.outcome.portal.as_str()
    }

    /// Writes one page.
    pub(super) fn page(&self, page: &PageOutcome) -> Result<Verdict, StoreError> {
        match page {
            PageOutcome::Read(page) => self.read(page),
            PageOutcome::Same { key, next_visit } => {
                self.same_answers(key)?;
                self.execute(
                    "UPDATE page SET next_visit = ?3, visits = visits + (next_visit IS NULL OR next_visit IS NOT ?3) WHERE portal = ?1 AND key = ?2",
                    params![self.name(), key.as_str(), next_visit.map(ms)],
                )?;
                Ok(Verdict::Same)
            }
            PageOutcome::Failed { key, url, retry_at } => {
                self.execute(
                    "INSERT INTO page (portal, key, url, next_visit, visits) VALUES (?1, ?2, ?3, ?4, 1)
                     ON CONFLICT (portal, key) DO UPDATE SET next_visit = ?4, visits = visits + (article IS NULL)",
                    params![self.name(), key.as_str(), url.as_str(), retry_at.map(ms)],
                )?;
                Ok(Verdict::Same)
            }
            // see `gone`: these come last
            PageOutcome::Gone { .. } => Ok(Verdict::Same),
        }
    }

    fn read(&self, page: &ReadPage) -> Result<Verdict, StoreError> {
        let Some(first) = page.keys.first() else { return Ok(Verdict::Same) };
        let Some((row, by)) = self.whose(page)? else {
            let fresh = self.mint(first, page)?;
            self.addresses(page, fresh.number, page.next_visit_changed, true)?;
            return Ok(Verdict::New(fresh));
        };
        // a second address of an article that stands on the list under its own tells nothing new
        let is_alias = row.key != first.as_str() && self.current.contains(&row.key) && !row.is_gone;
        if is_alias || row.dropped {
            self.addresses(page, row.number, None, false)?;
            return Ok(Verdict::Same);
        }
        self.hand_over(&row, first)?;
        self.answers(row.number)?;
        let is_changed = self.is_news(&row, by, page)?;
        let next = if is_changed { page.next_visit_changed } else { page.next_visit };
        self.addresses(page, row.number, next, is_changed)?;
        if is_changed {
            return self.replace(row, page).map(Verdict::Changed);
        }
        if self.relink(&row, page)? { Ok(Verdict::Moved) } else { Ok(Verdict::Same) }
    }

    /// Whether a page of a known article says something new. What came back under another address with the same
    /// title and body is no news, even if its pictures moved with it.
    fn is_news(&self, row: &Row, by: By, page: &ReadPage) -> Result<bool, StoreError> {
        if by == By::Story || row.fingerprint == page.fingerprint {
            return Ok(false);
        }
        if page.keys.first().is_some_and(|key| key.as_str() == row.key) {
            return Ok(true);
        }
        let Some(kept) = self.doc(row)? else { return Ok(true) };
        Ok(kept.title != page.article.title || kept.text != page.article.text)
    }

    /// The articles that a statement finds by [`ROW`].
    pub(super) fn rows(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Row>, StoreError> {
        let row = |row: &rusqlite::Row<'_>| {
            Ok(Row {
                number: row.get(0)?,
                id: row.get(1)?,
                key: row.get(2)?,
                fingerprint: row.get(3)?,
                dropped: row.get(4)?,
                updated: row.get(5)?,
                is_gone: row.get(6)?,
            })
        };
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_map(values, row)?.collect())
            .map_err(failure)
    }

    /// What is stored of an article; None when it cannot be read.
    pub(super) fn doc(&self, row: &Row) -> Result<Option<Article>, StoreError> {
        let doc: Vec<u8> = self
            .transaction
            .prepare_cached("SELECT doc FROM article WHERE number = ?1")
            .and_then(|mut sql| sql.query_row([row.number], |row| Ok(row.get_ref(0)?.as_bytes()?.to_owned())))
            .map_err(failure)?;
        Ok(readable("an article", from_json(&String::from_utf8_lossy(&doc))))
    }

    fn mint(&self, key: &UrlKey, page: &ReadPage) -> Result<Fresh, StoreError> {
        let seen = self.outcome.ended;
        let id = mint(self.authority, seen, &self.outcome.portal, key);
        let article = &page.article;
        let said = [article.published, article.modified].into_iter().flatten().map(|stamp| stamp.utc()).max();
        let updated = said.map_or(seen, |said| said.min(seen));
        // what a walk brings without a date is older than the pages before, and waits for its turn until the walk rests
        let walk = self.outcome.walk.as_ref();
        let first_seen = walk.and_then(Walk::undated).filter(|_| article.published.is_none()).unwrap_or(seen);
        let dated = ms(article.published.map_or(first_seen, |stamp| stamp.utc()));
        let (doc, evidence) = parts(article)?;
        self.execute(
            "INSERT INTO article (id, key, portal, dated, first_seen, updated, fingerprint, story, doc, evidence, turn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                 CASE WHEN ?11 THEN 0 ELSE (SELECT coalesce(max(turn), 0) + 1 FROM article) END)",
            params![
                id.as_str(),
                key.as_str(),
                self.name(),
                dated,
                ms(first_seen),
                ms(updated),
                page.fingerprint,
                page.story,
                doc,
                evidence,
                walk.is_some()
            ],
        )?;
        let number = self.transaction.last_insert_rowid();
        search::index(self.transaction, number, article)?;
        categories::index(self.transaction, number, dated, article)?;
        Ok(Fresh { dated, number, id })
    }

    fn replace(&self, row: Row, page: &ReadPage) -> Result<Fresh, StoreError> {
        let (doc, evidence) = parts(&page.article)?;
        // `updated` never goes back, whatever the clock does
        let updated = ms(self.outcome.ended).max(row.updated);
        let published = page.article.published.map(|stamp| ms(stamp.utc()));
        let dated = self
            .transaction
            .prepare_cached(
                "UPDATE article SET dated = coalesce(?2, first_seen), updated = ?3, fingerprint = ?4, story = ?5,
                     doc = ?6, evidence = ?7, turn = (SELECT max(turn) + 1 FROM article)
                 WHERE number = ?1 RETURNING dated",
            )
            .and_then(|mut sql| {
                let values =
                    params![row.number, published, updated, page.fingerprint, page.story, doc, evidence];
                sql.query_row(values, |row| row.get(0))
            })
            .map_err(failure)?;
        search::index(self.transaction, row.number, &page.article)?;
        categories::index(self.transaction, row.number, dated, &page.article)?;
        Ok(Fresh { dated, number: row.number, id: ArticleId::from_stored(row.id) })
    }

    /// From now on the article is asked for by this key; the one before it no longer has a plan.
    fn hand_over(&self, row: &Row, key: &UrlKey) -> Result<(), StoreError> {
        if row.key == key.as_str() {
            return Ok(());
        }
        self.execute(
            "UPDATE page SET next_visit = NULL, gone_at = NULL WHERE portal = ?1 AND key = ?2",
            params![self.name(), row.key],
        )?;
        self.execute("UPDATE article SET key = ?2 WHERE number = ?1", params![row.number, key.as_str()])?;
        Ok(())
    }

    /// Follows an address that changed (its spelling, a port, a new layout of the site) without touching
    /// `updated`; says whether the served link changed.
    fn relink(&self, row: &Row, page: &ReadPage) -> Result<bool, StoreError> {
        let Some(mut article) = self.doc(row)? else { return self.mend(row, &page.article) };
        let is_lesser = page.article.url.is_other_view() && !article.url.is_other_view();
        if article.url == page.article.url || is_lesser {
            return Ok(false);
        }
        article.url = page.article.url.clone();
        article.canonical_url.clone_from(&page.article.canonical_url);
        article.html.clone_from(&page.article.html);
        article.images.clone_from(&page.article.images);
        article.attachments.clone_from(&page.article.attachments);
        self.execute(
            "UPDATE article SET fingerprint = ?2, doc = ?3 WHERE number = ?1",
            params![row.number, page.fingerprint, json(&article)?],
        )?;
        Ok(true)
    }

    /// Writes an article anew whose row could not be read: it was in no feed meanwhile, and is no news.
    fn mend(&self, row: &Row, article: &Article) -> Result<bool, StoreError> {
        let (doc, evidence) = parts(article)?;
        self.execute(
            "UPDATE article SET doc = ?2, evidence = ?3 WHERE number = ?1",
            params![row.number, doc, evidence],
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
                     article = CASE WHEN ?8 THEN ?4 ELSE coalesce(article, ?4) END,
                     url = CASE WHEN ?8 THEN ?3 ELSE url END,
                     etag = CASE WHEN ?8 THEN ?5 ELSE etag END,
                     last_modified = CASE WHEN ?8 THEN ?6 ELSE last_modified END,
                     next_visit = CASE WHEN ?8 THEN ?7 ELSE next_visit END,
                     visits = CASE WHEN NOT ?8 THEN visits WHEN ?9 OR article IS NULL THEN 0
                                  ELSE visits + (next_visit IS NULL OR next_visit IS NOT ?7) END",
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
