//! An article page to a [`Draft`]: each reader asked, the evidence kept.

mod around;
mod block;
mod blocks;
mod body;
mod breadcrumb;
mod byline;
mod context;
mod date;
mod further;
mod given;
mod heading;
mod infer;
mod language;
mod outside;
mod title;
mod told;

mod beside;
mod labels;
mod marked;
mod meta;
mod names;
mod near;
mod person;
mod trim;

mod pieces;
mod reject;

mod said;
mod state;
mod words;

use std::collections::HashSet;

use crate::data;
use crate::date::{trap, zone_of};
use crate::model::{BodyPart, Draft, Evidence, FieldEvidence, Note, PageUrl, RejectClass};
use crate::page::{Node, Page};
use crate::wall;

use around::Found;
use body::Body;
use byline::{Asked, Lines};
use date::Known;
use given::Given;
use names::Field;
use near::Near;
use pieces::{Pieces, Skip};

pub use context::Context;
pub use date::Earlier;
pub use further::next_page;
pub use infer::rules;
pub use reject::is_gap;
pub use told::told;

/// Reads an article page. Notes tell which configured selectors found nothing.
#[must_use]
pub fn article(page: &Page, context: &Context<'_>) -> (Draft, Vec<Note>) {
    let (mut draft, notes) = own(page, context);
    state::fill(page, context, &mut draft);
    if let Some(said) = context.candidate.and_then(|candidate| candidate.given.as_deref()) {
        said::fill(&mut draft, said);
    }
    (draft, notes)
}

/// What the page itself says.
fn own(page: &Page, context: &Context<'_>) -> (Draft, Vec<Note>) {
    let mut given = Given::new(page, &context.recipe.article);
    let ld = meta::json_ld(page);
    let title = headline(page, &ld, context, &mut given);
    let removed = given.removed();
    let learnt = context.learnt.and_then(|traits| traits.body.as_deref());
    let all = Pieces::lines_of(page.body(), Skip::Hidden, &removed);
    let found = given.body().map(Found::from).or_else(|| block::find(page, &all, title.node, learnt));
    let body = found.map(|found| body::within(&found, title.text.as_deref(), &removed));
    let near = near::lines(&all, title.node, body.as_ref());
    let sample = body.as_ref().map_or_else(|| page.body().text(), |body| body.lines.join(" "));
    let selected = given.date();
    let places = date::Places {
        page,
        ld: &ld,
        near: &near,
        headline: title.node,
        lead: body.as_ref().map_or(&[], |body| body.lines.as_slice()),
        given: selected.as_deref(),
    };
    let times = times(places, &sample, context);
    let near_texts = data_lines(&near, &times, context);
    let lines = Lines { near: &near_texts, body: body.as_ref().map_or(&[], |body| body.lines.as_slice()) };
    let marked = marked::read(page, title.node, body.as_ref().map(|body| body.block));
    let asked = Asked { page, ld: &ld, lines, marked: &marked, title: title.text.as_deref() };
    let (author, author_evidence) = byline(Field::Author, &asked, &mut given);
    let (source, source_evidence) = byline(Field::Source, &asked, &mut given);
    let (categories, category_evidence) =
        given.categories().unwrap_or_else(|| breadcrumb::read(page, &ld, title.text.as_deref()));
    let evidence = evidence([
        ("title", title.evidence),
        ("published", times.evidence),
        ("modified", times.modified_evidence),
        ("author", author_evidence),
        ("source", source_evidence),
        ("categories", category_evidence),
        ("text", text_evidence(body.as_ref())),
    ]);
    (
        Draft {
            url: page.url().clone(),
            base: page.base().clone(),
            canonical_url: page.canonical(),
            reject: reject::reject(page, title.text.as_deref(), body.as_ref(), context.candidate),
            lead_images: outside::lead_images(page, body.as_ref()),
            documents: outside::documents(page, &all, body.as_ref()),
            attachments: Vec::new(),
            title: title.text,
            published: times.published,
            modified: times.modified,
            author,
            source,
            categories,
            body_html: body.map(|body| body.html).unwrap_or_default(),
            lang: page.lang().map(str::to_owned),
            further: Vec::new(),
            evidence,
        },
        given.into_notes(),
    )
}

/// Characters of what was taken for the text of a page whose text may stand in a frame: its footer, a line of contact.
const THIN: usize = 160;

/// Where the article of a page stands that shows none itself: a frame of it, or where it sends its readers on. The
/// second value says whether the page keeps its own address.
#[must_use]
pub fn stands_in(page: &Page, draft: &Draft) -> Option<(PageUrl, bool)> {
    let sent_on = data::sent_on(page).map(|url| (url, false));
    // who sends on may say that one is to wait
    let waits = || {
        let is_wall = draft.reject.as_ref().is_some_and(|why| why.class == RejectClass::Wall);
        is_wall && sent_on.is_some() && wall::of_sender(page).is_none()
    };
    let frame = || data::frames(page).into_iter().next().map(|url| (url, true));
    if !reject::is_gap(draft) && !waits() {
        return frame().filter(|_| draft.reject.is_none() && is_thin(draft));
    }
    sent_on.or_else(frame)
}

/// Whether a page says so little that a frame of it may hold the rest.
#[must_use]
pub fn is_thin(draft: &Draft) -> bool {
    let mut within = false;
    let said = draft.body_html.chars().filter(|c| {
        within = matches!(c, '<') || within && *c != '>';
        !within && *c != '>' && !c.is_whitespace()
    });
    said.take(THIN).count() < THIN && !draft.body_html.contains("<img")
}

/// The headline: by the selector given, else as it is found.
fn headline<'a>(
    page: &'a Page,
    ld: &meta::JsonLd,
    context: &Context<'_>,
    given: &mut Given<'_>,
) -> title::Title<'a> {
    let mut title = title::read(page, ld, context.candidate);
    if let Some((from, text)) = given.title() {
        title.evidence = FieldEvidence { from, raw: text.clone(), refused: Vec::new() };
        title.text = Some(text);
    }
    title
}

/// The lines that may name people: who made the page's software is not who wrote the article, nor is who wrote
/// one of another day.
fn data_lines(near: &[Near], times: &date::Times, context: &Context<'_>) -> Vec<String> {
    let is_another = |near: &Near| {
        near.text != times.evidence.raw
            && times.evidence.refused.iter().any(|one| one.why == date::SURER && one.raw == near.text)
    };
    let is_data =
        |near: &&Near| near.distance < near::FAR && trap(&near.text, &context.recipe.dates).is_none();
    near.iter().filter(is_data).filter(|near| !is_another(near)).map(|near| near.text.clone()).collect()
}

fn evidence<const N: usize>(fields: [(&str, FieldEvidence); N]) -> Evidence {
    fields.into_iter().map(|(name, evidence)| (name.to_owned(), evidence.bounded())).collect()
}

fn text_evidence(body: Option<&Body<'_>>) -> FieldEvidence {
    let from = body.map(|body| title::describe(body.block)).unwrap_or_default();
    FieldEvidence { from, ..FieldEvidence::default() }
}

/// Reads a further page of an article: what its body says that the pages before it did not.
pub fn further(page: &Page, context: &Context<'_>, draft: &mut Draft) {
    let rules = &context.recipe.article;
    let mut given = Given::new(page, rules);
    let title = title::read(page, &meta::json_ld(page), None);
    let removed = given.removed();
    let lines = Pieces::lines_of(page.body(), Skip::Hidden, &removed);
    let found = given.body().map(Found::from).or_else(|| block::find(page, &lines, title.node, None));
    let Some(found) = found else { return };
    let removed = [removed, found.beside.clone()].concat();
    let earlier = std::iter::once(&draft.body_html).chain(draft.further.iter().map(|part| &part.html));
    let known_markup: String = earlier.cloned().collect();
    let known: HashSet<String> =
        Page::parse(&known_markup, draft.base.clone()).body().lines().into_iter().collect();
    let picture = title.node.and_then(|headline| around::picture(headline, (found.block, &found)));
    let mut html = body::beyond(found.block, draft.title.as_deref(), &removed, &known);
    // galleries have one picture a page, over its text; papers repeat theirs
    let is_new = |picture: &Node<'_>| {
        let mut all = picture.descendants().filter_map(|node| node.attr("src"));
        !all.any(|src| known_markup.contains(src))
    };
    if let Some(picture) = picture.filter(|picture| !html.contains("<img") && is_new(picture)) {
        html.insert_str(0, &body::figure(picture));
    }
    draft.further.push(BodyPart { html, base: page.base().clone() });
}

fn times(places: date::Places<'_>, sample: &str, context: &Context<'_>) -> date::Times {
    let page = places.page;
    let lang = language::of(page.lang(), sample).or_else(|| page.language().map(str::to_owned));
    let lang = lang.or_else(|| language::by_clock(places.near.iter().map(|near| near.text.as_str())));
    let (zone, zone_from) = context.zone.map_or_else(
        || zone_of(lang.as_deref(), context.charset, page.url().host()),
        |zone| (zone, "as configured".to_owned()),
    );
    let known = Known {
        now: context.now,
        zone,
        lang: lang.as_deref(),
        rules: &context.recipe.dates,
        candidate: context.candidate,
        zone_from: &zone_from,
        first: context.earlier,
        place: context.learnt.and_then(|traits| traits.date.as_deref()),
    };
    date::read(places, &known)
}

fn byline(field: Field, asked: &Asked<'_>, given: &mut Given<'_>) -> (Option<String>, FieldEvidence) {
    let selected = match field {
        Field::Author => given.author(),
        Field::Source => given.source(),
    };
    // a line that a selector found and that names nobody is an answer too: the page names nobody
    if let Some((from, raw)) = selected {
        return (byline::read_given(field, &raw), FieldEvidence { from, raw, refused: Vec::new() });
    }
    byline::read(field, asked)
}

#[cfg(test)]
mod tests;
