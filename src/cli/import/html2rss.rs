//! html2rss: a channel and its selectors in YAML, one to a file or several under `feeds`.

use super::found::{Found, Imported, name_of};
use super::yaml::{self, Node};

/// Reads the file.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let root = yaml::read(text)?;
    let mut found = Found::default();
    if root.get("channel").is_some() {
        feed(&mut found, &root, None);
        return Ok(found);
    }
    let Some(feeds) = root.get("feeds") else {
        return Err("it has neither a `channel` nor `feeds`".to_owned());
    };
    for (name, line, node) in feeds.entries() {
        if node.get("channel").is_some() {
            feed(&mut found, node, name_of(name));
        } else {
            found.tell(*line, format!("`{name}` has no `channel` and is left out"));
        }
    }
    for (key, line, _) in root.entries().iter().filter(|(key, ..)| key != "feeds") {
        found.tell(*line, format!("`{key}` counts for all feeds and has no counterpart; see `[defaults]`"));
    }
    Ok(found)
}

fn feed(found: &mut Found, node: &Node, name: Option<String>) {
    let Some(channel) = node.get("channel") else { return };
    let mut portal = Imported { line: channel.line, name, ..Imported::default() };
    for (key, line, value) in channel.entries() {
        let text = value.text().unwrap_or_default();
        match key.as_str() {
            "url" => text.clone_into(&mut portal.url),
            "title" => portal.title = Some(text.to_owned()),
            "time_zone" => portal.timezone = Some(text.to_owned()),
            "ttl" => {
                portal.every = text.parse::<u64>().ok().filter(|m| *m > 0).and_then(|m| m.checked_mul(60));
            }
            "headers" => headers(&mut portal, value),
            "description" | "language" | "author" => {
                found.tell(*line, format!("channel.{key}: it is read from the pages; nothing to do"));
            }
            other => found.tell(*line, format!("channel.{other} has no counterpart")),
        }
    }
    for (key, line, value) in node.entries() {
        match key.as_str() {
            "selectors" => selectors(found, value, &mut portal),
            "headers" => headers(&mut portal, value),
            "channel" => {}
            // detection is what tidings does anyway
            "auto_source" => {
                for (key, line, _) in value.entries() {
                    found.tell(
                        *line,
                        format!("auto_source.{key}: tidings detects in its own way; nothing to do"),
                    );
                }
            }
            "strategy" if value.text() == Some("faraday") => {}
            "strategy" => found
                .tell(*line, "strategy: a page that is built by scripts needs `fetch.render = \"browser\"`"),
            other => found.tell(*line, format!("`{other}` has no counterpart")),
        }
    }
    if let Some(selectors) = node.get("selectors") {
        let given = selectors.get("items").and_then(written).unwrap_or_default();
        if asks_for_json(&portal) || given.starts_with("array") || given.starts_with("object") {
            portal.kind = Some("json");
            portal.recipe.list = crate::model::ListRules::default();
            let what = "selectors: html2rss reads JSON as if it were XML; the address is read by detection, or give `json` by hand";
            found.tell(selectors.line, what);
        }
        found.within_items(&mut portal, !given.is_empty());
    }
    if portal.url.is_empty() || portal.url.contains("%<") || portal.url.contains("%{") {
        found.tell(
            portal.line,
            format!("channel.url `{}` is no address by itself; write the portal by hand", portal.url),
        );
        return;
    }
    found.portals.push(portal);
}

/// Whether the answer is JSON, as far as the request says.
fn asks_for_json(portal: &Imported) -> bool {
    let is_json =
        |(name, value): &(String, String)| name.eq_ignore_ascii_case("accept") && value.contains("json");
    portal.headers.iter().any(is_json)
}

fn headers(portal: &mut Imported, node: &Node) {
    let all =
        node.entries().iter().filter_map(|(name, _, value)| Some((name.clone(), value.text()?.to_owned())));
    portal.headers.extend(all);
}

fn selectors(found: &mut Found, node: &Node, portal: &mut Imported) {
    for (key, line, value) in node.entries() {
        let list = &mut portal.recipe.list;
        match key.as_str() {
            "items" => {
                list.item = found.css(*line, "items", written(value));
                let pages = value.get("pagination").and_then(|of| of.get("max_pages")).and_then(Node::text);
                list.max_pages = pages.and_then(|pages| pages.parse().ok()).unwrap_or(1).clamp(1, 100);
                for (key, line, _) in value.entries() {
                    let what = match key.as_str() {
                        "selector" | "pagination" => continue,
                        "enhance" => "what selectors do not give is detected anyway; nothing to do",
                        "order" => "it has no counterpart: feeds are in the order of their dates",
                        _ => "it has no counterpart",
                    };
                    found.tell(*line, format!("items.{key}: {what}"));
                }
            }
            "title" => list.title = taken(found, *line, key, value, "text"),
            "link" | "url" => list.link = taken(found, *line, key, value, "href"),
            "published_at" | "updated" | "pubDate" => list.date = taken(found, *line, key, value, "text"),
            "description" | "author" | "categories" | "guid" | "enclosure" | "image" | "comments" => {
                found.tell(*line, format!("{key}: it is read from the article; nothing to do"));
            }
            other => found.tell(*line, format!("`{other}` is a selector of its own and has no counterpart")),
        }
    }
}

fn written(node: &Node) -> Option<&str> {
    node.text().or_else(|| node.get("selector").and_then(Node::text))
}

/// A selector with the attribute that its extractor takes.
fn taken(found: &mut Found, line: usize, key: &str, node: &Node, usual: &str) -> Option<String> {
    let selector = written(node).map(str::to_owned);
    let extractor = node.get("extractor").and_then(Node::text).unwrap_or(usual);
    let attr = match extractor {
        "text" | "html" | "href" => None,
        "attribute" => node.get("attribute").and_then(Node::text),
        other => {
            found.tell(
                line,
                format!("{key}: the extractor `{other}` has no counterpart; it is left to detection"),
            );
            return None;
        }
    };
    if let Some((.., at)) = node.entries().iter().find(|(key, ..)| key == "post_process") {
        let names = match &at.value {
            yaml::Value::List(steps) => steps.iter().filter_map(|step| step.get("name")?.text()).collect(),
            _ => at.get("name").and_then(Node::text).into_iter().collect::<Vec<_>>(),
        };
        let harmless =
            |name: &&str| matches!(*name, "parse_time" | "sanitize_html" | "parse_uri" | "html_to_markdown");
        for name in names.into_iter().filter(|name| !harmless(name)) {
            found.tell(at.line, format!("{key}: post_process `{name}` has no counterpart"));
        }
    }
    let selector = selector.map(|css| attr.map_or_else(|| css.clone(), |attr| format!("{css}@{attr}")));
    found.css(line, key, selector.as_deref())
}
