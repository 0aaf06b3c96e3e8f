//! `[[feed]]` tables as written to the feeds that are meant.

use std::collections::HashMap;
use std::ops::Range;

use crate::compose::DEFAULT_LIMIT;
use crate::filter;
use crate::model::{Field, Filter, Mix, Origin, Portal, PortalId};

use super::fault::Fault;
use super::file;
use super::findings::Findings;
use super::nearest::nearest;
use super::value;
use super::value::{Meant, Trouble};
use super::written::Written;

/// Where a filter looks that does not say.
const WITHIN: [Field; 2] = [Field::Title, Field::Body];

/// The names of the feeds, with their places; None for a faulty one.
pub(super) fn names(file: &file::File, findings: &mut Findings) -> Vec<Option<(PortalId, Range<usize>)>> {
    let mut first: HashMap<String, Range<usize>> = HashMap::new();
    let mut names = Vec::new();
    for written in &file.feed {
        let name = &written.get().name;
        let id = findings.read(name.as_ref(), "feed.name", value::name);
        let span = name.as_ref().map_or_else(|| written.span(), Written::span);
        if name.is_none() {
            let cure = "add name = \"city-life\" (or another), made of a-z, 0-9, `_` and `-`";
            findings.add(Fault::at(written.span(), "feed.name", "this feed needs a name", cure));
        }
        if let Some(id) = &id {
            if let Some(before) = first.get(id.as_str()) {
                let what = format!("two feeds have the name `{id}`");
                let fault = Fault::at(span.clone(), "feed.name", what, "give one of them another");
                findings.add(fault.and(before.clone(), "the first"));
            } else {
                first.insert(id.to_string(), span.clone());
            }
        }
        names.push(id.map(|id| (id, span)));
    }
    names
}

/// The feeds, in the file's order.
pub(super) fn mixes(
    file: &file::File,
    names: Vec<Option<(PortalId, Range<usize>)>>,
    portals: &[Portal],
    findings: &mut Findings,
) -> Vec<Mix> {
    let mut mixes = Vec::new();
    for (written, name) in file.feed.iter().zip(names) {
        let written = written.get();
        let title =
            findings.read(written.title.as_ref(), "feed.title", |text| value::not_blank("title", text));
        let from = findings.read_all(written.from.as_ref(), "feed.from", |text| origin(text, portals));
        let include = read(written.include.as_ref(), "feed.include", findings);
        let exclude = read(written.exclude.as_ref(), "feed.exclude", findings);
        let limit = written.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(DEFAULT_LIMIT);
        let from = if from.is_empty() { vec![Origin::All] } else { from };
        mixes.extend(name.map(|(name, _)| Mix { name, title, from, include, exclude, limit }));
    }
    mixes
}

fn origin(text: &str, portals: &[Portal]) -> Meant<Origin> {
    if text == "all" {
        return Ok(Origin::All);
    }
    if let Some(tag) = text.strip_prefix("tag:") {
        let tags = || portals.iter().flat_map(|portal| portal.tags.iter().map(String::as_str));
        if tags().any(|known| known == tag) {
            return Ok(Origin::Tag(tag.to_owned()));
        }
        return Err(Trouble::new(format!("no portal has the tag `{tag}`"), meant(tag, tags())));
    }
    let names = || portals.iter().map(|portal| portal.id.as_str());
    match portals.iter().find(|portal| portal.id.as_str() == text) {
        Some(portal) => Ok(Origin::Portal(portal.id.clone())),
        None => Err(Trouble::new(format!("there is no portal `{text}`"), meant(text, names()))),
    }
}

fn meant<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(text, known).map_or_else(
        || "name a portal of this file, `tag:NAME` for all with a tag, or `all`".to_owned(),
        |known| format!("did you mean `{known}`?"),
    )
}

fn read(written: Option<&file::Filter>, key: &str, findings: &mut Findings) -> Option<Filter> {
    let written = written?;
    let any = findings.read_all(written.any.as_ref(), &format!("{key}.any"), |text| {
        let cure = "write words, or a regular expression between slashes, as \"/第\\\\d+届/\"";
        let bad = |why| Trouble::new(format!("`{text}` is no pattern: {why}"), cure);
        filter::check(text).map(|()| text.to_owned()).map_err(bad)
    });
    let within = findings.read_all(written.within.as_ref(), &format!("{key}.in"), |text| {
        let known = Field::ALL.into_iter().find(|field| field.as_str() == text);
        known.ok_or_else(|| Trouble::new(format!("`{text}` is no part of an article"), "write title or body"))
    });
    let within = if within.is_empty() { WITHIN.to_vec() } else { within };
    (!any.is_empty()).then_some(Filter { any, within })
}
