//! A portal as written to the portal that is meant.

use std::time::Duration;

use chrono_tz::Tz;
use http::{HeaderName, HeaderValue};

use crate::model::{
    ArticleRules, CharsetRule, DateRules, Expect, Kind, ListRules, Pace, PageUrl, Portal, PortalId, Probe,
    Recipe,
};

use super::access;
use super::env::Environment;
use super::fault::Fault;
use super::file;
use super::findings::Findings;
use super::json;
use super::place::Place;
use super::value;
use super::value::{Meant, Trouble};
use super::written::{OneOrMany, Written};

/// How often a portal is visited that does not say.
pub(super) const EVERY: Duration = Duration::from_secs(20 * 60);

/// The most time between two requests to one host, and the least and most between two visits.
pub(super) const MOST_GAP: Duration = Duration::from_secs(30);
const LEAST_EVERY: Duration = Duration::from_secs(1);
/// A list's newest item may be as young as this.
const LEAST_NEWEST: Duration = Duration::from_secs(60);
const MOST_EVERY: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The address that means the built-in sample site.
const SAMPLE: &str = "sample:";

/// Headers that belong to the exchange, not to its content, and are written by the fetcher alone.
const OURS: [&str; 15] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "keep-alive",
    "proxy-authorization",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a portal fetches.
#[derive(Default)]
struct Addresses {
    lists: Vec<PageUrl>,
    sample: bool,
}

/// Checks `[defaults]` by itself, for the keys that no portal uses.
pub(super) fn check_defaults(written: &file::Portal, environment: &Environment, findings: &mut Findings) {
    let place = Place { table: "defaults", part: 0..0, heading: 0..0, environment };
    if let Some(url) = &written.url {
        addresses(url, &place.key("url"), findings);
    }
    findings.read(written.name.as_ref(), &place.key("name"), value::name);
    zone(written, &place, findings);
    pace(written, None, &place, findings);
    titles(written, &place, findings);
    recipe(written, &place, findings);
    headers(written, &place, findings);
    gap(written, &place, findings);
    access::read(written, &place, &[], findings);
    expect(written, &place, findings);
    probe(written, &place, findings);
}

/// Reads one portal; None when it has no address. It is called by its host until all names are known.
pub(super) fn read(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Option<Portal> {
    let zone = zone(written, place, findings);
    let pace = pace(written, zone, place, findings);
    let recipe = recipe(written, place, findings);
    let headers = headers(written, place, findings);
    let min_gap = gap(written, place, findings);
    let (title, tags) = titles(written, place, findings);
    let (expected, probe) = (expect(written, place, findings), probe(written, place, findings));
    let Some(url) = &written.url else {
        // A misspelt or mistyped `url` has been told of already.
        if !findings.concern(&place.key("url"), &place.part) {
            let cure = "add url = \"https://…\", the address of its list page";
            findings.missing(
                &place.part,
                Fault::at(place.heading.clone(), place.key("url"), "this portal has no `url`", cure),
            );
        }
        return None;
    };
    let addresses = addresses(url, &place.key("url"), findings);
    if addresses.lists.is_empty() && !addresses.sample {
        return None;
    }
    let access = access::read(written, place, &addresses.lists, findings);
    Some(Portal {
        id: PortalId::of_host(addresses.lists.first().map_or("sample", PageUrl::host)),
        title,
        lists: addresses.lists,
        sample: addresses.sample,
        admitted: None,
        kind: match written.kind.as_ref().map(|kind| kind.get().as_str()) {
            Some("html") => Kind::Html,
            Some("feed") => Kind::Feed,
            Some("sitemap") => Kind::Sitemap,
            Some("json") => Kind::Json,
            _ => Kind::Auto,
        },
        pace,
        zone,
        tags,
        recipe,
        min_gap,
        headers,
        access,
        expect: expected,
        probe,
        enabled: written.enabled.unwrap_or(true),
    })
}

fn expect(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Expect {
    let written = &written.expect;
    let newest = findings.read(written.newest_within.as_ref(), &place.key("expect.newest_within"), |text| {
        value::duration(text, LEAST_NEWEST..=MOST_EVERY)
    });
    Expect { min_items: written.min_items, newest_within: newest, body_chars: written.body_chars }
}

fn probe(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Option<Probe> {
    let written = written.probe.as_ref()?;
    let title = findings
        .read(written.title.as_ref(), &place.key("probe.title"), |text| value::not_blank("title", text));
    let published = findings.read(written.published.as_ref(), &place.key("probe.published"), value::instant);
    let url = findings.read(Some(&written.url), &place.key("probe.url"), value::page)?;
    Some(Probe { url, title, published })
}

fn addresses(url: &Written<OneOrMany>, key: &str, findings: &mut Findings) -> Addresses {
    let each = url.each();
    if each.is_empty() {
        let trouble = Trouble::new("`url` is empty", "name at least one list page, as \"https://…\"");
        findings.trouble(url.span(), key, trouble);
    }
    let mut found = Addresses::default();
    let alone = each.len() == 1;
    for (text, span) in each {
        if text.trim() == SAMPLE {
            found.sample = true;
            if !alone {
                let trouble =
                    Trouble::new("the sample site is mixed with others", "give it a `[[portal]]` of its own");
                findings.trouble(span, key, trouble);
            }
        } else if let Some(page) = findings.take(span.clone(), key, value::page(text)) {
            if found.lists.contains(&page) {
                findings.trouble(
                    span,
                    key,
                    Trouble::new("this list page is named twice", "take one of the two out"),
                );
            } else {
                found.lists.push(page);
            }
        }
    }
    found
}

fn zone(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Option<Tz> {
    findings.read(written.timezone.as_ref(), &place.key("timezone"), value::zone)
}

fn titles(
    written: &file::Portal,
    place: &Place<'_>,
    findings: &mut Findings,
) -> (Option<String>, Vec<String>) {
    let title =
        findings.read(written.title.as_ref(), &place.key("title"), |text| value::not_blank("title", text));
    let tags =
        findings.read_all(written.tags.as_ref(), &place.key("tags"), |text| value::not_blank("tag", text));
    (title, tags)
}

fn pace(written: &file::Portal, zone: Option<Tz>, place: &Place<'_>, findings: &mut Findings) -> Pace {
    let every = findings.read(written.every.as_ref(), &place.key("every"), |text| {
        value::duration(text, LEAST_EVERY..=MOST_EVERY)
    });
    let expression = findings.read(written.cron.as_ref(), &place.key("cron"), value::cron);
    if let (Some(every), Some(cron)) = (&written.every, &written.cron) {
        let what = "`every` and `cron` stand in one table";
        let fault = Fault::at(cron.span(), place.key("cron"), what, "keep one of the two");
        findings.add(fault.and(every.span(), "the other"));
    }
    let is_portal = place.table == "portal";
    if let (Some(cron), None, None, true) = (&written.cron, zone, &written.timezone, is_portal) {
        let what = "`cron` needs a time zone, and this portal has none";
        let cure = "add timezone = \"Asia/Shanghai\" (or another) here or under [defaults]";
        findings.missing(&place.part, Fault::at(cron.span(), place.key("cron"), what, cure));
    }
    match (expression, zone) {
        (Some(expression), Some(zone)) => Pace::Cron { expression, zone },
        _ => Pace::Every(every.unwrap_or(EVERY)),
    }
}

fn gap(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Option<Duration> {
    findings.read(written.fetch.min_gap.as_ref(), &place.key("fetch.min_gap"), |text| {
        value::duration(text, Duration::ZERO..=MOST_GAP)
    })
}

fn recipe(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Recipe {
    let charset = findings.read(written.charset.as_ref(), &place.key("charset"), value::charset).flatten();
    let (list, article, dates) = (&written.list, &written.article, &written.dates);
    let mut selector = |text: &Option<Written<String>>, name: &str| {
        findings.read(text.as_ref(), &place.key(name), value::selector)
    };
    let list = ListRules {
        item: selector(&list.item, "list.item"),
        link: selector(&list.link, "list.link"),
        title: selector(&list.title, "list.title"),
        date: selector(&list.date, "list.date"),
        next: selector(&list.next, "list.next"),
        max_pages: list.max_pages.unwrap_or(ListRules::default().max_pages),
    };
    let mut article_rules = ArticleRules {
        title: selector(&article.title, "article.title"),
        body: selector(&article.body, "article.body"),
        date: selector(&article.date, "article.date"),
        author: selector(&article.author, "article.author"),
        source: selector(&article.source, "article.source"),
        category: selector(&article.category, "article.category"),
        next: selector(&article.next, "article.next"),
        remove: Vec::new(),
        read: article.read.unwrap_or(ArticleRules::default().read),
    };
    article_rules.remove =
        findings.read_all(article.remove.as_ref(), &place.key("article.remove"), value::selector);
    let formats = findings.read_all(dates.formats.as_ref(), &place.key("dates.formats"), value::date_form);
    let ignore = findings
        .read_all(dates.ignore.as_ref(), &place.key("dates.ignore"), |word| value::not_blank("word", word));
    Recipe {
        charset: charset.map_or(CharsetRule::Auto, CharsetRule::Fixed),
        list,
        json: json::rules(&written.json, |name| place.key(name), findings),
        article: article_rules,
        dates: DateRules { formats, ignore },
    }
}

fn headers(written: &file::Portal, place: &Place<'_>, findings: &mut Findings) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, text) in written.fetch.headers.iter().flatten() {
        let key = place.key(&format!("fetch.headers.{}", name.get()));
        let known = findings.take(name.span(), &key, header_name(name.get()));
        let value = findings.take(text.span(), &key, header_value(text.get()));
        headers.extend(known.zip(value));
    }
    headers
}

fn header_name(name: &str) -> Meant<String> {
    let read = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        Trouble::new(format!("`{name}` is no name of a header"), "write it as Accept-Language")
    })?;
    if OURS.contains(&read.as_str()) {
        return Err(Trouble::new(format!("the header `{name}` is written by tidings itself"), "take it out"));
    }
    Ok(name.to_owned())
}

pub(super) fn header_value(text: &str) -> Meant<String> {
    let printable = !text.trim().is_empty() && HeaderValue::from_str(text).is_ok() && text.is_ascii();
    if printable {
        return Ok(text.to_owned());
    }
    Err(Trouble::new("this cannot be the value of a header", "write one line of ASCII that is not empty"))
}
