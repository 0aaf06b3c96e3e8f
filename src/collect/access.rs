//! How a portal is reached: what is told of it at every visit.

use crate::model::{Class, Note, Portal};

/// Told at every visit, so that nobody forgets it: certificates are not checked.
pub(super) fn unchecked(portal: &Portal) -> Vec<Note> {
    let detail = "certificates of this portal's hosts are not checked (fetch.insecure_tls)".to_owned();
    let note = Note { class: Class::Tls, detail, url: None };
    if portal.access.insecure_tls { vec![note] } else { Vec::new() }
}
