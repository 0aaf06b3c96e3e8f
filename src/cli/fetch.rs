//! `tidings fetch`: visits now, once, into the store.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::exit::End;
use super::options::Options;
use super::out;
use super::progress::Bar;
use super::runtime;
use crate::app::{self, Progress, Walked};
use crate::model::PortalId;
use crate::schedule::Visited;

/// List pages that one walk goes back at most: more than any portal has shown, and few enough to end.
const MOST_PAGES: i64 = 10_000;

/// What `tidings fetch` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The portals to visit; all that are enabled when none is named
    #[arg(value_name = "NAME", value_parser = |text: &str| PortalId::parse(text))]
    names: Vec<PortalId>,
    /// Walk so many older list pages back, and take their articles; one that was interrupted goes on where it was
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_PAGES))]
    backfill: Option<u32>,
}

/// Visits the portals and prints a line for each as it ends.
pub(super) fn run(options: &Options, args: &Args) -> anyhow::Result<End> {
    let config = options.load()?;
    let names: Vec<PortalId> = args.names.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let width = config.portals.iter().map(|portal| portal.id.as_str().len()).max().unwrap_or_default();
    let bar = Bar::new("visiting");
    // a reader of ours that went away must not end visits half way: it is told at the end
    let unread: Arc<Mutex<Option<std::io::Error>>> = Arc::default();
    let (shown, told, failed) = (bar.clone(), bar.clone(), Arc::clone(&unread));
    let say = move |text: &dyn Fn() -> String| {
        let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_none() {
            *failed = told.aside(|| out::print(&text())).err();
        }
    };
    let asked = args.backfill.unwrap_or_default();
    let watch = move |step: Progress| match step {
        Progress::Begun(portal) => shown.begun(portal.as_str()),
        Progress::Listed(_, articles) => shown.add(articles),
        Progress::Article(_) => shown.step(),
        Progress::Page(portal, number) => {
            shown.doing(portal.as_str(), &format!("page {number} of {asked} back"));
        }
        Progress::GoesOn(portal, page) => {
            shown.begun(portal.as_str());
            say(&|| format!("{:<width$}  goes on from page {page} back\n", portal.as_str()));
        }
        Progress::Walked(walked) => {
            shown.ended(walked.portal.as_str());
            say(&|| walk(&walked, width));
        }
        Progress::Ended(visited) => {
            shown.ended(visited.portal.as_str());
            say(&|| line(&visited, width));
        }
    };
    let all_served = match args.backfill {
        Some(pages) => runtime::run(app::backfill(config, names, pages, watch))
            .map(|walked| walked.map(|all| all.iter().all(|walk| walk.error.is_none() && !walk.is_stopped))),
        None => runtime::run(app::fetch(config, names, watch))
            .map(|visited| visited.map(|all| all.iter().all(|visit| visit.error.is_none()))),
    };
    bar.finish();
    let all_served = all_served??;
    if let Some(error) = unread.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error.into());
    }
    Ok(if all_served { End::Done } else { End::Failed })
}

/// What one walk did, and why it ended.
fn walk(walked: &Walked, width: usize) -> String {
    let (name, counts) = (walked.portal.as_str(), &walked.counts);
    let pages = format!("{} back", out::count(usize::try_from(walked.pages).unwrap_or(usize::MAX), "page"));
    if walked.was_done {
        return format!("{name:<width$}  ok  {pages} were read before, nothing is left to do\n");
    }
    let seconds = std::time::Duration::from_millis(counts.ms).as_secs_f64();
    let mut told = format!(
        "{pages}, {} new, {} changed; {} requests, {} bytes, {seconds:.1} s",
        counts.new, counts.changed, counts.requests, counts.bytes
    );
    if let Some(fault) = &walked.error {
        return format!(
            "{name:<width$}  failed  {}; {told}; the same command goes on from there\n",
            out::line(&fault.to_string())
        );
    }
    if walked.is_stopped {
        return format!("{name:<width$}  stopped  {told}; the same command goes on from there\n");
    }
    if let Some(end) = &walked.end {
        told.push_str(&format!("; {}", out::line(end)));
    }
    format!("{name:<width$}  ok  {told}\n")
}

/// What one visit did, or the class of its fault.
fn line(visited: &Visited, width: usize) -> String {
    let name = visited.portal.as_str();
    if let Some(fault) = &visited.error {
        return format!("{name:<width$}  failed  {}\n", out::line(&fault.to_string()));
    }
    let counts = &visited.counts;
    let seconds = std::time::Duration::from_millis(counts.ms).as_secs_f64();
    let mut told = format!(
        "{name:<width$}  ok  {} items, {} new, {} changed, {} withdrawn; {} requests, {} bytes, {seconds:.1} s",
        counts.items, counts.new, counts.changed, counts.withdrawn, counts.requests, counts.bytes
    );
    if visited.left > 0 {
        told.push_str(&format!("; {} left for the next visit", out::count(visited.left, "article")));
    }
    if visited.notes > 0 {
        told.push_str(&format!("; {}", out::count(visited.notes, "note")));
    }
    told.push('\n');
    told
}

#[cfg(test)]
mod tests {
    use crate::model::{Class, Fault, VisitCounts};

    use super::*;

    #[test]
    fn a_line_tells_counts_or_the_class_of_the_fault() {
        let counts =
            VisitCounts { items: 30, new: 2, requests: 4, bytes: 120_034, ms: 812, ..VisitCounts::default() };
        let portal = PortalId::parse("tangshan").unwrap();
        let next_due = chrono::DateTime::UNIX_EPOCH;
        let mut visited = Visited { portal, counts, error: None, notes: 0, left: 1, next_due };
        assert_eq!(
            line(&visited, 10),
            "tangshan    ok  30 items, 2 new, 0 changed, 0 withdrawn; 4 requests, 120034 bytes, 0.8 s; \
             1 article left for the next visit\n"
        );
        let detail = "no address for `a.example`".to_owned();
        visited.error = Some(Fault { class: Class::Dns, detail, url: None });
        assert_eq!(line(&visited, 8), "tangshan  failed  dns: no address for `a.example`\n");
    }
}
