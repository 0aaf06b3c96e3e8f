//! An article whose text stands only in the page's state: a program in the browser would put it there.

use super::context::Context;
use super::language;
use super::reject;
use crate::data::{self, Record};
use crate::date::{self, zone_of};
use crate::model::{Draft, FieldEvidence, MOST_BODY, Stamp};
use crate::page::{Page, text};

/// A body so short, in half widths, may be all that was sent of a longer one.
const SHORT: usize = 240;
/// The state says this many times more than the page, or it says the same.
const MORE: usize = 3;

/// Takes body, and what else is missing, from the page's state when that says far more than the page does.
pub(super) fn fill(page: &Page, context: &Context<'_>, draft: &mut Draft) {
    let own = text::width(&Page::parse(&draft.body_html, page.url().clone()).body().text());
    let is_gap = reject::is_gap(draft);
    if !is_gap && (draft.reject.is_some() || own >= SHORT) {
        return;
    }
    let rules = &context.recipe.dates;
    let zone = |lang: Option<&str>| {
        context.zone.unwrap_or_else(|| zone_of(lang, context.charset, page.url().host()).0)
    };
    let any = date::Context { now: context.now, zone: zone(page.language()), lang: page.language(), rules };
    let is_date = |told: &str| date::read(told, &any).is_some();
    let islands = data::islands(page, true);
    let found = islands.iter().filter_map(|island| Some((island, data::article(&island.value, &is_date)?)));
    let length = |record: &Record| record.body.as_ref().map_or(0, String::len);
    let Some((island, record)) = found.max_by_key(|(_, record)| length(record)) else { return };
    let (Some(body), true) = (record.body, fits(&record.title, draft, context)) else { return };
    let html = markup(&body, page);
    let its = text::width(&Page::parse(&html, page.url().clone()).body().text());
    if html.len() > MOST_BODY || its < own.saturating_mul(MORE) {
        return;
    }
    // a page that shows nothing speaks the language of its article
    let lang = language::of(page.lang(), &html).or_else(|| page.language().map(str::to_owned));
    let dates = date::Context { lang: lang.as_deref(), zone: zone(lang.as_deref()), ..any };
    let from = format!("the page's state: {}", island.place);
    let told = |draft: &mut Draft, field: &str, raw: &str| {
        let evidence = FieldEvidence { from: from.clone(), raw: raw.to_owned(), refused: Vec::new() };
        draft.evidence.insert(field.to_owned(), evidence.bounded());
    };
    told(draft, "text", "");
    let line = |told: &str| text::fold(&Page::parse(told, page.url().clone()).body().text());
    let title = line(&record.title);
    if !title.is_empty() {
        told(draft, "title", &title);
        draft.title = Some(title);
    }
    let own = record.date.as_deref().and_then(|raw| Some((raw, date::read(raw, &dates)?)));
    if let Some((raw, own)) = own.filter(|(_, own)| is_surer(own, draft)) {
        told(draft, "published", raw);
        draft.published = Some(own);
    }
    draft.author =
        draft.author.take().or_else(|| record.author.as_deref().map(line).filter(|name| !name.is_empty()));
    draft.source =
        draft.source.take().or_else(|| record.source.as_deref().map(line).filter(|name| !name.is_empty()));
    if draft.categories.is_empty() {
        draft.categories =
            record.categories.iter().map(|name| line(name)).filter(|name| !name.is_empty()).collect();
    }
    draft.body_html = html;
    draft.reject = None;
}

/// Whether the article's own time says more than what was found: nothing, or what the list or the address tell.
fn is_surer(own: &Stamp, draft: &Draft) -> bool {
    let Some(found) = &draft.published else { return true };
    let from = draft.evidence.get("published").map(|evidence| evidence.from.as_str()).unwrap_or_default();
    let is_borrowed = matches!(from.split([',', ';']).next(), Some("list" | "address"));
    is_borrowed && own.precision <= found.precision
}

/// Whether a record is the article that was asked for: its title is the page's or the list's, as far as these say one.
fn fits(title: &str, draft: &Draft, context: &Context<'_>) -> bool {
    let plain = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let its = plain(title);
    let listed =
        context.candidate.map(|candidate| plain(&candidate.title)).filter(|title| title.chars().count() > 3);
    let shown = draft.title.as_deref().map(plain).filter(|title| title.chars().count() > 3);
    let is_same = |other: &String| its.contains(other.as_str()) || other.contains(its.as_str());
    match (listed, shown) {
        (None, None) => true,
        (listed, shown) => listed.iter().chain(&shown).any(is_same),
    }
}

/// A text as markup, one that was escaped as a whole as what it means, lines as paragraphs.
fn markup(told: &str, page: &Page) -> String {
    if told.contains('<') {
        return told.to_owned();
    }
    if told.contains("&lt;") {
        return Page::parse(told, page.url().clone()).body().text();
    }
    let lines = told.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("<p>{line}</p>\n")).collect()
}
