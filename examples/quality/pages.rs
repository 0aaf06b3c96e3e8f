//! The pages of a set, each read as `tidings extract --batch` reads it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use flate2::read::MultiGzDecoder;
use tidings::decode::{Hints, decode};
use tidings::model::{PageUrl, Recipe, Stamp};
use tidings::page::Page;
use tidings::{extract, normalise};

use crate::cost;
use crate::score::{Judged, Read, Truth};

/// Bytes of one page, as `tidings extract` takes them.
const LIMIT: u64 = 16 * 1024 * 1024;
/// Where a page lies of which nobody noted the address.
const UNKNOWN: &str = "http://unknown.invalid/";

/// A set, read and judged.
pub(crate) struct Set {
    pub(crate) name: String,
    /// In the order of the truth, with the page's name.
    pub(crate) judged: Vec<(String, Judged)>,
    pub(crate) time: Duration,
    /// The slowest page and what it took.
    pub(crate) slowest: (String, Duration),
    pub(crate) peak_mib: f64,
}

/// The sets of a folder, by name.
pub(crate) fn folders(of: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(of).with_context(|| of.display().to_string())? {
        let entry = entry?;
        if entry.path().join("truth.jsonl").is_file() {
            found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

impl Set {
    /// Reads and judges every page of a set, or those of one `split`.
    pub(crate) fn read(
        name: String,
        folder: &Path,
        split: Option<&str>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Self> {
        let truth = BufReader::new(File::open(folder.join("truth.jsonl"))?);
        let mut set = Self {
            name,
            judged: Vec::new(),
            time: Duration::ZERO,
            slowest: (String::new(), Duration::ZERO),
            peak_mib: 0.0,
        };
        cost::forget_peak();
        for line in truth.lines() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let truth: Truth = serde_json::from_str(&line)?;
            if split.is_some() && truth.split.as_deref() != split {
                continue;
            }
            set.page(folder, truth, now)?;
        }
        set.peak_mib = cost::peak_mib();
        Ok(set)
    }

    fn page(&mut self, folder: &Path, truth: Truth, now: DateTime<Utc>) -> anyhow::Result<()> {
        let file = truth.file.clone().unwrap_or_else(|| format!("{}.html.gz", truth.id));
        let bytes = unpacked(&folder.join(file))?;
        let address = truth.url.as_deref().filter(|url| !url.is_empty()).unwrap_or(UNKNOWN);
        let before = cost::processor_time();
        // an address that is none is as good as no address, as in the batch
        let url = PageUrl::parse(address).or_else(|_| PageUrl::parse(UNKNOWN))?;
        let read = article(&bytes, &url, now);
        let took = cost::processor_time().saturating_sub(before);
        self.time += took;
        if took > self.slowest.1 {
            self.slowest = (truth.id.clone(), took);
        }
        let judged = Judged::of(&truth, &read);
        self.judged.push((truth.id, judged));
        Ok(())
    }
}

fn unpacked(file: &Path) -> anyhow::Result<Vec<u8>> {
    let told = || file.display().to_string();
    let mut bytes = Vec::new();
    let packed = File::open(file).with_context(told)?;
    MultiGzDecoder::new(packed).take(LIMIT).read_to_end(&mut bytes).with_context(told)?;
    Ok(bytes)
}

/// One page all the way, with nothing known beside its bytes and address.
fn article(bytes: &[u8], url: &PageUrl, now: DateTime<Utc>) -> Read {
    let decoded = decode(bytes, Hints::default());
    let page = Page::parse(&decoded.text, url.clone());
    let recipe = Recipe::default();
    let charset = Some(decoded.charset);
    let context = extract::Context {
        recipe: &recipe,
        now,
        zone: None,
        charset,
        candidate: None,
        earlier: None,
        learnt: None,
    };
    let (mut draft, _) = extract::article(&page, &context);
    let body = std::mem::take(&mut draft.body_html);
    let aside = draft.clone();
    draft.body_html = body;
    match normalise::article(draft) {
        Ok((article, _)) => Read {
            title: Some(article.title),
            published: article.published.as_ref().map(Stamp::to_rfc3339),
            author: article.author,
            source: article.source,
            text: Some(article.text),
        },
        // what was read all the same
        Err(_) => Read {
            title: aside.title,
            published: aside.published.as_ref().map(Stamp::to_rfc3339),
            author: aside.author,
            source: aside.source,
            text: None,
        },
    }
}
