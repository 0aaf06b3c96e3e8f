//! A JSON Feed cut into its head and its items, each put into the shape that the format asks for.

use serde_json::{Map, Value, json};

/// Fields that hold texts; numbers and truth values are taken as such.
const TEXTS: [&str; 9] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "date_published",
    "date_modified",
];
/// Fields of the head.
const HEAD: [&str; 6] = ["title", "home_page_url", "feed_url", "description", "language", "icon"];
/// A longer item is none.
const MOST_ITEM: usize = 2 << 20;

/// A feed in its pieces.
#[derive(Debug)]
pub(super) struct Pieces {
    /// A document without items.
    pub(super) head: String,
    /// Where its hub is.
    pub(super) hub: Option<String>,
    /// Its `next_url`.
    pub(super) next: Option<String>,
    /// Documents of one item each; None for one that cannot be read.
    pub(super) items: Vec<Option<Item>>,
    pub(super) is_cut: bool,
}

/// One item as a document of its own.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) text: String,
    pub(super) lang: Option<String>,
    pub(super) is_cut: bool,
}

/// Cuts a document; None when it is no feed. At most `most` items are looked for.
pub(super) fn cut(text: &str, most: usize) -> Option<Pieces> {
    let text = text.get(text.find('{')?..)?;
    let plain = mend(text);
    let place = items_of(&plain)?;
    let mut pieces = Pieces { head: String::new(), hub: None, next: None, items: Vec::new(), is_cut: true };
    let mut at = place;
    let mut rest = "";
    while pieces.items.len() < most {
        let from = plain.get(at..)?;
        let gap = from.len() - from.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        let from = from.get(gap..)?;
        at += gap;
        if from.starts_with(']') {
            (rest, pieces.is_cut) = (from.get(1..)?, false);
            break;
        }
        if from.is_empty() {
            break;
        }
        let value = value_of(from);
        let inside = from.get(..value.length)?;
        at += value.length.max(1);
        let whole = match value.mended {
            // passed over as a whole: what follows it is read
            _ if value.length > MOST_ITEM => None,
            None => serde_json::from_str(inside).ok(),
            Some(upto) => from.get(..upto).and_then(|part| serde_json::from_str(&format!("{part}}}")).ok()),
        };
        pieces.items.push(whole.and_then(|value: Value| item(value, value_is_cut(&pieces, at, &plain))));
    }
    pieces.is_cut &= pieces.items.len() < most;
    // the head may stand before the items, behind them, or on both sides
    let before = plain.get(..place)?;
    let before = before.get(..before.rfind("\"items\"")?)?.trim_end().trim_end_matches(',');
    let head = |text: String| serde_json::Deserializer::from_str(&text).into_iter::<Value>().next()?.ok();
    let before = head(format!("{before}}}"));
    let behind = head(format!("{{{}", rest.trim_start().trim_start_matches(',')));
    let fields = [before, behind].into_iter().flatten();
    let fields = fields.fold(Map::new(), |mut all, one| {
        all.extend(one.as_object().cloned().unwrap_or_default());
        all
    });
    let hubs = fields.get("hubs").and_then(Value::as_array);
    pieces.next = fields.get("next_url").and_then(Value::as_str).map(str::to_owned);
    pieces.hub = hubs.and_then(|hubs| hubs.iter().find_map(hub));
    pieces.head = document(&fields, Vec::new());
    Some(pieces)
}

/// The address of a hub that speaks WebSub.
fn hub(told: &Value) -> Option<String> {
    let kind = told.get("type").and_then(Value::as_str)?;
    let is_known = kind.eq_ignore_ascii_case("websub") || kind.eq_ignore_ascii_case("pubsubhubbub");
    told.get("url").and_then(Value::as_str).filter(|_| is_known).map(str::to_owned)
}

/// Whether an item that ends at a place is the document's last, and cut.
fn value_is_cut(pieces: &Pieces, at: usize, text: &str) -> bool {
    pieces.is_cut && at >= text.len()
}

/// What JSON forbids made blank: raw controls, halves of surrogate pairs, commas before an end.
fn mend(text: &str) -> String {
    let mut out: String = text.chars().map(|c| if c < ' ' { ' ' } else { c }).collect();
    if out.contains("\\u") {
        out = pairs(&out);
    }
    // commas before an end, outside strings
    let (mut inside, mut escaped, mut last) = (false, false, None);
    let mut commas = Vec::new();
    for (at, byte) in out.bytes().enumerate() {
        if inside {
            (inside, escaped) = (byte != b'"' || escaped, byte == b'\\' && !escaped);
            continue;
        }
        match byte {
            b'"' => (inside, last) = (true, None),
            b',' => last = Some(at),
            b'}' | b']' => commas.extend(last.take()),
            b' ' => {}
            _ => last = None,
        }
    }
    for at in commas {
        out.replace_range(at..=at, " ");
    }
    out
}

/// Halves of a surrogate pair that stand alone become the sign for a lost character.
fn pairs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let half = |from: &str| {
            let code = from.strip_prefix("\\u")?.get(..4)?;
            u32::from_str_radix(code, 16).ok()
        };
        let (length, is_lost) = match (half(from), from.get(6..).and_then(half)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, false),
            (Some(0xd800..=0xdfff), _) => (6, true),
            (Some(_), _) => (6, false),
            (None, _) => (1 + from.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        out.push_str(if is_lost { "\\ufffd" } else { from.get(..length).unwrap_or(from) });
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Where the items begin, behind their bracket.
fn items_of(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("\"items\"")? + "\"items\"".len();
        let after = text.get(at..)?.trim_start().strip_prefix(':').map(str::trim_start);
        if let Some(rest) = after.and_then(|rest| rest.strip_prefix('[')) {
            return Some(text.len() - rest.len());
        }
        from = at;
    }
}

/// A value as far as it goes.
struct Span {
    length: usize,
    /// For one that the document ends in: up to where its fields are whole.
    mended: Option<usize>,
}

fn value_of(text: &str) -> Span {
    let (mut depth, mut inside, mut escaped, mut whole) = (0_usize, false, false, 1);
    for (at, byte) in text.bytes().enumerate() {
        if inside {
            (inside, escaped) = (byte != b'"' || escaped, byte == b'\\' && !escaped);
            continue;
        }
        match byte {
            b'"' => inside = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Span { length: at + usize::from(byte == b'}'), mended: None };
                }
            }
            b',' if depth == 1 => whole = at,
            b',' if depth == 0 => return Span { length: at, mended: None },
            _ => {}
        }
    }
    Span { length: text.len(), mended: Some(whole) }
}

/// An item in the shape that the format asks for.
fn item(value: Value, is_cut: bool) -> Option<Item> {
    let Value::Object(fields) = value else { return None };
    let mut kept = texts(&fields, &TEXTS);
    let people = |value: &Value| -> Vec<Value> {
        let all = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        all.iter()
            .filter_map(|one| one.get("name").and_then(text_of).or_else(|| text_of(one)))
            .map(|name| json!({ "name": name }))
            .collect()
    };
    let authors: Vec<Value> =
        ["authors", "author"].iter().filter_map(|name| fields.get(*name)).flat_map(people).collect();
    let tags: Vec<String> =
        fields.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(text_of).collect();
    let files = fields.get("attachments").and_then(Value::as_array).into_iter().flatten().filter_map(|file| {
        let kind = file.get("mime_type").and_then(text_of).unwrap_or_else(|| "application/octet-stream".to_owned());
        let size = file.get("size_in_bytes").and_then(Value::as_u64);
        Some(json!({ "url": text_of(file.get("url")?)?, "mime_type": kind, "title": file.get("title").and_then(text_of), "size_in_bytes": size }))
    });
    // a picture is a file beside the text
    let pictures = ["image", "banner_image"].iter().filter_map(|name| text_of(fields.get(*name)?));
    let pictures = pictures.map(|url| json!({ "url": url, "mime_type": "image/*" }));
    let attachments: Vec<Value> = files.chain(pictures).collect();
    kept.extend([
        ("authors".to_owned(), json!(authors)),
        ("tags".to_owned(), json!(tags)),
        ("attachments".to_owned(), json!(attachments)),
    ]);
    let lang = fields.get("language").and_then(text_of);
    Some(Item { text: document(&Map::new(), vec![Value::Object(kept)]), lang, is_cut })
}

fn texts(fields: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let told = |name: &&str| Some(((*name).to_owned(), Value::String(text_of(fields.get(*name)?)?)));
    names.iter().filter_map(told).collect()
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn document(head: &Map<String, Value>, items: Vec<Value>) -> String {
    let mut fields = texts(head, &HEAD);
    fields.entry("title").or_insert_with(|| json!(""));
    fields.insert("version".to_owned(), json!("https://jsonfeed.org/version/1.1"));
    fields.insert("items".to_owned(), Value::Array(items));
    Value::Object(fields).to_string()
}
