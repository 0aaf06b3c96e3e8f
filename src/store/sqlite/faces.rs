//! What portals' pages say of them: read for every feed that is made, so nothing is counted here.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::model::{PageUrl, PortalId};

use super::super::contract::StoreError;
use super::super::shapes::{About, Face};
use super::failure::failure;
use super::rows::{portal as portal_id, readable};

pub(super) fn faces(connection: &Connection) -> Result<HashMap<PortalId, Face>, StoreError> {
    let mut sql = connection.prepare_cached("SELECT name, title, lang FROM portal").map_err(failure)?;
    let rows = sql
        .query_map([], |row| Ok((row.get::<_, String>(0)?, Face { title: row.get(1)?, lang: row.get(2)? })))
        .map_err(failure)?;
    let mut found = HashMap::new();
    for row in rows {
        let (name, face) = row.map_err(failure)?;
        found.extend(readable("a portal's row", portal_id(&name)).map(|name| (name, face)));
    }
    Ok(found)
}

pub(super) fn about(connection: &Connection, portal: &PortalId) -> Result<About, StoreError> {
    let found: Option<(Option<String>, Option<String>)> = connection
        .prepare_cached(
            "SELECT json_extract(traits, '$.about'), json_extract(traits, '$.icon') FROM list
             WHERE portal = ?1 AND json_valid(traits) LIMIT 1",
        )
        .and_then(|mut sql| sql.query_row([portal.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional())
        .map_err(failure)?;
    let (line, icon) = found.unwrap_or_default();
    Ok(About { line, icon: icon.and_then(|icon| PageUrl::parse(&icon).ok()) })
}
