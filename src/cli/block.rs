//! A ready `[[portal]]` block for feeds.toml, and the patch to one that is there.

use crate::model::{ArticleRules, CharsetRule, DateRules, ListRules, Recipe};
use crate::render::{RECIPE_KEYS, TomlKey as Key, recipe_keys, toml_text as text, toml_texts as texts};

/// What a block tells of a portal.
#[derive(Debug, Default)]
pub(super) struct Block<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) url: &'a str,
    pub(super) tags: &'a [String],
    pub(super) recipe: Option<&'a Recipe>,
}

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
        laid_out(&keys)
    }
}

/// A block of keys and their values as TOML.
pub(super) fn laid_out<K: AsRef<str>>(keys: &[(K, String)]) -> String {
    let width = keys.iter().map(|(key, _)| key.as_ref().len()).max().unwrap_or_default();
    let lines = keys.iter().map(|(key, value)| format!("{:<width$} = {value}\n", key.as_ref()));
    format!("[[portal]]\n{}", lines.collect::<String>())
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
        json: written.json.clone(),
        article: over_article(&written.article, &found.article),
        dates: DateRules {
            formats: or(&written.dates.formats, &found.dates.formats),
            ignore: or(&written.dates.ignore, &found.dates.ignore),
        },
    };
    let (old, new) = (recipe_keys(written), recipe_keys(&meant));
    let mut lines = String::new();
    for name in RECIPE_KEYS {
        let of = |keys: &[Key]| keys.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        let (before, after) = (of(&old), of(&new));
        if before != after {
            lines.extend(before.map(|value| format!("-{name} = {value}\n")));
            lines.extend(after.map(|value| format!("+{name} = {value}\n")));
        }
    }
    lines
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
