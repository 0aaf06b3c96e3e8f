//! A list page in HTML to its items: by selectors where given, by detection where not.

use super::known::Known;
use super::listing::{Context, Learnt, Listing, MAX_ITEMS};
use super::recipe::Pickers;
use super::remains::{self, Remains};
use super::row::{self, Reader};
use super::{blocks, detect, inline, next, posted, script};
use crate::date;
use crate::model::{Class, ListRules, Note, PageUrl, Recipe, Traits};
use crate::page::{Page, text};
use crate::wall;

/// Characters of a title, the site's own or an item's: no headline has more, a broken page may.
const MOST_TITLE: usize = 1024;

/// Reads a list page: by the recipe's selectors where they are given and find something, by detection where not.
#[must_use]
pub fn list(page: &Page, context: &Context<'_>) -> Listing {
    let lang = language(page);
    let zone =
        context.zone.unwrap_or_else(|| date::zone_of(page.language(), context.charset, page.url().host()).0);
    let dates = date::Context { now: context.now, zone, lang: lang.as_deref(), rules: &context.recipe.dates };
    let known = context.learnt.map(|learnt| Known::of(learnt.items)).unwrap_or_default();
    let traits = context.learnt;
    let mut listing = read(page, &context.recipe.list, dates, traits, &known);
    // Some portals hold their rows in a data island that a script unfolds.
    if let Some(island) = inline::unfold(page) {
        let inner = read(&island, &context.recipe.list, dates, traits, &known);
        if !inner.items.is_empty() && (listing.items.len() < inner.items.len() || listing.fallback) {
            listing = Listing { next: listing.next, ..inner };
            listing.explanation.insert(0, "the rows stand in a data island of a script".to_owned());
        }
    }
    listing.notes.extend(page.notes().iter().cloned());
    listing.traits.about = about(page);
    listing.traits.icon = icon(page);
    if listing.items.is_empty() || traits.is_some() && listing.remains != Remains::Unknown {
        listing.wall = wall::of(page);
    }
    let mut title = title(page);
    let items = listing.items.iter_mut().map(|item| &mut item.title);
    let cut = title.iter_mut().chain(items).filter_map(cut_title).count();
    if cut > 0 {
        let detail = format!("{cut} titles were cut at {MOST_TITLE} characters");
        listing.notes.push(Note { class: Class::Truncated, detail, url: Some(page.url().clone()) });
    }
    Listing { title, lang, ..listing }
}

/// Cuts a title that is too long for one.
fn cut_title(title: &mut String) -> Option<()> {
    let (at, _) = title.char_indices().nth(MOST_TITLE)?;
    title.truncate(at);
    Some(())
}

/// A longer description is stuffed with keywords.
const MOST_ABOUT: usize = 300;

/// One page, no islands.
fn read(
    page: &Page,
    rules: &ListRules,
    dates: date::Context<'_>,
    learnt: Option<Learnt<'_>>,
    known: &Known,
) -> Listing {
    let is_older = learnt.is_some_and(|learnt| learnt.is_older);
    let learnt = learnt.map(|learnt| learnt.traits);
    let reader = Reader { page, dates, learnt, known, is_older };
    let mut traits = Traits::default();
    let mut notes = Vec::new();
    let mut explanation = Vec::new();
    let mut inferred = Recipe { list: rules.clone(), ..Recipe::default() };
    let pickers = Pickers::of(rules, page, &mut notes);
    let mut items = Vec::new();
    if pickers.gives_rows() {
        let rows = pickers.rows(&reader, &mut notes);
        let stamps = pickers.dates(&reader, &rows, &mut notes);
        explanation.push(format!("took {} rows by the selectors given", rows.len()));
        items = row::candidates(&rows, &stamps);
        traits.place = blocks::place_of(&rows);
    }
    let mut remains = Remains::default();
    let mut is_aside = false;
    if items.is_empty() {
        let found = detect::detect(&reader, &mut notes);
        let stamps = pickers.dates(&reader, &found.rows, &mut notes);
        items = row::candidates(&found.rows, &stamps);
        remains = left(&reader, rules, &found);
        explanation.extend(found.explanation);
        is_aside = found.is_aside;
        traits = found.traits;
        inferred.list = ListRules { max_pages: rules.max_pages, next: rules.next.clone(), ..found.rules };
    }
    let from_oldest = learnt.is_some_and(|traits| traits.from_oldest);
    let next = match pickers.next_page(page) {
        Some(url) => next::Next { page: url.map(|url| (url, "the selector given")), from_oldest },
        None => next::find(page, from_oldest),
    };
    traits.from_oldest = next.from_oldest;
    let next = next.page;
    explanation.extend(next.as_ref().map(|(url, from)| format!("next page {url} by {from}")));
    traits.barred = if next.is_none() { posted::why(page) } else { None };
    explanation.extend(traits.barred.clone());
    if items.len() > MAX_ITEMS {
        items.truncate(MAX_ITEMS);
        let detail = format!("items beyond the first {MAX_ITEMS} were not taken");
        notes.push(Note { class: Class::TooMany, detail, url: Some(page.url().clone()) });
    }
    let fallback = notes.iter().any(|note| note.class == Class::Selector);
    Listing {
        items,
        next: next.map(|(url, _)| url),
        fallback,
        explanation,
        inferred,
        notes,
        traits,
        remains,
        is_aside,
        ..Listing::empty()
    }
}

/// What is left of the list that was there last, or that the selectors mean, when it is not the one that was found.
fn left(reader: &Reader<'_>, rules: &ListRules, found: &detect::Found<'_>) -> Remains {
    let learnt = reader.learnt.filter(|traits| traits.place.is_some());
    if learnt.is_some_and(|learnt| learnt.place == found.traits.place) {
        return Remains::Unknown;
    }
    let by_rule = rules.item.as_deref().or(rules.link.as_deref());
    let by_rule = by_rule.map(|selector| remains::of_selector(reader.page, selector)).unwrap_or_default();
    let by_place = || learnt.map(|learnt| remains::of_place(reader.page, learnt, &found.links));
    match by_rule {
        Remains::Unknown | Remains::Missing => by_place().unwrap_or(by_rule),
        Remains::Stands => by_rule,
    }
}

/// What the page says of the site, in one line.
fn about(page: &Page) -> Option<String> {
    let said = ["description", "og:description"].into_iter().find_map(|name| page.meta(name)).map(text::fold);
    said.filter(|line| (1..=MOST_ABOUT).contains(&line.chars().count()))
}

/// The site's icon: the first that is a picture every reader can show, else the first.
fn icon(page: &Page) -> Option<PageUrl> {
    let icons: Vec<PageUrl> = ["icon", "apple-touch-icon"]
        .into_iter()
        .flat_map(|rel| page.links(rel))
        .map(|(_, url)| url)
        .collect();
    let is_plain = |url: &&PageUrl| url.path_and_query().contains(".png");
    icons.iter().find(is_plain).or(icons.first()).cloned()
}

/// The site's name where a page gives it, else the page's title.
fn title(page: &Page) -> Option<String> {
    let named = ["og:site_name", "SiteName", "application-name"].into_iter().find_map(|name| page.meta(name));
    named.map(text::fold).or_else(|| page.title()).filter(|title| !title.is_empty())
}

/// What the page says of its language, else what its script says.
fn language(page: &Page) -> Option<String> {
    if let Some(lang) = page.lang() {
        return Some(lang.to_owned());
    }
    let text = page.body().text();
    script::of([text.as_str()].into_iter()).map(str::to_owned)
}
