//! The faults found so far in one file, gathered while the reading goes on.

use std::ops::Range;

use super::fault::Fault;
use super::value::{Meant, Trouble};
use super::written::Written;

/// The faults found so far.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<Fault>,
    /// Lines (bytes from, to) whose TOML is broken: what else is found there is a consequence.
    broken: Vec<Range<usize>>,
    /// What nobody shall read over somebody's shoulder, or in a log.
    secrets: Vec<Range<usize>>,
    warnings: Vec<String>,
}

impl Findings {
    /// Begins with what the TOML parser found.
    pub(super) fn of_syntax(text: &str, errors: &[toml::de::Error]) -> Self {
        let mut findings = Self::default();
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let written = text.get(span.clone()).unwrap_or_default();
            let cure = syntax_cure(error.message(), written);
            findings.list.push(Fault::at(
                span.clone(),
                "",
                format!("broken TOML: {}", error.message()),
                cure,
            ));
            let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let end = text.get(span.end..).and_then(|behind| behind.find('\n'));
            findings.broken.push(start..end.map_or(text.len(), |at| span.end + at));
        }
        findings
    }

    /// Adds a fault, unless it lies on a broken line.
    pub(super) fn add(&mut self, fault: Fault) {
        let inside = |span: &Range<usize>| self.broken.iter().any(|line| line.contains(&span.start));
        if !fault.span.as_ref().is_some_and(inside) {
            self.list.push(fault);
        }
    }

    /// Adds the trouble with a value.
    pub(super) fn trouble(&mut self, span: Range<usize>, key: &str, trouble: Trouble) {
        self.add(Fault::at(span, key, trouble.what, trouble.cure));
    }

    /// Adds that something is not there in a part of the file, unless the TOML is broken there: it may just
    /// not have been understood.
    pub(super) fn missing(&mut self, part: &Range<usize>, fault: Fault) {
        if !self.broken.iter().any(|line| part.contains(&line.start)) {
            self.list.push(fault);
        }
    }

    /// Takes the meaning of a value, or adds what is wrong with it.
    pub(super) fn take<T>(&mut self, span: Range<usize>, key: &str, meant: Meant<T>) -> Option<T> {
        meant.map_err(|trouble| self.trouble(span, key, trouble)).ok()
    }

    /// Reads a text where it is given.
    pub(super) fn read<T>(
        &mut self,
        written: Option<&Written<String>>,
        key: &str,
        reader: impl FnOnce(&str) -> Meant<T>,
    ) -> Option<T> {
        let written = written?;
        self.take(written.span(), key, reader(written.get()))
    }

    /// Reads each text of a list.
    pub(super) fn read_all<T>(
        &mut self,
        written: Option<&Vec<Written<String>>>,
        key: &str,
        reader: impl Fn(&str) -> Meant<T>,
    ) -> Vec<T> {
        let texts = written.into_iter().flatten();
        texts.filter_map(|text| self.take(text.span(), key, reader(text.get()))).collect()
    }

    /// Whether a fault about `key` was found in a part of the file.
    pub(super) fn concern(&self, key: &str, part: &Range<usize>) -> bool {
        let inside = |fault: &Fault| fault.span.as_ref().is_some_and(|span| part.contains(&span.start));
        self.list.iter().any(|fault| fault.key == key && inside(fault))
    }

    /// Remembers that a secret stands at a place: it is not shown.
    pub(super) fn hide(&mut self, span: Range<usize>) {
        self.secrets.push(span);
    }

    /// Adds what is no fault and yet better known.
    pub(super) fn warn(&mut self, text: String) {
        if !self.warnings.contains(&text) {
            self.warnings.push(text);
        }
    }

    /// The warnings.
    pub(super) fn into_warnings(self) -> Vec<String> {
        self.warnings
    }

    /// The text of the file as faults may show it: all places as they are, stars for secrets.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for secret in &self.secrets {
            for byte in bytes.get_mut(secret.clone()).into_iter().flatten() {
                if *byte != b'\n' {
                    *byte = b'*';
                }
            }
        }
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The faults.
    pub(super) fn into_list(self) -> Vec<Fault> {
        self.list
    }
}

fn syntax_cure(message: &str, written: &str) -> String {
    if message.starts_with("string values must be quoted") {
        format!("put it in quotes: \"{}\"", written.trim().replace('"', ""))
    } else if message.starts_with("duplicate key") {
        format!("`{written}` may stand only once here: join the two")
    } else if message.contains("missing comma") {
        "put a comma before it".to_owned()
    } else if message.contains("unclosed") || message.contains("invalid basic string") {
        "close what was opened on this line: a quote, a bracket or a brace".to_owned()
    } else {
        "TOML is written `key = \"text\"`, one to a line, under `[table]` headings".to_owned()
    }
}
