//! A document that lists articles, read as what it is.

use super::document::Document;
use super::form::Form;
use super::listing::{Context, Learnt, Listing};
use super::{api, beside, feed, html, json, shell, sitemap, state};
use crate::data;
use crate::model::{Kind, PageUrl};
use crate::page::Page;
use crate::wall;

/// Reads a document that lists articles.
#[must_use]
pub fn read(document: &Document<'_>, context: &Context<'_>) -> Listing {
    let form = Form::of(document.text, document.content_type, document.kind);
    let mut listing = match form {
        Form::Html => {
            let listing = page(document, context);
            return Listing { form, ..listing };
        }
        Form::Sitemap => sitemap::read(document.text, document.url, context),
        Form::Json => json::read(document, context),
        Form::Script => {
            let parts = api::of_script(document.text, document.url, document.from);
            let mut listing = Listing { parts, ..Listing::empty() };
            if let (Ok(root), false) = (document.url.join("/"), listing.parts.is_empty()) {
                listing.traits.ways = ways(&data::patterns_of(document.text), &root);
            }
            listing
        }
        Form::Feed => {
            let (listing, home) = feed::read(document.text, document.url, context);
            let beside =
                beside::page_of(home, document.url, &listing).filter(|_| document.kind == Kind::Auto);
            Listing { beside, ..listing }
        }
    };
    listing.form = form;
    // a wall stands before everything that a site serves
    if listing.fault.is_some() && Form::sniff(document.text) == Some(Form::Html) {
        listing.wall = wall::of(&Page::parse(document.text, document.url.clone()));
    }
    listing
}

/// A page: what it lists, else what its state holds, else what it leads to.
fn page(document: &Document<'_>, context: &Context<'_>) -> Listing {
    let page = Page::parse(&island(document.text), document.url.clone());
    let mut listing = state::take(&page, context, html::list(&page, context));
    let is_auto = document.kind == Kind::Auto;
    let feeds = if is_auto { beside::feeds_of(&page, &listing) } else { Vec::new() };
    if !feeds.is_empty() {
        let explanation = vec![format!("the page lists {} feeds: they are read together", feeds.len())];
        return Listing {
            parts: feeds,
            explanation,
            title: listing.title,
            lang: listing.lang,
            ..Listing::empty()
        };
    }
    let beside = beside::feed_of(&page, &listing).filter(|_| is_auto);
    let mut parts = Vec::new();
    let looks_on = is_auto && context.recipe.list.is_detected() && !context.learnt.is_some_and(knows_frames);
    if listing.is_aside && looks_on {
        let (found, why) = shell::around(&page);
        if !found.is_empty() {
            listing.explanation.insert(0, format!("what the page shows stands beside a list: {why}"));
            listing.traits.is_aside = true;
            listing.traits.ways = ways(&data::patterns(&page), page.base());
        }
        parts = found;
    } else if listing.items.is_empty() {
        let (found, why) = shell::parts(&page, is_auto);
        if !found.is_empty() {
            listing.explanation.insert(0, format!("the page lists nothing itself: {why}"));
        }
        for url in api::posted_by(&page) {
            let told = format!("a script asks {url} by POST, which tidings leaves alone");
            listing.explanation.push(told);
        }
        let sends_on = data::sent_on(&page).is_some();
        // what leads on is no wall, however little it shows
        let leads_on = sends_on || !data::frames(&page).is_empty() || beside.is_some();
        listing.wall = match listing.wall {
            Some(_) if leads_on => wall::of_sender(&page),
            Some(wall::NOTHING_SHOWN) if !found.is_empty() && why != shell::BY_SCRIPTS => None,
            wall => wall,
        };
        // its title says that it waits
        listing.title = listing.title.filter(|_| !sends_on);
        if !found.is_empty() {
            listing.traits.ways = ways(&data::patterns(&page), page.base());
        }
        parts = found;
    } else if looks_on {
        parts.extend(data::main_frame(&page));
        let told = parts.iter().map(|url| format!("its frame {url} is read: it may list more"));
        listing.explanation.extend(told);
    }
    Listing { beside, parts, ..listing }
}

/// Whether the page's frame was looked into, or the page is an older one of a list whose place is known.
fn knows_frames(learnt: Learnt<'_>) -> bool {
    learnt.is_older || learnt.traits.is_whole
}

/// How a page makes addresses of the names of its articles, for whoever reads what it leads to.
fn ways(patterns: &[data::Pattern], base: &PageUrl) -> Vec<String> {
    patterns.iter().filter_map(|pattern| Some(pattern.within(base)?.written())).collect()
}

/// A data island that came alone (大汉 JCMS, as its proxy answers), as a page that holds it.
fn island(text: &str) -> std::borrow::Cow<'_, str> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let start = if start.starts_with("<?xml") {
        start.split_once("?>").map_or(start, |(_, rest)| rest.trim_start())
    } else {
        start
    };
    if start.starts_with("<datastore") {
        return format!("<script type=\"text/xml\">{start}</script>").into();
    }
    text.into()
}
