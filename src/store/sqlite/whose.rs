//! Which known article a page is: by its addresses, by its story, by its likeness to one that moved.

use rusqlite::{OptionalExtension, params};

use crate::model::{PageUrl, UrlKey};

use super::super::alike;
use super::super::contract::StoreError;
use super::super::shapes::ReadPage;
use super::failure::failure;
use super::pages::{By, ROW, Row, Visit};

impl Visit<'_> {
    /// The known article that a page is, and how that was told.
    pub(super) fn whose(&self, page: &ReadPage) -> Result<Option<(Row, By)>, StoreError> {
        if let Some(row) = self.by_keys(page)? {
            return Ok(Some((row, By::Address)));
        }
        if let Some(row) = self.by_story(page)? {
            return Ok(Some((row, By::Story)));
        }
        Ok(self.by_likeness(page)?.map(|row| (row, By::Likeness)))
    }

    /// The article that one of the page's keys leads to.
    fn by_keys(&self, page: &ReadPage) -> Result<Option<Row>, StoreError> {
        let sql = format!(
            "SELECT {ROW} FROM page JOIN article ON article.number = page.article
             WHERE page.portal = ?1 AND page.key = ?2"
        );
        for (place, key) in page.keys.iter().enumerate() {
            let Some((is_own, is_shared)) = self.address(key)? else { continue };
            // an address that many claim leads those only that are asked for by it
            if is_shared && !(place == 0 && is_own) {
                continue;
            }
            let Some(row) = self.rows(&sql, params![self.name(), key.as_str()])?.pop() else { continue };
            if place == 0 && is_own || self.is_same(&row, page, key, is_own || place == 0)? {
                return Ok(Some(row));
            }
            if !is_own {
                self.execute(
                    "UPDATE page SET shared = 1 WHERE portal = ?1 AND key = ?2",
                    params![self.name(), key.as_str()],
                )?;
            }
        }
        Ok(None)
    }

    /// Whether a page was read under this address itself, not only named by others; and whether pages of several
    /// articles name it. None for one that leads nowhere.
    fn address(&self, key: &UrlKey) -> Result<Option<(bool, bool)>, StoreError> {
        let row: Option<(String, bool, bool)> = self
            .transaction
            .prepare_cached(
                "SELECT page.url, page.shared, article.key = page.key OR page.visits > 0 OR page.etag IS NOT NULL
                 FROM page JOIN article ON article.number = page.article
                 WHERE page.portal = ?1 AND page.key = ?2",
            )
            .and_then(|mut sql| {
                let row = sql.query_row([self.name(), key.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                });
                row.optional()
            })
            .map_err(failure)?;
        Ok(row.map(|(url, is_shared, was_asked)| {
            (was_asked || key.is_name() || PageUrl::parse(&url).is_ok_and(|url| url.key() == *key), is_shared)
        }))
    }

    /// Whether a page is the article that one of its further addresses leads to: a site whose pages all name one
    /// canonical address, or lead to one, must not fold them into one.
    ///
    /// `is_read`: one of the two was read under the address itself.
    fn is_same(&self, row: &Row, page: &ReadPage, key: &UrlKey, is_read: bool) -> Result<bool, StoreError> {
        if row.dropped || row.fingerprint == page.fingerprint {
            return Ok(true);
        }
        let (Some(kept), article) = (self.doc(row)?, &page.article) else { return Ok(is_read) };
        let day = alike::is_same_day(&kept, article);
        // a short text, or none, stands under many titles
        if alike::is_same_text(&kept, article) && alike::has_same_parts(&kept, article) && day != Some(false)
        {
            return Ok(true);
        }
        if !alike::is_title_alike(&kept, article) || day == Some(false) {
            return Ok(false);
        }
        // where both only name it, it counts if it names an article, and for a page that took the other's place
        let is_numbered =
            key.as_str().rsplit('/').next().is_some_and(|name| name.contains(|c: char| c.is_ascii_digit()));
        Ok(is_read || is_numbered && day == Some(true) && !self.current.contains(&row.key))
    }

    /// An article that came back under another address; never one that this visit has seen under its own. Of
    /// several that read alike, one whose own address is gone.
    fn by_story(&self, page: &ReadPage) -> Result<Option<Row>, StoreError> {
        let Some(story) = &page.story else { return Ok(None) };
        let sql = format!("SELECT {ROW} FROM article WHERE portal = ?1 AND story = ?2 ORDER BY number");
        let mut rows = self.rows(&sql, params![self.name(), story])?;
        rows.retain(|row| !self.asked.contains(row.key.as_str()));
        let place = rows.iter().position(|row| !self.current.contains(&row.key)).unwrap_or(0);
        Ok(if rows.is_empty() { None } else { Some(rows.swap_remove(place)) })
    }
}
