//! Breakage as programs and copyists make it: other marks, other cases, other charsets, things out of their place.

use super::breakage::{Break, Broken, done, is_xml, plain, titled};
use super::writer::Words;

fn is_ascii(words: &Words) -> bool {
    words.lang == "en"
}

/// Every name of an element as a function writes it.
fn renamed(text: &str, open: fn(&str) -> String, close: fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let is_close = rest.starts_with('/');
        rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        out.push_str(if is_close { "/" } else { "" });
        let written = if is_close { close(name) } else { open(name) };
        out.push_str(if name.is_empty() { "" } else { &written });
        rest = after;
    }
    out + rest
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn in_utf16(text: &str, pair: fn(u16) -> [u8; 2]) -> Option<Broken> {
    done(text.encode_utf16().flat_map(pair).collect::<Vec<u8>>())
}

/// A text before which a stretch stands, or behind which: at the second item.
fn before_second(text: &str) -> Option<(&str, &str)> {
    let (at, _) = text.match_indices("\n<item").chain(text.match_indices("\n<entry")).nth(1)?;
    Some(text.split_at(at))
}

pub(crate) const KINDS: [(&str, Break); 20] = [
    ("two declarations", |form, text, _| {
        is_xml(form).then(|| done(format!("<?xml version=\"1.0\" encoding=\"gb2312\"?>\n{}", plain(text))))?
    }),
    ("UTF-16, no mark", |form, text, _| {
        is_xml(form).then(|| in_utf16(&plain(text).replace("utf-8", "utf-16"), u16::to_le_bytes))?
    }),
    ("UTF-16, big end first, declared utf-8", |_, text, _| in_utf16(&plain(text), u16::to_be_bytes)),
    ("a title in another charset", |form, text, words| {
        let text = plain(text);
        let title = words.titles[2];
        let at = text.find(title).filter(|_| is_xml(form) && !is_ascii(words))?;
        let foreign = match words.lang {
            "de" => title.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
            _ => tidings::decode::encode_gbk(title),
        };
        done([&text.as_bytes()[..at], &foreign, &text.as_bytes()[at + title.len()..]].concat())
    }),
    ("names in capitals", |form, text, _| {
        is_xml(form)
            .then(|| done(renamed(&plain(text), |name| name.to_uppercase(), |name| name.to_uppercase())))?
    }),
    ("names with a capital", |form, text, _| {
        is_xml(form).then(|| done(renamed(&plain(text), capital, capital)))?
    }),
    ("ends in capitals", |form, text, _| {
        is_xml(form).then(|| done(renamed(&plain(text), str::to_owned, |name| name.to_uppercase())))?
    }),
    ("blanks in ends", |form, text, _| {
        is_xml(form).then(|| done(renamed(&plain(text), str::to_owned, |name| format!(" {name} "))))?
    }),
    ("prefix without its declaration", |form, text, _| {
        let prefixed = form.starts_with("rss 2") || form == "atom 1.0 prefixed" || form == "rss 1.0 prefixed";
        let text = plain(text);
        let (from, _) = text.match_indices(" xmlns:").next().filter(|_| prefixed)?;
        let to = from + text[from..].find('>')?;
        done(format!("{}{}", &text[..from], &text[to..]))
    }),
    ("own prefix without its declaration", |form, text, _| {
        matches!(form, "rss 0.91" | "rss 0.92" | "rss 2.0" | "rss 2.0 cdata").then(|| {
            done(
                renamed(
                    &plain(text).replace("<?xml", "<? xml"),
                    |name| format!("n:{name}"),
                    |name| format!("n:{name}"),
                )
                .replace("<!n:", "<!"),
            )
        })?
    }),
    ("sections in small letters", |form, text, _| {
        (form == "rss 2.0 cdata").then(|| done(plain(text).replace("<![CDATA[", "<![cdata[")))?
    }),
    ("a section without its beginning", |form, text, _| {
        (form == "rss 2.0 cdata").then(|| done(plain(text).replacen("<title><![CDATA[", "<title>", 2)))?
    }),
    ("items behind the end", |form, text, _| {
        let text = plain(text);
        let root = if form.starts_with("rss 1") || form == "rss 0.90" { "" } else { "</channel></rss>" };
        let (front, back) = before_second(&text).filter(|_| form.starts_with("rss") && !root.is_empty())?;
        done(format!("{front}{root}{back}"))
    }),
    ("a page's beginning before", |form, text, _| {
        is_xml(form).then(|| {
            done(format!(
                "<!DOCTYPE html><html><head><title>Error</title></head><body>{}</body></html>",
                plain(text)
            ))
        })?
    }),
    ("only items", |form, text, _| {
        let text = plain(text);
        let from = text.find("<item>").filter(|_| form.starts_with("rss"))?;
        done(&text[from..text.rfind("</item>")? + 7])
    }),
    ("titles of another format", |form, text, _| {
        let text = plain(text);
        let (head, items) = text.split_at(text.find("<item").filter(|_| form == "rss 2.0 encoded")?);
        done(format!("{head}{}", items.replace("<title>", "<dc:title>").replace("</title>", "</dc:title>")))
    }),
    ("references without an end", |form, text, words| {
        let text = plain(text)
            .replace('ä', "&auml")
            .replace('ü', "&uuml")
            .replace('ö', "&ouml")
            .replace('ß', "&szlig");
        (is_xml(form) && words.lang == "de").then(|| done(text))?
    }),
    ("halves of a pair", |form, text, _| is_xml(form).then(|| titled(text, "&#55357;&#xDE00", "😀"))?),
    ("a notice between elements", |form, text, _| {
        is_xml(form).then(|| {
            done(plain(text).replace(
                "</title>",
                "</title><br />\n<b>Notice</b>: Undefined index: a & b in <b>/x.php</b>",
            ))
        })?
    }),
    ("markup in a title", |form, text, _| {
        is_xml(form).then(|| titled(text, "<font color=red><b>!</b>", "!"))?
    }),
];
