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
        ..FeedSpec::default()
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
        ..Query::default()
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

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;
    use crate::model::{Article, ArticleRules, Evidence, Kind, Pace, Recipe, VisitCounts};
    use crate::store::{Lease, Outcome, PageOutcome, ReadPage, Seed, Settings};

    fn id(name: &str) -> PortalId {
        PortalId::parse(name).unwrap()
    }

    fn url(text: &str) -> PageUrl {
        PageUrl::parse(text).unwrap()
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_323_200, 0).unwrap() + TimeDelta::minutes(minute)
    }

    fn portal(name: &str) -> Portal {
        Portal {
            id: id(name),
            title: None,
            lists: vec![url(&format!("http://{name}.example/news/"))],
            sample: false,
            admitted: None,
            kind: Kind::Auto,
            pace: Pace::Every(std::time::Duration::from_secs(60)),
            zone: None,
            tags: Vec::new(),
            recipe: Recipe { article: ArticleRules::default(), ..Recipe::default() },
            min_gap: None,
            headers: Vec::new(),
            enabled: true,
        }
    }

    fn page(portal: &str, number: i64, published: Option<i64>) -> PageOutcome {
        let url = url(&format!("http://{portal}.example/{number}"));
        let published =
            published.map(|minute| Stamp { at: at(minute).fixed_offset(), precision: Precision::Day });
        let article = Article {
            url: url.clone(),
            canonical_url: None,
            title: format!("{portal} {number}"),
            published,
            modified: None,
            author: Some("A. Writer".to_owned()),
            source: None,
            categories: Vec::new(),
            html: "<p>x</p>".to_owned(),
            text: "x".to_owned(),
            summary: "x".to_owned(),
            lang: None,
            images: Vec::new(),
            attachments: Vec::new(),
            evidence: Evidence::new(),
        };
        PageOutcome::Read(Box::new(ReadPage {
            keys: vec![url.key()],
            fingerprint: article.title.clone(),
            article,
            story: None,
            etag: None,
            last_modified: None,
            next_visit: None,
            next_visit_changed: None,
        }))
    }

    /// A store with a visit of each portal: its title, its language, its pages.
    async fn store(portals: &[(&str, Option<&str>, &str, Vec<PageOutcome>)]) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let place = format!("sqlite:{}", folder.path().join("t.db").display());
        let store = Store::open(&Settings { url: place, ..Settings::default() }).await.unwrap();
        let seed = |name: &str| Seed { id: id(name), first_due: at(0), pace: String::new(), enabled: true };
        store.sync_portals(portals.iter().map(|portal| seed(portal.0)).collect(), at(0)).await.unwrap();
        for (name, title, lang, pages) in portals {
            let lease = Lease { node: "node".to_owned(), now: at(0), until: at(1) };
            store.claim(&id(name), Vec::new(), lease.clone()).await.unwrap().unwrap();
            let visited = Outcome {
                portal: id(name),
                lease,
                ended: at(100),
                next_due: at(200),
                error: None,
                degraded: false,
                title: title.map(str::to_owned),
                lang: Some((*lang).to_owned()),
                counts: VisitCounts::default(),
                notes: Vec::new(),
                lists: Vec::new(),
                pages: pages.clone(),
                hosts: Vec::new(),
            };
            store.finish(visited).await.unwrap();
        }
        (folder, store)
    }

    fn place() -> Place {
        Place { base: url("https://feeds.example.net/sub/"), authority: "feeds.example.net".to_owned() }
    }

    #[tokio::test]
    async fn a_portals_feed_stands_for_its_list_and_dates_what_has_no_day() {
        let pages = vec![page("town", 1, Some(5)), page("town", 2, None)];
        let (_folder, store) = store(&[("town", Some("唐山信息网"), "zh-CN", pages)]).await;
        let portals = [portal("town")];
        let spec = spec_for("town", &portals).unwrap();
        assert_eq!(spec.limit, 50);
        let feed = feed(&spec, &portals, &place(), &store).await.unwrap();
        assert_eq!((feed.title.as_str(), feed.lang.as_deref()), ("唐山信息网", Some("zh-CN")));
        assert_eq!(feed.description, "唐山信息网：最新文章");
        assert_eq!(feed.id, "tag:feeds.example.net,2026:feeds/town");
        assert_eq!(feed.home, portals[0].lists[0]);
        assert_eq!(feed.address.as_str(), "https://feeds.example.net/sub/feeds/town");
        assert_eq!((feed.mixed, feed.updated), (false, Some(at(100))));
        let dates: Vec<_> =
            feed.entries.iter().map(|entry| (entry.published.utc(), entry.published.precision)).collect();
        assert_eq!(dates, [(at(100), Precision::Second), (at(5), Precision::Day)]);
        assert_eq!(feed.entries[0].author.as_ref().unwrap().name, "A. Writer");
    }

    #[tokio::test]
    async fn all_mixes_every_portal_that_is_configured_also_when_that_is_one() {
        let (_folder, store) = store(&[
            ("town", Some("Town"), "en", vec![page("town", 1, Some(5))]),
            ("city", None, "en", vec![page("city", 1, Some(9))]),
            ("gone", None, "en", vec![page("gone", 1, Some(7))]),
        ])
        .await;
        let portals = [portal("town"), portal("city")];
        let all = feed(&spec_for(ALL, &portals).unwrap(), &portals, &place(), &store).await.unwrap();
        let shown: Vec<_> =
            all.entries.iter().map(|entry| (entry.title.as_str(), entry.portal.1.as_str())).collect();
        assert_eq!(shown, [("city 1", "city.example"), ("town 1", "Town")]);
        assert!(all.mixed && all.home == place().base && all.title == "All news");
        let one =
            feed(&spec_for(ALL, &portals[..1]).unwrap(), &portals[..1], &place(), &store).await.unwrap();
        assert!(one.mixed && one.title == all.title && one.id == all.id && one.entries.len() == 1);
    }

    #[tokio::test]
    async fn a_feed_without_articles_is_whole_and_an_unknown_name_is_none() {
        let (_folder, store) = store(&[]).await;
        let portals = [portal("town")];
        let feed = feed(&spec_for("town", &portals).unwrap(), &portals, &place(), &store).await.unwrap();
        assert_eq!((feed.title.as_str(), feed.updated, feed.entries.len()), ("town.example", None, 0));
        assert_eq!(feed.description, "Latest articles from town.example");
        assert_eq!(spec_for("nowhere", &portals), None);
    }
}
