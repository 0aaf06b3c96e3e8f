//! What the elements of a feed are called, whatever version and prefix they were written in.

use super::super::scan::Tag;

/// Prefixes of one document; nobody declares so many of the few name spaces that matter.
const MOST_PREFIXES: usize = 50;
/// The two families of feeds in XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// RSS of any version, RDF among them.
    Rss,
    Atom,
}

/// Prefixes under which elements are handed on, and the name spaces that mean them. The addresses have been written in
/// many ways: a part that all have tells them.
const SPACES: [(&str, &str, &str); 6] = [
    ("content", "purl.org/rss/1.0/modules/content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "purl.org/dc/elements", "http://purl.org/dc/elements/1.1/"),
    ("dcterms", "purl.org/dc/terms", "http://purl.org/dc/terms/"),
    ("media", "search.yahoo.com/mrss", "http://search.yahoo.com/mrss/"),
    ("itunes", "itunes.com/dtds/podcast", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("atom", "w3.org/2005/atom", "http://www.w3.org/2005/Atom"),
];
/// Name spaces of the feeds themselves, in part.
const RSS_SPACES: [&str; 4] =
    ["purl.org/rss/1.0/", "my.netscape.com/rdf", "channel.netscape.com/rdf", "backend.userland.com/rss"];
const ATOM_SPACES: [&str; 2] = ["w3.org/2005/atom", "purl.org/atom/ns"];

/// Names that are written in several cases.
const CASES: [&str; 5] = ["pubDate", "lastBuildDate", "managingEditor", "webMaster", "textInput"];

/// RSS elements under another name: what other formats call the same.
const RSS_NAMES: [(&str, &str); 23] = [
    ("x:full-text", "content:encoded"),
    ("atom:author", "dc:creator"),
    ("dc:subject", "category"),
    ("dc:title", "x:title"),
    ("dc:source", "source"),
    ("dcterms:created", "pubDate"),
    ("dcterms:issued", "pubDate"),
    ("dcterms:date", "pubDate"),
    ("dcterms:modified", "x:updated"),
    ("atom:published", "pubDate"),
    ("atom:updated", "x:updated"),
    ("atom:content", "content:encoded"),
    ("atom:summary", "description"),
    ("atom:title", "title"),
    ("published", "pubDate"),
    ("date", "pubDate"),
    ("updated", "x:updated"),
    ("modified", "x:updated"),
    ("body", "content:encoded"),
    ("fulltext", "content:encoded"),
    ("content", "content:encoded"),
    ("summary", "description"),
    ("encoded", "content:encoded"),
];
/// What Atom 0.3 calls otherwise, and what is borrowed from other formats.
const ATOM_NAMES: [(&str, &str); 9] = [
    ("dc:subject", "x:category"),
    ("modified", "updated"),
    ("issued", "published"),
    ("created", "published"),
    ("tagline", "subtitle"),
    ("copyright", "rights"),
    ("dc:date", "published"),
    ("description", "summary"),
    ("content:encoded", "content"),
];

/// Elements of RSS that hold elements; all others hold text.
const RSS_HOLDERS: [&str; 7] =
    ["image", "textInput", "media:group", "media:content", "itunes:owner", "skipHours", "skipDays"];
/// Elements of Atom that hold text; all others hold elements.
const ATOM_TEXTS: [&str; 18] = [
    "x:category",
    "title",
    "summary",
    "content",
    "subtitle",
    "rights",
    "id",
    "updated",
    "published",
    "name",
    "email",
    "uri",
    "generator",
    "icon",
    "logo",
    "media:title",
    "media:description",
    "x:text",
];

/// How the names of one document are read.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) dialect: Dialect,
    /// Prefixes that the document declares, and what they are handed on as; empty for the feed's own.
    prefixes: Vec<(String, &'static str)>,
}

impl Names {
    /// By the element that a document begins with; None where it begins no feed.
    pub(super) fn of(root: &Tag<'_>) -> Option<Self> {
        let local = root.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
        let dialect = match local.as_str() {
            "rss" | "rdf" | "channel" | "item" => Dialect::Rss,
            "feed" | "entry" => Dialect::Atom,
            _ => return None,
        };
        let mut names = Self { dialect, prefixes: Vec::new() };
        names.declare(root);
        // a prefix that nobody declares is the feed's own when its first element has it
        if let Some((prefix, _)) = root.name.split_once(':').filter(|(prefix, _)| !names.knows(prefix)) {
            names.prefixes.push((prefix.to_owned(), ""));
        }
        Some(names)
    }

    /// Whether a prefix is declared, or means the same everywhere.
    fn knows(&self, prefix: &str) -> bool {
        let is_usual = |(known, _, _): &(&str, &str, &str)| known.eq_ignore_ascii_case(prefix);
        self.prefixes.iter().any(|(known, _)| known == prefix) || SPACES.iter().any(is_usual)
    }

    /// Takes the prefixes that an element declares.
    pub(super) fn declare(&mut self, tag: &Tag<'_>) {
        for (name, space) in tag.attributes() {
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            if self.prefixes.len() >= MOST_PREFIXES {
                return;
            }
            if let Some(known) = self.space(space) {
                self.prefixes.push((prefix.to_owned(), known));
            }
        }
    }

    /// What a name space is handed on as.
    fn space(&self, space: &str) -> Option<&'static str> {
        let space = space.to_ascii_lowercase();
        let own: &[&str] = if self.dialect == Dialect::Rss { &RSS_SPACES } else { &ATOM_SPACES };
        let known = SPACES.iter().find(|(_, part, _)| space.contains(part)).map(|(prefix, _, _)| *prefix);
        match known {
            Some("atom") if self.dialect == Dialect::Atom => Some(""),
            Some(known) => Some(known),
            None if own.iter().any(|part| space.contains(part)) => Some(""),
            None if ATOM_SPACES.iter().any(|part| space.contains(part)) => Some("atom"),
            None => None,
        }
    }

    /// The name under which an element is handed on.
    pub(super) fn name(&self, tag: &Tag<'_>) -> String {
        let named = self.declared_here(tag).unwrap_or_else(|| self.plain(tag.name));
        // an element may name its space itself
        let own = tag.attribute("xmlns").and_then(|space| self.space(space)).unwrap_or_default();
        let named = if own.is_empty() || named.contains(':') { named } else { format!("{own}:{named}") };
        let table: &[(&str, &str)] = if self.dialect == Dialect::Rss { &RSS_NAMES } else { &ATOM_NAMES };
        table.iter().find(|(from, _)| *from == named).map_or(named, |(_, to)| (*to).to_owned())
    }

    /// The same where the element itself declares its prefix.
    fn declared_here(&self, tag: &Tag<'_>) -> Option<String> {
        let (prefix, local) = tag.name.split_once(':')?;
        let own = |(name, _): &(&str, &str)| name.strip_prefix("xmlns:") == Some(prefix);
        let space = self.space(tag.attributes().find(own)?.1)?;
        Some(if space.is_empty() { cased(local) } else { format!("{space}:{}", cased(local)) })
    }

    /// A name with the prefix that is handed on, not yet renamed.
    pub(super) fn plain(&self, name: &str) -> String {
        let (prefix, local) = name.rsplit_once(':').unwrap_or(("", name));
        let known = self.prefixes.iter().find(|(from, _)| from == prefix).map(|(_, to)| *to);
        let usual =
            || SPACES.iter().map(|(prefix, _, _)| *prefix).find(|known| known.eq_ignore_ascii_case(prefix));
        match known.or_else(usual) {
            Some("atom") if self.dialect == Dialect::Atom => local.to_owned(),
            Some("") => cased(local),
            Some(known) => format!("{known}:{}", cased(local)),
            None if prefix.is_empty() || self.is_own(prefix) => cased(local),
            None => format!("x:{local}"),
        }
    }

    /// Whether a prefix says by itself that its elements are the feed's own, declared or not.
    fn is_own(&self, prefix: &str) -> bool {
        self.dialect == Dialect::Rss && prefix.eq_ignore_ascii_case("rss")
    }

    /// Whether an element holds text, whatever markup stands in it.
    pub(super) fn holds_text(&self, name: &str) -> bool {
        match self.dialect {
            Dialect::Rss => {
                !RSS_HOLDERS.contains(&name) && !matches!(name, "channel" | "items" | "enclosure")
            }
            Dialect::Atom => ATOM_TEXTS.contains(&name),
        }
    }

    /// What an article is called: `item`, `entry`.
    pub(super) fn item(&self) -> &'static str {
        if self.dialect == Dialect::Rss { "item" } else { "entry" }
    }

    /// A document of a head and an item: the former without its root, the latter with its own element.
    pub(super) fn document(&self, base: Option<&str>, lang: Option<&str>, inner: &str) -> String {
        let mut out = String::with_capacity(inner.len() + 700);
        out.push_str(if self.dialect == Dialect::Rss {
            "<rss version=\"2.0\""
        } else {
            "<feed xmlns=\"http://www.w3.org/2005/Atom\""
        });
        for (prefix, _, space) in SPACES {
            out.push_str(&format!(" xmlns:{prefix}=\"{space}\""));
        }
        out.push_str(" xmlns:x=\"urn:x\"");
        for (name, value) in [("xml:base", base), ("xml:lang", lang)] {
            if let Some(value) = value {
                out.push_str(&format!(" {name}=\""));
                super::super::refs::escape(&mut out, value);
                out.push('"');
            }
        }
        let (open, close) =
            if self.dialect == Dialect::Rss { ("><channel>", "</channel></rss>") } else { (">", "</feed>") };
        out.push_str(open);
        out.push_str(inner);
        out.push_str(close);
        out
    }
}

/// A name in the case that the formats write: all but a few are in small letters.
fn cased(local: &str) -> String {
    match CASES.iter().find(|known| known.eq_ignore_ascii_case(local)) {
        Some(known) => (*known).to_owned(),
        None => local.to_ascii_lowercase(),
    }
}
