//! The paths a source file names, in `use` lines and elsewhere, each resolved from the crate's root.

use crate::words::{Word, words};

/// One path named in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// From the crate's root when `ours`, else from an outside crate.
    pub(crate) segments: Vec<String>,
    /// Whether it leads to a module of this crate.
    pub(crate) ours: bool,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Inside test code.
    pub(crate) test: bool,
}

/// What a file is to the module tree.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The module's path: `src/serve/mod.rs` is `["serve"]`.
    pub(crate) module: Vec<String>,
    /// The modules declared as files directly below it.
    pub(crate) children: Vec<String>,
}

/// All paths of a file, glob imports ending in `*`.
pub(crate) fn paths(source: &str, place: &Place) -> Vec<Named> {
    let words = words(source);
    let mut found: Vec<Named> = Vec::new();
    let mut imported = Vec::new();
    let mut modules = Modules { stack: Vec::new(), depth: 0 };
    let mut at = 0;
    while at < words.len() {
        modules.step(&words, at);
        let capture = words.get(at + 1).is_some_and(|next| next.text == "<");
        if words[at].text == "use" && !capture {
            at = read_tree(&words, at + 1, &mut Vec::new(), &mut |path, line, test| {
                let named = resolve(path, place, &modules.names(), line, test);
                imported.extend(
                    named
                        .iter()
                        .filter(|named| named.ours)
                        .filter_map(|named| named.segments.last().cloned()),
                );
                found.extend(named);
            });
        } else if begins_path(&words, at) {
            let (path, end) = read_simple(&words, at);
            if path.len() > 1 {
                found.extend(resolve(&path, place, &modules.names(), words[at].line, words[at].test));
            }
            at = end;
        } else {
            at += 1;
        }
    }
    // a module of ours, once imported, wins over an outside crate of its name
    found.retain(|named| named.ours || !named.segments.first().is_some_and(|first| imported.contains(first)));
    found
}

/// The inline modules around the word being read.
struct Modules {
    stack: Vec<(String, usize)>,
    depth: usize,
}

impl Modules {
    fn step(&mut self, words: &[Word], at: usize) {
        match words[at].text.as_str() {
            "{" => {
                if at >= 2 && words[at - 2].text == "mod" {
                    self.stack.push((words[at - 1].text.clone(), self.depth));
                }
                self.depth += 1;
            }
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                self.stack.retain(|(_, depth)| *depth < self.depth);
            }
            _ => {}
        }
    }

    fn names(&self) -> Vec<String> {
        self.stack.iter().map(|(name, _)| name.clone()).collect()
    }
}

fn begins_path(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| words[before].text.as_str());
    words[at].is_name()
        && !matches!(before, "." | "::" | "mod" | "fn" | "struct" | "enum" | "trait" | "macro_rules")
}

fn read_simple(words: &[Word], from: usize) -> (Vec<String>, usize) {
    let mut path = vec![words[from].text.clone()];
    let mut at = from + 1;
    while at + 1 < words.len() && words[at].text == "::" && words[at + 1].is_name() {
        path.push(words[at + 1].text.clone());
        at += 2;
    }
    (path, at)
}

/// Reads one branch of a `use` tree and hands out each leaf; returns where reading goes on.
fn read_tree(
    words: &[Word],
    mut at: usize,
    prefix: &mut Vec<String>,
    leaf: &mut impl FnMut(&[String], usize, bool),
) -> usize {
    let kept = prefix.len();
    while let Some(word) = words.get(at) {
        match word.text.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while words.get(at).is_some_and(|word| word.text != "}") {
                    at = read_tree(words, at, prefix, leaf);
                    if words.get(at).is_some_and(|word| word.text == ",") {
                        at += 1;
                    }
                }
                prefix.truncate(kept);
                return at + 1;
            }
            "as" => at += 2,
            "," | "}" | ";" => break,
            name => {
                // `{self, ..}` names the prefix itself
                if name != "self" || prefix.is_empty() {
                    prefix.push(name.to_owned());
                }
                at += 1;
            }
        }
    }
    let end = at.saturating_sub(1).min(words.len().saturating_sub(1));
    leaf(prefix, words[end].line, words[end].test);
    prefix.truncate(kept);
    at
}

/// Makes a path absolute, or tells that it leads outside; a single name leads nowhere.
fn resolve(path: &[String], place: &Place, inline: &[String], line: usize, test: bool) -> Option<Named> {
    let mut here: Vec<String> = place.module.iter().chain(inline).cloned().collect();
    let mut rest = path;
    let mut ours = true;
    match rest.first().map(String::as_str)? {
        "crate" => {
            here.clear();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                here.pop();
                rest = &rest[1..];
            }
        }
        // a child module wins over an outside crate of its name
        first if inline.is_empty() && place.children.iter().any(|child| child == first) => {}
        _ => {
            here.clear();
            ours = false;
        }
    }
    here.extend(rest.iter().cloned());
    Some(Named { segments: here, ours, line, test })
}
