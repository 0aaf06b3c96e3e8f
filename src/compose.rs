//! Stored articles to one feed: which, how many, in what order.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound};

use crate::model::{
    Entry, Feed, FeedSpec, PageUrl, Person, Portal, PortalId, PortalStatus, Precision, Stamp, StoredArticle,
};
use crate::store::{Query, Store, StoreError};

/// The name of the feed of everything.
pub const ALL: &str = "all";
/// Entries of a feed unless it says otherwise.
pub const DEFAULT_LIMIT: usize = 50;
/// Entries of a feed at most.
pub const MOST: usize = 200;

/// What a feed says of where it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// This server's public base, ending in `/`.
    pub base: PageUrl,
    /// Who mints the `tag:` ids: a host name (RFC 4151 authority).
    pub authority: String,
}

/// The feed of a name: a portal's own, or `all`.
#[must_use]
pub fn spec_for(name: &str, portals: &[Portal]) -> Option<FeedSpec> {
    let spec = |portals| FeedSpec {
        name: name.to_owned(),
        title: None,
        portals,
        limit: DEFAULT_LIMIT,
        category: None,
    };
    if name == ALL {
        return Some(spec(None));
    }
    let portal = portals.iter().find(|portal| portal.id.as_str() == name)?;
    Some(FeedSpec { title: portal.title.clone(), ..spec(Some(vec![portal.id.clone()])) })
}

/// Composes a feed from the store.
///
/// # Errors
/// When the store fails.
pub async fn feed(
    spec: &FeedSpec,
    portals: &[Portal],
    place: &Place,
    store: &Store,
) -> Result<Feed, StoreError> {
    let now = DateTime::UNIX_EPOCH;
    let status = store.status(now).await?;
    // articles of a portal that is no longer configured are kept, not served
    let among: Vec<PortalId> = portals
        .iter()
        .map(|portal| portal.id.clone())
        .filter(|id| spec.portals.as_ref().is_none_or(|chosen| chosen.contains(id)))
        .collect();
    let query = Query {
        portals: Some(among.clone()),
        category: spec.category.clone(),
        limit: spec.limit.clamp(1, MOST),
    };
    let articles = store.articles(query).await?;
    let titles: HashMap<&PortalId, String> =
        portals.iter().map(|portal| (&portal.id, title_of(portal, status.get(&portal.id)))).collect();
    // `all` stays what it is when there is but one portal so far
    let alone = match spec.portals.as_deref() {
        Some([one]) => portals.iter().find(|portal| portal.id == *one),
        _ => None,
    };
    let lang = language(&among, &status, &articles);
    let title = spec.title.clone().or_else(|| alone.and_then(|portal| titles.get(&portal.id).cloned()));
    let title = title.unwrap_or_else(|| all_title(lang.as_deref()).to_owned());
    let entries: Vec<Entry> = articles.into_iter().map(|stored| entry(stored, &titles)).collect();
    let address = place.base.join(&format!("feeds/{}", spec.name)).unwrap_or_else(|_| place.base.clone());
    Ok(Feed {
        name: spec.name.clone(),
        description: description(&title, lang.as_deref()),
        title,
        // the year tidings began: the id of a feed depends on nothing but its name and who mints it
        id: format!("tag:{},2026:feeds/{}", place.authority, spec.name),
        home: alone.and_then(|portal| portal.lists.first()).unwrap_or(&place.base).clone(),
        address,
        lang,
        updated: entries.iter().map(|entry| entry.updated).max(),
        mixed: alone.is_none(),
        entries,
    })
}

/// What people see as a portal's title: as configured, as its pages say, else its host.
#[must_use]
pub fn title_of(portal: &Portal, status: Option<&PortalStatus>) -> String {
    let shown = portal.title.clone().or_else(|| status.and_then(|status| status.title.clone()));
    let host = || portal.lists.first().map_or_else(|| portal.id.to_string(), |list| list.host().to_owned());
    shown.filter(|title| !title.trim().is_empty()).unwrap_or_else(host)
}

fn entry(stored: StoredArticle, titles: &HashMap<&PortalId, String>) -> Entry {
    let portal_title = titles.get(&stored.portal).cloned().unwrap_or_else(|| stored.portal.to_string());
    let seen = Stamp { at: stored.first_seen.trunc_subsecs(0).fixed_offset(), precision: Precision::Second };
    let article = stored.article;
    let published = article.published.unwrap_or(seen);
    Entry {
        id: stored.id,
        url: article.url,
        title: article.title,
        published,
        // an article is never older in `updated` than in `published`
        updated: stored.updated.trunc_subsecs(0).max(published.utc()),
        author: article.author.map(|name| Person { name }),
        source: article.source,
        portal: (stored.portal, portal_title),
        categories: article.categories,
        summary: article.summary,
        html: article.html,
        lang: article.lang,
        images: article.images,
        attachments: article.attachments,
    }
}

/// The portals' language when they agree, else the articles'.
fn language(
    among: &[PortalId],
    status: &HashMap<PortalId, PortalStatus>,
    articles: &[StoredArticle],
) -> Option<String> {
    let of_portals: Vec<&str> =
        among.iter().filter_map(|id| status.get(id)).filter_map(|status| status.lang.as_deref()).collect();
    let of_articles: Vec<&str> =
        articles.iter().filter_map(|stored| stored.article.lang.as_deref()).collect();
    let agreed = |langs: &[&str]| {
        let (first, rest) = langs.split_first()?;
        rest.iter().all(|lang| lang == first).then(|| (*first).to_owned())
    };
    if of_portals.len() == among.len() { agreed(&of_portals) } else { agreed(&of_articles) }
}

fn is_chinese(lang: Option<&str>) -> bool {
    lang.is_some_and(|lang| lang.starts_with("zh"))
}

fn all_title(lang: Option<&str>) -> &'static str {
    if is_chinese(lang) { "全部资讯" } else { "All news" }
}

fn description(title: &str, lang: Option<&str>) -> String {
    if is_chinese(lang) { format!("{title}：最新文章") } else { format!("Latest articles from {title}") }
}
