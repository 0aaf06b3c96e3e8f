//! Which known article of the same day a page is, that came under another address: the same body under a title slightly
//! edited, or the same title and the portal's own number.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use rusqlite::params;
use serde::Deserialize;

use super::super::alike;
use super::super::contract::StoreError;
use super::super::shapes::ReadPage;
use super::days::Face;
use super::failure::failure;
use super::pages::{ROW, Row, Visit};
use super::rows::{from_json, ms};
use crate::model::PageUrl;

/// Articles of one day that a new one is held against.
const OF_A_DAY: i64 = 300;
/// Bytes of articles that one visit is held against: the writer has others to serve.
const MOST_BYTES: usize = 32 << 20;

/// What is read of a stored article for that.
#[derive(Deserialize)]
struct Said {
    url: PageUrl,
    text: String,
}

/// A text in one number, white space aside; None for one too short to tell articles apart.
fn print(text: &str) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    alike::telling(text)?.hash(&mut hasher);
    Some(hasher.finish())
}

impl Visit<'_> {
    /// An article of the same day whose address is gone from the list, and that has either the same body under a
    /// title slightly edited, or the same title and the portal's own number.
    pub(super) fn by_likeness(&self, page: &ReadPage) -> Result<Option<Row>, StoreError> {
        let article = &page.article;
        let Some(published) = article.published else { return Ok(None) };
        let own = alike::own_number(&article.url)
            .filter(|_| !self.outcome.lists.is_empty() || !self.outcome.listed.is_empty());
        let text = print(&article.text);
        if own.is_none() && text.is_none() {
            return Ok(None);
        }
        let at = published.at;
        let midnight = at.with_time(chrono::NaiveTime::MIN).single().unwrap_or(at);
        for face in self.of_day(ms(midnight.to_utc()))?.iter() {
            let (is_edited, is_numbered) =
                (text.is_some() && face.text == text, own.is_some() && face.own == own);
            if !(is_edited || is_numbered) || self.current.contains(&face.key) {
                continue;
            }
            let sql = format!("SELECT {ROW} FROM article WHERE number = ?1 AND dropped = 0");
            let Some(row) = self.rows(&sql, params![face.number])?.pop() else { continue };
            let Some(kept) = self.doc(&row)? else { continue };
            let is_edited = is_edited
                && alike::is_same_text(&kept, article)
                && alike::is_title_alike(&kept, article)
                && alike::has_same_parts(&kept, article);
            let is_numbered = is_numbered && alike::is_same_title(&kept, article);
            if alike::is_same_day(&kept, article) == Some(true) && (is_edited || is_numbered) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The articles that the portal had on the day that begins then; read once a visit.
    fn of_day(&self, from: i64) -> Result<Rc<Vec<Face>>, StoreError> {
        if let Some(faces) = self.days.faces.borrow().get(&from) {
            return Ok(Rc::clone(faces));
        }
        let mut faces = Vec::new();
        let mut bytes = self.days.bytes.get();
        let mut sql = self
            .transaction
            .prepare_cached(
                "SELECT number, key, doc FROM article WHERE portal = ?1 AND dropped = 0 AND dated >= ?2 AND dated < ?3
                 ORDER BY dated DESC, number DESC LIMIT ?4",
            )
            .map_err(failure)?;
        let mut rows =
            sql.query(params![self.name(), from, from + 24 * 60 * 60 * 1000, OF_A_DAY]).map_err(failure)?;
        while let Some(row) = rows.next().map_err(failure)?.filter(|_| bytes < MOST_BYTES) {
            let doc: String = row.get(2).map_err(failure)?;
            bytes += doc.len();
            // what cannot be read is like nothing
            let Ok(said) = from_json::<Said>(&doc) else { continue };
            faces.push(Face {
                number: row.get(0).map_err(failure)?,
                key: row.get(1).map_err(failure)?,
                text: print(&said.text),
                own: alike::own_number(&said.url),
            });
        }
        let faces = Rc::new(faces);
        self.days.bytes.set(bytes);
        self.days.faces.borrow_mut().insert(from, Rc::clone(&faces));
        Ok(faces)
    }
}
