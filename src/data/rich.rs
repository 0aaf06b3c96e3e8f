//! Bodies that are trees of nodes, as editors of articles keep them, as markup: Portable Text, Contentful, `ProseMirror`,
//! Slate, Lexical, Editor.js, Gutenberg, and plain lists of paragraphs.

use serde_json::{Map, Value};

/// Nodes of one body, how deep they stand, and the bytes that come of them.
const MOST_NODES: usize = 20_000;
const MOST_DEPTH: usize = 24;
const MOST_BYTES: usize = 2 << 20;
/// Where the kind of a node stands.
const KINDS: [&str; 8] = ["type", "_type", "nodeType", "tag", "tagName", "name", "blockName", "t"];
/// Where its nodes stand, the surer first.
const NODES: [&str; 13] = [
    "children",
    "content",
    "nodes",
    "blocks",
    "root",
    "document",
    "paragraphs",
    "content_elements",
    "contentElements",
    "items",
    "json",
    "data",
    "doc",
];
/// Where its text stands.
const TEXTS: [&str; 10] =
    ["text", "value", "content", "html", "innerHTML", "insert", "body", "txt", "c", "v"];
/// Where what belongs to it stands.
const PARTS: [&str; 11] =
    ["data", "attrs", "attributes", "props", "asset", "file", "fields", "image", "target", "img", "value"];
/// What nodes are called that stand by themselves, as beginnings.
const BLOCKS: [&str; 24] = [
    "paragraph",
    "heading",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "block",
    "bullet",
    "ordered",
    "unordered",
    "list",
    "quote",
    "pullquote",
    "image",
    "figure",
    "photo",
    "picture",
    "embed",
    "table",
    "section",
    "code-block",
];
/// The same as whole names.
const BLOCK_NAMES: [&str; 10] = ["p", "ul", "ol", "li", "div", "doc", "root", "document", "img", "pic"];

/// The markup of a body; None when it says nothing.
pub(super) fn markup(value: &Value) -> Option<String> {
    let mut writer = Writer { out: String::new(), nodes: MOST_NODES };
    match value {
        Value::Array(_) => writer.block(value, 0),
        Value::Object(map) if NODES.iter().any(|name| map.get(*name).is_some_and(has_parts)) => {
            writer.block(value, 0);
        }
        _ => return None,
    }
    Some(writer.out).filter(|out| !out.is_empty())
}

fn has_parts(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

struct Writer {
    out: String,
    nodes: usize,
}

impl Writer {
    /// Whether another node may be written.
    fn goes_on(&mut self, depth: usize) -> bool {
        let goes_on = self.nodes > 0 && depth < MOST_DEPTH && self.out.len() < MOST_BYTES;
        self.nodes = self.nodes.saturating_sub(1);
        goes_on
    }

    /// A node that stands by itself, or several.
    fn block(&mut self, value: &Value, depth: usize) {
        if !self.goes_on(depth) {
            return;
        }
        match value {
            Value::String(text) => self.lines(text),
            Value::Array(list) if is_line(list) => {
                let mut line = String::new();
                list.iter().for_each(|node| self.inline(node, &mut line, depth + 1));
                self.marked(&line);
            }
            Value::Array(list) => list.iter().for_each(|node| self.block(node, depth + 1)),
            Value::Object(map) => self.node(map, depth),
            _ => {}
        }
    }

    fn node(&mut self, map: &Map<String, Value>, depth: usize) {
        let kind = kind(map);
        let is_picture = ["image", "img", "pic", "photo", "figure"].iter().any(|word| kind.contains(word));
        if is_picture && let Some(src) = picture(map, 0) {
            self.out.push_str(&format!("<p><img src=\"{}\"></p>\n", escaped(src).replace('"', "&quot;")));
            return;
        }
        let nodes = NODES.iter().filter_map(|name| map.get(*name)).find(|value| has_parts(value));
        match nodes {
            Some(Value::Array(list)) if !list.iter().any(is_block) && is_block_map(map) => {
                let mut line = String::new();
                list.iter().for_each(|node| self.inline(node, &mut line, depth + 1));
                self.paragraph(&kind, &line);
            }
            Some(nodes) => self.block(nodes, depth + 1),
            None => {
                let mut line = String::new();
                self.inline_map(map, &mut line, depth);
                self.paragraph(&kind, &line);
            }
        }
    }

    /// Words within a line.
    fn inline(&mut self, value: &Value, line: &mut String, depth: usize) {
        if !self.goes_on(depth) || line.len() > MOST_BYTES {
            return;
        }
        match value {
            Value::String(text) => line.push_str(&of_text(text)),
            Value::Array(list) => list.iter().for_each(|node| self.inline(node, line, depth + 1)),
            Value::Object(map) => self.inline_map(map, line, depth),
            _ => {}
        }
    }

    fn inline_map(&mut self, map: &Map<String, Value>, line: &mut String, depth: usize) {
        if ["br", "hardBreak", "hard_break", "linebreak"].contains(&kind(map).as_str()) {
            line.push_str("<br>");
        } else if let Some(text) = TEXTS.iter().find_map(|name| map.get(*name)?.as_str()) {
            line.push_str(&of_text(text));
        } else if let Some(nodes) =
            NODES.iter().filter_map(|name| map.get(*name)).find(|value| has_parts(value))
        {
            self.inline(nodes, line, depth + 1);
        } else if let Some(inner) = PARTS.iter().find_map(|name| map.get(*name)?.as_object()) {
            self.inline_map_below(inner, line, depth);
        }
    }

    fn inline_map_below(&mut self, map: &Map<String, Value>, line: &mut String, depth: usize) {
        if self.goes_on(depth + 1) {
            self.inline_map(map, line, depth + 1);
        }
    }

    fn paragraph(&mut self, kind: &str, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let begins_block = ["<p", "<h", "<ul", "<ol", "<div", "<block", "<fig", "<table"];
        let line = line.trim();
        if begins_block.iter().any(|tag| line.starts_with(tag)) {
            self.out.push_str(line);
            self.out.push('\n');
        } else if kind.contains("head") || kind.len() == 2 && kind.starts_with('h') {
            self.out.push_str(&format!("<h3>{line}</h3>\n"));
        } else {
            self.marked(line);
        }
    }

    /// Each line of markup as a paragraph.
    fn marked(&mut self, markup: &str) {
        for line in markup.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.out.push_str(&format!("<p>{line}</p>\n"));
        }
    }

    /// Each line as a paragraph. What has markup already is taken as it is.
    fn lines(&mut self, text: &str) {
        if is_markup(text) && text.trim_start().starts_with('<') && text.contains("</") {
            self.out.push_str(text);
            self.out.push('\n');
            return;
        }
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            self.out.push_str(&format!("<p>{}</p>\n", of_text(line)));
        }
    }
}

/// What a node is called, in lower case, without the name of its maker.
fn kind(map: &Map<String, Value>) -> String {
    let kind = KINDS.iter().find_map(|name| map.get(*name)?.as_str()).unwrap_or_default();
    let kind = kind.rsplit(['/', '.']).next().unwrap_or_default();
    kind.chars().take(40).flat_map(char::to_lowercase).collect()
}

fn is_block(value: &Value) -> bool {
    value.as_object().is_some_and(|map| {
        let kind = kind(map);
        BLOCKS.iter().any(|word| kind.starts_with(word)) || BLOCK_NAMES.contains(&kind.as_str())
    })
}

/// Whether a node without blocks within is a line itself: it is called so, or it has no name.
fn is_block_map(map: &Map<String, Value>) -> bool {
    let kind = kind(map);
    !["doc", "root", "document"].contains(&kind.as_str())
        && map.get("children").or_else(|| map.get("content")).is_some()
}

/// Whether nodes are the words of one line (Quill's operations), and no paragraphs.
fn is_line(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|node| node.get("insert").is_some())
}

/// The address of a picture, wherever its node keeps it.
fn picture(map: &Map<String, Value>, depth: usize) -> Option<&str> {
    let is_address =
        |text: &&str| text.len() < 2000 && text.contains('/') && !text.contains(['<', ' ', '\n']);
    let own = ["src", "url", "image", "img", "href"]
        .iter()
        .find_map(|name| map.get(*name)?.as_str().filter(is_address));
    if own.is_some() || depth > 4 {
        return own;
    }
    PARTS.iter().find_map(|name| picture(map.get(*name)?.as_object()?, depth + 1))
}

/// Whether a text has tags.
fn is_markup(text: &str) -> bool {
    text.match_indices('<').take(64).any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.strip_prefix('/').unwrap_or(rest).starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

fn of_text(text: &str) -> String {
    if is_markup(text) { text.to_owned() } else { escaped(text) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn trees_of_nodes_are_paragraphs() {
        let two = "<p>The dam holds & more.</p>\n<p>It was inspected.</p>\n".replace('&', "&amp;");
        for body in [
            json!(["The dam holds & more.", "It was inspected."]),
            // Sanity
            json!([
                {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": "The dam "}, {"_type": "span", "text": "holds & more.", "marks": ["strong"]}]},
                {"_type": "block", "children": [{"_type": "span", "text": "It was inspected."}]},
            ]),
            // Contentful
            json!({"nodeType": "document", "data": {}, "content": [
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "The dam "}, {"nodeType": "hyperlink", "data": {"uri": "/x"}, "content": [{"nodeType": "text", "value": "holds & more."}]}]},
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "It was inspected.", "marks": []}]},
            ]}),
            // ProseMirror, Tiptap
            json!({"type": "doc", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "The dam holds & more."}]},
                {"type": "paragraph", "content": [{"type": "text", "marks": [{"type": "bold"}], "text": "It was inspected."}]},
            ]}),
            // Slate, Strapi
            json!([{"type": "paragraph", "children": [{"type": "text", "text": "The dam holds & more."}]}, {"children": [{"text": "It was inspected."}]}]),
            // Lexical
            json!({"root": {"type": "root", "children": [
                {"type": "paragraph", "children": [{"type": "text", "text": "The dam holds & more."}]},
                {"type": "paragraph", "children": [{"type": "text", "text": "It was inspected."}]},
            ]}}),
            // Editor.js
            json!({"time": 1, "blocks": [{"type": "paragraph", "data": {"text": "The dam holds & more."}}, {"type": "paragraph", "data": {"text": "It was inspected."}}]}),
            // an app of a newspaper
            json!([{"type": "text", "value": "The dam holds & more."}, {"type": "text", "value": "It was inspected."}]),
            // Quill
            json!({"content": [{"insert": "The dam holds "}, {"insert": "& more.\nIt was inspected.\n"}]}),
        ] {
            assert_eq!(markup(&body).unwrap_or_default(), two, "{body}");
        }
        // Arc: markup within
        let arc = json!([{"type": "text", "content": "The dam <b>holds</b>."}, {"type": "image", "url": "/i/1.jpg"}]);
        assert_eq!(markup(&arc).unwrap(), "<p>The dam <b>holds</b>.</p>\n<p><img src=\"/i/1.jpg\"></p>\n");
        let gutenberg = json!([{"name": "core/heading", "attributes": {"content": "A head"}}, {"name": "core/paragraph", "innerHTML": "<p>It was <i>so</i>.</p>"}]);
        assert_eq!(markup(&gutenberg).unwrap(), "<h3>A head</h3>\n<p>It was <i>so</i>.</p>\n");
    }

    #[test]
    fn what_is_no_body_says_nothing_and_bounds_hold() {
        for value in
            [json!(1), json!({"a": 1}), json!([]), json!([1, null]), json!([{"title": "x", "url": "/y"}])]
        {
            assert_eq!(markup(&value), None, "{value}");
        }
        let mut deep = json!("x");
        for _ in 0..200 {
            deep = json!({"children": [deep]});
        }
        let _ = markup(&deep);
        assert!(markup(&json!(vec!["word"; 100_000])).is_some_and(|out| out.len() < MOST_BYTES));
    }
}
