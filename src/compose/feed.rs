//! Stored articles to one feed: which, how many, in what order.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::{SubsecRound, TimeDelta};
use percent_encoding::utf8_percent_encode;

use crate::model::{
    Entry, Feed, FeedSpec, PageUrl, Pages, Person, Portal, PortalId, Precision, Stamp, StoredArticle,
};
use crate::store::{About, Face, Query, Store, StoreError, Withdrawn};

use super::history::{self, Writing};
use super::sieve::Sieve;
use super::spec::{MOST, Place, SEARCH, UNRESERVED};

/// Articles on an archive page.
const PAGE: u32 = 50;
/// Archive pages without any article left that are passed over: behind more of them all is past its time.
const MOST_EMPTY: usize = 100;
/// Articles that are held against a filter for one narrowed feed: further back nobody looks.
const LOOKED_AT: usize = 5000;
/// Articles of a feed that are told to be gone, at most.
const MOST_TOMBSTONES: usize = 50;
/// They are told until the feed is so much newer: who polls once a month hears of them.
const TOMBSTONE_AGE: TimeDelta = TimeDelta::days(30);

/// An archive page of a feed (RFC 5005 section 4), or why there is none.
#[derive(Debug)]
pub enum Archived {
    /// The page as a document.
    Page(Box<Feed>),
    /// It was there; all articles on it are gone by now.
    Gone,
    /// There is no such page yet.
    Unknown,
}

/// What feeds are composed from.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The portals as configured.
    pub portals: &'a [Portal],
    /// What feeds say of where they are served.
    pub place: &'a Place,
    /// Where the articles are.
    pub store: &'a Store,
}

impl Desk<'_> {
    /// A whole feed as it stands now: what no archive page holds yet, newest first. Its history is written on as
    /// `writing` says.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn whole(&self, spec: &FeedSpec, writing: Writing) -> Result<Feed, StoreError> {
        let among = self.among(spec);
        let walked = history::walk(spec, &among, self.store, writing).await?;
        let mut feed = self.feed(spec, &among, walked.articles).await?;
        feed.hub = self.place.base.join("hub").ok();
        feed.updated = feed.updated.max(walked.updated.map(|at| at.trunc_subsecs(0)));
        feed.pages.previous = self.before(spec, &among, &feed, walked.archived).await?;
        self.bury(&mut feed, spec, among).await?;
        Ok(feed)
    }

    /// Tells which articles left the feed. Their age is counted from the feed's newest change, not from now: a feed
    /// is the same whenever it is written.
    async fn bury(&self, feed: &mut Feed, spec: &FeedSpec, among: Vec<PortalId>) -> Result<(), StoreError> {
        let Withdrawn { moved, tombstones } = self.store.withdrawn(among, MOST_TOMBSTONES).await?;
        // an article that leaves or comes back is a change too
        feed.updated = feed.updated.max(moved);
        let oldest = feed.updated.and_then(|at| at.checked_sub_signed(TOMBSTONE_AGE));
        let is_sieved = spec.include.is_some() || spec.exclude.is_some();
        // of an article that is gone nobody knows whether a filter let it in
        if is_sieved {
            return Ok(());
        }
        feed.tombstones =
            tombstones.into_iter().filter(|one| oldest.is_some_and(|at| one.at >= at)).collect();
        Ok(())
    }

    /// A part of a feed: the newest articles that it asks for.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn narrowed(&self, spec: &FeedSpec) -> Result<Feed, StoreError> {
        let among = self.among(spec);
        let limit = spec.limit.clamp(1, MOST);
        let sieve = Sieve::of(spec);
        let mut articles = Vec::new();
        let mut query = Query {
            portals: Some(among.clone()),
            category: spec.category.clone(),
            words: spec.words.clone(),
            limit: if sieve.is_open() { limit } else { MOST },
            skip: 0,
        };
        while articles.len() < limit && query.skip < LOOKED_AT {
            let found = self.store.articles(query.clone()).await?;
            let is_last = found.len() < query.limit || sieve.is_open();
            articles.extend(found.into_iter().filter(|stored| sieve.lets(&stored.article)));
            if is_last {
                break;
            }
            query.skip += query.limit;
        }
        articles.truncate(limit);
        self.feed(spec, &among, articles).await
    }

    /// An archive page; 1 is the oldest. With `upto` only its first articles: as far as it was filled when a document
    /// linked to it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn archive(
        &self,
        spec: &FeedSpec,
        page: u32,
        upto: Option<u32>,
    ) -> Result<Archived, StoreError> {
        let archived = self.store.history(&spec.name).await?.count;
        let before = page.checked_sub(1).and_then(|full| full.checked_mul(PAGE));
        let Some(first) = before.filter(|before| *before < archived).map(|before| before + 1) else {
            return Ok(Archived::Unknown);
        };
        // what was never linked to is none: caches would keep it short
        let filled = (archived + 1 - first).min(PAGE);
        if upto.is_some_and(|upto| !(1..=filled).contains(&upto)) {
            return Ok(Archived::Unknown);
        }
        let last = first + upto.unwrap_or(PAGE) - 1;
        let among = self.among(spec);
        let numbers = self.at_places(spec, &among, first..=last).await?;
        let mut articles = self.store.numbered(numbers).await?;
        if articles.is_empty() {
            return Ok(Archived::Gone);
        }
        history::newest_first(&mut articles);
        let mut feed = self.feed(spec, &among, articles).await?;
        let current = feed.address.clone();
        let previous = self.before(spec, &among, &feed, first - 1).await?;
        let next = (last < archived && upto.is_none()).then(|| page_address(&current, page + 1, None));
        feed.address = page_address(&current, page, upto);
        feed.pages = Pages { previous, next, current: Some(current) };
        Ok(Archived::Page(Box::new(feed)))
    }

    /// The articles at these places of the archive that the feed still takes in.
    async fn at_places(
        &self,
        spec: &FeedSpec,
        among: &[PortalId],
        places: RangeInclusive<u32>,
    ) -> Result<Vec<i64>, StoreError> {
        let found = self.store.at_places(&spec.name, places).await?;
        Ok(found.into_iter().filter(|(_, portal)| among.contains(portal)).map(|(number, _)| number).collect())
    }

    /// The page before a document whose own articles follow those at the first `archived` places. Pages on which
    /// all is gone are passed over.
    async fn before(
        &self,
        spec: &FeedSpec,
        among: &[PortalId],
        feed: &Feed,
        archived: u32,
    ) -> Result<Option<PageUrl>, StoreError> {
        let mut last = archived;
        for _ in 0..MOST_EMPTY {
            if last == 0 {
                break;
            }
            let page = (last - 1) / PAGE + 1;
            let first = (page - 1) * PAGE + 1;
            if !self.at_places(spec, among, first..=last).await?.is_empty() {
                let filled = last + 1 - first;
                return Ok(Some(page_address(
                    &feed.address,
                    page,
                    Some(filled).filter(|filled| *filled < PAGE),
                )));
            }
            last = first - 1;
        }
        Ok(None)
    }

    /// The portals it takes from. Articles of a portal that is no longer configured are kept, not served.
    fn among(&self, spec: &FeedSpec) -> Vec<PortalId> {
        self.portals
            .iter()
            .map(|portal| portal.id.clone())
            .filter(|id| spec.portals.as_ref().is_none_or(|chosen| chosen.contains(id)))
            .collect()
    }

    async fn feed(
        &self,
        spec: &FeedSpec,
        among: &[PortalId],
        articles: Vec<StoredArticle>,
    ) -> Result<Feed, StoreError> {
        let (portals, place) = (self.portals, self.place);
        let faces = self.store.faces().await?;
        let titles: HashMap<&PortalId, String> = portals
            .iter()
            .map(|portal| {
                (&portal.id, title_of(portal, faces.get(&portal.id).and_then(|face| face.title.as_deref())))
            })
            .collect();
        // `all` stays what it is when there is but one portal so far
        let alone = match spec.portals.as_deref() {
            Some([one]) if one.as_str() == spec.name => portals.iter().find(|portal| portal.id == *one),
            _ => None,
        };
        let lang = language(among, &faces, &articles);
        let title = spec.title.clone().or_else(|| alone.and_then(|portal| titles.get(&portal.id).cloned()));
        let title = title.unwrap_or_else(|| own_title(spec, lang.as_deref()));
        let entries: Vec<Entry> = articles.into_iter().map(|stored| entry(stored, &titles)).collect();
        let about = match alone {
            Some(portal) => self.store.about(&portal.id).await?,
            None => About::default(),
        };
        let base = || place.base.clone();
        let folder = place.base.join("feeds/").unwrap_or_else(|_| base());
        let path = if spec.name == SEARCH {
            SEARCH.to_owned()
        } else {
            format!("feeds/{}", utf8_percent_encode(&spec.name, UNRESERVED))
        };
        // the year tidings began: the id of a feed depends on nothing but its name and who mints it
        let stem = format!("tag:{},2026:feeds/", place.authority);
        Ok(Feed {
            name: spec.name.clone(),
            description: about.line.unwrap_or_else(|| description(&title, lang.as_deref())),
            hub: None,
            icon: about.icon,
            title,
            id: format!("{stem}{}", utf8_percent_encode(&spec.name, UNRESERVED)),
            stem,
            home: alone.and_then(|portal| portal.lists.first()).unwrap_or(&place.base).clone(),
            address: place.base.join(&path).unwrap_or_else(|_| base()),
            folder,
            pages: Pages::default(),
            lang,
            updated: entries.iter().map(|entry| entry.updated).max(),
            mixed: alone.is_none(),
            entries,
            tombstones: Vec::new(),
        })
    }
}

fn page_address(feed: &PageUrl, page: u32, upto: Option<u32>) -> PageUrl {
    let query = upto.map(|upto| format!("?upto={upto}")).unwrap_or_default();
    PageUrl::parse(&format!("{feed}/archive/{page}{query}")).unwrap_or_else(|_| feed.clone())
}

/// What people see as a portal's title: as configured, as its pages say, else its host.
#[must_use]
pub fn title_of(portal: &Portal, shown: Option<&str>) -> String {
    let shown = portal.title.clone().or_else(|| shown.map(str::to_owned));
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
    faces: &HashMap<PortalId, Face>,
    articles: &[StoredArticle],
) -> Option<String> {
    let of_portals: Vec<&str> =
        among.iter().filter_map(|id| faces.get(id)).filter_map(|face| face.lang.as_deref()).collect();
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

/// The title of a feed that has none: of everything, or of a search.
fn own_title(spec: &FeedSpec, lang: Option<&str>) -> String {
    match (&spec.words, is_chinese(lang)) {
        (Some(words), true) => format!("搜索：{words}"),
        (Some(words), false) => format!("Search: {words}"),
        (None, true) => "全部资讯".to_owned(),
        (None, false) => "All news".to_owned(),
    }
}

fn description(title: &str, lang: Option<&str>) -> String {
    if is_chinese(lang) { format!("{title}：最新文章") } else { format!("Latest articles from {title}") }
}
