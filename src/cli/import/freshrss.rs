//! `FreshRSS`: OPML with its own attributes, for lists read by `XPath` or from JSON.

use crate::render::{self, Outline};

use super::bridge;
use super::found::{Found, Imported, parted};
use super::times;

/// A feed that is asked for more often than this is a slip of the pen.
const LEAST_TTL: i64 = 60;

/// Reads the outlines.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let read = render::read_opml(text).map_err(|error| error.to_string())?;
    let mut found = Found { told: read.left_out, ..Found::default() };
    for (line, outline) in &read.outlines {
        if let Some(portal) = portal(&mut found, *line, outline) {
            found.portals.push(portal);
        }
    }
    Ok(found)
}

fn portal(found: &mut Found, line: usize, outline: &Outline) -> Option<Imported> {
    if bridge::is_one(&outline.xml_url) {
        let portal = bridge::address(found, line, &outline.xml_url)?;
        return Some(Imported { title: titled(outline), tags: outline.tags.clone(), ..portal });
    }
    let of = |name: &str| {
        let own = |(own, value): &&(String, String)| {
            own.strip_prefix("frss:").is_some_and(|own| own.eq_ignore_ascii_case(name))
                && !value.trim().is_empty()
        };
        outline.others.iter().find(own).map(|(_, value)| value.as_str())
    };
    let kind = outline.others.iter().find(|(name, _)| name == "type").map_or("", |(_, value)| value.as_str());
    let mut portal = Imported {
        line,
        title: titled(outline),
        url: outline.xml_url.clone(),
        tags: outline.tags.clone(),
        ..Imported::default()
    };
    match kind.to_ascii_uppercase().as_str() {
        "HTML+XPATH" => {
            portal.kind = Some("html");
            by_xpath(found, line, &of, &mut portal);
        }
        "JSON+DOTNOTATION" => {
            portal.kind = Some("json");
            by_json(found, line, &of, &mut portal);
        }
        "XML+XPATH" | "HTML+XPATH+JSON+DOTNOTATION" => {
            found.tell(
                line,
                format!("{kind}: its expressions have no counterpart; the address is read by detection"),
            );
        }
        _ => {}
    }
    portal.recipe.article.body = found.css(line, "frss:cssFullContent", of("cssFullContent"));
    for selector in
        of("cssContentFilter").or_else(|| of("cssFullContentFilter")).map(parted).unwrap_or_default()
    {
        portal.recipe.article.remove.extend(found.css(line, "frss:cssContentFilter", Some(&selector)));
    }
    pace(found, line, of("ttl"), &mut portal);
    for header in of("CURLOPT_HTTPHEADER").unwrap_or_default().lines() {
        if let Some((name, value)) = header.split_once(':') {
            portal.headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    rest(found, line, outline, &of);
    Some(portal)
}

fn titled(outline: &Outline) -> Option<String> {
    Some(outline.title.trim().to_owned()).filter(|title| !title.is_empty() && *title != outline.xml_url)
}

type Of<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

fn by_xpath<'a>(found: &mut Found, line: usize, of: &Of<'a>, portal: &mut Imported) {
    let list = &mut portal.recipe.list;
    list.item = found.xpath(line, "frss:xPathItem", of("xPathItem"));
    list.title = found.xpath(line, "frss:xPathItemTitle", of("xPathItemTitle"));
    list.link = found.xpath(line, "frss:xPathItemUri", of("xPathItemUri"));
    list.date = found.xpath(line, "frss:xPathItemTimestamp", of("xPathItemTimestamp"));
    found.within_items(portal, of("xPathItem").is_some());
    format(found, line, "frss:xPathItemTimeFormat", of("xPathItemTimeFormat"), portal);
}

fn by_json<'a>(found: &mut Found, line: usize, of: &Of<'a>, portal: &mut Imported) {
    let mut path = |key: &str, root: &str| {
        let dotted = of(key)?;
        let is_plain = dotted.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '[' | ']' | '_'));
        if is_plain {
            return Some(format!("$.{}{root}", dotted.trim_matches('.')));
        }
        found.tell(line, format!("frss:{key}: `{dotted}` is more than a path; write `json` by hand"));
        None
    };
    let json = &mut portal.recipe.json;
    json.items = path("jsonItem", "[*]");
    json.title = path("jsonItemTitle", "");
    json.link = path("jsonItemUri", "");
    json.date = path("jsonItemTimestamp", "");
    json.body = path("jsonItemContent", "");
    json.author = path("jsonItemAuthor", "");
    format(found, line, "frss:jsonItemTimeFormat", of("jsonItemTimeFormat"), portal);
}

fn format(found: &mut Found, line: usize, key: &str, written: Option<&str>, portal: &mut Imported) {
    match written.map(times::of_php) {
        Some(Ok(format)) => portal.recipe.dates.formats.push(format),
        Some(Err(letter)) => {
            found.tell(line, format!("{key}: `{letter}` has no counterpart; most dates are read without one, else write `dates.formats`"));
        }
        None => {}
    }
}

fn pace(found: &mut Found, line: usize, ttl: Option<&str>, portal: &mut Imported) {
    let Some(written) = ttl else { return };
    match written.trim().parse::<i64>() {
        Ok(seconds) if seconds < 0 => {
            portal.is_paused = true;
            found.tell(line, "frss:ttl: the feed was muted, so the portal is paused (`enabled = false`)");
        }
        Ok(seconds) if seconds >= LEAST_TTL => portal.every = u64::try_from(seconds).ok(),
        _ => {}
    }
}

/// Attributes that have no counterpart, and what to do instead.
const TOLD: [(&str, &str); 8] = [
    ("CURLOPT_COOKIE", "put the cookie in a file and name that in `fetch.cookie_file`"),
    ("CURLOPT_COOKIEFILE", "name a cookie file in `fetch.cookie_file`"),
    ("CURLOPT_PROXY", "name the proxy in `fetch.proxy`"),
    ("CURLOPT_USERAGENT", "tidings has one name for all portals; see `fetch.user_agent`"),
    ("CURLOPT_POST", "lists are asked for by GET; give the address that answers one"),
    ("CURLOPT_POSTFIELDS", "lists are asked for by GET; give the address that answers one"),
    ("priority", "who reads a feed says how much it matters"),
    ("opmlUrl", "it stands for another OPML file, import that by itself"),
];

/// Tells of the attributes that have no counterpart.
fn rest<'a>(found: &mut Found, line: usize, outline: &Outline, of: &Of<'a>) {
    let has = |name: &str| of(name).is_some();
    let by = |names: &[&str]| names.iter().any(|name| has(name));
    if by(&["filtersActionRead"]) {
        found.tell(line, "frss:filtersActionRead: a `[[feed]]` with `exclude` leaves articles out by words");
    }
    if by(&["cssFullContentConditions"]) {
        found.tell(line, "frss:cssFullContentConditions: articles are always read whole; nothing to do");
    }
    for (key, what) in TOLD {
        if has(key) {
            found.tell(line, format!("frss:{key}: {what}"));
        }
    }
    let from_article =
        ["xPathItemContent", "xPathItemAuthor", "xPathItemThumbnail", "xPathItemCategories", "xPathItemUid"];
    let json = ["jsonItemThumbnail", "jsonItemCategories", "jsonItemUid"];
    for key in from_article.into_iter().chain(json).filter(|key| has(key)) {
        if of(key) != Some(".") {
            found.tell(line, format!("frss:{key}: it is read from the article; nothing to do"));
        }
    }
    let known = |name: &str| {
        name == "type"
            || name.strip_prefix("frss:").is_some_and(|name| {
                name.starts_with("xPathItem")
                    || name.starts_with("jsonItem")
                    || name.starts_with("cssFull")
                    || TOLD.iter().any(|(told, _)| *told == name)
                    || matches!(name, "cssContentFilter" | "ttl" | "filtersActionRead" | "CURLOPT_HTTPHEADER")
            })
    };
    for (name, _) in outline.others.iter().filter(|(name, _)| name.starts_with("frss:") && !known(name)) {
        found.tell(line, format!("{name} has no counterpart"));
    }
}
