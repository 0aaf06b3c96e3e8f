//! `tidings try`: one address or portal visited, nothing stored, everything told.

use serde_json::{Value, json};

use super::block::{self, Block};
use super::exit::{End, Usage};
use super::items;
use super::options::Options;
use super::out;
use super::progress::Bar;
use super::reading::{self, Item, Told};
use super::runtime;
use crate::app::{self, Target};
use crate::collect::Trial;
use crate::config::Config;
use crate::model::{PageUrl, Portal, PortalId};

/// What `tidings try` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address of a site or section, or the name of a portal of feeds.toml
    #[arg(value_name = "URL|NAME", value_parser = target)]
    target: Target,
    /// Tell in full what was weighed and why it was chosen
    #[arg(long)]
    explain: bool,
    /// Print everything as one JSON object, its `items` an array
    #[arg(long, conflicts_with = "explain")]
    json: bool,
}

fn target(text: &str) -> Result<Target, String> {
    if let Ok(id) = PortalId::parse(text) {
        return Ok(Target::Portal(id));
    }
    let with_scheme = format!("https://{text}");
    match PageUrl::parse(text) {
        Ok(url) => Ok(Target::Url(url)),
        Err(_) if !text.contains("://") && text.contains('.') && PageUrl::parse(&with_scheme).is_ok() => {
            Err(format!("neither a name nor a whole address; write {with_scheme}"))
        }
        Err(e) => Err(format!("neither a name nor an address: {e}")),
    }
}

/// Visits and tells.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    let config = match &args.target {
        Target::Url(_) => options.load_or_default()?,
        Target::Portal(_) => options.load()?,
    };
    let portal = match &args.target {
        Target::Url(_) => None,
        Target::Portal(id) => Some(known(&config, id)?),
    };
    let bar = Bar::new("visiting");
    let trial = runtime::run(app::try_out(&config, &args.target));
    bar.finish();
    let trial = trial??;
    let block = block_of(&trial, portal);
    let told =
        if args.json { as_json(trial, &block)? } else { rendered(trial, portal, &block, args.explain) };
    out::print(&told)?;
    Ok(End::Done)
}

fn known<'a>(config: &'a Config, id: &PortalId) -> Result<&'a Portal, Usage> {
    config.portals.iter().find(|portal| portal.id == *id).ok_or_else(|| {
        let names: Vec<&str> = config.portals.iter().map(|portal| portal.id.as_str()).collect();
        Usage(format!("no portal is called `{id}`; there are: {}; or write an address", names.join(", ")))
    })
}

/// The block to write, or for a portal of feeds.toml the patch to its block.
fn block_of(trial: &Trial, portal: Option<&Portal>) -> String {
    let found = &trial.listing.inferred;
    if let Some(portal) = portal {
        return block::patch(&portal.recipe, found);
    }
    let name = PortalId::of_host(trial.url.host());
    let title = trial.listing.title.as_deref();
    let name = Some(name.as_str());
    Block { name, title, url: trial.url.as_str(), recipe: Some(found), ..Block::default() }.to_toml()
}

fn as_json(trial: Trial, block: &str) -> serde_json::Result<String> {
    let articles: Vec<Value> = trial
        .articles
        .into_iter()
        .map(|(candidate, read)| match read {
            Ok(article) => serde_json::to_value(Told::from(article)),
            Err(fault) => Ok(json!({
                "url": candidate.url,
                "error": { "class": fault.class, "detail": fault.detail, "url": fault.url },
            })),
        })
        .collect::<Result<_, _>>()?;
    let items: Vec<Item<'_>> = trial.listing.items.iter().map(Item::from).collect();
    let told = json!({
        "url": trial.url,
        "charset": trial.charset,
        "title": trial.listing.title,
        "lang": trial.listing.lang,
        "next": trial.listing.next,
        "fallback": trial.listing.fallback,
        "items": items,
        "articles": articles,
        "explanation": trial.listing.explanation,
        "block": block,
        "notes": trial.notes,
        "requests": trial.requests,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&told)?))
}

fn rendered(trial: Trial, portal: Option<&Portal>, block: &str, in_full: bool) -> String {
    let listing = &trial.listing;
    let mut text = String::new();
    out::field(&mut text, "address", trial.url.as_str());
    out::field(&mut text, "title", listing.title.as_deref().unwrap_or_default());
    out::field(&mut text, "language", listing.lang.as_deref().unwrap_or_default());
    out::field(&mut text, "charset", &trial.charset);
    out::field(&mut text, "next page", listing.next.as_ref().map_or("", PageUrl::as_str));
    out::field(
        &mut text,
        "asked",
        &out::count(usize::try_from(trial.requests).unwrap_or(usize::MAX), "request"),
    );
    if listing.fallback {
        out::field(
            &mut text,
            "fallback",
            "the selectors of feeds.toml find nothing; this is what detection finds",
        );
    }
    text.push_str(&format!(
        "\n{}\n{}\n",
        out::count(listing.items.len(), "item"),
        items::table(&listing.items)
    ));
    let told = if in_full { listing.explanation.len() } else { 1 };
    if !listing.explanation.is_empty() {
        text.push('\n');
    }
    for why in listing.explanation.iter().take(told) {
        out::field(&mut text, "why", why);
    }
    for note in trial.notes.iter().chain(&listing.notes) {
        out::field(&mut text, "note", &note.to_string());
    }
    for (candidate, read) in trial.articles {
        text.push('\n');
        match read {
            Ok(article) => article_lines(&mut text, Told::from(article), in_full),
            Err(fault) => out::field(&mut text, "not read", &format!("{}: {fault}", candidate.url)),
        }
    }
    text.push('\n');
    match portal {
        None => text.push_str(block),
        Some(_) if block.is_empty() => text.push_str("feeds.toml says already what was found\n"),
        Some(portal) => {
            text.push_str(&format!("# change the block of `{}` in feeds.toml\n{block}", portal.id));
        }
    }
    text
}

/// An article of the trial: its fields and how it begins; with its evidence when all is wanted.
fn article_lines(text: &mut String, told: Told, in_full: bool) {
    let (evidence, told) = (reading::evidence(told.evidence()), told.shortened());
    text.push_str(&told.rendered());
    if in_full {
        text.push_str(&evidence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_its_scheme_gets_advice() {
        assert!(matches!(target("tangshan"), Ok(Target::Portal(_))));
        assert!(matches!(target("http://127.0.0.10:8800/news/"), Ok(Target::Url(_))));
        assert!(
            target("news.example-city.cn/a").unwrap_err().contains("write https://news.example-city.cn/a")
        );
        assert!(target("ftp://a.example/").is_err());
    }
}
