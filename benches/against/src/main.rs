//! Reading against its yardsticks: scraper's parse alone, dom_smoothie, and tidings from bytes to article.
//!
//! `cargo run --release -- FOLDER [ROUNDS]`: FOLDER holds gzipped pages. One process, one thread; the three take
//! turns page by page, in a different order each round. Told is processor time, the least of a page's rounds
//! summed over the pages: what a shared machine adds is left out, from all three alike.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use tidings::decode::{Hints, decode};
use tidings::model::{PageUrl, Recipe};
use tidings::page::Page;
use tidings::{extract, normalise};

type Error = Box<dyn std::error::Error>;

const NAMES: [&str; 6] = [
    "scraper, parse alone",
    "dom_smoothie",
    "tidings, whole",
    "tidings, decode",
    "tidings, page",
    "tidings, page and extract",
];

fn main() -> Result<(), Error> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().ok_or("say which FOLDER holds the pages")?;
    let rounds: usize = words.next().map_or(Ok(5), |word| word.parse())?;
    let pages = pages(Path::new(&folder))?;
    let mut least = vec![[Duration::MAX; NAMES.len()]; pages.len()];
    for round in 0..rounds {
        for ((bytes, text), least) in pages.iter().zip(&mut least) {
            for turn in 0..NAMES.len() {
                let which = (turn + round) % NAMES.len();
                let before = processor_time();
                run(which, bytes, text);
                least[which] = least[which].min(processor_time() - before);
            }
        }
    }
    let sum = |which: usize| least.iter().map(|page| page[which]).sum::<Duration>().as_secs_f64();
    println!(
        "| reader | pages | pages/CPU-s | to the parse alone | slowest page ms |\n|---|---|---|---|---|"
    );
    for (which, name) in NAMES.iter().enumerate() {
        let slowest = least.iter().map(|page| page[which]).max().unwrap_or_default().as_secs_f64() * 1e3;
        let (seconds, parse) = (sum(which), sum(0));
        let rate = pages.len() as f64 / seconds;
        println!("| {name} | {} | {rate:.0} | {:.2} | {slowest:.1} |", pages.len(), seconds / parse);
    }
    Ok(())
}

/// The pages of a folder, as bytes and decoded, by name.
fn pages(folder: &Path) -> Result<Vec<(Vec<u8>, String)>, Error> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Error>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "gz"));
    files.sort();
    let read = |file: &std::path::PathBuf| -> Result<_, Error> {
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(std::fs::File::open(file)?).read_to_end(&mut bytes)?;
        let text = decode(&bytes, Hints::default()).text;
        Ok((bytes, text))
    };
    files.iter().map(read).collect()
}

fn processor_time() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}

fn run(which: usize, bytes: &[u8], text: &str) {
    use std::hint::black_box;
    match which {
        0 => drop(black_box(scraper::Html::parse_document(text))),
        1 => {
            let read = dom_smoothie::Readability::new(text, Some("http://unknown.invalid/"), None);
            drop(black_box(read.and_then(|mut read| read.parse())));
        }
        2 => {
            let (page, charset) = page(bytes);
            drop(black_box(normalise::article(draft(&page, charset))));
        }
        3 => drop(black_box(decode(bytes, Hints::default()))),
        4 => drop(black_box(page(bytes))),
        _ => {
            let (page, charset) = page(bytes);
            drop(black_box(draft(&page, charset)));
        }
    }
}

fn page(bytes: &[u8]) -> (Page, &'static str) {
    let decoded = decode(bytes, Hints::default());
    let url =
        PageUrl::parse("http://unknown.invalid/").unwrap_or_else(|error| unreachable!("fixed: {error}"));
    (Page::parse(&decoded.text, url), decoded.charset)
}

fn draft(page: &Page, charset: &'static str) -> tidings::model::Draft {
    let recipe = Recipe::default();
    let now = chrono::DateTime::from_timestamp(1_795_406_400, 0).unwrap_or_default();
    let context = extract::Context { charset: Some(charset), ..extract::Context::new(&recipe, now) };
    extract::article(page, &context).0
}
