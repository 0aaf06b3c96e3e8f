//! Pictures: the real address of a lazy one, and which ones are none of the article's.

use crate::model::PageUrl;

/// Attributes in which lazy loaders keep the real address, the likeliest first. `OLDSRC` is not among
/// them: it names the file before it was uploaded.
const LAZY: [&str; 12] = [
    "data-original",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-original-src",
    "data-url",
    "data-echo",
    "zoomfile",
    "file",
    "_src",
    "src2",
    "data-actualsrc",
];
const LAZY_SETS: [&str; 3] = ["data-srcset", "data-lazy-srcset", "srcset"];

/// File names of pictures that stand for another one or for nothing.
const PLACEHOLDERS: [&str; 14] = [
    "placeholder",
    "blank",
    "spacer",
    "pixel",
    "loading",
    "lazyload",
    "grey",
    "gray",
    "transparent",
    "1x1",
    "none",
    "nopic",
    "noimg",
    "clear",
];
/// Marks of pictures that are tools, not news: codes to be scanned, share icons, emoticons.
const TOOLS: [&str; 12] = [
    "get_reader",
    "get_adobe",
    "/vignettes/",
    "qrcode",
    "ewm",
    "erweima",
    "weixin_code",
    "wx_code",
    "/icon",
    "/emot",
    "share_",
    "/smiley/",
];

/// The attributes of an `img` element.
pub(super) trait Attributes {
    /// The value of an attribute.
    fn get(&self, name: &str) -> Option<&str>;
}

/// The address of the picture that an `img` element shows once the page has run; None when it shows none.
pub(super) fn address(base: &PageUrl, image: &impl Attributes) -> Option<PageUrl> {
    if is_tiny(image) {
        return None;
    }
    let src = image.get("src").unwrap_or_default();
    let lazy = LAZY.iter().filter_map(|name| image.get(name)).find(|value| is_address(value));
    let sets = LAZY_SETS.iter().filter_map(|name| image.get(name)).find_map(largest);
    let chosen = match lazy {
        Some(lazy) => lazy,
        None if src.is_empty() || is_placeholder(src) => sets?,
        None => src,
    };
    let url = base.join(chosen).ok()?;
    (!is_placeholder(chosen) && !is_tool(chosen)).then_some(url)
}

/// The address in a `noscript` twin's markup, which is read as text.
pub(super) fn in_noscript(base: &PageUrl, markup: &str) -> Option<PageUrl> {
    let rest = markup.split_once("<img")?.1;
    let rest = rest.split_once(" src=")?.1;
    let quote = rest.chars().next()?;
    let value = if matches!(quote, '"' | '\'') {
        rest.get(1..)?.split(quote).next()?
    } else {
        rest.split([' ', '>']).next()?
    };
    let value = value.replace("&amp;", "&");
    (!is_placeholder(&value) && !is_tool(&value)).then(|| base.join(&value).ok()).flatten()
}

fn is_address(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty()
        && !value.starts_with("data:")
        && value.contains(['/', '.'])
        && !value.contains(['{', '<'])
}

/// The widest candidate of a `srcset` (HTML Standard, 4.8.4.2.1), descriptors `w` and `x` alike.
fn largest(set: &str) -> Option<&str> {
    let width = |candidate: &&str| {
        let descriptor = candidate.split_whitespace().nth(1).unwrap_or("1x");
        descriptor.trim_end_matches(['w', 'x']).parse::<f64>().unwrap_or(0.0)
    };
    set.split(", ")
        .map(str::trim)
        .filter(|candidate| is_address(candidate))
        .max_by(|a, b| width(a).total_cmp(&width(b)))
        .and_then(|candidate| candidate.split_whitespace().next())
        .map(|address| address.trim_end_matches(','))
}

/// A picture of two pixels or less counts visitors.
fn is_tiny(image: &impl Attributes) -> bool {
    let is_small = |name| {
        image
            .get(name)
            .and_then(|value| value.trim().trim_end_matches("px").parse::<f64>().ok())
            .is_some_and(|n| n <= 2.0)
    };
    is_small("width") || is_small("height")
}

fn is_placeholder(src: &str) -> bool {
    if src.trim_start().starts_with("data:") {
        return true;
    }
    let name = src.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    // the picture of a document's kind
    let kind = stem.trim_start_matches("icon_").trim_start_matches("ico_").trim_end_matches("_icon");
    if matches!(
        kind,
        "pdf" | "doc" | "docx" | "word" | "xls" | "xlsx" | "excel" | "ppt" | "zip" | "rar" | "txt"
    ) {
        return true;
    }
    PLACEHOLDERS.iter().any(|known| stem.split(['-', '_']).any(|part| part == *known) || stem == *known)
}

fn is_tool(src: &str) -> bool {
    let src = src.to_ascii_lowercase();
    let path = src.split('?').next().unwrap_or_default();
    TOOLS.iter().any(|mark| path.contains(mark))
}
