//! The name of a feed to what it asks for.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use crate::model::{FeedSpec, Mix, Origin, PageUrl, Portal, PortalId, STATUS};

/// What stays bare in a part of an address: the unreserved characters (RFC 3986 section 2.3).
pub const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The name of the feed of everything.
pub const ALL: &str = "all";
/// The name of the feed that a search makes.
pub const SEARCH: &str = "search";
/// What the names of the feeds of tags begin with.
pub const TAG: &str = "tag-";
/// Entries of a feed unless it says otherwise.
pub const DEFAULT_LIMIT: usize = 50;
/// Entries of a feed at most.
pub const MOST: usize = 200;

/// What a feed says of where it is served, and which feeds there are beside the portals'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// This server's public base, ending in `/`.
    pub base: PageUrl,
    /// Who mints the `tag:` ids: a host name (RFC 4151 authority).
    pub authority: String,
    /// The feeds configured beside the portals' own.
    pub mixes: Vec<Mix>,
}

/// The feed of a name: a portal's own, a configured one, that of a tag (`tag-NAME`), or `all`.
#[must_use]
pub fn spec_for(name: &str, portals: &[Portal], mixes: &[Mix]) -> Option<FeedSpec> {
    let spec = |title: Option<&String>, portals| FeedSpec {
        name: name.to_owned(),
        title: title.cloned(),
        portals,
        limit: DEFAULT_LIMIT,
        ..FeedSpec::default()
    };
    if name == ALL {
        return Some(spec(None, None));
    }
    if let Some(tag) = name.strip_prefix(TAG) {
        let tagged = tagged(tag, portals);
        return (!tagged.is_empty()).then(|| spec(Some(&tag.to_owned()), Some(tagged)));
    }
    if let Some(mix) = mixes.iter().find(|mix| mix.name.as_str() == name) {
        let title = mix.title.clone().unwrap_or_else(|| name.to_owned());
        return Some(FeedSpec {
            limit: mix.limit,
            include: mix.include.clone(),
            exclude: mix.exclude.clone(),
            ..spec(Some(&title), sources(mix, portals))
        });
    }
    let portal = portals.iter().find(|portal| portal.id.as_str() == name)?;
    Some(spec(portal.title.as_ref(), Some(vec![portal.id.clone()])))
}

/// The feed of all articles with some words.
#[must_use]
pub fn search(words: &str) -> FeedSpec {
    FeedSpec {
        name: SEARCH.to_owned(),
        limit: DEFAULT_LIMIT,
        words: Some(words.to_owned()),
        ..FeedSpec::default()
    }
}

/// The feed of sick portals. It takes no articles: what it stands on is known by its own name.
#[must_use]
pub fn status() -> FeedSpec {
    FeedSpec {
        name: STATUS.to_owned(),
        portals: PortalId::parse(STATUS).ok().map(|id| vec![id]),
        limit: DEFAULT_LIMIT,
        ..FeedSpec::default()
    }
}

/// Every feed of this server by name, `all` first: portals, configured feeds, tags.
#[must_use]
pub fn names(portals: &[Portal], mixes: &[Mix]) -> Vec<String> {
    let mut tags: Vec<&str> = portals.iter().flat_map(|p| p.tags.iter().map(String::as_str)).collect();
    tags.sort_unstable();
    tags.dedup();
    std::iter::once(ALL.to_owned())
        .chain(portals.iter().map(|portal| portal.id.to_string()))
        .chain(mixes.iter().map(|mix| mix.name.to_string()))
        .chain(tags.into_iter().map(|tag| format!("{TAG}{tag}")))
        .collect()
}

/// The portals that a configured feed takes from; None for all.
fn sources(mix: &Mix, portals: &[Portal]) -> Option<Vec<PortalId>> {
    if mix.from.contains(&Origin::All) {
        return None;
    }
    let takes = |portal: &&Portal| {
        mix.from.iter().any(|origin| match origin {
            Origin::All => true,
            Origin::Portal(id) => portal.id == *id,
            Origin::Tag(tag) => portal.tags.contains(tag),
        })
    };
    Some(portals.iter().filter(takes).map(|portal| portal.id.clone()).collect())
}

fn tagged(tag: &str, portals: &[Portal]) -> Vec<PortalId> {
    let has = |portal: &&Portal| portal.tags.iter().any(|one| one == tag);
    portals.iter().filter(has).map(|portal| portal.id.clone()).collect()
}
