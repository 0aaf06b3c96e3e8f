//! What a document is, by its first signs: markup, a feed, a sitemap, data or a script.

use crate::model::Kind;

/// Looked at for the first element.
const HEAD_BYTES: usize = 4096;

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A page.
    Html,
    /// RSS, RDF, Atom, or JSON Feed.
    Feed,
    /// A sitemap or an index of them.
    Sitemap,
    /// JSON of an API.
    Json,
    /// A program, which may name an API.
    Script,
}

impl Form {
    /// What a document is read as: as configured, else by its own signs. A `Content-Type` is asked last: many servers
    /// call everything `text/html`.
    #[must_use]
    pub fn of(text: &str, content_type: Option<&str>, kind: Kind) -> Self {
        match kind {
            Kind::Html => Self::Html,
            Kind::Feed => Self::Feed,
            // files of an index may be feeds, and an index names files
            Kind::Sitemap => Self::sniff(text).filter(|form| *form == Self::Feed).unwrap_or(Self::Sitemap),
            Kind::Json => Self::sniff(text).filter(|form| *form == Self::Feed).unwrap_or(Self::Json),
            Kind::Auto => Self::sniff(text).unwrap_or_else(|| Self::named(text, content_type)),
        }
    }

    /// The kind of portal whose list is such a document.
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Html => Some(Kind::Html),
            Self::Feed => Some(Kind::Feed),
            Self::Sitemap => Some(Kind::Sitemap),
            Self::Json => Some(Kind::Json),
            Self::Script => None,
        }
    }

    pub(super) fn sniff(text: &str) -> Option<Self> {
        let head = text.get(..text.floor_char_boundary(HEAD_BYTES)).unwrap_or(text);
        let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let json = head.split_once("jsonfeed.org/version").map(|(before, _)| before);
        let is_json_feed = json.map(|_| Self::Feed);
        if head.starts_with(['{', '[']) {
            return is_json_feed.or(Some(Self::Json));
        }
        let named =
            elements(json.unwrap_or(head)).find_map(|name| match name.to_ascii_lowercase().as_str() {
                "rss" | "rdf" | "feed" | "channel" | "item" | "entry" => Some(Self::Feed),
                "urlset" | "sitemapindex" => Some(Self::Sitemap),
                "html" | "head" | "body" | "frameset" | "div" | "table" | "p" | "script" | "meta"
                | "title" => Some(Self::Html),
                _ => None,
            });
        // a page's beginning that was printed before the feed
        let is_within = || named == Some(Self::Html) && has_feed(text);
        named.map(|form| if is_within() { Self::Feed } else { form }).or(is_json_feed)
    }

    fn named(text: &str, content_type: Option<&str>) -> Self {
        let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json" => Self::Feed,
            "application/json" | "text/json" => Self::Json,
            essence if essence.contains("javascript") || essence.contains("ecmascript") => {
                if is_call(text) {
                    Self::Json
                } else {
                    Self::Script
                }
            }
            "text/plain" if text.trim_start().starts_with("http") => Self::Sitemap,
            _ => Self::Html,
        }
    }
}

/// Whether a feed stands somewhere in a text; one that a page shows to its readers is escaped there.
fn has_feed(text: &str) -> bool {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    let opens = |name: &str| has(&format!("<{name}>")) || has(&format!("<{name} "));
    opens("channel") && opens("item") && has("</item>") || opens("feed") && opens("entry") && has("</entry>")
}

/// Whether a script is one call with data, or one assignment of data: JSON with padding.
fn is_call(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == ';');
    let text = text.strip_prefix("/**/").unwrap_or(text).trim_start();
    let head: String = text.chars().take(80).collect();
    let Some(at) = head.find(['{', '[']) else { return false };
    let before = head.get(..at).unwrap_or_default().trim_end();
    let name = before.strip_suffix(['(', '=']).unwrap_or_default().trim();
    let name = name.strip_prefix("var ").or_else(|| name.strip_prefix("try{")).unwrap_or(name).trim();
    !name.is_empty()
        && name != "function"
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '&' | ' '))
}

/// The names of the elements that a text opens, without their prefixes. Comments hold none.
fn elements(text: &str) -> impl Iterator<Item = &str> {
    let outside = text.split("<!--").enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once("-->").map_or("", |(_, rest)| rest),
    });
    outside.flat_map(|part| part.split('<').skip(1)).filter_map(|rest| {
        let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
        let local = name.rsplit(':').next()?;
        local.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(local)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_what_it_is() {
        let of = |text: &str, content_type: Option<&str>| Form::of(text, content_type, Kind::Auto);
        for (text, form) in [
            // what stands in a comment is no sign
            ("\n\n<?xml version=\"1.0\"?><!-- a <html> --><rss version='2.0'>", Form::Feed),
            ("\u{feff} <?xml version=\"1.0\"?>\n<rdf:RDF xmlns=''>", Form::Feed),
            ("junk <?xml?><feed xmlns='http://www.w3.org/2005/Atom'>", Form::Feed),
            ("<!doctype html><title>a feed</title>", Form::Html),
            (" {\"version\": \"https://jsonfeed.org/version/1.1\"}", Form::Feed),
            ("[1]", Form::Json),
            ("<item><title>a</title></item>", Form::Feed),
            ("<html><body>Notice<rss><channel><item><title>a</title></item></channel></rss>", Form::Feed),
            ("<html><body><channel-list></channel-list><item></item>", Form::Html),
            ("<?xml?><urlset xmlns='s'>", Form::Sitemap),
            ("\n<!-- x --><sitemapindex>", Form::Sitemap),
            ("", Form::Html),
        ] {
            assert_eq!(of(text, Some("text/html")), form, "{text}");
        }
        assert_eq!(of("", Some("application/rss+xml; charset=gbk")), Form::Feed);
        assert_eq!(Form::of("<rss>", None, Kind::Html), Form::Html);
        for (text, form) in [
            ("jsonp_12({\"a\": 1})", Form::Json),
            ("/**/ typeof cb === 'function' && cb({})", Form::Script),
            ("var list = [{}]", Form::Json),
            ("!function(e){}()", Form::Script),
            ("(function(){})()", Form::Script),
        ] {
            assert_eq!(of(text, Some("application/javascript; charset=utf-8")), form, "{text}");
        }
        assert_eq!(of("http://a.example/1\nhttp://a.example/2", Some("text/plain")), Form::Sitemap);
    }
}
