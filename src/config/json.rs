//! The `json` table of a portal as written.

use schemars::JsonSchema;

use super::findings::Findings;
use super::value;
use super::written::Written;
use crate::model::JsonRules;

/// Paths into a JSON document (RFC 9535); those of an item begin at the item. What is not given is detected.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Json {
    /// The items of the list.
    #[schemars(example = "$.data.list[*]")]
    items: Option<Written<String>>,
    /// The title of an item.
    #[schemars(example = "$.title")]
    title: Option<Written<String>>,
    /// The address of an item's page.
    #[schemars(example = "$.url")]
    link: Option<Written<String>>,
    /// The date of an item: a text, or seconds or milliseconds since 1970.
    #[schemars(example = "$.publishTime")]
    date: Option<Written<String>>,
    /// The body of an item as markup; with a whole body its page is not asked for.
    #[schemars(example = "$.html")]
    body: Option<Written<String>>,
    /// The teaser of an item.
    #[schemars(example = "$.summary")]
    summary: Option<Written<String>>,
    /// The author of an item.
    #[schemars(example = "$.author")]
    author: Option<Written<String>>,
    /// Where an item came from.
    #[schemars(example = "$.source")]
    source: Option<Written<String>>,
    /// The parameter of the address that counts pages (or names the next one).
    #[schemars(example = &"pageNo")]
    page_param: Option<Written<String>>,
}

/// The table as meant; `key` names its keys for faults.
pub(super) fn rules(written: &Json, key: impl Fn(&str) -> String, findings: &mut Findings) -> JsonRules {
    let mut path = |text: &Option<Written<String>>, name: &str| {
        findings.read(text.as_ref(), &key(&format!("json.{name}")), value::path)
    };
    JsonRules {
        items: path(&written.items, "items"),
        title: path(&written.title, "title"),
        link: path(&written.link, "link"),
        date: path(&written.date, "date"),
        body: path(&written.body, "body"),
        summary: path(&written.summary, "summary"),
        author: path(&written.author, "author"),
        source: path(&written.source, "source"),
        page_param: findings.read(written.page_param.as_ref(), &key("json.page_param"), value::parameter),
    }
}
