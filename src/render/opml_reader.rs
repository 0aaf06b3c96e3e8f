//! OPML 1.0 and 2.0, read: everything that can be had of a file, and what could not be, line by line.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::opml::Outline;
use super::xml::{some_line, xml_text};

/// The deepest outline that is read; subscription lists have two levels.
const MAX_DEPTH: usize = 64;

/// The most feeds that are read from one file.
const MAX_OUTLINES: usize = 100_000;

/// The most lines that are told to be left out: of a file with more of them nothing is worth reading.
const MAX_LEFT_OUT: usize = 1000;

/// What an OPML file holds. Lines are counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscriptions {
    /// Every outline with an address, in order, each with its line.
    pub outlines: Vec<(usize, Outline)>,
    /// Lines that could not be carried over, and why.
    pub left_out: Vec<(usize, String)>,
}

/// Why an OPML file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not OPML: {why}, in line {line}")]
pub struct OpmlError {
    /// What is wrong.
    pub why: String,
    /// Where, counted from 1.
    pub line: usize,
}

/// Reads OPML. Addresses come as written, without blanks; `feed:` before them is taken off. Of a file that is
/// broken somewhere, what stands before is read.
///
/// # Errors
/// When it is no OPML.
pub fn read_opml(text: &str) -> Result<Subscriptions, OpmlError> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    // blank lines before the document count
    let skipped = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut reading = Reading::default();
    let mut place = Place { text, at: 0, line: 1 };
    loop {
        let line = place.line_at(skipped + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX));
        let event = reader.read_event();
        // a text before an element is an event of its own: what follows it starts where it ends
        match event {
            Ok(Event::Start(element)) => reading.open(&element, false, line),
            Ok(Event::Empty(element)) => reading.open(&element, true, line),
            Ok(Event::End(_)) => reading.close(),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                reading.leave_out(line, format!("reading ends here: {error}"));
                break;
            }
        }
        if let Some(why) = reading.fatal.take() {
            return Err(OpmlError { why, line });
        }
        if reading.found.outlines.len() > MAX_OUTLINES || reading.found.left_out.len() >= MAX_LEFT_OUT {
            reading.leave_out(line, "reading ends here: there is too much".to_owned());
            break;
        }
    }
    if !reading.rooted {
        return Err(OpmlError { why: "no `opml` element".to_owned(), line: place.line });
    }
    if !reading.open.is_empty() && reading.found.left_out.is_empty() {
        reading.leave_out(text.lines().count(), "it ends before its elements are closed".to_owned());
    }
    Ok(reading.found)
}

/// Where reading is, in lines.
struct Place<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Place<'_> {
    fn line_at(&mut self, at: usize) -> usize {
        let passed = self.text.as_bytes().get(self.at..at.min(self.text.len())).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.at = self.at.max(at.min(self.text.len()));
        self.line
    }
}

#[derive(Default)]
struct Reading {
    /// For each open element, the folder it makes.
    open: Vec<Option<String>>,
    rooted: bool,
    /// It is another kind of document.
    fatal: Option<String>,
    found: Subscriptions,
}

impl Reading {
    fn leave_out(&mut self, line: usize, why: String) {
        self.found.left_out.push((line, why));
    }

    fn open(&mut self, element: &BytesStart<'_>, empty: bool, line: usize) {
        let name = element.local_name().as_ref().to_ascii_lowercase();
        if !self.rooted {
            self.rooted = name == b"opml";
            if !self.rooted {
                self.fatal = Some("the document's element is not `opml`".to_owned());
                return;
            }
        }
        if self.open.len() >= MAX_DEPTH {
            self.leave_out(line, format!("nested over {MAX_DEPTH} deep"));
        }
        let folder = if self.open.len() < MAX_DEPTH && name == b"outline" {
            self.outline(element, empty, line)
        } else {
            None
        };
        if !empty {
            self.open.push(folder);
        }
    }

    fn close(&mut self) {
        self.open.pop();
    }

    /// Takes an outline: a feed, or the name of a folder.
    fn outline(&mut self, element: &BytesStart<'_>, empty: bool, line: usize) -> Option<String> {
        let Attributes { mut values, keys, mut others } = attributes(element);
        let mut value = |name: &str| values.remove(name).and_then(|text| some_line(Some(&text)));
        let (title, text) = (value("title"), value("text"));
        let title = title.or(text);
        let (feed, page, link) = (value("xmlurl"), value("htmlurl"), value("url"));
        let (kind, category) = (value("type").unwrap_or_default(), value("category").unwrap_or_default());
        let shown = title.as_deref().unwrap_or("an outline without a title").to_owned();
        if kind.eq_ignore_ascii_case("include") {
            self.leave_out(line, format!("{shown}: it stands for another OPML file, import that by itself"));
            return None;
        }
        let Some(address) = feed.or_else(|| page.clone()).or(link) else {
            if empty {
                self.leave_out(line, format!("{shown}: it has no address"));
            }
            return title;
        };
        let xml_url = plain_address(&address);
        let mut tags: Vec<String> = self.open.iter().flatten().cloned().collect();
        tags.extend(category.split([',', '/']).filter_map(|tag| some_line(Some(tag))));
        let mut seen: Vec<String> = Vec::with_capacity(tags.len());
        for tag in tags {
            if !seen.contains(&tag) {
                seen.push(tag);
            }
        }
        let outline = Outline {
            title: title.unwrap_or_default(),
            xml_url,
            html_url: page,
            folder: self.open.iter().rev().find_map(Clone::clone),
            tags: seen,
            keys,
            others: {
                others.extend(
                    Some(("type".to_owned(), kind)).filter(|(_, kind)| !matches!(kind.as_str(), "" | "rss")),
                );
                others
            },
        };
        self.found.outlines.push((line, outline));
        None
    }
}

/// The attributes of an outline: those of OPML by lower-case name, since writers differ in `xmlUrl`, `xmlurl`,
/// `XMLURL`; and our own, in order.
#[derive(Default)]
struct Attributes {
    values: HashMap<String, String>,
    keys: Vec<(String, String)>,
    others: Vec<(String, String)>,
}

fn attributes(element: &BytesStart<'_>) -> Attributes {
    let mut found = Attributes::default();
    // as HTML has them: values without quotes, and attributes without values, are somebody's OPML too
    for attribute in element.html_attributes().with_checks(false).flatten() {
        let raw = String::from_utf8_lossy(&attribute.value);
        // an entity that XML does not know leaves the text as it stands
        let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), |v| v.to_string());
        let value = xml_text(&value).into_owned();
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        match name.split_once(':') {
            Some(("tidings", key)) if is_key(key) => found.keys.push((key.to_owned(), value)),
            Some(_) => found.others.push((name, value)),
            None => {
                found.values.entry(name.to_ascii_lowercase()).or_insert(value);
            }
        }
    }
    found
}

/// Whether a key of a portal could be called so; what is written again must be XML.
fn is_key(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn plain_address(address: &str) -> String {
    match address.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("http") => rest.to_owned(),
        Some(rest) => format!("http:{rest}"),
        None => address.to_owned(),
    }
}
