//! OPML 2.0, written.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::keys::toml_bare;
use super::xml::{line, some_line, xml_text};

/// The name space of a portal's own keys; its prefix is always `tidings`.
const NAMESPACE: &str = "urn:tidings:opml";

/// One line of an OPML file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The feed's title.
    pub title: String,
    /// The feed's address, absolute when written; when read, as it stands there.
    pub xml_url: String,
    /// The page for people.
    pub html_url: Option<String>,
    /// The folder it stands in.
    pub folder: Option<String>,
    /// Words to group it by; when read, the folders around it, outermost first, and its categories.
    pub tags: Vec<String>,
    /// What feeds.toml says of it: keys and their values as TOML. Empty for other programs' files.
    pub keys: Vec<(String, String)>,
    /// What other programs say of it, when read: attributes in name spaces of their own as written, and `type`.
    pub others: Vec<(String, String)>,
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
    root.push_attribute(("xmlns:tidings", NAMESPACE));
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
    // a comma parts categories, a slash makes a path of one
    let tags =
        outline.tags.iter().map(|tag| line(tag)).filter(|tag| !tag.is_empty() && !tag.contains([',', '/']));
    let tags: Vec<String> = tags.collect();
    if !tags.is_empty() {
        element.push_attribute(("category", tags.join(",").as_str()));
    }
    for (key, value) in &outline.keys {
        element.push_attribute((format!("tidings:{key}").as_str(), xml_text(&toml_bare(value)).as_ref()));
    }
    element
}
