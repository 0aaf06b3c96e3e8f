//! The names of all portals: as given, none twice, and by host where none is given.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::model::{Portal, PortalId};

use super::fault::Fault;
use super::file;
use super::findings::Findings;
use super::value;

/// The most characters of a name; the tail `-2` needs room in it.
const LONGEST: usize = 64;

/// The names that are given away.
#[derive(Default)]
struct Taken {
    names: HashSet<String>,
    /// How often each host was tried, so that a thousand portals on one host do not try a thousand names each.
    tried: HashMap<String, usize>,
}

/// What a portal is called by: the name as written, else where one would stand.
pub(super) struct Named<'a> {
    /// As written.
    pub(super) written: &'a file::Portal,
    /// The heading, to tell of a portal that cannot be named.
    pub(super) heading: Range<usize>,
    /// The portal, not named yet; None when it was faulty.
    pub(super) portal: Option<Portal>,
}

/// Names all portals, in the file's order.
///
/// `feeds` are the names of `[[feed]]` tables: portals and feeds share one name space.
pub(super) fn give(
    all: Vec<Named<'_>>,
    feeds: &[Option<(PortalId, Range<usize>)>],
    findings: &mut Findings,
) -> Vec<Portal> {
    let given = given(&all, feeds, findings);
    let mut taken = Taken::default();
    taken.names.extend(feeds.iter().flatten().map(|(name, _)| name.to_string()));
    taken.names.extend(given.iter().flatten().map(ToString::to_string));
    let mut portals = Vec::new();
    for (one, given) in all.into_iter().zip(given) {
        let Some(mut portal) = one.portal else { continue };
        let id = match (given, &one.written.name) {
            (Some(id), _) => Some(id),
            // Told of already.
            (None, Some(_)) => None,
            (None, None) => {
                let id = by_host(&portal, &mut taken);
                if id.is_none() {
                    let cure = "add name = \"…\", made of a-z, 0-9, `_` and `-`";
                    findings.add(Fault::at(one.heading, "portal.name", "this portal needs a name", cure));
                }
                id
            }
        };
        if let Some(id) = id {
            portal.id = id;
            portals.push(portal);
        }
    }
    portals
}

/// The names as written, and which of them stand twice.
fn given(
    all: &[Named<'_>],
    feeds: &[Option<(PortalId, Range<usize>)>],
    findings: &mut Findings,
) -> Vec<Option<PortalId>> {
    let feeds: HashMap<&str, &Range<usize>> =
        feeds.iter().flatten().map(|(name, span)| (name.as_str(), span)).collect();
    let mut first: HashMap<String, Range<usize>> = HashMap::new();
    let mut ids = Vec::new();
    for one in all {
        let id = findings.read(one.written.name.as_ref(), "portal.name", value::name);
        if let (Some(id), Some(name)) = (&id, &one.written.name) {
            if let Some(feed) = feeds.get(id.as_str()) {
                let what = format!("a portal and a feed have the name `{id}`");
                let fault = Fault::at(name.span(), "portal.name", what, "give one of them another");
                findings.add(fault.and((*feed).clone(), "the feed"));
            }
            if let Some(span) = first.get(id.as_str()) {
                let what = format!("two portals have the name `{id}`");
                let fault = Fault::at(name.span(), "portal.name", what, "give one of them another");
                // Both may have it from [defaults].
                let fault = if *span == name.span() { fault } else { fault.and(span.clone(), "the first") };
                findings.add(fault);
            } else {
                first.insert(id.to_string(), name.span());
            }
        }
        ids.push(id);
    }
    ids
}

/// The name by host, then with `-2` behind it and so on.
fn by_host(portal: &Portal, taken: &mut Taken) -> Option<PortalId> {
    let base = portal.id.to_string();
    let first = taken.tried.get(&base).map_or(1, |count| count + 1);
    let (count, name) = (first..=first + taken.names.len()).find_map(|count| {
        let tail = if count == 1 { String::new() } else { format!("-{count}") };
        let stem: String = base.chars().take(LONGEST - tail.len()).collect();
        let name = format!("{stem}{tail}");
        let free = !value::is_reserved(&name) && !taken.names.contains(&name);
        free.then_some((count, name))
    })?;
    taken.tried.insert(base, count);
    let id = PortalId::parse(&name).ok();
    taken.names.insert(name);
    id
}
