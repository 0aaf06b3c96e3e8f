//! What a person at a terminal sees while waiting; nothing at all elsewhere.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the spinner turns.
const TURN: Duration = Duration::from_millis(120);
/// So many names are shown of those under way.
const NAMES: usize = 3;

/// A bar of article pages on standard error, and who is under way. Clones are one bar.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    bar: ProgressBar,
    under_way: Arc<Mutex<BTreeSet<String>>>,
}

impl Bar {
    /// A bar without an end yet; hidden when standard error is no terminal.
    pub(super) fn new(doing: &str) -> Self {
        let is_seen = io::stderr().is_terminal();
        let target = if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(spinner());
        bar.set_message(doing.to_owned());
        if is_seen {
            bar.enable_steady_tick(TURN);
        }
        Self { bar, under_way: Arc::default() }
    }

    /// Somebody began.
    pub(super) fn begun(&self, name: &str) {
        self.name(|names| names.insert(name.to_owned()));
    }

    /// Somebody ended.
    pub(super) fn ended(&self, name: &str) {
        self.name(|names| {
            names.retain(|shown| shown != name && !shown.starts_with(&format!("{name}: ")));
            true
        });
    }

    /// What somebody under way is at.
    pub(super) fn doing(&self, name: &str, what: &str) {
        self.name(|names| {
            names.retain(|shown| shown != name && !shown.starts_with(&format!("{name}: ")));
            names.insert(format!("{name}: {what}"))
        });
    }

    /// So many more pages are to come.
    pub(super) fn add(&self, pages: usize) {
        if self.bar.length().is_none() {
            self.bar.set_style(counted());
            self.bar.set_length(0);
        }
        self.bar.inc_length(u64::try_from(pages).unwrap_or_default());
    }

    /// One page is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
    }

    /// Does something that prints while the bar is out of the way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn name(&self, change: impl FnOnce(&mut BTreeSet<String>) -> bool) {
        let mut names = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut names);
        let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
        let more = names.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.bar.set_message(format!("{}{more}", shown.join(", ")));
    }
}

fn spinner() -> ProgressStyle {
    style("{spinner} {msg} {elapsed}")
}

fn counted() -> ProgressStyle {
    style("{spinner} [{bar:24}] {pos}/{len} pages  {wide_msg}")
}

/// The templates above are constant and read well; were one broken, the plain bar does.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_read() {
        assert!(ProgressStyle::with_template("{spinner} {msg} {elapsed}").is_ok());
        let bar = Bar::new("visiting");
        bar.begun("tangshan");
        bar.add(3);
        bar.step();
        bar.ended("tangshan");
        assert_eq!((bar.bar.position(), bar.bar.length()), (1, Some(3)));
    }
}
