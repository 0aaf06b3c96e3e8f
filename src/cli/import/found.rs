//! What a configuration of another tool holds, in our words: portals, and what could not be carried over.

use crate::config::{self, Environment};
use crate::model::{PortalId, Recipe};
use crate::page::Picker;
use crate::render::{recipe_keys, toml_text as text, toml_texts as texts};

use super::super::block;
use super::xpath;

/// A portal as another tool describes it.
#[derive(Debug, Clone, Default)]
pub(super) struct Imported {
    /// Where it stands, counted from 1.
    pub(super) line: usize,
    pub(super) name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) url: String,
    pub(super) kind: Option<&'static str>,
    /// Seconds between two visits.
    pub(super) every: Option<u64>,
    pub(super) timezone: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) is_paused: bool,
    pub(super) recipe: Recipe,
}

/// What is to be told of a line: what it says, and what to do.
pub(super) type Told = (usize, String);

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) portals: Vec<Imported>,
    pub(super) told: Vec<Told>,
}

impl Found {
    pub(super) fn tell(&mut self, line: usize, why: impl Into<String>) {
        self.told.push((line, why.into()));
    }

    /// A CSS selector as it may stand in feeds.toml.
    pub(super) fn css(&mut self, line: usize, key: &str, selector: Option<&str>) -> Option<String> {
        let selector = selector.map(str::trim).filter(|selector| !selector.is_empty())?;
        match Picker::parse(selector) {
            Ok(_) => Some(selector.to_owned()),
            Err(error) => {
                self.tell(line, format!("{key}: {error}; it is left to detection, or give it by hand"));
                None
            }
        }
    }

    /// An `XPath` expression as a selector.
    pub(super) fn xpath(&mut self, line: usize, key: &str, expression: Option<&str>) -> Option<String> {
        let expression = expression.map(str::trim).filter(|expression| !expression.is_empty())?;
        match xpath::to_css(expression) {
            Ok(css) => self.css(line, key, css.as_deref()),
            Err(why) => {
                let what = format!(
                    "{key}: `{expression}` has no CSS selector: {why}; it is left to detection, or give one by hand"
                );
                self.tell(line, what);
                None
            }
        }
    }

    /// Leaves the links to detection where the items could not be carried over: by itself a selector of links is one of
    /// items, and what was meant within an item would be every such link of the page.
    pub(super) fn within_items(&mut self, portal: &mut Imported, were_given: bool) {
        let list = &mut portal.recipe.list;
        if list.item.is_none() && were_given && list.link.take().is_some() {
            self.tell(portal.line, "the links within its items are left to detection with them");
        }
    }

    /// The blocks of all portals that feeds.toml takes, each tried by itself; names that stand already go.
    pub(super) fn blocks(&mut self, taken: &[PortalId]) -> String {
        let mut names: Vec<String> = taken.iter().map(ToString::to_string).collect();
        let mut blocks = String::new();
        for mut portal in std::mem::take(&mut self.portals) {
            if let Some(name) = portal.name.take() {
                let mut unique = name.clone();
                let mut number = 2;
                while names.contains(&unique) {
                    unique = format!("{name}-{number}");
                    number += 1;
                }
                names.push(unique.clone());
                portal.name = Some(unique);
            }
            let title =
                portal.title.take().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
            portal.title = title.filter(|title| !title.is_empty());
            let block = portal.to_toml();
            match config::parse(&block, "import", &Environment::default()) {
                Ok(_) => blocks.push_str(&format!("\n{block}")),
                Err(fault) => {
                    let why = fault.to_string();
                    let why = why.lines().next().unwrap_or_default().to_owned();
                    self.tell(portal.line, format!("`{}` is left out: {why}", portal.url));
                }
            }
        }
        self.told.sort();
        blocks
    }
}

impl Imported {
    fn to_toml(&self) -> String {
        let mut keys: Vec<(&str, String)> = Vec::new();
        keys.extend(self.name.as_deref().map(|name| ("name", text(name))));
        keys.extend(self.title.as_deref().map(|title| ("title", text(title))));
        keys.push(("url", text(&self.url)));
        keys.extend(self.kind.map(|kind| ("kind", text(kind))));
        keys.extend(self.every.map(|seconds| ("every", text(&format!("{seconds}s")))));
        keys.extend(self.timezone.as_deref().map(|zone| ("timezone", text(zone))));
        if !self.tags.is_empty() {
            keys.push(("tags", texts(&self.tags)));
        }
        keys.extend(recipe_keys(&self.recipe));
        if !self.headers.is_empty() {
            let of = |(name, value): &(String, String)| format!("{} = {}", text(name), text(value));
            let headers: Vec<String> = self.headers.iter().map(of).collect();
            keys.push(("fetch", format!("{{ headers = {{ {} }} }}", headers.join(", "))));
        }
        if self.is_paused {
            keys.push(("enabled", "false".to_owned()));
        }
        block::laid_out(&keys)
    }
}

/// A name for a portal, of a file's name or the like; None when nothing of it may stand in one.
pub(super) fn name_of(written: &str) -> Option<String> {
    let stem = written.rsplit('/').next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_ascii_lowercase();
    let name: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    let name = name.trim_matches(['-', '_']).to_owned();
    PortalId::parse(&name).ok().map(|name| name.to_string())
}

/// Selectors that stand in one, parted at their commas.
pub(super) fn parted(selector: &str) -> Vec<String> {
    let (mut depth, mut parts) = (0_i32, vec![String::new()]);
    for c in selector.chars() {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        match parts.last_mut() {
            Some(last) if c != ',' || depth > 0 => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}
