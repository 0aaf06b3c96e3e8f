//! OPML 2.0, both ways.

use std::collections::HashMap;

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::xml::{line, some_line, xml_text};

/// The deepest outline that is read; subscription lists have two levels.
const MAX_DEPTH: usize = 64;

/// The most feeds that are read from one file.
const MAX_OUTLINES: usize = 100_000;

/// One line of an OPML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The feed's title.
    pub title: String,
    /// The feed's address, absolute when written; when read, as it stands there.
    pub xml_url: String,
    /// The page for people.
    pub html_url: Option<String>,
    /// The folder it stands in.
    pub folder: Option<String>,
}

/// Why an OPML file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not OPML: {why}, at byte {at}")]
pub struct OpmlError {
    /// What is wrong.
    pub why: String,
    /// Where.
    pub at: u64,
}

/// Writes OPML 2.0. Folders come in the order in which they are first named; what has none comes first.
#[must_use]
pub fn opml(title: &str, outlines: &[Outline]) -> Vec<u8> {
    // writing to memory cannot fail
    write(title, outlines).unwrap_or_default()
}

fn write(title: &str, outlines: &[Outline]) -> std::io::Result<Vec<u8>> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let mut root = BytesStart::new("opml");
    root.push_attribute(("version", "2.0"));
    out.write_event(Event::Start(root))?;
    out.write_event(Event::Start(BytesStart::new("head")))?;
    out.write_event(Event::Start(BytesStart::new("title")))?;
    out.write_event(Event::Text(BytesText::new(&line(title))))?;
    out.write_event(Event::End(BytesEnd::new("title")))?;
    out.write_event(Event::End(BytesEnd::new("head")))?;
    out.write_event(Event::Start(BytesStart::new("body")))?;
    for outline in outlines.iter().filter(|o| o.folder.is_none()) {
        out.write_event(Event::Empty(subscription(outline)))?;
    }
    let mut folders: Vec<&str> = Vec::new();
    for folder in outlines.iter().filter_map(|o| o.folder.as_deref()) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    for folder in folders {
        let mut start = BytesStart::new("outline");
        start.push_attribute(("text", line(folder).as_str()));
        out.write_event(Event::Start(start))?;
        for outline in outlines.iter().filter(|o| o.folder.as_deref() == Some(folder)) {
            out.write_event(Event::Empty(subscription(outline)))?;
        }
        out.write_event(Event::End(BytesEnd::new("outline")))?;
    }
    out.write_event(Event::End(BytesEnd::new("body")))?;
    out.write_event(Event::End(BytesEnd::new("opml")))?;
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn subscription(outline: &Outline) -> BytesStart<'static> {
    let address = line(&outline.xml_url);
    let title = some_line(Some(&outline.title)).unwrap_or_else(|| address.clone());
    let mut element = BytesStart::new("outline");
    // `rss` for every feed format (OPML 2.0, subscription lists)
    element.push_attribute(("type", "rss"));
    element.push_attribute(("text", title.as_str()));
    element.push_attribute(("title", title.as_str()));
    element.push_attribute(("xmlUrl", address.as_str()));
    if let Some(page) = some_line(outline.html_url.as_deref()) {
        element.push_attribute(("htmlUrl", page.as_str()));
    }
    element
}

/// Reads OPML 1.0 and 2.0: every outline with an address, in order. Addresses come as written, without
/// blanks; `feed:` before them is taken off.
///
/// # Errors
/// When it is not well-formed, not OPML, not UTF-8, nested over 64 deep or over 100,000 feeds long.
pub fn read_opml(bytes: &[u8]) -> Result<Vec<Outline>, OpmlError> {
    let text = std::str::from_utf8(bytes).map_err(|e| OpmlError {
        why: "not UTF-8".to_owned(),
        at: u64::try_from(e.valid_up_to()).unwrap_or(u64::MAX),
    })?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    let mut reading = Reading::default();
    loop {
        let at = reader.buffer_position();
        let fail = |why: String| OpmlError { why, at };
        match reader.read_event().map_err(|e| fail(e.to_string()))? {
            Event::Start(element) => reading.open(&element, false).map_err(fail)?,
            Event::Empty(element) => reading.open(&element, true).map_err(fail)?,
            Event::End(_) => reading.close(),
            Event::Eof => break,
            _ => {}
        }
    }
    let at = reader.buffer_position();
    match reading {
        Reading { rooted: false, .. } => Err(OpmlError { why: "no `opml` element".to_owned(), at }),
        Reading { open, .. } if !open.is_empty() => {
            Err(OpmlError { why: "it ends before its elements are closed".to_owned(), at })
        }
        Reading { found, .. } => Ok(found),
    }
}

#[derive(Default)]
struct Reading {
    /// For each open element, the folder it makes.
    open: Vec<Option<String>>,
    rooted: bool,
    found: Vec<Outline>,
}

impl Reading {
    fn open(&mut self, element: &BytesStart<'_>, empty: bool) -> Result<(), String> {
        let name = element.local_name().as_ref().to_ascii_lowercase();
        if !self.rooted {
            if name != b"opml" {
                return Err("the document's element is not `opml`".to_owned());
            }
            self.rooted = true;
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("nested over {MAX_DEPTH} deep"));
        }
        let folder = if name == b"outline" { self.outline(element)? } else { None };
        if !empty {
            self.open.push(folder);
        }
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
    }

    /// Takes an outline: a feed, or the name of a folder.
    fn outline(&mut self, element: &BytesStart<'_>) -> Result<Option<String>, String> {
        let mut values = attributes(element)?;
        let title = ["title", "text"].iter().find_map(|k| some_line(values.get(*k).map(String::as_str)));
        let Some(address) = some_line(values.get("xmlurl").map(String::as_str)) else { return Ok(title) };
        if self.found.len() >= MAX_OUTLINES {
            return Err(format!("more than {MAX_OUTLINES} feeds"));
        }
        let xml_url = plain_address(&address);
        let html_url = values.remove("htmlurl").and_then(|u| some_line(Some(&u)));
        let folder = self.open.iter().rev().find_map(Clone::clone);
        self.found.push(Outline {
            title: title.unwrap_or_else(|| xml_url.clone()),
            xml_url,
            html_url,
            folder,
        });
        Ok(None)
    }
}

/// The attributes by lower-case name: writers differ in `xmlUrl`, `xmlurl`, `XMLURL`.
fn attributes(element: &BytesStart<'_>) -> Result<HashMap<String, String>, String> {
    let mut values = HashMap::new();
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).to_ascii_lowercase();
        let raw = String::from_utf8_lossy(&attribute.value);
        // an entity that XML does not know leaves the text as it stands
        let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), |v| v.to_string());
        values.entry(name).or_insert_with(|| xml_text(&value).into_owned());
    }
    Ok(values)
}

fn plain_address(address: &str) -> String {
    match address.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("http") => rest.to_owned(),
        Some(rest) => format!("http:{rest}"),
        None => address.to_owned(),
    }
}
