//! How to read one site: selectors, date forms, charset, as plain text. What is not given is detected.

use serde::{Deserialize, Serialize};

/// How to read one site. Every field may be absent: then it is detected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Which charset the pages have.
    pub charset: CharsetRule,
    /// How to read the list.
    pub list: ListRules,
    /// How to read a list in JSON.
    pub json: JsonRules,
    /// How to read an article.
    pub article: ArticleRules,
    /// How to read dates.
    pub dates: DateRules,
}

/// Which charset the pages have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CharsetRule {
    /// By evidence.
    #[default]
    Auto,
    /// As configured: a label of the WHATWG Encoding Standard that was checked when read.
    Fixed(String),
}

/// How to read the list: CSS selectors, each may end in `@attr` to take an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRules {
    /// One item; the others are looked for inside it.
    pub item: Option<String>,
    /// The link of an item (its `href` unless `@attr` says otherwise).
    pub link: Option<String>,
    /// The title of an item.
    pub title: Option<String>,
    /// The date of an item.
    pub date: Option<String>,
    /// The link to the next list page, looked for in the whole page.
    pub next: Option<String>,
    /// How many list pages a visit reads, 1 or more.
    pub max_pages: u32,
}

impl ListRules {
    /// Whether no selector says where the list is.
    #[must_use]
    pub fn is_detected(&self) -> bool {
        self.item.is_none() && self.link.is_none()
    }
}

impl Default for ListRules {
    fn default() -> Self {
        Self { item: None, link: None, title: None, date: None, next: None, max_pages: 1 }
    }
}

/// How to read a list in JSON: paths (RFC 9535), those of an item from the item on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JsonRules {
    /// The items.
    pub items: Option<String>,
    /// The title of an item.
    pub title: Option<String>,
    /// The address of its page.
    pub link: Option<String>,
    /// Its date.
    pub date: Option<String>,
    /// Its body, as markup.
    pub body: Option<String>,
    /// Its teaser.
    pub summary: Option<String>,
    /// Its author.
    pub author: Option<String>,
    /// Its origin (来源).
    pub source: Option<String>,
    /// The parameter of the address that counts pages, or names the next one.
    pub page_param: Option<String>,
}

/// How to read an article: CSS selectors, each may end in `@attr` to take an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRules {
    /// The headline.
    pub title: Option<String>,
    /// The block that holds the body.
    pub body: Option<String>,
    /// The element or line that names the day.
    pub date: Option<String>,
    /// The element or line that names the author.
    pub author: Option<String>,
    /// The element or line that names the origin (来源).
    pub source: Option<String>,
    /// The categories, one an element.
    pub category: Option<String>,
    /// The link to the next page of an article that goes on, looked for in the whole page.
    pub next: Option<String>,
    /// Blocks taken out of the body.
    pub remove: Vec<String>,
    /// Whether article pages are fetched at all; without it an item is what the list says.
    pub read: bool,
}

impl Default for ArticleRules {
    fn default() -> Self {
        Self {
            title: None,
            body: None,
            date: None,
            author: None,
            source: None,
            category: None,
            next: None,
            remove: Vec::new(),
            read: true,
        }
    }
}

/// How to read dates, beside the forms that are known anyway.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRules {
    /// strftime forms tried first.
    pub formats: Vec<String>,
    /// A time on a line with one of these words is no date of the article.
    pub ignore: Vec<String>,
}
