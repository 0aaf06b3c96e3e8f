//! A ready `[[portal]]` block for feeds.toml, and the patch to one that is there.

use crate::model::{ArticleRules, CharsetRule, DateRules, ListRules, Recipe};

/// What a block tells of a portal.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) url: &'a str,
    pub(super) tags: &'a [String],
    pub(super) recipe: Option<&'a Recipe>,
}

/// A key and its value as TOML.
type Key = (&'static str, String);

impl Block<'_> {
    /// The block as it stands in feeds.toml.
    pub(super) fn to_toml(&self) -> String {
        let mut keys: Vec<Key> = Vec::new();
        keys.extend(self.name.map(|name| ("name", text(name))));
        keys.extend(self.title.map(|title| ("title", text(title))));
        keys.push(("url", text(self.url)));
        if !self.tags.is_empty() {
            keys.push(("tags", texts(self.tags)));
        }
        keys.extend(self.recipe.map(recipe_keys).unwrap_or_default());
        let width = keys.iter().map(|(key, _)| key.len()).max().unwrap_or_default();
        let lines = keys.iter().map(|(key, value)| format!("{key:<width$} = {value}\n"));
        format!("[[portal]]\n{}", lines.collect::<String>())
    }
}

/// The lines of a portal's block that change from one recipe to another, `-` before old ones and `+` before new.
///
/// Only what `found` says counts: a key of `written` that it is silent on stays as it is.
pub(super) fn patch(written: &Recipe, found: &Recipe) -> String {
    let meant = Recipe {
        charset: match &found.charset {
            CharsetRule::Auto => written.charset.clone(),
            CharsetRule::Fixed(_) => found.charset.clone(),
        },
        list: over_list(&written.list, &found.list),
        article: over_article(&written.article, &found.article),
        dates: DateRules {
            formats: or(&written.dates.formats, &found.dates.formats),
            ignore: or(&written.dates.ignore, &found.dates.ignore),
        },
    };
    let (old, new) = (recipe_keys(written), recipe_keys(&meant));
    let mut lines = String::new();
    for name in KEYS {
        let of = |keys: &[Key]| keys.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        let (before, after) = (of(&old), of(&new));
        if before != after {
            lines.extend(before.map(|value| format!("-{name} = {value}\n")));
            lines.extend(after.map(|value| format!("+{name} = {value}\n")));
        }
    }
    lines
}

/// The keys of a recipe, in the order they are written.
const KEYS: [&str; 4] = ["charset", "list", "article", "dates"];

fn recipe_keys(recipe: &Recipe) -> Vec<Key> {
    let charset = match &recipe.charset {
        CharsetRule::Auto => None,
        CharsetRule::Fixed(label) => Some(text(label)),
    };
    let of = [charset, list(&recipe.list), article(&recipe.article), dates(&recipe.dates)];
    KEYS.into_iter().zip(of).filter_map(|(key, value)| Some((key, value?))).collect()
}

fn list(rules: &ListRules) -> Option<String> {
    let pages = (rules.max_pages > 1).then(|| rules.max_pages.to_string());
    inline([
        ("item", selector(&rules.item)),
        ("link", selector(&rules.link)),
        ("title", selector(&rules.title)),
        ("date", selector(&rules.date)),
        ("next", selector(&rules.next)),
        ("max_pages", pages),
    ])
}

fn article(rules: &ArticleRules) -> Option<String> {
    inline([
        ("title", selector(&rules.title)),
        ("body", selector(&rules.body)),
        ("date", selector(&rules.date)),
        ("author", selector(&rules.author)),
        ("source", selector(&rules.source)),
        ("category", selector(&rules.category)),
        ("next", selector(&rules.next)),
        ("remove", array(&rules.remove)),
        ("read", (!rules.read).then(|| "false".to_owned())),
    ])
}

fn dates(rules: &DateRules) -> Option<String> {
    inline([("formats", array(&rules.formats)), ("ignore", array(&rules.ignore))])
}

fn over_list(written: &ListRules, found: &ListRules) -> ListRules {
    ListRules {
        item: first(&found.item, &written.item),
        link: first(&found.link, &written.link),
        title: first(&found.title, &written.title),
        date: first(&found.date, &written.date),
        next: first(&found.next, &written.next),
        max_pages: written.max_pages,
    }
}

fn over_article(written: &ArticleRules, found: &ArticleRules) -> ArticleRules {
    ArticleRules {
        title: first(&found.title, &written.title),
        body: first(&found.body, &written.body),
        date: first(&found.date, &written.date),
        author: first(&found.author, &written.author),
        source: first(&found.source, &written.source),
        category: first(&found.category, &written.category),
        next: first(&found.next, &written.next),
        remove: or(&written.remove, &found.remove),
        read: written.read,
    }
}

fn first(one: &Option<String>, other: &Option<String>) -> Option<String> {
    one.as_ref().or(other.as_ref()).cloned()
}

fn or(written: &[String], found: &[String]) -> Vec<String> {
    if found.is_empty() { written.to_vec() } else { found.to_vec() }
}

fn selector(given: &Option<String>) -> Option<String> {
    given.as_deref().map(text)
}

fn array(given: &[String]) -> Option<String> {
    (!given.is_empty()).then(|| texts(given))
}

fn inline<const N: usize>(keys: [(&str, Option<String>); N]) -> Option<String> {
    let written: Vec<String> =
        keys.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?))).collect();
    (!written.is_empty()).then(|| format!("{{ {} }}", written.join(", ")))
}

/// A string as TOML; control characters, which could move a terminal, are escaped.
fn text(value: &str) -> String {
    if !value.chars().any(char::is_control) {
        return toml::Value::from(value).to_string();
    }
    let mut basic = String::from('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => basic.extend(['\\', c]),
            c if c.is_control() => basic.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => basic.push(c),
        }
    }
    basic.push('"');
    basic
}

fn texts(values: &[String]) -> String {
    let written: Vec<String> = values.iter().map(|value| text(value)).collect();
    format!("[{}]", written.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(item: &str) -> Recipe {
        let list = ListRules { item: Some(item.to_owned()), ..ListRules::default() };
        Recipe { list, ..Recipe::default() }
    }

    #[test]
    fn a_block_is_toml_that_reads_back() {
        let found = recipe("table[width=\"98%\"] tr");
        let tags = ["河北".to_owned()];
        let block = Block {
            name: Some("tangshan"),
            title: Some("唐山 \"信息网\"\n\u{1b}[31m"),
            url: "http://a.example/news/",
            tags: &tags,
            recipe: Some(&found),
        };
        let read: toml::Table = block.to_toml().parse().unwrap();
        let portal = &read["portal"][0];
        assert_eq!(portal["title"].as_str(), Some("唐山 \"信息网\"\n\u{1b}[31m"));
        assert_eq!(portal["list"]["item"].as_str(), Some("table[width=\"98%\"] tr"));
        assert_eq!(portal["tags"][0].as_str(), Some("河北"));
        assert!(!block.to_toml().contains('\u{1b}') && portal.get("article").is_none());
    }

    #[test]
    fn a_patch_changes_only_what_was_found_anew() {
        let mut written = recipe("ul.old li");
        written.list.max_pages = 3;
        assert_eq!(
            patch(&written, &recipe("ul.new li")),
            "-list = { item = \"ul.old li\", max_pages = 3 }\n+list = { item = \"ul.new li\", max_pages = 3 }\n"
        );
        assert_eq!(patch(&written, &Recipe::default()), "");
        assert_eq!(patch(&Recipe::default(), &recipe("li")), "+list = { item = \"li\" }\n");
    }
}
