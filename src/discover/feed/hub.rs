//! The hub that a feed names (W3C WebSub section 4).

use feed_rs::model::Feed;

use crate::model::{HubLink, PageUrl};

/// The hub of a feed, and what to ask it for. `named` is one that the feed says in another way than by a link.
pub(super) fn of(head: &Feed, named: Option<&str>, url: &PageUrl) -> Option<HubLink> {
    let link = |wanted: &str| {
        let has = |rel: &str| rel.split_whitespace().any(|rel| rel.eq_ignore_ascii_case(wanted));
        let link = head.links.iter().find(|link| link.rel.as_deref().is_some_and(has))?;
        url.join(link.href.trim()).ok()
    };
    let hub = link("hub").or_else(|| url.join(named?.trim()).ok())?;
    let topic = link("self").unwrap_or_else(|| url.clone());
    Some(HubLink { hub, topic })
}
