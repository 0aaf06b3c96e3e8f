//! Twenty invented portals whose pages and truth were written before the rules were tried on them: list and
//! articles read with nothing but their address. How the first tries went is told in docs/QUALITY.md.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};
use serde::Deserialize;
use tidings::decode::{Hints, decode};
use tidings::model::{Article, Candidate, PageUrl, Recipe, Stamp};
use tidings::page::Page;
use tidings::{discover, extract, normalise};

#[derive(Deserialize)]
struct Truth {
    list_url: String,
    list: Vec<Listed>,
    articles: Vec<Told>,
}

#[derive(Deserialize)]
struct Listed {
    url: String,
    title: String,
    /// With the portal's offset, or without one where no page tells it; None where the list names no day.
    published: Option<String>,
    precision: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    file: String,
    url: String,
    title: String,
    published: String,
    precision: String,
    author: Option<String>,
    source: Option<String>,
    categories: Vec<String>,
    text: Vec<String>,
    images: Vec<String>,
    attachments: Vec<String>,
}

fn now() -> DateTime<Utc> {
    "2026-09-20T04:00:00Z".parse().unwrap()
}

fn page(file: &Path, url: &str) -> (Page, &'static str) {
    let text = decode(&fs::read(file).unwrap(), Hints::default());
    (Page::parse(&text.text, PageUrl::parse(url).unwrap()), text.charset)
}

/// Whether an instant is the one told, as exactly as it is told.
fn is_time(stamp: Option<Stamp>, told: &str, precision: &str) -> bool {
    let Some(stamp) = stamp else { return false };
    match (DateTime::<FixedOffset>::parse_from_rfc3339(told), precision) {
        (Ok(at), "minute" | "second") => stamp.at == at,
        _ => {
            let local = stamp.at.format("%Y-%m-%dT%H:%M:%S").to_string();
            local.starts_with(if precision == "day" { &told[..10] } else { told })
        }
    }
}

/// What is wrong with a portal, in words.
fn faults(folder: &Path) -> Vec<String> {
    let truth: Truth = serde_json::from_slice(&fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let (list, charset) = page(&folder.join("list.html"), &truth.list_url);
    let recipe = Recipe::default();
    let context =
        discover::Context { recipe: &recipe, now: now(), zone: None, charset: Some(charset), learnt: None };
    let items = discover::list(&list, &context).items;
    let mut faults = list_faults(&truth.list, &items);
    for told in &truth.articles {
        let found = article(folder, told, &items);
        faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", told.file)));
    }
    faults
}

fn article(folder: &Path, told: &Told, items: &[Candidate]) -> Vec<String> {
    let (page, charset) = page(&folder.join(&told.file), &told.url);
    let recipe = Recipe::default();
    let candidate = items.iter().find(|item| item.url.as_str() == told.url);
    let context =
        extract::Context { charset: Some(charset), candidate, ..extract::Context::new(&recipe, now()) };
    match normalise::article(extract::article(&page, &context).0) {
        Ok((article, _)) => article_faults(told, &article),
        Err(reject) => vec![format!("refused: {reject:?}")],
    }
}

fn list_faults(truth: &[Listed], items: &[Candidate]) -> Vec<String> {
    let mut faults = Vec::new();
    for item in items {
        if truth.iter().all(|listed| listed.url != item.url.as_str()) {
            faults.push(format!("list: {} is no article", item.url.as_str()));
        }
    }
    for listed in truth {
        let Some(item) = items.iter().find(|item| item.url.as_str() == listed.url) else {
            faults.push(format!("list: {} is missing", listed.url));
            continue;
        };
        if item.title != listed.title {
            faults.push(format!("list: title {:?} for {:?}", item.title, listed.title));
        }
        let precision = listed.precision.as_deref().unwrap_or("day");
        if listed.published.as_deref().is_some_and(|told| !is_time(item.published, told, precision)) {
            faults.push(format!("list: date {:?} for {:?}", item.published, listed.published));
        }
    }
    faults
}

fn article_faults(truth: &Told, article: &Article) -> Vec<String> {
    let mut faults = Vec::new();
    let mut same = |what: &str, is: String, told: String| {
        if is != told {
            faults.push(format!("{what}: {is} for {told}"));
        }
    };
    same("title", article.title.clone(), truth.title.clone());
    same("author", format!("{:?}", article.author), format!("{:?}", truth.author));
    same("source", format!("{:?}", article.source), format!("{:?}", truth.source));
    same("categories", format!("{:?}", article.categories), format!("{:?}", truth.categories));
    let images: Vec<&str> = article.images.iter().map(|image| image.url.as_str()).collect();
    same("images", format!("{images:?}"), format!("{:?}", truth.images));
    let documents: Vec<&str> = article.attachments.iter().map(|document| document.url.as_str()).collect();
    same("attachments", format!("{documents:?}"), format!("{:?}", truth.attachments));
    if !is_time(article.published, &truth.published, &truth.precision) {
        faults.push(format!("published: {:?} for {}", article.published, truth.published));
    }
    let lines: Vec<&str> = article.text.lines().collect();
    for line in truth.text.iter().filter(|line| !lines.contains(&line.as_str())) {
        faults.push(format!("text: {line:?} is missing"));
    }
    for line in lines.iter().filter(|line| !truth.text.iter().any(|told| told == *line)) {
        faults.push(format!("text: {line:?} is none of it"));
    }
    faults
}

#[test]
fn portals_that_no_rule_was_made_for_are_read_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unseen");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), 20);
    let told: Vec<String> = folders
        .iter()
        .flat_map(|folder| {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            faults(folder).into_iter().map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    assert!(told.is_empty(), "{} faults:\n{}", told.len(), told.join("\n"));
}
