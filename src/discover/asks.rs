//! What scripts ask for: addresses they have in them or put together, with the parameters beside them; and how likely each
//! is the address of an API.

use serde_json::Value;

use super::turn;
use crate::data::{self, Joined, Part, Values};
use crate::model::PageUrl;

/// What the addresses of APIs have in them.
const WORDS: [&str; 16] = [
    "api",
    "json",
    "list",
    "ajax",
    "query",
    "news",
    "article",
    "interface",
    "servlet",
    "rest",
    "feed",
    "data",
    "content",
    "search",
    "page",
    "post",
];
/// What the addresses of other things have in them.
const OTHERS: [&str; 18] = [
    "login", "logout", "user", "comment", "captcha", "token", "upload", "weather", "tianqi", "banner",
    "config", "/ad/", "/ads", "startup", "like", "collect", "version", "stat",
];
/// What addresses have in them that answer one article.
const DETAILS: [&str; 8] = ["detail", "info", "article", "content", "news", "get", "view", "show"];
/// What stands before an address that a script asks for.
const ASKS: [&str; 12] = [
    "fetch(", ".get(", "getJSON(", ".load(", "axios(", "request(", "ajax(", "\"GET\",", "'GET',", "url:",
    "url :", "src=",
];
/// Files that hold no lists.
const FILES: [&str; 16] = [
    ".js", ".css", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2", ".mp4", ".webp",
    ".pdf", ".map", ".ttf", ".swf",
];
/// Parameters, and what scripts call what they put into them, that name one article.
const IDS: [&str; 11] =
    ["id", "newsid", "articleid", "contentid", "docid", "infoid", "aid", "nid", "uuid", "slug", "metadataid"];
/// Parameters that only keep an answer from being kept.
const STAMPS: [&str; 12] =
    ["_", "_t", "t", "ts", "timestamp", "time", "r", "rnd", "rand", "random", "v", "nocache"];
/// How many items are asked for where only the script knows.
const SIZE: &str = "20";
/// Bytes before an address that say how it is asked, and behind it those that hold its parameters.
const NEAR: usize = 120;
const BEHIND: usize = 400;

/// What a script names, with how likely each is the address of an API.
#[derive(Debug, Default)]
pub(super) struct Asks {
    pub(super) gets: Vec<(i32, PageUrl)>,
    pub(super) posts: Vec<(i32, PageUrl)>,
    /// Addresses of one article each, `{id}` in place of its name.
    pub(super) details: Vec<(i32, String)>,
}

/// What is known around a script.
pub(super) struct Around<'a> {
    /// Resolves an address.
    pub(super) join: &'a dyn Fn(&str) -> Option<PageUrl>,
    /// What the page says of a name that the script reads from it: a parameter of its address, an attribute.
    pub(super) told: &'a dyn Fn(&str) -> Option<String>,
    /// What the page's address says by names: its parameters, and what a router reads from its path.
    pub(super) given: &'a [(String, String)],
}

/// What a script names.
pub(super) fn of_script(script: &str, around: &Around<'_>) -> Asks {
    let (texts, values) = data::texts(script);
    // where the answers stand that addresses without a host are asked from
    let base = ["baseURL", "baseUrl", "BASE_URL", "base_url", "baseApi", "VUE_APP_BASE_API"].iter();
    let base = base.filter_map(|name| values.at(name, 0)).find(|base| base.len() > 1 && base.contains('/'));
    let mut asks = Asks::default();
    for text in &texts {
        let before =
            script.get(script.floor_char_boundary(text.at.start.saturating_sub(NEAR))..text.at.start);
        let behind = script.get(text.at.end..script.floor_char_boundary(text.at.end + BEHIND));
        let (before, behind) = (before.unwrap_or_default().trim_end(), behind.unwrap_or_default());
        let one = One { text, before, behind, values: &values, around };
        one.take(base, &mut asks);
    }
    asks
}

/// How likely a text is the address of an API; None when it is none. `asked` is what stands around it.
pub(super) fn worth(told: &str, asked: i32) -> Option<i32> {
    let told = told.trim();
    let lower = told.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let is_reference = told.starts_with('/')
        || told.starts_with('.')
        || lower.starts_with("http")
        || path.contains('/')
        || asked >= 2;
    let is_plain = (3..500).contains(&told.len())
        && !told.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '\\'))
        // several words of one parameter, but no list of arguments
        && !path.contains(',');
    if !is_reference
        || !is_plain
        || FILES.iter().any(|file| path.ends_with(file))
        || lower.starts_with("javascript")
        || lower.contains("://") && path.matches('/').count() < 3
    {
        return None;
    }
    let words: i32 = WORDS.iter().map(|word| i32::from(path.contains(word))).sum();
    let is_service = path.contains("/api/") || path.contains("-api/") || path.starts_with("api/");
    let is_json = i32::from(
        path.ends_with(".json") || is_service || path.contains("dataproxy") || path.contains("_search"),
    );
    let others: i32 = OTHERS.iter().map(|word| i32::from(path.contains(word))).sum();
    let worth = asked * 2 + words.min(3) + is_json * 2;
    (asked > 0 || is_json > 0).then_some(worth).filter(|worth| *worth >= 3).map(|worth| worth - others * 4)
}

/// One text of a script with what stands around it.
struct One<'a> {
    text: &'a Joined,
    before: &'a str,
    behind: &'a str,
    values: &'a Values,
    around: &'a Around<'a>,
}

/// What stands in place of an article's name until it is known.
const NAME: &str = "{id}";

impl One<'_> {
    fn take(&self, base: Option<&str>, asks: &mut Asks) {
        let is_asked = ASKS.iter().any(|ask| self.before.ends_with(ask));
        let is_posted = is_posted(self.before, self.behind);
        let Some(told) = self.address() else { return };
        let asked = 2 * i32::from(is_asked || is_posted);
        let Some(worth) = worth(&told, asked) else { return };
        let told = if is_asked && !is_posted { self.with_parameters(told) } else { told };
        let prefixed =
            base.filter(|base| told.starts_with('/') && !told.starts_with(*base) && !told.starts_with("//"));
        let prefixed = prefixed.map(|base| format!("{}{told}", base.trim_end_matches('/')));
        for (told, more) in prefixed.into_iter().map(|told| (told, 1)).chain([(told, 0)]) {
            let Some(url) = (self.around.join)(&told.replace(NAME, "0id0")) else { continue };
            if is_posted {
                asks.posts.push((worth + more, url));
            } else if told.contains(NAME) {
                let path = told.split('?').next().unwrap_or_default().to_ascii_lowercase();
                let words: i32 = DETAILS.iter().map(|word| i32::from(path.contains(word))).sum();
                asks.details.push((worth + more + words * 2, url.as_str().replace("0id0", NAME)));
            } else {
                asks.gets.push((worth + more, url));
            }
        }
    }

    /// The address with what only the script knows filled in; None where its path is known to the script alone.
    fn address(&self) -> Option<String> {
        let mut told = String::new();
        for part in &self.text.parts {
            let gap = match part {
                Part::Text(text) => {
                    told.push_str(text);
                    continue;
                }
                Part::Gap(name) => name,
            };
            if told.is_empty() {
                // a host or a folder of its own
                continue;
            }
            let param = told.rsplit_once('?').map(|(_, query)| query.rsplit('&').next().unwrap_or_default());
            match param {
                Some(param) if param.ends_with('=') => {
                    let param = param.trim_end_matches('=').to_owned();
                    match self.filled(&param, gap) {
                        Some(value) => told.push_str(&value),
                        None => told.push(UNKNOWN),
                    }
                }
                Some(_) => told.push(UNKNOWN),
                // a page in a path is counted, and an article is named at its end
                None if turn::is_page(gap) => told.push('1'),
                None if told.ends_with('/') || told.ends_with('_') || told.ends_with('-') => {
                    told.push_str(NAME);
                }
                None => return None,
            }
        }
        let (path, query) = told.split_once('?').unwrap_or((&told, ""));
        let pairs: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(UNKNOWN)).collect();
        let is_bare = pairs.is_empty() && !(told.ends_with('?') || told.contains(UNKNOWN));
        Some(if is_bare || pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        })
    }

    /// What a parameter is given. `gap` is what the script calls it.
    fn filled(&self, param: &str, gap: &str) -> Option<String> {
        let (plain, called) = (param.to_ascii_lowercase(), gap.to_ascii_lowercase());
        if turn::is_page(&plain) {
            return Some("1".to_owned());
        }
        if turn::is_offset(&plain) {
            return Some("0".to_owned());
        }
        if turn::is_size(&plain) {
            return Some(SIZE.to_owned());
        }
        if called == "timestamp" || STAMPS.contains(&plain.as_str()) && (self.around.told)(param).is_none() {
            return None;
        }
        let told = (self.around.told)(param).or_else(|| (self.around.told)(gap).filter(|_| gap.len() > 1));
        let own = || self.values.at(gap, self.text.at.start).map(str::to_owned).filter(|_| gap.len() > 1);
        let is_id = IDS.contains(&plain.as_str());
        if is_id && self.is_of_article() { Some(NAME.to_owned()) } else { told.or_else(own) }
    }

    /// Whether the address answers one article.
    fn is_of_article(&self) -> bool {
        let path: String = self
            .text
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Gap(_) => None,
            })
            .collect::<String>()
            .to_ascii_lowercase();
        let path = path.split('?').next().unwrap_or_default();
        let lists = ["list", "page", "query", "search", "column", "channel"];
        !lists.iter().any(|word| path.contains(word)) || path.contains("detail")
    }

    /// The address with the parameters that stand beside it: `data: {page: 1}`, `params: {…}`.
    fn with_parameters(&self, told: String) -> String {
        let near = self.behind.get(..self.behind.floor_char_boundary(260)).unwrap_or_default();
        // up to where something else is asked for
        let end =
            ["url:", "url :", "fetch(", ".get(", "function("].iter().filter_map(|word| near.find(word)).min();
        let near = near.get(..end.unwrap_or(near.len())).unwrap_or_default();
        let words = ["data:", "params:", "data :", "params :", "query:"];
        let place = words.iter().find_map(|word| near.find(word).map(|at| at + word.len()));
        let bare =
            near.trim_start().strip_prefix(',').map(str::trim_start).filter(|rest| rest.starts_with('{'));
        let object = place
            .and_then(|at| near.get(at..))
            .map(str::trim_start)
            .filter(|rest| rest.starts_with('{'))
            .or(bare.filter(|_| place.is_none()));
        let Some((Value::Object(map), _)) = object.and_then(data::value) else {
            let is_variable = place.is_some() || near.trim_start().starts_with(",{params");
            return if is_variable { self.with_given(told) } else { told };
        };
        let mut out = told;
        for (name, value) in map.iter().take(12) {
            let value = match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(is) => Some(is.to_string()),
                // what only the script knows
                Value::Null => self.filled(name, name),
                _ => None,
            };
            if let Some(value) = value.filter(|_| is_name(name)) {
                out.push(if out.contains('?') { '&' } else { '?' });
                out.push_str(&format!("{}={}", safe(name), if value == NAME { value } else { safe(&value) }));
            }
        }
        out
    }

    /// The address with what the page's own address says: for a program that hands its parameters on.
    fn with_given(&self, told: String) -> String {
        let mut out = told;
        for (name, value) in
            self.around.given.iter().filter(|(name, value)| is_name(name) && value.len() < 200)
        {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(&format!("{}={}", safe(name), safe(value)));
        }
        out
    }
}

/// Whether a text may be the name of a parameter.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']'))
}

/// A text as it stands in a query.
fn safe(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace(' ', "%20")
}

/// Stands for a value that nobody knows.
const UNKNOWN: char = '\u{0}';

/// Whether a script sends something to an address: that is nothing for us.
fn is_posted(before: &str, behind: &str) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'');
        kept.collect::<String>().to_ascii_lowercase()
    };
    let says = |text: &str| text.contains("method:post") || text.contains("type:post");
    let behind = behind.get(..behind.floor_char_boundary(160)).unwrap_or_default();
    // up to where something else is asked for
    let ends = [";", "fetch(", ".get(", "ajax(", "axios", "getJSON(", "function "];
    let end = ends.iter().filter_map(|end| behind.find(end)).min().unwrap_or(behind.len());
    let behind = behind.get(..end).unwrap_or_default();
    // in the same object
    let own = before.rsplit(['{', ';']).next().unwrap_or_default();
    let is_call = before.ends_with(".post(") || before.ends_with(".put(") || before.ends_with(".delete(");
    is_call || says(&plain(behind)) || before.contains('{') && says(&plain(own))
}
